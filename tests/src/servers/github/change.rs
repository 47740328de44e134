//! What the body of a create or an update does to an issue.

use serde_json::Value;

use super::{
    access::Access,
    place::Found,
    reply::Refusal,
    service::Call,
    state::{Issue, Label, Repository, State},
};

const LONGEST_TITLE: usize = 256;
const LONGEST_BODY: usize = 65_536;

/// Changes an issue as the body says; what needs push access is dropped in silence without it.
pub(super) fn change(
    state: &mut State,
    call: &Call,
    found: Found,
    issue: &mut Issue,
    body: &Value,
) -> Result<(), Refusal> {
    if let Some(title) = text(&body["title"]) {
        if title.trim().is_empty() {
            return Err(Refusal::invalid("Issue", "title", "missing_field"));
        }
        if title.chars().count() > LONGEST_TITLE {
            return Err(Refusal::custom("Issue", "title", "title is too long (maximum is 256 characters)"));
        }
        issue.title = title;
    }
    if let Some(text) = body.get("body") {
        if text.as_str().is_some_and(|text| text.chars().count() > LONGEST_BODY) {
            return Err(Refusal::custom("Issue", "body", "body is too long (maximum is 65536 characters)"));
        }
        issue.body = text.as_str().map(str::to_owned);
    }
    change_state(state, call, issue, body);
    if found.access >= Access::Push {
        change_fields(state, call, found, issue, body)?;
    }
    Ok(())
}

fn change_state(state: &mut State, call: &Call, issue: &mut Issue, body: &Value) {
    let reason = body["state_reason"].as_str().map(str::to_owned);
    match body["state"].as_str() {
        Some("closed") if issue.open => {
            issue.open = false;
            issue.closed_at = Some(state.tick());
            issue.closed_by = call.token.map(|token| token.login.clone());
            issue.state_reason = reason.or_else(|| Some("completed".to_owned()));
        }
        Some("open") if !issue.open => {
            (issue.open, issue.closed_at, issue.closed_by) = (true, None, None);
            issue.state_reason = Some("reopened".to_owned());
        }
        // A reason without a change of the state changes the reason of a closed issue.
        _ if reason.is_some() && !issue.open => issue.state_reason = reason,
        _ => {}
    }
}

fn change_fields(state: &mut State, call: &Call, found: Found, issue: &mut Issue, body: &Value) -> Result<(), Refusal> {
    if let Some(wanted) = body.get("milestone") {
        issue.milestone = milestone(found.of(state), wanted)?;
    }
    if let Some(wanted) = body.get("type") {
        issue.issue_type = issue_type(found.of(state), wanted)?;
    }
    if let Some(wanted) = body.get("assignees") {
        let wanted = names(wanted, "login");
        let known = |login: &String| found.of(state).assignable.iter().find(|known| known.eq_ignore_ascii_case(login));
        let stranger = wanted.iter().find(|login| known(login).is_none());
        if let Some(stranger) = stranger.filter(|_| call.switches.refuse_unknown_assignees) {
            return Err(Refusal::invalid_value("Issue", "assignees", &Value::from(stranger.as_str())));
        }
        issue.assignees = wanted.iter().filter_map(known).cloned().collect();
    }
    if let Some(wanted) = body.get("labels") {
        issue.labels = labels(state, found, &names(wanted, "name"))?;
    }
    Ok(())
}

/// Returns a title: a number is one too.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn milestone(repository: &Repository, wanted: &Value) -> Result<Option<u64>, Refusal> {
    if wanted.is_null() {
        return Ok(None);
    }
    let number = wanted.as_u64().or_else(|| wanted.as_str()?.parse().ok());
    let known = repository.milestones.iter().find(|milestone| Some(milestone.number) == number);
    known.map(|known| Some(known.number)).ok_or_else(|| Refusal::invalid_value("Issue", "milestone", wanted))
}

fn issue_type(repository: &Repository, wanted: &Value) -> Result<Option<String>, Refusal> {
    let name = wanted.as_str().or_else(|| wanted["value"].as_str());
    let Some(name) = name else { return Ok(None) };
    let known = repository.issue_types.iter().find(|kind| kind.name.eq_ignore_ascii_case(name));
    known.map(|known| Some(known.name.clone())).ok_or_else(|| Refusal::invalid_value("Issue", "type", wanted))
}

/// Returns the names in a list of names, or of objects that have one.
pub(super) fn names(list: &Value, member: &str) -> Vec<String> {
    let named = |item: &Value| item.as_str().or_else(|| item[member].as_str()).map(str::to_owned);
    list.as_array().into_iter().flatten().filter_map(named).collect()
}

/// Returns labels as the repository spells them; those that it does not have yet it gets.
pub(super) fn labels(state: &mut State, found: Found, wanted: &[String]) -> Result<Vec<String>, Refusal> {
    if let Some(name) = wanted.iter().find(|name| name.trim().is_empty() || name.chars().count() > 50) {
        return Err(Refusal::invalid_value("Label", "name", &Value::from(name.as_str())));
    }
    let mut spelled = Vec::new();
    for name in wanted {
        let known = found.of(state).label(name).map(|label| label.name.clone());
        let name = known.unwrap_or_else(|| {
            let label =
                Label { id: state.next_id(), name: name.clone(), color: "ededed".to_owned(), description: None };
            state.repositories[found.repository].labels.push(label);
            name.clone()
        });
        if !spelled.contains(&name) {
            spelled.push(name);
        }
    }
    Ok(spelled)
}
