//! Changes of an issue, as deltas: a label that somebody else adds meanwhile survives.
//!
//! Everything is looked up and checked before anything is written: the screens, the way to a state and what it asks for, the names.
//! What came of it is read from the issue afterwards, not from what was sent.

use futures_util::future;
use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Method,
    message::{Change, Clearable, FieldName, Report, Updated},
    model::Time,
};

use super::{
    fill::{self, Screens},
    links::{self, Links},
    plan::{Body, Current, Plan},
    read,
    screen::Screen,
    transition::{self, Way},
};
use crate::{Jira, api, key::Key, mapping};

/// What is asked of an issue that is to be changed.
const FIELDS: &str = "*all,-comment";

/// Changes an issue, and says of every field whether Jira kept it.
pub(crate) async fn update(jira: &Jira, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = Report::of(change.asked());
    if change.project.is_some() {
        report.refuse(&FieldName::Project, "issues are moved to another project on their page");
    }
    let (before, screen) = future::try_join(read::issue(jira, key, FIELDS), Screen::of_edit(jira, key)).await?;
    let issue: api::Issue<'_> = before.decode()?;
    check_revision(&issue, change)?;
    check_lossy(&issue, change)?;
    let way = match &change.status {
        Some(word) => way(jira, key, word, issue.fields.status.as_ref()).await?,
        None => None,
    };
    let screens = Screens { own: &screen, way: way.as_ref().map(|way| &way.screen) };
    let plan = fill::plan(jira, change, screens, Some(&issue.fields), &mut report).await?;
    if let Some(way) = &way {
        way.check(&plan)?;
    }
    let links = Links::of(jira, &change.links, &issue.fields.links).await?;
    let by_way = |write: &super::plan::Write| way.as_ref().is_some_and(|way| way.takes(write, &screen));
    edit(jira, key, &plan.body(|write| !by_way(write)), &mut report).await?;
    if let Some(way) = &way {
        go(jira, key, way, &plan.body(by_way), &mut report).await?;
    }
    links.carry_out(jira, &issue.key, &mut report).await?;
    jira.memory.wrote(issue.id.as_deref());
    let read = read_back(jira, key, change, &plan, way.as_ref(), &mut report).await?;
    report.doubt("nothing was read back of it");
    let (own, revision) = read.unwrap_or_else(|| (issue.key.to_string(), None));
    Ok(report.updated(own).with_revision(revision.map(|time| time.to_string())))
}

/// Returns the way to the state that a word means; none where the issue is there.
pub(super) async fn way(
    jira: &Jira,
    key: Key<'_>,
    word: &str,
    current: Option<&api::Status<'_>>,
) -> Result<Option<Way>> {
    let response = transition::of_issue(jira, key).await?;
    let transitions: api::Transitions<'_> = response.decode()?;
    if current.is_some() {
        return transition::way_to(word, current, &transitions);
    }
    let response = read::issue(jira, key, "status").await?;
    let issue: api::Issue<'_> = response.decode()?;
    transition::way_to(word, issue.fields.status.as_ref(), &transitions)
}

/// Makes a transition, with the fields that it takes.
pub(super) async fn go(jira: &Jira, key: Key<'_>, way: &Way, body: &Body<'_>, report: &mut Report) -> Result<()> {
    #[derive(Serialize)]
    struct Transition<'a> {
        transition: Id<'a>,
        #[serde(flatten)]
        body: &'a Body<'a>,
    }
    #[derive(Serialize)]
    struct Id<'a> {
        id: &'a str,
    }
    let sent = Transition { transition: Id { id: &way.id }, body };
    let request =
        |api: crate::request::Api<'_>| api.request(Method::Post, ["issue", key.as_str(), "transitions"])?.json(&sent);
    report.step(&transition::FIELD, jira.send(&key, request).await).map(drop)
}

/// Reads the issue again and says of every field what has become of it; returns its key and when it changed.
pub(super) async fn read_back(
    jira: &Jira,
    key: Key<'_>,
    change: &Change,
    plan: &Plan,
    way: Option<&Way>,
    report: &mut Report,
) -> Result<Option<(String, Option<Time>)>> {
    #[derive(serde::Deserialize)]
    struct Fields {
        #[serde(default)]
        fields: Current,
    }
    let read = match read::issue(jira, key, FIELDS).await {
        Ok(read) => read,
        Err(error) if report.has_written() => {
            report.doubt(&format!("the issue could not be read again: {error}"));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let issue: api::Issue<'_> = read.decode()?;
    let current: Fields = read.decode()?;
    plan.settle(report, &current.fields);
    if change.status.is_some() {
        report.settle(&transition::FIELD, way.and_then(|way| way.missed(issue.fields.status.as_ref())));
    }
    if !change.links.is_empty() {
        report.settle(&FieldName::Links, links::missed(&change.links, &issue.fields.links));
    }
    Ok(Some((issue.key.to_string(), issue.fields.updated)))
}

/// Writes the fields. It is the first request that writes: if it fails, so has the whole change.
async fn edit(jira: &Jira, key: Key<'_>, body: &Body<'_>, report: &mut Report) -> Result<()> {
    if body.is_empty() {
        return Ok(());
    }
    let request = |api: crate::request::Api<'_>| api.request(Method::Put, ["issue", key.as_str()])?.json(body);
    jira.send(&key, request).await?;
    report.wrote();
    Ok(())
}

/// Jira has no conditional writes: between this look and the write somebody may still come first.
fn check_revision(issue: &api::Issue<'_>, change: &Change) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = issue.fields.updated.map(|time| time.to_string());
    if own.as_ref() == Some(asked) {
        return Ok(());
    }
    let (key, own) = (&issue.key, own.unwrap_or_else(|| "unknown".to_owned()));
    Err(Error::new(ErrorKind::Conflict, format!("{key} has changed: its revision is `{own}` and not `{asked}`"))
        .with_hint("Look at it again, and change what is there now."))
}

/// A body is not replaced where it holds what Markdown cannot, unless that is what somebody wants.
fn check_lossy(issue: &api::Issue<'_>, change: &Change) -> Result<()> {
    if change.body.is_keep() || matches!(change.body, Clearable::Clear) || change.force_lossy {
        return Ok(());
    }
    let Some(own) = issue.fields.description else { return Ok(()) };
    let lossy = mapping::rich_text(own)?.lossy;
    if lossy.is_empty() {
        return Ok(());
    }
    Err(Error::validation(format!("the description of {} holds what Markdown cannot: {}", issue.key, lossy.join(", ")))
        .with_field("body", "would lose it")
        .with_hint("Change it on its page, or say that it may be lost (`force_lossy`)."))
}
