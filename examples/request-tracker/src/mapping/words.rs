//! Request Tracker's words beside ours.

use usher_adapter_sdk::model::{FieldType, LinkKind, PriorityLevel, StatusCategory};

/// The states of the lifecycle that comes with Request Tracker; sorted. Those of other lifecycles are unknown.
pub(crate) const STATES: &[(&str, StatusCategory)] = &[
    ("deleted", StatusCategory::Canceled),
    ("new", StatusCategory::Todo),
    ("open", StatusCategory::InProgress),
    ("rejected", StatusCategory::Canceled),
    ("resolved", StatusCategory::Done),
    ("stalled", StatusCategory::Blocked),
];

/// The state that one of our words means in a write; sorted.
const WRITTEN: &[(&str, &str)] =
    &[("blocked", "stalled"), ("canceled", "rejected"), ("done", "resolved"), ("in_progress", "open"), ("todo", "new")];

/// From which number on a priority is of a level, and the number that stands for the level: what Request Tracker shows by
/// default as High, Medium and Low.
pub(crate) const PRIORITIES: &[(i64, PriorityLevel)] =
    &[(100, PriorityLevel::High), (50, PriorityLevel::Medium), (0, PriorityLevel::Low)];

/// Relations, and the name under which one is added or deleted; sorted.
pub(crate) const LINKS: &[(&str, LinkKind, &str)] = &[
    ("depended-on-by", LinkKind::Blocks, "DependedOnBy"),
    ("depends-on", LinkKind::BlockedBy, "DependsOn"),
    ("referred-to-by", LinkKind::Relates, "ReferredToBy"),
    ("refers-to", LinkKind::Relates, "RefersTo"),
];

/// Returns the step that a state falls into.
pub(crate) fn category(state: &str) -> StatusCategory {
    let state = state.to_ascii_lowercase();
    let found = STATES.binary_search_by_key(&&*state, |(name, _)| *name);
    found.map_or(StatusCategory::UNKNOWN, |place| STATES[place].1.clone())
}

/// Returns the state to write: one of our words means one of the default lifecycle, any other is a state's name.
pub(crate) fn state(asked: &str) -> String {
    let asked = asked.to_lowercase();
    WRITTEN.binary_search_by_key(&&*asked, |(word, _)| *word).map_or(asked, |place| WRITTEN[place].1.to_owned())
}

/// Returns the level of a priority; a negative one has none.
pub(crate) fn level(priority: i64) -> PriorityLevel {
    let found = PRIORITIES.iter().find(|(from, _)| priority >= *from);
    found.map_or(PriorityLevel::UNKNOWN, |(_, level)| level.clone())
}

/// Returns the number to write for a number or one of our words.
pub(crate) fn priority(asked: &str) -> Option<i64> {
    let asked = asked.trim().to_lowercase();
    let by_word = || PRIORITIES.iter().find(|(_, level)| level.as_str() == asked).map(|(number, _)| *number);
    asked.parse().ok().or_else(by_word)
}

/// Returns the name under which a relation is written.
pub(crate) fn link_name(kind: &LinkKind) -> Option<&'static str> {
    match kind {
        LinkKind::Blocks => Some("DependedOnBy"),
        LinkKind::BlockedBy => Some("DependsOn"),
        LinkKind::Relates => Some("RefersTo"),
        _ => None,
    }
}

/// Returns the type of a custom field's value.
pub(crate) fn field_type(kind: &str, is_single: bool) -> FieldType {
    match (kind, is_single) {
        ("Select" | "Combobox" | "Autocomplete", true) => FieldType::Choice,
        ("Select" | "Combobox" | "Autocomplete", false) => FieldType::Choices,
        ("Freeform" | "Text" | "Wikitext" | "IPAddress" | "IPAddressRange", true) => FieldType::Text,
        ("Date", true) => FieldType::Date,
        ("DateTime", true) => FieldType::DateTime,
        (_, false) => FieldType::List,
        _ => FieldType::UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_words_lead_to_states_that_mean_them() {
        assert!(STATES.is_sorted_by_key(|(name, _)| *name));
        assert!(WRITTEN.is_sorted_by_key(|(word, _)| *word));
        assert!(LINKS.is_sorted_by_key(|(name, ..)| *name));
        for (word, native) in WRITTEN {
            assert_eq!((category(native).as_str(), state(word)), (*word, (*native).to_owned()));
        }
        assert_eq!(state("Waiting on QA"), "waiting on qa");
        assert!(category("waiting on qa").is_unknown());
    }

    #[test]
    fn priorities_are_numbers_and_words_name_some_of_them() {
        for (number, name) in [(-1, "unknown"), (0, "low"), (49, "low"), (50, "medium"), (99, "medium"), (500, "high")]
        {
            assert_eq!(level(number).as_str(), name, "{number}");
        }
        for (asked, number) in [("High", Some(100)), ("7", Some(7)), ("urgent", None), ("", None)] {
            assert_eq!(priority(asked), number, "{asked}");
        }
    }
}
