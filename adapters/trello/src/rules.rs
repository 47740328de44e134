//! What a list means: Trello has no states, only lists with names that people make up.

use std::collections::BTreeMap;

use usher_adapter_sdk::{Error, ErrorKind, Result, model::StatusCategory};

/// Names of lists that mean the same on most boards, in lower case and sorted. Any other name is unknown.
const NAMES: &[(&str, StatusCategory)] = &[
    ("abandoned", StatusCategory::Canceled),
    ("backlog", StatusCategory::Backlog),
    ("blocked", StatusCategory::Blocked),
    ("canceled", StatusCategory::Canceled),
    ("cancelled", StatusCategory::Canceled),
    ("closed", StatusCategory::Done),
    ("code review", StatusCategory::InReview),
    ("complete", StatusCategory::Done),
    ("completed", StatusCategory::Done),
    ("deployed", StatusCategory::Done),
    ("doing", StatusCategory::InProgress),
    ("done", StatusCategory::Done),
    ("finished", StatusCategory::Done),
    ("icebox", StatusCategory::Backlog),
    ("ideas", StatusCategory::Backlog),
    ("in development", StatusCategory::InProgress),
    ("in progress", StatusCategory::InProgress),
    ("in review", StatusCategory::InReview),
    ("next", StatusCategory::Todo),
    ("next up", StatusCategory::Todo),
    ("on hold", StatusCategory::Blocked),
    ("qa", StatusCategory::InReview),
    ("ready", StatusCategory::Todo),
    ("ready for review", StatusCategory::InReview),
    ("rejected", StatusCategory::Canceled),
    ("review", StatusCategory::InReview),
    ("shipped", StatusCategory::Done),
    ("testing", StatusCategory::InReview),
    ("to do", StatusCategory::Todo),
    ("to-do", StatusCategory::Todo),
    ("todo", StatusCategory::Todo),
    ("waiting", StatusCategory::Blocked),
    ("wip", StatusCategory::InProgress),
    ("won't do", StatusCategory::Canceled),
];

/// The names that a connection explains, before those that everybody knows.
#[derive(Debug, Default)]
pub(crate) struct Rules(BTreeMap<String, StatusCategory>);

impl Rules {
    /// Reads `lists` of the options; a word that is no category is an error that names them all.
    pub(crate) fn new(lists: &BTreeMap<String, String>) -> Result<Self> {
        let rule = |(name, word): (&String, &String)| {
            let category = StatusCategory::from_word(&word.trim().to_lowercase());
            if category.is_unknown() {
                let known: Vec<&str> = StatusCategory::ALL.iter().map(StatusCategory::as_str).collect();
                return Err(Error::new(ErrorKind::Configuration, format!("`{word}` is no category of a list"))
                    .with_hint(format!("`lists` can say for `{name}`: {}", known.join(", "))));
            }
            Ok((folded(name), category))
        };
        lists.iter().map(rule).collect::<Result<_>>().map(Self)
    }

    /// Returns what a list of that name means; a name that nobody has explained is unknown.
    pub(crate) fn category(&self, name: &str) -> StatusCategory {
        let name = folded(name);
        if let Some(category) = self.0.get(&name) {
            return category.clone();
        }
        let place = NAMES.binary_search_by(|(known, _)| (*known).cmp(name.as_str()));
        place.map_or(StatusCategory::UNKNOWN, |place| NAMES[place].1.clone())
    }
}

/// Returns a name as it is compared: without case, and without what stands around its words.
fn folded(name: &str) -> String {
    let is_edge = |c: char| !c.is_alphanumeric();
    name.trim_matches(is_edge).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_in_the_form_in_which_they_are_compared() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
        for (name, _) in NAMES {
            assert_eq!(*name, folded(name));
        }
    }

    #[test]
    fn a_connection_explains_its_own_lists_and_those_that_mean_something_else_there() {
        let lists = [("Marinating", "backlog"), ("Done", "in_review")];
        let lists = lists.map(|(name, word)| (name.to_owned(), word.to_owned())).into();
        let rules = Rules::new(&lists).unwrap();
        for (name, category) in [
            ("marinating", StatusCategory::Backlog),
            ("DONE", StatusCategory::InReview),
            ("🚀  Doing ", StatusCategory::InProgress),
            ("Done ✅", StatusCategory::InReview),
            ("To  Do", StatusCategory::Todo),
            ("To Do Soon", StatusCategory::UNKNOWN),
            ("", StatusCategory::UNKNOWN),
        ] {
            assert_eq!(rules.category(name), category, "{name}");
        }
    }

    #[test]
    fn a_word_that_is_no_category_is_refused_with_those_that_are() {
        let error = Rules::new(&[("Doing".to_owned(), "busy".to_owned())].into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.hint().is_some_and(|hint| hint.contains("in_progress")), "{error:?}");
    }
}
