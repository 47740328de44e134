//! Issues themselves: one, many, a new one, a changed one.

use std::cell::OnceCell;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    access::Access,
    pages::{Cursor, Page},
    place::{Found, writer},
    render,
    reply::{Refusal, Reply},
    service::Call,
    state::{Issue, Label, Place, Repository, State},
};

const LONGEST_TITLE: usize = 256;
const LONGEST_BODY: usize = 65_536;

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
    let document = call.site.issue(state, found.of(state), found.its_issue(state, number)).clone();
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
    let document = call.site.issue(state, found.of(state), issue).clone();
    Reply { last_modified: Some(issue.updated_at), ..Reply::read(document) }
}

/// Puts a changed issue in the place of the old one, and returns it.
pub(super) fn keep(state: &mut State, call: &Call, found: Found, mut issue: Issue) -> Reply {
    issue.updated_at = state.tick();
    issue.rendered = OnceCell::new();
    let number = issue.number;
    let repository = &mut state.repositories[found.repository];
    repository.numbers.insert(number, Place::Here(Box::new(issue)));
    // Milestones and parents count the issues, and stand in other issues' JSON.
    repository.forget_rendered();
    let document = call.site.issue(state, found.of(state), found.its_issue(state, number)).clone();
    Reply::written(200, document)
}

/// Returns the body, which was checked against the document before; none is an empty one.
pub(super) fn body(call: &Call) -> Value {
    if call.request.body.is_empty() {
        return Value::Object(serde_json::Map::new());
    }
    serde_json::from_slice(&call.request.body).expect("the body was read once before")
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

/// Returns whether a parameter of the query is a cursor that this server gave out.
pub(super) fn is_cursor(name: &str, value: &str) -> bool {
    name == "after" && Cursor::read(value).is_some()
}

fn disabled() -> Refusal {
    Refusal::new(410, "Issues are disabled for this repo")
}

/// Changes an issue as the body says; what needs push access is dropped in silence without it.
fn change(state: &mut State, call: &Call, found: Found, issue: &mut Issue, body: &Value) -> Result<(), Refusal> {
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
    change_state(state, issue, body);
    if found.access >= Access::Push {
        change_fields(state, call, found, issue, body)?;
    }
    Ok(())
}

fn change_state(state: &mut State, issue: &mut Issue, body: &Value) {
    let reason = body["state_reason"].as_str().map(str::to_owned);
    match body["state"].as_str() {
        Some("closed") if issue.open => {
            issue.open = false;
            issue.closed_at = Some(state.tick());
            issue.state_reason = reason.or_else(|| Some("completed".to_owned()));
        }
        Some("open") if !issue.open => {
            (issue.open, issue.closed_at) = (true, None);
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

fn milestone(repository: &Repository, wanted: &Value) -> Result<Option<u64>, Refusal> {
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

/// The order of a list.
#[derive(Clone, Copy)]
struct Order {
    by: By,
    descending: bool,
}

#[derive(Clone, Copy)]
enum By {
    Created,
    Updated,
    Comments,
}

impl Order {
    fn read(call: &Call) -> Self {
        let by = match call.query.get("sort").map(String::as_str) {
            Some("updated") => By::Updated,
            Some("comments") => By::Comments,
            _ => By::Created,
        };
        Self { by, descending: call.query.get("direction").map(String::as_str) != Some("asc") }
    }

    /// Returns the sort key: what comes first has the smaller one.
    fn place(self, issue: &Issue) -> (i64, i64) {
        let key = match self.by {
            By::Created => issue.created_at.as_second(),
            By::Updated => issue.updated_at.as_second(),
            By::Comments => i64::try_from(issue.comments.len()).unwrap_or(i64::MAX),
        };
        (if self.descending { -key } else { key }, self.signed(issue.number))
    }

    fn signed(self, number: u64) -> i64 {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        if self.descending { -number } else { number }
    }
}

/// What a list is narrowed to.
struct Filter {
    open: Option<bool>,
    labels: Vec<String>,
    assignee: Choice,
    milestone: Choice,
    issue_type: Choice,
    creator: Option<String>,
    mentioned: Option<String>,
    since: Option<Timestamp>,
}

/// A filter that knows `none` and `*`.
enum Choice {
    All,
    None,
    Some,
    One(String),
}

impl Choice {
    fn read(call: &Call, name: &str) -> Self {
        match call.query.get(name).map(String::as_str) {
            None | Some("") => Self::All,
            Some("none") => Self::None,
            Some("*") => Self::Some,
            Some(value) => Self::One(value.to_owned()),
        }
    }

    fn admits<'a>(&self, mut values: impl Iterator<Item = &'a str>) -> bool {
        match self {
            Self::All => true,
            Self::None => values.next().is_none(),
            Self::Some => values.next().is_some(),
            Self::One(wanted) => values.any(|value| value.eq_ignore_ascii_case(wanted)),
        }
    }
}

impl Filter {
    fn read(state: &State, repository: &Repository, call: &Call) -> Result<Self, Refusal> {
        let text = |name: &str| call.query.get(name).filter(|text| !text.is_empty()).cloned();
        let assignee = Choice::read(call, "assignee");
        if let Choice::One(login) = &assignee {
            state
                .user(login)
                .ok_or_else(|| Refusal::invalid_value("Issue", "assignee", &Value::from(login.as_str())))?;
        }
        let milestone = match Choice::read(call, "milestone") {
            Choice::One(number) => {
                Choice::One(self::milestone(repository, &Value::from(number))?.unwrap_or(0).to_string())
            }
            other => other,
        };
        Ok(Self {
            open: match call.query.get("state").map_or("open", String::as_str) {
                "all" => None,
                state => Some(state == "open"),
            },
            labels: text("labels")
                .map(|labels| labels.split(',').map(|name| name.trim().to_owned()).collect())
                .unwrap_or_default(),
            assignee,
            milestone,
            issue_type: Choice::read(call, "type"),
            creator: text("creator"),
            mentioned: text("mentioned"),
            since: text("since").and_then(|since| since.parse().ok()),
        })
    }

    fn admits(&self, issue: &Issue) -> bool {
        let has_label = |wanted: &String| issue.labels.iter().any(|label| label.eq_ignore_ascii_case(wanted));
        let milestone = issue.milestone.map(|number| number.to_string());
        let body = issue.body.as_deref().unwrap_or_default();
        self.open.is_none_or(|open| issue.open == open)
            && self.labels.iter().all(has_label)
            && self.assignee.admits(issue.assignees.iter().map(String::as_str))
            && self.milestone.admits(milestone.as_deref().into_iter())
            && self.issue_type.admits(issue.issue_type.as_deref().into_iter())
            && self.creator.as_ref().is_none_or(|login| issue.user.as_ref() == Some(login))
            && self.mentioned.as_ref().is_none_or(|login| body.contains(&format!("@{login}")))
            && self.since.is_none_or(|since| issue.updated_at >= since)
    }
}
