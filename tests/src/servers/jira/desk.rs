//! Comments by way of the service desk, which knows requests only, so that an internal one cannot leak.

use serde_json::{Value, json};

use super::{
    adf, comments, place,
    render::time,
    reply::{Refusal, Reply},
    service::Call,
    state::{Comment, State},
};

pub(super) fn request(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = found(state, call)?;
    let issue = &state.issues[&id];
    let body = json!({
        "issueId": id.to_string(), "issueKey": state.key(issue), "requestTypeId": "25",
        "serviceDeskId": state.projects[issue.project].id.to_string(),
    });
    Ok(Reply::read(&body))
}

pub(super) fn comments(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = found(state, call)?;
    let number = |name: &str, usual| call.query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (start, limit): (usize, usize) = (number("start", 0), number("limit", 50));
    let shown = |name: &str| call.query.get(name).is_none_or(|text| text == "true");
    let (public, internal) = (shown("public"), shown("internal"));
    let fits = |comment: &&Comment| if comment.public { public } else { internal };
    let all: Vec<_> = state.issues[&id].comments.iter().filter(fits).collect();
    let values: Vec<_> = all.iter().skip(start).take(limit).map(|comment| json(state, call, comment)).collect();
    let body = json!({
        "size": values.len(), "start": start, "limit": limit, "isLastPage": start + values.len() >= all.len(), "values": values,
    });
    Ok(Reply::read(&body))
}

pub(super) fn comment(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = found(state, call)?;
    let comment = comments::named(&state.issues[&id], &call.values[1])?;
    Ok(Reply::read(&json(state, call, comment)))
}

pub(super) fn add_comment(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let user = place::writer(call)?;
    let id = found(state, call)?;
    let text = call.body["body"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Refusal::new(400, "Comment body can not be empty!"));
    }
    let body = if call.site.cloud { adf::paragraph(text) } else { Value::from(text) };
    let public = call.body["public"] == true;
    let comment = Comment { public, ..comments::comment(state, user, body) };
    comments::keep(state, call, id, comment.clone());
    Ok(Reply::written(201, &json(state, call, &comment)))
}

/// Returns the id of a request. An issue of another kind of project is none.
fn found(state: &State, call: &Call) -> Result<u64, Refusal> {
    let id = place::issue(state, call)?;
    let service = state.projects[state.issues[&id].project].service;
    if service { Ok(id) } else { Err(Refusal::new(404, "The request you are trying to view does not exist")) }
}

fn json(state: &State, call: &Call, comment: &Comment) -> Value {
    let text = match &comment.body {
        Value::String(text) => text.clone(),
        document => texts(document).join("\n"),
    };
    let created = time(comment.created);
    json!({
        "id": comment.id.to_string(),
        "body": text,
        "public": comment.public,
        "author": call.site.user(state, comment.author),
        "created": { "iso8601": created, "jira": created, "friendly": "Today", "epochMillis": comment.created.as_millisecond() },
    })
}

/// Returns the texts of a document, one for each node that has any.
fn texts(node: &Value) -> Vec<&str> {
    let below = node["content"].as_array().into_iter().flatten().flat_map(texts);
    node["text"].as_str().into_iter().chain(below).collect()
}
