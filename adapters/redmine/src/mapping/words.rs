//! Redmine's words: those that an installation has out of the box. Any other is unknown and keeps its name.

use usher_adapter_sdk::{
    message::StateOption,
    model::{LinkKind, Named, Priority, PriorityLevel, Status, StatusCategory, TicketType, TypeLevel},
};

use crate::api;

/// Statuses, sorted. A resolved issue waits for somebody to look at it, one in feedback for whoever reported it.
const STATUSES: &[(&str, StatusCategory)] = &[
    ("closed", StatusCategory::Done),
    ("feedback", StatusCategory::Blocked),
    ("in progress", StatusCategory::InProgress),
    ("new", StatusCategory::Todo),
    ("rejected", StatusCategory::Canceled),
    ("resolved", StatusCategory::InReview),
];

/// Trackers, sorted: Redmine's own, and what is commonly added.
const TRACKERS: &[(&str, TypeLevel)] = &[
    ("bug", TypeLevel::Bug),
    ("change", TypeLevel::Change),
    ("epic", TypeLevel::Epic),
    ("feature", TypeLevel::Feature),
    ("incident", TypeLevel::Incident),
    ("maintenance", TypeLevel::Maintenance),
    ("problem", TypeLevel::Problem),
    ("support", TypeLevel::Request),
    ("task", TypeLevel::Task),
];

/// Priorities, sorted. Redmine has two that mean: now.
const PRIORITIES: &[(&str, PriorityLevel)] = &[
    ("high", PriorityLevel::High),
    ("immediate", PriorityLevel::Urgent),
    ("low", PriorityLevel::Low),
    ("normal", PriorityLevel::Medium),
    ("urgent", PriorityLevel::Urgent),
];

/// Relations as Redmine keeps them, our word for them, and for the way back.
const RELATIONS: &[(&str, LinkKind, LinkKind)] = &[
    ("blocks", LinkKind::Blocks, LinkKind::BlockedBy),
    ("duplicates", LinkKind::Duplicates, LinkKind::DuplicatedBy),
    ("relates", LinkKind::Relates, LinkKind::Relates),
];

/// Relations that are Redmine's own, sorted, and its word for the way back. It keeps them all by the first word, whichever one
/// they were made by.
const OWN_RELATIONS: &[(&str, &str)] = &[("copied_to", "copied_from"), ("precedes", "follows")];

/// Returns a status; what it is called says nothing where it contradicts whether it is closed.
pub(crate) fn status(status: &api::Status<'_>, all: Option<&[api::Status<'_>]>) -> Status {
    let listed = all.and_then(|all| all.iter().find(|it| it.id == status.id));
    let is_closed = status.is_closed.or_else(|| listed.and_then(|listed| listed.is_closed));
    let named = Named::new(&*status.name).with_id(status.id.to_string());
    Status::new(category(&status.name, is_closed), named).with_is_open(is_closed.map(|is_closed| !is_closed))
}

/// Returns a status that can be chosen.
pub(crate) fn state(status: &api::Status<'_>) -> StateOption {
    let named = Named::new(&*status.name).with_id(status.id.to_string());
    StateOption::new(named, category(&status.name, status.is_closed))
}

/// Returns a tracker as a type.
pub(crate) fn tracker(tracker: &api::Named<'_>) -> TicketType {
    TicketType::new(word(TRACKERS, &tracker.name).unwrap_or(TypeLevel::UNKNOWN), super::named(tracker))
}

/// Returns a priority.
pub(crate) fn priority(priority: &api::Named<'_>) -> Priority {
    Priority::new(word(PRIORITIES, &priority.name).unwrap_or(PriorityLevel::UNKNOWN), super::named(priority))
}

/// Returns how an issue relates to another, by Redmine's word for it and by whether it is the first of the two.
pub(super) fn link(native: &str, is_first: bool) -> LinkKind {
    let row = RELATIONS.iter().find(|(word, ..)| *word == native);
    row.map_or(LinkKind::UNKNOWN, |(_, there, back)| if is_first { there.clone() } else { back.clone() })
}

/// Returns Redmine's word for a relation as it is seen from an issue. Where our word does not tell which way it goes, it has to.
pub(super) fn native_link(native: &str, is_first: bool) -> &str {
    let row = OWN_RELATIONS.iter().find(|(word, _)| *word == native);
    row.filter(|_| !is_first).map_or(native, |(_, back)| back)
}

/// Returns Redmine's word for a relation that is ours, or that is Redmine's own; and whether it starts at the other one.
pub(crate) fn relation(kind: &LinkKind) -> Option<(&'static str, bool)> {
    let ours = RELATIONS.iter().find_map(|(word, there, back)| match kind {
        kind if kind == there => Some((*word, false)),
        kind if kind == back => Some((*word, true)),
        _ => None,
    });
    let own = |(word, back): &(&'static str, &'static str)| match kind.as_str() {
        kind if kind == *word => Some((*word, false)),
        kind if kind == *back => Some((*word, true)),
        _ => None,
    };
    ours.or_else(|| OWN_RELATIONS.iter().find_map(own))
}

fn category(name: &str, is_closed: Option<bool>) -> StatusCategory {
    let category = word(STATUSES, name).unwrap_or_default();
    let fits = is_closed.is_none_or(|is_closed| category.is_open() == Some(!is_closed));
    if fits { category } else { StatusCategory::UNKNOWN }
}

/// Returns what stands beside a word in a sorted table; case does not matter.
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
        for table in [words(STATUSES), words(TRACKERS), words(PRIORITIES)] {
            assert!(table.is_sorted(), "{table:?}");
            assert!(table.iter().all(|word| *word == word.to_lowercase()), "{table:?}");
        }
    }

    #[test]
    fn a_status_is_open_as_redmine_says_and_not_as_it_is_called() {
        let of = |name: &'static str, is_closed| status(&api::Status { id: 1, name: name.into(), is_closed }, None);
        assert_eq!(of("Closed", Some(true)).category, StatusCategory::Done);
        assert_eq!(
            (of("Closed", Some(false)).category.is_unknown(), of("Closed", Some(false)).is_open),
            (true, Some(true))
        );
        assert_eq!(
            (of("Gelöst", Some(true)).category.is_unknown(), of("Gelöst", Some(true)).is_open),
            (true, Some(false))
        );
        assert_eq!(of("Closed", None).is_open, None);
        let all = [api::Status { id: 1, name: "Closed".into(), is_closed: Some(true) }];
        let old = api::Status { id: 1, name: "Closed".into(), is_closed: None };
        assert_eq!(status(&old, Some(&all)).is_open, Some(false));
    }

    #[test]
    fn a_relation_is_read_from_both_ends_and_written_from_both() {
        assert_eq!((link("blocks", true), link("blocks", false)), (LinkKind::Blocks, LinkKind::BlockedBy));
        assert!(link("precedes", true).is_unknown());
        assert_eq!(relation(&LinkKind::BlockedBy), Some(("blocks", true)));
        // Redmine turns these around when it keeps them.
        for (word, expected) in [
            ("precedes", ("precedes", false)),
            ("follows", ("precedes", true)),
            ("copied_to", ("copied_to", false)),
            ("copied_from", ("copied_to", true)),
        ] {
            assert_eq!(relation(&LinkKind::from_word(word)), Some(expected));
            assert_eq!(native_link(expected.0, !expected.1), word);
        }
        assert_eq!((native_link("blocks", false), native_link("relates", false)), ("blocks", "relates"));
        assert_eq!(relation(&LinkKind::Causes), None);
    }
}
