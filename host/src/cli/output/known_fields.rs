//! The fields that a ticket's JSON has, so that a mistyped one is told before anything is fetched.

/// A field's name, and what can be asked below it.
pub(super) type Known = (&'static str, Shape);

/// What is below a field; a list counts as its elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing: a text, a number, a list of texts.
    Value,
    /// Whatever the platform put there.
    Free,
    /// These fields.
    Of(&'static [Known]),
}

use Shape::{Free, Of, Value};

/// The fields of a ticket, sorted, as all tables here.
pub(super) const TICKET: &[Known] = &[
    ("aliases", Value),
    ("assignees", Of(USER)),
    ("attachments", Of(ATTACHMENT)),
    ("body", Of(RICH_TEXT)),
    ("branch_summary", Value),
    ("children", Of(TICKET_REF)),
    ("closed_at", Value),
    ("completeness", Free),
    ("connection", Value),
    ("containers", Of(CONTAINER)),
    ("created_at", Value),
    ("custom_fields", Free),
    ("due", Value),
    ("estimate", Of(&[("unit", Value), ("value", Value)])),
    ("key", Value),
    ("labels", Value),
    ("links", Of(LINK)),
    ("native_id", Value),
    ("notes", Of(NOTE)),
    ("parent", Of(TICKET_REF)),
    ("platform", Value),
    ("priority", Of(LEVEL)),
    ("project", Of(PROJECT)),
    ("provenance", Of(PROVENANCE)),
    ("raw", Free),
    ("reporter", Of(USER)),
    ("resolution", Of(NAMED)),
    ("revision", Value),
    ("schema_version", Value),
    ("status", Of(&[("category", Value), ("is_open", Value), ("native", Of(NAMED))])),
    ("title", Value),
    ("type", Of(LEVEL)),
    ("uid", Value),
    ("updated_at", Value),
    ("url", Value),
];

const ATTACHMENT: &[Known] = &[
    ("author", Of(USER)),
    ("created_at", Value),
    ("id", Value),
    ("is_link", Value),
    ("media_type", Value),
    ("name", Value),
    ("size", Value),
    ("url", Value),
];

const CONTAINER: &[Known] = &[("id", Value), ("kind", Value), ("name", Value)];

const LEVEL: &[Known] = &[("level", Value), ("native", Of(NAMED))];

const LINK: &[Known] = &[("kind", Value), ("native", Value), ("target", Of(TICKET_REF))];

const NAMED: &[Known] = &[("id", Value), ("name", Value)];

const NOTE: &[Known] = &[
    ("author", Of(USER)),
    ("body", Of(RICH_TEXT)),
    ("created_at", Value),
    ("id", Value),
    ("in_reply_to", Value),
    ("updated_at", Value),
    ("url", Value),
    ("visibility", Value),
];

const PROJECT: &[Known] = &[("id", Value), ("key", Value), ("name", Value), ("url", Value)];

const PROVENANCE: &[Known] =
    &[("adapter", Value), ("etag", Value), ("fetched_at", Value), ("route", Value), ("version", Value)];

const RICH_TEXT: &[Known] = &[("format", Value), ("lossy", Value), ("markdown", Value), ("native", Value)];

const TICKET_REF: &[Known] = &[("key", Value), ("title", Value), ("url", Value)];

const USER: &[Known] = &[("display_name", Value), ("email", Value), ("handle", Value), ("id", Value), ("kind", Value)];

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value as Json};
    use usher_adapter_sdk::model::Ticket;

    use super::*;

    /// Follows references, and goes through "or null" and lists to what is inside.
    fn inside<'a>(schema: &'a Json, root: &'a Json) -> &'a Json {
        if let Some(path) = schema["$ref"].as_str() {
            return inside(root.pointer(path.trim_start_matches('#')).unwrap(), root);
        }
        let choices = schema["anyOf"].as_array().or(schema["allOf"].as_array());
        if let Some(choice) = choices.and_then(|choices| choices.iter().find(|one| one["type"] != "null")) {
            return inside(choice, root);
        }
        match schema.get("items") {
            Some(items) => inside(items, root),
            None => schema,
        }
    }

    fn compare(path: &str, known: &[Known], properties: &Map<String, Json>, root: &Json) {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "`{path}` is not sorted");
        let mut expected: Vec<_> = properties.keys().map(String::as_str).collect();
        expected.sort_unstable();
        assert_eq!(names, expected, "fields of `{path}`");
        for (name, shape) in known {
            let below = &inside(&properties[*name], root)["properties"];
            match (shape, below.as_object()) {
                (Free, _) | (Value, None) => {}
                (Of(known), Some(properties)) => compare(&format!("{path}.{name}"), known, properties, root),
                (shape, _) => panic!("`{path}.{name}` is not {shape:?}"),
            }
        }
    }

    #[test]
    fn the_tables_are_the_models_schema() {
        let schema = serde_json::to_value(schemars::schema_for!(Ticket)).unwrap();
        compare("ticket", TICKET, schema["properties"].as_object().unwrap(), &schema);
    }

    #[test]
    fn a_written_ticket_has_no_other_fields() {
        let ticket = serde_json::to_value(Ticket::new("A-1", "t")).unwrap();
        for name in ticket.as_object().unwrap().keys() {
            assert!(TICKET.iter().any(|(known, _)| known == name), "{name}");
        }
    }
}
