//! monday.com's schema, and one request against it.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::servers::{
    Request,
    form::{self, Part},
    graphql::{Api, Body, Checked},
};

/// The version that every request must name: without it another one may answer, four times a year.
const VERSION: &str = "2026-10";

/// A request that fits the schema.
pub(super) struct Asking {
    pub(super) checked: Checked,
    /// The file that came with it.
    pub(super) upload: Option<Upload>,
}

/// A file.
#[derive(Clone)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

/// Returns monday.com's schema, as far as it was kept.
pub(super) fn api() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| Api::new(include_str!("../../../data/monday/schema.graphql"), "schema.graphql"))
}

/// Checks a request: JSON to `/v2`, or a form with a file to `/v2/file`.
pub(super) fn check(request: &Request) -> Result<Asking, Vec<String>> {
    let version = request.header("api-version").unwrap_or("no version");
    if version != VERSION {
        return Err(vec![format!("{version} of the API is asked for, and the fake has {VERSION}")]);
    }
    if request.path != "/v2/file" {
        let checked = api().check(Body::posted(request, "/v2")?)?;
        return Ok(Asking { checked, upload: None });
    }
    Body::at(request, "/v2/file", "multipart/form-data")?;
    let (body, upload) = sent(form::parts(request).map_err(|complaint| vec![complaint])?)?;
    Ok(Asking { checked: api().check(body)?, upload: Some(upload) })
}

/// Reads the parts of a form: the document, its variables as JSON, and the file as the variable whose name it has.
fn sent(parts: Vec<Part>) -> Result<(Body, Upload), Vec<String>> {
    let (mut query, mut variables, mut upload) = (None, Map::new(), None);
    for Part { name, file_name, content } in parts {
        let variable = name.strip_prefix("variables[").and_then(|name| name.strip_suffix(']'));
        match (name.as_str(), variable) {
            ("query", _) => query = Some(String::from_utf8_lossy(&content).into_owned()),
            ("variables", _) => match serde_json::from_slice(&content) {
                Ok(Value::Object(members)) => variables.extend(members),
                _ => return Err(vec!["the part `variables` is not an object of JSON".to_owned()]),
            },
            (_, Some(variable)) => {
                variables.insert(variable.to_owned(), Value::from(name.as_str()));
                let name = file_name.ok_or_else(|| vec![format!("the part `{name}` is no file")])?;
                upload = Some(Upload { name, content });
            }
            (other, None) => return Err(vec![format!("the part `{other}` means nothing")]),
        }
    }
    let query = query.ok_or_else(|| vec!["the form has no `query`".to_owned()])?;
    let upload = upload.ok_or_else(|| vec!["the form has no file".to_owned()])?;
    Ok((Body { query, variables, name: None }, upload))
}
