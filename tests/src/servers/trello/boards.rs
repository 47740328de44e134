//! Boards, and who is on them.

use serde_json::{Value, json};

use super::{
    reply::{Refusal, Reply},
    service::Call,
    state::State,
};

/// The account itself.
pub(super) fn me(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::read(&selected(&state.members[call.member], call.text("fields"))))
}

/// The boards that the account is on.
pub(super) fn own(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = &state.members[call.member]["id"];
    let closed = match call.text("filter") {
        Some("open") => Some(false),
        Some("closed") => Some(true),
        _ => None,
    };
    let is_wanted = |board: &&Value| is_on(board, id) && closed.is_none_or(|closed| board["closed"] == closed);
    let boards = state.boards.iter().filter(is_wanted).map(|board| selected(board, call.text("fields")));
    Ok(Reply::read(&boards.collect()))
}

/// A board, with what is asked to be nested in it.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let board = &state.boards[visible(state, call, &call.values[0])?];
    let mut shown = selected(board, call.text("fields"));
    if let Some(filter) = call.text("lists").filter(|filter| *filter != "none") {
        let is_wanted = |list: &&Value| filter == "all" || list["closed"] == (filter == "closed");
        shown["lists"] = board["lists"].as_array().into_iter().flatten().filter(is_wanted).cloned().collect();
    }
    if call.wants("labels") {
        // Without a limit there are fifty.
        let limit = call.number("labels_limit").unwrap_or(50);
        shown["labels"] = board["labels"].as_array().into_iter().flatten().take(limit).cloned().collect();
    }
    if call.wants("members") {
        shown["members"] = state.members.iter().filter(|member| is_on(board, &member["id"])).cloned().collect();
    }
    if call.wants("customFields") {
        shown["customFields"] = board["customFields"].clone();
    }
    Ok(Reply::read(&shown))
}

/// What the custom fields of a board are.
pub(super) fn fields(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let board = visible(state, call, &call.values[0])?;
    Ok(Reply::read(&state.boards[board]["customFields"]))
}

/// Returns the place of a board that the account may see.
pub(super) fn visible(state: &State, call: &Call<'_>, name: &str) -> Result<usize, Refusal> {
    let place = state.board_place(name).ok_or_else(Refusal::not_found)?;
    match is_on(&state.boards[place], &state.members[call.member]["id"]) {
        true => Ok(place),
        false => Err(Refusal::not_yours()),
    }
}

/// Says whether somebody is on a board.
pub(super) fn is_on(board: &Value, member: &Value) -> bool {
    board["idMembers"].as_array().is_some_and(|members| members.contains(member))
}

/// Returns what of a thing is asked for; its id always is. Without a choice it is everything that is not nested.
pub(super) fn selected(thing: &Value, fields: Option<&str>) -> Value {
    const NESTED: &[&str] = &["lists", "labels", "customFields", "idMembers"];
    let mut shown = json!({ "id": thing["id"] });
    for (name, value) in thing.as_object().into_iter().flatten() {
        let is_wanted = match fields {
            None | Some("all") => !NESTED.contains(&name.as_str()) || thing.get("lists").is_none(),
            Some(fields) => fields.split(',').any(|field| field == name),
        };
        if is_wanted {
            shown[name] = value.clone();
        }
    }
    shown
}
