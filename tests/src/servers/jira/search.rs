//! Searches: by token on Cloud, by start on Data Center, and many at once by name.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};

use super::{
    fields::Wanted,
    jql::{Query, Search, SortKey, parse},
    page::{Page, Part},
    place,
    reply::{self, Refusal, Reply},
    service::Call,
    state::{Issue, PageToken, State},
};

/// What a page has when nothing is said.
const USUAL_SIZE: usize = 50;

/// What a page can have with nothing but ids, and with more.
const MOST_IDS: usize = 5_000;
const MOST_ISSUES: usize = 100;

/// What a page of Data Center can have, whatever is asked.
const MOST_OF_DATA_CENTER: usize = 1_000;

/// How many issues can be asked for by name.
const MOST_NAMES: usize = 100;

/// The search that Cloud had before.
pub(super) fn gone(_: &State, _: &Call) -> Result<Reply, Refusal> {
    let message = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046";
    Err(Refusal::new(410, message))
}

/// Searches by token.
pub(super) fn by_token(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let asked = Asked::read(call);
    if call.caller.user().is_none() {
        // Nobody sees nothing, and is not told why.
        return Ok(Reply::read(&json!({ "issues": [], "isLast": true })));
    }
    let query = bounded(&asked.jql)?;
    let most = if asked.wanted.any() { MOST_ISSUES } else { MOST_IDS };
    let size = asked.size.unwrap_or(USUAL_SIZE).min(most);
    let size =
        if call.switches.uneven_pages { [0, size.div_ceil(2), size][state.tokens.borrow().len() % 3] } else { size };
    let after = match &asked.token {
        None => None,
        Some(token) => known(state, token, &asked.jql)?,
    };
    let search = call.search(state);
    let found = found(&search, &asked.jql, &query, &asked.reconciled)?;
    let issue = |id: &u64| believed(state, *id, &asked.reconciled);
    // What was found is in the order of its places, so that where a token goes on is found by halving.
    let order = search.order(&query).map_err(bad)?;
    let start = match &after {
        None => 0,
        Some(after) => found.partition_point(|id| order.key(&search, issue(id)) <= *after),
    };
    let rest = &found[start..];
    let shown = &rest[..size.min(rest.len())];
    let is_last = shown.len() == rest.len();
    let last = match shown.last() {
        Some(id) => Some(order.key(&search, issue(id))),
        None => after,
    };
    let page = Page::new(&search, &call.site, &asked.wanted);
    let mut body = page.body(shown.iter().map(issue));
    body.insert("isLast", json!(is_last).into());
    if !is_last {
        body.insert("nextPageToken", json!(give_out(state, asked.jql, last)).into());
    }
    Ok(reply::shown(&body))
}

/// Says about how many issues a query finds.
pub(super) fn count(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let jql = call.body["jql"].as_str().unwrap_or_default();
    let found = found(&call.search(state), jql, &bounded(jql)?, &[])?;
    Ok(Reply::read(&json!({ "count": found.len() })))
}

/// Searches by start. On Cloud this is gone.
pub(super) fn by_start(state: &State, call: &Call) -> Result<Reply, Refusal> {
    if call.site.cloud {
        return gone(state, call);
    }
    let body = &call.body;
    let number = |name: &str| body[name].as_u64().and_then(|number| usize::try_from(number).ok());
    let jql = body["jql"].as_str().unwrap_or_default();
    let query = parse(jql).map_err(bad)?;
    let (start, size) =
        (number("startAt").unwrap_or(0), number("maxResults").unwrap_or(USUAL_SIZE).min(MOST_OF_DATA_CENTER));
    let wanted = Wanted::of_body(body, "*navigable");
    let search = call.search(state);
    let found = found(&search, jql, &query, &[])?;
    let page = Page::new(&search, &call.site, &wanted);
    let mut answer = page.body(found.iter().skip(start).take(size).map(|id| believed(state, *id, &[])));
    answer.extend([("startAt", json!(start).into()), ("maxResults", json!(size).into())]);
    answer.insert("total", json!(found.len()).into());
    Ok(reply::shown(&answer))
}

/// Returns issues by their names, those that cannot be had beside them.
pub(super) fn bulk(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let names: Vec<_> =
        call.body["issueIdsOrKeys"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names.len() > MOST_NAMES {
        return Err(Refusal::new(400, format!("Maximum number of issues that can be fetched is {MOST_NAMES}.")));
    }
    let wanted = Wanted::of_body(&call.body, "*navigable");
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    for name in names {
        match place::named_issue(state, call, name) {
            Ok(id) => ids.push(id),
            Err(refusal) => errors.push(json!({ "id": name, "errorMessage": refusal.message })),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let search = call.search(state);
    let page = Page::new(&search, &call.site, &wanted);
    let issues = ids.iter().map(|id| page.issue(&state.issues[id])).collect();
    Ok(reply::shown(&BTreeMap::from([("issues", Part::List(issues)), ("issueErrors", json!(errors).into())])))
}

/// A search as it was asked for, by query or by body.
struct Asked {
    jql: String,
    token: Option<String>,
    size: Option<usize>,
    wanted: Wanted,
    /// Ids of issues that must be as they are now.
    reconciled: Vec<u64>,
}

impl Asked {
    fn read(call: &Call) -> Self {
        if call.body.is_object() {
            let body = &call.body;
            let text = |name: &str| body[name].as_str().map(str::to_owned);
            let reconciled = body["reconcileIssues"].as_array().into_iter().flatten().filter_map(Value::as_u64);
            return Self {
                jql: text("jql").unwrap_or_default(),
                token: text("nextPageToken"),
                size: body["maxResults"].as_u64().and_then(|size| usize::try_from(size).ok()),
                wanted: Wanted::of_body(body, "id"),
                reconciled: reconciled.collect(),
            };
        }
        let text = |name: &str| call.query.get(name).cloned();
        let reconciled = text("reconcileIssues").unwrap_or_default();
        Self {
            jql: text("jql").unwrap_or_default(),
            token: text("nextPageToken"),
            size: text("maxResults").and_then(|size| size.parse().ok()),
            wanted: Wanted::of_query(&call.query, "id"),
            reconciled: reconciled.split(',').filter_map(|id| id.parse().ok()).collect(),
        }
    }
}

/// Reads a query, and refuses one without any restriction.
fn bounded(jql: &str) -> Result<Query, Refusal> {
    let query = parse(jql).map_err(bad)?;
    if query.is_bounded() {
        return Ok(query);
    }
    let message = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.";
    Err(Refusal::new(400, message))
}

fn bad(why: String) -> Refusal {
    Refusal::new(400, why)
}

/// Returns the ids of what a query finds, in its order.
fn found(search: &Search, jql: &str, query: &Query, reconciled: &[u64]) -> Result<Arc<[u64]>, Refusal> {
    let find = || {
        let found = search.find(query, indexed(search.state, reconciled)).map_err(bad)?;
        Ok(found.iter().map(|issue| issue.id).collect())
    };
    search.index.found.get((jql.to_owned(), search.user, reconciled.to_vec()), find)
}

/// Returns issues as the index of searches knows them: late, but for those that were reconciled.
fn indexed<'a>(state: &'a State, reconciled: &'a [u64]) -> impl Iterator<Item = &'a Issue> {
    state.issues.values().filter_map(move |issue| known_as(state, issue, reconciled))
}

fn known_as<'a>(state: &'a State, issue: &'a Issue, reconciled: &[u64]) -> Option<&'a Issue> {
    match state.stale.get(&issue.id) {
        Some(known) if !reconciled.contains(&issue.id) => known.as_ref(),
        _ => Some(issue),
    }
}

/// Returns an issue that was found, as the index of searches knows it.
fn believed<'a>(state: &'a State, id: u64, reconciled: &[u64]) -> &'a Issue {
    known_as(state, &state.issues[&id], reconciled).expect("what was found is known until something is written")
}

/// Returns where a token goes on. It belongs to one query.
fn known(state: &State, token: &str, jql: &str) -> Result<Option<SortKey>, Refusal> {
    let tokens = state.tokens.borrow();
    let known = tokens.get(token).filter(|known| known.jql == jql);
    let message = "The provided nextPageToken is invalid or does not belong to this query.";
    known.map(|known| known.after.clone()).ok_or_else(|| Refusal::new(400, message))
}

fn give_out(state: &State, jql: String, after: Option<SortKey>) -> String {
    let mut tokens = state.tokens.borrow_mut();
    let number = tokens.len() as u64 + 1;
    let token = format!("CAEaAggD{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    tokens.insert(token.clone(), PageToken { jql, after });
    token
}
