//! Files of a card, and the form that brings one.

use serde_json::json;

use super::{
    cards,
    reply::{Refusal, Reply},
    service::Call,
    state::State,
};
use crate::servers::{Answer, form};

/// Takes a file.
pub(super) fn add(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    call.writes()?;
    let place = cards::visible(state, call, &call.values[0])?;
    let parts = form::parts(call.request).map_err(Refusal::violation)?;
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name)?;
        Some(String::from_utf8_lossy(&part.content).into_owned())
    };
    let file = parts
        .iter()
        .find(|part| part.name == "file")
        .ok_or_else(|| Refusal::invalid("Must provide either url or file"))?;
    let file_name = file.file_name.clone().unwrap_or_else(|| "upload".to_owned());
    let id = state.id();
    let card = state.cards[place].value["id"].as_str().unwrap_or_default();
    let attachment = json!({
        "id": id, "name": text("name").unwrap_or_else(|| file_name.clone()), "fileName": file_name, "bytes": file.content.len(),
        "mimeType": text("mimeType").unwrap_or_default(), "isUpload": true, "date": state.time(),
        "idMember": state.members[call.member]["id"],
        "url": format!("https://trello.com/1/cards/{card}/attachments/{id}/download/{file_name}"),
    });
    state.files.insert(id, file.content.clone());
    state.cards[place].attachments.push(attachment.clone());
    Ok(Reply::written(200, &attachment))
}

/// Gives the bytes of a file.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = cards::visible(state, call, &call.values[0])?;
    let is_here = state.cards[place].attachments.iter().any(|file| file["id"] == call.values[1].as_str());
    let bytes = state.files.get(&call.values[1]).filter(|_| is_here).ok_or_else(Refusal::not_found)?;
    Ok(Answer::new(200).content("application/octet-stream", bytes.clone()).into())
}
