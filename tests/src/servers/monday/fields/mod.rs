//! What each thing has: one table for each type of the schema.
//!
//! A name that is not in its table is one that the fake does not have; the caller reports it. Nothing is made up for it.

mod board;
mod item;
mod people;
mod value;

use serde_json::Value;

use super::state::State;
use crate::servers::graphql;
pub(super) use crate::servers::graphql::leaf;

/// A thing, by its place in the state's list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Node {
    Account,
    Asset(usize),
    Board(usize),
    /// A column, by the places of its board and of its own.
    Column(usize, usize),
    /// A group, likewise.
    Group(usize, usize),
    Item(usize),
    /// An update that answers another.
    Reply(usize),
    Tag(usize),
    Team(usize),
    Update(usize),
    User(usize),
    /// What an item has in a column, by the places of both.
    Value(usize, usize),
}

/// What a field holds.
pub(super) type Field = graphql::Field<Node>;

/// The fields of an object that is made for one answer only.
pub(super) type Plain = graphql::Plain<Node>;

/// The state as somebody sees it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) state: &'a State,
    /// The place of who asks.
    pub(super) viewer: usize,
}

impl View<'_> {
    /// Returns the name of a thing's type in the schema.
    pub(super) fn type_name(&self, node: Node) -> &'static str {
        match node {
            Node::Account => "Account",
            Node::Asset(_) => "Asset",
            Node::Board(_) => "Board",
            Node::Column(..) => "Column",
            Node::Group(..) => "Group",
            Node::Item(_) => "Item",
            Node::Reply(_) => "Reply",
            Node::Tag(_) => "Tag",
            Node::Team(_) => "Team",
            Node::Update(_) => "Update",
            Node::User(_) => "User",
            Node::Value(item, column) => value::type_name(self.column_of(item, column).kind),
        }
    }

    /// Returns what a thing has under a name.
    pub(super) fn field(&self, node: Node, name: &str, arguments: &Value) -> Option<Field> {
        match node {
            Node::Account => self.account(name),
            Node::Asset(place) => self.asset(place, name),
            Node::Board(place) => self.board(place, name),
            Node::Column(board, place) => self.column(board, place, name),
            Node::Group(board, place) => self.group(board, place, name),
            Node::Item(place) => self.item(place, name, arguments),
            Node::Reply(place) | Node::Update(place) => self.update(place, name),
            Node::Tag(place) => named(&self.state.tags[place], name),
            Node::Team(place) => named(&self.state.teams[place], name),
            Node::User(place) => self.user(place, name),
            Node::Value(item, column) => self.value(item, column, name),
        }
    }

    /// Returns whether who asks sees a board.
    pub(super) fn sees(&self, board: usize) -> bool {
        let seen_by = &self.state.boards[board].seen_by;
        seen_by.is_empty() || seen_by.contains(&self.viewer)
    }

    /// Returns whether who asks sees an item.
    pub(super) fn sees_item(&self, item: usize) -> bool {
        self.sees(self.state.items[item].board)
    }
}

fn named(thing: &super::state::Named, name: &str) -> Option<Field> {
    match name {
        "id" => Some(leaf(thing.id.as_str())),
        "name" => Some(leaf(thing.name.as_str())),
        _ => None,
    }
}

/// Returns one part of a list, which is counted in pages from 1 on.
pub(super) fn page<T>(list: impl Iterator<Item = T>, arguments: &Value, usual: usize) -> Vec<T> {
    let number = |name: &str| arguments[name].as_u64().and_then(|number| usize::try_from(number).ok());
    let limit = number("limit").unwrap_or(usual);
    list.skip(limit * (number("page").unwrap_or(1).max(1) - 1)).take(limit).collect()
}
