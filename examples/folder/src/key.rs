//! Keys and the names of files: what may become part of a path, and what may not.

use std::{fmt, str};

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// The ending of a ticket's file.
const ENDING: &str = ".md";
/// How long a project's word may be.
const PROJECT_LENGTH: usize = 10;
/// The greatest number of a ticket.
const LAST_NUMBER: u32 = 999_999_999;

/// A project's word, `SHOP`: a capital letter, then capital letters and digits, ten in all at most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Project([u8; PROJECT_LENGTH]);

/// A ticket's key, `SHOP-12`. It was checked once and may be part of a path from then on.
///
/// It takes 16 bytes, so that the keys of a hundred thousand tickets are no burden, and its order is that
/// of people: `SHOP-9` before `SHOP-10`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    project: Project,
    number: u32,
}

impl Project {
    /// Returns the project of a word, if it is one.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        let bytes = word.as_bytes();
        let allowed = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if bytes.len() > PROJECT_LENGTH || !bytes.first()?.is_ascii_uppercase() || !bytes.iter().all(allowed) {
            return None;
        }
        let mut letters = [0; PROJECT_LENGTH];
        letters[..bytes.len()].copy_from_slice(bytes);
        Some(Self(letters))
    }

    /// Returns the project that somebody names, in any case, or says what a project looks like.
    pub(crate) fn named(word: &str) -> Result<Self> {
        Self::parse(&word.to_ascii_uppercase()).ok_or_else(|| {
            Error::validation(format!("`{}` is not a project", word.escape_debug()))
                .with_hint("A project is a word such as `SHOP`: a letter, then up to nine letters or digits.")
        })
    }

    /// Returns the word.
    pub(crate) fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(PROJECT_LENGTH);
        // Only ASCII got in, so this is never empty.
        str::from_utf8(&self.0[..length]).unwrap_or_default()
    }
}

impl Key {
    /// Returns the ticket of a project with that number, unless the numbers are used up.
    pub(crate) fn new(project: Project, number: u32) -> Option<Self> {
        (1..=LAST_NUMBER).contains(&number).then_some(Self { project, number })
    }

    /// Returns the key of a text, if it is exactly one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (project, number) = text.split_once('-')?;
        let digits = number.as_bytes();
        if digits.len() > 9 || !digits.iter().all(u8::is_ascii_digit) || digits.first() == Some(&b'0') {
            return None;
        }
        Self::new(Project::parse(project)?, number.parse().ok()?)
    }

    /// Returns the key that the host asks for, or says what a key looks like.
    pub(crate) fn asked(key: &TicketKey) -> Result<Self> {
        Self::parse(key.as_str()).ok_or_else(|| {
            let key = key.as_str().escape_debug();
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a ticket of a folder"))
                .with_hint("A key is a project and a number, such as `SHOP-12`.")
        })
    }

    /// Returns the key of the ticket that a file of this name holds, if it holds one.
    pub(crate) fn of_file(name: &str) -> Option<Self> {
        Self::parse(name.strip_suffix(ENDING)?)
    }

    /// Returns the name of the ticket's file.
    pub(crate) fn file_name(self) -> String {
        format!("{self}{ENDING}")
    }

    /// Returns the project.
    pub(crate) fn project(self) -> Project {
        self.project
    }

    /// Returns the number.
    pub(crate) fn number(self) -> u32 {
        self.number
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Key> for TicketKey {
    fn from(key: Key) -> Self {
        Self::new(key.to_string())
    }
}

/// Says whether a name looks as if somebody meant a ticket's file and misspelled it: `shop-1.md`, `SHOP-01.md`.
pub(crate) fn is_misspelled(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let Some((project, number)) = stem.split_once(['-', '_', ' ']) else { return false };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let letters = project.starts_with(|first: char| first.is_ascii_alphabetic())
        && project.bytes().all(|byte| byte.is_ascii_alphanumeric());
    digits && letters && ending.eq_ignore_ascii_case("md") && Key::of_file(name).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_only_in_their_one_spelling() {
        for text in ["A-1", "SHOP-12", "A123456789-999999999"] {
            assert_eq!(Key::parse(text).unwrap().to_string(), text);
            assert_eq!(Key::of_file(&format!("{text}.md")), Key::parse(text));
        }
        for text in [
            "",
            "-",
            "SHOP",
            "SHOP-",
            "-1",
            "SHOP-0",
            "SHOP-01",
            "shop-1",
            "1SHOP-1",
            "SHOP-1 ",
            " SHOP-1",
            "SHOP--1",
            "SHOP-+1",
            "SHOP-1.md",
            "../SHOP-1",
            "SHOP-1/..",
            "SHOP-1\0",
            "SHOP-1\n",
            "ŠHOP-1",
            "ABCDEFGHIJK-1",
            "SHOP-1000000000",
            "SHOP-१",
        ] {
            assert_eq!(Key::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn keys_are_in_the_order_of_people() {
        let mut keys = ["B-1", "AB-1", "A-10", "A-9"].map(|text| Key::parse(text).unwrap());
        keys.sort();
        assert_eq!(keys.map(|key| key.to_string()), ["A-9", "A-10", "AB-1", "B-1"]);
        assert_eq!(size_of::<Key>(), 16);
    }

    #[test]
    fn misspelled_names_are_told_from_other_files() {
        for name in ["shop-1.md", "SHOP-01.md", "SHOP_1.md", "Shop-1.MD"] {
            assert!(is_misspelled(name), "{name}");
        }
        for name in ["SHOP-1.md", "README.md", "notes.txt", "2026-03-02.md", "2026-03.md", "shop-one.md"] {
            assert!(!is_misspelled(name), "{name}");
        }
    }
}
