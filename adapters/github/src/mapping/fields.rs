//! What GitHub knows of an issue and the ticket has no place of its own for: custom fields, by GitHub's names.

use usher_adapter_sdk::{
    Result,
    decode::Text,
    model::{CustomField, FieldType, Json},
};

use super::user;
use crate::api;

/// Types of issue fields, sorted.
pub(super) const FIELD_TYPES: &[(&str, FieldType)] = &[
    ("date", FieldType::Date),
    ("multi_select", FieldType::Choices),
    ("number", FieldType::Number),
    ("single_select", FieldType::Choice),
    ("text", FieldType::Text),
];

/// Returns the custom fields of an issue: what GitHub itself keeps first, then what the organisation made up.
pub(super) fn of(issue: &api::Issue<'_>) -> Result<Vec<CustomField>> {
    let mut fields = Fields(Vec::new());
    let reopened = text(&issue.state_reason).filter(|_| super::words::is_open(issue) == Some(true));
    fields.add("state_reason", FieldType::Text, reopened)?;
    fields.add("draft", FieldType::Boolean, issue.draft)?;
    fields.add("locked", FieldType::Boolean, issue.locked)?;
    fields.add("active_lock_reason", FieldType::Text, text(&issue.active_lock_reason))?;
    fields.add("author_association", FieldType::Text, text(&issue.author_association))?;
    fields.add("comments", FieldType::Number, issue.comments)?;
    fields.add("closed_by", FieldType::User, issue.closed_by.as_ref().map(user))?;
    fields.add("milestone.due_on", FieldType::DateTime, issue.milestone.as_ref().and_then(|it| it.due_on))?;
    if let Some(pull_request) = &issue.pull_request {
        fields.add("pull_request.merged_at", FieldType::DateTime, pull_request.merged_at.flatten())?;
    }
    if let Some(app) = &issue.performed_via_github_app {
        fields.add("performed_via_github_app", FieldType::Text, text(&app.name).or(text(&app.slug)))?;
    }
    if let Some(comment) = &issue.pinned_comment {
        fields.add("pinned_comment", FieldType::Text, Some(comment.id.to_string()))?;
    }
    if let Some(summary) = issue.sub_issues_summary.filter(|summary| summary.total > 0) {
        fields.add("sub_issues.total", FieldType::Number, Some(summary.total))?;
        fields.add("sub_issues.completed", FieldType::Number, Some(summary.completed))?;
    }
    if let Some(dependencies) = issue.issue_dependencies_summary {
        let some = |count: u64| Some(count).filter(|count| *count > 0);
        fields.add("dependencies.blocked_by", FieldType::Number, some(dependencies.total_blocked_by))?;
        fields.add("dependencies.blocking", FieldType::Number, some(dependencies.total_blocking))?;
    }
    for (name, count) in issue.reactions.iter().flat_map(counts) {
        fields.add(&format!("reactions.{name}"), FieldType::Number, count.filter(|count| *count > 0))?;
    }
    for value in issue.issue_field_values.iter().flatten() {
        fields.0.push(made_up(value)?);
    }
    Ok(fields.0)
}

/// Returns the type of an issue field.
pub(crate) fn field_type(name: &str) -> FieldType {
    super::words::word(FIELD_TYPES, name).unwrap_or_default()
}

struct Fields(Vec<CustomField>);

impl Fields {
    fn add<T: serde::Serialize>(&mut self, id: &str, value_type: FieldType, value: Option<T>) -> Result<()> {
        if let Some(value) = value {
            self.0.push(CustomField::new(id, value_type, &value)?);
        }
        Ok(())
    }
}

fn text<'a>(text: &'a Option<Text<'_>>) -> Option<&'a str> {
    text.as_deref()
}

fn counts(reactions: &api::Reactions) -> [(&'static str, Option<u64>); 8] {
    [
        ("+1", reactions.plus_one),
        ("-1", reactions.minus_one),
        ("laugh", reactions.laugh),
        ("hooray", reactions.hooray),
        ("confused", reactions.confused),
        ("heart", reactions.heart),
        ("rocket", reactions.rocket),
        ("eyes", reactions.eyes),
    ]
}

fn made_up(value: &api::FieldValue<'_>) -> Result<CustomField> {
    let id = value.issue_field_id.to_string();
    let value_type = field_type(&value.data_type);
    let field = match (&value.single_select_option, &value.multi_select_options) {
        (Some(choice), _) => CustomField::new(id, value_type, &Choice::of(choice)),
        (None, Some(choices)) => CustomField::new(id, value_type, &choices.iter().map(Choice::of).collect::<Vec<_>>()),
        (None, None) => {
            let json = value.value.map_or(Ok(None), |raw| Json::parse(raw.get()).map(Some))?;
            CustomField::new(id, value_type, &json)
        }
    }?;
    Ok(match text(&value.issue_field_name) {
        Some(name) => field.with_name(name),
        None => field,
    })
}

/// A choice, as a ticket writes it.
#[derive(serde::Serialize)]
struct Choice<'a> {
    id: String,
    name: &'a str,
}

impl<'a> Choice<'a> {
    fn of(choice: &'a api::Choice<'_>) -> Self {
        Self { id: choice.id.to_string(), name: &choice.name }
    }
}
