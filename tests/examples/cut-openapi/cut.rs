//! The cut itself: paths, the components that they lead to, and nothing that nobody checks anything by.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::documents::Operations;

/// What nobody checks anything by.
const LEFT_OUT: &[&str] = &[
    "description",
    "example",
    "examples",
    "externalDocs",
    "operationId",
    "security",
    "summary",
    "tags",
    "title",
    "x-atlassian-connect-scope",
    "x-atlassian-data-security-policy",
    "x-atlassian-narrative",
    "x-atlassian-oauth2-scopes",
    "x-changes",
    "x-experimental",
    "x-github",
    "x-github-breaking-changes",
    "x-octokit",
    "x-showInExample",
    "xml",
];

/// Returns a document with the given operations and the components that they need.
pub(crate) fn document(document: &Value, operations: Operations) -> Value {
    let paths: Map<_, _> = operations.iter().filter_map(|(path, methods)| cut_path(document, path, methods)).collect();
    let paths = Value::Object(paths);
    let mut components = json!({});
    for reference in needed(document, &paths) {
        let (kind, name) =
            reference.trim_start_matches("#/components/").split_once('/').expect("a component has a name");
        components[kind][name] = stripped(&document["components"][kind][name]);
    }
    json!({ "openapi": document["openapi"], "info": document["info"], "paths": paths, "components": components })
}

/// Returns a path with the methods that are kept; a path that the document does not have is left out.
fn cut_path(document: &Value, path: &str, methods: &[&str]) -> Option<(String, Value)> {
    let all = document["paths"].get(path)?;
    let kept = methods.iter().map(|method| ((*method).to_owned(), stripped(&all[*method])));
    Some((path.to_owned(), Value::Object(kept.collect())))
}

/// Returns all references that lead from a value, over any number of others.
fn needed(document: &Value, value: &Value) -> BTreeSet<String> {
    let (mut known, mut open) = (BTreeSet::new(), references(value));
    while let Some(reference) = open.pop() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere");
        let further = references(&stripped(target));
        if known.insert(reference) {
            open.extend(further);
        }
    }
    known
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn stripped(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
            kept.map(|(name, value)| (name.clone(), if name == "properties" { named(value) } else { stripped(value) }))
                .collect()
        }
        Value::Array(items) => items.iter().map(stripped).collect(),
        other => other.clone(),
    }
}

/// Strips the members of something whose members have names of their own: a property may be called `title`.
fn named(value: &Value) -> Value {
    let members = value.as_object().expect("properties are an object");
    members.iter().map(|(name, value)| (name.clone(), stripped(value))).collect()
}
