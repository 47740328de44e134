//! Keys: the number of a ticket, as Request Tracker counts them.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// The number of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(pub u64);

impl Key {
    /// Reads `42`, or says how it is written.
    pub(crate) fn parse(key: &TicketKey) -> Result<Self> {
        let text = key.as_str();
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        text.parse().ok().filter(|_| is_number).map(Self).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a ticket of Request Tracker's"))
                .with_hint("Write its number, like `42`.")
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
        assert_eq!(Key::parse(&"42".into()).unwrap(), Key(42));
        for text in ["", "0", "042", "+42", "-1", "4 2", "#42", "42x", "99999999999999999999"] {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
        }
    }
}
