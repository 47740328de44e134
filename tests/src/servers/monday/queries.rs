//! Where queries begin: boards, items by their numbers, pages of items, people.

use serde_json::Value;

use super::{
    fields::{Field, Node, Plain, View, leaf, page},
    filter,
    limits::Resource,
    reply::{Refusal, Trouble},
    run::Run,
};
use crate::servers::graphql::Asked;

/// How many items a page has at most, and how many items can be asked for by their numbers.
const LARGEST_PAGE: u64 = 500;
const MOST_IDS: usize = 100;

/// Returns what a field of `Query` holds.
pub(super) fn field(run: &Run, asked: &Asked) -> Result<Field, Trouble> {
    let arguments = &asked.arguments;
    Ok(match asked.name {
        "boards" => run.look(|view| view.boards(arguments)),
        "complexity" => complexity(run),
        "items" => run.look(|view| view.items(arguments))?,
        "me" => Field::One(Some(Node::User(run.viewer))),
        "next_items_page" => {
            let cursor = arguments["cursor"].as_str().unwrap_or_default();
            let found = run.places.borrow_mut().go_on(cursor, limit(arguments)?)?;
            written(run, found)
        }
        "tags" => run.look(|view| Field::Many((0..view.state.tags.len()).map(Node::Tag).collect())),
        "teams" => run.look(|view| Field::Many((0..view.state.teams.len()).map(Node::Team).collect())),
        "users" => run.look(|view| Field::Many(page((0..view.state.users.len()).map(Node::User), arguments, 200))),
        "version" => {
            Field::Plain(vec![("display_name", leaf("2026-10")), ("kind", leaf("current")), ("value", leaf("2026-10"))])
        }
        other => return Err(Trouble::Missing(format!("Query.{other}"))),
    })
}

/// Returns the first page of the items of a board.
pub(super) fn items_page(run: &Run, board: usize, arguments: &Value) -> Result<Field, Trouble> {
    let items = run.look(|view| filter::items(view, board, &arguments["query_params"]))?;
    let found = run.places.borrow_mut().begin(items, limit(arguments)?);
    Ok(written(run, found))
}

fn limit(arguments: &Value) -> Result<usize, Refusal> {
    let limit = arguments["limit"].as_u64().filter(|limit| (1..=LARGEST_PAGE).contains(limit));
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    limit.ok_or_else(|| Refusal::argument(format!("limit must be between 1 and {LARGEST_PAGE}")))
}

/// Writes a page: what was archived or deleted since its list was begun is left out.
fn written(run: &Run, (items, cursor): (Vec<usize>, Option<String>)) -> Field {
    let is_here = |item: &usize| run.look(|view| view.state.items[*item].state == "active");
    let items = items.into_iter().filter(is_here).map(Node::Item).collect();
    Field::Plain(vec![("cursor", leaf(cursor)), ("items", Field::Many(items))])
}

fn complexity(run: &Run) -> Field {
    let bucket = run.limits.borrow_mut().left(&run.token.text, Resource::Complexity);
    let plain: Plain = vec![
        ("before", leaf(bucket.remaining + run.points)),
        ("after", leaf(bucket.remaining)),
        ("query", leaf(run.points)),
        ("reset_in_x_seconds", leaf(bucket.seconds())),
    ];
    Field::Plain(plain)
}

impl View<'_> {
    /// Returns boards: those that are named and seen, or a page of all. What is not there is left out without a word.
    fn boards(&self, arguments: &Value) -> Field {
        let boards = &self.state.boards;
        let state = arguments["state"].as_str().unwrap_or("active");
        let fits = |place: &usize| self.sees(*place) && (state == "all" || boards[*place].state == state);
        let found: Vec<usize> = match ids(arguments) {
            Some(ids) => ids.iter().filter_map(|id| self.state.find_board(id)).filter(fits).collect(),
            // The newest first, and those of one level where nobody asks for others.
            None => {
                let types = arguments["hierarchy_types"].as_array();
                let is_wanted = |place: &usize| {
                    let own = if boards[*place].multi_level { "multi_level" } else { "classic" };
                    types.map_or(own == "classic", |types| types.iter().any(|wanted| wanted == own))
                };
                (0..boards.len()).rev().filter(fits).filter(is_wanted).collect()
            }
        };
        Field::Many(page(found.into_iter().map(Node::Board), arguments, 25))
    }

    /// Returns items by their numbers, archived and deleted ones too. What is not there is left out without a word.
    fn items(&self, arguments: &Value) -> Result<Field, Trouble> {
        let ids = ids(arguments).ok_or_else(|| Trouble::Missing("Query.items without numbers".to_owned()))?;
        if ids.len() > MOST_IDS {
            return Err(Refusal::argument(format!("at most {MOST_IDS} items can be asked for")).into());
        }
        let found = ids.iter().filter_map(|id| self.state.find_item(id)).filter(|item| self.sees_item(*item));
        Ok(Field::Many(page(found.map(Node::Item), arguments, 25)))
    }
}

fn ids(arguments: &Value) -> Option<Vec<String>> {
    let ids = arguments["ids"].as_array()?.iter();
    Some(ids.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect())
}
