//! What the columns of a board mean: which one is the status, which the priority, and so on. No board need have any of
//! them, and two boards seldom have the same ones.
//!
//! A column is found by the option `columns`, else by its type, and among several of a type by its title and labels.

use std::collections::BTreeMap;

use serde_json::Value;

use super::words;
use crate::api::{Board, Column};

/// What a column can be to a ticket; the place in `Columns::roles`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Status,
    Priority,
    Type,
    Assignee,
    Labels,
    Due,
    Description,
    Estimate,
}

/// Every role: its name in the option `columns`, the types a column of it can have, and titles that tell it among several.
const ROLES: &[(Role, &str, &[&str], &[&str])] = &[
    (Role::Priority, "priority", &["status"], &["prio", "priority", "severity", "urgency"]),
    (Role::Type, "type", &["status"], &["item type", "kind", "task type", "type"]),
    (Role::Status, "status", &["status"], &["stage", "state", "status"]),
    (Role::Assignee, "assignee", &["people"], &["assignee", "assignees", "owner", "person", "people"]),
    (Role::Labels, "labels", &["tags", "dropdown"], &["labels", "tags"]),
    (Role::Due, "due", &["date"], &["deadline", "due", "due date"]),
    (Role::Description, "description", &["long_text"], &["description", "details"]),
    (Role::Estimate, "estimate", &["numbers"], &["estimate", "estimated sp", "estimation", "points", "story points"]),
];

/// The names of the roles in the option `columns`.
pub(crate) fn role_names() -> impl Iterator<Item = &'static str> {
    ROLES.iter().map(|(_, name, ..)| *name)
}

/// A label of a column that has a choice of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub id: i64,
    pub name: String,
    pub is_done: Option<bool>,
    pub is_active: bool,
    position: i64,
}

/// A board's columns, and what they mean.
#[derive(Debug, Default)]
pub(crate) struct Columns<'b, 'a> {
    all: Vec<&'b Column<'a>>,
    roles: [Option<&'b Column<'a>>; ROLES.len()],
    labels: BTreeMap<&'b str, Vec<Label>>,
}

impl<'b, 'a> Columns<'b, 'a> {
    /// Finds out what the columns of a board mean; `named` is the option `columns`.
    pub(crate) fn of(board: Option<&'b Board<'a>>, named: &BTreeMap<String, String>) -> Self {
        let listed = board.and_then(|board| board.columns.as_ref());
        let all: Vec<&Column<'_>> = listed.into_iter().flatten().flatten().collect();
        let labels = all.iter().filter(|column| is(column, &["status", "dropdown"]));
        let labels = labels.map(|column| (&*column.id, labels_of(column))).collect();
        let mut columns = Self { all, roles: [None; ROLES.len()], labels };
        let board = board.and_then(|board| board.id.as_deref()).unwrap_or_default();
        for (role, name, ..) in ROLES {
            let wanted = named.get(&format!("{board}.{name}")).or_else(|| named.get(*name));
            columns.roles[*role as usize] = wanted.and_then(|wanted| columns.named(wanted));
        }
        for (role, _, kinds, titles) in ROLES {
            if columns.roles[*role as usize].is_none() {
                columns.roles[*role as usize] = columns.guessed(*role, kinds, titles);
            }
        }
        columns
    }

    /// Returns the column of a role, if the board has one.
    pub(crate) fn role(&self, role: Role) -> Option<&'b Column<'a>> {
        self.roles[role as usize]
    }

    /// Returns what a column is to a ticket.
    pub(crate) fn role_of(&self, id: &str) -> Option<Role> {
        ROLES.iter().map(|(role, ..)| *role).find(|role| self.role(*role).is_some_and(|column| *column.id == *id))
    }

    /// Returns every column, archived ones too.
    pub(crate) fn all(&self) -> &[&'b Column<'a>] {
        &self.all
    }

    /// Returns a column by its id, or by its title in any case.
    pub(crate) fn named(&self, name: &str) -> Option<&'b Column<'a>> {
        let title = |column: &&&Column<'_>| column.title.as_deref().is_some_and(|title| same(title, name));
        let by_id = self.all.iter().find(|column| *column.id == *name);
        let by_title = || self.live().find(|column| column.title.as_deref().is_some_and(|title| same(title, name)));
        by_id.copied().or_else(by_title).or_else(|| self.all.iter().find(title).copied())
    }

    /// Returns the labels of a column, in the order in which people see them.
    pub(crate) fn labels(&self, column: &str) -> &[Label] {
        self.labels.get(column).map_or(&[], Vec::as_slice)
    }

    /// Returns the board that holds the items below those of this one.
    pub(crate) fn subitems_board(&self) -> Option<String> {
        let column = self.all.iter().find(|column| is(column, &["subtasks"]))?;
        let settings = settings(column)?;
        let ids = settings.get("boardIds").or_else(|| settings.get("board_ids"))?;
        let id = ids.as_array()?.first()?;
        id.as_str().map(str::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))
    }

    fn live(&self) -> impl Iterator<Item = &'b Column<'a>> {
        self.all.iter().copied().filter(|column| column.archived != Some(true))
    }

    /// Finds a column by its type, and among several by title, then by labels, then by place.
    fn guessed(&self, role: Role, kinds: &[&str], titles: &[&str]) -> Option<&'b Column<'a>> {
        let is_free = |column: &&Column<'_>| self.role_of(&column.id).is_none();
        kinds.iter().find_map(|kind| {
            let candidates = || self.live().filter(is_free).filter(move |column| is(column, &[*kind]));
            let by_title = candidates().find(|column| {
                column.title.as_deref().is_some_and(|title| titles.iter().any(|known| same(known, title)))
            });
            let by_labels = || candidates().find(|column| self.has_labels_of(role, column));
            let by_place = || match role {
                // A column of numbers says nothing by its type, nor do labels that are none of these words.
                Role::Priority | Role::Type | Role::Estimate => None,
                _ => candidates().next(),
            };
            by_title.or_else(by_labels).or_else(by_place)
        })
    }

    /// Says whether the labels of a column are those of a role.
    fn has_labels_of(&self, role: Role, column: &Column<'_>) -> bool {
        let labels = self.labels(&column.id);
        let mut named = labels.iter().filter(|label| label.is_active && !label.name.trim().is_empty()).peekable();
        match role {
            Role::Status => named.any(|label| label.is_done == Some(true)),
            Role::Priority => named.peek().is_some() && named.all(|label| !words::priority(&label.name).is_unknown()),
            Role::Type => named.peek().is_some() && named.all(|label| !words::type_level(&label.name).is_unknown()),
            _ => false,
        }
    }
}

/// Says whether two names are the same to people.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Says whether a column is of one of these types.
pub(crate) fn is(column: &Column<'_>, kinds: &[&str]) -> bool {
    column.kind.as_deref().is_some_and(|kind| kinds.contains(&kind))
}

/// Reads the settings, which some versions give as JSON in a string.
fn settings(column: &Column<'_>) -> Option<Value> {
    match serde_json::from_str(column.settings?.get()).ok()? {
        Value::String(text) => serde_json::from_str(&text).ok(),
        settings => Some(settings),
    }
}

/// Reads labels as a list of objects, or in the older form: names by number, and the numbers that mean done.
fn labels_of(column: &Column<'_>) -> Vec<Label> {
    let settings = settings(column).unwrap_or_default();
    let done: Option<Vec<i64>> =
        settings["done_colors"].as_array().map(|done| done.iter().filter_map(Value::as_i64).collect());
    let mut labels: Vec<Label> = match &settings["labels"] {
        Value::Array(labels) => labels.iter().enumerate().filter_map(label).collect(),
        Value::Object(names) => {
            let label = |(id, name): (&String, &Value)| {
                let id: i64 = id.parse().ok()?;
                let position = settings["labels_positions_v2"][id.to_string()].as_i64().unwrap_or(id);
                let is_done = done.as_ref().map(|done| done.contains(&id));
                Some(Label { id, name: name.as_str()?.to_owned(), is_done, is_active: true, position })
            };
            names.iter().filter_map(label).collect()
        }
        _ => Vec::new(),
    };
    labels.sort_by_key(|label| label.position);
    labels
}

fn label((place, label): (usize, &Value)) -> Option<Label> {
    let number = |name: &str| label[name].as_i64().or_else(|| label[name].as_str()?.parse().ok());
    Some(Label {
        id: number("id").or_else(|| number("index"))?,
        name: label["label"].as_str().or_else(|| label["name"].as_str())?.to_owned(),
        is_done: label["is_done"].as_bool(),
        is_active: label["is_deactivated"].as_bool() != Some(true),
        position: number("index").unwrap_or(place as i64),
    })
}
