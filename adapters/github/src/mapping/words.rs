//! GitHub's words: what is open or closed and why, types, priorities, kinds of accounts.

use usher_adapter_sdk::model::{
    Named, Priority, PriorityLevel, Resolution, Status, StatusCategory, TicketType, TypeLevel, UserKind,
};

use crate::api;

/// The id and the name of what GitHub counts among the issues and gives no type.
pub(crate) const PULL_REQUEST: (&str, &str) = ("pull_request", "Pull request");

/// Why an issue was closed, sorted. That it is open says nothing of where it stands.
pub(crate) const REASONS: &[(&str, StatusCategory)] = &[
    ("completed", StatusCategory::Done),
    ("duplicate", StatusCategory::Canceled),
    ("not_planned", StatusCategory::Canceled),
];

/// Types that organisations have out of the box or commonly add, sorted. Any other is unknown and keeps its name.
const TYPES: &[(&str, TypeLevel)] = &[
    ("bug", TypeLevel::Bug),
    ("change", TypeLevel::Change),
    ("epic", TypeLevel::Epic),
    ("feature", TypeLevel::Feature),
    ("incident", TypeLevel::Incident),
    ("maintenance", TypeLevel::Maintenance),
    ("problem", TypeLevel::Problem),
    ("request", TypeLevel::Request),
    ("subtask", TypeLevel::Subtask),
    ("task", TypeLevel::Task),
];

/// The choices of the issue field `Priority` out of the box, sorted.
const PRIORITIES: &[(&str, PriorityLevel)] = &[
    ("high", PriorityLevel::High),
    ("low", PriorityLevel::Low),
    ("medium", PriorityLevel::Medium),
    ("urgent", PriorityLevel::Urgent),
];

/// Kinds of accounts, sorted. A mannequin stands for somebody of the system that a repository was imported from.
const ACCOUNTS: &[(&str, UserKind)] = &[
    ("bot", UserKind::Bot),
    ("mannequin", UserKind::External),
    ("organization", UserKind::Group),
    ("user", UserKind::Person),
];

/// Returns a type.
pub(crate) fn named_type(issue_type: &api::IssueType<'_>) -> TicketType {
    let level = word(TYPES, &issue_type.name).unwrap_or(TypeLevel::UNKNOWN);
    TicketType::new(level, Named::new(&*issue_type.name).with_id(issue_type.id.map(|id| id.to_string())))
}

pub(super) fn ticket_type(issue: &api::Issue<'_>) -> TicketType {
    let (id, name) = PULL_REQUEST;
    match &issue.issue_type {
        Some(issue_type) => named_type(issue_type),
        None if issue.pull_request.is_some() => {
            TicketType::new(TypeLevel::UNKNOWN, Named::new(name).with_id(id.to_owned()))
        }
        None => TicketType::default(),
    }
}

pub(super) fn status(issue: &api::Issue<'_>) -> Status {
    let Some(state) = issue.state.as_deref() else { return Status::default() };
    let is_open = is_open(issue);
    let category = if is_open == Some(false) { ending(issue) } else { StatusCategory::UNKNOWN };
    Status::new(category, state).with_is_open(is_open)
}

/// Returns how something that is closed ended, as far as GitHub says.
fn ending(issue: &api::Issue<'_>) -> StatusCategory {
    match issue.pull_request.as_ref().map(|pull_request| pull_request.merged_at) {
        Some(Some(Some(_))) => StatusCategory::Done,
        Some(Some(None)) => StatusCategory::Canceled,
        Some(None) => StatusCategory::UNKNOWN,
        None => issue.state_reason.as_deref().and_then(|reason| word(REASONS, reason)).unwrap_or_default(),
    }
}

/// Says whether an issue is open, as far as GitHub says.
pub(super) fn is_open(issue: &api::Issue<'_>) -> Option<bool> {
    match issue.state.as_deref()?.to_ascii_lowercase().as_str() {
        "open" => Some(true),
        "closed" => Some(false),
        _ => None,
    }
}

/// Returns the reason for closing; what GitHub calls the reason of something open is no resolution.
pub(super) fn resolution(issue: &api::Issue<'_>) -> Option<Resolution> {
    let is_merged = issue.pull_request.as_ref().is_some_and(|pull_request| pull_request.merged_at.flatten().is_some());
    if is_merged {
        return Some(Resolution::new("merged"));
    }
    issue.state_reason.as_deref().filter(|_| is_open(issue) != Some(true)).map(Resolution::new)
}

pub(super) fn priority(issue: &api::Issue<'_>) -> Priority {
    let named = |value: &&api::FieldValue<'_>| {
        value.issue_field_name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("priority"))
    };
    let field = issue.issue_field_values.iter().flatten().find(named);
    let Some(choice) = field.and_then(|field| field.single_select_option.as_ref()) else { return Priority::default() };
    let level = word(PRIORITIES, &choice.name).unwrap_or(PriorityLevel::UNKNOWN);
    Priority::new(level, Named::new(&*choice.name).with_id(choice.id.to_string()))
}

/// Returns the kind of an account.
pub(super) fn account(kind: &str) -> UserKind {
    word(ACCOUNTS, kind).unwrap_or_default()
}

/// Returns what stands beside a word in a sorted table; case does not matter.
pub(super) fn word<T: Clone>(table: &[(&str, T)], word: &str) -> Option<T> {
    let word = word.to_ascii_lowercase();
    let place = table.binary_search_by(|(known, _)| (*known).cmp(word.as_str())).ok()?;
    Some(table[place].1.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_sorted_and_in_lower_case() {
        fn words<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
            table.iter().map(|(word, _)| *word).collect()
        }
        for table in [
            words(REASONS),
            words(TYPES),
            words(PRIORITIES),
            words(ACCOUNTS),
            words(crate::mapping::fields::FIELD_TYPES),
        ] {
            assert!(table.is_sorted(), "{table:?}");
            assert!(table.iter().all(|word| *word == word.to_ascii_lowercase()), "{table:?}");
        }
    }

    #[test]
    fn case_does_not_matter_and_an_unknown_word_is_unknown() {
        assert_eq!(word(TYPES, "BUG"), Some(TypeLevel::Bug));
        assert_eq!(word(TYPES, "Saga"), None);
        assert_eq!(account("Organization"), UserKind::Group);
        assert!(account("EnterpriseUserAccount").is_unknown());
    }
}
