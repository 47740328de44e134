//! Jira's words: states, types, priorities, kinds of accounts and of links.
//!
//! Names are free, translated and repeated between projects. The step that a state falls into is Jira's own `statusCategory`; its name
//! only says more within that step. An unknown word is unknown and keeps its name.

use usher_adapter_sdk::model::{
    LinkKind, Named, Priority, PriorityLevel, Status, StatusCategory, TicketType, TypeLevel, UserKind,
};

use crate::api;

/// The keys of Jira's categories, sorted. `undefined` is none.
const CATEGORIES: &[(&str, StatusCategory)] =
    &[("done", StatusCategory::Done), ("indeterminate", StatusCategory::InProgress), ("new", StatusCategory::Todo)];

/// Names of states to do that say more, sorted.
const TODO: &[(&str, StatusCategory)] =
    &[("backlog", StatusCategory::Backlog), ("blocked", StatusCategory::Blocked), ("on hold", StatusCategory::Blocked)];

/// Names of states in progress that say more, sorted.
const IN_PROGRESS: &[(&str, StatusCategory)] = &[
    ("blocked", StatusCategory::Blocked),
    ("code review", StatusCategory::InReview),
    ("in review", StatusCategory::InReview),
    ("on hold", StatusCategory::Blocked),
    ("peer review", StatusCategory::InReview),
    ("pending", StatusCategory::Blocked),
    ("review", StatusCategory::InReview),
    ("under review", StatusCategory::InReview),
    ("waiting for customer", StatusCategory::Blocked),
];

/// Names of ended states, and of resolutions, that say that nothing was done, sorted.
const CANCELED: &[(&str, StatusCategory)] = &[
    ("abandoned", StatusCategory::Canceled),
    ("canceled", StatusCategory::Canceled),
    ("cancelled", StatusCategory::Canceled),
    ("cannot reproduce", StatusCategory::Canceled),
    ("declined", StatusCategory::Canceled),
    ("duplicate", StatusCategory::Canceled),
    ("incomplete", StatusCategory::Canceled),
    ("invalid", StatusCategory::Canceled),
    ("not a bug", StatusCategory::Canceled),
    ("rejected", StatusCategory::Canceled),
    ("won't do", StatusCategory::Canceled),
    ("won't fix", StatusCategory::Canceled),
];

/// Types that sites have out of the box or commonly add, sorted.
const TYPES: &[(&str, TypeLevel)] = &[
    ("[system] change", TypeLevel::Change),
    ("[system] incident", TypeLevel::Incident),
    ("[system] problem", TypeLevel::Problem),
    ("[system] service request", TypeLevel::Request),
    ("[system] service request with approvals", TypeLevel::Request),
    ("bug", TypeLevel::Bug),
    ("change", TypeLevel::Change),
    ("epic", TypeLevel::Epic),
    ("feature", TypeLevel::Feature),
    ("improvement", TypeLevel::Feature),
    ("incident", TypeLevel::Incident),
    ("it help", TypeLevel::Request),
    ("maintenance", TypeLevel::Maintenance),
    ("new feature", TypeLevel::Feature),
    ("problem", TypeLevel::Problem),
    ("service request", TypeLevel::Request),
    ("service request with approvals", TypeLevel::Request),
    ("story", TypeLevel::Feature),
    ("sub-task", TypeLevel::Subtask),
    ("subtask", TypeLevel::Subtask),
    ("support", TypeLevel::Request),
    ("task", TypeLevel::Task),
    ("user story", TypeLevel::Feature),
];

/// Priorities of newer sites and of old ones, sorted. Both lists have five steps.
const PRIORITIES: &[(&str, PriorityLevel)] = &[
    ("blocker", PriorityLevel::Urgent),
    ("critical", PriorityLevel::High),
    ("high", PriorityLevel::High),
    ("highest", PriorityLevel::Urgent),
    ("low", PriorityLevel::Low),
    ("lowest", PriorityLevel::Lowest),
    ("major", PriorityLevel::Medium),
    ("medium", PriorityLevel::Medium),
    ("minor", PriorityLevel::Low),
    ("trivial", PriorityLevel::Lowest),
    ("urgent", PriorityLevel::Urgent),
];

/// Kinds of accounts on Cloud, sorted. Data Center does not tell.
const ACCOUNTS: &[(&str, UserKind)] =
    &[("app", UserKind::Bot), ("atlassian", UserKind::Person), ("customer", UserKind::External)];

/// How one issue stands to another, in the words of Jira's own link types and of common others, sorted.
const LINKS: &[(&str, LinkKind)] = &[
    ("blocks", LinkKind::Blocks),
    ("causes", LinkKind::Causes),
    ("duplicates", LinkKind::Duplicates),
    ("is blocked by", LinkKind::BlockedBy),
    ("is caused by", LinkKind::CausedBy),
    ("is duplicated by", LinkKind::DuplicatedBy),
    ("relates to", LinkKind::Relates),
];

/// Returns a state, as its category and its name tell.
pub(crate) fn status(status: &api::Status<'_>) -> Status {
    let key = status.status_category.as_ref().and_then(|category| category.key.as_deref());
    let step = key.and_then(|key| word(CATEGORIES, key));
    let category = step.map_or(StatusCategory::UNKNOWN, |step| refined(step, &status.name));
    Status::new(category, Named::new(&*status.name).with_id(status.id.as_deref().map(str::to_owned)))
}

/// Returns the state of an issue: why it ended stands in the resolution, where the name of the state does not say it.
pub(super) fn status_of(fields: &api::Fields<'_>) -> Status {
    let Some(own) = &fields.status else { return Status::default() };
    let mut status = status(own);
    let resolution = fields.resolution.as_ref().and_then(|resolution| resolution.name.as_deref());
    if status.category == StatusCategory::Done && resolution.is_some_and(|name| word(CANCELED, name).is_some()) {
        status.category = StatusCategory::Canceled;
    }
    status
}

fn refined(step: StatusCategory, name: &str) -> StatusCategory {
    let table = match step {
        StatusCategory::Todo => TODO,
        StatusCategory::InProgress => IN_PROGRESS,
        _ => CANCELED,
    };
    word(table, name).unwrap_or(step)
}

/// Returns a type; what its name does not tell, its place above or below others may.
pub(crate) fn issue_type(issue_type: &api::IssueType<'_>) -> TicketType {
    let by_place = match (issue_type.subtask, issue_type.hierarchy_level) {
        (Some(true), _) | (_, Some(-1)) => TypeLevel::Subtask,
        (_, Some(1)) => TypeLevel::Epic,
        _ => TypeLevel::UNKNOWN,
    };
    let level = word(TYPES, &issue_type.name).unwrap_or(by_place);
    TicketType::new(level, Named::new(&*issue_type.name).with_id(issue_type.id.as_deref().map(str::to_owned)))
}

/// Returns a priority.
pub(crate) fn priority(priority: &api::Named<'_>) -> Priority {
    let Some(named) = super::named(priority) else { return Priority::default() };
    Priority::new(priority_level(&named.name), named)
}

/// Returns the level that a priority has by its name.
pub(crate) fn priority_level(name: &str) -> PriorityLevel {
    word(PRIORITIES, name).unwrap_or(PriorityLevel::UNKNOWN)
}

/// Returns the level that a type has by its name.
pub(crate) fn type_level(name: &str) -> TypeLevel {
    word(TYPES, name).unwrap_or(TypeLevel::UNKNOWN)
}

/// Returns the kind of an account.
pub(super) fn account(kind: &str) -> UserKind {
    word(ACCOUNTS, kind).unwrap_or_default()
}

/// Returns what the words of a link mean.
pub(super) fn link_kind(words: &str) -> Option<LinkKind> {
    word(LINKS, words)
}

/// Says whether the words of a link mean that kind, or are its own words.
pub(crate) fn is_link_kind(words: &str, kind: &LinkKind) -> bool {
    link_kind(words).is_some_and(|known| known == *kind) || same(words, kind.as_str())
}

/// Compares names as people do.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
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

    fn of(category: &str, name: &str) -> Status {
        let json = format!(r#"{{"id":"3","name":"{name}","statusCategory":{{"key":"{category}"}}}}"#);
        status(&serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn every_table_is_sorted_and_in_lower_case() {
        fn words<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
            table.iter().map(|(word, _)| *word).collect()
        }
        for table in [
            words(CATEGORIES),
            words(TODO),
            words(IN_PROGRESS),
            words(CANCELED),
            words(TYPES),
            words(PRIORITIES),
            words(ACCOUNTS),
            words(LINKS),
        ] {
            assert!(table.is_sorted(), "{table:?}");
            assert!(table.iter().all(|word| *word == word.to_lowercase()), "{table:?}");
        }
    }

    #[test]
    fn a_name_says_more_only_within_the_step_that_jira_names() {
        for (category, name, expected, is_open) in [
            ("new", "To Do", StatusCategory::Todo, Some(true)),
            ("new", "Backlog", StatusCategory::Backlog, Some(true)),
            ("indeterminate", "In Review", StatusCategory::InReview, Some(true)),
            ("indeterminate", "Done", StatusCategory::InProgress, Some(true)),
            ("new", "Canceled", StatusCategory::Todo, Some(true)),
            ("done", "Backlog", StatusCategory::Done, Some(false)),
            ("done", "Won't Do", StatusCategory::Canceled, Some(false)),
            ("undefined", "Done", StatusCategory::UNKNOWN, None),
            ("in-flight", "In Progress", StatusCategory::UNKNOWN, None),
        ] {
            let status = of(category, name);
            assert_eq!((status.category, status.is_open), (expected, is_open), "{category} {name}");
        }
    }

    #[test]
    fn the_place_of_a_type_tells_what_its_name_does_not() {
        let level = |json: &str| issue_type(&serde_json::from_str(json).unwrap()).level;
        assert_eq!(level(r#"{"name":"Unteraufgabe","subtask":true}"#), TypeLevel::Subtask);
        assert_eq!(level(r#"{"name":"Initiative","hierarchyLevel":2}"#), TypeLevel::UNKNOWN);
        assert_eq!(level(r#"{"name":"Epos","hierarchyLevel":1}"#), TypeLevel::Epic);
        assert_eq!(level(r#"{"name":"BUG","subtask":false}"#), TypeLevel::Bug);
    }
}
