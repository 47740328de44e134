//! The signs of wiki markup, and what would be taken for one.

use crate::text::tree::Mark;

/// Signs around text, in the order in which they are tried.
pub(super) const SIGNS: &[(char, Mark)] = &[
    ('*', Mark::Strong),
    ('_', Mark::Emphasis),
    ('-', Mark::Strike),
    ('+', Mark::Underline),
    ('^', Mark::Superscript),
    ('~', Mark::Subscript),
];

/// Signs that Jira shows as pictures; longer ones before those that they begin with.
const EMOTICONS: &[&str] = &[
    ":)",
    ":(",
    ":P",
    ":D",
    ";)",
    "(y)",
    "(n)",
    "(i)",
    "(/)",
    "(x)",
    "(!)",
    "(+)",
    "(-)",
    "(?)",
    "(on)",
    "(off)",
    "(*r)",
    "(*g)",
    "(*b)",
    "(*y)",
    "(*)",
    "(flag)",
    "(flagoff)",
];

/// Schemes of links that need no brackets.
const SCHEMES: &[&str] = &["file://", "ftp://", "http://", "https://", "mailto:"];

/// Returns the emoticon that a text begins with.
pub(super) fn emoticon(text: &str) -> Option<&'static str> {
    if !text.starts_with([':', ';', '(']) {
        return None;
    }
    EMOTICONS.iter().copied().find(|emoticon| text.starts_with(emoticon))
}

/// Returns the link that a text begins with.
pub(super) fn url(text: &str) -> Option<&str> {
    let scheme = SCHEMES.iter().find(|scheme| text.starts_with(**scheme))?;
    let ends = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(character, '|' | ']' | '[' | '{' | '}' | '<' | '>' | '"' | '\\' | '^' | '!')
    };
    let length = text.find(ends).unwrap_or(text.len());
    // What ends a sentence is not the link's.
    let url = text[..length].trim_end_matches(['.', ',', ';', ':', '?', ')', '\'', '*', '_', '+', '~']);
    (url.len() > scheme.len()).then_some(url)
}

/// Says whether marks of exclamation around a text make a picture of it: it must look like a file or a link.
pub(super) fn is_picture(target: &str) -> bool {
    target.contains(['.', ':', '/']) && !target.contains(['{', '}', '[', ']']) && target.trim() == target
}

/// Returns the character that a reference such as `&#42;` or `&amp;` means, and its length.
pub(super) fn reference(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(9).position(|byte| byte == b';')?;
    let name = &rest[..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => '\u{a0}',
        _ => {
            let digits = name
                .strip_prefix('#')
                .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            char::from_u32(digits.parse().ok()?).filter(|character| *character != '\0')?
        }
    };
    Some((character, end + 2))
}
