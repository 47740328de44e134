//! What a status means that somebody asks for: a list, or a mark on the card itself.

use usher_adapter_sdk::{Error, Result, model::StatusCategory};

use super::lookup::listed;
use crate::{api, boards::same, rules::Rules};

/// Words for marks of a card, beside its board's lists: whether it is archived, whether it is complete; sorted.
const MARKS: &[(&str, Option<bool>, Option<bool>)] =
    &[("archived", Some(true), None), ("complete", None, Some(true)), ("open", Some(false), Some(false))];

/// Where a card shall stand; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub list: Option<String>,
    pub closed: Option<bool>,
    pub complete: Option<bool>,
}

/// Returns what a status means on a board: a list by name or id, a category of lists, or a mark.
pub(super) fn find(rules: &Rules, board: &api::Board, word: &str) -> Result<Target> {
    let lists = open_lists(board);
    let is_called = |list: &&&api::List| list.id == word || list.name.as_deref().is_some_and(|name| same(name, word));
    let found: Vec<&&api::List> = lists.iter().filter(is_called).collect();
    match found[..] {
        [list] => return Ok(of_list(rules, list)),
        [] => {}
        _ => {
            let ids: Vec<&str> = found.iter().map(|list| list.id.as_str()).collect();
            return Err(Error::validation(format!("`{word}` is the name of several lists"))
                .with_field("status", format!("can be: {}", listed(&ids))));
        }
    }
    if let Some((_, closed, complete)) = MARKS.iter().find(|(mark, ..)| same(mark, word)) {
        return Ok(Target { list: None, closed: *closed, complete: *complete });
    }
    let category = StatusCategory::from_word(&word.to_lowercase());
    let of_category = |list: &&&api::List| !category.is_unknown() && category_of(rules, list) == category;
    if let Some(list) = lists.iter().find(of_category) {
        return Ok(of_list(rules, list));
    }
    // A board without a list for what is done has the mark.
    if category == StatusCategory::Done {
        return Ok(Target { complete: Some(true), ..Target::default() });
    }
    let names = lists.iter().filter_map(|list| list.name.as_deref());
    let names: Vec<&str> = names.chain(MARKS.iter().map(|(mark, ..)| *mark)).collect();
    Err(Error::validation(format!("`{word}` is no list of the board"))
        .with_field("status", format!("can be: {}", listed(&names))))
}

/// Returns the lists that are not archived, in their order.
pub(super) fn open_lists(board: &api::Board) -> Vec<&api::List> {
    let mut lists: Vec<&api::List> = board.lists.iter().filter(|list| list.closed != Some(true)).collect();
    lists.sort_by(|one, other| one.pos.unwrap_or(f64::MAX).total_cmp(&other.pos.unwrap_or(f64::MAX)));
    lists
}

/// Returns what a list means.
pub(super) fn category_of(rules: &Rules, list: &api::List) -> StatusCategory {
    list.name.as_deref().map_or(StatusCategory::UNKNOWN, |name| rules.category(name))
}

/// A card that moves to where there is work is neither archived nor complete, or it would not be where it was asked to be.
fn of_list(rules: &Rules, list: &api::List) -> Target {
    let list_id = Some(list.id.clone());
    match category_of(rules, list) {
        StatusCategory::Done | StatusCategory::Unknown(_) => Target { list: list_id, closed: None, complete: None },
        StatusCategory::Canceled => Target { list: list_id, closed: None, complete: Some(false) },
        _ => Target { list: list_id, closed: Some(false), complete: Some(false) },
    }
}

impl Target {
    /// Returns what of it a card does not have, if anything.
    pub(super) fn missing(&self, card: &api::Card<'_>) -> Option<String> {
        if self.list.is_some() && self.list.as_deref() != card.id_list.as_deref() {
            return Some("Trello left the card on another list".to_owned());
        }
        if self.closed.is_some_and(|asked| asked != (card.closed == Some(true))) {
            return Some("Trello did not archive the card, or kept it archived".to_owned());
        }
        if self.complete.is_some_and(|asked| asked != (card.due_complete == Some(true))) {
            return Some("Trello did not mark the card as complete, or kept the mark".to_owned());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> api::Board {
        let lists = r#"[{"id":"3","name":"Done","pos":30},{"id":"1","name":"To Do","pos":10},{"id":"2","name":"Doing","pos":20},
            {"id":"4","name":"Later","pos":40},{"id":"5","name":"later","pos":50},{"id":"6","name":"Old","pos":1,"closed":true},
            {"id":"7","name":"Won't do","pos":60}]"#;
        let text = format!(r#"{{"id":"b","lists":{lists}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    fn found(word: &str) -> Option<(Option<String>, Option<bool>, Option<bool>)> {
        let target = find(&Rules::default(), &board(), word).ok()?;
        Some((target.list, target.closed, target.complete))
    }

    #[test]
    fn a_status_is_a_list_a_category_or_a_mark() {
        let list = |id: &str| Some(id.to_owned());
        for (word, expected) in [
            ("DOING", (list("2"), Some(false), Some(false))),
            ("2", (list("2"), Some(false), Some(false))),
            ("in_progress", (list("2"), Some(false), Some(false))),
            ("done", (list("3"), None, None)),
            ("canceled", (list("7"), None, Some(false))),
            ("4", (list("4"), None, None)),
            ("archived", (None, Some(true), None)),
            ("Open", (None, Some(false), Some(false))),
            ("complete", (None, None, Some(true))),
        ] {
            assert_eq!(found(word), Some(expected), "{word}");
        }
        for word in ["later", "Old", "blocked", "", "unknown", "6"] {
            assert_eq!(found(word), None, "{word}");
        }
    }

    #[test]
    fn a_board_without_a_list_for_what_is_done_has_the_mark() {
        let board: api::Board = serde_json::from_str(r#"{"id":"b","lists":[{"id":"1","name":"Ideas"}]}"#).unwrap();
        let target = find(&Rules::default(), &board, "done").unwrap();
        assert_eq!(target, Target { list: None, closed: None, complete: Some(true) });
        let error = find(&Rules::default(), &board, "nowhere").unwrap_err();
        assert!(error.to_string().contains("Ideas, archived, complete, open"), "{error}");
    }
}
