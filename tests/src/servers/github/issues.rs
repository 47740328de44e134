//! Issues themselves: one, many, a new one, a changed one.

use serde_json::Value;

use super::{
    access::Access,
    change::change,
    filter::{Filter, Order},
    pages::{Cursor, Page},
    place::{Found, writer},
    render,
    reply::{Refusal, Reply},
    service::Call,
    state::{Issue, Place, State},
};

pub(super) fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, number) = Found::issue(state, call)?;
    Ok(single(state, call, found, number))
}

pub(super) fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let found = Found::repository(state, call)?;
    let repository = found.of(state);
    if !repository.has_issues {
        return Err(disabled());
    }
    let filter = Filter::read(state, repository, call)?;
    let order = Order::read(call);
    let mut issues: Vec<_> = repository.issues().filter(|issue| filter.admits(issue)).collect();
    issues.sort_by_key(|issue| order.place(issue));
    let path = format!("/repositories/{}/issues", repository.id);
    let (page, link) = if call.switches.cursors {
        after_cursor(&issues, order, call, &path)?
    } else {
        let page = Page::of(call);
        (&issues[page.range(issues.len())], page.link(call, &path, issues.len()))
    };
    let documents = page.iter().map(|issue| call.site.issue(state, repository, issue));
    Ok(Reply { link, ..Reply::read(render::list(documents)) })
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let login = writer(call)?;
    let found = Found::repository(state, call)?;
    if !found.of(state).has_issues {
        return Err(disabled());
    }
    let body = body(call);
    let mut issue = Issue::new("");
    issue.user = Some(login.to_owned());
    change(state, call, found, &mut issue, &body)?;
    (issue.created_at, issue.id) = (state.tick(), state.next_id());
    issue.updated_at = issue.created_at;
    issue.number = found.of(state).next_number();
    let number = issue.number;
    let repository = &mut state.repositories[found.repository];
    repository.numbers.insert(number, Place::Here(Box::new(issue)));
    repository.forget_rendered();
    let document = call.site.whole_issue(state, found.of(state), found.its_issue(state, number)).clone();
    let location = Some(call.site.issue_api(found.of(state), number));
    Ok(Reply { location, ..Reply::written(201, document) })
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let login = writer(call)?;
    let (found, number) = Found::issue(state, call)?;
    let mut issue = found.its_issue(state, number).clone();
    if found.access < Access::Push && issue.user.as_deref() != Some(login) {
        return Err(Refusal::needs_push());
    }
    change(state, call, found, &mut issue, &body(call))?;
    Ok(keep(state, call, found, issue))
}

/// Returns an issue as it is now.
pub(super) fn single(state: &State, call: &Call, found: Found, number: u64) -> Reply {
    let issue = found.its_issue(state, number);
    let document = call.site.whole_issue(state, found.of(state), issue).clone();
    Reply { last_modified: Some(issue.updated_at), ..Reply::read(document) }
}

/// Puts a changed issue in the place of the old one, and returns it.
pub(super) fn keep(state: &mut State, call: &Call, found: Found, mut issue: Issue) -> Reply {
    issue.updated_at = state.tick();
    let number = issue.number;
    let repository = &mut state.repositories[found.repository];
    repository.numbers.insert(number, Place::Here(Box::new(issue)));
    // Milestones and parents count the issues, and stand in other issues' JSON.
    repository.forget_rendered();
    let document = call.site.whole_issue(state, found.of(state), found.its_issue(state, number)).clone();
    Reply::written(200, document)
}

/// Returns the body, which was checked against the document before; none is an empty one.
pub(super) fn body(call: &Call) -> Value {
    if call.request.body.is_empty() {
        return Value::Object(serde_json::Map::new());
    }
    serde_json::from_slice(&call.request.body).expect("the body was read once before")
}

/// Returns whether a parameter of the query is a cursor that this server gave out.
pub(super) fn is_cursor(name: &str, value: &str) -> bool {
    name == "after" && Cursor::read(value).is_some()
}

fn disabled() -> Refusal {
    Refusal::new(410, "Issues are disabled for this repo")
}

fn after_cursor<'a, 'b>(
    issues: &'a [&'b Issue],
    order: Order,
    call: &Call,
    path: &str,
) -> Result<(&'a [&'b Issue], Option<String>), Refusal> {
    let size = Page::of(call).size;
    let start = match Cursor::of(call)? {
        Some(cursor) => issues.partition_point(|issue| order.place(issue) <= (cursor.key, order.signed(cursor.number))),
        None => 0,
    };
    let end = (start + size).min(issues.len());
    let last = issues[start..end].last().filter(|_| end < issues.len());
    let link = last.and_then(|issue| Cursor { key: order.place(issue).0, number: issue.number }.link(call, path));
    Ok((&issues[start..end], link))
}
