//! What people paste: a link or an id, with the spaces, brackets and full stops of the prose around it.

use url::Url;

/// How long a reference may be, in bytes.
pub const REFERENCE_LENGTH: usize = 4_096;

/// What a pasted text is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A link.
    Url(Url),
    /// Something else, perhaps an id.
    Id(String),
}

/// Why a pasted text cannot be a reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing is left after trimming.
    #[error("an empty reference")]
    Empty,
    /// It is longer than any reference.
    #[error("a reference of {length} bytes, at most {REFERENCE_LENGTH} are allowed")]
    TooLong {
        /// How long it is.
        length: usize,
    },
    /// It holds a line break, a tab or another control character.
    #[error("a control character at byte {at} of the reference")]
    ControlCharacter {
        /// Where.
        at: usize,
    },
    /// It looks like a link and is none.
    #[error("not a valid URL: {reason}")]
    Url {
        /// What the URL parser said.
        reason: String,
    },
    /// It holds a user name or a password, as links do that pretend to lead elsewhere.
    #[error("a URL with a user name or password before the host `{host}`; remove what stands before the `@`")]
    Userinfo {
        /// The host to which the link really leads.
        host: String,
    },
}

/// What prose and Markdown leave before a reference.
const BEFORE: &[char] = &['"', '\'', '(', '<', '[', '`', '{'];
/// What prose and Markdown leave behind a reference.
const BEHIND: &[char] = &['!', '"', '\'', ',', '.', ':', ';', '>', '?', '`', '}'];
/// Brackets that stay while their partner is inside.
const PAIRS: &[(char, char)] = &[('(', ')'), ('[', ']')];

/// Returns what a pasted text is, without the prose around it.
pub fn parse_reference(text: &str) -> Result<Input, InputError> {
    if text.len() > REFERENCE_LENGTH {
        let length = text.len();
        return Err(InputError::TooLong { length });
    }
    let text = without_prose(text);
    if text.is_empty() {
        return Err(InputError::Empty);
    }
    if let Some(at) = text.find(char::is_control) {
        return Err(InputError::ControlCharacter { at });
    }
    match has_scheme(text) {
        true => link(text).map(Input::Url),
        false => Ok(Input::Id(text.to_owned())),
    }
}

fn link(text: &str) -> Result<Url, InputError> {
    let url = Url::parse(text).map_err(|error| InputError::Url { reason: error.to_string() })?;
    if !url.username().is_empty() || url.password().is_some() {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(InputError::Userinfo { host });
    }
    Ok(url)
}

/// Returns whether a text begins with `scheme://`.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once("://") else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Returns the text without what prose and Markdown put around it.
pub fn without_prose(text: &str) -> &str {
    let mut text = text.trim_matches(is_blank);
    if let Some(target) = markdown_target(text) {
        text = target;
    }
    loop {
        let shorter = text.trim_start_matches(BEFORE).trim_end_matches(BEHIND).trim_matches(is_blank);
        let shorter = unpaired(shorter);
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

/// Returns the target of `[title](target)`, with whatever stands behind it.
fn markdown_target(text: &str) -> Option<&str> {
    let (_, target) = text.strip_prefix('[')?.rsplit_once("](")?;
    Some(target)
}

/// Returns the text without a closing bracket that nothing opened.
fn unpaired(text: &str) -> &str {
    for (open, close) in PAIRS {
        if let Some(shorter) = text.strip_suffix(*close)
            && shorter.matches(*open).count() <= shorter.matches(*close).count()
        {
            return shorter;
        }
    }
    text
}

/// Spaces, and the invisible marks that chat programs add. Tabs and line breaks around a text are spaces too.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Input {
        Input::Id(text.to_owned())
    }

    #[test]
    fn prose_and_markdown_around_a_reference_are_dropped() {
        for text in [
            " OPS-7 ",
            "OPS-7.",
            "OPS-7,",
            "(OPS-7)",
            "<OPS-7>",
            "[OPS-7]",
            "`OPS-7`;",
            "\"OPS-7\"?",
            "[a title](OPS-7).",
            "\u{200b}OPS-7\n",
        ] {
            assert_eq!(parse_reference(text), Ok(id("OPS-7")), "{text:?}");
        }
    }

    #[test]
    fn links_are_told_from_ids_by_their_scheme() {
        let link = |text: &str| match parse_reference(text) {
            Ok(Input::Url(url)) => url.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(link("<https://GitHub.com/a/b/issues/1>."), "https://github.com/a/b/issues/1");
        assert_eq!(link("[a title](https://a.example/b_(c))."), "https://a.example/b_(c)");
        assert_eq!(link("vstfs:///WorkItemTracking/WorkItem/42"), "vstfs:///WorkItemTracking/WorkItem/42");
        assert_eq!(parse_reference("a:b"), Ok(id("a:b")));
        assert_eq!(parse_reference("not a://b"), Ok(id("not a://b")));
    }

    #[test]
    fn userinfo_names_the_host_to_which_the_link_leads() {
        let host = "evil.example".to_owned();
        assert_eq!(parse_reference("https://github.com@evil.example/o/r/issues/1"), Err(InputError::Userinfo { host }));
    }

    #[test]
    fn what_cannot_be_a_reference_is_refused_with_a_reason() {
        assert_eq!(parse_reference(" . "), Err(InputError::Empty));
        assert_eq!(parse_reference("a\tb"), Err(InputError::ControlCharacter { at: 1 }));
        assert_eq!(parse_reference(&"a".repeat(5_000)), Err(InputError::TooLong { length: 5_000 }));
        assert!(matches!(parse_reference("https://"), Err(InputError::Url { .. })));
    }
}
