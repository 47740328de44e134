//! A Request Tracker that lives as long as its test. Every request is compared with what REST2 takes.

use std::{
    sync::{Arc, Mutex},
    thread,
};

use request_tracker_adapter::RequestTracker;
use usher_adapter_sdk::{
    Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, Recording, TestHost},
};

use crate::requests;

/// The address in every test.
pub(crate) const URL: &str = "https://rt.example.com";

/// What the adapter asked for, and the adapter itself.
pub(crate) struct Server {
    pub kit: Kit,
    asked: Arc<Mutex<Vec<Asked>>>,
    _complaints: Complaints,
}

/// What was wrong with requests. It is told at the end: the adapter may take a panic in the middle for a failure of the server's.
#[derive(Default)]
struct Complaints(Arc<Mutex<Vec<String>>>);

impl Drop for Complaints {
    fn drop(&mut self) {
        if !thread::panicking() {
            assert_eq!(*self.0.lock().unwrap(), [""; 0]);
        }
    }
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub head: RequestHead,
    pub body: String,
}

impl Asked {
    /// Returns method and path, as in `GET ticket/1`.
    pub(crate) fn line(&self) -> String {
        let path = self.head.url.strip_prefix(URL).unwrap().strip_prefix("/REST/2.0/").unwrap();
        format!("{} {path}", self.head.method)
    }

    /// Returns the value of a pair of the query.
    pub(crate) fn query(&self, name: &str) -> &str {
        self.head.query.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }
}

impl Server {
    /// Answers each request by a function of the test's.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let complaints = Complaints::default();
        let wrong = Arc::clone(&complaints.0);
        let connection =
            Connection::new("test").with_base_url(URL.to_owned()).with_default_project("Support".to_owned());
        let host = TestHost::new().with_connection(connection).on_http(move |head, body| {
            assert!(!head.headers.iter().any(|(name, _)| name == "authorization"), "credentials are the host's");
            let request = Asked { head: head.clone(), body: String::from_utf8(body.to_vec()).unwrap() };
            assert_eq!(head.effect == Effect::Read, requests::is_read(&request), "{} {}", head.method, head.url);
            wrong.lock().unwrap().extend(requests::complaints(&request));
            seen.lock().unwrap().push(request.clone());
            answer(&request)
        });
        Self { kit: Kit::new::<RequestTracker>("{}", &host).unwrap(), asked, _complaints: complaints }
    }

    /// Answers as a recording did.
    pub(crate) fn recorded(recording: &str) -> Self {
        let recording = Recording::parse(recording).unwrap();
        Self::new(move |asked| recording.answer(&asked.head, asked.body.as_bytes()))
    }

    /// Returns the requests that were made, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(Asked::line).collect()
    }

    /// Returns the requests that were made.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Returns an answer with a status and a body.
pub(crate) fn answer(status: u16, body: impl Into<Vec<u8>>) -> Result<Response> {
    Ok(TestHost::response(status, body))
}

/// Returns a success with that body.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Result<Response> {
    answer(200, body)
}

/// Returns the JSON of a ticket in the queue `Support`, with fields beside.
pub(crate) fn ticket(number: u64, fields: &str) -> String {
    let comma = if fields.is_empty() { "" } else { "," };
    format!(r#"{{"id":{number},"Queue":{{"id":"3","type":"queue","Name":"Support"}}{comma}{fields}}}"#)
}

/// Returns the answer to a question for the queues.
pub(crate) const QUEUES: &str = r#"{"count":1,"total":1,"items":[{"id":"3","Name":"Support","Lifecycle":"default"}]}"#;
