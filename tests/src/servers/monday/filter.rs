//! Rules: which items of a board a list has, and in which order.
//!
//! Without an order the items come mixed, and a page later may hold older ones. Rules about labels find no item without one:
//! who wants these asks for them.

use serde_json::Value;

use super::{
    fields::View,
    reply::{Refusal, Trouble},
    state::{Board, Item},
};

/// Returns the items of a board that an `ItemsQuery` asks for.
pub(super) fn items(view: View, board: usize, query: &Value) -> Result<Vec<usize>, Trouble> {
    let mut found = Vec::new();
    for place in view.items_of(board) {
        if admits(&view.state.boards[board], &view.state.items[place], query)?
            && is_named(&view.state.items[place], query)
        {
            found.push(place);
        }
    }
    // Mixed by their numbers, so that nothing can be told from the order.
    found.sort_by_key(|place| (*place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for order in list(&query["order_by"]).rev() {
        sort(view, &mut found, order)?;
    }
    Ok(found)
}

fn sort(view: View, found: &mut [usize], order: &Value) -> Result<(), Trouble> {
    let items = &view.state.items;
    match order["column_id"].as_str().unwrap_or_default() {
        "__creation_log__" => found.sort_by_key(|place| items[*place].created_at),
        "__last_updated__" => found.sort_by_key(|place| items[*place].updated_at),
        "name" => found.sort_by_key(|place| items[*place].name.to_lowercase()),
        other => return Err(Trouble::Missing(format!("the order by `{other}`"))),
    }
    if order["direction"] == "desc" {
        found.reverse();
    }
    Ok(())
}

fn is_named(item: &Item, query: &Value) -> bool {
    query["ids"].is_null() || list(&query["ids"]).any(|id| id == item.id.as_str())
}

/// Returns whether an item is what rules and groups of rules ask for.
fn admits(board: &Board, item: &Item, group: &Value) -> Result<bool, Trouble> {
    let rules = list(&group["rules"]).map(|rule| fits(board, item, rule));
    let groups = list(&group["groups"]).map(|group| admits(board, item, group));
    let all = rules.chain(groups).collect::<Result<Vec<bool>, _>>()?;
    Ok(match group["operator"].as_str() {
        Some("or") => all.is_empty() || all.contains(&true),
        _ => !all.contains(&false),
    })
}

fn fits(board: &Board, item: &Item, rule: &Value) -> Result<bool, Trouble> {
    let id = rule["column_id"].as_str().unwrap_or_default();
    let operator = rule["operator"].as_str().unwrap_or("any_of");
    let missing = |what: &str| Trouble::Missing(format!("the rule `{operator}` about {what}"));
    if !rule["compare_attribute"].is_null() {
        return Err(missing("an attribute"));
    }
    let kind = match id {
        "group" => "group",
        id => board.column(id).ok_or_else(|| Refusal::no_column(id))?.kind,
    };
    let value = item.values.get(id).unwrap_or(&Value::Null);
    let operands = &rule["compare_value"];
    Ok(match (kind, operator) {
        ("group", "any_of") => list(operands).any(|group| group == item.group.as_str()),
        ("name", "any_of") => list(operands).any(|name| name == item.name.as_str()),
        ("name", "contains_text") => contains(&item.name, operands),
        ("long_text" | "text", "contains_text") => {
            contains(value["text"].as_str().or(value.as_str()).unwrap_or_default(), operands)
        }
        (_, "is_empty") => value.is_null(),
        (_, "is_not_empty") => !value.is_null(),
        ("status", "any_of") => list(operands).any(|index| *index == value["index"]),
        ("status", "not_any_of") => !value.is_null() && !list(operands).any(|index| *index == value["index"]),
        (kind, _) => return Err(missing(&format!("a column of the type {kind}"))),
    })
}

fn contains(text: &str, operands: &Value) -> bool {
    let text = text.to_lowercase();
    list(operands).filter_map(Value::as_str).any(|word| text.contains(&word.to_lowercase()))
}

/// Returns a list's items; a single one is a list of one, and nothing is none.
fn list(list: &Value) -> std::slice::Iter<'_, Value> {
    match list {
        Value::Null => std::slice::Iter::default(),
        Value::Array(items) => items.iter(),
        single => std::slice::from_ref(single).iter(),
    }
}
