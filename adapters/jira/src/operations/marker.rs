//! Markers: properties of issues and of comments, which nobody sees on the page. Found again by direct read, since a search
//! learns of new things late.
//!
//! A new issue has the next number of its project: so the numbers behind the last one that a search knows are read themselves.

use serde::Serialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::Method,
    message::{Found, MarkerKind},
};

use super::{
    list::{PAGE_SIZE, Search},
    paging, people, read,
};
use crate::{
    Jira, api,
    jql::{self, Jql},
    key::{self, Key},
    mapping,
    site::Edition,
};

/// The key of the property.
const PROPERTY: &str = "usher.marker";
/// How long ago a write may have been made whose answer was lost.
const LOOK_BACK_MILLIS: i64 = 24 * 60 * 60 * 1_000;
/// How many numbers behind the last known one are read where each takes a request of its own.
const AHEAD: u64 = 20;

/// A property to be written.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Property<'a> {
    key: &'static str,
    value: Value<'a>,
}

/// Jira takes any JSON; an object can be added to later.
#[derive(Debug, Clone, Serialize)]
struct Value<'a> {
    marker: &'a str,
}

/// Returns the property that holds a marker.
pub(super) fn property(marker: &str) -> Property<'_> {
    Property { key: PROPERTY, value: Value { marker } }
}

/// Hangs a marker on a comment that is there.
pub(super) async fn put_on_note(jira: &Jira, id: &str, marker: &str) -> Result<()> {
    let value = Value { marker };
    let request =
        |api: crate::request::Api<'_>| api.request(Method::Put, ["comment", id, "properties", PROPERTY])?.json(&value);
    jira.send(&id, request).await.map(drop)
}

/// Finds the issues, or the comments of an issue, that carry a marker.
pub(crate) async fn find_by_marker(
    jira: &Jira,
    kind: &MarkerKind,
    marker: &str,
    key: Option<Key<'_>>,
) -> Result<Vec<Found>> {
    match (kind, key) {
        (MarkerKind::Ticket, _) => tickets(jira, marker).await,
        (MarkerKind::Note, Some(key)) => notes(jira, key, marker).await,
        (MarkerKind::Note, None) => Err(Error::validation("a note is found on its ticket: name that")),
        (other, _) => Err(Error::unsupported(format_args!("a marker of the kind `{other}`"))),
    }
}

async fn tickets(jira: &Jira, marker: &str) -> Result<Vec<Found>> {
    let mut found = lately_made(jira, marker).await?;
    let connection = jira.host.connection();
    let mut projects: Vec<String> = connection.projects.iter().chain(&connection.default_project).cloned().collect();
    projects.extend(jira.memory.project_of(marker));
    projects.sort();
    projects.dedup();
    for project in projects {
        for ticket in behind_the_last(jira, &project, marker).await? {
            if !found.iter().any(|known| known.key == ticket.key) {
                found.push(ticket);
            }
        }
    }
    Ok(found)
}

/// Returns what a search already knows of what the account has made.
async fn lately_made(jira: &Jira, marker: &str) -> Result<Vec<Found>> {
    let since = jira.host.now().unix_millis().saturating_sub(LOOK_BACK_MILLIS);
    let mut jql = Jql::default();
    jql.and(format!("reporter = currentUser() AND created >= {since}"));
    jql.order_by("created DESC, key DESC");
    let search = Search { jql: jql.to_string(), max_results: PAGE_SIZE, fields: vec!["created".to_owned()] };
    let keys = keys(jira, &search).await?;
    marked(jira, &keys, marker).await
}

/// Reads the numbers behind the last one of a project that a search knows, and the last ones themselves.
async fn behind_the_last(jira: &Jira, project: &str, marker: &str) -> Result<Vec<Found>> {
    let mut jql = Jql::default();
    jql.and(jql::any_of("project", [project]));
    jql.order_by("key DESC");
    let search = Search { jql: jql.to_string(), max_results: 1, fields: vec!["created".to_owned()] };
    let last = keys(jira, &search).await?.into_iter().next();
    let (project, last) = match last.as_deref().and_then(key::split) {
        Some((project, number)) => (project.to_owned(), number.parse::<u64>().unwrap_or(0)),
        None => (project.to_owned(), 0),
    };
    let ahead = if jira.edition().await? == Edition::Cloud { PAGE_SIZE - 1 } else { AHEAD };
    let keys: Vec<String> =
        (last.max(1)..=last.saturating_add(ahead)).map(|number| format!("{project}-{number}")).collect();
    marked(jira, &keys, marker).await
}

async fn keys(jira: &Jira, search: &Search) -> Result<Vec<String>> {
    let response = search.send(jira, None).await?;
    let found: api::Found<'_> = response.decode()?;
    let key = |item: &&RawValue| Ok(decode::json::<api::Issue<'_>>(item.get().as_bytes())?.key.to_string());
    found.issues.iter().map(key).collect()
}

/// The body of the request, as for a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BulkFetch<'a> {
    issue_ids_or_keys: &'a [String],
    fields: [&'static str; 1],
    properties: [&'static str; 1],
}

/// Returns which of some issues carry a marker. Those that are not there are only not found.
async fn marked(jira: &Jira, keys: &[String], marker: &str) -> Result<Vec<Found>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    if jira.edition().await? == Edition::Cloud {
        let body = BulkFetch { issue_ids_or_keys: keys, fields: ["created"], properties: [PROPERTY] };
        let response = jira.send(&"the newest issues", |api| api.query(["issue", "bulkfetch"])?.json(&body)).await?;
        let fetched: api::BulkFetched<'_> = response.decode()?;
        let issues = fetched.issues.iter().map(|item| decode::json::<api::Issue<'_>>(item.get().as_bytes()));
        let issues = issues.collect::<Result<Vec<_>>>()?;
        return Ok(issues.iter().filter_map(|issue| carrier(jira, issue, marker)).collect());
    }
    let mut found = Vec::new();
    for key in keys {
        let request = |api: crate::request::Api<'_>| {
            Ok(api.get(["issue", key])?.query("fields", "created").query("properties", PROPERTY))
        };
        match jira.send(&key, request).await {
            Ok(response) => found.extend(carrier(jira, &response.decode()?, marker)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn carrier(jira: &Jira, issue: &api::Issue<'_>, marker: &str) -> Option<Found> {
    let properties: serde_json::Value = serde_json::from_str(issue.properties?.get()).ok()?;
    let is_marked = properties[PROPERTY]["marker"] == marker;
    is_marked.then(|| {
        Found::ticket(&*issue.key)
            .with_url(mapping::page(jira.site(), &issue.key))
            .with_created_at(issue.fields.created)
    })
}

/// Reads every comment of an issue. An internal one is marked by a request of its own, which may have failed: where one of ours
/// carries no marker at all, nobody can say whether it is the one.
async fn notes(jira: &Jira, key: Key<'_>, marker: &str) -> Result<Vec<Found>> {
    let path = ["issue", key.as_str(), "comment"];
    let pages = paging::all(jira, &key, |api| Ok(api.get(path)?.query("expand", "properties"))).await?;
    let (mut found, mut unmarked) = (Vec::new(), Vec::new());
    let since = jira.host.now().unix_millis().saturating_sub(LOOK_BACK_MILLIS);
    for page in &pages {
        for comment in page.decode::<api::Comments<'_>>()?.items {
            match marker_of(jira, &comment, since).await? {
                Some(own) if own == marker => {
                    found.push(Found::note(key.as_str(), comment.id.to_string()).with_created_at(comment.created));
                }
                None if is_recent(&comment, since) => unmarked.push(comment),
                _ => {}
            }
        }
    }
    if found.is_empty()
        && let Some(id) = doubtful(jira, key, &unmarked).await?
    {
        let message =
            format!("{key}: the internal note {id} carries no marker, so that nobody can say whether it is the one");
        return Err(Error::new(ErrorKind::OutcomeUnknown, message)
            .with_hint("Look at the issue before you write the note again."));
    }
    Ok(found)
}

/// Returns an internal comment of the account's own, if there is one among some.
async fn doubtful(jira: &Jira, key: Key<'_>, comments: &[api::Comment<'_>]) -> Result<Option<String>> {
    // Only Cloud's comments say themselves that they are public; elsewhere the service desk has to be asked.
    let unclear: Vec<_> = comments.iter().filter(|comment| comment.jsd_public != Some(true)).collect();
    if unclear.is_empty() {
        return Ok(None);
    }
    let told =
        read::public_notes(jira, key.as_str(), unclear.iter().any(|comment| comment.jsd_public.is_none())).await?;
    let told = read::told(&told.iter().map(|page| page.decode()).collect::<Result<Vec<_>>>()?);
    let is_internal = |comment: &&&api::Comment<'_>| {
        let told = told.iter().find(|(id, _)| **id == *comment.id).map(|(_, public)| *public);
        comment.jsd_public.or(told) == Some(false)
    };
    let internal: Vec<_> = unclear.iter().filter(is_internal).collect();
    if internal.is_empty() {
        return Ok(None);
    }
    let me = people::me(jira).await?;
    let is_own = |comment: &&&&api::Comment<'_>| {
        comment
            .author
            .as_ref()
            .map(mapping::user)
            .is_some_and(|author| author.id == me || author.handle.as_ref() == Some(&me))
    };
    Ok(internal.iter().find(is_own).map(|comment| comment.id.to_string()))
}

fn is_recent(comment: &api::Comment<'_>, since: i64) -> bool {
    comment.created.is_none_or(|created| created.unix_millis() >= since)
}

/// Returns the marker of a comment; where the list does not show properties, the recent ones are asked for it.
async fn marker_of(jira: &Jira, comment: &api::Comment<'_>, since: i64) -> Result<Option<String>> {
    let read = |raw: &RawValue| {
        let value: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
        value["marker"].as_str().map(str::to_owned)
    };
    if let Some(properties) = &comment.properties {
        let own = properties.iter().find(|property| &*property.key == PROPERTY);
        return Ok(own.and_then(|property| read(property.value)));
    }
    if !is_recent(comment, since) {
        return Ok(None);
    }
    let id: &str = &comment.id;
    match jira.send(&id, |api| api.get(["comment", id, "properties", PROPERTY])).await {
        Ok(response) => Ok(read(response.decode::<api::Property<'_>>()?.value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
