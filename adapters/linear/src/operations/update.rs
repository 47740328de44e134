//! Changes of an issue, as deltas: a label that somebody else adds meanwhile survives.
//!
//! What is to be done is made ready in `update/plan`, before anything is written. What came of it is read from Linear's
//! answer, not from what was sent.

mod plan;

use usher_adapter_sdk::{
    Result,
    message::{Change, Updated},
};

use self::plan::Plan;
use super::{compare, create, gaps, input::Variables, lookup::Wanted, relation};
use crate::{Linear, api, documents, key::Key};

/// Changes an issue, and says of every field whether Linear kept it.
pub(crate) async fn update(linear: &Linear, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = gaps::report(change.asked());
    let names = wanted(key, change).ask(linear).await?;
    let names: api::Names<'_> = linear.data(&names, &key)?.whole(&key)?;
    let Plan { issue, input, relations } = Plan::of(key, change, &names, &mut report)?;
    let answer = if input.is_empty() {
        None
    } else {
        let variables = Variables { id: Some(&issue.id), input: &input };
        Some(linear.ask(documents::ISSUE_UPDATE, &variables).await?)
    };
    let (identifier, updated_at) = match &answer {
        None => {
            compare::settle(&mut report, &input, issue);
            (issue.identifier.to_string(), issue.updated_at)
        }
        Some(response) => {
            let payload = linear.data::<api::IssueUpdated<'_>>(response, &key)?.data.issue_update;
            let written = payload.issue.filter(|_| payload.success).ok_or_else(create::unanswered)?;
            report.wrote();
            compare::settle(&mut report, &input, &written);
            (written.identifier.to_string(), written.updated_at)
        }
    };
    if !change.links.is_empty() {
        relation::carry_out(linear, relations, &mut report).await?;
    }
    // A relation changes the issue as well, and nobody says when.
    let revision = updated_at.filter(|_| change.links.is_empty());
    Ok(report.updated(identifier).with_revision(revision.map(|time| time.to_string())))
}

fn wanted<'a>(key: Key<'a>, change: &'a Change) -> Wanted<'a> {
    let texts = |list: &'a [String]| list.iter().map(String::as_str);
    let labels = texts(&change.labels.add).chain(change.labels.set.iter().flatten().map(String::as_str));
    let people = [&change.assignees.add, &change.assignees.remove].into_iter().flat_map(|list| texts(list));
    let people = people.chain(change.assignees.set.iter().flatten().map(String::as_str));
    let containers = texts(&change.containers.add).chain(change.containers.set.iter().flatten().map(String::as_str));
    Wanted {
        issue: Some(key),
        team: change.project.as_deref(),
        labels: labels.collect(),
        people: people.collect(),
        containers: containers.collect(),
        relations: !change.links.is_empty(),
    }
}
