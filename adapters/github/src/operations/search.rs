//! Searches: words, or GitHub's own search syntax. GitHub gives 1,000 results at most, and says when it gave up early.
//!
//! The query itself is written in `search/words`.
//!
//! <https://docs.github.com/search-github/searching-on-github/searching-issues-and-pull-requests>

mod words;

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Criterion, Cursor, Include, Page, Query, SortField},
    model::{CutReason, Part},
};

use self::words::Words;
use super::push;
use crate::{
    GitHub, api,
    paging::{Links, PAGE_SIZE, is_withheld},
};

/// How many results GitHub gives of any search.
const CAP: u64 = 1_000;

/// Returns a page of what a search finds.
pub(crate) async fn search(github: &GitHub, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
    let Place { page, was_incomplete } = Place::read(cursor)?;
    let asked = Asked::of(github, query)?;
    let request = asked
        .query
        .into_iter()
        .fold(github.get(["search", "issues"])?, |request, (name, value)| request.query(name, value));
    let request = request.query("per_page", PAGE_SIZE.to_string()).query("page", page.to_string());
    let response = github.send(request.class("search"), &"the search").await?;
    let found: api::Found<'_> = response.decode()?;
    let is_incomplete = was_incomplete || found.incomplete_results;
    let shown = (page * PAGE_SIZE).min(CAP);
    let total = Some(found.total_count).filter(|_| !is_incomplete);
    let result = Page::new().with_pushed_down(asked.pushed_down).with_total(total);
    let result = match Links::of(&response).next {
        Some(_) if shown < CAP => result.with_next([Place { page: page + 1, was_incomplete: is_incomplete }.cursor()]),
        // A cut ends the list: it is said on the last page, whichever page it was that was incomplete.
        _ if is_incomplete => result.with_cut(Part::new(shown.min(found.total_count), None, CutReason::Error)),
        _ if is_withheld(&response) => {
            result.with_cut(Part::new(shown.min(found.total_count), None, CutReason::Permission))
        }
        // Without a next page more may be counted than was given: where the most is reached, and where GitHub breaks off.
        _ if found.total_count > shown => {
            let reason = if shown == CAP { CutReason::Cap } else { CutReason::Error };
            result.with_cut(Part::new(shown, Some(found.total_count), reason))
        }
        _ => result,
    };
    push::found(github, result, found.items, include).await
}

/// Which page it is, and whether GitHub gave up early on one before it: `3`, `3!`.
#[derive(Debug, PartialEq)]
struct Place {
    page: u64,
    was_incomplete: bool,
}

impl Place {
    fn read(cursor: Option<&Cursor>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { page: 1, was_incomplete: false }) };
        let text = cursor.as_str();
        let number = text.strip_suffix('!').unwrap_or(text);
        let page = number.parse().ok().filter(|page| (1..=CAP / PAGE_SIZE).contains(page));
        let place = page.map(|page| Self { page, was_incomplete: text.ends_with('!') });
        place.ok_or_else(|| {
            Error::validation(format!("`{text}` is no place in a search")).with_hint("Search anew, without a cursor.")
        })
    }

    fn cursor(&self) -> Cursor {
        Cursor::new(format!("{}{}", self.page, if self.was_incomplete { "!" } else { "" }))
    }
}

/// What is asked, and which criteria GitHub then has applied exactly.
struct Asked {
    query: Vec<(&'static str, String)>,
    pushed_down: Vec<Criterion>,
}

impl Asked {
    fn of(github: &GitHub, query: &Query) -> Result<Self> {
        let Words { text, mut pushed_down } = Words::of(github, query)?;
        let mut asked = vec![("q", text.join(" "))];
        if let Some((sort, order)) = order(&query.criteria) {
            asked.extend([("sort", sort.to_owned()), ("order", order.to_owned())]);
            pushed_down.push(Criterion::Sort);
        }
        Ok(Self { query: asked, pushed_down })
    }
}

fn order(criteria: &Criteria) -> Option<(&'static str, &'static str)> {
    let sort = criteria.sort.as_ref()?;
    let by = match sort.by {
        SortField::Created => "created",
        SortField::Updated => "updated",
        _ => return None,
    };
    Some((by, if sort.descending { "desc" } else { "asc" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_search_is_read_as_it_is_written() {
        for text in ["2", "10!", "1"] {
            assert_eq!(Place::read(Some(&Cursor::new(text))).unwrap().cursor().as_str(), text);
        }
        for text in ["", "0", "11", "-1", "2!!", "x"] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
