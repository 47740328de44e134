//! Files of a card, and the form that brings one.

use serde_json::json;

use super::{
    cards,
    reply::{Refusal, Reply},
    service::Call,
    state::State,
};
use crate::servers::Request;

/// A part of a form.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content: Vec<u8>,
}

/// Takes a file.
pub(super) fn add(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    call.writes()?;
    let place = cards::visible(state, call, &call.values[0])?;
    let parts = parts(call.request).map_err(Refusal::violation)?;
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
    Ok(Reply::written(&attachment))
}

/// Gives the bytes of a file.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = cards::visible(state, call, &call.values[0])?;
    let is_here = state.cards[place].attachments.iter().any(|file| file["id"] == call.values[1].as_str());
    let bytes = state.files.get(&call.values[1]).filter(|_| is_here).ok_or_else(Refusal::not_found)?;
    Ok(Reply::bytes(bytes.clone()))
}

/// Reads the parts of a form.
pub(super) fn parts(request: &Request) -> Result<Vec<Part>, String> {
    let wrong = |why: &str| format!("the form is not right: {why}");
    let kind = request.header("content-type").unwrap_or_default();
    let boundary = kind.split_once("boundary=").map(|(_, boundary)| boundary.trim_matches('"'));
    let boundary = format!("--{}", boundary.ok_or_else(|| wrong("it names no boundary"))?);
    let mut rest =
        request.body.strip_prefix(boundary.as_bytes()).ok_or_else(|| wrong("it does not begin with the boundary"))?;
    let end = format!("\r\n{boundary}");
    let mut parts = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let length = find(part, end.as_bytes()).ok_or_else(|| wrong("a part does not end"))?;
        parts.push(part_of(&part[..length]).ok_or_else(|| wrong("a part has no name"))?);
        rest = &part[length + end.len()..];
    }
    Ok(parts)
}

fn part_of(bytes: &[u8]) -> Option<Part> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let value = |name: &str| Some(disposition.split_once(&format!("; {name}=\""))?.1.split('"').next()?.to_owned());
    Some(Part { name: value("name")?, file_name: value("filename"), content: bytes[end + 4..].to_vec() })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
