//! A Redmine that lives as long as its test. Every request is compared with the description of Redmine's API.

use std::{
    sync::{Arc, Mutex},
    thread,
};

use usher_adapter_redmine::Redmine;
use usher_adapter_sdk::{
    Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, TestHost},
};

use crate::openapi;

/// The address of the server in every test: in a sub-path.
pub(crate) const BASE: &str = "https://redmine.example.com/redmine";

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
    /// Returns the request as it is compared with its description.
    pub(crate) fn parts(&self) -> (&RequestHead, &[u8]) {
        (&self.head, self.body.as_bytes())
    }

    /// Returns the request on one line, as in `GET /issues.json?limit=1`, query values as they are.
    pub(crate) fn line(&self) -> String {
        let path = self.head.url.strip_prefix(BASE).unwrap_or(&self.head.url);
        let query = self.head.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{query}", self.head.method)
    }

    /// Returns the value of a pair of the query.
    pub(crate) fn pair(&self, name: &str) -> Option<&str> {
        self.head.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl Server {
    /// Answers each request by a function of the test's; who we are is answered here, unless by that: `alice`, 5, a developer in
    /// project 1, who reads private notes.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::with("{}", answer)
    }

    /// Answers each request by a function of the test's, for an adapter with options.
    pub(crate) fn with(options: &str, answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let complaints = Complaints::default();
        let wrong = Arc::clone(&complaints.0);
        let host = TestHost::new().with_connection(connection()).on_http(move |head, body| {
            check(head);
            let request = Asked { head: head.clone(), body: String::from_utf8_lossy(body).into_owned() };
            wrong.lock().unwrap().extend(openapi::complaints(&request));
            seen.lock().unwrap().push(request.clone());
            match (answer(&request), request.line().as_str()) {
                (Ok(response), "GET /users/current.json?include=memberships") if response.status == 599 => ok(ME),
                (Ok(response), "GET /roles/4.json") if response.status == 599 => ok(ROLE),
                (other, _) => other,
            }
        });
        Self { kit: Kit::new::<Redmine>(options, &host).unwrap(), asked, _complaints: complaints }
    }

    /// Returns the requests that were made, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// Returns the requests that were made, in their order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the requests that write.
    pub(crate) fn writes(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.head.effect == Effect::Write).collect()
    }
}

const ME: &str = r#"{"user":{"id":5,"login":"alice","admin":false,"firstname":"Alice","lastname":"A",
    "memberships":[{"id":1,"project":{"id":1,"name":"Alpha"},"roles":[{"id":4,"name":"Developer"}]}]}}"#;

const ROLE: &str = r#"{"role":{"id":4,"name":"Developer","permissions":["add_issue_notes","view_private_notes"]}}"#;

pub(crate) fn connection() -> Connection {
    Connection::new("test").with_base_url(BASE.to_owned()).with_auth_scheme("key".to_owned())
}

/// What holds of every request.
fn check(head: &RequestHead) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert!(header("accept").is_some());
    assert_eq!(header("x-redmine-api-key"), None, "credentials are the host's");
    let path = head.url.strip_prefix(BASE).unwrap();
    assert!(path.ends_with(".json") || path.starts_with("/attachments/download/"), "{path} would be a page");
    assert_eq!(head.effect == Effect::Read, head.method.as_str() == "GET", "{} {path}", head.method);
}

/// Returns a success with that body.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Result<Response> {
    Ok(TestHost::response(200, body))
}

/// Returns an answer without a body, as Redmine gives it to most of what fails and to every change.
pub(crate) fn empty(status: u16) -> Result<Response> {
    Ok(TestHost::response(status, ""))
}

/// Returns what the function of a test has nothing to say to.
pub(crate) fn unknown() -> Result<Response> {
    empty(599)
}

/// Returns the JSON of an issue of project 1: what every issue has, and fields beside or in place of it.
pub(crate) fn issue(id: u64, fields: &str) -> String {
    type Fields = serde_json::Map<String, serde_json::Value>;
    let every = format!(
        r#"{{"id":{id},"project":{{"id":1,"name":"Alpha"}},"tracker":{{"id":1,"name":"Bug"}},"subject":"Issue {id}",
        "status":{{"id":1,"name":"New","is_closed":false}},"priority":{{"id":2,"name":"Normal"}},
        "author":{{"id":6,"name":"Bob"}},"created_on":"2026-01-01T00:00:00Z","updated_on":"2026-01-02T00:00:00Z"}}"#
    );
    let mut issue: Fields = serde_json::from_str(&every).unwrap();
    issue.extend(serde_json::from_str::<Fields>(&format!("{{{fields}}}")).unwrap());
    serde_json::to_string(&issue).unwrap()
}

/// Returns the answer to one issue.
pub(crate) fn one(id: u64, fields: &str) -> Result<Response> {
    ok(format!(r#"{{"issue":{}}}"#, issue(id, fields)))
}
