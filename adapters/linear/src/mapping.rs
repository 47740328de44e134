//! Linear's words into ours: tables, and what follows from them. No network, no clock.
//!
//! Words (types of states, priorities, kinds of relations) are in `mapping/words`, custom fields in `mapping/fields`, files
//! that hang on texts in `mapping/files`, accounts in `mapping/people`, what could not be had in `mapping/gaps`.

mod fields;
mod files;
mod gaps;
mod people;
mod words;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    decode::Text,
    model::{
        Attachment, Container, ContainerKind, CutReason, Estimate, Link, Note, Part, Project, RichText, Ticket,
        TicketRef, Visibility,
    },
};

pub(crate) use files::is_upload;
pub(crate) use gaps::with_gaps;
pub(crate) use people::{is_called, user};
pub(crate) use words::{PRIORITIES, RELATIONS, STATE_TYPES, priority_level, state_types, status_category, word};

use crate::{
    api::{self, Connection},
    key::Key,
};

/// Returns the ticket of an issue, with everything that is known of it.
pub(crate) fn ticket(issue: &api::Issue<'_>, asked: Option<Key<'_>>) -> Result<Ticket> {
    let key = key(issue, asked)?;
    let ticket = Ticket::new(key, &*issue.title)
        .with_native_id(text(&issue.id))
        .with_aliases(aliases(issue, key, asked))
        .with_url(text(&issue.url))
        .with_body(issue.description.as_deref().map(RichText::markdown))
        .with_status(words::status(issue.state.as_ref()))
        .with_priority(words::priority(issue))
        .with_labels(nodes(&issue.labels).iter().map(|label| label.name.to_string()).collect::<Vec<_>>())
        .with_assignees(issue.assignee.iter().map(people::user).collect::<Vec<_>>())
        .with_reporter(people::reporter(issue))
        .with_project(project(issue))
        .with_containers(containers(issue))
        .with_parent(issue.parent.as_ref().map(reference))
        .with_children(nodes(&issue.children).iter().map(reference).collect::<Vec<_>>())
        .with_links(links(issue))
        .with_created_at(issue.created_at)
        .with_updated_at(issue.updated_at)
        .with_closed_at(issue.completed_at.or(issue.canceled_at))
        .with_due(issue.due_date)
        .with_estimate(issue.estimate.map(Estimate::without_unit))
        .with_notes(issue.comments.as_ref().map(|comments| notes(&comments.nodes)))
        .with_attachments(attachments(issue))
        .with_custom_fields(fields::of(issue)?)
        .with_revision(issue.updated_at.map(|time| time.to_string()));
    Ok(with_cuts(ticket, issue))
}

/// Returns the key of an issue: the platform's own, for issues move between teams and teams are renamed.
pub(crate) fn key<'a>(issue: &'a api::Issue<'_>, asked: Option<Key<'a>>) -> Result<&'a str> {
    let asked = asked.filter(|asked| !asked.is_native()).map(Key::as_str);
    issue.identifier.as_deref().or(asked).ok_or_else(|| {
        Error::new(ErrorKind::ResponseParse, "the answer does not say which issue it is: it has no `identifier`")
    })
}

/// Returns comments as notes, oldest first; Linear gives the newest first.
pub(crate) fn notes(comments: &[api::Comment<'_>]) -> Vec<Note> {
    let mut notes: Vec<Note> = comments.iter().map(note).collect();
    notes.sort_by_key(|note| note.created_at);
    notes
}

/// Returns a comment as a note; everybody who sees the issue reads it.
pub(crate) fn note(comment: &api::Comment<'_>) -> Note {
    Note::new(&*comment.id, comment.body.as_deref().map(RichText::markdown).unwrap_or_default())
        .with_author(people::author(comment))
        .with_visibility(Visibility::Public)
        .with_created_at(comment.created_at)
        .with_updated_at(comment.updated_at)
        .with_in_reply_to(text(&comment.parent_id))
        .with_url(text(&comment.url))
}

/// Returns the links that hang on an issue, and the files in its texts as far as these are here; none where nobody asked.
pub(crate) fn attachments(issue: &api::Issue<'_>) -> Option<Vec<Attachment>> {
    let links = issue.attachments.as_ref()?.nodes.iter().map(link);
    let body = (issue.description.as_deref(), people::reporter(issue), issue.created_at);
    let comments = nodes(&issue.comments).iter();
    let comments = comments.map(|comment| (comment.body.as_deref(), people::author(comment), comment.created_at));
    let mut found: Vec<Attachment> = links.collect();
    for (text, author, created_at) in std::iter::once(body).chain(comments) {
        for file in files::of(text.unwrap_or_default()) {
            // The same file is often quoted in an answer.
            if !found.iter().any(|known| known.id == file.id) {
                found.push(file.with_author(author.clone()).with_created_at(created_at));
            }
        }
    }
    Some(found)
}

/// Returns how a cycle is called: by its name, else by its number, as on Linear's pages.
pub(crate) fn cycle_name(cycle: &api::Cycle<'_>) -> Option<String> {
    text(&cycle.name).or_else(|| cycle.number.map(|number| format!("Cycle {number}")))
}

/// Returns the number of a cycle that is called by it.
pub(crate) fn cycle_number(name: &str) -> Option<u32> {
    let (word, number) = name.split_once(' ')?;
    number.parse().ok().filter(|_| word.eq_ignore_ascii_case("cycle"))
}

/// Returns a cycle as what holds tickets.
pub(crate) fn cycle(cycle: &api::Cycle<'_>) -> Option<Container> {
    let container = Container::new(ContainerKind::Cycle, cycle_name(cycle)?);
    Some(container.with_id(text(&cycle.id)))
}

/// Returns something with a name as what holds tickets.
pub(crate) fn container(kind: ContainerKind, named: &api::Named<'_>) -> Container {
    Container::new(kind, &*named.name).with_id(text(&named.id))
}

/// Returns a team as the project of its tickets.
pub(crate) fn team(team: &api::Team<'_>) -> Option<Project> {
    Some(Project::new(team.key.as_deref()?).with_id(text(&team.id)).with_name(text(&team.name)))
}

fn text(text: &Option<Text<'_>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

fn nodes<T>(connection: &Option<Connection<T>>) -> &[T] {
    connection.as_ref().map_or(&[], |connection| &connection.nodes)
}

/// Returns the issue's old keys, and what was asked if that is another one.
fn aliases(issue: &api::Issue<'_>, key: &str, asked: Option<Key<'_>>) -> Vec<String> {
    let mut aliases: Vec<String> = issue.previous_identifiers.iter().flatten().map(Text::to_string).collect();
    let asked = asked.filter(|asked| !asked.is_native()).map(Key::as_str);
    let is_known =
        |asked: &str| aliases.iter().map(String::as_str).chain([key]).any(|own| own.eq_ignore_ascii_case(asked));
    let other = asked.filter(|asked| !is_known(asked)).map(str::to_owned);
    aliases.extend(other);
    aliases
}

/// Returns the team; without one its key still stands in that of the issue.
fn project(issue: &api::Issue<'_>) -> Option<Project> {
    let of_key = || Some(Project::new(issue.identifier.as_deref()?.rsplit_once('-')?.0));
    issue.team.as_ref().and_then(team).or_else(of_key)
}

fn containers(issue: &api::Issue<'_>) -> Vec<Container> {
    let project = issue.project.iter().map(|project| container(ContainerKind::Project, project));
    let milestone = issue.project_milestone.iter().map(|milestone| container(ContainerKind::Milestone, milestone));
    project.chain(milestone).chain(issue.cycle.as_ref().and_then(cycle)).collect()
}

fn reference(issue: &api::Reference<'_>) -> TicketRef {
    TicketRef::new(&*issue.identifier).with_title(text(&issue.title)).with_url(text(&issue.url))
}

fn links(issue: &api::Issue<'_>) -> Vec<Link> {
    let of = |relation: &api::Relation<'_>, other: &Option<api::Reference<'_>>, is_inverse: bool| {
        let kind = words::link_kind(relation.kind.as_deref(), is_inverse);
        Some(Link::new(kind, reference(other.as_ref()?)).with_native(text(&relation.kind)))
    };
    let own = nodes(&issue.relations).iter().filter_map(|relation| of(relation, &relation.related_issue, false));
    let inverse = nodes(&issue.inverse_relations).iter().filter_map(|relation| of(relation, &relation.issue, true));
    own.chain(inverse).collect()
}

fn link(attachment: &api::Attachment<'_>) -> Attachment {
    let url = attachment.url.as_deref();
    let name = attachment.title.as_deref().filter(|title| !title.is_empty()).or(url).unwrap_or_default();
    let is_file = url.is_some_and(is_upload);
    // A file is known by its address, by which it can be had.
    let id = url.filter(|_| is_file).unwrap_or(&attachment.id);
    Attachment::new(id, name)
        .with_url(url.map(str::to_owned))
        .with_is_link(!is_file)
        .with_created_at(attachment.created_at)
        .with_author(people::attacher(attachment))
}

/// Names the parts of which there is more, or of which nobody can say here whether there is any.
fn with_cuts(ticket: Ticket, issue: &api::Issue<'_>) -> Ticket {
    let relations = [left(&issue.relations), left(&issue.inverse_relations)];
    let links = if relations.contains(&Left::Unasked) {
        Left::Unasked
    } else {
        relations.into_iter().max().unwrap_or_default()
    };
    let table = [
        ("labels", ticket.labels.len(), left(&issue.labels), true),
        ("children", ticket.children.len(), left(&issue.children), true),
        ("links", ticket.links.len(), links, true),
        ("notes", ticket.notes.as_ref().map_or(0, Vec::len), left(&issue.comments), false),
        ("attachments", ticket.attachments.as_ref().map_or(0, Vec::len), left(&issue.attachments), false),
    ];
    table.into_iter().fold(ticket, |ticket, (part, loaded, left, is_cut_unasked)| {
        let reason = match left {
            Left::Nothing => return ticket,
            Left::Unasked if !is_cut_unasked => return ticket,
            Left::Some | Left::Unasked => CutReason::NotLoaded,
            Left::OutOfReach => CutReason::Error,
        };
        ticket.with_cut(part, Part::new(loaded as u64, None, reason))
    })
}

/// What is left of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    #[default]
    Nothing,
    Some,
    /// Linear says that there is more, and not where.
    OutOfReach,
    Unasked,
}

fn left<T>(list: &Option<Connection<T>>) -> Left {
    match list {
        None => Left::Unasked,
        Some(list) if list.page_info.breaks_off() => Left::OutOfReach,
        Some(list) if list.page_info.has_next_page => Left::Some,
        Some(_) => Left::Nothing,
    }
}
