//! Cards, made and changed.

use serde_json::{Value, json};

use super::{
    boards, cards,
    reply::{Refusal, Reply},
    service::Call,
    state::{Card, State},
};

/// A new card. Of everything in the request only the list is needed.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    call.writes()?;
    let list = call.asked.get("idList").cloned().unwrap_or_default();
    let has_list = |board: &Value| State::of_board(board, "lists", &list).is_some();
    let board = state.boards.iter().position(has_list).ok_or_else(|| Refusal::invalid("invalid value for idList"))?;
    boards::visible(state, call, state.boards[board]["id"].as_str().unwrap_or_default())?;
    let changes = changes(&state.boards[board], call)?;
    let id = list.as_str().unwrap_or_default().to_owned();
    let card = state.add_card(board, &id, "", call.member);
    apply(card, changes);
    let place = state.cards.len() - 1;
    Ok(Reply::written(200, &cards::shown(state, &state.cards[place], call, None)))
}

/// A change of a card. A list of another board moves nothing: it is refused, unless the board is named too.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = writable(state, call)?;
    let board = match call.text("idBoard") {
        Some(board) => boards::visible(state, call, board)?,
        None => {
            state.board_place(state.cards[place].value["idBoard"].as_str().unwrap_or_default()).expect("it is there")
        }
    };
    let mut changes = changes(&state.boards[board], call)?;
    if call.text("idBoard").is_some() {
        move_to(&state.boards[board], &state.cards[place], &mut changes);
    }
    if let Some(closed) = call.asked.get("closed") {
        changes.push(("closed", closed.clone()));
    }
    apply(&mut state.cards[place], changes);
    state.act(place, "updateCard", call.member, json!({}));
    Ok(Reply::written(200, &cards::shown(state, &state.cards[place], call, None)))
}

/// A comment.
pub(super) fn comment(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = writable(state, call)?;
    let text = call.text("text").unwrap_or_default();
    let action = state.act(place, "commentCard", call.member, json!({ "text": text }));
    Ok(Reply::written(200, &action))
}

/// A label more.
pub(super) fn add_label(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = writable(state, call)?;
    let label = call.asked.get("value").cloned().unwrap_or_default();
    if State::of_board(state.board_of(&state.cards[place]), "labels", &label).is_none() {
        return Err(Refusal::invalid("invalid value for value"));
    }
    add(state, place, "idLabels", label, "that label is already on the card")
}

/// A label less.
pub(super) fn remove_label(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    remove(state, call, "idLabels")
}

/// Somebody more.
pub(super) fn add_member(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = writable(state, call)?;
    let member = call.asked.get("value").cloned().unwrap_or_default();
    if !boards::is_on(state.board_of(&state.cards[place]), &member) {
        return Err(Refusal::invalid("member is not on the board"));
    }
    add(state, place, "idMembers", member, "member is already on the card")?;
    Ok(Reply::written(200, &json!([])))
}

/// Somebody less.
pub(super) fn remove_member(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    remove(state, call, "idMembers")?;
    Ok(Reply::written(200, &json!([])))
}

/// The value of a custom field.
pub(super) fn set_field(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = writable(state, call)?;
    let id = Value::from(call.values[1].clone());
    let field = State::of_board(state.board_of(&state.cards[place]), "customFields", &id);
    let kind = field.ok_or_else(Refusal::not_found)?["type"].as_str().unwrap_or_default().to_owned();
    let (value, choice) = (&call.body["value"], &call.body["idValue"]);
    let key = match kind.as_str() {
        "checkbox" => "checked",
        kind => kind,
    };
    let fits = match kind.as_str() {
        "list" => choice.is_string(),
        _ => value == "" || value.get(key).is_some_and(Value::is_string),
    };
    if !fits {
        return Err(Refusal::invalid("Invalid custom field item value."));
    }
    let items = &mut state.cards[place].items;
    items.retain(|item| item["idCustomField"] != id);
    let item = json!({ "idCustomField": id, "value": value, "idValue": choice, "modelType": "card" });
    if value != "" && choice != "" {
        items.push(item.clone());
    }
    Ok(Reply::written(200, &json!({ "idCustomField": item["idCustomField"], "value": null, "idValue": null })))
}

fn writable(state: &State, call: &Call<'_>) -> Result<usize, Refusal> {
    call.writes()?;
    cards::visible(state, call, &call.values[0])
}

/// Returns what a request sets, as it is kept; an id of another board is refused.
fn changes(board: &Value, call: &Call<'_>) -> Result<Vec<(&'static str, Value)>, Refusal> {
    let mut changes = Vec::new();
    for name in ["name", "desc", "due", "start", "dueComplete", "idList", "pos", "idLabels", "idMembers"] {
        let Some(value) = call.asked.get(name) else { continue };
        let value = match name {
            "idList" if State::of_board(board, "lists", value).is_none() => {
                return Err(Refusal::invalid("invalid value for idList"));
            }
            "idLabels" | "idMembers" => ids(board, name, value)?,
            "due" | "start" => instant(value)?,
            "pos" if value == "top" => json!(1.0),
            "pos" if value == "bottom" => json!(1e9),
            "name" if value == "" => return Err(Refusal::invalid("invalid value for name")),
            _ => value.clone(),
        };
        changes.push((name, value));
    }
    Ok(changes)
}

fn ids(board: &Value, name: &str, value: &Value) -> Result<Value, Refusal> {
    let ids = value.as_str().unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(Value::from);
    let ids: Vec<Value> = ids.collect();
    let is_known = |id: &Value| match name {
        "idLabels" => State::of_board(board, "labels", id).is_some(),
        _ => boards::is_on(board, id),
    };
    if ids.iter().all(is_known) {
        Ok(ids.into())
    } else {
        Err(Refusal::invalid("invalid value for idLabels or idMembers"))
    }
}

fn instant(value: &Value) -> Result<Value, Refusal> {
    let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return Ok(Value::Null) };
    let time: jiff::Timestamp = text.parse().map_err(|_| Refusal::invalid("invalid date"))?;
    Ok(format!("{time:.3}").into())
}

/// What the other board does not have stays behind.
fn move_to(board: &Value, card: &Card, changes: &mut Vec<(&'static str, Value)>) {
    changes.push(("idBoard", board["id"].clone()));
    if !changes.iter().any(|(name, _)| *name == "idList") {
        changes.push(("idList", board["lists"][0]["id"].clone()));
    }
    if !changes.iter().any(|(name, _)| *name == "idLabels") && card.value["idBoard"] != board["id"] {
        changes.push(("idLabels", json!([])));
    }
}

fn apply(card: &mut Card, changes: Vec<(&'static str, Value)>) {
    for (name, value) in changes {
        card.value[name] = value;
    }
}

fn add(state: &mut State, card: usize, list: &str, id: Value, already: &'static str) -> Result<Reply, Refusal> {
    let ids = state.cards[card].value[list].as_array_mut().expect("it is a list");
    if ids.contains(&id) {
        return Err(Refusal::invalid(already));
    }
    ids.push(id);
    Ok(Reply::written(200, &state.cards[card].value[list]))
}

fn remove(state: &mut State, call: &Call<'_>, list: &str) -> Result<Reply, Refusal> {
    let place = writable(state, call)?;
    let ids = state.cards[place].value[list].as_array_mut().expect("it is a list");
    let before = ids.len();
    ids.retain(|id| *id != call.values[1].as_str());
    if ids.len() == before { Err(Refusal::not_found()) } else { Ok(Reply::written(200, &json!({}))) }
}
