//! A schema of OpenAPI 3.0 as a JSON schema, compiled when it is first needed.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// A schema.
pub(super) struct Schema {
    schema: Value,
    /// The document's components, to which references lead.
    components: Arc<Value>,
    /// Whether a member that the schema does not name is wrong.
    strict: bool,
    validator: OnceLock<Validator>,
}

impl fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.schema)
    }
}

impl Schema {
    /// Returns the schema of an answer or of a parameter: it may have members that the schema does not name.
    pub(super) fn of_answer(components: &Arc<Value>, schema: &Value) -> Self {
        let (schema, components) = (schema.clone(), Arc::clone(components));
        Self { schema, components, strict: false, validator: OnceLock::new() }
    }

    /// Returns the schema of a request's body. A member that it does not name would be ignored in silence, so it is wrong.
    pub(super) fn of_body(components: &Arc<Value>, schema: &Value) -> Self {
        Self { strict: true, ..Self::of_answer(components, schema) }
    }

    /// Returns what is wrong with a value, a sentence each.
    pub(super) fn complaints(&self, value: &Value) -> Vec<String> {
        // Nearly every request is right, and to see that is much cheaper than to say what is wrong.
        if self.validator().is_valid(value) {
            return Vec::new();
        }
        let complaint = |error: jsonschema::ValidationError| match error.instance_path().as_str() {
            "" => error.to_string(),
            place => format!("{place}: {error}"),
        };
        self.validator().iter_errors(value).map(complaint).collect()
    }

    /// Returns a text of a URL as the value that it stands for; a list is one text with commas.
    pub(super) fn value(&self, text: &str) -> Value {
        match self.schema["type"].as_str() {
            Some("array") => text.split(',').map(|item| scalar(&self.schema["items"], item)).collect(),
            _ => scalar(&self.schema, text),
        }
    }

    fn validator(&self) -> &Validator {
        self.validator.get_or_init(|| {
            let options = jsonschema::options().with_draft(Draft::Draft7).should_validate_formats(true);
            options.build(&self.compiled()).unwrap_or_else(|error| panic!("{error} in {}", self.schema))
        })
    }

    /// Returns the schema in the words of JSON schema, with the components if it refers to any.
    fn compiled(&self) -> Value {
        let schema = match &self.schema {
            Value::Null => json!({}),
            schema => converted(schema, self.strict),
        };
        if !schema.to_string().contains("\"$ref\"") {
            return schema;
        }
        let schemas = converted_members(&self.components["schemas"], self.strict);
        json!({ "allOf": [schema], "components": { "schemas": schemas } })
    }
}

fn scalar(schema: &Value, text: &str) -> Value {
    let value = match schema["type"].as_str() {
        Some("integer" | "number") => text.parse::<i64>().ok().map(Value::from),
        Some("boolean") => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    value.unwrap_or_else(|| Value::from(text))
}

/// Returns a schema with what OpenAPI 3.0 says in its own way (`nullable`) in the words of JSON schema.
fn converted(schema: &Value, strict: bool) -> Value {
    match schema {
        Value::Object(members) => object(members, strict),
        Value::Array(items) => items.iter().map(|item| converted(item, strict)).collect(),
        other => other.clone(),
    }
}

fn object(members: &Map<String, Value>, strict: bool) -> Value {
    let mut result = Map::new();
    for (name, value) in members {
        let value = match name.as_str() {
            "nullable" => continue,
            "enum" | "default" | "required" | "discriminator" => value.clone(),
            // Its members are names, not words of the schema.
            "properties" => converted_members(value, strict),
            _ => converted(value, strict),
        };
        result.insert(name.clone(), value);
    }
    if strict && result.contains_key("properties") && !result.contains_key("additionalProperties") {
        result.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    let nullable = members.get("nullable") == Some(&Value::Bool(true));
    if nullable { or_null(result) } else { Value::Object(result) }
}

fn converted_members(members: &Value, strict: bool) -> Value {
    let members = members.as_object().into_iter().flatten();
    members.map(|(name, schema)| (name.clone(), converted(schema, strict))).collect::<Map<_, _>>().into()
}

fn or_null(schema: Map<String, Value>) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}
