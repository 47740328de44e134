//! What was sent, compared with what the issue has become.

use usher_adapter_sdk::message::{FieldName, Report};

use super::input::Input;
use crate::api;

/// Says of every field of which nothing was said yet whether Linear kept it; relations are written beside the issue.
pub(super) fn settle(report: &mut Report, sent: &Input, issue: &api::Written<'_>) {
    for field in report.open().iter().filter(|field| **field != FieldName::Links) {
        report.settle(field, difference(field, sent, issue));
    }
}

/// Returns why a field is not as it was asked to be, if it is not.
fn difference(field: &FieldName, sent: &Input, issue: &api::Written<'_>) -> Option<String> {
    let id = |named: &Option<api::Named<'_>>| named.as_ref().and_then(|named| named.id.as_deref().map(str::to_owned));
    match field {
        FieldName::Title => kept(sent.title.as_deref().map(str::trim), issue.title.trim()),
        // Linear reads Markdown into a document and writes it anew: only whether there is one can be compared.
        FieldName::Body => {
            let is_text = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
            let asked = sent.description.as_ref().map(|text| is_text(text.as_deref()));
            kept(asked, is_text(issue.description.as_deref()))
        }
        FieldName::Status => {
            let own = issue.state.as_ref();
            kept(sent.state_id.as_deref(), own.and_then(|state| state.id.as_deref()).unwrap_or_default())
        }
        FieldName::Priority => kept(sent.priority.map(|priority| Some(priority as f64)), issue.priority),
        FieldName::Labels => labels(sent, issue),
        FieldName::Assignees => kept(sent.assignee_id.clone(), issue.assignee.as_ref().map(|user| user.id.to_string())),
        FieldName::Project => {
            kept(sent.team_id.as_deref(), issue.team.as_ref().map(|team| &*team.id).unwrap_or_default())
        }
        FieldName::Containers => {
            let cycle = issue.cycle.as_ref().and_then(|cycle| cycle.id.as_deref().map(str::to_owned));
            kept(sent.project_id.clone(), id(&issue.project))
                .or_else(|| kept(sent.project_milestone_id.clone(), id(&issue.project_milestone)))
                .or_else(|| kept(sent.cycle_id.clone(), cycle))
        }
        FieldName::Parent => parent(sent, issue),
        FieldName::Due => kept(sent.due_date.clone(), issue.due_date.map(|due| due.to_string())),
        FieldName::Estimate => {
            let asked = sent.estimate.map(|estimate| estimate.map(|estimate| estimate as f64));
            kept(asked, issue.estimate)
        }
        other => Some(format!("this adapter does not write `{other}`")),
    }
}

/// Returns that Linear did otherwise, if something was asked and is not there.
fn kept<T: PartialEq>(asked: Option<T>, own: T) -> Option<String> {
    asked.is_some_and(|asked| asked != own).then(|| "Linear took it, and left the issue otherwise".to_owned())
}

fn labels(sent: &Input, issue: &api::Written<'_>) -> Option<String> {
    let has = |id: &String| issue.label_ids.iter().any(|own| **own == **id);
    let wanted = sent.label_ids.iter().chain(&sent.added_label_ids).flatten();
    let is_missing = wanted.clone().any(|id| !has(id));
    let is_left = sent.removed_label_ids.iter().flatten().any(has)
        || sent
            .label_ids
            .as_ref()
            .is_some_and(|set| issue.label_ids.iter().any(|own| !set.iter().any(|id| **own == **id)));
    // Of a group of labels an issue has one.
    let reason = "Linear took the labels, and left others: an issue has one label of each group";
    (is_missing || is_left).then(|| reason.to_owned())
}

fn parent(sent: &Input, issue: &api::Written<'_>) -> Option<String> {
    let asked = sent.parent_id.as_ref()?;
    let is_there = match (asked, &issue.parent) {
        (None, own) => own.is_none(),
        (Some(_), None) => false,
        (Some(asked), Some(own)) => own.is(asked),
    };
    (!is_there).then(|| "Linear took it, and left the issue otherwise".to_owned())
}
