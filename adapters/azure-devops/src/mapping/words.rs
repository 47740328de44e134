//! Azure DevOps' words: states and their categories, types, priorities.

use usher_adapter_sdk::model::{
    Named, Priority, PriorityLevel, Resolution, Status, StatusCategory, TicketType, TypeLevel,
};

use crate::{api, key::same};

/// The categories that every process sorts its states into, sorted. What is resolved waits for somebody to look at it.
///
/// <https://learn.microsoft.com/azure/devops/boards/work-items/workflow-and-state-categories>
pub(super) const CATEGORIES: &[(&str, StatusCategory)] = &[
    ("completed", StatusCategory::Done),
    ("inprogress", StatusCategory::InProgress),
    ("proposed", StatusCategory::Backlog),
    ("removed", StatusCategory::Canceled),
    ("resolved", StatusCategory::InReview),
];

/// States of the category `Proposed` that somebody has planned, sorted.
pub(super) const PLANNED: &[(&str, StatusCategory)] =
    &[("approved", StatusCategory::Todo), ("ready", StatusCategory::Todo), ("to do", StatusCategory::Todo)];

/// The states of the processes that there are out of the box, sorted: for answers that come without their categories.
pub(super) const STATES: &[(&str, StatusCategory)] = &[
    ("active", StatusCategory::InProgress),
    ("approved", StatusCategory::Todo),
    ("closed", StatusCategory::Done),
    ("committed", StatusCategory::InProgress),
    ("doing", StatusCategory::InProgress),
    ("done", StatusCategory::Done),
    ("in progress", StatusCategory::InProgress),
    ("new", StatusCategory::Backlog),
    ("proposed", StatusCategory::Backlog),
    ("ready", StatusCategory::Todo),
    ("removed", StatusCategory::Canceled),
    ("resolved", StatusCategory::InReview),
    ("to do", StatusCategory::Todo),
];

/// Types of the processes that there are out of the box or that are commonly added, sorted. Any other is unknown and
/// keeps its name; an `Issue` is another thing in each process.
pub(super) const TYPES: &[(&str, TypeLevel)] = &[
    ("bug", TypeLevel::Bug),
    ("change request", TypeLevel::Change),
    ("epic", TypeLevel::Epic),
    ("feature", TypeLevel::Feature),
    ("incident", TypeLevel::Incident),
    ("problem", TypeLevel::Problem),
    ("product backlog item", TypeLevel::Feature),
    ("requirement", TypeLevel::Feature),
    ("service request", TypeLevel::Request),
    ("task", TypeLevel::Task),
    ("user story", TypeLevel::Feature),
];

/// Priorities by their number, sorted.
pub(super) const PRIORITIES: &[(&str, PriorityLevel)] = &[
    ("1", PriorityLevel::Urgent),
    ("2", PriorityLevel::High),
    ("3", PriorityLevel::Medium),
    ("4", PriorityLevel::Low),
];

/// Returns a type, as it is named.
pub(crate) fn named_type(name: &str, reference_name: Option<&str>) -> TicketType {
    let level = word(TYPES, name).unwrap_or(TypeLevel::UNKNOWN);
    TicketType::new(level, Named::new(name).with_id(reference_name.map(str::to_owned)))
}

/// Returns the names of the types of a level.
pub(crate) fn type_levels(name: &str) -> Option<TypeLevel> {
    word(TYPES, name)
}

pub(super) fn ticket_type(fields: &api::Fields<'_>) -> TicketType {
    fields.work_item_type.as_deref().map(|name| named_type(name, None)).unwrap_or_default()
}

/// Returns the step that a state falls into, where its category is known.
pub(crate) fn category(state: &api::State) -> StatusCategory {
    let category = state.category.as_deref().and_then(|category| word(CATEGORIES, category)).unwrap_or_default();
    match category {
        StatusCategory::Backlog => word(PLANNED, &state.name).unwrap_or(StatusCategory::Backlog),
        category => category,
    }
}

pub(super) fn status(fields: &api::Fields<'_>, states: Option<&[api::State]>) -> Status {
    let Some(name) = fields.state.as_deref() else { return Status::default() };
    Status::new(step(name, states), name)
}

fn step(name: &str, states: Option<&[api::State]>) -> StatusCategory {
    match states {
        Some(states) => states.iter().find(|state| same(&state.name, name)).map(category).unwrap_or_default(),
        None => word(STATES, name).unwrap_or_default(),
    }
}

/// Returns how a work item ended: a reason stands beside every state, and that of something open is no resolution.
pub(super) fn resolution(fields: &api::Fields<'_>, states: Option<&[api::State]>) -> Option<Resolution> {
    let has_ended = fields.state.as_deref().is_some_and(|name| step(name, states).is_open() == Some(false));
    let reason = fields.resolved_reason.as_deref().or(fields.reason.as_deref());
    reason.filter(|_| has_ended).map(Resolution::new)
}

pub(super) fn priority_of(fields: &api::Fields<'_>) -> Priority {
    let text = fields.priority.map(|raw| raw.get().trim_matches('"'));
    text.filter(|text| *text != "null").map(priority).unwrap_or_default()
}

/// Returns a priority, as it is numbered.
pub(crate) fn priority(number: &str) -> Priority {
    Priority::new(word(PRIORITIES, number).unwrap_or(PriorityLevel::UNKNOWN), Named::new(number))
}

/// Returns the number of a level, or of a number itself.
pub(crate) fn priority_number(name: &str) -> Option<u8> {
    let by_level = PRIORITIES.iter().find(|(_, level)| level.as_str().eq_ignore_ascii_case(name));
    by_level.map_or(name, |(number, _)| number).parse().ok().filter(|number| (1..=9).contains(number))
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
        for table in [words(CATEGORIES), words(PLANNED), words(STATES), words(TYPES), words(PRIORITIES)] {
            assert!(table.is_sorted(), "{table:?}");
            assert!(table.iter().all(|word| *word == word.to_ascii_lowercase()), "{table:?}");
        }
    }

    #[test]
    fn a_category_decides_and_only_without_one_a_name_does() {
        let state =
            |name: &str, category: &str| api::State { name: name.to_owned(), category: Some(category.to_owned()) };
        for (name, own, expected) in [
            ("Active", "InProgress", StatusCategory::InProgress),
            ("Active", "Completed", StatusCategory::Done),
            ("New", "Proposed", StatusCategory::Backlog),
            ("To Do", "Proposed", StatusCategory::Todo),
            ("Fixed", "Resolved", StatusCategory::InReview),
            ("Removed", "Removed", StatusCategory::Canceled),
            ("Active", "Dreaming", StatusCategory::UNKNOWN),
        ] {
            assert_eq!(category(&state(name, own)), expected, "{name} in {own}");
            assert_eq!(step(name, Some(&[state(name, own)])), expected);
        }
        assert_eq!(step("Active", None), StatusCategory::InProgress);
        assert_eq!(step("Marinating", None), StatusCategory::UNKNOWN);
        assert_eq!(step("Active", Some(&[])), StatusCategory::UNKNOWN, "what its type does not know is not guessed");
    }

    #[test]
    fn priorities_are_read_from_numbers_and_written_from_our_words() {
        assert_eq!(priority("1").level, PriorityLevel::Urgent);
        assert!(priority("7").level.is_unknown());
        assert_eq!(
            (priority_number("urgent"), priority_number("Low"), priority_number("3")),
            (Some(1), Some(4), Some(3))
        );
        assert_eq!((priority_number("lowest"), priority_number("0"), priority_number("")), (None, None, None));
    }
}
