//! What a query costs: a property 0.1 points, an object 1, and a connection its content as often as `first` says.

use apollo_compiler::{executable::Field, response::JsonMap};

use crate::servers::graphql::{self, Checked, number};

/// What a connection is multiplied by where nothing is said.
const USUAL_SIZE: u64 = 50;

/// Returns what a request costs, in points, rounded up.
pub(super) fn points(checked: &Checked) -> u64 {
    graphql::total(checked, &tenths).div_ceil(10)
}

fn tenths(field: &Field, content: u64, variables: &JsonMap) -> u64 {
    if field.selection_set.selections.is_empty() {
        return 1;
    }
    let type_name = field.definition.ty.inner_named_type();
    if type_name.ends_with("Connection") || type_name.ends_with("SearchPayload") {
        let size = number(field, "first", variables).or_else(|| number(field, "last", variables));
        return content.saturating_mul(size.unwrap_or(USUAL_SIZE));
    }
    content + 10
}
