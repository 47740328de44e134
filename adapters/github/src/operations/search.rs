//! Searches: words, or GitHub's own search syntax. GitHub gives 1,000 results at most, and says when it gave up early.
//!
//! <https://docs.github.com/search-github/searching-on-github/searching-issues-and-pull-requests>

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Criterion, Cursor, Include, ME, NOBODY, Page, Query, QueryLanguage, SortField, TimeRange},
    model::{CutReason, Part},
};

use super::{lookup, push};
use crate::{
    GitHub, api,
    paging::{Links, PAGE_SIZE},
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
    let result = Page::new().with_pushed_down(asked.pushed_down).with_total(Some(found.total_count));
    let result = match Links::of(&response).next {
        Some(_) if shown < CAP => result.with_next([Place { page: page + 1, was_incomplete: is_incomplete }.cursor()]),
        // A cut ends the list: it is said on the last page, whichever page it was that was incomplete.
        _ if is_incomplete => result.with_cut(Part::new(shown.min(found.total_count), None, CutReason::Error)),
        _ if found.total_count > CAP => result.with_cut(Part::new(CAP, Some(found.total_count), CutReason::Cap)),
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
        let mut words = Words { text: Vec::new(), pushed_down: Vec::new() };
        let is_native = query.language == QueryLanguage::Native;
        match &query.language {
            QueryLanguage::Native => words.text.push(query.text.clone()),
            QueryLanguage::Text => words.text.extend(query.text.split_whitespace().filter_map(literal)),
            other => return Err(Error::unsupported(format_args!("the query language `{other}`"))),
        }
        words.criteria(github, &query.criteria, is_native)?;
        if !is_native {
            words.text.push(if push::wants_pull_requests(&query.criteria) { "is:pr" } else { "is:issue" }.to_owned());
        }
        let Words { text, mut pushed_down } = words;
        let mut asked = vec![("q", text.join(" "))];
        if let Some((sort, order)) = order(&query.criteria) {
            asked.extend([("sort", sort.to_owned()), ("order", order.to_owned())]);
            pushed_down.push(Criterion::Sort);
        }
        Ok(Self { query: asked, pushed_down })
    }
}

/// The words of a query, and the criteria that they stand for.
struct Words {
    text: Vec<String>,
    pushed_down: Vec<Criterion>,
}

impl Words {
    fn criteria(&mut self, github: &GitHub, criteria: &Criteria, is_native: bool) -> Result<()> {
        let repositories = lookup::repositories(github, criteria)?;
        if repositories.is_empty() && !is_native {
            return Err(lookup::no_repository());
        }
        // A query of the user's own may hold an `OR`, which would bind weaker: then these only narrow.
        let exact = |criterion: Criterion| (!is_native).then_some(criterion);
        self.text.extend(repositories.iter().map(|repository| format!("repo:{repository}")));
        self.pushed_down.extend((!criteria.project.is_empty()).then(|| exact(Criterion::Project)).flatten());
        if let Some(is_open) = criteria.is_open {
            self.say(if is_open { "is:open" } else { "is:closed" }.to_owned(), exact(Criterion::IsOpen));
        }
        for (field, names, criterion) in
            [("assignee", &criteria.assignee, Criterion::Assignee), ("author", &criteria.reporter, Criterion::Reporter)]
        {
            if let Some(word) = person(field, names) {
                self.say(word, exact(criterion));
            }
        }
        for label in &criteria.labels {
            self.say(format!("label:{}", quoted(label)), exact(Criterion::Labels));
        }
        if let Some(text) = &criteria.text {
            self.text.extend(text.split_whitespace().filter_map(literal));
            self.pushed_down.extend(exact(Criterion::Text));
        }
        // The index counts in seconds: these narrow, and the host makes them exact.
        self.text.extend(range("created", &criteria.created));
        self.text.extend(range("updated", &criteria.updated));
        Ok(())
    }

    fn say(&mut self, word: String, criterion: Option<Criterion>) {
        self.text.push(word);
        self.pushed_down.extend(criterion.filter(|criterion| !self.pushed_down.contains(criterion)));
    }
}

fn person(field: &str, names: &[String]) -> Option<String> {
    let [name] = names else { return None };
    match name.as_str() {
        NOBODY if field == "assignee" => Some("no:assignee".to_owned()),
        NOBODY => None,
        ME => Some(format!("{field}:@me")),
        name => lookup::is_login(name).then(|| format!("{field}:{name}")),
    }
}

fn range(field: &str, range: &TimeRange) -> Option<String> {
    let seconds = |time: usher_adapter_sdk::model::Time, up: i64| {
        usher_adapter_sdk::model::Time::from_unix_seconds(time.unix_millis().div_euclid(1_000) + up)
    };
    let from = range.from.and_then(|from| seconds(from, 0));
    let to = range.to.and_then(|to| seconds(to, 1));
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("{field}:{from}..{to}")),
        (Some(from), None) => Some(format!("{field}:>={from}")),
        (None, Some(to)) => Some(format!("{field}:<={to}")),
        (None, None) => None,
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

/// Returns a word of a person's so that GitHub reads nothing else into it: no qualifier, no operator.
fn literal(word: &str) -> Option<String> {
    let bare: String = word.chars().filter(|c| *c != '"').collect();
    if !bare.chars().any(char::is_alphanumeric) {
        return None;
    }
    let is_syntax = bare.contains([':', '(', ')', '@', '\\', '*']) || bare.starts_with(['-', '>', '<']);
    let is_operator = ["AND", "OR", "NOT"].contains(&bare.as_str());
    Some(if is_syntax || is_operator { format!("\"{}\"", bare.replace('\\', "")) } else { bare })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_person_are_never_syntax() {
        for (word, expected) in [
            ("crash", Some("crash")),
            ("is:closed", Some("\"is:closed\"")),
            ("-login", Some("\"-login\"")),
            ("OR", Some("\"OR\"")),
            ("or", Some("or")),
            ("\"quoted", Some("quoted")),
            ("(a", Some("\"(a\"")),
            ("C++", Some("C++")),
            ("straße", Some("straße")),
            ("\"", None),
            ("--", None),
        ] {
            assert_eq!(literal(word).as_deref(), expected, "{word}");
        }
    }

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
