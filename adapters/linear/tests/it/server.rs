//! A Linear that lives as long as its test.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use usher_adapter_linear::Linear;
use usher_adapter_sdk::{
    Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, Recording, TestHost},
};

use crate::schema::Checker;

/// The address of the API in every test.
pub(crate) const API: &str = "https://api.linear.app";

/// What the adapter asked for, and the adapter itself.
pub(crate) struct Server {
    pub kit: Kit,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub head: RequestHead,
    /// The name of its operation.
    pub operation: String,
    pub variables: Value,
}

impl Asked {
    fn read(head: &RequestHead, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let query = body["query"].as_str().unwrap_or_default();
        let word = |place| query.split([' ', '(', '{']).filter(|word| !word.is_empty()).nth(place).unwrap_or_default();
        Self { head: head.clone(), operation: word(1).to_owned(), variables: body["variables"].clone() }
    }
}

impl Server {
    /// Answers each request by a function of the test's, for a connection that knows no team.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::at(connection(), "{}", answer)
    }

    /// Answers each request by a function of the test's, for a connection with options.
    pub(crate) fn at(
        connection: Connection,
        options: &str,
        answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let host = TestHost::new().with_connection(connection).on_http(move |head, body| {
            let request = Asked::read(head, body);
            if head.method.as_str() == "POST" {
                check(head, body);
            }
            seen.lock().unwrap().push(request.clone());
            answer(&request)
        });
        Self { kit: Kit::new::<Linear>(options, &host).unwrap(), asked }
    }

    /// Answers with what was recorded, one exchange after the other; what was asked differs from what we ask.
    pub(crate) fn recorded(recording: &str) -> Self {
        let recording = Recording::parse(recording).unwrap();
        let place = Mutex::new(0);
        Self::new(move |_| {
            let mut place = place.lock().unwrap();
            *place += 1;
            Ok(recording.exchanges()[*place - 1].response())
        })
    }

    /// Returns the requests that were made, in their order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the names of the operations that were asked for, in their order.
    pub(crate) fn operations(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.operation).collect()
    }

    /// Returns the variables of the last request.
    pub(crate) fn last(&self) -> Value {
        self.asked().pop().unwrap().variables
    }
}

/// Returns a connection that knows no team.
pub(crate) fn connection() -> Connection {
    Connection::new("test").with_base_url(API.to_owned()).with_auth_scheme("key".to_owned())
}

/// What holds of every request: it fits Linear's schema, and says what it does.
fn check(head: &RequestHead, body: &[u8]) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("authorization"), None, "credentials are the host's");
    assert_eq!((head.url.as_str(), head.query.len()), ("https://api.linear.app/graphql", 0));
    let text = std::str::from_utf8(body).unwrap();
    Checker::cut().request(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let is_query = text.starts_with(r#"{"query":"query "#);
    assert_eq!(head.effect == Effect::Read, is_query, "{text}");
}

/// Returns a success with that data.
pub(crate) fn data(data: Value) -> Result<Response> {
    ok(json!({ "data": data }))
}

/// Returns a success with that body.
pub(crate) fn ok(body: Value) -> Result<Response> {
    Ok(TestHost::response(200, body.to_string()))
}

/// Returns an answer with an error of that code and type.
pub(crate) fn failure(status: u16, code: &str, kind: &str, path: &[&str]) -> Result<Response> {
    let error = json!({
        "message": "Words for nobody",
        "path": path,
        "extensions": { "code": code, "type": kind, "userPresentableMessage": "Words for people." },
    });
    Ok(TestHost::response(status, json!({ "errors": [error], "data": null }).to_string()))
}

/// Returns the answer to a question for an issue that is not there.
pub(crate) fn missing() -> Result<Response> {
    failure(200, "INPUT_ERROR", "invalid input", &["issue"])
}

/// Returns an issue of the team `ENG`: what every issue has, and fields beside or in place of it.
pub(crate) fn issue(number: u64, fields: Value) -> Value {
    let mut issue = json!({
        "id": uuid(number), "identifier": format!("ENG-{number}"), "previousIdentifiers": [],
        "url": format!("https://linear.app/acme/issue/ENG-{number}/issue"), "title": format!("Issue {number}"),
        "priority": 0, "priorityLabel": "No priority", "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-02T00:00:00.000Z", "branchName": format!("mara/eng-{number}-issue"),
        "state": { "id": uuid(900), "name": "Todo", "type": "unstarted" },
        "team": { "id": uuid(800), "key": "ENG", "name": "Engineering" },
        "labels": nodes(json!([])),
    });
    issue.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    issue
}

/// Returns a list that ends with these items.
pub(crate) fn nodes(items: Value) -> Value {
    json!({ "nodes": items, "pageInfo": { "hasNextPage": false, "endCursor": null } })
}

/// Returns a page of a list that goes on.
pub(crate) fn going_on(items: Value, cursor: &str) -> Value {
    json!({ "nodes": items, "pageInfo": { "hasNextPage": true, "endCursor": cursor } })
}

/// Returns a page of a list that goes on, without a word about where.
pub(crate) fn breaking_off(items: Value) -> Value {
    json!({ "nodes": items, "pageInfo": { "hasNextPage": true, "endCursor": null } })
}

/// Returns a comment of Mara's.
pub(crate) fn comment(id: u64, body: &str, created_at: &str) -> Value {
    json!({
        "id": uuid(id), "body": body, "createdAt": created_at, "updatedAt": created_at, "parentId": null,
        "url": format!("https://linear.app/acme/issue/ENG-1/issue#comment-{id:08}"),
        "user": user(7, "mara"), "botActor": null, "externalUser": null,
    })
}

/// Returns an account of the workspace.
pub(crate) fn user(id: u64, nickname: &str) -> Value {
    json!({
        "id": uuid(id), "name": format!("{nickname} Lind"), "displayName": nickname,
        "email": format!("{nickname}@shop.example"), "app": false,
    })
}

/// Returns the UUID with that number.
pub(crate) fn uuid(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
