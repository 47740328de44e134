//! What became of each field that was asked for.

use std::fmt::Display;

use usher_adapter_sdk::{
    Error, Result,
    message::{FieldName, Refused},
};

use crate::{api, error, mapping};

/// Fields that GitHub's issues do not have, or this API does not write, and what to do about it.
const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Priority, "GitHub's issues have no priority; use a label"),
    (FieldName::Reporter, "the reporter is whoever the token belongs to"),
    (FieldName::Links, "relations are read but not written"),
    (FieldName::Due, "issues have no due date; their milestone has one"),
    (FieldName::Estimate, "GitHub's issues have no estimate"),
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
    /// Returns a report in which the fields that GitHub does not have are refused.
    pub(super) fn of(asked: &[FieldName]) -> Self {
        let gap = |field: &FieldName| {
            let (_, reason) = GAPS.iter().find(|(gap, _)| gap == field)?;
            Some(Refused::new(field.clone(), *reason))
        };
        let custom = |field: &FieldName| {
            let is_custom = field.as_str().starts_with("fields.");
            is_custom.then(|| Refused::new(field.clone(), "fields of the organisation are read but not written"))
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
}

/// Returns why labels are not all there, if they are not.
pub(super) fn missing_labels(asked: &[String], issue: &api::Issue<'_>) -> Option<String> {
    let is_there = |label: &&String| mapping::label_names(issue).any(|own| same(own, label));
    dropped("labels", asked.iter().filter(|label| !is_there(label)))
}

/// Returns why assignees are not all there, if they are not.
pub(super) fn missing_assignees(asked: &[String], issue: &api::Issue<'_>) -> Option<String> {
    let is_there = |login: &&String| mapping::assignees(issue).any(|own| same(&own.login, login));
    dropped("assignees", asked.iter().filter(|login| !is_there(login)))
}

/// Says that GitHub took a field and kept nothing of it.
pub(super) fn silently_dropped(what: impl Display) -> String {
    format!("GitHub dropped {what} without a word, as it does for accounts without push access")
}

/// Compares names as GitHub does.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn dropped<'a>(what: &str, missing: impl Iterator<Item = &'a String>) -> Option<String> {
    let missing: Vec<&str> = missing.map(String::as_str).collect();
    (!missing.is_empty()).then(|| silently_dropped(format_args!("the {what} {}", missing.join(", "))))
}

/// Returns why a milestone is not there, if it is not; none asked for is none there.
pub(super) fn missing_milestone(asked: Option<u64>, issue: &api::Issue<'_>) -> Option<String> {
    let own = issue.milestone.as_ref().map(|milestone| milestone.number);
    (own != asked).then(|| silently_dropped("the milestone"))
}

/// Returns why a type is not there, if it is not.
pub(super) fn missing_type(asked: Option<&str>, issue: &api::Issue<'_>) -> Option<String> {
    let own = issue.issue_type.as_ref().map(|own| &*own.name);
    let is_there = asked.is_some_and(|asked| own.is_some_and(|own| same(own, asked)));
    (!is_there).then(|| silently_dropped("the type"))
}
