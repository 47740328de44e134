//! Which fields of an issue were asked for.

use serde_json::Value;

use super::render::FIELDS;

/// What a request wants to know of an issue.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    fields: Vec<String>,
    expand: Vec<String>,
    pub(super) properties: Vec<String>,
}

impl Wanted {
    /// Reads `fields`, `expand` and `properties` of a query, where lists are texts with commas.
    pub(super) fn of_query(query: &std::collections::HashMap<String, String>, usual: &str) -> Self {
        let split = |name: &str, usual: &str| {
            let text = query.get(name).map_or(usual, String::as_str);
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Self { fields: split("fields", usual), expand: split("expand", ""), properties: split("properties", "") }
    }

    /// Reads the same of a body, where `expand` may be a text or a list.
    pub(super) fn of_body(body: &Value, usual: &str) -> Self {
        let list = |value: &Value| match value {
            Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let fields = if body["fields"].is_null() { vec![usual.to_owned()] } else { list(&body["fields"]) };
        Self { fields, expand: list(&body["expand"]), properties: list(&body["properties"]) }
    }

    /// Returns whether a field is wanted: by its name or with many, and not taken out by a minus.
    pub(super) fn has(&self, name: &str) -> bool {
        let without = self.fields.iter().any(|field| field.strip_prefix('-') == Some(name));
        if without {
            return false;
        }
        // A list of nothing but what is taken out begins with everything.
        let only_minus = !self.fields.is_empty() && self.fields.iter().all(|field| field.starts_with('-'));
        let navigable = || FIELDS.iter().find(|field| field.0 == name).is_none_or(|field| field.3);
        only_minus
            || self.fields.iter().any(|field| match field.as_str() {
                "*all" => true,
                "*navigable" => navigable(),
                field => field == name,
            })
    }

    /// Returns whether an issue has a member `fields` at all.
    pub(super) fn any(&self) -> bool {
        self.fields.iter().any(|field| !["id", "key"].contains(&field.as_str()))
    }

    pub(super) fn expands(&self, name: &str) -> bool {
        self.expand.iter().any(|expand| expand == name)
    }
}
