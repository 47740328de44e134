//! Where a page of a list begins: what a cursor says.

use std::fmt;

use usher_adapter_sdk::{Error, Result, host::Response, message::Cursor};

use crate::{GitHub, paging::Links};

/// A place in a list that goes through several scopes (repositories), one after the other.
///
/// Written as `0>/repositories/17/issues?page=7`: the scope, a mark, and what is behind the address of the API;
/// with nothing behind the mark it is the beginning of that scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub scope: usize,
    pub then: Then,
    pub page: Option<String>,
}

/// What comes after the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Whatever the answer names.
    GoOn,
    /// Nothing, since the pages after it have cursors of their own.
    Nothing,
}

impl Place {
    /// The beginning.
    pub(super) const START: Self = Self { scope: 0, then: Then::GoOn, page: None };

    /// Reads a cursor; none is the beginning.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self::START) };
        let parse = |text: &str| -> Option<Self> {
            let at = text.find(['>', '='])?;
            let then = if text[at..].starts_with('>') { Then::GoOn } else { Then::Nothing };
            let page = Some(&text[at + 1..]).filter(|page| !page.is_empty());
            let is_path = page.is_none_or(|page| page.starts_with('/'));
            Some(Self { scope: text[..at].parse().ok()?, then, page: page.map(str::to_owned) }).filter(|_| is_path)
        };
        parse(cursor.as_str()).ok_or_else(|| {
            Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
                .with_hint("Begin the list anew, without a cursor.")
        })
    }

    /// Returns where the list goes on after this page; `numbered` where it may name several pages at once.
    pub(super) fn next(
        &self,
        github: &GitHub,
        response: &Response,
        scopes: usize,
        numbered: bool,
    ) -> Result<Vec<Cursor>> {
        if self.then == Then::Nothing {
            return Ok(Vec::new());
        }
        let links = Links::of(response);
        let Some(next) = links.next else {
            let following = Self { scope: self.scope + 1, ..Self::START };
            return Ok(Vec::from_iter((following.scope < scopes).then(|| following.cursor())));
        };
        let mut pages = if numbered { links.numbered() } else { Vec::new() };
        let last = pages.pop().unwrap_or_else(|| next.to_owned());
        let alone = pages.iter().map(|page| self.at(github, page, Then::Nothing));
        alone.chain([self.at(github, &last, Then::GoOn)]).collect()
    }

    fn at(&self, github: &GitHub, url: &str, then: Then) -> Result<Cursor> {
        let page = Some(github.below_base(url)?.to_owned());
        Ok(Self { scope: self.scope, then, page }.cursor())
    }

    fn cursor(&self) -> Cursor {
        Cursor::new(self.to_string())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.then {
            Then::GoOn => '>',
            Then::Nothing => '=',
        };
        write!(f, "{}{mark}{}", self.scope, self.page.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["0>", "3=/repositories/1/issues?per_page=100&page=2", "12>/issues?a=>"] {
            assert_eq!(Place::read(Some(&Cursor::new(text))).unwrap().to_string(), text);
        }
        assert_eq!(Place::read(None).unwrap(), Place::START);
    }

    #[test]
    fn a_strange_cursor_is_refused_before_anything_is_asked() {
        for text in ["", ">", "x>/a", "0", "0>https://evil.example/", "-1>/a", "0>@evil.example/"] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
