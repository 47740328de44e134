//! Where a page of a list begins: what a cursor says.

use std::fmt;

use usher_adapter_sdk::{Error, Result, host::Response, message::Cursor, model::Time};

use crate::{GitHub, paging::Links};

/// A place in a list that goes through several scopes (repositories), one after the other.
///
/// Written as the scope, a time in seconds where one is needed, a mark, and what is behind the address of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub scope: usize,
    pub step: Step,
}

/// What a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// `0>`, the first of a scope, or `0@1767323045>/repositories/17/issues?page=7`: it goes on with whatever the answer names.
    /// With the time when the list began, it ends with a look at what has changed since.
    Page { began: Option<Time>, path: Option<String> },
    /// `0=/repositories/17/issues?page=3`: nothing comes after it, since the pages after it have cursors of their own.
    Alone { path: String },
    /// `0@1767323045?`: it looks at what has changed since the list began.
    Check { began: Time },
    /// `0~`, `0@1767323045~`: a page of the list in the order of changes, from a time on; with a path it is one that GitHub named.
    Again { from: Option<Time>, path: Option<String> },
}

/// How the pages of a list follow one another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// Whether several pages may be asked for at once.
    pub is_numbered: bool,
    /// Whether an issue can move to another page, or leave the list, while it is read.
    pub may_shift: bool,
}

impl Place {
    /// The beginning.
    pub(super) const START: Self = Self { scope: 0, step: Step::Page { began: None, path: None } };

    /// Reads a cursor; none is the beginning.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self::START) };
        parse(cursor.as_str()).ok_or_else(|| no_place(cursor))
    }

    /// Returns where the list goes on after a page that GitHub numbers or chains, which was answered like this.
    pub(super) fn next(&self, github: &GitHub, response: &Response, scopes: usize, way: Way) -> Result<Vec<Cursor>> {
        let Step::Page { began, .. } = &self.step else { return Ok(Vec::new()) };
        let links = Links::of(response);
        let Some(next) = links.next else {
            return Ok(match began.filter(|_| way.may_shift) {
                Some(began) => vec![self.at(Step::Check { began })],
                None => self.after_scope(scopes),
            });
        };
        let began = way.may_shift.then(|| began.or(response.date()).unwrap_or_else(|| github.host.now()));
        let mut pages = if way.is_numbered { links.numbered() } else { Vec::new() };
        let last = pages.pop().unwrap_or_else(|| next.to_owned());
        let mut cursors = Vec::with_capacity(pages.len() + 1);
        for page in pages {
            cursors.push(self.at(Step::Alone { path: github.below_base(&page)?.to_owned() }));
        }
        let path_of_last = Some(github.below_base(&last)?.to_owned());
        cursors.push(self.at(Step::Page { began, path: path_of_last }));
        Ok(cursors)
    }

    /// Returns the beginning of the scope after this one, if there is one.
    pub(super) fn after_scope(&self, scopes: usize) -> Vec<Cursor> {
        let following = Self { scope: self.scope + 1, ..Self::START };
        Vec::from_iter((following.scope < scopes).then(|| following.cursor()))
    }

    /// Returns the cursor of another page of the same scope.
    pub(super) fn at(&self, step: Step) -> Cursor {
        Self { scope: self.scope, step }.cursor()
    }

    fn cursor(&self) -> Cursor {
        Cursor::new(self.to_string())
    }
}

/// Returns the error of a cursor that is none of a list's.
pub(super) fn no_place(cursor: &Cursor) -> Error {
    Error::validation(format!("`{}` is no place in a list", cursor.as_str()))
        .with_hint("Begin the list anew, without a cursor.")
}

fn parse(text: &str) -> Option<Place> {
    let mark = text.find(['>', '=', '?', '~'])?;
    let (scope, time) = text[..mark].split_once('@').map_or((&text[..mark], None), |(scope, time)| (scope, Some(time)));
    let time = match time {
        Some(seconds) => Some(Time::from_unix_seconds(seconds.parse().ok()?)?),
        None => None,
    };
    let path = Some(&text[mark + 1..]).filter(|path| !path.is_empty()).map(str::to_owned);
    if path.as_ref().is_some_and(|path| !path.starts_with('/')) {
        return None;
    }
    let step = match (text.as_bytes()[mark], time, path) {
        (b'>', None, path) => Step::Page { began: None, path },
        (b'>', began, Some(path)) => Step::Page { began, path: Some(path) },
        (b'=', None, Some(path)) => Step::Alone { path },
        (b'?', Some(began), None) => Step::Check { began },
        (b'~', from, path) => Step::Again { from, path },
        _ => return None,
    };
    Some(Place { scope: scope.parse().ok()?, step })
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, mark, path) = match &self.step {
            Step::Page { began, path } => (*began, '>', path.as_deref()),
            Step::Alone { path } => (None, '=', Some(&**path)),
            Step::Check { began } => (Some(*began), '?', None),
            Step::Again { from, path } => (*from, '~', path.as_deref()),
        };
        write!(f, "{}", self.scope)?;
        if let Some(time) = time {
            write!(f, "@{}", time.unix_seconds())?;
        }
        write!(f, "{mark}{}", path.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in [
            "0>",
            "3=/repositories/1/issues?per_page=100&page=2",
            "12>/issues?a=>",
            "0@1767323045>/issues?page=2",
            "1@1767323045?",
            "0~",
            "0@1767323045~",
            "0@1767323045~/issues?page=2",
            "0~/issues?page=2",
        ] {
            assert_eq!(Place::read(Some(&Cursor::new(text))).unwrap().to_string(), text);
        }
        assert_eq!(Place::read(None).unwrap(), Place::START);
    }

    #[test]
    fn a_strange_cursor_is_refused_before_anything_is_asked() {
        for text in [
            "",
            ">",
            "x>/a",
            "0",
            "0>https://evil.example/",
            "-1>/a",
            "0>@evil.example/",
            "0=",
            "0?",
            "0@?",
            "0@x?",
            "0@99999999999999?",
            "0@1?/a",
            "0@1=/a",
            "0@1>",
            "0@1.",
            "0./a",
            "0@1~evil",
        ] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
