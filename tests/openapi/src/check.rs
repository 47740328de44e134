//! One request against the document: everything that does not fit, a sentence each.

use std::borrow::Cow;

use serde_json::Value;
use usher_adapter_sdk::host::RequestHead;

use crate::document::{Document, Matched, Mismatch, Operation, Parameter};

/// A request as a document looks at it, whoever has received it.
pub trait Request {
    /// Returns the method, in capitals.
    fn method(&self) -> &str;

    /// Returns the pairs of the query, decoded.
    fn query(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)>;

    /// Returns the headers, with names in small letters.
    fn headers(&self) -> Vec<(&str, Cow<'_, str>)>;

    /// Returns the body; empty if there is none.
    fn body(&self) -> &[u8];
}

/// What an adapter asked its host for: the head of a request, and its body.
impl Request for (&RequestHead, &[u8]) {
    fn method(&self) -> &str {
        self.0.method.as_str()
    }

    fn query(&self) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
        self.0.query.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    fn headers(&self) -> Vec<(&str, Cow<'_, str>)> {
        self.0.headers.iter().map(|(name, value)| (name.as_str(), value.into())).collect()
    }

    fn body(&self) -> &[u8] {
        // A file goes from the host to the platform, past the adapter.
        if self.0.from_source.is_some() { b"a file" } else { self.1 }
    }
}

/// Something that a document has wrong, so that a request which is right does not fit it.
#[derive(Debug)]
pub struct Defect {
    /// How the path ends in the document.
    pub path_end: &'static str,
    /// The complaint, or its beginning.
    pub complaint: &'static str,
    /// What is true instead, and how it is known.
    pub reason: &'static str,
}

impl Defect {
    fn is_meant(&self, template: &str, complaint: &str) -> bool {
        template.ends_with(self.path_end) && complaint.starts_with(self.complaint)
    }
}

impl Document {
    /// Returns the operation that a request means, or what is wrong with it.
    ///
    /// `path` is the request's path without a prefix of the server's. A query parameter that `known` accepts is one that the
    /// server gave out itself, in a link.
    pub fn check(
        &self,
        request: &impl Request,
        path: &str,
        known: impl Fn(&str, &str) -> bool,
    ) -> Result<Matched<'_>, Vec<String>> {
        self.check_but(request, path, known, &[])
    }

    /// Does the same, but for what the document itself has wrong.
    pub fn check_but(
        &self,
        request: &impl Request,
        path: &str,
        known: impl Fn(&str, &str) -> bool,
        defects: &[Defect],
    ) -> Result<Matched<'_>, Vec<String>> {
        let matched = self.find(request.method(), path).map_err(|mismatch| vec![mismatch.to_string()])?;
        let operation = self.operation(matched.operation);
        let mut complaints = path_complaints(operation, &matched.values);
        complaints.extend(query_complaints(operation, request, known));
        complaints
            .extend(self.own_headers().map_or_else(Vec::new, |prefix| header_complaints(operation, request, prefix)));
        complaints.extend(body_complaints(operation, request));
        complaints.retain(|complaint| !defects.iter().any(|defect| defect.is_meant(&operation.template, complaint)));
        if complaints.is_empty() { Ok(matched) } else { Err(complaints) }
    }

    /// Returns what is wrong with an answer, a sentence each.
    pub fn check_answer(&self, method: &str, path: &str, status: u16, body: &[u8]) -> Vec<String> {
        let Ok(matched) = self.find(method, path) else {
            return vec![format!("{method} {path} is not in the document")];
        };
        let operation = self.operation(matched.operation);
        let Some(schema) = operation.responses.get(&status) else {
            return vec![format!("{method} {} does not answer {status}", operation.template)];
        };
        if body.is_empty() {
            return Vec::new();
        }
        match serde_json::from_slice(body) {
            Ok(value) => schema.complaints(&value),
            Err(error) => vec![format!("the answer is not JSON: {error}")],
        }
    }
}

impl std::fmt::Display for Mismatch<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path => formatter.write_str("the path is not in the document"),
            Self::Method { template, methods } => write!(formatter, "{template} knows {}", methods.join(", ")),
        }
    }
}

fn path_complaints(operation: &Operation, values: &[String]) -> Vec<String> {
    // The values come in the order of the path, the parameters in that of the document, so they meet by name.
    let names = operation.template.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    let complaints = names.zip(values).flat_map(|(name, value)| {
        let parameter = operation.path.iter().find(|parameter| parameter.name == name);
        parameter.map(|parameter| parameter.complaints("path", value)).unwrap_or_default()
    });
    complaints.collect()
}

fn query_complaints(operation: &Operation, request: &impl Request, known: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in request.query() {
        if seen.iter().any(|seen| *seen == name) {
            complaints.push(format!("query parameter `{name}` is there twice"));
        }
        seen.push(name.clone().into_owned());
        match operation.query.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => complaints.extend(parameter.complaints("query", &value)),
            None if known(&name, &value) => {}
            None => {
                complaints.push(format!("query parameter `{name}` is not known; known are: {}", known_names(operation)))
            }
        }
    }
    let missing = operation.query.iter().filter(|parameter| parameter.required && !seen.contains(&parameter.name));
    complaints.extend(missing.map(|parameter| format!("query parameter `{}` is missing", parameter.name)));
    complaints
}

/// Returns what is wrong with the headers of the platform's own: one that it does not know it would ignore in silence.
fn header_complaints(operation: &Operation, request: &impl Request, prefix: &str) -> Vec<String> {
    let named = |name: &str| operation.headers.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name));
    let headers = request.headers();
    let own = headers.iter().filter(|(name, _)| name.starts_with(prefix));
    let complaints = own.flat_map(|(name, value)| match named(name) {
        Some(parameter) => parameter.complaints("header", value),
        None => vec![format!("header `{name}` is not known")],
    });
    let is_missing = |parameter: &&Parameter| {
        parameter.required && !headers.iter().any(|(name, _)| parameter.name.eq_ignore_ascii_case(name))
    };
    let missing = operation.headers.iter().filter(is_missing);
    complaints.chain(missing.map(|parameter| format!("header `{}` is missing", parameter.name))).collect()
}

fn known_names(operation: &Operation) -> String {
    operation.query.iter().map(|parameter| parameter.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn body_complaints(operation: &Operation, request: &impl Request) -> Vec<String> {
    let Some(body) = &operation.body else {
        return match request.body().is_empty() {
            true => Vec::new(),
            false => vec!["there is a body, and this operation takes none".to_owned()],
        };
    };
    if request.body().is_empty() {
        return if body.required { vec!["the body is missing".to_owned()] } else { Vec::new() };
    }
    let headers = request.headers();
    let kind = headers.iter().find(|(name, _)| *name == "content-type").map_or("", |(_, value)| value);
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let Some(schema) = body.schemas.get(kind) else {
        let kinds: Vec<_> = body.schemas.keys().map(String::as_str).collect();
        return vec![format!("content type `{kind}` is not taken; taken is: {}", kinds.join(", "))];
    };
    if !kind.ends_with("json") {
        // What a form holds is read by the operation itself.
        return Vec::new();
    }
    match serde_json::from_slice::<Value>(request.body()) {
        Ok(value) => schema.complaints(&value).into_iter().map(|complaint| format!("body: {complaint}")).collect(),
        Err(error) => vec![format!("the body is not JSON: {error}")],
    }
}

impl Parameter {
    fn complaints(&self, place: &str, text: &str) -> Vec<String> {
        let complaints = self.schema.complaints(&self.schema.value(text)).into_iter();
        complaints.map(|complaint| format!("{place} parameter `{}`: {complaint}", self.name)).collect()
    }
}
