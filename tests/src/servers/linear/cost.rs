//! What a query costs: a property 0.1 points, an object 1, and a connection its content as often as `first` says.

use apollo_compiler::{
    ast::{DirectiveList, Value},
    executable::{Field, Selection, SelectionSet},
    response::JsonMap,
};

use super::check::Checked;

/// What a connection is multiplied by where nothing is said.
const USUAL_SIZE: u64 = 50;

/// Returns what a request costs, in points, rounded up.
pub(super) fn points(checked: &Checked) -> u64 {
    tenths(checked, &checked.operation().selection_set).div_ceil(10)
}

fn tenths(checked: &Checked, selection: &SelectionSet) -> u64 {
    let included = selection.selections.iter().filter(|selection| is_included(checked, selection.directives()));
    let costs = included.map(|selection| match selection {
        Selection::Field(field) => field_tenths(checked, field),
        Selection::InlineFragment(fragment) => tenths(checked, &fragment.selection_set),
        Selection::FragmentSpread(spread) => {
            let fragment = checked.document.fragments.get(&spread.fragment_name);
            fragment.map_or(0, |fragment| tenths(checked, &fragment.selection_set))
        }
    });
    costs.sum()
}

/// What `@skip` and `@include` take out costs nothing.
fn is_included(checked: &Checked, directives: &DirectiveList) -> bool {
    let says = |directive: &str, wanted: bool| {
        let condition = directives.get(directive).and_then(|directive| directive.specified_argument_by_name("if"));
        match condition.map(|value| value.as_ref()) {
            Some(Value::Boolean(value)) => *value == wanted,
            Some(Value::Variable(name)) => {
                checked.variables.get(name.as_str()).and_then(|value| value.as_bool()) == Some(wanted)
            }
            _ => false,
        }
    };
    !says("skip", true) && !says("include", false)
}

fn field_tenths(checked: &Checked, field: &Field) -> u64 {
    if field.selection_set.selections.is_empty() {
        return 1;
    }
    let content = tenths(checked, &field.selection_set);
    let type_name = field.definition.ty.inner_named_type();
    if type_name.ends_with("Connection") || type_name.ends_with("SearchPayload") {
        return content.saturating_mul(size(field, &checked.variables));
    }
    content + 10
}

fn size(field: &Field, variables: &JsonMap) -> u64 {
    let given = |name| match field.specified_argument_by_name(name).map(|value| value.as_ref()) {
        Some(Value::Int(number)) => number.try_to_i32().ok().map(i64::from),
        Some(Value::Variable(name)) => variables.get(name.as_str()).and_then(|value| value.as_i64()),
        _ => None,
    };
    let size = given("first").or_else(|| given("last")).and_then(|size| u64::try_from(size).ok());
    size.unwrap_or(USUAL_SIZE)
}
