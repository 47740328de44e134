//! Linear's words: types of states, priorities, kinds of relations.

use usher_adapter_sdk::model::{LinkKind, Named, Priority, PriorityLevel, Status, StatusCategory};

use crate::api;

/// Types of states, sorted. What a team calls its states says nothing; the operator's `status_map` may.
pub(crate) const STATE_TYPES: &[(&str, StatusCategory)] = &[
    ("backlog", StatusCategory::Backlog),
    ("canceled", StatusCategory::Canceled),
    ("completed", StatusCategory::Done),
    ("duplicate", StatusCategory::Canceled),
    ("started", StatusCategory::InProgress),
    ("triage", StatusCategory::Backlog),
    ("unstarted", StatusCategory::Todo),
];

/// Priorities, in the order of their numbers.
pub(crate) const PRIORITIES: &[PriorityLevel] =
    &[PriorityLevel::None, PriorityLevel::Urgent, PriorityLevel::High, PriorityLevel::Medium, PriorityLevel::Low];

/// Kinds of relations, sorted: what one is to the issue that it begins at, and to the issue that it leads to.
pub(crate) const RELATIONS: &[(&str, (LinkKind, LinkKind))] = &[
    ("blocks", (LinkKind::Blocks, LinkKind::BlockedBy)),
    ("duplicate", (LinkKind::Duplicates, LinkKind::DuplicatedBy)),
    ("related", (LinkKind::Relates, LinkKind::Relates)),
    ("similar", (LinkKind::Relates, LinkKind::Relates)),
];

/// Returns the step that a type of states falls into.
pub(crate) fn status_category(kind: &str) -> StatusCategory {
    word(STATE_TYPES, kind).unwrap_or_default()
}

/// Returns the types of states that fall into a step.
pub(crate) fn state_types(category: &StatusCategory) -> impl Iterator<Item = &'static str> {
    STATE_TYPES.iter().filter(move |(_, own)| own == category).map(|(kind, _)| *kind)
}

/// Returns the level of a priority, which is a whole number although it comes as another.
pub(crate) fn priority_level(number: f64) -> PriorityLevel {
    let place = (0..PRIORITIES.len()).find(|place| *place as f64 == number);
    place.map_or(PriorityLevel::UNKNOWN, |place| PRIORITIES[place].clone())
}

pub(super) fn status(state: Option<&api::State<'_>>) -> Status {
    let Some(state) = state else { return Status::default() };
    let kind = state.kind.as_deref();
    let name = state.name.as_deref().or(kind).unwrap_or_default();
    let native = Named::new(name).with_id(state.id.as_deref().map(str::to_owned));
    Status::new(kind.map(status_category).unwrap_or_default(), native)
}

pub(super) fn priority(issue: &api::Issue<'_>) -> Priority {
    let Some(number) = issue.priority else { return Priority::default() };
    let name = issue.priority_label.as_deref().map_or_else(|| number.to_string(), str::to_owned);
    Priority::new(priority_level(number), Named::new(name).with_id(number.to_string()))
}

pub(super) fn link_kind(kind: Option<&str>, is_inverse: bool) -> LinkKind {
    match kind.and_then(|kind| word(RELATIONS, kind)) {
        Some((own, _)) if !is_inverse => own,
        Some((_, inverse)) => inverse,
        None => LinkKind::UNKNOWN,
    }
}

/// Returns what stands beside a word in a sorted table; case does not matter.
pub(crate) fn word<T: Clone>(table: &[(&str, T)], word: &str) -> Option<T> {
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
        for table in [words(STATE_TYPES), words(RELATIONS)] {
            assert!(table.is_sorted(), "{table:?}");
            assert!(table.iter().all(|word| *word == word.to_ascii_lowercase()), "{table:?}");
        }
    }

    #[test]
    fn an_unknown_word_or_number_is_unknown() {
        assert_eq!(status_category("Started"), StatusCategory::InProgress);
        assert!(status_category("paused").is_unknown());
        assert!(link_kind(Some("parent_of"), false).is_unknown() && link_kind(None, true).is_unknown());
        assert_eq!(priority_level(0.0), PriorityLevel::None);
        assert_eq!(priority_level(4.0), PriorityLevel::Low);
        for number in [5.0, -1.0, 1.5, f64::NAN] {
            assert!(priority_level(number).is_unknown(), "{number}");
        }
    }

    #[test]
    fn a_relation_is_another_one_from_its_other_end() {
        assert_eq!(link_kind(Some("blocks"), false), LinkKind::Blocks);
        assert_eq!(link_kind(Some("blocks"), true), LinkKind::BlockedBy);
        assert_eq!(link_kind(Some("duplicate"), true), LinkKind::DuplicatedBy);
    }
}
