//! Bodies: documents on Cloud, checked against their schema, and wiki markup on Data Center.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use super::{reply::Refusal, service::Call};

/// Takes a body of a field or a comment. A document that the schema does not allow is the client's mistake.
pub(super) fn body(call: &Call, field: &str, value: &Value) -> Result<Value, Refusal> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    if !call.site.cloud {
        let text = value.as_str().map(Value::from);
        return text.ok_or_else(|| Refusal::field(field, "Operation value must be a string"));
    }
    if !value.is_object() {
        let why = "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
        return Err(Refusal::field(field, why));
    }
    let complaints: Vec<_> = schema().iter_errors(value).map(|error| error.to_string()).collect();
    match complaints.first() {
        None => Ok(value.clone()),
        Some(first) => Err(Refusal::violation(format!("{field} is not a document that Jira takes: {first}"))),
    }
}

/// Returns a document with one paragraph, as a text that somebody typed is kept.
pub(super) fn paragraph(text: &str) -> Value {
    let content =
        if text.is_empty() { serde_json::json!([]) } else { serde_json::json!([{ "type": "text", "text": text }]) };
    serde_json::json!({ "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": content }] })
}

/// Returns the schema of documents.
fn schema() -> &'static Validator {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../../data/jira/adf-document.v1.schema.json");
        let schema = serde_json::from_str(text).expect("the schema is JSON");
        jsonschema::validator_for(&schema).expect("the schema is one")
    })
}
