//! Which arguments the fake heeds: one that it would pass over in silence is one that it does not have.

use serde_json::Value;

use super::reply::Trouble;
use crate::servers::graphql::Asked;

/// Fields with arguments, and those that count; sorted.
const KNOWN: &[(&str, &[&str])] = &[
    ("add_file_to_column", &["column_id", "file", "item_id"]),
    ("boards", &["hierarchy_types", "ids", "limit", "order_by", "page", "state"]),
    ("change_multiple_column_values", &["board_id", "column_values", "create_labels_if_missing", "item_id"]),
    ("create_item", &["board_id", "column_values", "create_labels_if_missing", "group_id", "item_name"]),
    ("create_subitem", &["column_values", "create_labels_if_missing", "item_name", "parent_item_id"]),
    ("create_update", &["body", "item_id", "parent_id"]),
    ("items", &["ids", "limit", "page"]),
    ("items_page", &["limit", "query_params"]),
    ("move_item_to_group", &["group_id", "item_id"]),
    ("next_items_page", &["cursor", "limit"]),
    ("updates", &["limit", "page"]),
    ("users", &["limit", "page"]),
];

/// Reports an argument that does not count.
pub(super) fn check(asked: &Asked) -> Result<(), Trouble> {
    let given = asked.arguments.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let place = KNOWN.binary_search_by_key(&asked.name, |(name, _)| *name);
    let known = place.map_or(&[][..], |place| KNOWN[place].1);
    for (name, value) in given {
        if !known.contains(&name.as_str()) || is_otherwise(name, value) {
            return Err(Trouble::Missing(format!("the argument `{name}: {value}` of {}", asked.name)));
        }
    }
    Ok(())
}

/// Boards come in one order alone.
fn is_otherwise(name: &str, value: &Value) -> bool {
    match name {
        "order_by" => value != "created_at",
        "create_labels_if_missing" => value != false,
        _ => false,
    }
}
