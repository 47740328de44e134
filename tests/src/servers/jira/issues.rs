//! Issues themselves: one, a new one, a changed one, whose it is.

use serde_json::{Map, Value, json};

use super::{
    change::{self, Screen},
    fields::Wanted,
    page::Page,
    place,
    reply::{self, Refusal, Reply},
    service::Call,
    state::{Issue, State},
};

pub(super) fn get(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let wanted = Wanted::of_query(&call.query, "*all");
    Ok(reply::shown(&Page::new(&call.search(state), &call.site, &wanted).issue(&state.issues[&id])))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let user = place::writer(call)?;
    let fields = members(&call.body["fields"]);
    let project = fields.get("project").unwrap_or(&Value::Null);
    let name = project["key"].as_str().or_else(|| project["id"].as_str()).unwrap_or_default();
    let project = place::named_project(state, call, name);
    let project = project.ok_or_else(|| Refusal::field("project", "valid project is required"))?;
    let issue_type = change::issue_type(state, project, fields.get("issuetype").unwrap_or(&Value::Null))?;
    let mut issue = Issue::new(state, project, "");
    (issue.issue_type, issue.reporter, issue.creator) = (issue_type, Some(user), Some(user));
    issue.priority = Some(state.priorities.len() / 2);
    let screen = Screen::of_type(state, issue_type, true);
    change::apply(state, call, &mut issue, &screen, &fields, &members(&call.body["update"]))?;
    issue.properties.extend(properties(&call.body["properties"]));
    let id = state.add(issue);
    let key = state.key(&state.issues[&id]);
    let body = json!({ "id": id.to_string(), "key": key, "self": call.site.api(&format!("issue/{id}")) });
    Ok(Reply::written(201, &body))
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let id = place::issue(state, call)?;
    let mut issue = state.issues[&id].clone();
    let screen = Screen::of_type(state, issue.issue_type, false);
    change::apply(state, call, &mut issue, &screen, &members(&call.body["fields"]), &members(&call.body["update"]))?;
    issue.properties.extend(properties(&call.body["properties"]));
    let now = place::changing(state, id).updated;
    issue.updated = now;
    state.issues.insert(id, issue);
    if call.query.get("returnIssue").map(String::as_str) != Some("true") {
        return Ok(Reply::done(204));
    }
    let wanted = Wanted::of_query(&call.query, "*all");
    let shown = reply::shown(&Page::new(&call.search(state), &call.site, &wanted).issue(&state.issues[&id]));
    Ok(Reply { committed: true, ..shown })
}

pub(super) fn assign(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let id = place::issue(state, call)?;
    let assignee = change::assignee(state, call, &call.body)?;
    place::changing(state, id).assignee = assignee;
    Ok(Reply::done(204))
}

/// Returns an object's members; of anything else, none.
pub(super) fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Returns properties by their names.
pub(super) fn properties(list: &Value) -> Map<String, Value> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|property| Some((property["key"].as_str()?.to_owned(), property["value"].clone()))).collect()
}
