//! Changes of a ticket: one request, answered with 200 whatever came of it, so that the ticket is read before and after.

use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Response},
    message::{Change, Clearable, FieldName, LinkDraft, ListChange, Refused, Report, Updated},
};

use super::{
    queues, read,
    settle::{self, Plan, Wanted},
};
use crate::{
    RequestTracker, api,
    key::Key,
    mapping::{self, words},
};

/// What Request Tracker does not have, and what to do about it.
pub(super) const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Type, "Request Tracker has no types that can be chosen: use a queue or a custom field"),
    (FieldName::Labels, "Request Tracker has no labels: use a custom field"),
    (FieldName::Containers, "Request Tracker has nothing that holds tickets but queues: name one as the project"),
    (FieldName::Resolution, "Request Tracker has no resolutions: the state says how it ended"),
];
const SEVERAL_REQUESTORS: &str = "it has several requestors, and a new one would come behind those that stay: change them in \
                                  Request Tracker, on the ticket's page for people";
const BODY_STAYS: &str = "the description is the first message, which cannot be changed: write a note";

/// Changes a ticket, and says of every field whether Request Tracker kept it.
pub(crate) async fn update(tracker: &RequestTracker, key: Key, change: &Change) -> Result<Updated> {
    let mut report = Report::of(change.asked()).with_gaps(GAPS);
    report.refuse(&FieldName::Body, BODY_STAYS);
    let before = read::ticket(tracker, key).await?;
    check_revision(key, change, &before)?;
    let current: api::Ticket<'_> = before.decode()?;
    let key = Key::parse(&current.id.0.clone().into())?;
    let plan = plan(tracker, change, &current, &mut report).await?;
    let said = carry_out(tracker, key, change, &plan, &current).await?;
    if !plan.body.is_empty() {
        report.wrote();
    }
    finish(tracker, key, &plan, &said, &mut report).await.map(|revision| report.updated(key).with_revision(revision))
}

/// Reads the ticket again, and says of every field whether it is as it was wanted. Returns the revision.
pub(super) async fn finish(
    tracker: &RequestTracker,
    key: Key,
    plan: &Plan,
    said: &[String],
    report: &mut Report,
) -> Result<Option<String>> {
    let after = match read::ticket(tracker, key).await {
        Ok(after) => after,
        Err(error) => {
            report.doubt(&format!("it was written, and the ticket could not be read again: {error}"));
            return Ok(None);
        }
    };
    let ticket: api::Ticket<'_> = match after.decode() {
        Ok(ticket) => ticket,
        Err(error) => {
            report.doubt(&format!("it was written, and what the ticket has become could not be read: {error}"));
            return Ok(None);
        }
    };
    for (field, wanted) in &plan.wanted {
        let is_so = match wanted {
            Wanted::Me => match settle::is_mine(tracker, key).await {
                Ok(is_mine) => is_mine,
                Err(error) => {
                    report.fail(field, error)?;
                    continue;
                }
            },
            wanted => wanted.is_so(&ticket),
        };
        report.settle(field, (!is_so).then(|| kept(said)));
    }
    Ok(after.header("etag").map(str::to_owned))
}

/// Returns the reason of a field that is not as it was asked to be: all that Request Tracker said, since its sentences
/// name no fields.
fn kept(said: &[String]) -> String {
    if said.is_empty() {
        return "Request Tracker left it out without a word: look at what the field takes".to_owned();
    }
    format!("Request Tracker did not keep it, and says: {}", said.join("; "))
}

fn check_revision(key: Key, change: &Change, before: &Response) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = before.header("etag").unwrap_or("unknown");
    if own == asked {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, format!("{key} has changed: its revision is `{own}` and not `{asked}`"))
        .with_hint("Look at it again, and change what is there now."))
}

async fn plan(
    tracker: &RequestTracker,
    change: &Change,
    current: &api::Ticket<'_>,
    report: &mut Report,
) -> Result<Plan> {
    let mut plan = Plan::default();
    if let Some(title) = &change.title {
        plan.want(FieldName::Title, "Subject", title.as_str(), Wanted::Title(title.clone()));
    }
    if let Some(status) = &change.status {
        let state = words::state(status);
        plan.want(FieldName::Status, "Status", state.clone(), Wanted::Status(state));
    }
    match &change.priority {
        Clearable::Keep => {}
        Clearable::Clear => report.refuse(&FieldName::Priority, "a priority cannot be empty: `0` is the lowest"),
        Clearable::Set(asked) => priority(&mut plan, asked, report),
    }
    if let Some(queue) = &change.project {
        let all = queues::all(tracker).await?;
        let name = queues::find(&all, queue)?.name.clone();
        plan.want(FieldName::Project, "Queue", name.clone(), Wanted::Queue(name));
    }
    if let Some(name) = &change.reporter {
        reporter(&mut plan, name, current, report);
    }
    owner(&mut plan, &change.assignees, current, report);
    match &change.due {
        Clearable::Keep => {}
        Clearable::Clear => plan.want(FieldName::Due, "Due", "", Wanted::Due(None)),
        Clearable::Set(due) => {
            let due = settle::due(due);
            plan.want(FieldName::Due, "Due", due.clone(), Wanted::Due(Some(due)));
        }
    }
    match &change.estimate {
        Clearable::Keep => {}
        Clearable::Clear => plan.want(FieldName::Estimate, "TimeEstimated", 0, Wanted::Estimate(0)),
        Clearable::Set(asked) => estimate(&mut plan, asked, report),
    }
    parent(&mut plan, &change.parent, current)?;
    links(&mut plan, &change.links, current, report)?;
    for (name, value) in &change.fields {
        plan.want_field(name, value)?;
    }
    Ok(plan)
}

/// Adds a priority, or says which words there are.
pub(super) fn priority(plan: &mut Plan, asked: &str, report: &mut Report) {
    match words::priority(asked) {
        Some(number) => plan.want(FieldName::Priority, "Priority", number, Wanted::Priority(number)),
        None => report.refuse_for(
            Refused::new(FieldName::Priority, format!("`{asked}` is no priority: it is a number, or one of these"))
                .with_choices(words::PRIORITIES.iter().map(|(_, level)| level.to_string()).collect::<Vec<_>>()),
        ),
    }
}

/// Adds an estimate, or says what units there are.
pub(super) fn estimate(plan: &mut Plan, asked: &usher_adapter_sdk::model::Estimate, report: &mut Report) {
    match settle::minutes(asked) {
        Some(minutes) => plan.want(FieldName::Estimate, "TimeEstimated", minutes, Wanted::Estimate(minutes)),
        None => {
            report.refuse(&FieldName::Estimate, "Request Tracker counts in minutes: name whole `minutes` or `hours`")
        }
    }
}

/// The reporter is the first requestor: whoever has been one the longest, in whatever order they are sent. One who is new comes
/// behind those that stay, and alone would take their places.
fn reporter(plan: &mut Plan, name: &str, current: &api::Ticket<'_>, report: &mut Report) {
    let wanted = Wanted::Reporter(name.to_owned());
    if wanted.is_so(current) {
        plan.wanted.push((FieldName::Reporter, wanted));
    } else if current.requestor.len() > 1 {
        report.refuse(&FieldName::Reporter, SEVERAL_REQUESTORS);
    } else {
        plan.want(FieldName::Reporter, "Requestor", json!([name]), wanted);
    }
}

/// A ticket has one owner.
fn owner(plan: &mut Plan, change: &ListChange<String>, current: &api::Ticket<'_>, report: &mut Report) {
    if change.is_empty() {
        return;
    }
    let own = current.owner.as_ref().and_then(mapping::person);
    let is_own = |name: &String| own.as_ref().is_some_and(|own| own.id.eq_ignore_ascii_case(name));
    let new: Vec<&String> = change.set.as_ref().unwrap_or(&change.add).iter().collect();
    let stays = change.set.is_none() && own.is_some() && !change.remove.iter().any(&is_own);
    match &new[..] {
        [] if stays => plan.wanted.push((FieldName::Assignees, Wanted::Owner(own.map(|own| own.id)))),
        [] => plan.want(FieldName::Assignees, "Owner", "Nobody", Wanted::Owner(None)),
        [name] if !stays || is_own(name) => want_owner(plan, name),
        _ => report.refuse(&FieldName::Assignees, "a ticket has one owner: remove who owns it, or name one alone"),
    }
}

/// Adds an owner; the account itself takes the ticket with a request of its own.
pub(super) fn want_owner(plan: &mut Plan, name: &str) {
    match Wanted::owner(name) {
        Wanted::Me => plan.wanted.push((FieldName::Assignees, Wanted::Me)),
        wanted => plan.want(FieldName::Assignees, "Owner", name, wanted),
    }
}

fn parent(
    plan: &mut Plan,
    change: &Clearable<usher_adapter_sdk::model::TicketKey>,
    current: &api::Ticket<'_>,
) -> Result<()> {
    let new = match change {
        Clearable::Keep => return Ok(()),
        Clearable::Clear => None,
        Clearable::Set(parent) => Some(Key::parse(parent)?.to_string()),
    };
    let own = current.hyperlinks.iter().flatten().filter(|link| link.kind.as_deref() == Some("parent"));
    let old: Vec<String> = own.filter_map(|link| link.id.as_ref()).map(|id| id.0.clone()).take(1).collect();
    let old: Vec<String> = old.into_iter().filter(|old| Some(old) != new.as_ref()).collect();
    let link = |number: &String| ("MemberOf".to_owned(), number.clone());
    let wanted = Wanted::Links { has: new.iter().map(link).collect(), lacks: old.iter().map(link).collect() };
    if !old.is_empty() {
        plan.body.insert("DeleteMemberOf".to_owned(), json!(old));
    }
    if let Some(new) = new {
        plan.body.insert("AddMemberOf".to_owned(), json!([new]));
    }
    plan.wanted.push((FieldName::Parent, wanted));
    Ok(())
}

fn links(
    plan: &mut Plan,
    change: &ListChange<LinkDraft>,
    current: &api::Ticket<'_>,
    report: &mut Report,
) -> Result<()> {
    if change.is_empty() {
        return Ok(());
    }
    let (Some(has), Some(removed)) = (named(change.set.as_ref().unwrap_or(&change.add))?, named(&change.remove)?)
    else {
        report.refuse(&FieldName::Links, LINK_KINDS);
        return Ok(());
    };
    let mut lacks = removed;
    if change.set.is_some() {
        lacks.extend(own_links(current).into_iter().filter(|own| !has.contains(own)));
    }
    // A relation that says no more than that there is one may have been made from the other side.
    let mirrored = lacks.iter().filter(|(name, _)| name == "RefersTo");
    let mirrored: Vec<_> = mirrored.map(|(_, target)| ("ReferredToBy".to_owned(), target.clone())).collect();
    lacks.extend(mirrored.into_iter().filter(|link| own_links(current).contains(link)));
    for (action, list) in [("Add", &has), ("Delete", &lacks)] {
        for (name, target) in list {
            let entry = plan.body.entry(format!("{action}{name}")).or_insert_with(|| json!([]));
            if let Some(targets) = entry.as_array_mut() {
                targets.push(json!(target));
            }
        }
    }
    plan.wanted.push((FieldName::Links, Wanted::Links { has, lacks }));
    Ok(())
}

pub(super) const LINK_KINDS: &str = "Request Tracker has the relations `blocks`, `blocked_by` and `relates`";

/// Returns relations by the names under which they are written; none if it has no such relation.
pub(super) fn named(links: &[LinkDraft]) -> Result<Option<Vec<(String, String)>>> {
    let mut list = Vec::new();
    for link in links {
        let Some(name) = words::link_name(&link.kind) else { return Ok(None) };
        list.push((name.to_owned(), Key::parse(&link.target)?.to_string()));
    }
    Ok(Some(list))
}

fn own_links(current: &api::Ticket<'_>) -> Vec<(String, String)> {
    let link = |link: &api::Hyperlink<'_>| {
        let (_, _, name) = words::LINKS.iter().find(|(kind, ..)| link.kind.as_deref() == Some(kind))?;
        Some(((*name).to_owned(), link.id.as_ref()?.0.clone()))
    };
    current.hyperlinks.iter().flatten().filter_map(link).collect()
}

/// Sends what is to be written, and returns what Request Tracker said about it.
async fn carry_out(
    tracker: &RequestTracker,
    key: Key,
    change: &Change,
    plan: &Plan,
    current: &api::Ticket<'_>,
) -> Result<Vec<String>> {
    let mut said = Vec::new();
    if !plan.body.is_empty() {
        let mut request = tracker.request(Method::Put, ["ticket", &key.to_string()])?.json(&plan.body)?;
        if let Some(revision) = &change.if_revision {
            request = request.header("if-match", revision);
        }
        let answer = tracker.send(request, &key).await?;
        // It was written, whatever is said of it: what came of it is read from the ticket.
        said.extend(answer.decode::<Vec<String>>().unwrap_or_else(|error| vec![error.to_string()]));
    }
    let has_owner = current.owner.as_ref().and_then(mapping::person).is_some();
    said.extend(take(tracker, key, plan, has_owner).await?);
    Ok(said)
}

/// Takes the ticket for the account, where that is wanted: from nobody, or from whoever owns it.
pub(super) async fn take(tracker: &RequestTracker, key: Key, plan: &Plan, has_owner: bool) -> Result<Vec<String>> {
    if !plan.wanted.iter().any(|(_, wanted)| matches!(wanted, Wanted::Me)) || settle::is_mine(tracker, key).await? {
        return Ok(Vec::new());
    }
    let how = if has_owner { "steal" } else { "take" };
    let request = tracker.request(Method::Put, ["ticket", &key.to_string(), how])?;
    match tracker.send(request.json(&json!({}))?, &key).await {
        Ok(answer) => answer.decode(),
        // What was written before it stays; whether the ticket is ours now is looked up.
        Err(error) if !plan.body.is_empty() => Ok(vec![error.to_string()]),
        Err(error) => Err(error),
    }
}
