//! The walk that counts a query: a platform says what a field costs, given what it holds.

use apollo_compiler::{
    ast::{DirectiveList, Value},
    executable::{Field, Selection, SelectionSet},
    response::JsonMap,
};

use super::Checked;

/// Returns the sum over what is selected; `cost` is asked for each field, with the sum of what is selected of it.
pub(in crate::servers) fn total(checked: &Checked, cost: &dyn Fn(&Field, u64, &JsonMap) -> u64) -> u64 {
    walk(checked, &checked.operation().selection_set, cost)
}

/// Returns an argument that is a number, where the query gives it.
pub(in crate::servers) fn number(field: &Field, name: &str, variables: &JsonMap) -> Option<u64> {
    let number = match field.specified_argument_by_name(name).map(|value| value.as_ref())? {
        Value::Int(number) => i64::from(number.try_to_i32().ok()?),
        Value::Variable(name) => variables.get(name.as_str())?.as_i64()?,
        _ => return None,
    };
    u64::try_from(number).ok()
}

fn walk(checked: &Checked, selection: &SelectionSet, cost: &dyn Fn(&Field, u64, &JsonMap) -> u64) -> u64 {
    let included = selection.selections.iter().filter(|selection| is_included(checked, selection.directives()));
    let costs = included.map(|selection| match selection {
        Selection::Field(field) => cost(field, walk(checked, &field.selection_set, cost), &checked.variables),
        Selection::InlineFragment(fragment) => walk(checked, &fragment.selection_set, cost),
        Selection::FragmentSpread(spread) => {
            let fragment = checked.document.fragments.get(&spread.fragment_name);
            fragment.map_or(0, |fragment| walk(checked, &fragment.selection_set, cost))
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
