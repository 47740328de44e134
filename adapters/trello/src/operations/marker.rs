//! Markers: a definition of a link at the end of a text, which Markdown does not show. Found again by reading the newest cards
//! of a board, or the comments of a card, since a search learns of new things late.

use usher_adapter_sdk::{
    Error, Result,
    message::{Found, MarkerKind},
};

use super::{actions, lookup, notes, read};
use crate::{
    Trello, api,
    key::Key,
    mapping::{self, COMMENT},
    object_id,
};

/// How long ago a write may have been made whose answer was lost.
const LOOK_BACK_SECONDS: i64 = 24 * 60 * 60;

/// Returns a text with a marker at its end.
pub(super) fn marked(text: Option<&str>, marker: Option<&str>) -> Result<Option<String>> {
    let Some(marker) = marker else { return Ok(text.map(str::to_owned)) };
    let line = line(marker)?;
    let text = text.map_or_else(|| line.clone(), |text| format!("{text}\n\n{line}"));
    Ok(Some(text))
}

/// Finds the cards, or the comments of a card, that carry a marker.
pub(crate) async fn find_by_marker(
    trello: &Trello,
    kind: &MarkerKind,
    marker: &str,
    key: Option<Key<'_>>,
) -> Result<Vec<Found>> {
    let line = line(marker)?;
    match (kind, key) {
        (MarkerKind::Ticket, _) => tickets(trello, &line).await,
        (MarkerKind::Note, Some(key)) => on_card(trello, key, &line).await,
        (MarkerKind::Note, None) => Err(Error::validation("a note is found on its ticket: name that")),
        (other, _) => Err(Error::unsupported(format_args!("a marker of the kind `{other}`"))),
    }
}

async fn tickets(trello: &Trello, line: &str) -> Result<Vec<Found>> {
    // The draft may have named a board that the connection does not.
    let mut boards = Vec::new();
    for name in lookup::of_connection(trello) {
        boards.push(trello.board(&name).await?.id.clone());
    }
    let others = trello.own_boards().await?.into_iter().map(|board| board.id);
    let others: Vec<String> = others.filter(|id| !boards.contains(id)).collect();
    boards.extend(others);
    let since = u32::try_from(trello.host.now().unix_seconds() - LOOK_BACK_SECONDS).unwrap_or_default();
    let mut found = Vec::new();
    for board in boards {
        let request = trello.read(["boards", &board, "cards", "all"])?.query("limit", "1000");
        let request = request.query("since", object_id::first_of(since));
        let response = trello.send(request, &format!("the newest cards of board {board}")).await?;
        for card in response.decode::<Vec<api::Card<'_>>>()? {
            if card.desc.as_deref().is_some_and(|text| text.contains(line)) {
                let ticket = Found::ticket(mapping::key(&card, None)).with_url(mapping::url(&card).map(str::to_owned));
                found.push(ticket.with_created_at(object_id::created_at(&card.id)));
            }
        }
    }
    Ok(found)
}

async fn on_card(trello: &Trello, key: Key<'_>, line: &str) -> Result<Vec<Found>> {
    let card = read::resolved(trello, key).await?;
    let mut found = Vec::new();
    // A comment that came along with a copied card was written to the other one.
    for page in actions::older(trello, &card, COMMENT, None).await? {
        for action in page.decode::<Vec<api::Action<'_>>>()? {
            if action.data.text.as_deref().is_some_and(|text| text.contains(line)) {
                let note = mapping::note(&action, notes::page(&card).as_deref());
                found.push(Found::note(card.clone(), note.id).with_url(note.url).with_created_at(note.created_at));
            }
        }
    }
    Ok(found)
}

fn line(marker: &str) -> Result<String> {
    let is_plain = !marker.is_empty() && marker.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain {
        return Err(Error::validation(format!("`{marker}` cannot be a marker: it has letters, digits and `-` only")));
    }
    Ok(format!("[//]: # (usher:{marker})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_stands_at_the_end_of_a_text_or_alone() {
        let marker = Some("6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11");
        let line = "[//]: # (usher:6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11)";
        assert_eq!(marked(Some("Hello"), marker).unwrap(), Some(format!("Hello\n\n{line}")));
        assert_eq!(marked(None, marker).unwrap().as_deref(), Some(line));
        assert_eq!(marked(Some("Hello"), None).unwrap().as_deref(), Some("Hello"));
        for broken in ["", "a b", "a)", "a\nb"] {
            assert!(marked(None, Some(broken)).is_err(), "{broken}");
        }
    }
}
