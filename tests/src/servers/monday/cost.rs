//! What a query costs. monday.com does not publish how it counts; this is of the same order: an object is a point, a list its
//! content as often as it may hold something, and a new item 10,000.

use apollo_compiler::{executable::Field, response::JsonMap};

use crate::servers::graphql::{self, Checked, number};

/// What a list is multiplied by where the schema has no size for it.
const USUAL_SIZE: u64 = 10;
/// What making an item costs beside what is read of it.
const NEW_ITEM: u64 = 10_000;

/// Returns what a request costs, in points.
pub(super) fn points(checked: &Checked) -> u64 {
    graphql::total(checked, &cost)
}

fn cost(field: &Field, content: u64, variables: &JsonMap) -> u64 {
    if field.selection_set.selections.is_empty() {
        return 0;
    }
    let own = match field.name.as_str() {
        "create_item" | "create_subitem" => NEW_ITEM,
        _ => 1,
    };
    own + content.saturating_mul(size(field, variables))
}

/// A page of items holds as many as the field around it says.
fn size(field: &Field, variables: &JsonMap) -> u64 {
    match field.name.as_str() {
        "items_page" | "next_items_page" => number(field, "limit", variables).unwrap_or(25),
        "items" if field.definition.arguments.is_empty() => 1,
        _ if !field.ty().is_list() => 1,
        _ => number(field, "limit", variables).unwrap_or(USUAL_SIZE),
    }
}
