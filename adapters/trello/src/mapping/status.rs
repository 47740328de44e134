//! Where a card stands: on which list, whether it is marked as complete, and whether it or what holds it is archived.

use usher_adapter_sdk::model::{Named, Resolution, Status, StatusCategory};

use crate::{api, rules::Rules};

/// Returns where a card stands. The list says it; a card that is marked as complete is done on whichever list it is.
pub(super) fn status(
    card: &api::Card<'_>,
    list: Option<&api::List>,
    board: Option<&api::Board>,
    rules: &Rules,
) -> Status {
    let id = list.map(|list| list.id.as_str()).or(card.id_list.as_deref());
    let Some(id) = id else { return Status::default() };
    let name = list.and_then(|list| list.name.as_deref());
    let native = Named::new(name.unwrap_or(id)).with_id(id.to_owned());
    let category = match card.due_complete {
        Some(true) => StatusCategory::Done,
        _ => name.map_or(StatusCategory::UNKNOWN, |name| rules.category(name)),
    };
    if is_archived(card, list, board) {
        // It asks for no work where it is, whatever the list said; whether it was done, nobody can say.
        let ended = if category.is_open() == Some(true) { StatusCategory::UNKNOWN } else { category };
        return Status::new(ended, native).with_is_open(false);
    }
    // What Trello itself says of a list that nobody has explained: the card is not archived.
    let is_open = category.is_open().or(card.closed.map(|closed| !closed));
    Status::new(category, native).with_is_open(is_open)
}

/// Returns what Trello says about the end of a card.
pub(super) fn resolution(
    card: &api::Card<'_>,
    list: Option<&api::List>,
    board: Option<&api::Board>,
) -> Option<Resolution> {
    match card.due_complete {
        Some(true) => Some(Resolution::new("complete")),
        _ => is_archived(card, list, board).then(|| Resolution::new("archived")),
    }
}

/// Says whether a card is put away: itself, with its list, or with its board, which leave the card as it is.
fn is_archived(card: &api::Card<'_>, list: Option<&api::List>, board: Option<&api::Board>) -> bool {
    card.closed == Some(true)
        || list.is_some_and(|list| list.closed == Some(true))
        || board.is_some_and(|board| board.closed == Some(true))
}
