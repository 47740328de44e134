//! Cuts GitHub's OpenAPI documents to what the fake GitHub has, and writes them to `tests/data/github`.
//!
//! `USHER_SPECS` names a folder with the official documents: `generated/api.github.com.json` and `generated/ghes-3.19.json`, as
//! the npm package `@octokit/openapi` has them, or a folder `github` with copies called `*.issues.openapi.json`.
//!
//! ```sh
//! USHER_SPECS=node_modules/@octokit/openapi cargo run -p usher-tests --example cut-github-openapi
//! ```

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

/// Where a document is found, and what its cut is called.
const DOCUMENTS: &[([&str; 2], &str)] = &[
    (["generated/api.github.com.json", "github/api.github.com.issues.openapi.json"], "api.github.com.openapi.json"),
    (["generated/ghes-3.19.json", "github/ghes-3.19.issues.openapi.json"], "ghes-3.19.openapi.json"),
];

/// The operations that the fake has, sorted.
const OPERATIONS: &[(&str, &[&str])] = &[
    ("/meta", &["get"]),
    ("/orgs/{org}/issue-fields", &["get"]),
    ("/rate_limit", &["get"]),
    ("/repos/{owner}/{repo}", &["get"]),
    ("/repos/{owner}/{repo}/assignees", &["get"]),
    ("/repos/{owner}/{repo}/issue-types", &["get"]),
    ("/repos/{owner}/{repo}/issues", &["get", "post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}", &["get", "patch"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/assignees", &["delete", "post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", &["get", "post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/labels", &["post"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", &["delete"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/parent", &["get"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/sub_issue", &["delete"]),
    ("/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", &["get", "post"]),
    ("/repos/{owner}/{repo}/labels", &["get"]),
    ("/repos/{owner}/{repo}/milestones", &["get"]),
    ("/search/issues", &["get"]),
    ("/user", &["get"]),
];

/// What nobody checks anything by.
const LEFT_OUT: &[&str] = &[
    "description",
    "example",
    "examples",
    "externalDocs",
    "operationId",
    "summary",
    "tags",
    "title",
    "x-github",
    "x-github-breaking-changes",
    "x-octokit",
];

fn main() {
    let specs = env::var_os("USHER_SPECS").map(PathBuf::from);
    let specs = specs.expect("USHER_SPECS names no folder: see the top of this file");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/github");
    for (names, cut) in DOCUMENTS {
        let found = names.iter().map(|name| specs.join(name)).find(|path| path.is_file());
        let found = found.unwrap_or_else(|| panic!("none of {names:?} is in {}", specs.display()));
        let text = fs::read_to_string(&found).expect("the document can be read");
        let document = serde_json::from_str(&text).expect("the document is JSON");
        let small = serde_json::to_string_pretty(&cut_document(&document)).expect("JSON can be written");
        fs::write(target.join(cut), indented_less(&small)).expect("the cut can be written");
    }
}

fn cut_document(document: &Value) -> Value {
    let paths: Map<_, _> = OPERATIONS.iter().filter_map(|(path, methods)| cut_path(document, path, methods)).collect();
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

/// Halves the indentation: a document is deep.
fn indented_less(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let content = line.trim_start();
        format!("{}{content}\n", " ".repeat((line.len() - content.len()) / 2))
    });
    lines.collect()
}
