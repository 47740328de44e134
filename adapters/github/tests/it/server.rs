//! A GitHub that lives as long as its test.

use std::sync::{Arc, Mutex};

use usher_adapter_github::GitHub;
use usher_adapter_sdk::{
    Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, Recording, TestHost},
};

/// The address of the API in every test.
pub(crate) const API: &str = "https://api.github.com";

/// What the adapter asked for, and the adapter itself.
pub(crate) struct Server {
    pub kit: Kit,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub head: RequestHead,
    pub body: String,
}

impl Asked {
    /// Returns the request on one line, as in `GET /issues?page=2`, query values as they are.
    pub(crate) fn line(&self) -> String {
        let path = self.head.url.strip_prefix(API).unwrap_or(&self.head.url);
        let query = self.head.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{query}", self.head.method)
    }

    /// Returns the path and the query of the request, without the method.
    pub(crate) fn target(&self) -> String {
        self.line().split_once(' ').unwrap().1.to_owned()
    }
}

impl Server {
    /// Answers each request by a function of the test's, for a connection that knows no repository.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::at(Connection::new("test").with_base_url(API.to_owned()).with_auth_scheme("token".to_owned()), answer)
    }

    /// Answers each request by a function of the test's.
    pub(crate) fn at(
        connection: Connection,
        answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let host = TestHost::new().with_connection(connection).on_http(move |head, body| {
            check_headers(head);
            let request = Asked { head: head.clone(), body: String::from_utf8(body.to_vec()).unwrap() };
            seen.lock().unwrap().push(request.clone());
            answer(&request)
        });
        Self { kit: Kit::new::<GitHub>("{}", &host).unwrap(), asked }
    }

    /// Answers as a recording did.
    pub(crate) fn recorded(recording: &str) -> Self {
        let recording = Recording::parse(recording).unwrap();
        Self::new(move |asked| recording.answer(&asked.head, asked.body.as_bytes()))
    }

    /// Returns the requests that were made, in their order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the requests that were made, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }
}

/// What holds of every request.
fn check_headers(head: &RequestHead) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("accept"), Some("application/vnd.github+json"));
    assert_eq!(header("x-github-api-version"), Some("2022-11-28"));
    assert_eq!(header("user-agent"), None, "the user agent is the host's");
    assert_eq!(header("authorization"), None, "credentials are the host's");
    let reads = head.method.as_str() == "GET";
    assert_eq!(head.effect == Effect::Read, reads, "{} {}", head.method, head.url);
    assert!(!head.url.ends_with('/'), "GitHub answers 404 to {}", head.url);
}

/// Returns a success with that body.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Result<Response> {
    Ok(TestHost::response(200, body))
}

/// Returns an answer with the message that GitHub gives for the status.
pub(crate) fn status(status: u16, message: &str) -> Result<Response> {
    Ok(TestHost::response(
        status,
        format!(r#"{{"message":"{message}","documentation_url":"https://docs.github.com/rest"}}"#),
    ))
}

/// Returns the JSON of an issue of `acme/app`: what every issue has, and fields beside or in place of it.
pub(crate) fn issue(number: u64, fields: &str) -> String {
    issue_of("acme/app", number, fields)
}

/// Returns the JSON of an issue of a repository.
pub(crate) fn issue_of(repository: &str, number: u64, fields: &str) -> String {
    type Fields = serde_json::Map<String, serde_json::Value>;
    let every = format!(
        r#"{{"id":{id},"number":{number},"title":"Issue {number}","state":"open","comments":0,"labels":[],"assignees":[],
        "repository_url":"{API}/repos/{repository}","html_url":"https://github.com/{repository}/issues/{number}",
        "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z"}}"#,
        id = 4_000_000_000 + number,
    );
    let mut issue: Fields = serde_json::from_str(&every).unwrap();
    issue.extend(serde_json::from_str::<Fields>(&format!("{{{fields}}}")).unwrap());
    serde_json::to_string(&issue).unwrap()
}

/// Returns the JSON of a comment.
pub(crate) fn comment(id: u64, body: &str) -> String {
    format!(
        r#"{{"id":{id},"body":"{body}","user":{{"login":"mara","id":7,"type":"User"}},
        "html_url":"https://github.com/acme/app/issues/5#issuecomment-{id}",
        "created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}"#
    )
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap()
}
