//! Answers from a recording, and tells what is closest where there is none.

use std::{
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::StatusCode;
use url::Url;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{
    form::{FORMAT, Manifest, Recorded},
    recorder::MANIFEST,
    scrub,
};
use crate::http::{Body, Request, Response};

/// A recording that is being replayed.
#[derive(Debug)]
pub(crate) struct Replayer {
    answers: Vec<Answer>,
    /// Which of them have been given.
    given: Mutex<Vec<bool>>,
}

/// A recorded exchange, ready to be compared.
#[derive(Debug)]
struct Answer {
    file: String,
    connection: String,
    question: Question,
    status: StatusCode,
    headers: http::HeaderMap,
    body: Bytes,
}

/// What two requests must have in common.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    method: String,
    /// With its parameters sorted and without secrets.
    url: String,
    body: Content,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Bytes(Bytes),
    /// Whatever white space and order of keys it had.
    Json(serde_json::Value),
    /// A file, of which nothing is known.
    File,
}

impl Replayer {
    /// Reads a recording.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let Manifest { format, program } = read(&folder.join(MANIFEST))?;
        if format != FORMAT {
            let message =
                format!("{} has format {format}, made by {program}; this usher reads {FORMAT}", folder.display());
            return Err(unusable(message).with_hint("Record it again, or replay it with that program."));
        }
        let listed = fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let listed = listed.map_err(|error| unusable(format!("{} cannot be read: {error}", folder.display())))?;
        let names = listed.into_iter().filter_map(|file| file.file_name().into_string().ok());
        let mut files: Vec<(u32, String)> = names.filter_map(|name| Some((number(&name)?, name))).collect();
        files.sort();
        let answers = files
            .into_iter()
            .map(|(_, name)| answer(read(&folder.join(&name))?, &name).map_err(|error| error.context(name)))
            .collect::<Result<Vec<_>>>()?;
        let given = Mutex::new(vec![false; answers.len()]);
        Ok(Self { answers, given })
    }

    /// Returns the answer to a request: the next one to the same, and for reads the last one again.
    pub(crate) fn answer(&self, connection: &str, request: &Request) -> Result<Response> {
        let question = Question::of(request);
        let is_same = |index: &usize| self.answers[*index].question == question;
        let mut same: Vec<usize> = (0..self.answers.len()).filter(is_same).collect();
        // What another connection was answered counts only where this one was asked nothing alike.
        let is_own = |index: &usize| self.answers[*index].connection == connection;
        if same.iter().any(is_own) {
            same.retain(is_own);
        }
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let next = same.iter().copied().find(|index| !given[*index]);
        let again = same.last().copied().filter(|_| !request.writes());
        let Some(index) = next.or(again) else { return Err(self.missing(&question, same.last().copied())) };
        given[index] = true;
        let answer = &self.answers[index];
        Ok(Response {
            status: answer.status,
            url: request.url.clone(),
            headers: answer.headers.clone(),
            body: answer.body.clone(),
            from_cache: false,
        })
    }

    /// Returns what is said of a request without an answer.
    fn missing(&self, question: &Question, given: Option<usize>) -> Error {
        let Question { method, url, .. } = question;
        if let Some(index) = given {
            let file = &self.answers[index].file;
            let message = format!("{method} {url} writes, and its answers have all been given, the last from {file}");
            return unusable(message).with_hint("Record it again with as many writes as the replay does.");
        }
        let error = unusable(format!("the recording has no answer to {method} {url}"));
        let hint = match self.closest(question) {
            None => "It holds no exchange at all. Record one with --record.".to_owned(),
            Some(Answer { file, question: closest, .. }) if closest.method == *method && closest.url == *url => {
                format!("{file} has another body for the same address. Record it again with --record.")
            }
            Some(Answer { file, question: closest, .. }) => {
                format!("Closest is {} {} in {file}. Record it again with --record.", closest.method, closest.url)
            }
        };
        error.with_hint(hint)
    }

    fn closest(&self, question: &Question) -> Option<&Answer> {
        let line = |question: &Question| format!("{} {}", question.method, question.url);
        let wanted = line(question);
        let likeness = |answer: &&Answer| strsim::normalized_levenshtein(&line(&answer.question), &wanted);
        self.answers.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
    }
}

impl Question {
    fn of(request: &Request) -> Self {
        let body = match &request.body {
            Body::Bytes(bytes) => Content::of(bytes.clone()),
            Body::File(_) | Body::Form { .. } => Content::File,
        };
        Self { method: request.method.as_str().to_owned(), url: normal(&request.url), body }
    }
}

impl Content {
    fn of(bytes: Bytes) -> Self {
        match serde_json::from_slice(&bytes) {
            Ok(value) => Self::Json(value),
            Err(_) => Self::Bytes(bytes),
        }
    }
}

/// Returns an address as it is compared.
fn normal(url: &Url) -> String {
    let mut url = scrub::url(url);
    url.set_fragment(None);
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    pairs.sort();
    match pairs.is_empty() {
        true => url.set_query(None),
        false => {
            url.query_pairs_mut().clear().extend_pairs(pairs);
        }
    }
    url.into()
}

/// Returns the number of an exchange's file.
fn number(name: &str) -> Option<u32> {
    name.strip_suffix(".json")?.parse().ok()
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|error| {
        unusable(format!("{} cannot be read: {error}", path.display()))
            .with_hint("A recording is a folder that --record has filled.")
    })?;
    serde_json::from_str(&text).map_err(|error| unusable(format!("{} is broken: {error}", path.display())))
}

fn answer(recorded: Recorded, file: &str) -> Result<Answer> {
    let Recorded { connection, request, response, .. } = recorded;
    let url = Url::parse(&request.url).map_err(|error| unusable(format!("`{}`: {error}", request.url)))?;
    let body = match request.body {
        None => Content::Bytes(Bytes::new()),
        Some(body) => body.bytes()?.map_or(Content::File, Content::of),
    };
    let status = StatusCode::from_u16(response.status);
    let body_of_answer = response.body.map(|body| body.bytes()).transpose()?.flatten().unwrap_or_default();
    Ok(Answer {
        file: file.to_owned(),
        connection,
        question: Question { method: request.method, url: normal(&url), body },
        status: status.map_err(|_| unusable(format!("{} is no status", response.status)))?,
        headers: response.headers.map()?,
        body: body_of_answer,
    })
}

fn unusable(message: String) -> Error {
    Error::new(ErrorKind::Configuration, message)
}
