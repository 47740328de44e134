//! Swagger 2 in the words of OpenAPI 3, as far as the checks need it.

use serde_json::{Map, Value, json};

/// Members of a parameter that say what its value is.
const OF_VALUES: &[&str] = &["type", "format", "enum", "items", "minimum", "maximum"];

/// Returns a document of Swagger 2 as one of OpenAPI 3.
pub fn lifted(document: &Value) -> Value {
    let paths = document["paths"].as_object().into_iter().flatten();
    let paths: Map<_, _> =
        paths.map(|(template, methods)| (template.clone(), lifted_path(document, methods))).collect();
    json!({ "paths": paths, "components": { "schemas": renamed(&document["definitions"]) } })
}

fn lifted_path(document: &Value, methods: &Value) -> Value {
    let methods = methods.as_object().into_iter().flatten();
    methods
        .map(|(method, operation)| (method.clone(), lifted_operation(document, operation)))
        .collect::<Map<_, _>>()
        .into()
}

fn lifted_operation(document: &Value, operation: &Value) -> Value {
    let parameters: Vec<_> =
        operation["parameters"].as_array().into_iter().flatten().map(|one| resolved(document, one)).collect();
    let plain = parameters.iter().filter(|parameter| parameter["in"] == "path" || parameter["in"] == "query");
    let mut lifted = json!({ "parameters": plain.map(|one| lifted_parameter(one)).collect::<Vec<_>>() });
    if let Some(body) = parameters.iter().find(|parameter| parameter["in"] == "body") {
        let kinds = operation["consumes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let content: Map<_, _> =
            kinds.map(|kind| (kind.to_owned(), json!({ "schema": renamed(&body["schema"]) }))).collect();
        lifted["requestBody"] = json!({ "required": body["required"], "content": content });
    }
    let responses = operation["responses"].as_object().into_iter().flatten();
    let responses = responses.map(|(status, response)| {
        let schema = renamed(&response["schema"]);
        (status.clone(), json!({ "content": { "application/json": { "schema": schema } } }))
    });
    lifted["responses"] = responses.collect::<Map<_, _>>().into();
    lifted
}

fn lifted_parameter(parameter: &Value) -> Value {
    let members = parameter.as_object().into_iter().flatten();
    let schema = members.filter(|(name, _)| OF_VALUES.contains(&name.as_str()));
    let schema: Map<_, _> = schema.map(|(name, value)| (name.clone(), value.clone())).collect();
    json!({ "name": parameter["name"], "in": parameter["in"], "required": parameter["required"], "schema": schema })
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value["$ref"].as_str() else { return value };
    document.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

/// Returns a schema whose references lead to where OpenAPI 3 has them.
fn renamed(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), renamed(value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(renamed).collect(),
        Value::String(text) => text.replace("#/definitions/", "#/components/schemas/").into(),
        other => other.clone(),
    }
}
