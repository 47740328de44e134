//! Changes of an issue, as deltas: a label that somebody else adds meanwhile survives.
//!
//! What is to be done is made ready in `update/plan`, before anything is written; here it is carried out. What came of
//! it is read from GitHub's last answer, not from what was sent.

mod plan;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Response,
    message::{Change, Clearable, FieldName, ListChange, Report, Updated},
};

use self::plan::{Plan, Step};
use super::{compare, gaps, parent, read};
use crate::{GitHub, api, key::Key, mapping};

/// Changes an issue, and says of every field whether GitHub kept it.
pub(crate) async fn update(github: &GitHub, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = gaps::report(change.asked());
    let mut plan = Plan::of(github, key, change, &mut report).await?;
    let latest = carry_out(github, key, std::mem::take(&mut plan.steps), &mut report).await?;
    let latest = match latest {
        Some(latest) => latest,
        None => read::issue(github, key).await.map_err(|error| unread(error, &report))?,
    };
    let issue: api::Issue<'_> = latest.decode()?;
    change_parent(github, &plan, &issue, &mut report).await?;
    settle(&mut report, &plan, &issue);
    let revision = issue.updated_at.filter(|_| change.parent.is_keep());
    let key = mapping::key(&issue, Some(key))?;
    Ok(report.updated(key).with_revision(revision.map(|time| time.to_string())))
}

/// Sends one request after the other, and returns the last answer if it is the issue as it now is.
async fn carry_out(github: &GitHub, key: Key<'_>, steps: Vec<Step>, report: &mut Report) -> Result<Option<Response>> {
    let mut latest = None;
    for Step { field, request, answers_issue, may_be_missing } in steps {
        if report.knows(&field) {
            continue;
        }
        latest = match github.send(request, &key).await {
            // What is not there need not be removed; whether it was only that shows when the issue is read.
            Err(error) if may_be_missing && error.kind() == ErrorKind::NotFound => None,
            outcome => report.step(&field, outcome)?.filter(|_| answers_issue),
        };
    }
    Ok(latest)
}

async fn change_parent(github: &GitHub, plan: &Plan<'_>, issue: &api::Issue<'_>, report: &mut Report) -> Result<()> {
    let outcome = match (&plan.change.parent, plan.parent) {
        (Clearable::Keep, _) => return Ok(()),
        (_, Some(parent)) => parent::set(github, parent, issue).await,
        (_, None) => parent::clear(github, issue).await,
    };
    parent::settle(report, outcome)
}

/// Compares what was asked with what the issue has become.
fn settle(report: &mut Report, plan: &Plan<'_>, issue: &api::Issue<'_>) {
    for field in report.open() {
        let reason = match field {
            FieldName::Title | FieldName::Body => None,
            FieldName::Status | FieldName::Resolution => plan.state.and_then(|state| state.missing(issue)),
            FieldName::Containers => plan.milestone.and_then(|asked| compare::missing_milestone(asked, issue)),
            FieldName::Type => compare::missing_type(plan.issue_type.as_deref(), issue),
            FieldName::Labels => {
                let own: Vec<&str> = mapping::label_names(issue).collect();
                missing(&plan.change.labels, compare::missing_labels(plan.labels(), issue), &own)
            }
            FieldName::Assignees => {
                let own: Vec<&str> = mapping::assignees(issue).map(|user| &*user.login).collect();
                missing(&plan.assignees, compare::missing_assignees(plan.people(), issue), &own)
            }
            ref other => Some(format!("this adapter does not write `{other}`")),
        };
        report.settle(&field, reason);
    }
}

/// Returns why a list is not as it was asked to be, if it is not: something is missing, or something is left.
fn missing(change: &ListChange<String>, missing: Option<String>, own: &[&str]) -> Option<String> {
    let is_left = |name: &&&str| match &change.set {
        Some(set) => !set.iter().any(|wanted| compare::same(wanted, name)),
        None => change.remove.iter().any(|removed| compare::same(removed, name)),
    };
    let left: Vec<&str> = own.iter().filter(is_left).copied().collect();
    missing.or_else(|| (!left.is_empty()).then(|| format!("GitHub kept {}", left.join(", "))))
}

/// Returns the error of an issue that could not be read: after a write it hides what came of that.
fn unread(error: Error, report: &Report) -> Error {
    if !report.has_written() {
        return error;
    }
    Error::new(ErrorKind::OutcomeUnknown, format!("it was changed, and could not be read again: {error}"))
        .with_hint("Look at the issue before you repeat the change.")
}
