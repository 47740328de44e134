//! What items have, and what hangs on them: updates and files.

use serde_json::Value;

use super::{Field, Node, View, leaf, page};
use crate::servers::monday::state::Column;

impl View<'_> {
    pub(super) fn item(&self, place: usize, name: &str, arguments: &Value) -> Option<Field> {
        let (state, item) = (self.state, &self.state.items[place]);
        let board = &state.boards[item.board];
        Some(match name {
            "id" => leaf(item.id.as_str()),
            "assets" => Field::Many(self.assets_of(place).map(Node::Asset).collect()),
            "board" => Field::One(Some(Node::Board(item.board))),
            // The name is a column of the board, and no value of the item.
            "column_values" => {
                let own = board.columns.iter().enumerate().filter(|(_, column)| column.kind != "name");
                Field::Many(own.map(|(column, _)| Node::Value(place, column)).collect())
            }
            "created_at" => Field::Time(Some(item.created_at)),
            "creator" => Field::One(Some(Node::User(item.creator))),
            "creator_id" => leaf(state.users[item.creator].id.as_str()),
            "group" => {
                let found = board.groups.iter().position(|group| group.id == item.group);
                Field::One(found.map(|group| Node::Group(item.board, group)))
            }
            "name" => leaf(item.name.as_str()),
            "parent_item" => Field::One(item.parent.map(Node::Item)),
            "state" => leaf(item.state),
            "subitems" => Field::Many(self.subitems_of(place).map(Node::Item).collect()),
            "updated_at" => Field::Time(Some(item.updated_at)),
            "updates" => {
                // The newest first; answers hang on what they answer.
                let own = state.updates.iter().enumerate().rev();
                let own = own.filter(|(_, update)| update.item == place && update.parent.is_none());
                Field::Many(page(own.map(|(place, _)| Node::Update(place)), arguments, 25))
            }
            "url" => leaf(format!("https://{}.monday.com/boards/{}/pulses/{}", state.slug, board.id, item.id)),
            _ => return None,
        })
    }

    pub(super) fn update(&self, place: usize, name: &str) -> Option<Field> {
        let update = &self.state.updates[place];
        Some(match name {
            "id" => leaf(update.id.as_str()),
            "body" => leaf(update.body.as_str()),
            "created_at" | "edited_at" | "updated_at" => Field::Time(Some(update.created_at)),
            "creator" => Field::One(Some(Node::User(update.creator))),
            "creator_id" => leaf(self.state.users[update.creator].id.as_str()),
            "item_id" => leaf(self.state.items[update.item].id.as_str()),
            "replies" => {
                let replies = self.state.updates.iter().enumerate();
                let own = replies.filter(|(_, reply)| reply.parent == Some(place));
                Field::Many(own.map(|(place, _)| Node::Reply(place)).collect())
            }
            _ => return None,
        })
    }

    pub(super) fn asset(&self, place: usize, name: &str) -> Option<Field> {
        let asset = &self.state.assets[place];
        Some(match name {
            "id" => leaf(asset.id.as_str()),
            "created_at" => Field::Time(Some(asset.created_at)),
            "file_extension" => leaf(asset.name.rfind('.').map_or("", |dot| &asset.name[dot..])),
            "file_size" => leaf(asset.content.len()),
            "name" => leaf(asset.name.as_str()),
            "public_url" => leaf(format!("{}/files/{}", self.state.address, asset.id)),
            "uploaded_by" => Field::One(Some(Node::User(asset.uploaded_by))),
            "url" => leaf(format!("https://{}.monday.com/protected_static/{}", self.state.slug, asset.id)),
            _ => return None,
        })
    }

    /// Returns the column of a value.
    pub(super) fn column_of(&self, item: usize, column: usize) -> &Column {
        &self.state.boards[self.state.items[item].board].columns[column]
    }

    /// Returns the files of an item.
    pub(super) fn assets_of(&self, item: usize) -> impl Iterator<Item = usize> {
        let assets = self.state.assets.iter().enumerate();
        assets.filter(move |(_, asset)| asset.item == item).map(|(place, _)| place)
    }

    /// Returns the items below an item.
    pub(super) fn subitems_of(&self, item: usize) -> impl Iterator<Item = usize> {
        let items = self.state.items.iter().enumerate();
        items.filter(move |(_, below)| below.parent == Some(item) && below.state == "active").map(|(place, _)| place)
    }
}
