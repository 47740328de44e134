//! What hangs on an issue beside comments and files: links, properties, work.

use serde_json::{Value, json};

use super::{
    place,
    reply::{Refusal, Reply},
    service::Call,
    state::{Link, State},
};

pub(super) fn property(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let key = &call.values[1];
    let value = state.issues[&id].properties.get(key);
    let value = value.ok_or_else(|| Refusal::new(404, format!("The property with key '{key}' does not exist.")))?;
    Ok(Reply::read(&json!({ "key": key, "value": value })))
}

pub(super) fn set_property(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let id = place::issue(state, call)?;
    let before = place::changing(state, id).properties.insert(call.values[1].clone(), call.body.clone());
    Ok(Reply::written(if before.is_none() { 201 } else { 200 }, &json!({})))
}

pub(super) fn worklogs(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let (start, size) = call.page(5_000, 5_000);
    Ok(Reply::read(&call.site.worklogs(state, &state.issues[&id], start, size)))
}

pub(super) fn add_link(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let wanted = &call.body["type"];
    let called = |kind: &super::state::LinkType| {
        wanted["id"].as_str().map_or_else(|| wanted["name"] == kind.name.as_str(), |id| id == kind.id.to_string())
    };
    let link_type = state.link_types.iter().position(called);
    let name = wanted["name"].as_str().or_else(|| wanted["id"].as_str()).unwrap_or_default();
    let missing = || Refusal::new(404, format!("No issue link type with name '{name}' found."));
    let link_type = link_type.ok_or_else(missing)?;
    let end = |member: &str| {
        let named = &call.body[member];
        let name = named["key"].as_str().or_else(|| named["id"].as_str()).unwrap_or_default();
        place::named_issue(state, call, name)
    };
    // The inward issue is the one that the link starts at: it blocks the outward one.
    let (from, to) = (end("inwardIssue")?, end("outwardIssue")?);
    if from == to {
        return Err(Refusal::new(400, "You cannot link an issue to itself."));
    }
    let id = state.next_id();
    place::changing(state, from);
    place::changing(state, to);
    state.links.retain(|link| (link.link_type, link.from, link.to) != (link_type, from, to));
    state.links.push(Link { id, link_type, from, to });
    Ok(Reply::done(201))
}

pub(super) fn link(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let place = found(state, call)?;
    let mut json: Value = call.site.link(state, &state.links[place], None);
    json["self"] = json!(call.site.api(&format!("issueLink/{}", state.links[place].id)));
    Ok(Reply::read(&json))
}

pub(super) fn remove_link(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::writer(call)?;
    let place = found(state, call)?;
    let link = state.links.remove(place);
    place::changing(state, link.from);
    place::changing(state, link.to);
    Ok(Reply::done(204))
}

fn found(state: &State, call: &Call) -> Result<usize, Refusal> {
    let search = call.search(state);
    let visible = |link: &Link| search.may_see(state.issues[&link.from].project);
    let found = state.links.iter().position(|link| link.id.to_string() == call.values[0] && visible(link));
    found.ok_or_else(|| Refusal::new(404, format!("No issue link with id '{}' exists.", call.values[0])))
}
