//! What became of each field that was asked for.

use usher_adapter_sdk::{
    Error, Result,
    message::{FieldName, Refused},
};

use super::input::Input;
use crate::{api, error};

/// Fields that Linear's issues do not have, or this API does not write, and what to do about it.
const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Type, "Linear's issues have no types; use a label"),
    (FieldName::Resolution, "the state says how an issue ended; set that"),
    (FieldName::Reporter, "the reporter is whoever the key belongs to"),
];

/// The fields of a write, each as written, as refused with a reason, or as unknown.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub applied: Vec<FieldName>,
    pub refused: Vec<Refused>,
    pub unknown: Vec<Refused>,
    /// Whether something has been written: from then on a failure is one of a single field.
    pub has_written: bool,
}

impl Report {
    /// Returns a report in which the fields that Linear does not have are refused.
    pub(super) fn of(asked: &[FieldName]) -> Self {
        let gap = |field: &FieldName| {
            let (_, reason) = GAPS.iter().find(|(gap, _)| gap == field)?;
            Some(Refused::new(field.clone(), *reason))
        };
        let custom = |field: &FieldName| {
            let is_custom = field.as_str().starts_with("fields.");
            is_custom.then(|| Refused::new(field.clone(), "Linear has no custom fields; labels take their place"))
        };
        let refused = asked.iter().filter_map(|field| gap(field).or_else(|| custom(field))).collect();
        Self { refused, ..Self::default() }
    }

    /// Says what became of a field; without a reason it was written.
    pub(super) fn settle(&mut self, field: FieldName, reason: Option<String>) {
        match reason {
            None => self.applied.push(field),
            Some(reason) => self.refused.push(Refused::new(field, reason)),
        }
    }

    /// Takes a value that was asked for; where Linear cannot hold it the field is refused, and the rest is written.
    pub(super) fn take<T>(&mut self, field: FieldName, value: Option<Result<T, String>>) -> Option<T> {
        match value? {
            Ok(value) => Some(value),
            Err(reason) => {
                self.settle(field, Some(reason));
                None
            }
        }
    }

    /// Takes the failure of a field. As long as nothing was written the whole write has failed.
    pub(super) fn fail(&mut self, field: FieldName, error: Error) -> Result<()> {
        if !self.has_written {
            return Err(error);
        }
        let refused = Refused::new(field, error.to_string());
        if error::has_not_happened(&error) {
            self.refused.push(refused)
        } else {
            self.unknown.push(refused)
        }
        Ok(())
    }

    /// Says whether something has been said of a field.
    pub(super) fn knows(&self, field: &FieldName) -> bool {
        let refused = self.refused.iter().chain(&self.unknown).any(|refused| refused.field == *field);
        refused || self.applied.contains(field)
    }

    /// Compares what was sent with what the issue has become, for every field that was asked and is not settled yet.
    pub(super) fn compare(&mut self, asked: Vec<FieldName>, sent: &Input, issue: &api::Written<'_>) {
        for field in asked {
            if !self.knows(&field) {
                let reason = difference(&field, sent, issue);
                self.settle(field, reason);
            }
        }
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
