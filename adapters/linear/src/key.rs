//! Keys: `ENG-42`, or the UUID by which Linear knows an issue. Either is what its `issue(id:)` takes.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// An issue, as its key names it. It borrows, since keys are read for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a>(&'a str);

impl<'a> Key<'a> {
    /// Reads `ENG-42` or a UUID, or says how a key is written.
    pub(crate) fn parse(key: &'a TicketKey) -> Result<Self> {
        let text = key.as_str();
        if is_identifier(text) || is_uuid(text) {
            return Ok(Self(text));
        }
        Err(Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a ticket of Linear's"))
            .with_hint("Write it like `ENG-42`."))
    }

    /// Returns the key as Linear's queries take it.
    pub(crate) fn as_str(self) -> &'a str {
        self.0
    }

    /// Says whether it is the id that never changes, and no key that people know.
    pub(crate) fn is_native(self) -> bool {
        is_uuid(self.0)
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// Says whether a text is a UUID, in either case.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(|group| (group.len(), group.bytes().all(|byte| byte.is_ascii_hexdigit())));
    groups.eq([8, 4, 4, 4, 12].map(|length| (length, true)))
}

/// Says whether a text is written like the key of a team: `ENG`.
pub(crate) fn is_team(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_identifier(text: &str) -> bool {
    text.split_once('-').is_some_and(|(team, number)| {
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
        is_team(team) && is_number && !number.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_uuids_are_keys() {
        for text in ["ENG-1", "e2e-12", "A-123456789012345678901", "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11"] {
            assert_eq!(Key::parse(&text.into()).unwrap().to_string(), text);
        }
        assert!(Key::parse(&"9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11".into()).unwrap().is_native());
        assert!(!Key::parse(&"ENG-1".into()).unwrap().is_native());
    }

    #[test]
    fn what_is_no_key_is_refused_with_an_example() {
        for text in [
            "",
            "ENG",
            "ENG-",
            "ENG-0",
            "ENG-01",
            "ENG-1x",
            "ENG-1-2",
            "-1",
            "1-1",
            "É-1",
            "ENG 1",
            "ENG-1\"",
            "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b1",
            "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11-1",
            "ge2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11",
        ] {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("ENG-42")));
        }
    }
}
