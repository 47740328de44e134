//! What a repository offers for its issues, and what the server says about itself and about who asks.

use serde_json::{Value, json};

use super::{
    access::Access,
    limits::Bucket,
    pages::Page,
    place::Found,
    render::{document, issue_type_json},
    reply::{Refusal, Reply},
    service::Call,
    state::{Milestone, State},
};

pub(super) fn repository(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let found = Found::repository(state, call)?;
    let json = call.site.repository(state, found.of(state), found.access >= Access::Push);
    Ok(Reply::read(document(&json)))
}

pub(super) fn labels(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let found = Found::repository(state, call)?;
    let repository = found.of(state);
    let labels = repository.labels.iter().map(|label| call.site.label(repository, label)).collect();
    Ok(paged(state, call, found, "labels", labels))
}

pub(super) fn milestones(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let found = Found::repository(state, call)?;
    let repository = found.of(state);
    let wanted = call.query.get("state").map_or("open", String::as_str);
    let admitted = |milestone: &&Milestone| wanted == "all" || milestone.open == (wanted == "open");
    let milestones = repository.milestones.iter().filter(admitted);
    let milestones = milestones.map(|milestone| call.site.milestone(state, repository, milestone)).collect();
    Ok(paged(state, call, found, "milestones", milestones))
}

pub(super) fn assignees(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let found = Found::repository(state, call)?;
    let assignable = found.of(state).assignable.iter();
    let users = assignable.map(|login| call.site.user_called(state, Some(login))).collect();
    Ok(paged(state, call, found, "assignees", users))
}

pub(super) fn issue_types(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let found = Found::repository(state, call)?;
    let kinds: Vec<Value> = found.of(state).issue_types.iter().map(issue_type_json).collect();
    Ok(Reply::read(document(&Value::Array(kinds))))
}

/// Organisations have no fields here; they are for those who belong to one.
pub(super) fn issue_fields(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let is_known = state.user(&call.values[0]).is_some_and(|owner| owner.organization);
    if call.token.is_none() || !is_known {
        return Err(Refusal::not_found());
    }
    Ok(Reply::read(document(&json!([]))))
}

pub(super) fn user(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let token = call.token.ok_or_else(|| Refusal::new(401, "Requires authentication"))?;
    let user = state.user(&token.login).ok_or_else(|| Refusal::new(401, "Bad credentials"))?;
    Ok(Reply::read(document(&call.site.own_user(user))))
}

pub(super) fn rate_limit(_: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let [core, search] = call.limits.each_ref().map(bucket);
    let json = json!({ "rate": core, "resources": { "core": core, "search": search } });
    Ok(Reply { has_tag: false, ..Reply::read(document(&json)) })
}

pub(super) fn meta(_: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let mut json = json!({ "verifiable_password_authentication": false });
    if call.site.enterprise {
        json["installed_version"] = json!("3.19.0");
    }
    Ok(Reply::read(document(&json)))
}

fn bucket(bucket: &Bucket) -> Value {
    let used = bucket.limit.saturating_sub(bucket.remaining);
    json!({ "limit": bucket.limit, "remaining": bucket.remaining, "reset": bucket.reset, "used": used })
}

fn paged(state: &State, call: &Call, found: Found, what: &str, mut items: Vec<Value>) -> Reply {
    let page = Page::of(call);
    let link = page.link(call, &format!("/repositories/{}/{what}", found.of(state).id), items.len());
    let shown: Vec<Value> = items.drain(page.range(items.len())).collect();
    Reply { link, ..Reply::read(document(&Value::Array(shown))) }
}
