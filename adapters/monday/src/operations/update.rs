//! Changes of an item. What came of them is read from monday.com's answer, not from what was sent.
//!
//! Labels and people are written as whole lists: what is added and removed is applied to the item as it was read just before.

use serde::Serialize;
use serde_json::json;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    message::{Change, Clearable, FieldName, ListChange, Report, Updated},
    model::TicketKey,
};

use super::{
    board, compare, create,
    people::{Everybody, People, Somebody},
    read::{self, Wanted},
    values::{Check, Target, Values},
};
use crate::{
    Monday, api, documents,
    key::Key,
    mapping::{self, Columns, Role, same},
};

/// What of an item cannot be changed.
const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Parent, "monday.com does not move an item below another"),
    (FieldName::Project, "an item that moves to another board loses columns: move it on its page"),
];

#[derive(Serialize)]
struct NewValues<'a> {
    board: &'a str,
    item: &'a str,
    values: String,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Changes an item, and says of every field whether monday.com kept it.
pub(crate) async fn update(monday: &Monday, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = Report::of(change.asked()).with_gaps(create::GAPS).with_gaps(GAPS);
    let response = read::ask(monday, key, Wanted::LEAST).await?;
    let item: api::Item<'_> = decode::json(read::main(monday, &response, key)?.get().as_bytes())?;
    check(key, change, &item)?;
    let own = item.board.as_ref().and_then(|board| board.id.as_deref());
    let id = own.ok_or_else(|| Error::new(ErrorKind::ResponseParse, format!("{key}: the item has no board")))?;
    let tags = board::ask(monday, id).await?;
    let (found, tags) = board::found(monday, &tags, id)?;
    let columns = Columns::of(Some(&found), &monday.config.columns);
    let people = if change.assignees.is_empty() { None } else { Some(People::ask(monday).await?) };
    let target = Target { columns: &columns, tags: &tags };
    let values = values(monday, change, target, &item, people.as_ref(), &mut report)?;
    let group = group(change, &found, &item)?;

    let mut last = None;
    if !values.is_empty() {
        let new = NewValues { board: id, item: key.item, values: values.text(), wanted: Wanted::LEAST };
        let response = monday.ask(documents::ITEM_CHANGE, &new).await?;
        let written = create::written(monday, &response, &key)?;
        report.wrote();
        compare::compare(&mut report, &values.checks, &written);
        last = Some(identity(monday, &written, &found, &columns)?);
    }
    if let Some(group) = group {
        let Wanted { notes, attachments } = Wanted::LEAST;
        let variables = json!({ "item": key.item, "group": group, "notes": notes, "attachments": attachments });
        let response = monday.ask(documents::ITEM_MOVE, &variables).await;
        if let Some(response) = report.step(&FieldName::Containers, response)? {
            let written = create::written(monday, &response, &key);
            if let Some(written) = report.step(&FieldName::Containers, written)? {
                compare::compare(&mut report, &[(FieldName::Containers, Check::Group(group.to_owned()))], &written);
                last = Some(identity(monday, &written, &found, &columns)?);
            }
        }
    } else {
        // Removing an item from a group that it is not in is done already.
        report.settle(&FieldName::Containers, None);
    }
    report.doubt("it was not read back");
    let (key, revision) = match last {
        Some(last) => last,
        None => identity(monday, &item, &found, &columns)?,
    };
    Ok(report.updated(key).with_revision(revision))
}

/// Looks before the write, since monday.com has no conditional writes, and changes nothing that is not active.
fn check(key: Key<'_>, change: &Change, item: &api::Item<'_>) -> Result<()> {
    if let Some(state) = item.state.as_deref().filter(|state| *state != "active") {
        return Err(
            Error::new(ErrorKind::Conflict, format!("{key} is {state}")).with_hint("Restore it on its board first.")
        );
    }
    if change.title.as_deref().is_some_and(|title| title.trim().is_empty()) {
        return Err(Error::validation("an item needs a name").with_field("title", "must not be empty"));
    }
    let Some(asked) = change.if_revision.as_deref() else { return Ok(()) };
    let own = item.updated_at.map(|time| time.to_string());
    if own.as_deref() == Some(asked) {
        return Ok(());
    }
    let own = own.as_deref().unwrap_or("unknown");
    Err(Error::new(ErrorKind::Conflict, format!("{key} has changed meanwhile: it has revision {own}, and not {asked}"))
        .with_hint("Look at it, and change what it is now."))
}

fn values(
    monday: &Monday,
    change: &Change,
    target: Target<'_>,
    item: &api::Item<'_>,
    people: Option<&People>,
    report: &mut Report,
) -> Result<Values> {
    let mut values = Values::default();
    if let Some(title) = &change.title {
        values.name(title);
    }
    let labels = [
        (Role::Status, FieldName::Status, change.status.as_deref().map(Some)),
        (Role::Type, FieldName::Type, change.ticket_type.as_deref().map(Some)),
        (Role::Priority, FieldName::Priority, wish(&change.priority).map(|word| word.map(String::as_str))),
    ];
    for (role, field, word) in labels {
        if let Some(word) = word {
            values.label(target, role, field, word, report)?;
        }
    }
    if let Some(people) = people {
        let people = assignees(&change.assignees, target.columns, item, &people.read(monday)?)?;
        values.people(target, &people, report);
    }
    if !change.labels.is_empty() {
        let own = mapping::value(item, target.columns, Role::Labels).map(mapping::labels).unwrap_or_default();
        values.labels(target, &changed(&change.labels, own), report)?;
    }
    if let Some(body) = wish(&change.body) {
        values.body(target, body, report);
    }
    if let Some(due) = wish(&change.due) {
        values.due(target, due, report);
    }
    if let Some(estimate) = wish(&change.estimate) {
        values.estimate(target, estimate, report);
    }
    for (name, value) in &change.fields {
        if let Some(value) = wish(value) {
            values.custom(target, name, value, report)?;
        }
    }
    Ok(values)
}

/// Returns what a field shall become: nothing where it stays, nothing inside where it is cleared.
fn wish<T>(change: &Clearable<T>) -> Option<Option<&T>> {
    match change {
        Clearable::Keep => None,
        Clearable::Clear => Some(None),
        Clearable::Set(value) => Some(Some(value)),
    }
}

/// Returns the labels that an item shall have; names compare without regard to case.
fn changed(change: &ListChange<String>, own: Vec<String>) -> Vec<String> {
    let mut labels = change.set.clone().unwrap_or(own);
    labels.retain(|label| !change.remove.iter().any(|name| same(name, label)));
    for name in &change.add {
        if !labels.iter().any(|label| same(name, label)) {
            labels.push(name.clone());
        }
    }
    labels
}

fn assignees(
    change: &ListChange<String>,
    columns: &Columns<'_, '_>,
    item: &api::Item<'_>,
    everybody: &Everybody<'_>,
) -> Result<Vec<Somebody>> {
    let find = |names: &[String]| names.iter().map(|name| everybody.find(name)).collect::<Result<Vec<_>>>();
    let value = mapping::value(item, columns, Role::Assignee);
    let own = value.and_then(|value| value.persons_and_teams.as_deref()).unwrap_or_default();
    let kind = |person: &api::Person<'_>| match person.kind.as_deref() {
        Some("team") => "team",
        Some("agent") => "agent",
        _ => "person",
    };
    let mut people = match &change.set {
        Some(set) => find(set)?,
        None => own.iter().map(|person| Somebody { id: person.id.to_string(), kind: kind(person) }).collect(),
    };
    let removed = find(&change.remove)?;
    people.retain(|one| !removed.contains(one));
    for one in find(&change.add)? {
        if !people.contains(&one) {
            people.push(one);
        }
    }
    Ok(people)
}

/// Returns the group that the item shall be in, if it is another one; from its own it can only be moved.
fn group<'a>(change: &Change, board: &'a api::Board<'_>, item: &api::Item<'_>) -> Result<Option<&'a str>> {
    let ListChange { set, add, remove, .. } = &change.containers;
    let named = create::group(board, set.as_deref().unwrap_or(add))?;
    let own = item.group.as_ref();
    let is_own = |name: &String| {
        own.is_some_and(|own| *own.id == **name || own.title.as_deref().is_some_and(|title| same(title, name)))
    };
    if named.is_none() && (remove.iter().any(is_own) || set.as_ref().is_some_and(Vec::is_empty)) {
        return Err(
            Error::validation("an item is always in a group").with_field("containers", "name the group it moves to")
        );
    }
    Ok(named.filter(|group| own.is_none_or(|own| *own.id != **group)))
}

fn identity(
    monday: &Monday,
    item: &api::Item<'_>,
    board: &api::Board<'_>,
    columns: &Columns<'_, '_>,
) -> Result<(TicketKey, Option<String>)> {
    let ticket = mapping::ticket(item, Some(board), columns, None, monday.config.account.as_deref())?;
    Ok((ticket.key, ticket.revision))
}
