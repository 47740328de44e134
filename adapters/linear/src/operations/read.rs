//! One issue with everything that was asked.

use serde::Serialize;
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Error, Result, decode,
    host::Response,
    message::{Include, Raw},
    model::Ticket,
};

use super::more;
use crate::{Linear, api, documents, key::Key, mapping, request::Data};

/// The documents beside `main`: what did not fit into the issue, and what of it could not be had.
pub(super) const MORE: &str = "more";
const ERRORS: &str = "errors";

/// What is wanted of an issue, as variables of the documents.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Wanted {
    pub body: bool,
    pub notes: bool,
    pub attachments: bool,
}

impl Wanted {
    /// Files hang on the body and on comments, so that a list of attachments needs these too.
    pub(super) fn of(include: &Include) -> Self {
        let attachments = include.attachments;
        Self { body: include.body || attachments, notes: include.notes || attachments, attachments }
    }
}

#[derive(Serialize)]
struct Variables<'a> {
    id: &'a str,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Returns an issue, and the pages of what did not fit into it.
pub(crate) async fn get(linear: &Linear, key: Key<'_>, include: &Include) -> Result<Raw> {
    let variables = Variables { id: key.as_str(), wanted: Wanted::of(include) };
    let response = linear.ask(documents::ISSUE, &variables).await?;
    let Data { data, gaps } = linear.data::<api::OneIssue<'_>>(&response, &key)?;
    if data.issue.get() == "null" {
        return Err(Error::not_found(key));
    }
    let issue: api::Issue<'_> = decode::json(data.issue.get().as_bytes())?;
    let pages = more::of(linear, &issue, key.as_str()).await?;
    let mut raw = Raw::main(data.issue.get());
    if !gaps.is_empty() {
        raw = raw.with(ERRORS, errors(&response)?.get());
    }
    for page in &pages {
        raw = raw.with(MORE, more::lists(linear, page, &key)?.get());
    }
    Ok(raw)
}

/// Returns the ticket of an issue and of whatever stands beside it.
pub(crate) fn normalize(key: Option<Key<'_>>, raw: &Raw) -> Result<Ticket> {
    let mut issue: api::Issue<'_> = raw.decode_main()?;
    for document in raw.documents().iter().filter(|document| document.name == MORE) {
        let lists = decode::json(&document.bytes);
        issue.take(lists.map_err(|error: Error| error.context(format_args!("document `{MORE}`")))?);
    }
    let gaps: Option<Vec<api::Complaint<'_>>> = raw.decode(ERRORS)?;
    let ticket = mapping::ticket(&issue, key)?;
    // `issue` and then the field that could not be had.
    Ok(mapping::with_gaps(ticket, gaps.iter().flatten().map(|gap| (gap, 1))))
}

/// Returns the errors of an answer that also has data, as they are.
fn errors(response: &Response) -> Result<&RawValue> {
    #[derive(serde::Deserialize)]
    struct Errors<'a> {
        #[serde(borrow)]
        errors: &'a RawValue,
    }
    Ok(response.decode::<Errors<'_>>()?.errors)
}
