//! Keys: the number of an issue, which is its id on the whole server.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// An issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub u64);

impl Key {
    /// Reads a number, or says how it is written.
    pub(crate) fn parse(key: &TicketKey) -> Result<Self> {
        let text = key.as_str();
        let is_number = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number).map(Self).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not an issue of Redmine's"))
                .with_hint("Write its number, like `123`.")
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Key> for TicketKey {
    fn from(key: Key) -> Self {
        Self::new(key.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_number_and_nothing_else() {
        assert_eq!(Key::parse(&"123".into()).unwrap().to_string(), "123");
        for text in ["", "0", "012", "+1", "-1", "1.5", "#1", "1 ", "99999999999999999999", "A-1"] {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
        }
    }
}
