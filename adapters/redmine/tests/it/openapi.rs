//! Requests against the description of Redmine's API that `tests/data/redmine` has, and where `USHER_SPECS` names a folder with
//! the whole of it, against that as well.

use std::{collections::BTreeSet, env, fs, path::Path, sync::LazyLock};

use serde_json::{Value, json};
use usher_adapter_sdk::host::{Method, RequestHead};
use usher_openapi::Document;

use crate::server::{Asked, BASE};

/// What values of the query may be, as JSON schemas, where the description says no more than that they are texts or numbers; and
/// how that is known. Sorted.
const VALUES: &[(&str, &str, &str)] = &[
    ("assigned_to_id", r#"{"pattern": "^(me|!\\*|[0-9]+([|][0-9]+)*)$"}"#, OPERATORS),
    ("author_id", r#"{"pattern": "^(me|[0-9]+([|][0-9]+)*)$"}"#, OPERATORS),
    ("created_on", TIMES, OPERATORS),
    ("issue_id", r#"{"pattern": "^([0-9]+(,[0-9]+)*|[<>]=[0-9]+|><[0-9]+[|][0-9]+)$"}"#, OPERATORS),
    ("limit", r#"{"minimum": 1, "maximum": 100}"#, "more is cut to 100 without a word, and 0 means 25: wiki/Rest_api"),
    ("offset", r#"{"minimum": 0}"#, "it counts from 0: wiki/Rest_api"),
    ("open_issues", r#"{"enum": ["1"]}"#, "anything else is as if it were absent: wiki/Rest_Search"),
    ("priority_id", r#"{"pattern": "^[0-9]+([|][0-9]+)*$"}"#, OPERATORS),
    ("project_id", r#"{"pattern": "^[a-z0-9_-]+$"}"#, "a number or an identifier: wiki/Rest_Issues"),
    ("sort", r#"{"pattern": "^(id|created_on|updated_on)(:desc)?(,id(:desc)?)?$"}"#, "columns: wiki/Rest_Issues"),
    ("status_id", r#"{"pattern": "^(open|closed|\\*|[0-9]+([|][0-9]+)*)$"}"#, "wiki/Rest_Issues"),
    ("subproject_id", r#"{"pattern": "^(!\\*|[0-9]+)$"}"#, "a number, or none of them: wiki/Rest_Issues"),
    ("tracker_id", r#"{"pattern": "^[0-9]+([|][0-9]+)*$"}"#, OPERATORS),
    ("updated_on", TIMES, OPERATORS),
];

const OPERATORS: &str = "what it does not understand is an error or another filter: wiki/Rest_Issues, and 5.0.4";
const TIMES: &str = r#"{"pattern": "^([<>]=|><[-0-9]{10}T[:0-9]{8}Z[|])[-0-9]{10}T[:0-9]{8}Z$"}"#;

static CUT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../../tests/data/redmine/redmine.openapi.json");
    read(serde_json::from_str(text).unwrap())
});

static WHOLE: LazyLock<Option<Document>> = LazyLock::new(|| {
    let path = Path::new(&env::var_os("USHER_SPECS")?).join("redmine/redmine-unofficial.openapi.yaml");
    let text = fs::read_to_string(path).ok()?;
    Some(read(serde_saphyr::from_str(&text).unwrap()))
});

/// Reads a description, with what it leaves open.
fn read(mut document: Value) -> Document {
    tighten(&mut document);
    Document::of(&document).with_own_headers("x-redmine-")
}

/// Puts what values may be where the parameters are described; and says of every JSON body that it has to be there: Redmine 5.0.4
/// answers 204 to a change without one.
fn tighten(value: &mut Value) {
    if value["in"] == "query"
        && let Some(name) = value["name"].as_str()
        && let Ok(place) = VALUES.binary_search_by_key(&name, |(name, ..)| *name)
    {
        let schema: Value = serde_json::from_str(VALUES[place].1).unwrap();
        value["schema"].as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
    }
    if let Some(body) = value.get_mut("requestBody")
        && body["content"].get("application/json").is_some()
    {
        body["required"] = json!(true);
    }
    // It is said to be a number or `null`. 5.0.4 clears it at an empty text, and takes `null` for nothing said.
    if let Some(assignee) = value.pointer_mut("/properties/assigned_to_id") {
        *assignee = json!({ "oneOf": [{ "type": "integer" }, { "enum": [""] }] });
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(tighten),
        Value::Array(items) => items.iter_mut().for_each(tighten),
        _ => {}
    }
}

/// Returns what of a request is not as it is described, a sentence each.
pub(crate) fn complaints(asked: &Asked) -> Vec<String> {
    let path = asked.head.url.strip_prefix(BASE).unwrap_or(&asked.head.url);
    let documents = [Some(&*CUT), WHOLE.as_ref()].into_iter().flatten();
    let complaints =
        documents.flat_map(|document| document.check(&asked.parts(), path, |_, _| false).err().unwrap_or_default());
    complaints.map(|complaint| format!("{}: {complaint}", asked.line())).collect()
}

/// Returns which of the described operations a request is, as in `GET /issues.{format}`.
pub(crate) fn operation(asked: &Asked) -> String {
    let path = asked.head.url.strip_prefix(BASE).unwrap_or(&asked.head.url);
    let template = CUT.check(&asked.parts(), path, |_, _| false).map(|matched| matched.template);
    format!("{} {}", asked.head.method, template.unwrap_or(path))
}

/// Returns every operation that is described in the cut.
pub(crate) fn operations() -> BTreeSet<String> {
    CUT.operations().map(|(method, template)| format!("{method} {template}")).collect()
}

#[test]
fn it_is_said_whether_the_whole_description_was_there() {
    match &*WHOLE {
        Some(whole) => assert!(whole.operations().count() > CUT.operations().count()),
        None => println!(
            "requests were checked against the cut description alone: USHER_SPECS names no folder with the whole"
        ),
    }
}

#[test]
fn every_value_that_is_put_right_is_described_and_as_less_than_that() {
    assert!(VALUES.is_sorted_by_key(|(name, ..)| *name));
    let document: Value =
        serde_json::from_str(include_str!("../../../../tests/data/redmine/redmine.openapi.json")).unwrap();
    let mut described = Vec::new();
    parameters(&document, &mut described);
    for (name, schema, reason) in VALUES {
        let own: Vec<_> = described.iter().filter(|it| it["in"] == "query" && it["name"] == *name).collect();
        assert!(!own.is_empty() && !reason.is_empty(), "{name} is not described");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let says_so = |own: &Value| schema.as_object().unwrap().keys().any(|word| own["schema"].get(word).is_some());
        assert!(!own.iter().any(|own| says_so(own)), "{name} is described by now");
    }
}

fn parameters<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) if members.contains_key("in") && members.contains_key("schema") => found.push(value),
        Value::Object(members) => members.values().for_each(|member| parameters(member, found)),
        Value::Array(items) => items.iter().for_each(|item| parameters(item, found)),
        _ => {}
    }
}

#[test]
fn a_wrong_request_of_every_kind_is_told_from_a_right_one() {
    let asked = |line: &str, headers: &[(&str, &str)], body: &str| {
        let (method, address) = line.split_once(' ').unwrap();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut head = RequestHead::default();
        head.method = Method::from_word(method);
        head.url = format!("{BASE}{path}");
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap());
        head.query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        head.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        complaints(&Asked { head, body: body.to_owned() })
    };
    let json = &[("content-type", "application/json")][..];
    let switched = &[("x-redmine-switch-user", "bob")][..];
    assert_eq!(asked("GET /issues.json?limit=100&status_id=*&issue_id=><1|9&sort=id", switched, ""), [""; 0]);
    assert_eq!(asked("GET /issues.json?updated_on=><2026-01-01T00:00:00Z|2026-01-02T00:00:00Z", &[], ""), [""; 0]);
    assert_eq!(asked("PUT /issues/5.json", json, r#"{"issue":{"assigned_to_id":"","parent_issue_id":null}}"#), [""; 0]);
    for (line, headers, body, complaint) in [
        // Paths and methods.
        ("GET /issue/5.json", &[][..], "", "not in the document"),
        ("GET /issues/5", &[], "", "not in the document"),
        ("GET /issues/five.json", &[], "", "path parameter `issue_id`"),
        ("GET /issues/5.html", &[], "", "path parameter `format`"),
        ("PATCH /issues/5.json", json, "{}", "knows"),
        // The query: names, values, what is twice, what is missing.
        ("GET /issues.json?project=1", &[], "", "`project` is not known"),
        ("GET /issues.json?limit=101", &[], "", "query parameter `limit`"),
        ("GET /issues.json?status_id=New", &[], "", "query parameter `status_id`"),
        ("GET /issues.json?issue_id=5..9", &[], "", "query parameter `issue_id`"),
        ("GET /issues.json?updated_on=>=2026-01-01", &[], "", "query parameter `updated_on`"),
        ("GET /issues.json?sort=id:down", &[], "", "query parameter `sort`"),
        ("GET /issues/5.json?include=journals,notes", &[], "", "query parameter `include`"),
        ("GET /issues.json?limit=1&limit=2", &[], "", "there twice"),
        ("GET /search.json?issues=1", &[], "", "`q` is missing"),
        // Headers.
        ("GET /issues/5.json", &[("x-redmine-switchuser", "bob")], "", "header `x-redmine-switchuser`"),
        // Bodies.
        ("GET /issues/5.json", json, "{}", "takes none"),
        ("PUT /issues/5.json", json, "", "the body is missing"),
        ("PUT /issues/5.json", json, "issue", "not JSON"),
        ("PUT /issues/5.json", &[("content-type", "text/plain")], "{}", "content type"),
        ("POST /issues.json", json, r#"{"issue":{"subject":"x"}}"#, "project_id"),
        ("PUT /issues/5.json", json, r#"{"issue":{"note":"x"}}"#, "note"),
        ("PUT /issues/5.json", json, r#"{"issue":{"priority_id":"High"}}"#, "priority_id"),
        ("PUT /issues/5.json", json, r#"{"issue":{"assigned_to_id":null}}"#, "assigned_to_id"),
        ("PUT /issues/5.json", json, r#"{"issue":{"custom_fields":[{"value":"x"}]}}"#, "custom_fields"),
        ("POST /issues/5/relations.json", json, r#"{"relation":{"issue_to_id":7,"relation_type":"hates"}}"#, "hates"),
    ] {
        let told = asked(line, headers, body).join("\n");
        assert!(told.contains(complaint), "{line} {body}: {told}");
    }
}
