//! What boards, their columns and their groups have. Their items are pages, which `queries` begins.

use serde_json::Value;

use super::{Field, Node, View, leaf};

impl View<'_> {
    pub(super) fn board(&self, place: usize, name: &str) -> Option<Field> {
        let board = &self.state.boards[place];
        Some(match name {
            "id" => leaf(board.id.as_str()),
            "columns" => Field::Many((0..board.columns.len()).map(|column| Node::Column(place, column)).collect()),
            "groups" => Field::Many((0..board.groups.len()).map(|group| Node::Group(place, group)).collect()),
            "items_count" => leaf(self.items_of(place).count()),
            "name" => leaf(board.name.as_str()),
            "state" => leaf(board.state),
            // A board's own tags are those of private boards, which the fake does not have.
            "tags" => Field::Many(Vec::new()),
            "type" => leaf(board.kind),
            "url" => leaf(format!("https://{}.monday.com/boards/{}", self.state.slug, board.id)),
            _ => return None,
        })
    }

    pub(super) fn column(&self, board: usize, place: usize, name: &str) -> Option<Field> {
        let column = &self.state.boards[board].columns[place];
        Some(match name {
            "id" => leaf(column.id.as_str()),
            "archived" => leaf(false),
            "description" => leaf(Value::Null),
            "settings" => leaf(column.settings.clone()),
            "title" => leaf(column.title.as_str()),
            "type" => leaf(column.kind),
            _ => return None,
        })
    }

    pub(super) fn group(&self, board: usize, place: usize, name: &str) -> Option<Field> {
        let group = &self.state.boards[board].groups[place];
        Some(match name {
            "id" => leaf(group.id.as_str()),
            "archived" | "deleted" => leaf(false),
            "title" => leaf(group.title.as_str()),
            _ => return None,
        })
    }

    /// Returns the active items of a board.
    pub(in super::super) fn items_of(&self, board: usize) -> impl Iterator<Item = usize> {
        let items = self.state.items.iter().enumerate();
        items.filter(move |(_, item)| item.board == board && item.state == "active").map(|(place, _)| place)
    }
}
