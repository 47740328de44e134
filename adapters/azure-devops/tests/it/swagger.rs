//! Requests against Microsoft's own description of the API (Swagger 2), with its known defects allowed one by one.

use std::{env, fs, path::Path, sync::LazyLock};

use serde_json::{Map, Value};
use usher_adapter_sdk::host::Method;
use usher_openapi::{Defect, Document, swagger};

use crate::server::Asked;

/// Where the documents are: whole ones, where a variable names them, else those of the repository.
const CUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/azure-devops");

/// What the documents say otherwise: the place, what is true there, and why.
const TRUTHS: &[(&str, &str, &str)] = &[
    (
        "/definitions/JsonPatchDocument",
        r##"{"type": "array", "items": {"$ref": "#/definitions/JsonPatchOperation"}}"##,
        "it is called an object and a list at once; it is a list",
    ),
    ("/definitions/JsonPatchOperation/properties/value", "{}", "it is called an object, and is anything"),
];

/// Paths that no document has: the end, and where it is from.
const UNDESCRIBED: &[(&str, &str)] = &[("/_apis/connectiondata", "the location service, which no document describes")];

/// Parameters of the query of comments that are not described, since overloads are merged and only the one for ids is.
const OF_COMMENTS: &[&str] = &["$top", "continuationToken", "order"];

const DEFECTS: &[Defect] = &[Defect {
    path_end: "/comments",
    complaint: "query parameter `ids` is missing",
    reason: "required only by the overload that is described",
}];

static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| read().into_iter().map(document).collect());

/// Returns the documents as they are.
fn read() -> Vec<Value> {
    let folder = env::var_os("USHER_SPECS").map(|folder| Path::new(&folder).join("azure-devops"));
    let folder = folder.unwrap_or_else(|| CUT.into());
    let read = |name: &str| {
        let path = folder.join(format!("{name}-7.1.swagger.json"));
        let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&text).unwrap()
    };
    ["workItemTracking", "core-projects", "identities"].map(read).to_vec()
}

/// Puts a document right.
fn document(mut described: Value) -> Document {
    for (pointer, truth, _) in TRUTHS {
        if let Some(place) = described.pointer_mut(pointer) {
            *place = serde_json::from_str(truth).unwrap();
        }
    }
    let paths = described["paths"].as_object().unwrap();
    described["paths"] = without_optional(paths).into();
    Document::of(&swagger::lifted(&described)).ignoring_case()
}

/// Returns the paths behind the organisation, each also without what may be missing, although it is described as required:
/// `x-ms-required` says so for the project, and nothing for the team.
fn without_optional(paths: &Map<String, Value>) -> Map<String, Value> {
    let mut all = Map::new();
    for left_out in [&[][..], &["/{team}"], &["/{team}", "/{project}"]] {
        for (template, operations) in paths {
            let template = template.replace("/{organization}", "");
            let short = left_out.iter().fold(template, |template, segment| template.replace(segment, ""));
            all.entry(short).or_insert_with(|| operations.clone());
        }
    }
    all
}

/// Returns what of a request is not as described, a sentence each.
pub(crate) fn complaints(asked: &Asked, organization_url: &str) -> Vec<String> {
    let path = asked.head.url.strip_prefix(organization_url).unwrap_or(&asked.head.url);
    let lower = path.to_ascii_lowercase();
    let is_read = asked.head.method == Method::Get;
    if is_read && UNDESCRIBED.iter().any(|(end, _)| lower.ends_with(end)) {
        return Vec::new();
    }
    let Some(document) = document_of(path) else { return vec![format!("{path} is not described")] };
    let is_lacking = |name: &str, _: &str| is_read && lower.ends_with("/comments") && OF_COMMENTS.contains(&name);
    document.check_but(&asked.parts(), path, is_lacking, DEFECTS).err().unwrap_or_default()
}

fn document_of(path: &str) -> Option<&'static Document> {
    DOCUMENTS.iter().find(|document| document.knows(path))
}

fn asked(method: &str, path: &str, query: &[(&str, &str)], kind: &str, body: &str) -> Asked {
    let mut head = usher_adapter_sdk::host::RequestHead::default();
    head.method = Method::from_word(method);
    head.url = format!("https://dev.azure.com/acme{path}");
    head.query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    head.headers = vec![("content-type".to_owned(), kind.to_owned())];
    Asked { head, body: body.to_owned() }
}

#[test]
fn every_defect_that_is_allowed_is_still_one() {
    let documents = read();
    for (pointer, truth, _) in TRUTHS {
        let described: Vec<_> = documents.iter().filter_map(|document| document.pointer(pointer)).collect();
        let truth: Value = serde_json::from_str(truth).unwrap();
        assert!(!described.is_empty() && !described.contains(&&truth), "{pointer} is described so by now");
    }
    for (path, _) in UNDESCRIBED {
        assert!(document_of(path).is_none(), "{path} is described by now");
    }
    let path = "/Web/_apis/wit/workItems/5/comments";
    let query: Vec<_> = OF_COMMENTS.iter().map(|name| (*name, "1")).collect();
    let told =
        document_of(path).unwrap().check(&asked("GET", path, &query, "", "").parts(), path, |_, _| false).unwrap_err();
    let lacking = OF_COMMENTS.iter().map(|name| format!("query parameter `{name}` is not known"));
    for complaint in lacking.chain(DEFECTS.iter().map(|defect| defect.complaint.to_owned())) {
        assert!(told.iter().any(|told| told.starts_with(&complaint)), "{complaint} no more: {told:?}");
    }
}

#[test]
fn a_wrong_request_is_told_from_a_right_one() {
    let told = |method: &str, path: &str, query: &[(&str, &str)], kind: &str, body: &str| {
        complaints(&asked(method, path, query, kind, body), "https://dev.azure.com/acme").join("\n")
    };
    let version = ("api-version", "7.1");
    let (json, patch) = ("application/json", "application/json-patch+json");
    assert_eq!(told("GET", "/_apis/wit/workitems/5", &[version, ("$expand", "all")], "", ""), "");
    assert_eq!(told("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"ids":[1],"$expand":"all"}"#), "");
    assert_eq!(
        told("PATCH", "/_apis/wit/workitems/5", &[version], patch, r#"[{"op":"add","path":"/x","value":1}]"#),
        ""
    );
    for (method, path, query, kind, body, complaint) in [
        ("GET", "/_apis/wit/workitems/5", &[][..], "", "", "`api-version` is missing"),
        ("GET", "/_apis/wit/workitems/x", &[version], "", "", "path parameter `id`"),
        ("GET", "/_apis/wit/workitems/5", &[version, ("$expand", "some")], "", "", "query parameter `$expand`"),
        ("GET", "/_apis/wit/workitems/5", &[version, ("expand", "all")], "", "", "`expand` is not known"),
        ("GET", "/_apis/wit/workitems/5", &[version, version], "", "", "there twice"),
        ("GET", "/_apis/wit/nothing", &[version], "", "", "is not described"),
        ("PUT", "/_apis/wit/workitems/5", &[version], "", "", "knows"),
        (
            "POST",
            "/Web/_apis/wit/workItems/5/comments",
            &[version, ("order", "asc")],
            json,
            "{}",
            "`order` is not known",
        ),
        ("GET", "/_apis/wit/workitems/5", &[version], json, "{}", "takes none"),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, "", "the body is missing"),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"ids":["1"]}"#, "/ids/0"),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"ids":[1.5]}"#, "/ids/0"),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"$expand":"some"}"#, "/$expand"),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, r#"{"numbers":[1]}"#, "'numbers'"),
        ("POST", "/_apis/wit/workitemsbatch", &[version], json, "[]", "body: "),
        ("PATCH", "/_apis/wit/workitems/5", &[version], json, "[]", "content type"),
        ("PATCH", "/_apis/wit/workitems/5", &[version], patch, r#"[{"op":"set"}]"#, "/0/op"),
        ("PATCH", "/_apis/wit/workitems/5", &[version], patch, r#"[{"path":7}]"#, "/0/path"),
        ("PATCH", "/_apis/wit/workitems/5", &[version], patch, r#"{"op":"add"}"#, "body: "),
    ] {
        let told = told(method, path, query, kind, body);
        assert!(told.contains(complaint), "{method} {path} {query:?} {body}: {told}");
    }
}
