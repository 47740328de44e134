//! Where mutations begin: what is made and changed, and who may.

use serde_json::Value;

use super::{
    fields::{Field, Node, View},
    reply::{Refusal, Trouble},
    run::Run,
    state::{Asset, State},
    values,
};
use crate::servers::graphql::Asked;

/// Does what a field of `Mutation` says.
pub(super) fn field(run: &Run, asked: &Asked) -> Result<Field, Trouble> {
    if !run.token.may_write {
        return Err(Refusal::unauthorized().into());
    }
    let change: fn(&Run, &mut State, &Value) -> Result<Node, Trouble> = match asked.name {
        "add_file_to_column" => add_file,
        "change_multiple_column_values" => change_values,
        "create_item" => create_item,
        "create_subitem" => create_subitem,
        "create_update" => create_update,
        "move_item_to_group" => move_to_group,
        other => return Err(Trouble::Missing(format!("Mutation.{other}"))),
    };
    run.change(|state| change(run, state, &asked.arguments)).map(|node| Field::One(Some(node)))
}

fn create_item(run: &Run, state: &mut State, arguments: &Value) -> Result<Node, Trouble> {
    let board = board(run, state, &arguments["board_id"])?;
    let name = values::name(&arguments["item_name"])?;
    let group = match arguments["group_id"].as_str() {
        Some(id) => Some(group(state, board, id)?),
        None => None,
    };
    let item = made(run, state, board, &name, &arguments["column_values"], None)?;
    if let Some(group) = group {
        state.items[item].group = group;
    }
    Ok(Node::Item(item))
}

/// Subitems are on a board of their own, which the column for them names.
fn create_subitem(run: &Run, state: &mut State, arguments: &Value) -> Result<Node, Trouble> {
    let parent = item(run, state, &arguments["parent_item_id"])?;
    let columns = &state.boards[state.items[parent].board].columns;
    let below = columns.iter().find(|column| column.kind == "subtasks");
    let below = below.and_then(|column| state.find_board(&column.settings["boardIds"][0].to_string()));
    let below = below.ok_or_else(|| Trouble::Missing("the first subitem of a board".to_owned()))?;
    let name = values::name(&arguments["item_name"])?;
    Ok(Node::Item(made(run, state, below, &name, &arguments["column_values"], Some(parent))?))
}

/// Makes an item with its values, or nothing at all.
fn made(
    run: &Run,
    state: &mut State,
    board: usize,
    name: &str,
    columns: &Value,
    parent: Option<usize>,
) -> Result<usize, Trouble> {
    let columns = values::read(columns)?;
    let item = state.add_item(board, name, run.viewer);
    if let Err(trouble) = values::write(state, item, columns) {
        state.items.pop();
        return Err(trouble);
    }
    state.items[item].parent = parent;
    Ok(item)
}

fn change_values(run: &Run, state: &mut State, arguments: &Value) -> Result<Node, Trouble> {
    let board = board(run, state, &arguments["board_id"])?;
    let item = active(run, state, &arguments["item_id"])?;
    if state.items[item].board != board {
        return Err(Refusal::no_item(&state.items[item].id).into());
    }
    let columns = values::read(&arguments["column_values"])?;
    values::write(state, item, columns)?;
    state.items[item].updated_at = state.tick();
    Ok(Node::Item(item))
}

fn move_to_group(run: &Run, state: &mut State, arguments: &Value) -> Result<Node, Trouble> {
    let item = active(run, state, &arguments["item_id"])?;
    let id = arguments["group_id"].as_str().unwrap_or_default();
    let group = group(state, state.items[item].board, id)?;
    let now = state.tick();
    (state.items[item].group, state.items[item].updated_at) = (group, now);
    Ok(Node::Item(item))
}

/// An update says nothing of the item's own time of change.
fn create_update(run: &Run, state: &mut State, arguments: &Value) -> Result<Node, Trouble> {
    let item = item(run, state, &arguments["item_id"])?;
    let body = arguments["body"].as_str().unwrap_or_default();
    if body.trim().is_empty() {
        return Err(Refusal::argument("body must not be empty").into());
    }
    let parent = match arguments["parent_id"].as_str() {
        Some(id) => {
            let is_it = |update: &super::state::Update| update.id == id && update.item == item;
            let found = state.updates.iter().position(is_it);
            Some(found.ok_or_else(|| Refusal::new("ResourceNotFoundException", "The parent update was not found"))?)
        }
        None => None,
    };
    Ok(Node::Update(state.add_update(item, run.viewer, body, parent)))
}

fn add_file(run: &Run, state: &mut State, arguments: &Value) -> Result<Node, Trouble> {
    let item = active(run, state, &arguments["item_id"])?;
    let column = arguments["column_id"].as_str().unwrap_or_default();
    let own = state.boards[state.items[item].board].column(column).ok_or_else(|| Refusal::no_column(column))?;
    if own.kind != "file" {
        return Err(Refusal::value(column, "the column holds no files").into());
    }
    let upload = run.upload.clone().ok_or_else(|| Trouble::Missing("a file that is not uploaded".to_owned()))?;
    let (id, created_at) = (state.id(), state.tick());
    state.assets.push(Asset {
        id,
        item,
        column: column.to_owned(),
        name: upload.name,
        content: upload.content,
        created_at,
        uploaded_by: run.viewer,
    });
    Ok(Node::Asset(state.assets.len() - 1))
}

fn board(run: &Run, state: &State, id: &Value) -> Result<usize, Refusal> {
    let id = text(id);
    let found = state.find_board(&id).filter(|board| View { state, viewer: run.viewer }.sees(*board));
    found.ok_or_else(|| Refusal::no_board(&id))
}

fn item(run: &Run, state: &State, id: &Value) -> Result<usize, Refusal> {
    let id = text(id);
    let found = state.find_item(&id).filter(|item| View { state, viewer: run.viewer }.sees_item(*item));
    found.ok_or_else(|| Refusal::no_item(&id))
}

/// Only what is active is changed.
fn active(run: &Run, state: &State, id: &Value) -> Result<usize, Refusal> {
    let item = item(run, state, id)?;
    if state.items[item].state == "active" { Ok(item) } else { Err(Refusal::no_item(&state.items[item].id)) }
}

fn group(state: &State, board: usize, id: &str) -> Result<String, Refusal> {
    let found = state.boards[board].groups.iter().find(|group| group.id == id);
    let missing = || Refusal::new("ResourceNotFoundException", "The group was not found on the board");
    found.map(|group| group.id.clone()).ok_or_else(missing)
}

/// Ids come as texts and as numbers.
fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}
