//! Columns that have no place of their own in a ticket: custom fields, typed by the shape of their values.

use serde::Serialize;
use usher_adapter_sdk::{
    Result,
    model::{CustomField, FieldType},
};

use super::{JOURNAL, utc};
use crate::api::{Field, Record};

/// The columns that a ticket shows in places of their own; sorted.
const SHOWN: &[&str] = &[
    "active",
    "assigned_to",
    "assigned_to.email",
    "assigned_to.user_name",
    "assignment_group",
    "caller_id.email",
    "caller_id.user_name",
    "category",
    "caused_by",
    "close_code",
    "closed_at",
    "description",
    "due_date",
    "number",
    "opened_by.email",
    "opened_by.user_name",
    "parent",
    "parent_incident",
    "priority",
    "problem_id",
    "rfc",
    "short_description",
    "state",
    "sys_class_name",
    "sys_created_on",
    "sys_id",
    "sys_mod_count",
    "sys_updated_on",
];

/// A choice, or something else that has an id and a label.
#[derive(Serialize)]
struct Choice<'a> {
    id: &'a str,
    name: &'a str,
}

/// Returns the columns that have a value and no place of their own; the reporter's is whichever says who that is.
pub(super) fn of(record: &Record<'_>, reporter: Option<&str>) -> Result<Vec<CustomField>> {
    let is_shown = |column: &str, value: &str| {
        let has_place = SHOWN.binary_search(&column).is_ok() && !is_lost_time(column, value);
        has_place || JOURNAL.contains(&column) || reporter == Some(column)
    };
    let own = record.fields().filter(|(column, field)| !field.value.is_empty() && !is_shown(column, &field.value));
    own.map(|(column, field)| custom_field(column, field)).collect()
}

/// Says whether a column is a time that the ticket cannot hold: then its text is kept.
fn is_lost_time(column: &str, value: &str) -> bool {
    match column {
        "closed_at" | "sys_created_on" | "sys_updated_on" => utc(value).is_none(),
        "due_date" => super::due_date(value).is_none(),
        _ => false,
    }
}

fn custom_field(column: &str, field: &Field<'_>) -> Result<CustomField> {
    let value = &*field.value;
    if let "true" | "false" = value {
        return CustomField::new(column, FieldType::Boolean, &(value == "true"));
    }
    if let Some(time) = utc(value) {
        return CustomField::new(column, FieldType::DateTime, &time);
    }
    match field.display.as_deref().filter(|display| !display.is_empty() && *display != value) {
        Some(name) => CustomField::new(column, FieldType::Choice, &Choice { id: value, name }),
        None => CustomField::new(column, FieldType::Text, value),
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::decode;

    use super::*;

    #[test]
    fn the_shown_columns_are_sorted() {
        assert!(SHOWN.is_sorted());
    }

    #[test]
    fn a_column_of_nobody_s_is_a_custom_field_of_its_shape() {
        let text = br#"{"number":"INC1","u_vip":"true","u_empty":"","u_at":{"value":"2026-01-02 03:04:05","display_value":"x"},
            "cmdb_ci":{"value":"b0c4","display_value":"mail01"},"u_text":{"value":"a","display_value":"a"},"comments":"x"}"#;
        let fields = of(&decode::json(text).unwrap(), None).unwrap();
        let fields: Vec<_> = fields.iter().map(|it| (&*it.id, it.value_type.as_str(), it.value.as_str())).collect();
        let expected = [
            ("u_vip", "boolean", "true"),
            ("u_at", "date_time", r#""2026-01-02T03:04:05Z""#),
            ("cmdb_ci", "choice", r#"{"id":"b0c4","name":"mail01"}"#),
            ("u_text", "text", r#""a""#),
        ];
        assert_eq!(fields, expected);
    }
}
