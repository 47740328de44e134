//! Columns that the ticket has no place of its own for: custom fields, by the columns' ids, with their titles as names.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Result,
    model::{CustomField, FieldType},
};

use super::{Columns, due, labels, people};
use crate::api::{self, ColumnValue};

/// Types of columns and of our values, sorted. Any other type is shown as the text that people read.
const TYPES: &[(&str, FieldType)] = &[
    ("checkbox", FieldType::Boolean),
    ("date", FieldType::Date),
    ("dropdown", FieldType::Choices),
    ("link", FieldType::Url),
    ("numbers", FieldType::Number),
    ("people", FieldType::Users),
    ("rating", FieldType::Number),
    ("status", FieldType::Choice),
    ("tags", FieldType::List),
];

/// Types of columns whose value stands elsewhere in the ticket, sorted.
const ELSEWHERE: &[&str] = &["board_relation", "dependency", "name", "subtasks"];

/// Returns the type of a column's values.
pub(crate) fn field_type(kind: &str) -> FieldType {
    let place = TYPES.binary_search_by_key(&kind, |(known, _)| *known);
    place.map_or(FieldType::Text, |place| TYPES[place].1.clone())
}

/// Returns the custom fields of an item: every other column that has a value, and the state where it is not active.
pub(super) fn of(item: &api::Item<'_>, columns: &Columns<'_, '_>) -> Result<Vec<CustomField>> {
    let mut fields = Vec::new();
    for value in item.column_values.iter().flatten() {
        let kind = value.kind.as_deref().unwrap_or_default();
        if columns.role_of(&value.id).is_some() || ELSEWHERE.contains(&kind) {
            continue;
        }
        let Some((value_type, json)) = typed(kind, value) else { continue };
        let field = CustomField::new(&*value.id, value_type, &json)?;
        let column = columns.all().iter().find(|column| *column.id == *value.id);
        let title = column.and_then(|column| column.title.as_deref());
        fields.push(title.into_iter().fold(field, CustomField::with_name));
    }
    if let Some(state) = item.state.as_deref().filter(|state| *state != "active") {
        fields.push(CustomField::new("state", FieldType::Text, state)?);
    }
    Ok(fields)
}

fn typed(kind: &str, value: &ColumnValue<'_>) -> Option<(FieldType, Value)> {
    let shown = value.display_value.as_deref().or(value.text.as_deref()).filter(|text| !text.is_empty());
    let own = match kind {
        "checkbox" => value.text.as_deref().map(|text| json!(!text.is_empty())),
        "date" => due(value).map(|due| json!(due)),
        "dropdown" => value.values.as_ref().filter(|values| !values.is_empty()).map(|values| {
            values.iter().map(|choice| json!({ "id": &*choice.id, "name": choice.label.as_deref() })).collect()
        }),
        "link" => inside(value, "url"),
        "numbers" => value.number.map(|number| json!(number)),
        "people" => Some(people(value)).filter(|people| !people.is_empty()).map(|people| json!(people)),
        "rating" => shown?.parse::<f64>().ok().map(|number| json!(number)),
        "status" => {
            let (id, name) = super::label_of(value)?;
            Some(json!({ "id": id, "name": name }))
        }
        "tags" => Some(labels(value)).filter(|labels| !labels.is_empty()).map(|labels| json!(labels)),
        _ => None,
    };
    let value_type = match (kind, value.time.as_deref().filter(|time| !time.is_empty())) {
        ("date", Some(_)) => FieldType::DateTime,
        _ => field_type(kind),
    };
    own.map(|own| (value_type, own)).or_else(|| Some((FieldType::Text, json!(shown?))))
}

/// Returns a member of the value's own JSON, which comes as JSON in a string.
fn inside(value: &ColumnValue<'_>, name: &str) -> Option<Value> {
    let whole: Value = match serde_json::from_str(value.value?.get()).ok()? {
        Value::String(text) => serde_json::from_str(&text).ok()?,
        whole => whole,
    };
    whole.get(name).filter(|inside| !inside.is_null()).cloned()
}
