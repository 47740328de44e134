//! What hangs on an issue: comments, labels and assignees.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    access::Access,
    change::{labels, names},
    issues::{body, keep},
    pages::Page,
    place::{Found, writer},
    render::document,
    reply::{Refusal, Reply},
    service::Call,
    state::{Comment, Issue, State},
};

pub(super) fn comments(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, number) = Found::issue(state, call)?;
    let (repository, issue) = (found.of(state), found.its_issue(state, number));
    let since: Option<Timestamp> = call.query.get("since").and_then(|since| since.parse().ok());
    let admitted = |comment: &&Comment| since.is_none_or(|since| comment.created_at >= since);
    let comments: Vec<_> = issue.comments.iter().filter(admitted).collect();
    let page = Page::of(call);
    let link = page.link(call, &format!("/repositories/{}/issues/{number}/comments", repository.id), comments.len());
    let shown = comments[page.range(comments.len())].iter();
    let shown: Vec<Value> = shown.map(|comment| call.site.comment(state, repository, issue, comment)).collect();
    Ok(Reply { link, ..Reply::read(document(&Value::Array(shown))) })
}

pub(super) fn add_comment(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let login = writer(call)?.to_owned();
    let (found, number) = Found::issue(state, call)?;
    let text = body(call)["body"].as_str().unwrap_or_default().to_owned();
    if text.trim().is_empty() {
        return Err(Refusal::custom("IssueComment", "body", "body cannot be blank"));
    }
    let mut issue = found.its_issue(state, number).clone();
    if issue.locked && found.access < Access::Push {
        return Err(Refusal::new(403, "Unable to create comment because issue is locked."));
    }
    let comment = Comment { id: state.next_id(), user: Some(login), body: text, created_at: state.tick() };
    issue.comments.push(comment.clone());
    keep(state, call, found, issue);
    let json = call.site.comment(state, found.of(state), found.its_issue(state, number), &comment);
    let location = json["url"].as_str().map(str::to_owned);
    Ok(Reply { location, ..Reply::written(201, document(&json)) })
}

pub(super) fn add_labels(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, mut issue) = to_change(state, call)?;
    found.needs_push()?;
    for name in labels(state, found, &names(&body(call)["labels"], "name"))? {
        if !issue.labels.contains(&name) {
            issue.labels.push(name);
        }
    }
    Ok(labels_of(state, call, found, issue))
}

pub(super) fn remove_label(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, mut issue) = to_change(state, call)?;
    found.needs_push()?;
    let place = issue.labels.iter().position(|label| label.eq_ignore_ascii_case(&call.values[3]));
    issue.labels.remove(place.ok_or_else(|| Refusal::new(404, "Label does not exist"))?);
    Ok(labels_of(state, call, found, issue))
}

pub(super) fn add_assignees(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, mut issue) = to_change(state, call)?;
    let wanted = names(&body(call)["assignees"], "login");
    // Without push access nothing is assigned, and nothing is said about it.
    if found.access >= Access::Push {
        let assignable = &found.of(state).assignable;
        let known = assignable.iter().filter(|known| wanted.iter().any(|login| login.eq_ignore_ascii_case(known)));
        for login in known.cloned().collect::<Vec<_>>() {
            if !issue.assignees.contains(&login) && issue.assignees.len() < 10 {
                issue.assignees.push(login);
            }
        }
    }
    Ok(Reply { status: 201, ..keep(state, call, found, issue) })
}

pub(super) fn remove_assignees(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, mut issue) = to_change(state, call)?;
    let gone = names(&body(call)["assignees"], "login");
    if found.access >= Access::Push {
        issue.assignees.retain(|login| !gone.iter().any(|gone| gone.eq_ignore_ascii_case(login)));
    }
    Ok(keep(state, call, found, issue))
}

/// Returns a copy of the issue, for somebody to change.
pub(super) fn to_change(state: &State, call: &Call) -> Result<(Found, Issue), Refusal> {
    writer(call)?;
    let (found, number) = Found::issue(state, call)?;
    Ok((found, found.its_issue(state, number).clone()))
}

/// Keeps the issue and returns its labels.
fn labels_of(state: &mut State, call: &Call, found: Found, issue: Issue) -> Reply {
    let names = issue.labels.clone();
    let kept = keep(state, call, found, issue);
    let repository = found.of(state);
    let labels = names.iter().filter_map(|name| repository.label(name));
    let labels: Vec<Value> = labels.map(|label| call.site.label(repository, label)).collect();
    Reply { document: document(&Value::Array(labels)), ..kept }
}
