//! Reading JSON once, and saying where it was wrong only when it was; and what every platform's types are made of.

use std::{borrow::Cow, fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Error, ErrorKind, Result};

/// Reads JSON into a type that may borrow from it.
///
/// The first pass is the plain one. Only when it fails a second pass finds the path of the trouble, so that
/// the message can say `fields.status.name: expected a string` without costing anything on good answers.
pub fn json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|plain| {
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(located) if located.path().iter().next().is_some() => format!("at `{}`: ", located.path()),
            _ => String::new(),
        };
        Error::new(ErrorKind::ResponseParse, format!("the answer could not be read: {path}{plain}"))
    })
}

/// A string of an answer, borrowed from it wherever it holds no escapes.
///
/// A bare `Cow<str>` is copied by serde inside of an `Option` or a `Vec`; this is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> Self {
        text.0.into_owned()
    }
}

impl<'a> From<Text<'a>> for Cow<'a, str> {
    fn from(text: Text<'a>) -> Self {
        text.0
    }
}

/// Tells a field that is `null` (`Some(None)`) from one that is absent (`None`).
///
/// Use it as `#[serde(default, deserialize_with = "present")]` where a platform means something by `null`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        name: Option<Text<'a>>,
        #[serde(borrow, default, deserialize_with = "present")]
        owner: Option<Option<Text<'a>>>,
    }

    #[test]
    fn a_text_is_borrowed_also_inside_of_an_option() {
        let answer: Answer<'_> = json(br#"{"name":"mara"}"#).unwrap();
        assert!(matches!(answer.name, Some(Text(Cow::Borrowed("mara")))));
    }

    #[test]
    fn null_is_told_from_absence() {
        let owner =
            |text: &str| json::<Answer<'_>>(text.as_bytes()).unwrap().owner.map(|owner| owner.map(String::from));
        assert_eq!(owner("{}"), None);
        assert_eq!(owner(r#"{"owner":null}"#), Some(None));
        assert_eq!(owner(r#"{"owner":"tom"}"#), Some(Some("tom".to_owned())));
    }
}
