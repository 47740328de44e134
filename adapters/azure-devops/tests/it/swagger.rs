//! Requests against Microsoft's own description of the API (Swagger 2), with its known defects allowed one by one.

use std::{path::Path, sync::LazyLock};

use serde_json::Value;

use crate::server::Asked;

/// Where the documents are: whole ones, where a variable names them, else those of the repository.
const CUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/azure-devops");

static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = std::env::var_os("USHER_SPECS").map(|folder| Path::new(&folder).join("azure-devops"));
    let folder = folder.unwrap_or_else(|| CUT.into());
    let read = |name: &str| {
        let path = folder.join(format!("{name}-7.1.swagger.json"));
        let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&text).unwrap()
    };
    ["workItemTracking", "core-projects", "identities"].map(read).to_vec()
});

/// Requests that the documents lack: method, the end of the path, a query parameter (none: the whole request), and why
/// it is right all the same.
const DEFECTS: &[(&str, &str, Option<&str>, &str)] = &[
    ("GET", "/_apis/connectiondata", None, "of the location service, which no document describes"),
    ("GET", "/comments", Some("$top"), "overloads are merged, and only the one for ids is described"),
    ("GET", "/comments", Some("continuationToken"), "overloads are merged, and only the one for ids is described"),
    ("GET", "/comments", Some("order"), "overloads are merged, and only the one for ids is described"),
    ("GET", "/comments", Some("ids"), "required only by the overload that is described"),
];

/// Segments of paths that may be missing, although they are described as required: `x-ms-required` says so for the
/// project, and nothing for the team.
const OPTIONAL: &[&str] = &["{project}", "{team}"];

/// Returns what of a request is not as described, a sentence each.
pub(crate) fn complaints(asked: &Asked, organization_url: &str) -> Vec<String> {
    let method = asked.head.method.as_str().to_ascii_lowercase();
    let path = asked.head.url.strip_prefix(organization_url).unwrap_or(&asked.head.url);
    let is_defect = |parameter: Option<&str>| {
        DEFECTS.iter().any(|(known, end, name, _)| {
            known.eq_ignore_ascii_case(&method) && path.to_ascii_lowercase().ends_with(end) && *name == parameter
        })
    };
    if is_defect(None) {
        return Vec::new();
    }
    let Some((document, operation, values)) = find(&method, path) else {
        return vec![format!("{method} {path} is not described")];
    };
    let parameters = parameters(document, operation);
    let mut complaints = Vec::new();
    for (name, value) in &asked.head.query {
        match parameters.iter().find(|it| it["in"] == "query" && it["name"] == name.as_str()) {
            Some(parameter) => complaints.extend(plain(parameter, value)),
            None if is_defect(Some(name)) => {}
            None => complaints.push(format!("query parameter `{name}` is not described")),
        }
    }
    for parameter in &parameters {
        let name = parameter["name"].as_str().unwrap();
        let is_there = asked.head.query.iter().any(|(own, _)| own == name);
        if parameter["in"] == "query" && parameter["required"] == true && !is_there && !is_defect(Some(name)) {
            complaints.push(format!("query parameter `{name}` is missing"));
        }
        if let Some((_, value)) = values.iter().find(|(own, _)| parameter["in"] == "path" && own == name) {
            complaints.extend(plain(parameter, value));
        }
    }
    complaints.extend(body(document, operation, &parameters, asked));
    complaints
}

/// A document, an operation of its, and the values that stand in the path.
type Found = (&'static Value, &'static Value, Vec<(String, String)>);

/// Finds the operation that a path means.
fn find(method: &str, path: &str) -> Option<Found> {
    DOCUMENTS.iter().find_map(|document| {
        let paths = document["paths"].as_object().unwrap();
        // Where a name is fixed it is meant before one that may be anything.
        let fitting = paths.iter().filter_map(|(template, operations)| {
            let values = fits(template, path)?;
            Some((values.len(), operations.get(method)?, values))
        });
        fitting.min_by_key(|(count, ..)| *count).map(|(_, operation, values)| (document, operation, values))
    })
}

fn fits(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    // The organisation has been taken off the path.
    let template: Vec<&str> = template.split('/').skip(2).collect();
    let path: Vec<&str> = path.split('/').skip(1).collect();
    let missing = template.len().checked_sub(path.len())?;
    let mut optional: Vec<&str> = template.iter().copied().filter(|part| OPTIONAL.contains(part)).collect();
    let kept = optional.len().checked_sub(missing)?;
    let left_out = optional.split_off(kept);
    let template = template.iter().filter(|part| !left_out.contains(part));
    let mut values = Vec::new();
    for (part, own) in template.zip(&path) {
        let own = own.replace("%24", "$").replace("%20", " ");
        match part.split_once('{') {
            Some((before, name)) => {
                let value = own.strip_prefix(before)?;
                values.push((name.trim_end_matches('}').to_owned(), value.to_owned()));
            }
            None if part.eq_ignore_ascii_case(&own) => {}
            None => return None,
        }
    }
    Some(values)
}

fn parameters<'d>(document: &'d Value, operation: &'d Value) -> Vec<&'d Value> {
    let own = operation["parameters"].as_array().into_iter().flatten();
    own.map(|parameter| resolved(document, parameter)).collect()
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Checks a value that stands in an address.
fn plain(parameter: &Value, value: &str) -> Vec<String> {
    let name = &parameter["name"];
    let is_right = match parameter["type"].as_str() {
        Some("integer") => value.parse::<i64>().is_ok(),
        Some("boolean") => matches!(value, "true" | "false"),
        _ => true,
    };
    let is_known = parameter["enum"].as_array().is_none_or(|known| known.iter().any(|it| it == value));
    let mut complaints = Vec::new();
    if !is_right || !is_known {
        complaints.push(format!("{name} cannot be `{value}`"));
    }
    complaints
}

fn body(document: &Value, operation: &Value, parameters: &[&Value], asked: &Asked) -> Vec<String> {
    let Some(parameter) = parameters.iter().find(|parameter| parameter["in"] == "body") else {
        return if asked.body.is_empty() { Vec::new() } else { vec!["there is a body".to_owned()] };
    };
    let header = |name: &str| asked.head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let kind = header("content-type").unwrap_or_default();
    let kinds = operation["consumes"].as_array().unwrap();
    if !kinds.iter().any(|known| known == kind) {
        return vec![format!("the content type `{kind}` is none of {kinds:?}")];
    }
    if kind == "application/octet-stream" {
        return Vec::new();
    }
    let value: Value = serde_json::from_str(&asked.body).unwrap();
    schema(document, &parameter["schema"], &value, "body")
}

/// Checks a value. A property that is not described is a complaint, although Swagger would let it pass.
fn schema(document: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let described = resolved(document, schema);
    let parts: Vec<&Value> = described["allOf"].as_array().into_iter().flatten().collect();
    if let [part] = parts[..]
        && described["properties"].as_object().is_none_or(|own| own.is_empty())
    {
        return self::schema(document, part, value, place);
    }
    if let Some(known) = described["enum"].as_array() {
        let is_known = known.contains(value);
        return if is_known { Vec::new() } else { vec![format!("{place} cannot be {value}")] };
    }
    match described["type"].as_str() {
        Some("array") => match value.as_array() {
            Some(items) => {
                let items = items.iter().enumerate();
                items
                    .flat_map(|(at, item)| self::schema(document, &described["items"], item, &format!("{place}.{at}")))
                    .collect()
            }
            None => vec![format!("{place} is no list")],
        },
        Some("integer") if !value.is_i64() => vec![format!("{place} is no number")],
        Some("string") if !value.is_string() => vec![format!("{place} is no text")],
        Some("object") if place.ends_with(".value") => {
            // A defect: the value of an operation is described as an object, and is anything.
            Vec::new()
        }
        Some("object") => match value.as_object() {
            Some(fields) => {
                let check = |(name, field): (&String, &Value)| match described["properties"].get(name) {
                    Some(own) => self::schema(document, own, field, &format!("{place}.{name}")),
                    None => vec![format!("{place}.{name} is not described")],
                };
                fields.iter().flat_map(check).collect()
            }
            None => vec![format!("{place} is no object")],
        },
        _ => Vec::new(),
    }
}

#[test]
fn every_defect_that_is_allowed_is_still_one() {
    for (method, end, parameter, reason) in DEFECTS {
        assert!(!reason.is_empty());
        let Some(parameter) = parameter else { continue };
        let (document, operation, _) =
            find(&method.to_ascii_lowercase(), &format!("/Web/_apis/wit/workItems/5{end}")).unwrap();
        let described = parameters(document, operation);
        let own = described.iter().find(|it| it["name"] == *parameter);
        assert!(own.is_none_or(|own| own["required"] == true), "{parameter} is described by now");
    }
}

#[test]
fn a_wrong_request_is_told_from_a_right_one() {
    let asked = |method: &str, path: &str, query: &[(&str, &str)], kind: &str, body: &str| {
        let mut head = usher_adapter_sdk::host::RequestHead::default();
        head.method = usher_adapter_sdk::host::Method::from_word(method);
        head.url = format!("https://dev.azure.com/acme{path}");
        head.query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        head.headers = vec![("content-type".to_owned(), kind.to_owned())];
        complaints(&Asked { head, body: body.to_owned() }, "https://dev.azure.com/acme")
    };
    let version = ("api-version", "7.1");
    assert_eq!(asked("GET", "/_apis/wit/workitems/5", &[version, ("$expand", "all")], "", ""), [""; 0]);
    let json = "application/json";
    assert_eq!(asked("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"ids":[1],"$expand":"all"}"#), [""; 0]);
    for (method, path, query, kind, body) in [
        ("GET", "/_apis/wit/workitems/5", &[][..], "", ""),
        ("GET", "/_apis/wit/workitems/x", &[version], "", ""),
        ("GET", "/_apis/wit/workitems/5", &[version, ("$expand", "some")], "", ""),
        ("GET", "/_apis/wit/workitems/5", &[version, ("expand", "all")], "", ""),
        ("GET", "/_apis/wit/nothing", &[version], "", ""),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"ids":["1"]}"#),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"numbers":[1]}"#),
        ("PATCH", "/_apis/wit/workitems/5", &[version], json, "[]"),
        ("PATCH", "/_apis/wit/workitems/5", &[version], "application/json-patch+json", r#"[{"op":"set"}]"#),
    ] {
        assert!(!asked(method, path, query, kind, body).is_empty(), "{method} {path} {query:?} {body}");
    }
}
