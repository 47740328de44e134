//! New items, and new items below others.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::Response,
    message::{Created, Draft, FieldName, Report},
};

use super::{
    board, compare,
    notes::unanswered,
    people::People,
    read::{self, Wanted},
    values::{Check, Target, Values},
};
use crate::{
    Monday, api, documents,
    key::Key,
    mapping::{self, Columns, Role, same},
};

/// What an item cannot be given when it is made.
pub(super) const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Reporter, "the creator of an item is whoever makes it"),
    (FieldName::Resolution, "monday.com has labels of a status for this"),
    (FieldName::Links, "columns that connect boards differ by board: write the column as a custom field"),
];

#[derive(Serialize)]
struct NewItem<'a> {
    board: &'a str,
    name: &'a str,
    values: String,
    group: Option<&'a str>,
    #[serde(flatten)]
    wanted: Wanted,
}

#[derive(Serialize)]
struct NewSubitem<'a> {
    parent: &'a str,
    name: &'a str,
    values: String,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Makes an item, and says of every field whether monday.com kept it.
pub(crate) async fn create(monday: &Monday, draft: &Draft) -> Result<Created> {
    if draft.title.trim().is_empty() {
        return Err(Error::validation("an item needs a name").with_field("title", "must not be empty"));
    }
    let parent = draft.parent.as_ref().map(|key| monday.key(key)).transpose()?;
    let mut report = Report::of(draft.asked()).with_gaps(GAPS);
    let id = match parent {
        Some(parent) => subitems_board(monday, parent).await?,
        None => Some(board::of_new(monday, draft.project.as_deref())?.to_owned()),
    };
    let board = match &id {
        Some(id) => Some((id.as_str(), board::ask(monday, id).await?)),
        None => None,
    };
    let (found, tags) = match &board {
        Some((id, response)) => board::found(monday, response, id).map(|(board, tags)| (Some(board), tags))?,
        // Before its first subitem a board has none for them, and so no columns.
        None => (None, Vec::new()),
    };
    let columns = Columns::of(found.as_ref(), &monday.config.columns);
    let target = Target { columns: &columns, tags: &tags };
    let people = if draft.assignees.is_empty() { None } else { Some(People::ask(monday).await?) };
    let mut values = values(monday, draft, target, people.as_ref(), &mut report)?;
    values.checks.push((FieldName::Title, Check::Name(draft.title.clone())));
    let group = match (&found, parent) {
        (Some(board), None) => group(board, &draft.containers)?,
        _ => {
            report.refuse(&FieldName::Containers, "a subitem is in no group of its own");
            report.refuse(&FieldName::Project, "a subitem is where its parent is");
            None
        }
    };
    values.checks.extend(group.map(|group| (FieldName::Containers, Check::Group(group.to_owned()))));
    let response = match (parent, &board) {
        (Some(parent), _) => {
            let (name, values) = (draft.title.as_str(), values.text());
            let new = NewSubitem { parent: parent.item, name, values, wanted: Wanted::LEAST };
            monday.ask(documents::SUBITEM_CREATE, &new).await?
        }
        (None, Some((board, _))) => {
            let (name, values) = (draft.title.as_str(), values.text());
            let new = NewItem { board, name, values, group, wanted: Wanted::LEAST };
            monday.ask(documents::ITEM_CREATE, &new).await?
        }
        (None, None) => return Err(Error::new(ErrorKind::Validation, "no board is named")),
    };
    let item = written(monday, &response, &"the new item")?;
    report.wrote();
    compare::compare(&mut report, &values.checks, &item);
    settle_place(&mut report, &item, board.as_ref().map(|(id, _)| *id), parent);
    report.doubt("it was not read back");
    let ticket = mapping::ticket(&item, found.as_ref(), &columns, None, monday.config.account.as_deref())?;
    Ok(report.created(ticket.key).with_native_id(ticket.native_id).with_url(ticket.url))
}

/// Reads the item that a write answers with.
pub(super) fn written<'a>(
    monday: &Monday,
    response: &'a Response,
    about: &dyn std::fmt::Display,
) -> Result<api::Item<'a>> {
    let api::Written { item } = monday.data(response, about)?;
    let item = item.filter(|item| item.get() != "null").ok_or_else(|| unanswered(about))?;
    decode::json(item.get().as_bytes())
}

/// Finds the group that is named; a board of several groups takes the first of them where none is.
pub(super) fn group<'a>(board: &'a api::Board<'_>, names: &[String]) -> Result<Option<&'a str>> {
    let name = match names {
        [] => return Ok(None),
        [name] => name,
        _ => return Err(Error::validation("an item is in one group").with_field("containers", "names several")),
    };
    let live = || {
        let groups = board.groups.iter().flatten().flatten();
        groups.filter(|group| group.archived != Some(true) && group.deleted != Some(true))
    };
    let title = |group: &&'a api::Group<'_>| group.title.as_deref().is_some_and(|title| same(title, name));
    let found = live().find(|group| *group.id == **name).or_else(|| live().find(title));
    found.map(|group| Some(&*group.id)).ok_or_else(|| {
        let known = live().map(|group| group.title.as_deref().unwrap_or(&group.id)).collect::<Vec<_>>().join(", ");
        Error::validation(format!("the board has no group `{name}`"))
            .with_field("containers", format!("can be: {known}"))
    })
}

/// Returns the board on which the items below an item are, if there is one already.
async fn subitems_board(monday: &Monday, parent: Key<'_>) -> Result<Option<String>> {
    let response = read::ask(monday, parent, Wanted::LEAST).await?;
    let item: api::Item<'_> = decode::json(read::main(monday, &response, parent)?.get().as_bytes())?;
    Ok(Columns::of(item.board.as_ref(), &monday.config.columns).subitems_board())
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
fn values(
    monday: &Monday,
    draft: &Draft,
    target: Target<'_>,
    people: Option<&People>,
    report: &mut Report,
) -> Result<Values> {
    let mut values = Values::default();
    let labels = [
        (Role::Status, FieldName::Status, &draft.status),
        (Role::Priority, FieldName::Priority, &draft.priority),
        (Role::Type, FieldName::Type, &draft.ticket_type),
    ];
    for (role, field, word) in labels {
        if let Some(word) = word {
            values.label(target, role, field, Some(word), report)?;
        }
    }
    if let Some(people) = people {
        let everybody = people.read(monday)?;
        let found = draft.assignees.iter().map(|name| everybody.find(name)).collect::<Result<Vec<_>>>()?;
        values.people(target, &found, report);
    }
    if !draft.labels.is_empty() {
        values.labels(target, &draft.labels, report)?;
    }
    if draft.body.is_some() {
        values.body(target, draft.body.as_ref(), report);
    }
    if draft.due.is_some() {
        values.due(target, draft.due.as_ref(), report);
    }
    if draft.estimate.is_some() {
        values.estimate(target, draft.estimate.as_ref(), report);
    }
    for (name, value) in &draft.fields {
        values.custom(target, name, Some(value), report)?;
    }
    Ok(values)
}

/// Says whether the item is on the board and below the parent that were named.
fn settle_place(report: &mut Report, item: &api::Item<'_>, board: Option<&str>, parent: Option<Key<'_>>) {
    let elsewhere = |is_there: bool| (!is_there).then(|| "monday.com made the item at another place".to_owned());
    let own = item.board.as_ref().and_then(|board| board.id.as_deref());
    report.settle(&FieldName::Project, elsewhere(own == board));
    if let Some(parent) = parent {
        let own = item.parent_item.as_ref().is_some_and(|own| *own.id == *parent.item);
        report.settle(&FieldName::Parent, elsewhere(own));
    }
}
