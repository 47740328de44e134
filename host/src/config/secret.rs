//! Secrets, and the four ways to point at one: `${ENV}`, `file:PATH`, `command:LINE`, `keyring:ENTRY`. Here they are only
//! kept and hidden; files, commands and the keyring are asked by whoever needs the value, when it is needed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret as _, SecretString};

use super::error::Problem;
use super::interpolate::{self, Part};
use super::located::{Located, Node, Value};
use super::paths::{self, Environment};

/// What is printed instead of a secret.
pub const STARS: &str = "***";

/// A secret value: prints as stars, cannot be serialized, and is wiped from memory when dropped. The wiping is secrecy's; a
/// type of our own around it because its `Debug` names types, it has no `Display`, and stars are what our users see.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Returns a secret with this value.
    pub fn new(value: impl Into<String>) -> Self {
        Secret(SecretString::from(value.into()))
    }

    /// Returns the value itself. Each caller is a place to look at in a review.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STARS)
    }
}

/// Where the value of a secret comes from.
#[derive(Debug, Clone)]
pub enum SecretSource {
    /// It is known already: from the environment, or written in the file.
    Value(Secret),
    /// The content of a file, without the line end.
    File(PathBuf),
    /// What a command prints, without the line end. The line is not expanded here.
    Command(Secret),
    /// An entry of the system's keyring.
    Keyring(String),
}

/// One field of `[connections.NAME.auth]`, or a secret of `[connections.NAME.http]`.
#[derive(Debug, Clone)]
pub struct AuthField {
    /// Where the value comes from.
    pub source: SecretSource,
    /// What may be shown of it: the reference as written, stars for anything literal.
    pub shown: String,
    /// Whether the secret is written out in the file.
    pub literal: bool,
}

/// How a connection identifies itself.
#[derive(Debug, Clone, Default)]
pub struct Auth {
    /// The adapter's name for the way to log in; none lets the adapter's first scheme that fits decide.
    pub scheme: Option<String>,
    /// The adapter's own fields, by name.
    pub fields: BTreeMap<String, AuthField>,
}

/// Fields that every platform shows openly: not worth a warning when written out. They print as stars all the same.
const OPEN_FIELDS: &[&str] = &[
    "account",
    "app_id",
    "client_id",
    "email",
    "installation_id",
    "login",
    "organization",
    "tenant",
    "user",
    "username",
];

/// The shape of the `auth` table for the schema; it is read by `Auth::read`.
#[derive(Debug)]
pub(super) struct RawAuth;

impl JsonSchema for RawAuth {
    fn schema_name() -> Cow<'static, str> {
        "Auth".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "How the connection identifies itself. Values are references to secrets: \"${NAME}\", \"file:PATH\", \"command:LINE\", \"keyring:ENTRY\".",
            "type": "object",
            "properties": { "scheme": { "type": "string", "description": "The adapter's name for the way to log in." } },
            "additionalProperties": { "type": ["string", "number"] },
        })
    }
}

/// The shape of one reference outside of `auth`, for the schema; it is read by [`reference`].
#[derive(Debug)]
pub(super) struct Reference;

impl JsonSchema for Reference {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reference".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// A secret that is written out in the file.
#[derive(Debug)]
pub(super) struct LiteralSecret {
    pub(super) field: String,
    pub(super) offset: usize,
}

impl Auth {
    /// Tells whether a secret is written out in the file.
    pub(super) fn has_literal(&self) -> bool {
        self.fields.iter().any(|(name, field)| field.literal && !OPEN_FIELDS.contains(&name.as_str()))
    }

    /// Reads the `auth` table, and reports which secrets are written out.
    pub(super) fn read(
        node: &Node,
        folder: &Path,
        environment: &dyn Environment,
    ) -> Result<(Self, Vec<LiteralSecret>), Problem> {
        let entries = match &node.value {
            Value::Table(entries) => entries.as_slice(),
            Value::Null => &[],
            _ => {
                return Err(Problem::new("expected a table")
                    .hint("write for example `auth = { token = \"${TOKEN}\" }`")
                    .at(node.offset));
            }
        };
        let mut auth = Auth::default();
        let mut literals = Vec::new();
        for entry in entries {
            let (name, offset) = (&entry.key.value, entry.node.offset);
            let wrap = |problem: Problem| problem.at(offset).under(name);
            let Some(text) = text_of(&entry.node).map_err(wrap)? else {
                continue;
            };
            if name == "scheme" {
                auth.scheme = Some(interpolate::expand(&text, environment).map_err(wrap)?);
                continue;
            }
            let field = field(&text, folder, environment).map_err(wrap)?;
            if field.literal && !OPEN_FIELDS.contains(&name.as_str()) {
                literals.push(LiteralSecret { field: name.clone(), offset });
            }
            auth.fields.insert(name.clone(), field);
        }
        Ok((auth, literals))
    }
}

/// Returns the text of a field; numbers count as text, because the number of an app is one.
fn text_of(node: &Node) -> Result<Option<String>, Problem> {
    match &node.value {
        Value::Null => Ok(None),
        Value::Text(text) => Ok(Some(text.clone())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::List(_) | Value::Table(_) => Err(Problem::new("expected a string")
            .hint("a reference such as \"${TOKEN}\", \"file:PATH\", \"command:LINE\" or \"keyring:ENTRY\"")),
    }
}

/// Reads a reference to a secret that stands outside of `auth`.
pub(super) fn reference(
    node: &Node,
    folder: &Path,
    environment: &dyn Environment,
) -> Result<Option<Located<AuthField>>, Problem> {
    let read = text_of(node).and_then(|text| text.map(|text| field(&text, folder, environment)).transpose());
    let field = read.map_err(|problem| problem.at(node.offset))?;
    Ok(field.map(|value| Located { offset: node.offset, value }))
}

fn field(text: &str, folder: &Path, environment: &dyn Environment) -> Result<AuthField, Problem> {
    let reference = |source, shown: String| Ok(AuthField { source, shown, literal: false });
    match text.split_once(':').map(|(kind, target)| (kind, target.trim())) {
        Some(("file" | "command" | "keyring", "")) => Err(Problem::new("the reference to a secret is incomplete")
            .hint("write `file:PATH`, `command:LINE` or `keyring:ENTRY`")),
        Some(("file", path)) => {
            let path = interpolate::expand(path, environment)?;
            reference(SecretSource::File(paths::resolve(&path, folder, environment)), text.to_owned())
        }
        Some(("command", line)) => {
            // Only the program is shown: an argument may be a secret of its own.
            let program = line.split_whitespace().next().unwrap_or_default();
            let shown = if line == program { text.to_owned() } else { format!("command:{program} {STARS}") };
            reference(SecretSource::Command(Secret::new(line)), shown)
        }
        Some(("keyring", entry)) => reference(SecretSource::Keyring(entry.to_owned()), text.to_owned()),
        _ => value(text, environment),
    }
}

fn value(text: &str, environment: &dyn Environment) -> Result<AuthField, Problem> {
    let (mut value, mut shown) = (String::new(), String::new());
    let (mut refers, mut literal_default) = (false, false);
    for part in interpolate::parts(text)? {
        match part {
            Part::Literal(text) => {
                value.push_str(text);
                if !shown.ends_with(STARS) {
                    shown.push_str(STARS);
                }
            }
            Part::Variable { name, default } => {
                refers = true;
                literal_default |= default.is_some_and(|default| !default.is_empty());
                value.push_str(&from_environment(name, default, environment)?);
                shown.push_str(&match default {
                    None => format!("${{{name}}}"),
                    Some("") => format!("${{{name}:-}}"),
                    Some(_) => format!("${{{name}:-{STARS}}}"),
                });
            }
        }
    }
    if value.is_empty() {
        return Err(Problem::new("the value is empty").hint("remove the key, or point to a secret"));
    }
    let source = SecretSource::Value(Secret::new(value));
    Ok(AuthField { source, shown, literal: !refers || literal_default })
}

fn from_environment(name: &str, default: Option<&str>, environment: &dyn Environment) -> Result<String, Problem> {
    let elsewhere = "export it, or point elsewhere with `file:PATH`, `command:LINE` or `keyring:ENTRY`";
    let value = interpolate::value(name, default, environment).map_err(|problem| problem.hint(elsewhere))?;
    match default {
        // An empty variable is the usual trace of a secret that a script failed to read.
        None if value.is_empty() => Err(Problem::new(format!("`${{{name}}}` is set, but empty")).hint(elsewhere)),
        _ => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::paths::PinnedEnvironment;
    use super::*;

    fn read(text: &str) -> Result<AuthField, Problem> {
        let environment = PinnedEnvironment::new("/home/ada").with("TOKEN", "s3cret").with("EMPTY", "");
        field(text, Path::new("/etc/usher"), &environment)
    }

    #[test]
    fn a_secret_prints_as_stars() {
        let secret = Secret::new("s3cret");
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.expose(), "s3cret");
    }

    #[test]
    fn references_are_shown_and_literals_are_not() {
        const CASES: &[(&str, &str, bool)] = &[
            ("${TOKEN}", "${TOKEN}", false),
            ("Bearer ${TOKEN}", "***${TOKEN}", false),
            ("${ABSENT:-s3cret}", "${ABSENT:-***}", true),
            ("s3cret", "***", true),
            ("https://s3cret", "***", true),
            ("$${s3cret", "***", true),
            ("file:~/token", "file:~/token", false),
            ("command:pass", "command:pass", false),
            ("command:echo s3cret", "command:echo ***", false),
            ("keyring:usher/work", "keyring:usher/work", false),
        ];
        for (written, shown, literal) in CASES {
            let field = read(written).unwrap();
            assert_eq!((field.shown.as_str(), field.literal), (*shown, *literal), "{written}");
            assert!(!format!("{field:?}").contains("s3cret"), "{written}");
        }
    }

    #[test]
    fn a_file_reference_starts_at_the_folder_of_the_configuration() {
        let field = read("file:secrets/token").unwrap();
        let SecretSource::File(path) = field.source else { panic!("not a file") };
        assert_eq!(path, Path::new("/etc/usher/secrets/token"));
    }

    #[test]
    fn a_missing_empty_or_incomplete_secret_is_refused() {
        const CASES: &[(&str, &str)] = &[
            ("${ABSENT}", "`${ABSENT}` is not set"),
            ("${EMPTY}", "`${EMPTY}` is set, but empty"),
            ("", "the value is empty"),
            ("file:", "the reference to a secret is incomplete"),
        ];
        for (written, message) in CASES {
            assert_eq!(read(written).unwrap_err().message, *message, "{written}");
        }
    }
}
