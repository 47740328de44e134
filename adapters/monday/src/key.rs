//! Keys: `acme:1234567890:9876543210` (account, board, item), and the shorter forms that lead to the same item. An item is
//! found by its own number alone; account and board are for people, and an item can be moved to another board.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// An item, as its key names it. It borrows, since keys are read for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a> {
    whole: &'a str,
    pub account: Option<&'a str>,
    pub board: Option<&'a str>,
    pub item: &'a str,
}

impl<'a> Key<'a> {
    /// Reads a key, or says how one is written.
    pub(crate) fn parse(key: &'a TicketKey) -> Result<Self> {
        let whole = key.as_str();
        let parts: Vec<&str> = whole.split(':').collect();
        let (account, board, item) = match parts[..] {
            [account, board, item] if is_account(account) => (Some(account), Some(board), item),
            [board, item] => (None, Some(board), item),
            [item] => (None, None, item),
            _ => return Err(Self::refused(key)),
        };
        if !is_id(item) || !board.is_none_or(is_id) {
            return Err(Self::refused(key));
        }
        Ok(Self { whole, account, board, item })
    }

    /// Returns the key as it was given, if it names everything.
    pub(crate) fn canonical(&self) -> Option<&'a str> {
        self.account.is_some().then_some(self.whole)
    }

    fn refused(key: &TicketKey) -> Error {
        Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a ticket of monday.com's"))
            .with_hint("Write it like `acme:1234567890:9876543210`: the account, the board, the item.")
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.whole)
    }
}

/// Says whether a text is an id: digits, of any length, since the numbers are larger than a program's.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_named_with_and_without_account_and_board() {
        let key = "acme:12:345".into();
        let whole = Key::parse(&key).unwrap();
        assert_eq!((whole.account, whole.board, whole.item), (Some("acme"), Some("12"), "345"));
        assert_eq!(whole.canonical(), Some("acme:12:345"));
        for (text, board) in [("12:345", Some("12")), ("345", None), ("99999999999999999999999", None)] {
            let key = text.into();
            let key = Key::parse(&key).unwrap();
            assert_eq!((key.account, key.board, key.canonical()), (None, board, None), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_an_example() {
        for text in ["", "x", "0", "007", "-1", "1.5", "a b:1:2", "acme:0:2", "acme:1:", ":1:2", "acme:1:2:3", "1:x"] {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("acme:1234567890")));
        }
    }
}
