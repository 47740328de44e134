//! Search over issues: the query language as far as clients use it, and the limits of the real one.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    access::{Access, TokenKind, access},
    pages::Page,
    query::{self, Term},
    render::document,
    reply::{Refusal, Reply},
    service::{Call, VIOLATION},
    state::{Issue, Repository, State},
};

/// However many are found, no more than these can be had.
const MOST_RESULTS: usize = 1_000;

/// The qualifiers that the fake knows, sorted. GitHub takes others for words, and finds nothing: a client's mistake.
const QUALIFIERS: &[&str] = &[
    "assignee",
    "author",
    "closed",
    "commenter",
    "created",
    "in",
    "involves",
    "is",
    "label",
    "mentions",
    "milestone",
    "no",
    "org",
    "reason",
    "repo",
    "sort",
    "state",
    "type",
    "updated",
    "user",
];

pub(super) fn search(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let terms = query::terms(call.query.get("q").map_or("", String::as_str));
    check(state, call, &terms)?;
    let page = Page::of(call);
    if (page.number - 1) * page.size >= MOST_RESULTS {
        return Err(Refusal::new(422, "Only the first 1000 search results are available"));
    }
    let visible = state.repositories.iter().filter(|repository| access(call.token, repository) > Access::None);
    let all = visible.flat_map(|repository| repository.issues().map(move |issue| (repository, issue)));
    let mut found: Vec<_> =
        all.filter(|(repository, issue)| terms.iter().all(|term| fits(term, repository, issue))).collect();
    found.sort_by_key(|(_, issue)| place(call, &terms, issue));
    let total = found.len();
    found.truncate(MOST_RESULTS);
    let shown = &found[page.range(found.len())];
    let items: Vec<Value> = shown.iter().map(|(repository, issue)| item(state, call, repository, issue)).collect();
    let json = json!({
        "incomplete_results": call.switches.incomplete_results,
        "items": items,
        "search_type": "lexical",
        "total_count": total,
    });
    let link = page.link(call, "/search/issues", found.len());
    Ok(Reply { link, has_tag: false, ..Reply::read(document(&json)) })
}

fn check(state: &State, call: &Call, terms: &[Term]) -> Result<(), Refusal> {
    if terms.is_empty() {
        return Err(Refusal::invalid("Search", "q", "missing"));
    }
    if let Some(name) =
        terms.iter().filter_map(|term| term.qualifier.as_deref()).find(|name| !QUALIFIERS.contains(name))
    {
        let known = QUALIFIERS.join(", ");
        return Err(Refusal::new(
            VIOLATION,
            format!("the qualifier `{name}:` in `q` is not known; known are: {known}"),
        ));
    }
    let fine_grained = call.token.is_some_and(|token| token.kind == TokenKind::FineGrained);
    let says_kind = terms.iter().any(|term| {
        let kinds = ["issue", "pull-request", "pr"];
        matches!(term.qualifier.as_deref(), Some("is" | "type"))
            && term.values.iter().any(|value| kinds.contains(&&**value))
    });
    if fine_grained && !says_kind {
        return Err(Refusal::new(422, "Query must include 'is:issue' or 'is:pull-request'"));
    }
    let repositories = terms.iter().filter(|term| term.qualifier.as_deref() == Some("repo"));
    let hidden = repositories.flat_map(|term| &term.values).any(|name| {
        let repository = state.repositories.iter().find(|repository| repository.full_name().eq_ignore_ascii_case(name));
        repository.is_none_or(|repository| access(call.token, repository) == Access::None)
    });
    if !hidden {
        return Ok(());
    }
    let message = "The listed users and repositories cannot be searched either because the resources do not exist or you do not \
                   have permission to view them.";
    Err(Refusal::unprocessable(json!({ "message": message, "resource": "Search", "field": "q", "code": "invalid" })))
}

fn fits(term: &Term, repository: &Repository, issue: &Issue) -> bool {
    term.values.iter().any(|value| fits_value(term, value, repository, issue)) != term.negated
}

fn fits_value(term: &Term, value: &str, repository: &Repository, issue: &Issue) -> bool {
    let is = |text: &str| text.eq_ignore_ascii_case(value);
    let mentioned = |text: &str| text.to_lowercase().contains(&format!("@{}", value.to_lowercase()));
    let texts = || issue.body.iter().chain(issue.comments.iter().map(|comment| &comment.body));
    let commented = || issue.comments.iter().any(|comment| comment.user.as_deref().is_some_and(is));
    let authored = issue.user.as_deref().is_some_and(is);
    let assigned = issue.assignees.iter().any(|login| is(login));
    match term.qualifier.as_deref() {
        None => contains(issue, value),
        Some("repo") => is(&repository.full_name()),
        Some("org" | "user") => is(&repository.owner),
        Some("is" | "state" | "type") => is_kind(value, repository, issue),
        Some("label") => issue.labels.iter().any(|label| is(label)),
        Some("assignee") => assigned || (value == "*" && !issue.assignees.is_empty()),
        Some("author") => authored,
        Some("mentions") => texts().any(|text| mentioned(text)),
        Some("commenter") => commented(),
        Some("involves") => authored || assigned || commented() || texts().any(|text| mentioned(text)),
        Some("milestone") => milestone_title(repository, issue).is_some_and(is),
        Some("no") => has_no(value, issue),
        Some("reason") => {
            issue.state_reason.as_deref().is_some_and(|reason| is(&reason.replace('_', " ")) || is(reason))
        }
        Some("created") => within(value, issue.created_at),
        Some("updated") => within(value, issue.updated_at),
        Some("closed") => issue.closed_at.is_some_and(|time| within(value, time)),
        // These say where to look and in which order, not what for.
        Some("in" | "sort") => true,
        Some(other) => unreachable!("{other} was checked"),
    }
}

fn contains(issue: &Issue, word: &str) -> bool {
    let word = word.to_lowercase();
    let texts = issue.body.iter().chain(issue.comments.iter().map(|comment| &comment.body));
    std::iter::once(&issue.title).chain(texts).any(|text| text.to_lowercase().contains(&word))
}

fn is_kind(value: &str, repository: &Repository, issue: &Issue) -> bool {
    match value.to_lowercase().as_str() {
        "issue" => !issue.pull_request,
        "pr" | "pull-request" => issue.pull_request,
        "open" => issue.open,
        "closed" => !issue.open,
        "public" => !repository.private,
        "private" => repository.private,
        "locked" => issue.locked,
        "unlocked" => !issue.locked,
        kind => issue.issue_type.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(kind)),
    }
}

fn milestone_title<'a>(repository: &'a Repository, issue: &Issue) -> Option<&'a str> {
    let milestone = repository.milestones.iter().find(|milestone| Some(milestone.number) == issue.milestone)?;
    Some(&milestone.title)
}

fn has_no(what: &str, issue: &Issue) -> bool {
    match what {
        "assignee" => issue.assignees.is_empty(),
        "label" => issue.labels.is_empty(),
        "milestone" => issue.milestone.is_none(),
        "type" => issue.issue_type.is_none(),
        _ => false,
    }
}

/// Returns whether a time is in a range: `>=DAY`, `>DAY`, `<=DAY`, `<DAY`, `DAY..DAY`, `DAY`, each also with a time of day.
fn within(range: &str, time: Timestamp) -> bool {
    // A day is compared by its text, a time by its own; both are written so that texts are in the order of time.
    let time = time.to_string();
    let cut = |limit: &str| time.get(..limit.len().min(10)).unwrap_or_default().to_owned();
    let at = |limit: &str| if limit.len() > 10 { time.clone() } else { cut(limit) };
    if let Some((from, to)) = range.split_once("..") {
        return (from == "*" || at(from).as_str() >= from) && (to == "*" || at(to).as_str() <= to);
    }
    let (comparison, limit) = range.split_at(range.find(|letter: char| letter.is_ascii_digit()).unwrap_or(range.len()));
    let time = at(limit);
    match comparison {
        ">=" => time.as_str() >= limit,
        ">" => time.as_str() > limit,
        "<=" => time.as_str() <= limit,
        "<" => time.as_str() < limit,
        _ => time == limit,
    }
}

/// Returns the sort key: what comes first has the smaller one.
fn place(call: &Call, terms: &[Term], issue: &Issue) -> (i64, i64) {
    let in_query =
        terms.iter().find(|term| term.qualifier.as_deref() == Some("sort")).and_then(|term| term.values.first());
    let (sort, order) = match in_query.map(|value| value.split_once('-').unwrap_or((value, "desc"))) {
        Some(wanted) => wanted,
        None => {
            let text = |name: &str, default| call.query.get(name).map_or(default, String::as_str);
            (text("sort", "created"), text("order", "desc"))
        }
    };
    let key = match sort {
        "updated" => issue.updated_at.as_second(),
        "comments" => i64::try_from(issue.comments.len()).unwrap_or(i64::MAX),
        // The fake counts no reactions, so whoever sorts by them gets the order of creation.
        _ => issue.created_at.as_second(),
    };
    let number = i64::try_from(issue.number).unwrap_or(i64::MAX);
    if order == "asc" { (key, number) } else { (-key, -number) }
}

fn item(state: &State, call: &Call, repository: &Repository, issue: &Issue) -> Value {
    let bytes = &call.site.issue(state, repository, issue).bytes;
    let mut json: Value = serde_json::from_slice(bytes).expect("the fake wrote it");
    json["score"] = json!(1.0);
    json
}
