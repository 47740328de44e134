//! Trello's words into ours: what follows from a card. No network, no clock.
//!
//! Where a card stands is in `mapping/status`, custom fields and checklists are in `mapping/fields`.

mod fields;
mod status;

use usher_adapter_sdk::{
    Result,
    model::{
        Attachment, Container, ContainerKind, CutReason, Due, Note, Part, Project, RichText, Ticket, User, Visibility,
    },
};

pub(crate) use fields::{POSITION, START, field_type};

use crate::{
    api,
    key::{self, Key},
    object_id,
    rules::Rules,
};

/// The kind of action that a comment is.
pub(crate) const COMMENT: &str = "commentCard";
/// The kind that it is on a card that was copied together with its comments.
pub(crate) const COPIED_COMMENT: &str = "copyCommentCard";
/// Kinds of actions by which a card comes to be: who did it has made the card.
pub(crate) const CREATIONS: &[&str] = &["convertToCardFromCheckItem", "copyCard", "createCard", "emailCard"];

/// What else was asked of a card, beside the card itself; absent where it was not.
#[derive(Debug, Default)]
pub(crate) struct Beside<'a> {
    pub board: Option<&'a api::Board>,
    pub actions: Option<Vec<api::Action<'a>>>,
}

/// Returns the ticket of a card, with everything that is known of it.
pub(crate) fn ticket(
    card: &api::Card<'_>,
    asked: Option<Key<'_>>,
    rules: &Rules,
    beside: &Beside<'_>,
) -> Result<Ticket> {
    let board = beside.board.or(card.board.as_ref());
    let list = list(card, board);
    let notes = comments(card, beside);
    let ticket = Ticket::new(key(card, asked), &*card.name)
        .with_native_id(card.id.to_string())
        .with_aliases(Vec::from_iter(number(card, board)))
        .with_url(url(card).map(str::to_owned))
        .with_body(card.desc.as_deref().filter(|text| !text.is_empty()).map(RichText::markdown))
        .with_status(status::status(card, list, board, rules))
        .with_resolution(status::resolution(card, list, board))
        .with_labels(labels(card).map(str::to_owned).collect::<Vec<_>>())
        .with_assignees(assignees(card, board))
        .with_reporter(reporter(card, beside))
        .with_project(project(card, board))
        .with_containers(container(card, list))
        .with_created_at(object_id::created_at(&card.id))
        .with_updated_at(card.date_last_activity)
        .with_due(card.due.map(Due::Time))
        .with_notes(notes)
        .with_attachments(card.attachments.as_ref().map(|files| attachments(files, card, board)))
        .with_custom_fields(fields::of(card, board)?)
        .with_revision(card.date_last_activity.map(|time| time.to_string()));
    Ok(with_cuts(ticket, card))
}

/// Returns the key of a card: its short link, else what it was asked by, else its id.
pub(crate) fn key(card: &api::Card<'_>, asked: Option<Key<'_>>) -> String {
    let of_address = || [&card.short_url, &card.url].into_iter().flatten().find_map(|url| key::short_link_of_url(url));
    let link = card.short_link.as_deref().filter(|link| !link.is_empty()).or_else(of_address);
    let of_asked = || match asked {
        Some(Key::Card(asked)) if key::is_short_link(asked) => Some(asked.to_owned()),
        _ => None,
    };
    link.map(str::to_owned).or_else(of_asked).unwrap_or_else(|| card.id.to_string())
}

/// Returns where people read a card.
pub(crate) fn url<'a>(card: &'a api::Card<'_>) -> Option<&'a str> {
    card.url.as_deref().or(card.short_url.as_deref())
}

/// Returns the names of the labels; one without a name is known by its colour.
pub(crate) fn labels<'a>(card: &'a api::Card<'_>) -> impl Iterator<Item = &'a str> {
    card.labels.iter().flatten().map(|label| label_name(label.name.as_deref(), label.color.as_deref(), &label.id))
}

/// Returns what a label is called.
pub(crate) fn label_name<'a>(name: Option<&'a str>, color: Option<&'a str>, id: &'a str) -> &'a str {
    name.filter(|name| !name.is_empty()).or(color.filter(|color| !color.is_empty())).unwrap_or(id)
}

/// Returns a comment as a note; everybody who sees the card reads it.
pub(crate) fn note(action: &api::Action<'_>, page: Option<&str>) -> Note {
    Note::new(&*action.id, RichText::markdown(action.data.text.as_deref().unwrap_or_default()))
        .with_author(author(action))
        .with_visibility(Visibility::Public)
        .with_created_at(action.date)
        .with_updated_at(action.data.date_last_edited)
        .with_url(page.map(|page| format!("{page}#comment-{}", action.id)))
}

/// Returns the files and links of a card.
pub(crate) fn attachments(
    files: &[api::Attachment<'_>],
    card: &api::Card<'_>,
    board: Option<&api::Board>,
) -> Vec<Attachment> {
    files.iter().map(|file| attachment(file).with_author(uploader(file, card, board))).collect()
}

/// Returns a file or a link, without who attached it.
pub(crate) fn attachment(file: &api::Attachment<'_>) -> Attachment {
    let names = [&file.name, &file.file_name, &file.url];
    let name = names.into_iter().flatten().find(|name| !name.is_empty()).map_or(&*file.id, |name| &**name);
    Attachment::new(&*file.id, name)
        .with_size(file.bytes)
        .with_media_type(file.mime_type.as_deref().filter(|kind| !kind.is_empty()).map(str::to_owned))
        .with_created_at(file.date)
        .with_url(file.url.as_deref().map(str::to_owned))
        .with_is_link(file.is_upload.map(|is_upload| !is_upload))
}

/// Returns somebody.
pub(crate) fn user(member: &api::Member<'_>) -> User {
    User::new(&*member.id)
        .with_handle(member.username.as_deref().map(str::to_owned))
        .with_display_name(member.full_name.as_deref().map(str::to_owned))
        .with_email(member.email.as_deref().map(str::to_owned))
}

/// Returns a board as a project.
pub(crate) fn board_project(board: &api::Board) -> Project {
    Project::new(board.short_link.as_deref().unwrap_or(&board.id))
        .with_id(board.id.clone())
        .with_name(board.name.clone())
        .with_url(board.url.clone().or_else(|| board.short_url.clone()))
}

fn project(card: &api::Card<'_>, board: Option<&api::Board>) -> Option<Project> {
    let of_card = || card.id_board.as_deref().map(|id| Project::new(id).with_id(id.to_owned()));
    board.map(board_project).or_else(of_card)
}

fn number(card: &api::Card<'_>, board: Option<&api::Board>) -> Option<String> {
    let board = board.and_then(|board| board.short_link.as_deref()).or(card.id_board.as_deref())?;
    Some(format!("{board}#{}", card.id_short?))
}

/// Returns the list that a card is on, as far as anything says which.
fn list<'a>(card: &'a api::Card<'_>, board: Option<&'a api::Board>) -> Option<&'a api::List> {
    let id = card.id_list.as_deref();
    let of_board = || board?.lists.iter().find(|list| Some(list.id.as_str()) == id);
    card.list.as_ref().or_else(of_board)
}

fn container(card: &api::Card<'_>, list: Option<&api::List>) -> Vec<Container> {
    let id = list.map(|list| list.id.as_str()).or(card.id_list.as_deref());
    let named = |id: &str| {
        let name = list.and_then(|list| list.name.as_deref()).unwrap_or(id);
        Container::new(ContainerKind::List, name).with_id(id.to_owned())
    };
    id.map(named).into_iter().collect()
}

fn assignees(card: &api::Card<'_>, board: Option<&api::Board>) -> Vec<User> {
    match &card.id_members {
        Some(ids) => ids.iter().map(|id| somebody(id, card, board)).collect(),
        None => card.members.iter().flatten().map(user).collect(),
    }
}

/// Returns whoever has an id, with the names that the card or the board tells. Who has left the board has none.
fn somebody(id: &str, card: &api::Card<'_>, board: Option<&api::Board>) -> User {
    let of_card = card.members.iter().flatten().find(|member| *member.id == *id).map(user);
    let of_board = || {
        let member = board?.members.iter().find(|member| member.id == id)?;
        Some(User::new(id).with_handle(member.username.clone()).with_display_name(member.full_name.clone()))
    };
    of_card.or_else(of_board).unwrap_or_else(|| User::new(id))
}

fn uploader(file: &api::Attachment<'_>, card: &api::Card<'_>, board: Option<&api::Board>) -> Option<User> {
    let id = file.id_member.as_deref().filter(|id| !id.is_empty())?;
    Some(somebody(id, card, board))
}

fn author(action: &api::Action<'_>) -> Option<User> {
    let by_id = || action.id_member_creator.as_deref().map(User::new);
    action.member_creator.as_ref().map(user).or_else(by_id)
}

/// Returns the actions that are known: those nested in the card, then those of further pages.
fn actions<'a>(card: &'a api::Card<'_>, beside: &'a Beside<'_>) -> impl Iterator<Item = &'a api::Action<'a>> {
    card.actions.iter().flatten().chain(beside.actions.iter().flatten())
}

fn reporter(card: &api::Card<'_>, beside: &Beside<'_>) -> Option<User> {
    let is_creation = |action: &&api::Action<'_>| action.kind.as_deref().is_some_and(|kind| CREATIONS.contains(&kind));
    actions(card, beside).find(is_creation).and_then(author)
}

/// Returns the comments, oldest first; Trello has the newest first, and an action on two pages is one.
fn comments(card: &api::Card<'_>, beside: &Beside<'_>) -> Option<Vec<Note>> {
    if card.actions.is_none() && beside.actions.is_none() {
        return None;
    }
    Some(notes(actions(card, beside), url(card)))
}

/// Returns actions as notes, oldest first and each once.
pub(crate) fn notes<'a>(actions: impl Iterator<Item = &'a api::Action<'a>>, page: Option<&str>) -> Vec<Note> {
    let is_comment = |action: &&api::Action<'_>| matches!(action.kind.as_deref(), Some(COMMENT | COPIED_COMMENT));
    let mut comments: Vec<&api::Action<'_>> = actions.filter(is_comment).collect();
    comments.sort_by(|one, other| (one.date, &*one.id).cmp(&(other.date, &*other.id)));
    comments.dedup_by(|one, other| one.id == other.id);
    comments.into_iter().map(|action| note(action, page)).collect()
}

/// Names the parts of which Trello counts more than is here.
fn with_cuts(ticket: Ticket, card: &api::Card<'_>) -> Ticket {
    let badges = card.badges.unwrap_or_default();
    let loaded = |count: Option<usize>| count.unwrap_or(0) as u64;
    let notes = loaded(ticket.notes.as_ref().map(Vec::len));
    let files = loaded(ticket.attachments.as_ref().map(Vec::len));
    let cut = |ticket: Ticket, part: &str, loaded: u64, total: Option<u64>| match total {
        Some(total) if total > loaded => ticket.with_cut(part, Part::new(loaded, Some(total), CutReason::NotLoaded)),
        _ => ticket,
    };
    let ticket = cut(ticket, "notes", notes, badges.comments);
    let ticket = cut(ticket, "attachments", files, badges.attachments);
    // A card on a list of results has none of its fields; that it has some nobody says.
    if card.custom_field_items.is_none() {
        let loaded = loaded(ticket.custom_fields.as_ref().map(Vec::len));
        return ticket.with_cut("custom_fields", Part::new(loaded, None, CutReason::NotLoaded));
    }
    ticket
}
