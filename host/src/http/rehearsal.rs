//! A dry run of one call: reads go out, the first write is kept here in place of being sent.
//!
//! What was held back stays in the host, beside the call: whatever the adapter makes of the refusal, users see the
//! request as it would have left. What holds it back is `layers/hold_back`.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::HeaderMap;
use serde::Serialize;
use usher_adapter_manifest::AuthPart;
use usher_adapter_sdk::{Error, host::FormPart, model::Json};

use super::{Body, Request};
use crate::{config::STARS, redact};

/// What is kept of a call that is only rehearsed.
#[derive(Debug, Default)]
pub(crate) struct Rehearsal(Mutex<Option<HeldBack>>);

/// A write that was not sent.
#[derive(Debug, Clone, Serialize)]
pub struct HeldBack {
    /// The method.
    pub method: String,
    /// The whole address, stars in place of credentials.
    pub url: String,
    /// The headers of the adapter and those of the credentials, stars in place of secrets; names are in small letters.
    /// What HTTP itself needs, such as `content-length`, is not among them.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: HeldBody,
}

/// The body of a write that was not sent.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum HeldBody {
    /// There is none.
    Nothing,
    /// A JSON value.
    Json(Json),
    /// Another text.
    Text(String),
    /// Bytes that are no text, and how many.
    Bytes {
        /// Their number.
        bytes: usize,
    },
    /// A file as it is; it was not read.
    File {
        /// Always so.
        file: bool,
    },
    /// A form (`multipart/form-data`).
    Form {
        /// Its parts; files were not read.
        form: Vec<HeldPart>,
    },
}

/// One part of a form that was not sent.
#[derive(Debug, Clone, Serialize)]
pub struct HeldPart {
    /// The field's name.
    pub name: String,
    /// The field's value, if it is a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether the field's value is a file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub file: bool,
    /// The file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

impl Rehearsal {
    /// Returns what an adapter is told that asks for more, if a write has been held back.
    pub(crate) fn ended(&self) -> Option<Error> {
        self.kept().as_ref().map(refusal)
    }

    /// Keeps a write in place of sending it, and returns what the adapter is told.
    pub(crate) fn hold(&self, held: HeldBack) -> Error {
        // Later ones depend on an answer that never came.
        refusal(self.kept().get_or_insert(held))
    }

    /// Returns what was held back.
    pub(crate) fn take(&self) -> Option<HeldBack> {
        self.kept().take()
    }

    fn kept(&self) -> MutexGuard<'_, Option<HeldBack>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(held: &HeldBack) -> Error {
    Error::unsupported(format_args!("anything from `{} {}` on, in a dry run,", held.method, held.url))
}

impl HeldBack {
    /// Returns a request as users may see it; the parts are the credentials that it would have carried.
    pub(crate) fn of(request: &Request, credentials: &[AuthPart]) -> Self {
        let (mut url, mut headers) = (request.url.clone(), shown(&request.headers));
        for part in credentials {
            match part {
                AuthPart::Header { name, .. } => {
                    headers.insert(name.to_ascii_lowercase(), STARS.to_owned());
                }
                AuthPart::Query { name, .. } => {
                    url.query_pairs_mut().append_pair(name, STARS);
                }
                // Credentials of another kind are refused when they are added; here there is nothing to show of them.
                _ => {}
            }
        }
        Self {
            method: request.method.to_string(),
            url: redact::text(url.as_str()).into_owned(),
            headers,
            body: HeldBody::of(&request.body),
        }
    }
}

impl HeldBody {
    fn of(body: &Body) -> Self {
        let bytes = match body {
            Body::Bytes(bytes) if bytes.is_empty() => return Self::Nothing,
            Body::Bytes(bytes) => bytes,
            Body::File(_) => return Self::File { file: true },
            Body::Form { parts, .. } => return Self::Form { form: parts.iter().map(HeldPart::of).collect() },
        };
        // What a person writes may hold the name of an account by chance; a token is in it by mistake.
        match std::str::from_utf8(&redact::data(bytes)) {
            Ok(text) => Json::parse(text).map_or_else(|_| Self::Text(text.to_owned()), Self::Json),
            Err(_) => Self::Bytes { bytes: bytes.len() },
        }
    }
}

impl HeldPart {
    fn of(part: &FormPart) -> Self {
        let FormPart { name, value, file_name, media_type, .. } = part.clone();
        Self { name, value, file: part.from_source.is_some(), file_name, media_type }
    }
}

/// Headers by which an adapter may send a secret of its own, sorted; those that only the host sets are refused to it.
const SECRET: &[&str] = &["api-key", "private-token", "x-api-key", "x-auth-token"];

/// Returns headers as users may see them; what stands under one name is put together, as HTTP allows.
fn shown(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        let is_secret = value.is_sensitive() || SECRET.binary_search(&name.as_str()).is_ok();
        let value = if is_secret { STARS.into() } else { String::from_utf8_lossy(value.as_bytes()) };
        let value = redact::text(&value);
        let known = shown.entry(name.as_str().to_owned()).or_default();
        if !known.is_empty() {
            known.push_str(", ");
        }
        known.push_str(&value);
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;
    use serde_json::json;

    use super::*;
    use crate::{
        http::{
            body::Upload,
            testing::{headers, post},
        },
        transport::Files,
    };

    fn json_of(request: &Request, credentials: &[AuthPart]) -> serde_json::Value {
        serde_json::to_value(HeldBack::of(request, credentials)).unwrap()
    }

    #[test]
    fn the_secret_headers_are_sorted() {
        assert!(SECRET.is_sorted());
    }

    #[test]
    fn secrets_are_stars_wherever_they_would_stand() {
        let mut request = post("https://a.example/x?y=1", r#"{"title":"b"}"#);
        request.headers = headers(&[("accept", "text/a"), ("accept", "text/b"), ("x-api-key", "hunter1")]);
        let credentials = [
            AuthPart::Header { name: "Authorization".to_owned(), value: "Bearer hunter2".to_owned() },
            AuthPart::Query { name: "key".to_owned(), value: "hunter3".to_owned() },
        ];
        let held = json_of(&request, &credentials);
        assert_eq!(
            held,
            json!({
                "method": "POST",
                "url": "https://a.example/x?y=1&key=***",
                "headers": { "accept": "text/a, text/b", "authorization": "***", "x-api-key": "***" },
                "body": { "title": "b" },
            })
        );
    }

    #[test]
    fn a_body_is_shown_as_what_it_is() {
        let url = "https://a.example/";
        let upload = || Upload::new(Arc::new(Files::default()), 1);
        let mut part = FormPart::default();
        (part.name, part.file_name, part.from_source) = ("file".to_owned(), Some("a.txt".to_owned()), Some(7));
        let form = Body::Form { parts: [part].as_slice().into(), upload: upload() };
        for (body, shown) in [
            (Body::Bytes(Bytes::new()), json!(null)),
            (Body::Bytes(Bytes::from_static(b"[1]")), json!([1])),
            (Body::Bytes(Bytes::from_static(b"a=b")), json!("a=b")),
            (Body::Bytes(Bytes::from_static(b"\xff\xfe")), json!({ "bytes": 2 })),
            (Body::File(upload()), json!({ "file": true })),
            (form, json!({ "form": [{ "name": "file", "file": true, "file_name": "a.txt" }] })),
        ] {
            assert_eq!(json_of(&Request { body, ..post(url, "") }, &[])["body"], shown);
        }
    }

    #[test]
    fn the_first_write_is_kept_and_ends_the_rehearsal() {
        let rehearsal = Rehearsal::default();
        assert!(rehearsal.ended().is_none());
        for url in ["https://a.example/first", "https://a.example/second"] {
            let told = rehearsal.hold(HeldBack::of(&post(url, ""), &[]));
            assert!(told.message().contains("https://a.example/first"), "{told}");
        }
        assert!(rehearsal.ended().is_some());
        assert_eq!(rehearsal.take().unwrap().url, "https://a.example/first");
    }
}
