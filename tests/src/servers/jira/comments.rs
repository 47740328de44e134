//! Comments by way of the API, where what makes one internal is a property that means something in service projects only.

use serde_json::{Map, Value, json};

use super::{
    adf,
    issues::properties,
    place,
    reply::{Refusal, Reply},
    service::Call,
    state::{Comment, Issue, State},
};

/// The property that hides a comment from the customers of a service project.
const PUBLIC: &str = "sd.public.comment";

pub(super) fn list(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let (start, size) = call.page(50, 5_000);
    let newest_first = call.query.get("orderBy").is_some_and(|order| order == "-created");
    Ok(Reply::read(&call.site.comments(state, &state.issues[&id], start, size, newest_first)))
}

pub(super) fn get(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let issue = &state.issues[&id];
    let comment = named(issue, &call.values[1])?;
    Ok(Reply::read(&call.site.comment(state, issue, comment, true)))
}

pub(super) fn add(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let user = place::writer(call)?;
    let id = place::issue(state, call)?;
    let body = adf::body(call, "comment", &call.body["body"])?;
    if body.is_null() || body == "" {
        return Err(Refusal::field("comment", "Comment body can not be empty!"));
    }
    let properties = properties(&call.body["properties"]);
    let service = state.projects[state.issues[&id].project].service;
    // Elsewhere the property is kept, and the comment is for everybody.
    let internal = service && properties.get(PUBLIC).is_some_and(|value| value["internal"] == true);
    let visibility = (!call.body["visibility"].is_null()).then(|| call.body["visibility"].clone());
    let comment = Comment { visibility, properties, public: !internal, ..comment(state, user, body) };
    Ok(Reply::written(201, &keep(state, call, id, comment)))
}

/// Returns comments by their numbers; those that cannot be had are left out.
pub(super) fn list_by_id(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let ids: Vec<_> = call.body["ids"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    let search = call.search(state);
    let visible = state.issues.values().filter(|issue| search.may_see(issue.project));
    let comments = visible.flat_map(|issue| issue.comments.iter().map(move |comment| (issue, comment)));
    let found = comments.filter(|(_, comment)| ids.contains(&comment.id));
    let expanded = call.query.get("expand").is_some_and(|expand| expand.split(',').any(|part| part == "properties"));
    let values: Vec<_> = found.map(|(issue, comment)| call.site.comment(state, issue, comment, expanded)).collect();
    let size = values.len();
    Ok(Reply::read(&json!({ "isLast": true, "maxResults": 1_048_576, "startAt": 0, "total": size, "values": values })))
}

pub(super) fn property(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let search = call.search(state);
    let visible = state.issues.values().filter(|issue| search.may_see(issue.project));
    let mut comments = visible.flat_map(|issue| &issue.comments);
    let comment = comments.find(|comment| comment.id.to_string() == call.values[0]);
    let comment = comment.ok_or_else(|| Refusal::new(404, "The comment does not exist."))?;
    let key = call.values[1].as_str();
    let value = comment.properties.get(key);
    let value = value.ok_or_else(|| Refusal::new(404, format!("The property with key '{key}' does not exist.")))?;
    Ok(Reply::read(&json!({ "key": key, "value": value })))
}

/// Sets a property of a comment. In a service project one of them says who sees the comment.
pub(super) fn set_property(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let (search, id) = (call.search(state), &call.values[0]);
    let visible = state.issues.values().filter(|issue| search.may_see(issue.project));
    let mut owners = visible.filter(|issue| issue.comments.iter().any(|comment| comment.id.to_string() == *id));
    let owner = owners.next().ok_or_else(|| Refusal::new(404, "The comment does not exist."))?;
    let (issue, service) = (owner.id, state.projects[owner.project].service);
    let (key, value) = (call.values[1].clone(), call.body.clone());
    let mut comments = place::changing(state, issue).comments.iter_mut();
    let comment = comments.find(|comment| comment.id.to_string() == *id).expect("it was found a moment ago");
    if service && key == PUBLIC {
        comment.public = value["internal"] != true;
    }
    let before = comment.properties.insert(key, value);
    Ok(Reply::written(if before.is_none() { 201 } else { 200 }, &json!({})))
}

/// Returns a new comment that everybody sees.
pub(super) fn comment(state: &mut State, author: usize, body: Value) -> Comment {
    let (id, created) = (state.next_id(), state.tick());
    Comment { id, author: Some(author), body, created, public: true, visibility: None, properties: Map::new() }
}

/// Puts a comment on an issue, and returns its JSON.
pub(super) fn keep(state: &mut State, call: &Call, issue: u64, comment: Comment) -> Value {
    place::changing(state, issue).comments.push(comment);
    let issue = &state.issues[&issue];
    let comment = issue.comments.last().expect("one was put there a moment ago");
    call.site.comment(state, issue, comment, !comment.properties.is_empty())
}

/// Returns a comment of an issue by its number.
pub(super) fn named<'a>(issue: &'a Issue, id: &str) -> Result<&'a Comment, Refusal> {
    let found = issue.comments.iter().find(|comment| comment.id.to_string() == id);
    found.ok_or_else(|| Refusal::new(404, format!("Can not find a comment for the id: {id}.")))
}
