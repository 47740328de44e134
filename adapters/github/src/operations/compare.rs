//! What was asked, compared with what the issue has become: GitHub takes fields, and drops them without an error.

use std::fmt::Display;

use crate::{api, mapping};

/// Returns why labels are not all there, if they are not.
pub(super) fn missing_labels(asked: &[String], issue: &api::Issue<'_>) -> Option<String> {
    let is_there = |label: &&String| mapping::label_names(issue).any(|own| same(own, label));
    dropped("labels", asked.iter().filter(|label| !is_there(label)))
}

/// Returns why assignees are not all there, if they are not.
pub(super) fn missing_assignees(asked: &[String], issue: &api::Issue<'_>) -> Option<String> {
    let is_there = |login: &&String| mapping::assignees(issue).any(|own| same(&own.login, login));
    dropped("assignees", asked.iter().filter(|login| !is_there(login)))
}

/// Returns why a milestone is not there, if it is not; none asked for is none there.
pub(super) fn missing_milestone(asked: Option<u64>, issue: &api::Issue<'_>) -> Option<String> {
    let own = issue.milestone.as_ref().map(|milestone| milestone.number);
    (own != asked).then(|| silently_dropped("the milestone"))
}

/// Returns why a type is not there, if it is not.
pub(super) fn missing_type(asked: Option<&str>, issue: &api::Issue<'_>) -> Option<String> {
    let own = issue.issue_type.as_ref().map(|own| &*own.name);
    let is_there = asked.is_some_and(|asked| own.is_some_and(|own| same(own, asked)));
    (!is_there).then(|| silently_dropped("the type"))
}

/// Compares names as GitHub does.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn dropped<'a>(what: &str, missing: impl Iterator<Item = &'a String>) -> Option<String> {
    let missing: Vec<&str> = missing.map(String::as_str).collect();
    (!missing.is_empty()).then(|| silently_dropped(format_args!("the {what} {}", missing.join(", "))))
}

/// Says that GitHub took a field and kept nothing of it.
fn silently_dropped(what: impl Display) -> String {
    format!("GitHub dropped {what} without a word, as it does for accounts without push access")
}
