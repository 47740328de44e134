//! Files: brought first, and hung on a work item afterwards.

use serde_json::json;

use super::{
    place,
    reply::{Refusal, Reply},
    service::Call,
    state::{File, State},
};
use crate::servers::Answer;

pub(super) fn add(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    call.writes()?;
    place::project(state, call)?;
    let id = state.next_uuid();
    let name = call.asked("fileName").unwrap_or(&id).to_owned();
    state.files.insert(id.clone(), File { name, content: call.request.body.to_vec() });
    Ok(Reply::written(201, &json!({ "id": id, "url": call.site.file_url(&id) })))
}

pub(super) fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::project(state, call)?;
    let id = call.value("id");
    let message = format!("TF237087: Could not find the attachment {id}.");
    let file = state.files.get(id).ok_or_else(|| Refusal::new(404, "AttachmentNotFoundException", message))?;
    let answer = Answer::new(200).header("content-type", "application/octet-stream").with_body(file.content.clone());
    Ok(answer.into())
}
