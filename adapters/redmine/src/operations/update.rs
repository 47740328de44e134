//! Changes of an issue. Redmine answers 204 to whatever it makes of them: so statuses are looked at before, and everything after.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Method,
    message::{Change, Clearable, FieldName, ME, Report, Updated},
};

use super::{
    create::{self, one_assignee, taken},
    input::{self, GAPS, Input, Written},
    links, lookup, read,
};
use crate::{Redmine, api, key::Key, mapping, request::of_issue};

/// What is looked at before and after.
const PARTS: &str = "allowed_statuses,relations";

/// Changes an issue, and says of every field whether Redmine kept it.
pub(crate) async fn update(redmine: &Redmine, key: Key, change: &Change) -> Result<Updated> {
    redmine.known().await?;
    let mut report = Report::of(change.asked()).with_gaps(GAPS);
    let current = read::issue(redmine, key, PARTS).await?;
    let api::One { issue } = current.decode()?;
    check_revision(key, change, &issue)?;
    let steps = links::steps(&change.links, Some(&issue))?;
    let input = input(redmine, change, &issue, &mut report).await?;
    if !input.is_empty() {
        let request = redmine.request(Method::Put, of_issue(key))?.json(&Written { issue: &input })?;
        redmine.send(request, &format!("issue {key}")).await?;
        report.wrote();
    }
    links::carry_out(redmine, key, steps, &mut report).await?;
    if !report.has_written() {
        input.compare(&issue, &mut report);
        return Ok(report.updated(key).with_revision(issue.updated_on.map(|time| time.to_string())));
    }
    let response = match read::issue(redmine, key, PARTS).await {
        Ok(response) => response,
        Err(error) => {
            report.doubt(&format!("it was sent, and the issue could not be read after that: {error}"));
            return Ok(report.updated(key));
        }
    };
    let api::One { issue } = response.decode()?;
    input.compare(&issue, &mut report);
    Ok(report.updated(key).with_revision(issue.updated_on.map(|time| time.to_string())))
}

/// Redmine has no conditional writes: between this look and the write somebody may still come first.
fn check_revision(key: Key, change: &Change, issue: &api::Issue<'_>) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = issue.updated_on.map(|time| time.to_string());
    if own.as_ref() == Some(asked) {
        return Ok(());
    }
    let own = own.unwrap_or_else(|| "unknown".to_owned());
    Err(Error::new(ErrorKind::Conflict, format!("issue {key} has changed: its revision is `{own}` and not `{asked}`"))
        .with_hint("Look at it again, and change what is there now."))
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
async fn input(redmine: &Redmine, change: &Change, issue: &api::Issue<'_>, report: &mut Report) -> Result<Input> {
    let mut input = Input { subject: change.title.clone(), ..Input::default() };
    input.description = body(redmine, change, issue, report);
    input.priority_id = match &change.priority {
        Clearable::Keep => None,
        Clearable::Set(name) => Some(create::priority(redmine, name).await?),
        Clearable::Clear => {
            report.refuse(&FieldName::Priority, "every issue of Redmine's has a priority");
            None
        }
    };
    input.parent_issue_id = match &change.parent {
        Clearable::Keep => None,
        Clearable::Clear => Some(String::new()),
        Clearable::Set(parent) => Some(Key::parse(parent)?.to_string()),
    };
    input.due_date = cleared(report, &FieldName::Due, &change.due, input::due_date);
    input.estimated_hours = cleared(report, &FieldName::Estimate, &change.estimate, input::hours);
    of_project(redmine, change, issue, &mut input, report).await?;
    if let Some(name) = &change.status {
        input.status_id = Some(status(redmine, issue, &input, name).await?);
    }
    Ok(input)
}

/// Takes what is named within a project.
async fn of_project(
    redmine: &Redmine,
    change: &Change,
    issue: &api::Issue<'_>,
    input: &mut Input,
    report: &mut Report,
) -> Result<()> {
    let own = issue.project.as_ref().map(|project| project.id.to_string());
    let is_asked = change.project.is_some()
        || change.ticket_type.is_some()
        || !change.assignees.is_empty()
        || !change.containers.is_empty()
        || !change.fields.is_empty();
    if !is_asked {
        return Ok(());
    }
    let name = change.project.clone().or(own);
    let name =
        name.ok_or_else(|| Error::new(ErrorKind::ResponseParse, "the issue does not say of which project it is"))?;
    let response = lookup::project_of(redmine, &name).await?;
    let api::OneProject { project } = response.decode()?;
    input.project_id = change.project.is_some().then_some(project.id);
    if let Some(name) = &change.ticket_type {
        input.tracker_id = Some(lookup::tracker(name, &project.trackers)?.id);
    }
    input.assigned_to_id = assignee(redmine, change, issue, project.id, report).await?;
    containers(redmine, change, issue, &project, input, report).await?;
    if !change.fields.is_empty() {
        let named = |it: &api::CustomValue<'_>| (it.id, it.name.as_deref().unwrap_or_default().to_owned());
        let known: Vec<(u64, String)> = issue.custom_fields.iter().flatten().map(named).collect();
        input.fields(&change.fields, &known)?;
    }
    Ok(())
}

/// Returns the new description; a text that would lose something is written only by force.
fn body(redmine: &Redmine, change: &Change, issue: &api::Issue<'_>, report: &mut Report) -> Option<String> {
    let body = match &change.body {
        Clearable::Keep => return None,
        Clearable::Clear => return Some(String::new()),
        Clearable::Set(body) => body,
    };
    let held = mapping::body(issue, redmine.config.text_format).map(|held| held.lossy).unwrap_or_default();
    if !held.is_empty() && !change.force_lossy && body.native.is_none() {
        let reason =
            format!("the text has what Markdown cannot hold ({}) and would lose it: force it", held.join(", "));
        report.refuse(&FieldName::Body, reason);
        return None;
    }
    Some(redmine.config.text_format.body(body, report))
}

/// Finds a status that the account may set now. Redmine would drop any other without a word.
async fn status(redmine: &Redmine, issue: &api::Issue<'_>, input: &Input, name: &str) -> Result<u64> {
    let response = redmine.read(["issue_statuses.json"]).await?;
    let lists: api::Lists<'_> = response.decode()?;
    let own = issue.status.as_ref();
    // What is allowed is told of the type and project that the issue has: of others it shows afterwards.
    let allowed = issue.allowed_statuses.as_ref().filter(|_| !input.moves(issue));
    let Some(allowed) = allowed else { return Ok(lookup::status(name, &lists.issue_statuses)?.id) };
    // Of several statuses of one of our steps the account may be allowed one.
    if let Ok(found) = lookup::status(name, allowed) {
        return Ok(found.id);
    }
    let found = lookup::status(name, &lists.issue_statuses)?;
    if own.is_some_and(|own| own.id == found.id) {
        return Ok(found.id);
    }
    let choices = allowed.iter().map(|status| &*status.name).collect::<Vec<_>>().join(", ");
    let current = own.map_or_else(String::new, |own| format!(" from `{}`", own.name));
    Err(Error::new(ErrorKind::Permission, format!("the account may not set `{}`{current}", found.name))
        .with_field("status", format!("can be: {choices}"))
        .with_hint("The workflow of the account's roles decides. Nothing was written."))
}

async fn assignee(
    redmine: &Redmine,
    change: &Change,
    issue: &api::Issue<'_>,
    project: u64,
    report: &mut Report,
) -> Result<Option<String>> {
    let asked = &change.assignees;
    let current = issue.assigned_to.as_ref();
    if let Some(set) = &asked.set {
        return match &set[..] {
            [] => Ok(Some(String::new())),
            [name] => lookup::person(redmine, project, name).await.map(|id| Some(id.to_string())),
            _ => Err(one_assignee()),
        };
    }
    let mut is_removed = false;
    for name in &asked.remove {
        let Some(current) = current else { break };
        is_removed |= match name.as_str() {
            ME => redmine.me().await?.id == current.id,
            name => lookup::is_called(current, name) || lookup::person(redmine, project, name).await? == current.id,
        };
    }
    match &asked.add[..] {
        [] => Ok(is_removed.then(String::new)),
        [name] => {
            let id = lookup::person(redmine, project, name).await?;
            match current.filter(|current| current.id != id && !is_removed) {
                // Whoever has it would lose it without a word.
                Some(current) => {
                    let reason =
                        format!("an issue has one assignee, and this one is {}'s: set it instead", current.name);
                    report.refuse(&FieldName::Assignees, reason);
                    Ok(None)
                }
                None => Ok(Some(id.to_string())),
            }
        }
        _ => Err(one_assignee()),
    }
}

async fn containers(
    redmine: &Redmine,
    change: &Change,
    issue: &api::Issue<'_>,
    project: &api::Project<'_>,
    input: &mut Input,
    report: &mut Report,
) -> Result<()> {
    let asked = &change.containers;
    let is_removed =
        |own: &&api::Named<'_>| asked.set.is_some() || asked.remove.iter().any(|name| lookup::is_called(own, name));
    let (version, category) = (issue.fixed_version.as_ref(), issue.category.as_ref());
    input.fixed_version_id = version.filter(is_removed).map(|_| String::new());
    input.category_id = category.filter(is_removed).map(|_| String::new());
    create::containers(redmine, project, asked.set.as_ref().unwrap_or(&asked.add), input).await?;
    // The issue would lose the one that it has without a word.
    let is_lost = |own: &&api::Named<'_>, sent: &Option<String>| {
        !is_removed(own) && sent.as_ref().is_some_and(|id| *id != own.id.to_string())
    };
    let version = version.filter(|own| is_lost(own, &input.fixed_version_id)).map(|own| ("version", own));
    let category = category.filter(|own| is_lost(own, &input.category_id)).map(|own| ("category", own));
    if let Some((what, own)) = version.or(category) {
        let reason = format!(
            "an issue has one {what}, and this one has `{}`: remove that in the same change, or set the list",
            own.name
        );
        report.refuse(&FieldName::Containers, reason);
        (input.fixed_version_id, input.category_id) = (None, None);
    }
    Ok(())
}

/// Returns a value that can be cleared; where Redmine cannot hold it the field is refused, and the rest is written.
fn cleared<T>(
    report: &mut Report,
    field: &FieldName,
    change: &Clearable<T>,
    value: impl Fn(&T) -> Result<String, String>,
) -> Option<String> {
    match change {
        Clearable::Keep => None,
        Clearable::Clear => Some(String::new()),
        Clearable::Set(set) => taken(report, field, Some(value(set))),
    }
}
