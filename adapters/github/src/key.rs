//! Keys: `owner/repo#42`, the repository in them, and where GitHub's own addresses name them.

use std::fmt;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::TicketKey};

/// A repository, as it stands in a key. It borrows, since keys are read for every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repository<'a> {
    pub owner: &'a str,
    pub name: &'a str,
}

impl<'a> Repository<'a> {
    /// Reads `owner/repo`, or says how it is written.
    pub(crate) fn parse(text: &'a str) -> Result<Self> {
        let parts = text.split_once('/').map(|(owner, name)| Self { owner, name });
        parts.filter(Self::is_sound).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{text}` is not a repository"))
                .with_hint("Write it like `rust-lang/rust`.")
        })
    }

    /// Says whether it is the same repository: GitHub does not tell names apart by case.
    pub(crate) fn is_same(&self, other: Repository<'_>) -> bool {
        self.owner.eq_ignore_ascii_case(other.owner) && self.name.eq_ignore_ascii_case(other.name)
    }

    fn is_sound(&self) -> bool {
        let is_name = |text: &str, others: &[u8]| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
        };
        is_name(self.owner, b"-_") && is_name(self.name, b"-_.") && !matches!(self.name, "." | "..")
    }
}

impl fmt::Display for Repository<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// An issue or a pull request of a repository: they share their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a> {
    pub repository: Repository<'a>,
    pub number: u64,
}

impl<'a> Key<'a> {
    /// Reads `owner/repo#42`, or says how it is written.
    pub(crate) fn parse(key: &'a TicketKey) -> Result<Self> {
        Self::read(key.as_str()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidReference, format!("`{key}` is not a ticket of GitHub's"))
                .with_hint("Write it like `rust-lang/rust#1`.")
        })
    }

    /// Reads the address of an issue, of the API's (`…/repos/o/r/issues/42`) or of its page (`…/o/r/pull/42`).
    pub(crate) fn of_url(url: &'a str) -> Option<Self> {
        let (rest, number) = url.trim_end_matches('/').rsplit_once('/')?;
        let (rest, _issues_or_pull) = rest.rsplit_once('/')?;
        Some(Self { repository: repository_of_url(rest)?, number: number.parse().ok()? })
    }

    /// Says whether it is the same ticket.
    pub(crate) fn is_same(&self, other: Key<'_>) -> bool {
        self.number == other.number && self.repository.is_same(other.repository)
    }

    fn read(text: &'a str) -> Option<Self> {
        let (repository, number) = text.split_once('#')?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
        let number = number.parse().ok().filter(|_| is_number)?;
        Some(Self { repository: Repository::parse(repository).ok()?, number })
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.repository, self.number)
    }
}

impl From<Key<'_>> for TicketKey {
    fn from(key: Key<'_>) -> Self {
        Self::new(key.to_string())
    }
}

/// Reads the address of a repository: its last two segments are the owner and the name.
pub(crate) fn repository_of_url(url: &str) -> Option<Repository<'_>> {
    let (rest, name) = url.rsplit_once('/')?;
    let (_, owner) = rest.rsplit_once('/')?;
    Some(Repository { owner, name }).filter(Repository::is_sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_and_written_alike() {
        for text in ["rust-lang/rust#1", "acme/my.app_x-1#4294967296", "Some_Managed/r#9"] {
            assert_eq!(Key::parse(&text.into()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_an_example() {
        for text in
            ["", "a/b", "a/b#", "a/b#0", "a/b#01", "a/b#+1", "a/b#1x", "a#1", "a/b/c#1", "a/..#1", "../b#1", "a b/c#1"]
        {
            let error = Key::parse(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidReference, "{text}");
            assert!(error.hint().is_some_and(|hint| hint.contains("rust-lang/rust#1")));
        }
    }

    #[test]
    fn addresses_of_the_api_and_of_pages_name_their_ticket() {
        for (url, key) in [
            ("https://api.github.com/repos/acme/app/issues/5", "acme/app#5"),
            ("https://git.example.com:8443/tools/api/v3/repos/acme/app/issues/5", "acme/app#5"),
            ("https://github.com/acme/app/pull/5", "acme/app#5"),
        ] {
            assert_eq!(Key::of_url(url).unwrap().to_string(), key);
        }
        for url in ["https://github.com/acme/app/issues/x", "5", "https://api.github.com/repos/a/../issues/5"] {
            assert_eq!(Key::of_url(url), None, "{url}");
        }
    }
}
