//! What Azure DevOps describes of itself, with what the descriptions have wrong put right in one table.

use std::{collections::HashMap, sync::OnceLock};

use serde_json::{Value, json};

use crate::servers::{
    Request,
    openapi::{Defect, Document, swagger},
};

/// The documents, and what is put right in each of them: a place, what is true there, and why.
const DOCUMENTS: &[(&str, &[Amendment])] = &[
    (include_str!("../../../data/azure-devops/workItemTracking-7.1.swagger.json"), WORK_ITEM_TRACKING),
    (include_str!("../../../data/azure-devops/core-projects-7.1.swagger.json"), &[]),
    (include_str!("../../../data/azure-devops/identities-7.1.swagger.json"), &[]),
    (include_str!("../../../data/azure-devops/beside.swagger.json"), &[]),
];

/// A place of a document that is put right.
struct Amendment {
    pointer: &'static str,
    truth: fn() -> Value,
    #[expect(dead_code, reason = "it is for who reads the table")]
    reason: &'static str,
}

const WORK_ITEM_TRACKING: &[Amendment] = &[
    Amendment {
        pointer: "/definitions/JsonPatchDocument",
        truth: || json!({ "type": "array", "items": { "$ref": "#/definitions/JsonPatchOperation" } }),
        reason: "it is called an object and a list at once; it is a list",
    },
    Amendment {
        pointer: "/definitions/JsonPatchOperation/properties/value",
        truth: || json!({}),
        reason: "the value of an operation is called an object, and is anything",
    },
    Amendment {
        pointer: "/definitions/Link/properties/attributes/additionalProperties",
        truth: || json!({}),
        reason: "the attributes of relations are called objects, and are texts, numbers and truths",
    },
    Amendment {
        pointer: "/definitions/WorkItem/properties/fields/additionalProperties",
        truth: || json!({}),
        reason: "the values of fields are called objects, and are anything",
    },
    Amendment {
        pointer: "/definitions/WorkItemTypeFieldWithReferences/properties/allowedValues/items",
        truth: || json!({}),
        reason: "allowed values are called objects, and are texts",
    },
    Amendment {
        pointer: "/definitions/WorkItemClassificationNode/properties/attributes/additionalProperties",
        truth: || json!({}),
        reason: "the attributes of nodes are called objects, and are texts",
    },
    Amendment {
        pointer: "/definitions/WorkItemRelationType/properties/attributes/additionalProperties",
        truth: || json!({}),
        reason: "the attributes of types of relations are called objects, and are anything",
    },
];

/// Parameters of the query that are missing: the end of the path, the names, and why.
const LACKING: &[(&str, &[&str], &str)] = &[
    (
        "/comments",
        &["$top", "continuationToken", "order"],
        "overloads are merged, and only the one for ids is described",
    ),
    ("/comments", &["format"], "the kind of a comment's text is newer than the document"),
];

/// What is said to be missing and is not.
const DEFECTS: &[Defect] = &[Defect {
    path_end: "/comments",
    complaint: "query parameter `ids` is missing",
    reason: "only the overload for ids needs it",
}];

/// Segments of paths that can be left out, although only the vendor's own `x-ms-required` says so, and not for the team.
const OPTIONAL: &[&str] = &["/{project}", "/{team}"];

/// The operation that a request means.
pub(super) struct Meant {
    /// The path as it stands in the document, without what can be left out.
    pub(super) template: String,
    /// The parameters of the path by their names.
    pub(super) values: HashMap<String, String>,
}

/// Finds the operation of a request, or says what is wrong with it.
pub(super) fn matched(request: &Request, path: &str) -> Result<Meant, Vec<String>> {
    let document = documents().iter().find(|document| document.knows(path));
    let document = document.ok_or_else(|| vec!["the path is not in the documents".to_owned()])?;
    let lower = path.to_lowercase();
    let lacking =
        |name: &str, _: &str| LACKING.iter().any(|(end, names, _)| lower.ends_with(end) && names.contains(&name));
    let matched = document.check_but(request, path, lacking, DEFECTS)?;
    let names = matched.template.split('/').filter_map(|segment| segment.split_once('{')?.1.strip_suffix('}'));
    let values = names.map(str::to_owned).zip(matched.values.iter().cloned()).collect();
    Ok(Meant { template: without_optional(matched.template), values })
}

/// Returns a path without what can be left out.
pub(super) fn without_optional(template: &str) -> String {
    OPTIONAL.iter().fold(template.to_owned(), |template, optional| template.replace(optional, ""))
}

/// Returns the documents, put right.
pub fn documents() -> &'static [Document] {
    static READ: OnceLock<Vec<Document>> = OnceLock::new();
    READ.get_or_init(|| DOCUMENTS.iter().map(|(text, amendments)| read(text, amendments)).collect())
}

fn read(text: &str, amendments: &[Amendment]) -> Document {
    let mut document: Value = serde_json::from_str(text).expect("the document is JSON");
    for Amendment { pointer, truth, .. } in amendments {
        let place = document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
        *place = truth();
    }
    with_optional(&mut document);
    Document::of(&swagger::lifted(&document)).ignoring_case()
}

/// Adds each path without what can be left out of it. For the operations that all projects share, the project can too.
fn with_optional(document: &mut Value) {
    let paths = document["paths"].as_object_mut().expect("the document has paths");
    let mut short = Vec::new();
    for (template, operations) in paths.iter() {
        let without_team = template.replace("/{team}", "");
        short.push((without_team.clone(), operations.clone()));
        let whole = ["/workitems/{id}", "/wiql", "/workitemsbatch", "/attachments", "/attachments/{id}", "/fields"];
        if whole.iter().any(|end| without_team.ends_with(end)) && !without_team.contains("workitemtypes") {
            short.push((without_team.replace("/{project}", ""), operations.clone()));
        }
    }
    for (template, operations) in short {
        paths.entry(template).or_insert(operations);
    }
}
