//! What can be wrong with a configuration, and where: errors that stop a load or one connection, and the findings of
//! `config validate`. `Problem` is the inside view, a byte offset; the file turns it into a line for people.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, de};

/// One thing wrong with the configuration: where it stands, what it is, what to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ConfigError {
    /// The file it stands in; empty when the problem is not in a file (no home folder, for example).
    pub file: PathBuf,
    /// Line in that file, counted from 1.
    pub line: Option<usize>,
    /// Column in that line, counted from 1 in characters.
    pub column: Option<usize>,
    /// What is wrong. Never contains the value of a secret.
    pub message: String,
    /// What to try, or what would have been valid.
    pub hint: Option<String>,
}

impl ConfigError {
    /// Returns an error about a file as a whole.
    pub(super) fn whole_file(file: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        ConfigError { file: file.into(), line: None, column: None, message: message.into(), hint: None }
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn sentence(&self) -> String {
        let mut text = String::new();
        if !self.file.as_os_str().is_empty() {
            text.push_str(&self.file.display().to_string());
            for number in [self.line, self.column].into_iter().flatten() {
                text.push_str(&format!(":{number}"));
            }
            text.push_str(": ");
        }
        text.push_str(&self.message);
        if let Some(hint) = &self.hint {
            text.push_str("; ");
            text.push_str(hint);
        }
        text
    }
}

/// Everything that kept a configuration from loading, in the order of the file. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl From<ConfigError> for ConfigErrors {
    fn from(error: ConfigError) -> Self {
        ConfigErrors(vec![error])
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The configuration, or one of its connections, does not work.
    Error,
    /// It works, and should be looked at.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// One line of the report of `config validate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file it stands in.
    pub file: PathBuf,
    /// Line in that file, counted from 1.
    pub line: Option<usize>,
    /// Column in that line, counted from 1.
    pub column: Option<usize>,
    /// What is wrong. Never contains the value of a secret.
    pub message: String,
    /// What to try.
    pub hint: Option<String>,
}

impl Finding {
    pub(super) fn new(severity: Severity, error: ConfigError) -> Self {
        let ConfigError { file, line, column, message, hint } = error;
        Finding { severity, file, line, column, message, hint }
    }
}

/// A problem found while reading, before the file has turned its offset into a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Byte offset in the text.
    pub(super) offset: Option<usize>,
    /// Keys that lead to the place, innermost first: they are added while the problem travels outwards.
    path: Vec<String>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Problem { offset: None, path: Vec::new(), message: message.into(), hint: None }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the place, unless a place nearer to the cause is known already.
    pub(super) fn at(mut self, offset: usize) -> Self {
        self.offset.get_or_insert(offset);
        self
    }

    /// Says under which key it was found.
    pub(super) fn under(mut self, key: impl Into<String>) -> Self {
        self.path.push(key.into());
        self
    }

    /// Returns the message with the keys that lead to it.
    pub(super) fn described(&self) -> String {
        if self.path.is_empty() {
            return self.message.clone();
        }
        let path: Vec<&str> = self.path.iter().rev().map(String::as_str).collect();
        format!("`{}`: {}", path.join("."), self.message)
    }

    fn expected(what: &str, found: de::Unexpected<'_>) -> Self {
        let expected = in_plain_words(what);
        let problem = Problem::new(format!("expected {expected}, found {}", kind_of(found)));
        match found {
            de::Unexpected::Str(_) | de::Unexpected::Other(_) | de::Unexpected::Seq | de::Unexpected::Map => problem,
            _ if expected == "a string" => problem.hint("put it in quotes"),
            _ => problem,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.described())
    }
}

impl std::error::Error for Problem {}

/// The wording of serde's complaints. Values are never repeated: any of them might be a secret in the wrong place.
impl de::Error for Problem {
    /// The first line is the message, the second the hint: `Deserialize` implementations have no other way to give one.
    fn custom<T: fmt::Display>(text: T) -> Self {
        let text = text.to_string();
        match text.split_once('\n') {
            Some((message, hint)) => Problem::new(message).hint(hint),
            None => Problem::new(text),
        }
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Problem::expected(&expected.to_string(), found)
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let found = match found {
            de::Unexpected::Signed(_) | de::Unexpected::Unsigned(_) => "a number out of range",
            other => kind_of(other),
        };
        Problem::new(format!("expected {}, found {found}", in_plain_words(&expected.to_string())))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Problem::new(format!("`{variant}` is not a valid value")).hint(choices("valid values", variant, expected))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Problem::new(format!("unknown key `{field}`")).hint(choices("valid keys", field, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Problem::new(format!("the key `{field}` is missing")).hint(format!("add `{field} = …`"))
    }
}

/// Returns a hint that lists the valid words, nearest first if one is near.
pub(super) fn choices(label: &str, given: &str, valid: &[&str]) -> String {
    let list = valid.join(", ");
    match nearest(given, valid) {
        Some(word) => format!("did you mean `{word}`? {label}: {list}"),
        None => format!("{label}: {list}"),
    }
}

fn nearest<'a>(given: &str, valid: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase().replace([' ', '-'], "_");
    let scored = valid.iter().map(|word| (strsim::jaro_winkler(&given, word), *word));
    scored.filter(|(score, _)| *score > 0.85).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, word)| word)
}

/// What serde says it expected, in the words of somebody who writes configuration.
fn in_plain_words(expected: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("a boolean", "true or false"),
        ("a map", "a table"),
        ("a sequence", "a list"),
        ("f64", "a number"),
        ("u16", "a whole number from 0 to 65535"),
        ("u32", "a whole number, 0 or more"),
        ("u64", "a whole number, 0 or more"),
    ];
    if expected.starts_with("struct ") {
        return "a table".to_owned();
    }
    let known = WORDS.iter().find(|(theirs, _)| *theirs == expected);
    known.map_or_else(|| expected.to_owned(), |(_, ours)| (*ours).to_owned())
}

fn kind_of(found: de::Unexpected<'_>) -> &'static str {
    match found {
        de::Unexpected::Bool(_) => "true or false",
        de::Unexpected::Unsigned(_) | de::Unexpected::Signed(_) | de::Unexpected::Float(_) => "a number",
        de::Unexpected::Str(_) | de::Unexpected::Char(_) => "a string",
        de::Unexpected::Unit | de::Unexpected::Option => "nothing",
        de::Unexpected::Seq => "a list",
        de::Unexpected::Map => "a table",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_place_then_message_then_hint() {
        let error = ConfigError {
            file: "config.toml".into(),
            line: Some(3),
            column: Some(1),
            message: "unknown key `adaptor`".to_owned(),
            hint: Some("did you mean `adapter`?".to_owned()),
        };
        assert_eq!(error.to_string(), "config.toml:3:1: unknown key `adaptor`; did you mean `adapter`?");
    }

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        assert_eq!(
            choices("valid keys", "adaptor", &["adapter", "enabled"]),
            "did you mean `adapter`? valid keys: adapter, enabled"
        );
        assert_eq!(
            choices("valid values", "In Progress", &["todo", "in_progress"]),
            "did you mean `in_progress`? valid values: todo, in_progress"
        );
        assert_eq!(choices("valid keys", "zzz", &["adapter"]), "valid keys: adapter");
    }
}
