//! Keys: `PROJ-123`, or the number that an issue keeps when it is moved.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// An issue, by its key or by its native id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a>(&'a str);

impl<'a> Key<'a> {
    /// Reads a key, or says how it is written.
    pub(crate) fn parse(key: &'a TicketKey) -> Result<Self> {
        let text = key.as_str();
        let is_sound = is_number(text) || split(text).is_some();
        is_sound.then_some(Self(text)).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not an issue of Jira's"))
                .with_hint("Write it like `PROJ-123`, or its id like `10002`.")
        })
    }

    /// Returns the key as it goes into an address.
    pub(crate) fn as_str(&self) -> &'a str {
        self.0
    }

    /// Returns the key of the project in it; a native id has none.
    pub(crate) fn project(&self) -> Option<&'a str> {
        split(self.0).map(|(project, _)| project)
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// Takes a key apart into project and number.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let (project, number) = text.rsplit_once('-')?;
    let is_project = project.len() >= 2
        && project.starts_with(|first: char| first.is_ascii_alphabetic())
        && project.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_project && is_number(number)).then_some((project, number))
}

fn is_number(text: &str) -> bool {
    (1..=19).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_native_ids_are_read() {
        for (text, project) in
            [("OPS-7", Some("OPS")), ("A1_B-19", Some("A1_B")), ("ops-7", Some("ops")), ("10002", None)]
        {
            let key = TicketKey::from(text);
            let key = Key::parse(&key).unwrap();
            assert_eq!((key.as_str(), key.project()), (text, project));
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_an_example() {
        for text in [
            "",
            "OPS",
            "OPS-",
            "OPS-0",
            "OPS-07",
            "-7",
            "O-7",
            "1A-7",
            "O/PS-7",
            "OPS-7-x",
            "OPS--7",
            "0",
            "12345678901234567890",
        ] {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("PROJ-123")));
        }
    }
}
