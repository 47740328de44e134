//! monday.com's words into ours: tables, and what follows from them. No network, no clock.
//!
//! What columns mean is in `mapping/columns`, words of labels in `mapping/words`, other columns in `mapping/fields`, the
//! HTML of updates in `mapping/html`.

mod columns;
mod fields;
mod html;
mod words;

use std::collections::HashSet;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    decode::Text,
    model::{
        Attachment, Container, ContainerKind, Due, Estimate, Link, LinkKind, Named, Note, Priority, Project, RichText,
        Status, StatusCategory, Ticket, TicketRef, TicketType, Time, TypeLevel, User, UserKind, Visibility,
    },
};

pub(crate) use columns::{Columns, Label, Role, is, role_names, same};
pub(crate) use fields::field_type;
pub(crate) use html::from_markdown;
pub(crate) use words::{category, priority, type_level};

use crate::{
    api::{self, ColumnValue},
    key::Key,
};

/// Returns the ticket of an item, with everything that is known of it; `account` is what the connection says it is.
pub(crate) fn ticket(
    item: &api::Item<'_>,
    board: Option<&api::Board<'_>>,
    columns: &Columns<'_, '_>,
    asked: Option<&Key<'_>>,
    account: Option<&str>,
) -> Result<Ticket> {
    let url = item.url.as_deref();
    let account = url.and_then(account_of).or(account).or(asked.and_then(|asked| asked.account));
    let key = key(item, board, asked, account)?;
    let value = |role| value(item, columns, role);
    let alias = asked.and_then(Key::canonical).filter(|asked| **asked != *key);
    let labels = value(Role::Labels).map(labels).unwrap_or_default();
    let ticket = Ticket::new(key, &*item.name)
        .with_native_id(text(&item.id))
        .with_aliases(Vec::from_iter(alias.map(str::to_owned)))
        .with_url(url.map(str::to_owned))
        .with_body(value(Role::Description).and_then(filled).map(RichText::plain))
        .with_type(ticket_type(item, value(Role::Type)))
        .with_status(status(value(Role::Status), columns))
        .with_priority(value(Role::Priority).map(priority_of).unwrap_or_default())
        .with_labels(labels)
        .with_assignees(value(Role::Assignee).map(people).unwrap_or_default())
        .with_reporter(item.creator.as_ref().map(user))
        .with_project(item.board.as_ref().or(board).and_then(project))
        .with_containers(Vec::from_iter(item.group.as_ref().map(group)))
        .with_parent(item.parent_item.as_ref().map(|parent| reference(parent, account)))
        .with_children(
            item.subitems.iter().flatten().flatten().map(|child| reference(child, account)).collect::<Vec<_>>(),
        )
        .with_links(links(item))
        .with_created_at(item.created_at)
        .with_updated_at(item.updated_at)
        .with_due(value(Role::Due).and_then(due))
        .with_estimate(value(Role::Estimate).and_then(estimate))
        .with_notes(item.updates.as_ref().map(|updates| notes(updates)))
        .with_attachments(
            item.assets.as_ref().map(|assets| assets.iter().flatten().map(attachment).collect::<Vec<_>>()),
        )
        .with_custom_fields(fields::of(item, columns)?)
        .with_revision(item.updated_at.map(|time| time.to_string()));
    Ok(ticket)
}

/// Returns updates and the answers to them as notes, oldest first and each once; monday.com gives the newest first, and one that
/// is written meanwhile moves another onto the next page as well.
pub(crate) fn notes(updates: &[api::Update<'_>]) -> Vec<Note> {
    let with_replies = |update: &api::Update<'_>| {
        let replies = update.replies.iter().flatten().map(|reply| note(reply, Some(&update.id)));
        std::iter::once(note(update, None)).chain(replies).collect::<Vec<_>>()
    };
    let mut notes: Vec<Note> = updates.iter().flat_map(with_replies).collect();
    let mut seen = HashSet::new();
    notes.retain(|note| seen.insert(note.id.clone()));
    notes.sort_by_key(|note| note.created_at);
    notes
}

/// Returns an update as a note; everybody who sees the item reads it.
pub(crate) fn note(update: &api::Update<'_>, answers: Option<&str>) -> Note {
    Note::new(&*update.id, update.body.as_deref().map(html::to_markdown).unwrap_or_default())
        .with_author(update.creator.as_ref().map(user))
        .with_visibility(Visibility::Public)
        .with_created_at(update.created_at)
        .with_updated_at(update.edited_at)
        .with_in_reply_to(answers.map(str::to_owned))
}

/// Returns a file.
pub(crate) fn attachment(asset: &api::Asset<'_>) -> Attachment {
    Attachment::new(&*asset.id, asset.name.as_deref().unwrap_or(&asset.id))
        .with_size(asset.file_size)
        .with_url(text(&asset.url).or_else(|| text(&asset.public_url)))
        .with_created_at(asset.created_at)
        .with_author(asset.uploaded_by.as_ref().map(user))
        .with_is_link(false)
}

/// Returns the account of a person.
pub(crate) fn user(user: &api::User<'_>) -> User {
    User::new(&*user.id)
        .with_display_name(text(&user.name))
        .with_email(text(&user.email).filter(|email| !email.is_empty()))
        .with_kind(UserKind::Person)
}

/// Returns a board as the project of its items.
pub(crate) fn project(board: &api::Board<'_>) -> Option<Project> {
    let id = board.id.as_deref()?;
    Some(Project::new(id).with_id(id.to_owned()).with_name(text(&board.name)).with_url(text(&board.url)))
}

/// Returns a group of a board as what holds items.
pub(crate) fn group(group: &api::Group<'_>) -> Container {
    let name = group.title.as_deref().unwrap_or(&group.id);
    Container::new(ContainerKind::Group, name).with_id(group.id.to_string())
}

/// Returns the value of an item in the column of a role.
pub(crate) fn value<'i, 'a>(
    item: &'i api::Item<'a>,
    columns: &Columns<'_, '_>,
    role: Role,
) -> Option<&'i ColumnValue<'a>> {
    let column = columns.role(role)?;
    item.column_values.iter().flatten().find(|value| *value.id == *column.id)
}

/// Returns the people of a column. Their names stand together in one text, in the same order.
pub(crate) fn people(value: &ColumnValue<'_>) -> Vec<User> {
    let people = value.persons_and_teams.as_deref().unwrap_or_default();
    let names: Vec<&str> = value.text.as_deref().unwrap_or_default().split(", ").collect();
    let named = |place: usize| names.get(place).filter(|name| names.len() == people.len() && !name.is_empty());
    let person = |(place, person): (usize, &api::Person<'_>)| {
        let kind = match person.kind.as_deref() {
            Some("person") => UserKind::Person,
            Some("team") => UserKind::Group,
            Some("agent") => UserKind::Bot,
            other => UserKind::from_word(other.unwrap_or("unknown")),
        };
        User::new(&*person.id).with_display_name(named(place).map(|name| (*name).to_owned())).with_kind(kind)
    };
    people.iter().enumerate().map(person).collect()
}

/// Returns the account that an address belongs to: `https://acme.monday.com/…`.
pub(crate) fn account_of(url: &str) -> Option<&str> {
    let host = url.strip_prefix("https://")?.split(['/', ':', '?', '#']).next()?;
    host.strip_suffix(".monday.com").filter(|account| !account.is_empty() && !account.contains(['.', '@']))
}

/// Returns a date column's value; a time in it is UTC.
pub(crate) fn due(value: &ColumnValue<'_>) -> Option<Due> {
    let date = value.date.as_deref().filter(|date| !date.is_empty())?;
    let time = value.time.as_deref().filter(|time| !time.is_empty());
    let Some(time) = time else { return Due::parse(date).ok() };
    let whole = if time.matches(':').count() == 1 { format!("{date}T{time}:00Z") } else { format!("{date}T{time}Z") };
    Time::parse(&whole).ok().map(Due::Time)
}

/// Returns the labels of a column of tags, or of a dropdown.
pub(crate) fn labels(value: &ColumnValue<'_>) -> Vec<String> {
    let tags = value.tags.iter().flatten().filter_map(|tag| text(&tag.name));
    tags.chain(value.values.iter().flatten().filter_map(|choice| text(&choice.label))).collect()
}

fn text(text: &Option<Text<'_>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn filled<'a>(value: &'a ColumnValue<'_>) -> Option<&'a str> {
    value.text.as_deref().filter(|text| !text.is_empty())
}

fn key(
    item: &api::Item<'_>,
    board: Option<&api::Board<'_>>,
    asked: Option<&Key<'_>>,
    account: Option<&str>,
) -> Result<String> {
    let id = item.id.as_deref().or(asked.map(|asked| asked.item)).ok_or_else(|| {
        Error::new(ErrorKind::ResponseParse, "the answer does not say which item it is: it has no `id`")
    })?;
    let board = item.board.as_ref().or(board).and_then(|board| board.id.as_deref());
    let board = board.or(asked.and_then(|asked| asked.board));
    Ok(joined(account, board, id))
}

/// Returns as much of a key as is known; an item is found by its id alone.
fn joined(account: Option<&str>, board: Option<&str>, id: &str) -> String {
    match (account, board) {
        (Some(account), Some(board)) => format!("{account}:{board}:{id}"),
        (None, Some(board)) => format!("{board}:{id}"),
        (_, None) => id.to_owned(),
    }
}

fn reference(item: &api::Reference<'_>, account: Option<&str>) -> TicketRef {
    let account = item.url.as_deref().and_then(account_of).or(account);
    let key = joined(account, item.board.as_ref().map(|board| &*board.id), &item.id);
    TicketRef::new(key).with_title(text(&item.name)).with_url(text(&item.url))
}

fn ticket_type(item: &api::Item<'_>, value: Option<&ColumnValue<'_>>) -> TicketType {
    let label = value.and_then(label_of);
    match (label, &item.parent_item) {
        (Some((id, name)), _) => TicketType::new(type_level(name), Named::new(name).with_id(id)),
        (None, Some(_)) => TicketType::new(TypeLevel::Subtask, "subitem"),
        (None, None) => TicketType::default(),
    }
}

fn status(value: Option<&ColumnValue<'_>>, columns: &Columns<'_, '_>) -> Status {
    let Some(value) = value else { return Status::default() };
    let Some((id, name)) = label_of(value) else {
        // Where nobody has chosen a label, the item is at least not done.
        return Status::new(StatusCategory::UNKNOWN, "").with_is_open(value.is_done.map(|is_done| !is_done));
    };
    let known = columns.labels(&value.id).iter().find(|label| Some(label.id) == value.index);
    let is_done = value.is_done.or(known.and_then(|label| label.is_done));
    let category = category(name, is_done);
    let is_open = category.is_open().or(is_done.map(|is_done| !is_done));
    Status::new(category, Named::new(name).with_id(id)).with_is_open(is_open)
}

fn priority_of(value: &ColumnValue<'_>) -> Priority {
    label_of(value)
        .map_or_else(Priority::default, |(id, name)| Priority::new(priority(name), Named::new(name).with_id(id)))
}

/// Returns number and name of the label that was chosen; the empty label is none.
pub(crate) fn label_of<'a>(value: &'a ColumnValue<'_>) -> Option<(Option<String>, &'a str)> {
    let name = value.label.as_deref().or(value.text.as_deref()).filter(|name| !name.trim().is_empty())?;
    Some((value.index.map(|index| index.to_string()), name))
}

fn estimate(value: &ColumnValue<'_>) -> Option<Estimate> {
    let number = value.number?;
    let symbol = value.symbol.as_deref().filter(|symbol| !symbol.is_empty());
    Some(symbol.map_or_else(|| Estimate::without_unit(number), |symbol| Estimate::new(number, symbol)))
}

/// Returns the items that columns lead to: one that it depends on must be done before.
fn links(item: &api::Item<'_>) -> Vec<Link> {
    let linked = |value: &ColumnValue<'_>| {
        let kind = match value.kind.as_deref() {
            Some("dependency") => LinkKind::BlockedBy,
            _ => LinkKind::Relates,
        };
        let native = value.id.to_string();
        let ids = value.linked_item_ids.iter().flatten();
        ids.map(|id| Link::new(kind.clone(), TicketRef::new(&**id)).with_native(native.clone())).collect::<Vec<_>>()
    };
    item.column_values.iter().flatten().flat_map(linked).collect()
}
