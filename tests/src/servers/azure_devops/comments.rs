//! Comments, newest first unless asked otherwise.

use serde_json::{Value, json};

use super::{
    place,
    reply::{Refusal, Reply},
    service::Call,
    state::{Comment, State},
};

const MOST: usize = 200;

pub(super) fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::needed_project(state, call)?;
    let id = place::item(state, call, "workItemId")?;
    let item = &state.items[&id];
    let mut comments: Vec<_> = item.comments.iter().collect();
    if !call.asked("order").is_some_and(|order| order.eq_ignore_ascii_case("asc")) {
        comments.reverse();
    }
    let size = call.number("$top").unwrap_or(MOST).min(MOST);
    let start = match call.asked("continuationToken") {
        None => 0,
        Some(token) => {
            let place = comments.iter().position(|comment| token_of(comment.id) == token);
            place.ok_or_else(|| Refusal::argument("The continuation token is not valid."))?
        }
    };
    let rendered = call
        .asked("$expand")
        .is_some_and(|expand| expand.eq_ignore_ascii_case("renderedText") || expand.eq_ignore_ascii_case("all"));
    let end = (start + size).min(comments.len());
    let part: Vec<Value> =
        comments[start..end].iter().map(|comment| call.site.comment(state, item, comment, rendered)).collect();
    let mut body = json!({ "totalCount": comments.len(), "count": part.len(), "comments": part });
    if let Some(next) = comments.get(end) {
        body["continuationToken"] = json!(token_of(next.id));
        body["nextPage"] = json!(format!("{}/comments?continuationToken={}", call.site.url(), token_of(next.id)));
    }
    Ok(Reply::read(&body))
}

pub(super) fn add(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    call.writes()?;
    place::needed_project(state, call)?;
    let id = place::item(state, call, "workItemId")?;
    let text = call.body["text"].as_str().unwrap_or_default().to_owned();
    if text.trim().is_empty() {
        return Err(Refusal::argument("TF401335: The comment text cannot be empty."));
    }
    let markdown = match call.asked("format").map(str::to_lowercase).as_deref() {
        None | Some("html") => false,
        Some("markdown") => true,
        Some(other) => return Err(Refusal::violation(format!("`{other}` is no format of a comment"))),
    };
    let (number, created) = (state.next_number_of_comment(), state.tick());
    let comment = Comment { id: number, text, markdown, author: call.user, created };
    let item = state.item(id);
    item.comments.push(comment.clone());
    item.rev += 1;
    Ok(Reply::written(200, &call.site.comment(state, &state.items[&id], &comment, false)))
}

fn token_of(id: u64) -> String {
    format!("c{id:x}")
}
