//! Redmine's words into ours: tables, and what follows from them. No network, no clock.
//!
//! Words (statuses, trackers, priorities, relations) are in `mapping/words`, custom fields in `mapping/fields`.

mod fields;
mod words;

use usher_adapter_sdk::{
    Result,
    model::{
        Attachment, Container, ContainerKind, CutReason, Due, Estimate, Link, Named, Note, Part, Project, RichText,
        Ticket, TicketRef, User, UserKind, Visibility,
    },
};

pub(crate) use fields::{BUILT_IN, field_type};
pub(crate) use words::{priority, relation, state, tracker};

use crate::{api, key::Key, text::Formatting};

/// What is known beside an issue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known<'a, 'b> {
    pub base_url: &'a str,
    pub formatting: Formatting,
    /// All statuses, where the issue does not say of its own whether it is closed.
    pub statuses: Option<&'a [api::Status<'b>]>,
    /// The custom fields, where the account may read what they are.
    pub definitions: Option<&'a [api::Definition<'b>]>,
    /// Whether an issue without relations has none, and does not only say none.
    pub has_relations: bool,
    /// Whether private notes of others are not shown to the account.
    pub hides_notes: bool,
}

/// Returns the ticket of an issue, with everything that is known of it.
pub(crate) fn ticket(issue: &api::Issue<'_>, known: &Known<'_, '_>) -> Result<Ticket> {
    let notes = issue.journals.as_ref().map(|_| notes(issue, known));
    let attachments = issue.attachments.as_ref().map(|files| files.iter().map(attachment).collect::<Vec<_>>());
    let due = issue.due_date.as_deref().filter(|date| !date.is_empty()).map(Due::parse).transpose()?;
    let status = issue.status.as_ref();
    let ticket = Ticket::new(Key(issue.id), &*issue.subject)
        .with_url(page(known.base_url, issue.id))
        .with_body(body(issue, known.formatting))
        .with_type(issue.tracker.as_ref().map(words::tracker).unwrap_or_default())
        .with_status(status.map(|status| words::status(status, known.statuses)).unwrap_or_default())
        .with_priority(issue.priority.as_ref().map(words::priority).unwrap_or_default())
        .with_assignees(issue.assigned_to.iter().map(user).collect::<Vec<_>>())
        .with_reporter(issue.author.as_ref().map(|author| user(author).with_kind(UserKind::Person)))
        .with_project(issue.project.as_ref().map(project))
        .with_containers(containers(issue))
        .with_parent(issue.parent.map(|parent| reference(known.base_url, parent.id)))
        .with_children(children(issue, known.base_url))
        .with_links(links(issue, known.base_url))
        .with_created_at(issue.created_on)
        .with_updated_at(issue.updated_on)
        .with_closed_at(issue.closed_on)
        .with_due(due)
        .with_estimate(issue.estimated_hours.map(|hours| Estimate::new(hours, "hours")))
        .with_notes(notes)
        .with_attachments(attachments)
        .with_custom_fields(fields::of(issue, known.definitions)?)
        .with_revision(issue.updated_on.map(|time| time.to_string()));
    Ok(with_cuts(ticket, issue, known))
}

/// Returns the description; an empty one is none.
pub(crate) fn body(issue: &api::Issue<'_>, formatting: Formatting) -> Option<RichText> {
    issue.description.as_deref().filter(|text| !text.is_empty()).map(|text| formatting.read(text))
}

/// Returns the notes of an issue, oldest first; the account's own setting may turn their order around.
pub(crate) fn notes(issue: &api::Issue<'_>, known: &Known<'_, '_>) -> Vec<Note> {
    let journals = issue.journals.iter().flatten();
    let mut journals: Vec<_> = journals.filter(|it| it.notes.as_deref().is_some_and(|text| !text.is_empty())).collect();
    journals.sort_by_key(|journal| journal.id);
    journals.into_iter().map(|journal| note(journal, issue.id, known)).collect()
}

/// Returns a journal as a note.
pub(crate) fn note(journal: &api::Journal<'_>, issue: u64, known: &Known<'_, '_>) -> Note {
    let visibility = match journal.private_notes {
        Some(true) => Visibility::Internal,
        Some(false) => Visibility::Public,
        None => Visibility::UNKNOWN,
    };
    Note::new(journal.id.to_string(), known.formatting.read(journal.notes.as_deref().unwrap_or_default()))
        .with_author(journal.user.as_ref().map(|author| user(author).with_kind(UserKind::Person)))
        .with_visibility(visibility)
        .with_created_at(journal.created_on)
        .with_updated_at(journal.updated_on)
        .with_url(format!("{}#change-{}", page(known.base_url, issue), journal.id))
}

/// Returns a file.
pub(crate) fn attachment(file: &api::Attachment<'_>) -> Attachment {
    Attachment::new(file.id.to_string(), &*file.filename)
        .with_size(file.filesize)
        .with_media_type(file.content_type.as_deref().filter(|kind| !kind.is_empty()).map(str::to_owned))
        .with_author(file.author.as_ref().map(user))
        .with_created_at(file.created_on)
        .with_url(file.content_url.as_deref().map(str::to_owned))
        .with_is_link(false)
}

/// Returns somebody; whether it is a person or a group Redmine does not say.
pub(crate) fn user(named: &api::Named<'_>) -> User {
    User::new(named.id.to_string()).with_display_name(some(&named.name))
}

/// Returns something with an id and a name.
pub(crate) fn named(named: &api::Named<'_>) -> Named {
    Named::new(&*named.name).with_id(named.id.to_string())
}

/// Returns the project of an issue, which names it by its number.
pub(crate) fn project(named: &api::Named<'_>) -> Project {
    Project::new(named.id.to_string()).with_id(named.id.to_string()).with_name(some(&named.name))
}

/// Returns a version.
pub(crate) fn version(version: &api::Named<'_>) -> Container {
    Container::new(ContainerKind::Milestone, &*version.name).with_id(version.id.to_string())
}

/// Returns a category.
pub(crate) fn category(category: &api::Named<'_>) -> Container {
    Container::new(ContainerKind::Component, &*category.name).with_id(category.id.to_string())
}

/// Returns where people read an issue.
pub(crate) fn page(base_url: &str, id: u64) -> String {
    format!("{base_url}/issues/{id}")
}

fn containers(issue: &api::Issue<'_>) -> Vec<Container> {
    issue.fixed_version.iter().map(version).chain(issue.category.iter().map(category)).collect()
}

fn reference(base_url: &str, id: u64) -> TicketRef {
    TicketRef::new(Key(id)).with_url(page(base_url, id))
}

fn children(issue: &api::Issue<'_>, base_url: &str) -> Vec<TicketRef> {
    let children = issue.children.iter().flatten();
    children.map(|child| reference(base_url, child.id).with_title(some(&child.subject))).collect()
}

fn links(issue: &api::Issue<'_>, base_url: &str) -> Vec<Link> {
    let link = |relation: &api::Relation<'_>| {
        let is_from_here = relation.issue_id == issue.id;
        let target = if is_from_here { relation.issue_to_id } else { relation.issue_id };
        let kind = words::link(&relation.relation_type, is_from_here);
        let native = words::native_link(&relation.relation_type, is_from_here);
        Link::new(kind, reference(base_url, target)).with_native(native.to_owned())
    };
    issue.relations.iter().flatten().map(link).collect()
}

/// Names the parts that only a single issue has, and those that not everybody sees.
fn with_cuts(ticket: Ticket, issue: &api::Issue<'_>, known: &Known<'_, '_>) -> Ticket {
    let not_loaded = || Part::new(0, None, CutReason::NotLoaded);
    // A single issue has journals, even where there are none; an issue without children does not say so.
    let is_single = issue.journals.is_some();
    let has_children = is_single || issue.children.is_some();
    let ticket = if has_children { ticket } else { ticket.with_cut("children", not_loaded()) };
    let has_links = known.has_relations || is_single || issue.relations.is_some();
    let ticket = if has_links { ticket } else { ticket.with_cut("links", not_loaded()) };
    match &ticket.notes {
        Some(notes) if known.hides_notes => {
            let loaded = notes.len() as u64;
            ticket.with_cut("notes", Part::new(loaded, None, CutReason::Permission))
        }
        _ => ticket,
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
