//! The words that people use in front matters, and ours for them. A word that stands in no table stays unknown.

use std::borrow::Cow;

use usher_adapter_sdk::model::{PriorityLevel, StatusCategory, TypeLevel};

/// States, sorted.
const STATUS: &[(&str, StatusCategory)] = &[
    ("abandoned", StatusCategory::Canceled),
    ("accepted", StatusCategory::Todo),
    ("backlog", StatusCategory::Backlog),
    ("blocked", StatusCategory::Blocked),
    ("canceled", StatusCategory::Canceled),
    ("cancelled", StatusCategory::Canceled),
    ("closed", StatusCategory::Done),
    ("declined", StatusCategory::Canceled),
    ("doing", StatusCategory::InProgress),
    ("done", StatusCategory::Done),
    ("duplicate", StatusCategory::Canceled),
    ("fixed", StatusCategory::Done),
    ("icebox", StatusCategory::Backlog),
    ("idea", StatusCategory::Backlog),
    ("in progress", StatusCategory::InProgress),
    ("in review", StatusCategory::InReview),
    ("in testing", StatusCategory::InReview),
    ("new", StatusCategory::Todo),
    ("on hold", StatusCategory::Blocked),
    ("open", StatusCategory::Todo),
    ("planned", StatusCategory::Todo),
    ("ready", StatusCategory::Todo),
    ("rejected", StatusCategory::Canceled),
    ("released", StatusCategory::Done),
    ("resolved", StatusCategory::Done),
    ("review", StatusCategory::InReview),
    ("someday", StatusCategory::Backlog),
    ("started", StatusCategory::InProgress),
    ("testing", StatusCategory::InReview),
    ("to do", StatusCategory::Todo),
    ("todo", StatusCategory::Todo),
    ("waiting", StatusCategory::Blocked),
    ("wip", StatusCategory::InProgress),
    ("wont fix", StatusCategory::Canceled),
    ("wontfix", StatusCategory::Canceled),
];

/// What is written when somebody asks for one of our categories.
const STATUS_WRITTEN: &[(StatusCategory, &str)] = &[
    (StatusCategory::Backlog, "backlog"),
    (StatusCategory::Todo, "to do"),
    (StatusCategory::InProgress, "in progress"),
    (StatusCategory::InReview, "in review"),
    (StatusCategory::Blocked, "blocked"),
    (StatusCategory::Done, "done"),
    (StatusCategory::Canceled, "canceled"),
];

/// Types, sorted.
const TYPE: &[(&str, TypeLevel)] = &[
    ("bug", TypeLevel::Bug),
    ("change", TypeLevel::Change),
    ("chore", TypeLevel::Maintenance),
    ("defect", TypeLevel::Bug),
    ("enhancement", TypeLevel::Feature),
    ("epic", TypeLevel::Epic),
    ("feature", TypeLevel::Feature),
    ("improvement", TypeLevel::Feature),
    ("incident", TypeLevel::Incident),
    ("maintenance", TypeLevel::Maintenance),
    ("outage", TypeLevel::Incident),
    ("problem", TypeLevel::Problem),
    ("refactoring", TypeLevel::Maintenance),
    ("request", TypeLevel::Request),
    ("story", TypeLevel::Feature),
    ("subtask", TypeLevel::Subtask),
    ("task", TypeLevel::Task),
];

/// Priorities, sorted.
const PRIORITY: &[(&str, PriorityLevel)] = &[
    ("blocker", PriorityLevel::Urgent),
    ("critical", PriorityLevel::Urgent),
    ("high", PriorityLevel::High),
    ("low", PriorityLevel::Low),
    ("lowest", PriorityLevel::Lowest),
    ("major", PriorityLevel::High),
    ("medium", PriorityLevel::Medium),
    ("minor", PriorityLevel::Low),
    ("none", PriorityLevel::None),
    ("normal", PriorityLevel::Medium),
    ("p0", PriorityLevel::Urgent),
    ("p1", PriorityLevel::High),
    ("p2", PriorityLevel::Medium),
    ("p3", PriorityLevel::Low),
    ("p4", PriorityLevel::Lowest),
    ("trivial", PriorityLevel::Lowest),
    ("urgent", PriorityLevel::Urgent),
];

/// Returns the step that a state falls into.
pub(crate) fn status(word: &str) -> StatusCategory {
    look_up(STATUS, word).unwrap_or(StatusCategory::UNKNOWN)
}

/// Returns the kind that a type falls into.
pub(crate) fn ticket_type(word: &str) -> TypeLevel {
    look_up(TYPE, word).unwrap_or(TypeLevel::UNKNOWN)
}

/// Returns the level that a priority falls into.
pub(crate) fn priority(word: &str) -> PriorityLevel {
    look_up(PRIORITY, word).unwrap_or(PriorityLevel::UNKNOWN)
}

/// Returns the word to write for a state that is asked for: one of our categories, or the folder's own word.
pub(crate) fn written_status(word: &str) -> &str {
    let category = StatusCategory::from_word(word);
    STATUS_WRITTEN.iter().find(|(written, _)| *written == category).map_or(word, |(_, written)| written)
}

/// Returns the states that everybody knows, with their categories.
pub(crate) fn known_states() -> impl Iterator<Item = &'static str> {
    STATUS_WRITTEN.iter().map(|(_, word)| *word)
}

/// Returns the types that everybody knows.
pub(crate) fn known_types() -> impl Iterator<Item = &'static str> {
    TYPE.iter().filter(|(word, level)| level.as_str() == *word).map(|(word, _)| *word)
}

/// Returns the priorities that everybody knows.
pub(crate) fn known_priorities() -> impl Iterator<Item = &'static str> {
    PRIORITY.iter().filter(|(word, level)| level.as_str() == *word).map(|(word, _)| *word)
}

fn look_up<T: Clone>(table: &[(&str, T)], word: &str) -> Option<T> {
    let word = plain(word);
    table.binary_search_by(|(known, _)| (*known).cmp(&word)).ok().map(|place| table[place].1.clone())
}

/// Returns a word as the tables spell it: lower case, with spaces for `_` and `-`, without apostrophes.
fn plain(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b' ';
    let trimmed = word.trim();
    if trimmed.bytes().all(is_plain) {
        return Cow::Borrowed(trimmed);
    }
    let letters = trimmed.chars().filter(|letter| !matches!(letter, '\'' | '’'));
    Cow::Owned(
        letters.map(|letter| if matches!(letter, '_' | '-') { ' ' } else { letter }).collect::<String>().to_lowercase(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(STATUS.is_sorted_by_key(|(word, _)| *word));
        assert!(TYPE.is_sorted_by_key(|(word, _)| *word));
        assert!(PRIORITY.is_sorted_by_key(|(word, _)| *word));
    }

    #[test]
    fn spelling_does_not_matter_and_strange_words_stay_unknown() {
        for word in ["in progress", "In Progress", "in_progress", "IN-PROGRESS", " in progress "] {
            assert_eq!(status(word), StatusCategory::InProgress, "{word}");
        }
        assert_eq!(status("Won’t fix"), StatusCategory::Canceled);
        assert!(status("marinating").is_unknown());
        assert!(ticket_type("").is_unknown() && priority("purple").is_unknown());
    }

    #[test]
    fn what_is_written_for_a_category_is_read_as_that_category() {
        for category in StatusCategory::ALL {
            assert_eq!(status(written_status(category.as_str())), *category);
        }
        assert_eq!(written_status("marinating"), "marinating");
        assert_eq!(known_types().count(), TypeLevel::ALL.len());
        assert_eq!(known_priorities().count(), PriorityLevel::ALL.len());
    }
}
