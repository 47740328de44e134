//! One ticket as a row of a list.

use std::borrow::Cow;

use serde::Deserialize;
use usher_adapter_sdk::model::{PriorityLevel, StatusCategory, Time, TypeLevel};

use super::columns::Column;
use super::style::View;
use super::table::Cell;
use super::time;

/// Returns the columns of a list; where several connections answer, each ticket is named with its own.
pub(super) fn columns(several_connections: bool) -> Vec<Column> {
    vec![
        Column::whole(if several_connections { "UID" } else { "KEY" }),
        Column::ranked("TYPE", 12, 4),
        Column::ranked("STATUS", 16, 1),
        Column::ranked("PRIORITY", 10, 5),
        Column::ranked("ASSIGNEE", 16, 3),
        Column::ranked("UPDATED", 10, 2),
        Column { least: 20, ..Column::flexible("TITLE") },
    ]
}

/// What a row shows of a ticket, borrowed from its line.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row<'a> {
    #[serde(borrow)]
    uid: Text<'a>,
    #[serde(borrow)]
    key: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow, rename = "type")]
    ticket_type: Leveled<'a, TypeLevel>,
    #[serde(borrow)]
    status: Status<'a>,
    #[serde(borrow)]
    priority: Leveled<'a, PriorityLevel>,
    #[serde(borrow)]
    assignees: Vec<User<'a>>,
    updated_at: Option<Time>,
}

/// A text that is borrowed unless it was written with escapes. Serde borrows a bare `Cow` only.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "L: Default + Deserialize<'de>"))]
struct Leveled<'a, L> {
    level: L,
    #[serde(borrow)]
    native: Option<Named<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status<'a> {
    category: StatusCategory,
    #[serde(borrow)]
    native: Named<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    handle: Option<Text<'a>>,
    #[serde(borrow)]
    display_name: Option<Text<'a>>,
    #[serde(borrow)]
    email: Option<Text<'a>>,
}

impl User<'_> {
    fn label(&self) -> &str {
        let names = [&self.display_name, &self.handle, &self.email];
        let name = names.into_iter().flatten().map(|name| &*name.0).find(|name| !name.is_empty());
        name.unwrap_or(&self.id.0)
    }
}

impl Row<'_> {
    /// Returns the row's cells, in the order of [`columns`].
    pub(super) fn cells(&self, several_connections: bool, view: &View) -> Vec<Cell> {
        let name = if several_connections { &self.uid.0 } else { &self.key.0 };
        let assignees: Vec<_> = self.assignees.iter().map(User::label).collect();
        vec![
            Cell::new(name).strong(),
            known(named(&self.ticket_type.native), self.ticket_type.level.as_str()).into(),
            match known(Some(&self.status.native.name.0), self.status.category.as_str()) {
                Some(status) => Cell::status(&self.status.category, status),
                None => Cell::absent(),
            },
            known(named(&self.priority.native), self.priority.level.as_str()).into(),
            Some(assignees.join(", ")).filter(|names| !names.is_empty()).into(),
            self.updated_at.map(|time| Cell::new(time::short(time, view)).quiet()).into(),
            Cell::new(&self.title.0),
        ]
    }
}

fn named<'a>(named: &'a Option<Named<'_>>) -> Option<&'a str> {
    named.as_ref().map(|named| &*named.name.0)
}

/// Returns the platform's word, else ours, unless nobody knows.
fn known<'a>(native: Option<&'a str>, word: &'a str) -> Option<&'a str> {
    native.filter(|native| !native.is_empty()).or(Some(word).filter(|word| *word != "unknown"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{SMALL, now, terminal};
    use super::*;

    fn texts(json: &str, several_connections: bool) -> Vec<String> {
        let row: Row<'_> = serde_json::from_str(json).unwrap();
        let cells = row.cells(several_connections, &terminal(80));
        cells.iter().map(|cell| cell.text().to_owned()).collect()
    }

    #[test]
    fn the_platforms_words_are_shown() {
        let expected = ["SHOP-1", "Bug", "In Progress", "high", "Ada Lovelace, bob", "3d ago", "Fix the till"];
        assert_eq!(texts(SMALL, false), expected);
        assert_eq!(texts(SMALL, true)[0], "work:SHOP-1");
    }

    #[test]
    fn what_nobody_knows_is_a_dash() {
        let expected = ["A-1", "-", "-", "-", "-", "-", ""];
        assert_eq!(texts(r#"{"key":"A-1","type":{"level":"unknown"},"priority":{"native":null}}"#, false), expected);
    }

    #[test]
    fn a_time_for_a_program_is_in_full() {
        let row: Row<'_> = serde_json::from_str(SMALL).unwrap();
        assert_eq!(row.cells(false, &View::plain(now()))[5].text(), "2026-11-18T12:00:00Z");
    }

    #[test]
    fn texts_are_borrowed_from_the_line() {
        let row: Row<'_> = serde_json::from_str(SMALL).unwrap();
        assert!(matches!(row.title.0, Cow::Borrowed(_)));
        assert!(matches!(&row.assignees[0].display_name, Some(Text(Cow::Borrowed(_)))));
    }

    #[test]
    fn every_column_has_its_cell() {
        assert_eq!(columns(false).len(), texts(SMALL, false).len());
    }
}
