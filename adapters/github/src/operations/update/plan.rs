//! What a change comes to: every name looked up, every request ready, before anything is written.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Request},
    message::{Change, Clearable, FieldName, ListChange, Report},
};

use crate::{
    GitHub, api,
    key::Key,
    operations::{compare, lookup, read, state::State},
    request::of_issue,
};

/// What is to be done.
pub(super) struct Plan<'a> {
    pub change: &'a Change,
    pub steps: Vec<Step>,
    pub state: Option<State>,
    /// The number that the milestone shall have; `Some(None)` is none.
    pub milestone: Option<Option<u64>>,
    pub issue_type: Option<String>,
    /// The change of the assignees, `@me` by its name.
    pub assignees: ListChange<String>,
    pub parent: Option<Key<'a>>,
}

/// One request that writes.
pub(super) struct Step {
    /// The field that it is for; for the first one any of them, since its failure is that of the whole change.
    pub field: FieldName,
    pub request: Request,
    /// Whether the answer is the issue as it then is.
    pub answers_issue: bool,
    /// Whether "not found" may only mean that what is to be removed is not there.
    pub may_be_missing: bool,
}

/// The body of the first request: <https://docs.github.com/rest/issues/issues#update-an-issue>
#[derive(Debug, Default, PartialEq, Serialize)]
struct Patch<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestone: Option<Option<u64>>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    issue_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignees: Option<&'a [String]>,
}

#[derive(Serialize)]
struct Labels<'a> {
    labels: &'a [String],
}

#[derive(Serialize)]
struct Assignees<'a> {
    assignees: &'a [String],
}

impl<'a> Plan<'a> {
    /// Looks up every name and, where it matters, the issue as it is.
    pub(super) async fn of(github: &GitHub, key: Key<'_>, change: &'a Change, report: &mut Report) -> Result<Self> {
        let parent = match &change.parent {
            Clearable::Set(parent) => Some(Key::parse(parent)?),
            Clearable::Keep | Clearable::Clear => None,
        };
        if change.project.is_some() {
            report.refuse(&FieldName::Project, "issues are moved to another repository on their page");
        }
        let state = State::asked(change.status.as_deref(), &change.resolution)?;
        let needs_current = change.if_revision.is_some() || !change.containers.remove.is_empty();
        let current = if needs_current { Some(read::issue(github, key).await?) } else { None };
        let current = current.as_ref().map(|current| current.decode::<api::Issue<'_>>()).transpose()?;
        check_revision(key, change, current.as_ref())?;
        let mut plan = Self {
            change,
            steps: Vec::new(),
            state,
            milestone: milestone(github, key, &change.containers, current.as_ref()).await?,
            issue_type: lookup::type_or_gap(github, key.repository, change.ticket_type.as_deref(), report).await?,
            assignees: people(github, &change.assignees).await?,
            parent,
        };
        plan.steps = plan.ready(github, key)?;
        Ok(plan)
    }

    /// Returns the labels that shall be there.
    pub(super) fn labels(&self) -> &[String] {
        self.change.labels.set.as_ref().unwrap_or(&self.change.labels.add)
    }

    /// Returns the people who shall be there.
    pub(super) fn people(&self) -> &[String] {
        self.assignees.set.as_ref().unwrap_or(&self.assignees.add)
    }

    /// Returns the requests: first what changes the issue itself, then what adds and removes.
    fn ready(&self, github: &GitHub, key: Key<'_>) -> Result<Vec<Step>> {
        let request = |method, rest: &[&str]| github.request(method, of_issue(key, rest));
        let step = |field, request| Step { field, request, answers_issue: false, may_be_missing: false };
        let (labels, people) = (&self.change.labels, &self.assignees);
        let mut steps = Vec::new();
        let patch = self.patch();
        if patch != Patch::default() {
            let request = request(Method::Patch, &[])?.json(&patch)?;
            steps.push(Step { answers_issue: true, ..step(FieldName::Title, request) });
        }
        if !labels.add.is_empty() {
            let request = request(Method::Post, &["labels"])?.json(&Labels { labels: &labels.add })?;
            steps.push(step(FieldName::Labels, request));
        }
        for label in &labels.remove {
            let request = request(Method::Delete, &["labels", label])?;
            steps.push(Step { may_be_missing: true, ..step(FieldName::Labels, request) });
        }
        for (method, assignees) in [(Method::Post, &people.add), (Method::Delete, &people.remove)] {
            if !assignees.is_empty() {
                let request = request(method, &["assignees"])?.json(&Assignees { assignees })?;
                steps.push(Step { answers_issue: true, ..step(FieldName::Assignees, request) });
            }
        }
        Ok(steps)
    }

    fn patch(&self) -> Patch<'_> {
        Patch {
            title: self.change.title.as_deref(),
            body: match &self.change.body {
                Clearable::Keep => None,
                Clearable::Clear => Some(None),
                Clearable::Set(body) => Some(Some(&body.markdown)),
            },
            state: self.state.map(|state| state.state),
            state_reason: self.state.and_then(|state| state.reason),
            milestone: self.milestone,
            issue_type: self.issue_type.as_deref(),
            labels: self.change.labels.set.as_deref(),
            assignees: self.assignees.set.as_deref(),
        }
    }
}

async fn people(github: &GitHub, change: &ListChange<String>) -> Result<ListChange<String>> {
    if let Some(set) = &change.set {
        return Ok(ListChange::set(lookup::logins(github, set).await?));
    }
    let (add, remove) = (lookup::logins(github, &change.add).await?, lookup::logins(github, &change.remove).await?);
    Ok(ListChange::delta(add, remove))
}

/// Returns what the milestone shall be, if it shall be another.
async fn milestone(
    github: &GitHub,
    key: Key<'_>,
    change: &ListChange<String>,
    current: Option<&api::Issue<'_>>,
) -> Result<Option<Option<u64>>> {
    let names = change.set.as_ref().unwrap_or(&change.add);
    if let Some(number) = lookup::one_milestone(github, key.repository, names).await? {
        return Ok(Some(Some(number)));
    }
    let own = current.and_then(|issue| issue.milestone.as_ref());
    let is_removed = own.is_some_and(|own| {
        change.remove.iter().any(|name| compare::same(name, &own.title) || *name == own.number.to_string())
    });
    Ok((change.set.is_some() || is_removed).then_some(None))
}

/// GitHub has no conditional writes: between this look and the write somebody may still come first.
fn check_revision(key: Key<'_>, change: &Change, current: Option<&api::Issue<'_>>) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = current.and_then(|issue| issue.updated_at).map(|time| time.to_string());
    if own.as_ref() == Some(asked) {
        return Ok(());
    }
    let own = own.unwrap_or_else(|| "unknown".to_owned());
    Err(Error::new(ErrorKind::Conflict, format!("{key} has changed: its revision is `{own}` and not `{asked}`"))
        .with_hint("Look at it again, and change what is there now."))
}
