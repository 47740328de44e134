//! Files: Cloud redirects to another server for what is in them, Data Center answers itself.

use serde_json::json;

use super::{
    place,
    reply::{Refusal, Reply},
    service::Call,
    state::{Attachment, State},
};
use crate::servers::Answer;

pub(super) fn get(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = found(state, call)?;
    let mut json = call.site.attachment(state, id, &state.attachments[&id]);
    // On its own the id of a file is a number, and on Data Center there is none.
    if call.site.cloud {
        json["id"] = json!(id);
    } else if let Some(members) = json.as_object_mut() {
        members.remove("id");
    }
    Ok(Reply::read(&json))
}

/// Leads to what is in a file, on another server.
pub(super) fn content(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = found(state, call)?;
    let file = &state.attachments[&id];
    if call.query.get("redirect").map(String::as_str) == Some("false") {
        let answer = Answer::new(200).header("content-type", &file.kind).with_body(file.content.clone());
        return Ok(answer.into());
    }
    let answer = Answer::new(303).header("location", &format!("{}/file/{id}", call.site.media));
    Ok(answer.into())
}

/// Answers what is in a file, as Data Center does.
pub(super) fn download(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = found(state, call)?;
    let file = &state.attachments[&id];
    if file.filename != call.values[1] {
        return Err(Refusal::new(404, "No attachment of this name."));
    }
    let answer = Answer::new(200).header("content-type", &file.kind).with_body(file.content.clone());
    Ok(answer.into())
}

pub(super) fn add(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let author = place::writer(call)?;
    let issue = place::issue(state, call)?;
    if call.request.header("x-atlassian-token") != Some("no-check") {
        return Err(Refusal::new(403, "XSRF check failed"));
    }
    let files = parts(call)?;
    let mut answer = Vec::new();
    for Part { filename, kind, content } in files {
        let (id, created) = (state.next_id(), state.tick());
        let file = Attachment { issue, filename, kind, content, author, created };
        state.attachments.insert(id, file);
        place::changing(state, issue).attachments.push(id);
        answer.push(call.site.attachment(state, id, &state.attachments[&id]));
    }
    Ok(Reply::written(200, &json!(answer)))
}

fn found(state: &State, call: &Call) -> Result<u64, Refusal> {
    let missing = || Refusal::new(404, format!("The attachment with id '{}' does not exist", call.values[0]));
    let id: u64 = call.values[0].parse().map_err(|_| missing())?;
    let file = state.attachments.get(&id).ok_or_else(missing)?;
    let visible = call.search(state).may_see(state.issues[&file.issue].project);
    if visible { Ok(id) } else { Err(missing()) }
}

/// A file of a form.
struct Part {
    filename: String,
    kind: String,
    content: Vec<u8>,
}

/// Reads the files of a form, each of which must be called `file`.
fn parts(call: &Call) -> Result<Vec<Part>, Refusal> {
    let wrong = |why: &str| Refusal::violation(format!("the form is not right: {why}"));
    let kind = call.request.header("content-type").unwrap_or_default();
    let boundary = kind.split_once("boundary=").map(|(_, boundary)| boundary.trim_matches('"'));
    let boundary = format!("--{}", boundary.ok_or_else(|| wrong("it names no boundary"))?);
    let mut parts = Vec::new();
    let mut rest = call
        .request
        .body
        .strip_prefix(boundary.as_bytes())
        .ok_or_else(|| wrong("it does not begin with the boundary"))?;
    let end = format!("\r\n{boundary}");
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let length = find(part, end.as_bytes()).ok_or_else(|| wrong("a part does not end"))?;
        parts.push(part_of(&part[..length]).ok_or_else(|| wrong("a part is no file, or is not called `file`"))?);
        rest = &part[length + end.len()..];
    }
    if parts.is_empty() { Err(wrong("there is no file in it")) } else { Ok(parts) }
}

fn part_of(bytes: &[u8]) -> Option<Part> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    let value = |name: &str| Some(disposition.split_once(&format!("{name}=\""))?.1.split('"').next()?.to_owned());
    if value(" name").as_deref() != Some("file") {
        return None;
    }
    let kind = header("content-type").unwrap_or("application/octet-stream").to_owned();
    Some(Part { filename: value("filename")?, kind, content: bytes[end + 4..].to_vec() })
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
