//! Keys: `INC0010023`, or `incident/9d385017c611228701d22104cc95c371`, or the `sys_id` alone.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// A record, as its key names it. It borrows, since keys are read for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// By its number, which people know.
    Number(&'a str),
    /// By the id that never changes, and its table if that is known.
    Record { table: Option<&'a str>, sys_id: &'a str },
}

impl<'a> Key<'a> {
    /// Reads a key, or says how one is written.
    pub(crate) fn parse(key: &'a TicketKey) -> Result<Self> {
        Self::read(key.as_str()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a ticket of ServiceNow's"))
                .with_hint("Write it like `INC0010023`, or like `incident/SYS_ID`.")
        })
    }

    fn read(text: &'a str) -> Option<Self> {
        if let Some((table, sys_id)) = text.split_once('/') {
            return (is_table(table) && is_sys_id(sys_id)).then_some(Self::Record { table: Some(table), sys_id });
        }
        if is_sys_id(text) {
            return Some(Self::Record { table: None, sys_id: text });
        }
        let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let is_number = !digits.is_empty() && digits.len() < text.len() && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then_some(Self::Number(text))
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.pad(number),
            Self::Record { table: Some(table), sys_id } => write!(f, "{table}/{sys_id}"),
            Self::Record { table: None, sys_id } => f.pad(sys_id),
        }
    }
}

/// Returns the letters that a number begins with, in upper case.
pub(crate) fn prefix(number: &str) -> String {
    number.chars().take_while(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect()
}

/// Says whether a text is an id of ServiceNow's: 32 digits in hexadecimal.
pub(crate) fn is_sys_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Says whether a text can be the name of a table, or of a column.
pub(crate) fn is_table(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYS_ID: &str = "9d385017c611228701d22104cc95c371";

    #[test]
    fn numbers_and_ids_are_keys() {
        let number = "INC0010023".into();
        assert_eq!(Key::parse(&number).unwrap(), Key::Number("INC0010023"));
        let id = SYS_ID.into();
        assert_eq!(Key::parse(&id).unwrap(), Key::Record { table: None, sys_id: SYS_ID });
        let record = format!("sc_task/{SYS_ID}").into();
        assert_eq!(Key::parse(&record).unwrap(), Key::Record { table: Some("sc_task"), sys_id: SYS_ID });
        assert_eq!(prefix("Inc0010023"), "INC");
    }

    #[test]
    fn what_is_no_key_is_refused_with_an_example() {
        let long = format!("{SYS_ID}0");
        let wrong_table = format!("../{SYS_ID}");
        for text in ["", "INC", "0010023", "INC-1", "INC1^active=true", "INC1 ", "incident/", "incident/1"]
            .into_iter()
            .chain([&*long, &*wrong_table])
        {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("INC0010023")));
        }
    }
}
