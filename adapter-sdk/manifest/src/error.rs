//! The one error of this crate's parser: where in the file, what is wrong, what would be right.

use std::fmt;
use std::ops::Range;

/// A fault in an `adapter.toml`, with its place and, where there is one, the likely cure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManifestError {
    /// Line of the fault, counted from 1.
    pub line: usize,
    /// Column of the fault in characters, counted from 1.
    pub column: usize,
    /// What is wrong, with the valid choices where they can be listed.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<String>,
    /// The source line at fault.
    pub source_line: String,
}

impl ManifestError {
    /// Returns the error for the bytes `span` of `text`.
    pub(crate) fn new(text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let message = message.into();
        let start = floor_char_boundary(text, span.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let source_line = text[line_start..].lines().next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            hint: nearest_choice(&message),
            message: message.trim_end().to_owned(),
            source_line: source_line.to_owned(),
        }
    }

    /// Returns the source line with a caret below the fault, for terminals and build logs.
    pub fn excerpt(&self) -> String {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let indent = " ".repeat(self.column.saturating_sub(1));
        let line = self.source_line.replace('\t', " ");
        format!("{margin} |\n{number} | {line}\n{margin} | {indent}^")
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ManifestError {}

/// Returns the message for a word that is none of the `choices`, in serde's own wording.
pub(crate) fn unknown(what: &str, given: &str, choices: &[&str]) -> String {
    match choices {
        [] => format!("unknown {what} `{given}`, there is none here"),
        [only] => format!("unknown {what} `{given}`, expected `{only}`"),
        many => format!("unknown {what} `{given}`, expected one of `{}`", many.join("`, `")),
    }
}

/// Returns "did you mean …" when a message says "unknown `x`, expected …" and a choice is near.
fn nearest_choice(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let given = quoted.next()?;
    let (distance, choice) =
        quoted.map(|choice| (edit_distance(given, choice), choice)).min_by_key(|(distance, _)| *distance)?;
    let near = distance > 0 && distance <= (given.chars().count() / 3).clamp(1, 3);
    near.then(|| format!("did you mean `{choice}`?"))
}

/// Counts the insertions, deletions, replacements and swaps of neighbours between two words.
fn edit_distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let mut older: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for i in 0..left.len() {
        let mut current = vec![i + 1];
        for j in 0..right.len() {
            let replaced = previous[j] + usize::from(left[i] != right[j]);
            let mut best = replaced.min(previous[j + 1] + 1).min(current[j] + 1);
            if i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j] {
                best = best.min(older[j - 1] + 1);
            }
            current.push(best);
        }
        older = std::mem::replace(&mut previous, current);
    }
    previous[right.len()]
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_and_column_count_from_one_and_in_characters() {
        let error = ManifestError::new("a\nüb = 1\n", 4..5, "wrong");
        assert_eq!((error.line, error.column), (2, 2));
        assert_eq!(error.excerpt(), "  |\n2 | üb = 1\n  |  ^");
    }

    #[test]
    fn place_beyond_the_end_is_the_end() {
        let error = ManifestError::new("a\nb", 99..100, "wrong");
        assert_eq!((error.line, error.column), (2, 2));
    }

    #[test]
    fn near_choice_is_suggested_and_a_far_one_is_not() {
        let near = unknown("field", "hots", &["hosts", "path"]);
        assert_eq!(nearest_choice(&near).as_deref(), Some("did you mean `hosts`?"));
        assert_eq!(nearest_choice(&unknown("field", "zebra", &["hosts", "path"])), None);
    }
}
