//! Cards, shown: one, or those of a board.

use serde_json::{Value, json};

use super::{
    boards,
    reply::{Refusal, Reply},
    service::Call,
    state::{Card, State},
};

/// How much a list has at most.
const CAP: usize = 1_000;
/// The kinds of actions that count as comments: a card that is copied with its comments has them as another kind.
const COMMENTS: &[&str] = &["commentCard", "copyCommentCard"];

/// A card, with what is asked to be nested in it.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = visible(state, call, &call.values[0])?;
    Ok(Reply::read(&shown(state, &state.cards[place], call, call.text("fields"))))
}

/// The cards of a board between two ids, the newest of them, in the order of the board. A number is one card.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let board = &state.boards[boards::visible(state, call, &call.values[0])?];
    let filter = call.values[1].as_str();
    let is_here = |card: &&Card| card.value["idBoard"] == board["id"];
    if let Ok(number) = filter.parse::<u64>() {
        let card = state.cards.iter().filter(is_here).find(|card| card.value["idShort"] == number);
        return Ok(Reply::read(&shown(state, card.ok_or_else(Refusal::not_found)?, call, call.text("fields"))));
    }
    let is_open = |card: &Card| card.value["closed"] == false;
    let is_wanted = |card: &&Card| match filter {
        "open" => is_open(card),
        "closed" => !is_open(card),
        "visible" => {
            is_open(card)
                && State::of_board(board, "lists", &card.value["idList"]).is_some_and(|list| list["closed"] == false)
        }
        _ => true,
    };
    let cards = newest(state.cards.iter().filter(is_here).filter(is_wanted), |card| &card.value["id"], call);
    let mut cards: Vec<&Card> = cards;
    cards.sort_by(|one, other| {
        let place = |card: &Card| (card.value["idList"].to_string(), card.value["pos"].as_f64().unwrap_or_default());
        place(one).partial_cmp(&place(other)).expect("positions are numbers")
    });
    Ok(Reply::read(&cards.into_iter().map(|card| shown(state, card, call, call.text("fields"))).collect()))
}

/// What was done to a card, newest first.
pub(super) fn actions(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = visible(state, call, &call.values[0])?;
    let actions = of_kinds(&state.cards[place], call.text("filter").unwrap_or("commentCard"));
    Ok(Reply::read(&newest(actions, |action| &action["id"], call).into_iter().cloned().collect()))
}

/// Returns what is between the ends that are asked for, the newest first and so many at most. The ends do not belong to it.
fn newest<'a, T>(things: impl Iterator<Item = &'a T>, id: impl Fn(&T) -> &Value, call: &Call<'_>) -> Vec<&'a T> {
    let text = |thing: &T| id(thing).as_str().unwrap_or_default().to_owned();
    let fits = |thing: &&T| {
        call.text("since").is_none_or(|since| since < text(thing).as_str())
            && call.text("before").is_none_or(|before| text(thing).as_str() < before)
    };
    let mut things: Vec<&T> = things.filter(fits).collect();
    things.sort_by_key(|thing| std::cmp::Reverse(text(thing)));
    things.truncate(call.number("limit").unwrap_or(CAP).min(CAP));
    things
}

/// Returns the place of a card that the account may see.
pub(super) fn visible(state: &State, call: &Call<'_>, name: &str) -> Result<usize, Refusal> {
    let place = state.card_place(name).ok_or_else(Refusal::not_found)?;
    match boards::is_on(state.board_of(&state.cards[place]), &state.members[call.member]["id"]) {
        true => Ok(place),
        false => Err(Refusal::not_yours()),
    }
}

/// Returns a card as it is shown.
pub(super) fn shown(state: &State, card: &Card, call: &Call<'_>, fields: Option<&str>) -> Value {
    let board = state.board_of(card);
    let mut whole = card.value.clone();
    let ids = card.value["idLabels"].as_array().into_iter().flatten();
    // The schema calls them ids; they are labels.
    whole["labels"] = ids.filter_map(|id| State::of_board(board, "labels", id)).cloned().collect();
    let comments =
        card.actions.iter().filter(|action| COMMENTS.contains(&action["type"].as_str().unwrap_or_default())).count();
    whole["badges"] = json!({
        "comments": comments, "attachments": card.attachments.len(), "votes": 0, "checkItems": 0, "checkItemsChecked": 0,
        "description": card.value["desc"] != "", "due": card.value["due"], "dueComplete": card.value["dueComplete"],
    });
    let mut shown = boards::selected(&whole, fields);
    let wants = |name: &str| call.wants(name) || call.wants(&format!("card_{name}"));
    if wants("board") {
        shown["board"] = boards::selected(board, call.text("board_fields").or(Some("name")));
    }
    if wants("list") {
        shown["list"] = State::of_board(board, "lists", &card.value["idList"]).cloned().unwrap_or_default();
    }
    if wants("members") {
        let ids = card.value["idMembers"].as_array();
        let is_on = |member: &&Value| ids.is_some_and(|ids| ids.contains(&member["id"]));
        shown["members"] = state.members.iter().filter(is_on).cloned().collect();
    }
    if wants("attachments") {
        shown["attachments"] = card.attachments.iter().cloned().collect();
    }
    if wants("checklists") {
        shown["checklists"] = card.checklists.iter().cloned().collect();
    }
    if wants("customFieldItems") {
        shown["customFieldItems"] = card.items.iter().cloned().collect();
    }
    if let Some(kinds) = call.text("actions") {
        let limit = call.number("actions_limit").unwrap_or(50).min(CAP);
        shown["actions"] = of_kinds(card, kinds).rev().take(limit).cloned().collect();
    }
    shown
}

fn of_kinds<'a>(card: &'a Card, kinds: &'a str) -> impl DoubleEndedIterator<Item = &'a Value> {
    card.actions.iter().filter(move |action| kinds.split(',').any(|kind| action["type"] == kind))
}
