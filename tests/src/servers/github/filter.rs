//! What a list of issues is narrowed to, and its order.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    change,
    reply::Refusal,
    service::Call,
    state::{Issue, Repository, State},
};

/// The order of a list.
#[derive(Clone, Copy)]
pub(super) struct Order {
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
    pub(super) fn read(call: &Call) -> Self {
        let by = match call.query.get("sort").map(String::as_str) {
            Some("updated") => By::Updated,
            Some("comments") => By::Comments,
            _ => By::Created,
        };
        Self { by, descending: call.query.get("direction").map(String::as_str) != Some("asc") }
    }

    /// Returns the sort key: what comes first has the smaller one.
    pub(super) fn place(self, issue: &Issue) -> (i64, i64) {
        let key = match self.by {
            By::Created => issue.created_at.as_second(),
            By::Updated => issue.updated_at.as_second(),
            By::Comments => i64::try_from(issue.comments.len()).unwrap_or(i64::MAX),
        };
        (if self.descending { -key } else { key }, self.signed(issue.number))
    }

    pub(super) fn signed(self, number: u64) -> i64 {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        if self.descending { -number } else { number }
    }
}

/// What a list is narrowed to.
pub(super) struct Filter {
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
    pub(super) fn read(state: &State, repository: &Repository, call: &Call) -> Result<Self, Refusal> {
        let text = |name: &str| call.query.get(name).filter(|text| !text.is_empty()).cloned();
        let assignee = Choice::read(call, "assignee");
        if let Choice::One(login) = &assignee {
            state
                .user(login)
                .ok_or_else(|| Refusal::invalid_value("Issue", "assignee", &Value::from(login.as_str())))?;
        }
        let milestone = match Choice::read(call, "milestone") {
            Choice::One(number) => {
                Choice::One(change::milestone(repository, &Value::from(number))?.unwrap_or(0).to_string())
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

    pub(super) fn admits(&self, issue: &Issue) -> bool {
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
