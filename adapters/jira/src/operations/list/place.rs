//! Where a page of a list begins: what a cursor says.

use usher_adapter_sdk::{Error, Result, message::Cursor};

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::operations) enum Place {
    /// A page of issues: `page TOKEN` on Cloud, `page 100` on Data Center.
    Page(Option<String>),
    /// A page of nothing but ids, from which the issues are then read side by side: `ids …`.
    Ids(Option<String>),
    /// Issues by their ids: `issues 10001,10002`.
    Issues(Vec<String>),
}

impl Place {
    /// Reads a cursor.
    pub(in crate::operations) fn read(cursor: &Cursor) -> Result<Self> {
        let text = cursor.as_str();
        let place = text.split_once(' ').filter(|(_, rest)| !rest.is_empty()).and_then(|(kind, rest)| match kind {
            "page" => Some(Self::Page(Some(rest.to_owned()))),
            "ids" => Some(Self::Ids(Some(rest.to_owned()))),
            "issues" => ids(rest).map(Self::Issues),
            _ => None,
        });
        place.ok_or_else(|| unknown(text))
    }

    /// Returns it as a cursor.
    pub(in crate::operations) fn cursor(&self) -> Cursor {
        let rest = |place: &Option<String>| place.clone().unwrap_or_default();
        Cursor::new(match self {
            Self::Page(place) => format!("page {}", rest(place)),
            Self::Ids(place) => format!("ids {}", rest(place)),
            Self::Issues(ids) => format!("issues {}", ids.join(",")),
        })
    }
}

/// Returns the error of a cursor that says nothing.
pub(super) fn unknown(text: &str) -> Error {
    Error::validation(format!("`{text}` is no place in a list")).with_hint("Begin the list anew, without a cursor.")
}

/// Reads ids: they go into a search as they are, so that nothing but numbers may stand there.
fn ids(text: &str) -> Option<Vec<String>> {
    let is_id = |id: &str| !id.is_empty() && id.len() <= 19 && id.bytes().all(|byte| byte.is_ascii_digit());
    text.split(',').map(|id| is_id(id).then(|| id.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_written_alike() {
        for place in [
            Place::Page(Some("Ch0 jb2=".to_owned())),
            Place::Ids(Some("1767225600000+50".to_owned())),
            Place::Issues(vec!["10001".to_owned(), "10002".to_owned()]),
        ] {
            assert_eq!(Place::read(&place.cursor()).unwrap(), place);
        }
        for text in ["", "page", "page ", "issues 1,x", "issues 1) OR (a = 1", "issues 1,,2", "other 1"] {
            assert!(Place::read(&Cursor::new(text)).is_err(), "{text}");
        }
    }
}
