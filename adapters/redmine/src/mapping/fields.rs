//! What Redmine knows of an issue and the ticket has no place of its own for; and the custom fields, whose values are texts
//! until somebody who may read them says what they are.

use serde::Serialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result,
    decode::Text,
    model::{CustomField, FieldType, Json},
};

use super::user;
use crate::api;

/// Fields of Redmine's own that a write takes among the custom ones, with their types; sorted.
pub(crate) const BUILT_IN: &[(&str, FieldType)] =
    &[("done_ratio", FieldType::Number), ("is_private", FieldType::Boolean), ("start_date", FieldType::Date)];

/// The formats of custom fields, sorted.
const FORMATS: &[(&str, FieldType)] = &[
    ("bool", FieldType::Boolean),
    ("date", FieldType::Date),
    ("enumeration", FieldType::Choice),
    ("float", FieldType::Number),
    ("int", FieldType::Number),
    ("link", FieldType::Url),
    ("list", FieldType::Choice),
    ("string", FieldType::Text),
    ("text", FieldType::Text),
    ("user", FieldType::User),
    ("version", FieldType::Choice),
];

/// Returns the type of a custom field's value.
pub(crate) fn field_type(format: &str, is_multiple: bool) -> FieldType {
    let place = FORMATS.binary_search_by(|(known, _)| (*known).cmp(format));
    match (place.map(|place| FORMATS[place].1.clone()), is_multiple) {
        (Ok(FieldType::Choice), true) => FieldType::Choices,
        (Ok(FieldType::User), true) => FieldType::Users,
        (Ok(one), false) => one,
        (_, true) => FieldType::List,
        (Err(_), false) => FieldType::UNKNOWN,
    }
}

/// Returns the custom fields of an issue: Redmine's own first.
pub(super) fn of(issue: &api::Issue<'_>, definitions: Option<&[api::Definition<'_>]>) -> Result<Vec<CustomField>> {
    let mut fields = Fields(Vec::new());
    fields.add("start_date", FieldType::Date, issue.start_date.as_deref())?;
    fields.add("done_ratio", FieldType::Number, issue.done_ratio)?;
    fields.add("is_private", FieldType::Boolean, issue.is_private)?;
    fields.add("total_estimated_hours", FieldType::Number, issue.total_estimated_hours)?;
    fields.add("spent_hours", FieldType::Number, issue.spent_hours)?;
    fields.add("total_spent_hours", FieldType::Number, issue.total_spent_hours)?;
    let watchers = issue.watchers.as_ref().map(|watchers| watchers.iter().map(user).collect::<Vec<_>>());
    fields.add("watchers", FieldType::Users, watchers)?;
    let revisions = issue.changesets.iter().flatten().map(|it| &*it.revision).collect::<Vec<_>>();
    fields.add("changesets", FieldType::List, Some(revisions).filter(|revisions| !revisions.is_empty()))?;
    for value in issue.custom_fields.iter().flatten() {
        let definition = definitions.and_then(|all| all.iter().find(|definition| definition.id == value.id));
        fields.0.push(made_up(value, definition)?);
    }
    Ok(fields.0)
}

struct Fields(Vec<CustomField>);

impl Fields {
    fn add<T: Serialize>(&mut self, id: &str, value_type: FieldType, value: Option<T>) -> Result<()> {
        if let Some(value) = value {
            self.0.push(CustomField::new(id, value_type, &value)?);
        }
        Ok(())
    }
}

fn made_up(value: &api::CustomValue<'_>, definition: Option<&api::Definition<'_>>) -> Result<CustomField> {
    let is_multiple = value.multiple.unwrap_or_default();
    let value_type = match definition {
        Some(definition) => field_type(&definition.field_format, is_multiple),
        None if is_multiple => FieldType::List,
        None => FieldType::Text,
    };
    let raw = value.value.map_or("null", RawValue::get);
    let json = definition.map_or(Ok(None), |definition| typed(raw, definition, &value_type))?;
    let json = json.map_or_else(|| Json::parse(raw), Ok)?;
    let field = CustomField::new(value.id.to_string(), value_type, &json)?;
    Ok(value.name.as_deref().into_iter().fold(field, CustomField::with_name))
}

/// A choice, or somebody, as a ticket writes it.
#[derive(Serialize)]
struct Chosen<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// Returns the value of a text of Redmine's; none where it stays as it is.
fn typed(raw: &str, definition: &api::Definition<'_>, value_type: &FieldType) -> Result<Option<Json>> {
    let label = |id: &str| {
        let chosen = definition.possible_values.iter().find(|choice| *choice.value == *id);
        chosen.and_then(|choice| choice.label.as_deref()).map(str::to_owned)
    };
    let is_id = matches!(&*definition.field_format, "enumeration" | "user" | "version");
    if is_id && matches!(value_type, FieldType::Choices | FieldType::Users) {
        let Ok(ids) = serde_json::from_str::<Vec<Text<'_>>>(raw) else { return Ok(None) };
        let labels: Vec<_> = ids.iter().map(|id| label(id)).collect();
        let chosen = ids.iter().zip(&labels).map(|(id, name)| Chosen { id, name: name.as_deref() });
        return Json::of(&chosen.collect::<Vec<_>>()).map(Some);
    }
    let Ok(text) = serde_json::from_str::<Text<'_>>(raw) else { return Ok(None) };
    match value_type {
        _ if text.is_empty() => Json::parse("null").map(Some),
        FieldType::Boolean if matches!(&*text, "0" | "1") => Json::of(&(&*text == "1")).map(Some),
        // A number stays as exact as it was written.
        FieldType::Number => {
            Ok(serde_json::from_str::<serde_json::Number>(&text).ok().and_then(|_| Json::parse(&text).ok()))
        }
        _ if is_id => Json::of(&Chosen { id: &text, name: label(&text).as_deref() }).map(Some),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(format: &str, is_multiple: bool, raw: &str) -> (String, String) {
        let definition =
            format!(r#"{{"id":1,"field_format":"{format}","possible_values":[{{"value":"7","label":"Seven"}}]}}"#);
        let definition: api::Definition<'_> = serde_json::from_str(&definition).unwrap();
        let value = format!(r#"{{"id":1,"name":"F","multiple":{is_multiple},"value":{raw}}}"#);
        let field = made_up(&serde_json::from_str(&value).unwrap(), Some(&definition)).unwrap();
        (field.value_type.to_string(), field.value.as_str().to_owned())
    }

    #[test]
    fn texts_become_what_the_field_is_made_for() {
        assert!(FORMATS.is_sorted_by_key(|(format, _)| *format) && BUILT_IN.is_sorted_by_key(|(name, _)| *name));
        for (format, is_multiple, raw, expected) in [
            ("int", false, r#""5""#, ("number", "5")),
            ("float", false, r#""0.25""#, ("number", "0.25")),
            ("int", false, r#""five""#, ("number", r#""five""#)),
            ("bool", false, r#""1""#, ("boolean", "true")),
            ("bool", false, r#""0""#, ("boolean", "false")),
            ("bool", false, r#""""#, ("boolean", "null")),
            ("date", false, r#""2026-02-01""#, ("date", r#""2026-02-01""#)),
            ("list", true, r#"["a","b"]"#, ("choices", r#"["a","b"]"#)),
            ("user", false, r#""5""#, ("user", r#"{"id":"5"}"#)),
            ("enumeration", true, r#"["7"]"#, ("choices", r#"[{"id":"7","name":"Seven"}]"#)),
            ("version", false, r#"null"#, ("choice", "null")),
            ("attachment", false, r#""9""#, ("unknown", r#""9""#)),
        ] {
            assert_eq!(
                value(format, is_multiple, raw),
                (expected.0.to_owned(), expected.1.to_owned()),
                "{format} {raw}"
            );
        }
    }
}
