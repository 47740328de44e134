//! Words that people give to columns and labels, as far as monday.com's own templates use them. Where the board says more,
//! such as which labels mean that an item is done, that counts.

use usher_adapter_sdk::model::{PriorityLevel, StatusCategory, TypeLevel};

/// Labels of a status, in lower case; sorted. Anything else is unknown and keeps its name; `status_map` may say more.
const STATUS: &[(&str, StatusCategory)] = &[
    ("awaiting review", StatusCategory::InReview),
    ("backlog", StatusCategory::Backlog),
    ("blocked", StatusCategory::Blocked),
    ("canceled", StatusCategory::Canceled),
    ("cancelled", StatusCategory::Canceled),
    ("code review", StatusCategory::InReview),
    ("completed", StatusCategory::Done),
    ("done", StatusCategory::Done),
    ("duplicate", StatusCategory::Canceled),
    ("fixed", StatusCategory::Done),
    ("future steps", StatusCategory::Backlog),
    ("in progress", StatusCategory::InProgress),
    ("in review", StatusCategory::InReview),
    ("missing info", StatusCategory::Blocked),
    ("new", StatusCategory::Todo),
    ("not started", StatusCategory::Todo),
    ("on hold", StatusCategory::Blocked),
    ("pending review", StatusCategory::InReview),
    ("ready to start", StatusCategory::Todo),
    ("rejected", StatusCategory::Canceled),
    ("resolved", StatusCategory::Done),
    ("stuck", StatusCategory::Blocked),
    ("to do", StatusCategory::Todo),
    ("todo", StatusCategory::Todo),
    ("waiting for review", StatusCategory::InReview),
    ("won't do", StatusCategory::Canceled),
    ("won't fix", StatusCategory::Canceled),
    ("working on it", StatusCategory::InProgress),
];

/// Labels of a priority, in lower case; sorted.
const PRIORITY: &[(&str, PriorityLevel)] = &[
    ("best effort", PriorityLevel::Lowest),
    ("critical", PriorityLevel::Urgent),
    ("critical ⚠️", PriorityLevel::Urgent),
    ("critical ⚠️️", PriorityLevel::Urgent),
    ("high", PriorityLevel::High),
    ("low", PriorityLevel::Low),
    ("lowest", PriorityLevel::Lowest),
    ("medium", PriorityLevel::Medium),
    ("minor", PriorityLevel::Low),
    ("urgent", PriorityLevel::Urgent),
];

/// Labels of a type, in lower case; sorted.
const TYPES: &[(&str, TypeLevel)] = &[
    ("bug", TypeLevel::Bug),
    ("change", TypeLevel::Change),
    ("epic", TypeLevel::Epic),
    ("feature", TypeLevel::Feature),
    ("incident", TypeLevel::Incident),
    ("maintenance", TypeLevel::Maintenance),
    ("problem", TypeLevel::Problem),
    ("request", TypeLevel::Request),
    ("task", TypeLevel::Task),
    ("tech debt", TypeLevel::Maintenance),
];

/// Returns the step of a label; what the board says of being done counts more than the word.
pub(crate) fn category(label: &str, is_done: Option<bool>) -> StatusCategory {
    let word = word(STATUS, label);
    match is_done {
        Some(true) => word.filter(|category| *category == StatusCategory::Canceled).unwrap_or(StatusCategory::Done),
        Some(false) => word.filter(|category| category.is_open() == Some(true)).unwrap_or(StatusCategory::UNKNOWN),
        None => word.unwrap_or(StatusCategory::UNKNOWN),
    }
}

/// Returns the level of a label of a priority.
pub(crate) fn priority(label: &str) -> PriorityLevel {
    word(PRIORITY, label).unwrap_or(PriorityLevel::UNKNOWN)
}

/// Returns the level of a label of a type.
pub(crate) fn type_level(label: &str) -> TypeLevel {
    word(TYPES, label).unwrap_or(TypeLevel::UNKNOWN)
}

fn word<T: Clone>(table: &[(&str, T)], word: &str) -> Option<T> {
    let word = word.trim().to_lowercase();
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
        for table in [words(STATUS), words(PRIORITY), words(TYPES)] {
            assert!(table.is_sorted(), "{table:?}");
            assert!(table.iter().all(|word| *word == word.to_lowercase()), "{table:?}");
        }
    }

    #[test]
    fn what_the_board_says_of_being_done_counts_more_than_the_word() {
        assert_eq!(category("Shipped", Some(true)), StatusCategory::Done);
        assert_eq!(category("Won't fix", Some(true)), StatusCategory::Canceled);
        assert_eq!(category("Stuck", Some(false)), StatusCategory::Blocked);
        assert!(category("Done", Some(false)).is_unknown());
        assert_eq!(category("Working on it", None), StatusCategory::InProgress);
        assert!(category("marinating", None).is_unknown() && category("", Some(false)).is_unknown());
    }
}
