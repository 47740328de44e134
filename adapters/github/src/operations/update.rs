//! Changes of an issue, as deltas: a label that somebody else adds meanwhile survives.
//!
//! First goes the one request that changes the issue itself, then those for labels and people. What came of it is read
//! from GitHub's last answer, not from what was sent.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Response},
    message::{Change, Clearable, FieldName, ListChange, Updated},
    model::Time,
};

use super::{lookup, parent, read, report, report::Report, state::State};
use crate::{GitHub, api, key::Key, mapping, request::of_issue};

/// Changes an issue, and says of every field whether GitHub kept it.
pub(crate) async fn update(github: &GitHub, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = Report::of(&change.asked());
    if change.project.is_some() {
        let reason = "issues are moved to another repository on their page";
        report.settle(FieldName::Project, Some(reason.to_owned()));
    }
    let plan = Plan::of(github, key, change, &mut report).await?;
    let patched = plan.send(github, key, &mut report).await?;
    let labels = change_labels(github, key, &change.labels, &mut report).await?;
    let assigned = plan.assign(github, key, &mut report).await?;
    // The last answer that holds the whole issue; one that is older than the labels does not count.
    let last = assigned.or(patched.filter(|_| !labels));
    let last = match last {
        Some(last) => last,
        None => read::issue(github, key).await.map_err(|error| read_back(error, &report))?,
    };
    let issue: api::Issue<'_> = last.decode()?;
    match (&change.parent, &plan.parent) {
        (Clearable::Set(_), Some(above)) => {
            let outcome = parent::set(github, *above, &issue).await;
            parent::settle(&mut report, outcome)?;
        }
        (Clearable::Clear, _) => {
            let outcome = parent::clear(github, &issue).await;
            parent::settle(&mut report, outcome)?;
        }
        _ => {}
    }
    plan.settle(&mut report, &issue);
    let Report { applied, refused, unknown, .. } = report;
    Ok(Updated::new(mapping::key(&issue, Some(key))?, applied)
        .with_refused(refused)
        .with_unknown(unknown)
        .with_revision(issue.updated_at.filter(|_| change.parent.is_keep()).map(|time| time.to_string())))
}

/// What is to be done, every name looked up.
struct Plan<'a> {
    change: &'a Change,
    patch: Patch<'a>,
    state: Option<State>,
    add_assignees: Vec<String>,
    remove_assignees: Vec<String>,
    parent: Option<Key<'a>>,
}

/// The body of the request: <https://docs.github.com/rest/issues/issues#update-an-issue>
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
    issue_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignees: Option<Vec<String>>,
}

impl<'a> Plan<'a> {
    /// Looks up every name and, where it matters, the issue as it is: what is wrong is an error before any write.
    async fn of(github: &GitHub, key: Key<'_>, change: &'a Change, report: &mut Report) -> Result<Self> {
        let parent = match &change.parent {
            Clearable::Set(parent) => Some(Key::parse(parent)?),
            Clearable::Keep | Clearable::Clear => None,
        };
        let state = State::asked(change.status.as_deref(), &change.resolution)?;
        let ListChange { set, add, remove, .. } = &change.assignees;
        let set_assignees = match set {
            Some(set) => Some(lookup::logins(github, set).await?),
            None => None,
        };
        let current = match change.if_revision.is_some() || !change.containers.remove.is_empty() {
            true => Some(read::issue(github, key).await?),
            false => None,
        };
        let current = current.as_ref().map(|current| current.decode::<api::Issue<'_>>()).transpose()?;
        check_revision(key, change, current.as_ref())?;
        let body = match &change.body {
            Clearable::Keep => None,
            Clearable::Clear => Some(None),
            Clearable::Set(body) => Some(Some(body.markdown.as_str())),
        };
        let patch = Patch {
            title: change.title.as_deref(),
            body,
            state: state.map(|state| state.state),
            state_reason: state.and_then(|state| state.reason),
            milestone: milestone(github, key, &change.containers, current.as_ref()).await?,
            issue_type: lookup::type_or_gap(github, key.repository, change.ticket_type.as_deref(), report).await?,
            labels: change.labels.set.as_deref(),
            assignees: set_assignees,
        };
        let (add_assignees, remove_assignees) =
            (lookup::logins(github, add).await?, lookup::logins(github, remove).await?);
        Ok(Self { change, patch, state, add_assignees, remove_assignees, parent })
    }

    async fn send(&self, github: &GitHub, key: Key<'_>, report: &mut Report) -> Result<Option<Response>> {
        if self.patch == Patch::default() {
            return Ok(None);
        }
        let request = github.request(Method::Patch, of_issue(key, &[]))?.json(&self.patch)?;
        let response = github.send(request, &key).await?;
        report.has_written = true;
        Ok(Some(response))
    }

    /// Adds and removes people; the last answer is the whole issue.
    async fn assign(&self, github: &GitHub, key: Key<'_>, report: &mut Report) -> Result<Option<Response>> {
        let mut last = None;
        for (method, assignees) in [(Method::Post, &self.add_assignees), (Method::Delete, &self.remove_assignees)] {
            if assignees.is_empty() {
                continue;
            }
            let request = github.request(method, of_issue(key, &["assignees"]))?.json(&Assignees { assignees })?;
            match github.send(request, &key).await {
                Ok(response) => (last, report.has_written) = (Some(response), true),
                Err(error) => {
                    report.fail(FieldName::Assignees, error)?;
                    return Ok(None);
                }
            }
        }
        Ok(last)
    }

    /// Compares what was asked with what the issue has become.
    fn settle(&self, report: &mut Report, issue: &api::Issue<'_>) {
        for field in self.change.asked() {
            if report.knows(&field) {
                continue;
            }
            let reason = match field {
                FieldName::Title | FieldName::Body => None,
                FieldName::Status | FieldName::Resolution => self.state.and_then(|state| state.missing(issue)),
                FieldName::Containers => self.patch.milestone.and_then(|asked| report::missing_milestone(asked, issue)),
                FieldName::Type => report::missing_type(self.patch.issue_type.as_deref(), issue),
                FieldName::Labels => missing(
                    &self.change.labels,
                    |names| report::missing_labels(names, issue),
                    || mapping::label_names(issue).map(str::to_owned).collect(),
                ),
                FieldName::Assignees => {
                    let asked = ListChange::delta(self.add_assignees.clone(), self.remove_assignees.clone());
                    let asked = self.patch.assignees.clone().map_or(asked, ListChange::set);
                    missing(
                        &asked,
                        |names| report::missing_assignees(names, issue),
                        || mapping::assignees(issue).map(|user| user.login.to_string()).collect(),
                    )
                }
                ref other => Some(format!("this adapter does not write `{other}`")),
            };
            report.settle(field, reason);
        }
    }
}

#[derive(Serialize)]
struct Assignees<'a> {
    assignees: &'a [String],
}

#[derive(Serialize)]
struct Labels<'a> {
    labels: &'a [String],
}

/// Adds and removes labels, one request each for what is removed; says whether there was any.
async fn change_labels(
    github: &GitHub,
    key: Key<'_>,
    change: &ListChange<String>,
    report: &mut Report,
) -> Result<bool> {
    let mut requests = Vec::new();
    if !change.add.is_empty() {
        let request = github.request(Method::Post, of_issue(key, &["labels"]))?;
        requests.push(request.json(&Labels { labels: &change.add })?);
    }
    for label in &change.remove {
        requests.push(github.request(Method::Delete, of_issue(key, &["labels", label]))?);
    }
    let any = !requests.is_empty();
    for request in requests {
        match github.send(request, &key).await {
            Ok(_) => report.has_written = true,
            // A label that is not there need not be removed; whether it was only that shows when the issue is read.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                report.fail(FieldName::Labels, error)?;
                break;
            }
        }
    }
    Ok(any)
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
        change.remove.iter().any(|name| report::same(name, &own.title) || *name == own.number.to_string())
    });
    Ok((change.set.is_some() || is_removed).then_some(None))
}

/// Returns why a list is not as it was asked to be, if it is not.
fn missing(
    change: &ListChange<String>,
    missing: impl Fn(&[String]) -> Option<String>,
    own: impl Fn() -> Vec<String>,
) -> Option<String> {
    let wanted = change.set.as_ref().unwrap_or(&change.add);
    let own = own();
    let is_left = |name: &&String| match &change.set {
        Some(set) => !set.iter().any(|wanted| report::same(wanted, name)),
        None => change.remove.iter().any(|removed| report::same(removed, name)),
    };
    let left: Vec<&str> = own.iter().filter(is_left).map(String::as_str).collect();
    missing(wanted).or_else(|| (!left.is_empty()).then(|| format!("GitHub kept {}", left.join(", "))))
}

/// GitHub has no conditional writes: between this look and the write somebody may still come first.
fn check_revision(key: Key<'_>, change: &Change, current: Option<&api::Issue<'_>>) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = current.and_then(|issue| issue.updated_at).map(|time: Time| time.to_string());
    if own.as_ref() == Some(asked) {
        return Ok(());
    }
    let own = own.unwrap_or_else(|| "unknown".to_owned());
    Err(Error::new(ErrorKind::Conflict, format!("{key} has changed: its revision is `{own}` and not `{asked}`"))
        .with_hint("Look at it again, and change what is there now."))
}

fn read_back(error: Error, report: &Report) -> Error {
    if !report.has_written {
        return error;
    }
    Error::new(ErrorKind::OutcomeUnknown, format!("it was changed, and could not be read again: {error}"))
        .with_hint("Look at the issue before you repeat the change.")
}
