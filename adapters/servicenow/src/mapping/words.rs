//! States, priorities and types as they are delivered; an instance may have others, which are unknown and keep their label.

use usher_adapter_sdk::model::{PriorityLevel, StatusCategory, TypeLevel};

/// States by table and value, with the label as delivered; sorted by table.
pub(crate) const STATES: &[(&str, &str, &str, StatusCategory)] = &[
    ("change_request", "-5", "New", StatusCategory::Todo),
    ("change_request", "-4", "Assess", StatusCategory::InProgress),
    ("change_request", "-3", "Authorize", StatusCategory::InReview),
    ("change_request", "-2", "Scheduled", StatusCategory::Todo),
    ("change_request", "-1", "Implement", StatusCategory::InProgress),
    ("change_request", "0", "Review", StatusCategory::InReview),
    ("change_request", "3", "Closed", StatusCategory::Done),
    ("change_request", "4", "Canceled", StatusCategory::Canceled),
    ("change_task", "-5", "Pending", StatusCategory::Backlog),
    ("change_task", "1", "Open", StatusCategory::Todo),
    ("change_task", "2", "In Progress", StatusCategory::InProgress),
    ("change_task", "3", "Closed", StatusCategory::Done),
    ("change_task", "4", "Canceled", StatusCategory::Canceled),
    ("incident", "1", "New", StatusCategory::Todo),
    ("incident", "2", "In Progress", StatusCategory::InProgress),
    ("incident", "3", "On Hold", StatusCategory::Blocked),
    ("incident", "6", "Resolved", StatusCategory::Done),
    ("incident", "7", "Closed", StatusCategory::Done),
    ("incident", "8", "Canceled", StatusCategory::Canceled),
    ("problem", "101", "New", StatusCategory::Todo),
    ("problem", "102", "Assess", StatusCategory::InProgress),
    ("problem", "103", "Root Cause Analysis", StatusCategory::InProgress),
    ("problem", "104", "Fix in Progress", StatusCategory::InProgress),
    ("problem", "106", "Resolved", StatusCategory::Done),
    ("problem", "107", "Closed", StatusCategory::Done),
    ("sc_req_item", "-5", "Pending", StatusCategory::Backlog),
    ("sc_req_item", "1", "Open", StatusCategory::Todo),
    ("sc_req_item", "2", "Work in Progress", StatusCategory::InProgress),
    ("sc_req_item", "3", "Closed Complete", StatusCategory::Done),
    ("sc_req_item", "4", "Closed Incomplete", StatusCategory::Canceled),
    ("sc_req_item", "7", "Closed Skipped", StatusCategory::Canceled),
    ("sc_task", "-5", "Pending", StatusCategory::Backlog),
    ("sc_task", "1", "Open", StatusCategory::Todo),
    ("sc_task", "2", "Work in Progress", StatusCategory::InProgress),
    ("sc_task", "3", "Closed Complete", StatusCategory::Done),
    ("sc_task", "4", "Closed Incomplete", StatusCategory::Canceled),
    ("sc_task", "7", "Closed Skipped", StatusCategory::Canceled),
];

/// Tables, the names of their records, and what those are; sorted.
pub(crate) const TYPES: &[(&str, &str, TypeLevel)] = &[
    ("change_request", "Change Request", TypeLevel::Change),
    ("change_task", "Change Task", TypeLevel::Subtask),
    ("incident", "Incident", TypeLevel::Incident),
    ("problem", "Problem", TypeLevel::Problem),
    ("problem_task", "Problem Task", TypeLevel::Subtask),
    ("sc_req_item", "Requested Item", TypeLevel::Request),
    ("sc_request", "Request", TypeLevel::Request),
    ("sc_task", "Catalog Task", TypeLevel::Task),
    ("task", "Task", TypeLevel::Task),
];

/// Priorities by value: the level, and the impact and the urgency of which it is calculated as delivered.
pub(crate) const PRIORITIES: &[(&str, &str, PriorityLevel, (&str, &str))] = &[
    ("1", "Critical", PriorityLevel::Urgent, ("1", "1")),
    ("2", "High", PriorityLevel::High, ("2", "1")),
    ("3", "Moderate", PriorityLevel::Medium, ("2", "2")),
    ("4", "Low", PriorityLevel::Low, ("3", "2")),
    ("5", "Planning", PriorityLevel::Lowest, ("3", "3")),
];

/// Tables whose priority is calculated from impact and urgency, so that it cannot be written; sorted.
const CALCULATED: &[&str] = &["incident", "problem"];

/// What closing a record mostly needs.
pub(crate) const CLOSING: &str =
    "Closing mostly needs a resolution (the column `close_code`) and the field `close_notes`.";

/// Returns the step that a state falls into, if it is one of those delivered.
pub(crate) fn state_category(table: &str, value: &str) -> StatusCategory {
    let known = STATES.iter().find(|(known, state, ..)| *known == table && *state == value);
    known.map_or(StatusCategory::UNKNOWN, |(.., category)| category.clone())
}

/// Returns the states of a table in which a record is not open, or nothing where its states are not known.
pub(crate) fn closed(table: &str) -> Vec<&'static str> {
    let closed = STATES.iter().filter(|(known, .., category)| *known == table && category.is_open() == Some(false));
    closed.map(|(_, value, ..)| *value).collect()
}

/// Returns impact and urgency for a priority, where it is calculated from these.
pub(crate) fn impact_and_urgency(table: &str, priority: &str) -> Option<(&'static str, &'static str)> {
    let known = PRIORITIES.iter().find(|(value, ..)| *value == priority)?;
    CALCULATED.contains(&table).then_some(known.3)
}

/// Returns the level of a priority.
pub(super) fn priority(value: &str) -> PriorityLevel {
    let known = PRIORITIES.iter().find(|(known, ..)| *known == value);
    known.map_or(PriorityLevel::UNKNOWN, |(_, _, level, _)| level.clone())
}

/// Returns what a table's records are.
pub(super) fn level(table: &str) -> TypeLevel {
    let known = TYPES.iter().find(|(known, ..)| *known == table);
    known.map_or(TypeLevel::UNKNOWN, |(.., level)| level.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_name_each_thing_once() {
        assert!(STATES.is_sorted_by_key(|(table, ..)| *table));
        assert!(TYPES.is_sorted_by(|one, other| one.0 < other.0));
        assert!(PRIORITIES.is_sorted_by(|one, other| one.0 < other.0));
        for (place, (table, value, ..)) in STATES.iter().enumerate() {
            assert!(
                !STATES[..place].iter().any(|(other, known, ..)| other == table && known == value),
                "{table} {value}"
            );
        }
    }

    #[test]
    fn a_state_of_an_instance_s_own_is_unknown() {
        assert_eq!(state_category("incident", "6"), StatusCategory::Done);
        assert_eq!(state_category("incident", "-40"), StatusCategory::UNKNOWN);
        assert_eq!(state_category("u_case", "6"), StatusCategory::UNKNOWN);
        assert_eq!(closed("problem"), ["106", "107"]);
        assert_eq!(closed("u_case"), [""; 0]);
    }

    #[test]
    fn a_priority_is_calculated_only_where_it_is() {
        assert_eq!(impact_and_urgency("incident", "1"), Some(("1", "1")));
        assert_eq!(impact_and_urgency("sc_task", "1"), None);
        assert_eq!(impact_and_urgency("incident", "9"), None);
    }
}
