//! A folder that `usher --record` has filled, as answers for a test.
//!
//! `recording.json` says what the folder is, and each answered request is a file of its own, numbered in the order of the
//! answers. A body is `{"json": …}`, `{"text": "…"}`, `{"base64": "…"}` or, where it was a file, `{"omitted": "…"}`.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::recording::{Answered, Asked, Exchange, Recording};
use crate::{
    Error, ErrorKind, Result, decode,
    host::{RequestHead, Response},
};

/// The version of the form that is read here.
const FORMAT: u32 = 1;

#[derive(Deserialize)]
struct Manifest {
    format: u32,
    program: String,
}

#[derive(Deserialize)]
struct File {
    request: FileRequest,
    response: FileResponse,
}

#[derive(Deserialize)]
struct FileRequest {
    method: String,
    url: String,
    body: Option<Body>,
}

#[derive(Deserialize)]
struct FileResponse {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, Values>,
    body: Option<Body>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    Json(Box<RawValue>),
    Text(String),
    Base64(String),
    Omitted(String),
}

/// Reads a folder as a recorded conversation.
pub(super) fn read(folder: &Path) -> Result<Recording> {
    let Manifest { format, program } = json(&folder.join("recording.json"))?;
    if format != FORMAT {
        return Err(unusable(format_args!("{}: format {format}, made by {program}", folder.display())));
    }
    let failed = |error| unusable(format_args!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u32>().ok());
        files.extend(number.map(|number| (number, path)));
    }
    files.sort();
    let exchanges = files.iter().map(|(_, path)| exchange(json(path)?)).collect::<Result<_>>()?;
    Ok(Recording::new(exchanges))
}

fn exchange(File { request, response }: File) -> Result<Exchange> {
    let FileRequest { method, url, body } = request;
    // What was no JSON is compared by method and address alone.
    let body = match body {
        Some(Body::Json(json)) => Some(decode::json::<Value>(json.get().as_bytes())?),
        _ => None,
    };
    let headers = response.headers.into_iter().flat_map(|(name, values)| {
        let values = match values {
            Values::One(value) => vec![value],
            Values::Several(values) => values,
        };
        values.into_iter().map(move |value| (name.clone(), value))
    });
    let answered = Answered {
        status: response.status,
        headers: headers.collect(),
        body: response.body.map(bytes).transpose()?.unwrap_or_default(),
    };
    Ok(Exchange::new(Asked { method, url, body }, answered))
}

fn bytes(body: Body) -> Result<Vec<u8>> {
    Ok(match body {
        Body::Json(json) => json.get().as_bytes().to_vec(),
        Body::Text(text) => text.into_bytes(),
        Body::Base64(text) => {
            BASE64_STANDARD.decode(text).map_err(|error| unusable(format_args!("a body: {error}")))?
        }
        Body::Omitted(what) => return Err(unusable(format_args!("an answer's body was {what}, and is not there"))),
    })
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).map_err(|error| unusable(format_args!("{}: {error}", path.display())))?;
    decode::json(&text).map_err(|error| error.context(path.display()))
}

fn unusable(message: std::fmt::Arguments<'_>) -> Error {
    Error::new(ErrorKind::Configuration, message.to_string()).with_hint("A recording is a folder that --record filled.")
}

/// A recording that is being answered from: the next answer to the same request, and the last one again.
pub(super) struct Replay {
    recording: Recording,
    given: Mutex<Vec<bool>>,
}

impl Replay {
    pub(super) fn new(recording: Recording) -> Self {
        let given = Mutex::new(vec![false; recording.exchanges().len()]);
        Self { recording, given }
    }

    pub(super) fn answer(&self, request: &RequestHead, body: &[u8]) -> Result<Response> {
        let exchanges = self.recording.exchanges();
        let same: Vec<usize> = (0..exchanges.len()).filter(|at| exchanges[*at].is(request, body)).collect();
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let next = same.iter().copied().find(|at| !given[*at]).or(same.last().copied());
        let Some(at) = next else { return self.recording.answer(request, body) };
        given[at] = true;
        Ok(exchanges[at].response())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{host::Request, testkit::TestHost};

    fn asked(replay: &Replay, url: &str) -> Result<Response> {
        let (request, body) = Request::get(url).into_wire();
        replay.answer(&request, &body)
    }

    #[test]
    fn a_folder_answers_in_the_order_of_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("recording.json", r#"{"format":1,"program":"usher 0.1.0"}"#);
        let exchange = |body: &str| {
            format!(
                r#"{{"connection":"work","operation":"get","request":{{"method":"GET","url":"https://a.example/1?x=1&y=2"}},
                "response":{{"status":200,"headers":{{"etag":"\"1\"","link":["a","b"]}},"body":{body}}}}}"#
            )
        };
        write("0002.json", &exchange(r#"{"text":"second"}"#));
        write("0001.json", &exchange(r#"{"json":{"first":1}}"#));
        write("0010.json", &exchange(r#"{"base64":"/w=="}"#));
        write("notes.txt", "not of the recording");

        let replay = Replay::new(Recording::open(folder.path()).unwrap());
        let url = "https://a.example/1?y=2&x=1";
        let first = asked(&replay, url).unwrap();
        assert_eq!((&first.body[..], first.header("etag")), (&br#"{"first":1}"#[..], Some("\"1\"")));
        assert_eq!(asked(&replay, url).unwrap().body[..], *b"second");
        assert_eq!(asked(&replay, url).unwrap().body[..], [255]);
        assert_eq!(asked(&replay, url).unwrap().body[..], [255], "the last one is given again");
        assert!(asked(&replay, "https://a.example/2").is_err());
    }

    #[test]
    fn what_is_no_recording_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        let error = TestHost::replaying(folder.path()).err().unwrap();
        assert!(error.to_string().contains("recording.json"), "{error}");
        fs::write(folder.path().join("recording.json"), r#"{"format":2,"program":"usher 9"}"#).unwrap();
        let error = TestHost::replaying(folder.path()).err().unwrap();
        assert!(error.to_string().contains("format 2, made by usher 9"), "{error}");
    }
}
