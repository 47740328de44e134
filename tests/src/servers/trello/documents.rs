//! What Trello describes of itself, with what the description has wrong put right in one table.
//!
//! The document here is written from facts; where `USHER_SPECS` names a folder with Atlassian's own, requests have to fit both.

use std::{env, fs, path::PathBuf, sync::OnceLock};

use crate::servers::{
    Request,
    openapi::{Defect, Document, Matched},
};

/// What Atlassian's own document has wrong or leaves out, as far as requests of the fake's operations meet it.
const DEFECTS: &[Defect] = &[
    Defect { path_end: "", complaint: "path parameter `id`", reason: "short links are taken where ids are" },
    Defect { path_end: "", complaint: "path parameter `idCard`", reason: "short links are taken where ids are" },
    Defect { path_end: "", complaint: "query parameter `limit` is not known", reason: "all lists take a limit" },
    Defect { path_end: "", complaint: "query parameter `before` is not known", reason: "lists are paged by ids" },
    Defect { path_end: "", complaint: "query parameter `since` is not known", reason: "lists are paged by ids" },
    Defect { path_end: "", complaint: "query parameter `idLabels`", reason: "it is a list of ids" },
    Defect { path_end: "", complaint: "query parameter `idMembers`", reason: "it is a list of ids" },
    Defect { path_end: "", complaint: "query parameter `idBoards`", reason: "it is a list of ids" },
    Defect { path_end: "", complaint: "query parameter `due`", reason: "it is a point in time and no day" },
    Defect { path_end: "", complaint: "query parameter `start`", reason: "it is a point in time and no day" },
    Defect { path_end: "", complaint: "query parameter `pos`", reason: "numbers have decimals" },
    Defect { path_end: "", complaint: "query parameter `fields`", reason: "it is a list of names" },
    Defect { path_end: "", complaint: "query parameter `attachments`", reason: "`true` fits two of its choices" },
    Defect { path_end: "/cards/{filter}", complaint: "query parameter", reason: "what is nested is not described" },
    Defect { path_end: "/item", complaint: "body:", reason: "values are texts, and empty ones clear a field" },
    Defect { path_end: "/boards/{id}", complaint: "query parameter `labels_limit`", reason: "it is not described" },
    Defect { path_end: "/cards/{id}", complaint: "query parameter `actions_limit`", reason: "it is not described" },
    Defect { path_end: "/cards/{id}", complaint: "query parameter `idBoard`", reason: "a new board is one of the ids" },
];

/// Ends of paths that Atlassian's document does not have at all.
const UNDESCRIBED: &[&str] = &["/download/"];

/// Finds the operation of a request, or says what is wrong with it.
///
/// Trello takes each parameter in the query, or as a member of a body of JSON, or as a part of a form: all are looked at as if
/// they stood in the query.
pub(super) fn matched(request: &Request, path: &str) -> Result<Matched<'static>, Vec<String>> {
    let query = form_urlencoded::parse(request.query.as_deref().unwrap_or_default().as_bytes());
    if let Some((secret, _)) = query.into_iter().find(|(name, _)| name == "key" || name == "token") {
        return Err(vec![format!("`{secret}` stands in the address, and addresses end in logs")]);
    }
    let flat = if path.ends_with("/item") { request.clone() } else { flattened(request)? };
    let matched = document().check(&flat, path, |_, _| false)?;
    if let Some(whole) = whole() {
        let number = path.rsplit('/').next().is_some_and(|end| end.parse::<u32>().is_ok());
        if !number && !UNDESCRIBED.iter().any(|part| path.contains(part)) {
            whole.check_but(&flat, path, |_, _| false, DEFECTS)?;
        }
    }
    Ok(matched)
}

/// Returns the document that is written from facts.
pub fn document() -> &'static Document {
    static READ: OnceLock<Document> = OnceLock::new();
    READ.get_or_init(|| Document::parse(include_str!("../../../data/trello/trello.openapi.json")))
}

/// Returns Atlassian's own document, where there is one.
pub fn whole() -> Option<&'static Document> {
    static READ: OnceLock<Option<Document>> = OnceLock::new();
    let read = || {
        let file = PathBuf::from(env::var_os("USHER_SPECS")?).join("trello/trello-openapi.json");
        let text = fs::read_to_string(&file).ok()?;
        Some(Document::parse(&text))
    };
    READ.get_or_init(read).as_ref()
}

/// Returns the request with everything in its query.
fn flattened(request: &Request) -> Result<Request, Vec<String>> {
    let mut flat = request.clone();
    if request.body.is_empty() {
        return Ok(flat);
    }
    let kind = request.header("content-type").unwrap_or_default();
    let mut query = form_urlencoded::Serializer::new(request.query.clone().unwrap_or_default());
    if kind.starts_with("multipart/form-data") {
        for part in crate::servers::form::parts(request).map_err(|complaint| vec![complaint])? {
            let value = String::from_utf8(part.content).unwrap_or_else(|_| "bytes".to_owned());
            query.append_pair(&part.name, if part.file_name.is_some() { "bytes" } else { &value });
        }
    } else if kind.starts_with("application/json") {
        let body: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&request.body)
            .map_err(|error| vec![format!("the body is no object of JSON: {error}")])?;
        for (name, value) in body {
            let text = match value {
                serde_json::Value::String(text) => text,
                // A member that is null empties a field; in a query that is the word.
                serde_json::Value::Null => continue,
                value @ (serde_json::Value::Bool(_) | serde_json::Value::Number(_)) => value.to_string(),
                other => return Err(vec![format!("`{name}` of the body is {other}, and no text, number or truth")]),
            };
            query.append_pair(&name, &text);
        }
    } else {
        return Err(vec![format!("content type `{kind}` is not taken")]);
    }
    flat.query = Some(query.finish());
    flat.body = bytes::Bytes::new();
    Ok(flat)
}
