//! A Trello that lives as long as its test. What the vendor's schema says of requests is checked by the stand-in of the
//! end-to-end tests; here are answers that a test makes up.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, TestHost},
};
use usher_adapter_trello::Trello;

/// The address of the API in every test.
pub(crate) const API: &str = "https://api.trello.com/1";
/// The board of every test, with its lists, labels, people and fields.
pub(crate) const BOARD: &str = "5f00000000000000000000b0";
/// A card on it.
pub(crate) const CARD: &str = "5f0000000000000000000005";

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
    /// Returns the request on one line, as in `GET /cards/5Lr2eHww?fields=all`.
    pub(crate) fn line(&self) -> String {
        let query = self.head.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", self.path(), query.join("&"))
    }

    /// Returns the method and the path of the request.
    pub(crate) fn path(&self) -> String {
        let path = self.head.url.strip_prefix(API).unwrap_or(&self.head.url).replace("%20", " ");
        format!("{} {path}", self.head.method)
    }

    /// Returns a parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.head.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Server {
    /// Answers each request by a function of the test's, for a connection whose default board is the test's.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::at(connection().with_default_project("board123".to_owned()), answer)
    }

    /// Answers each request by a function of the test's.
    pub(crate) fn at(
        connection: Connection,
        answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let host = TestHost::new().with_connection(connection).on_http(move |head, body| {
            check_head(head);
            let request = Asked { head: head.clone(), body: String::from_utf8(body.to_vec()).unwrap() };
            seen.lock().unwrap().push(request.clone());
            answer(&request)
        });
        let kit = Kit::new::<Trello>(r#"{"lists":{"Marinating":"backlog"}}"#, &host).unwrap();
        Self { kit, asked }
    }

    /// Answers with what a table has for the method and the path: what is not in it is not found.
    pub(crate) fn of(table: Vec<(&'static str, Value)>) -> Self {
        Self::new(move |asked| answer_of(&table, asked))
    }

    /// Returns the requests that were made, in their order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the requests that were made, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// Returns the requests that write, a line each.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.asked().iter().filter(|asked| asked.head.effect == Effect::Write).map(Asked::line).collect()
    }

    /// Returns the JSON of the last body that was sent.
    pub(crate) fn body(&self) -> Value {
        self.asked().iter().rev().find(|asked| !asked.body.is_empty()).unwrap().json()
    }
}

/// Returns a connection that knows no board.
pub(crate) fn connection() -> Connection {
    Connection::new("test").with_base_url(API.to_owned()).with_auth_scheme("token".to_owned())
}

/// Answers with what a table has for the method and the path; the board of the tests is always there.
pub(crate) fn answer_of(table: &[(&'static str, Value)], asked: &Asked) -> Result<Response> {
    let path = asked.path();
    if let Some((_, body)) = table.iter().find(|(known, _)| *known == path) {
        return ok(body.to_string());
    }
    match path.as_str() {
        "GET /boards/board123" | "GET /boards/5f00000000000000000000b0" => ok(board().to_string()),
        "GET /members/me" => ok(ada().to_string()),
        _ => Ok(TestHost::response(404, "The requested resource was not found.")),
    }
}

/// What holds of every request.
fn check_head(head: &RequestHead) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert!(header("accept").is_some());
    assert_eq!(header("user-agent"), None, "the user agent is the host's");
    assert_eq!(header("authorization"), None, "credentials are the host's");
    assert!(head.query.iter().all(|(name, _)| name != "key" && name != "token"), "no secret in an address");
    assert_eq!(head.effect == Effect::Read, head.method.as_str() == "GET", "{} {}", head.method, head.url);
    let is_of_members = head.url.contains("/members/");
    assert_eq!(head.class.as_deref() == Some("member"), is_of_members, "{}", head.url);
}

/// Returns a success with that body.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Result<Response> {
    Ok(TestHost::response(200, body).with_header("content-type", "application/json; charset=utf-8"))
}

/// Returns an error for a request that the test does not expect.
pub(crate) fn unexpected(asked: &Asked) -> Result<Response> {
    Err(Error::not_found(asked.line()))
}

/// Returns the account.
pub(crate) fn ada() -> Value {
    json!({"id": "5f0000000000000000000ada", "username": "ada", "fullName": "Ada Lovelace"})
}

/// Returns the board of the tests.
pub(crate) fn board() -> Value {
    json!({
        "id": BOARD, "name": "Web", "shortLink": "board123", "url": "https://trello.com/b/board123/web", "closed": false,
        "lists": [
            {"id": "5f000000000000000000a001", "name": "To Do", "pos": 10, "closed": false},
            {"id": "5f000000000000000000a002", "name": "Doing", "pos": 20, "closed": false},
            {"id": "5f000000000000000000a003", "name": "Done", "pos": 30, "closed": false},
            {"id": "5f000000000000000000a004", "name": "Marinating", "pos": 40, "closed": false},
            {"id": "5f000000000000000000a005", "name": "Old", "pos": 50, "closed": true},
        ],
        "labels": [
            {"id": "5f000000000000000000c001", "name": "export", "color": "green"},
            {"id": "5f000000000000000000c002", "name": "", "color": "red"},
            {"id": "5f000000000000000000c003", "name": "twin", "color": "blue"},
            {"id": "5f000000000000000000c004", "name": "Twin", "color": null},
        ],
        "members": [ada(), {"id": "5f0000000000000000000be0", "username": "ben", "fullName": "Ben Bitdiddle"}],
        "customFields": [
            {"id": "5f000000000000000000f001", "name": "Customer", "type": "text"},
            {"id": "5f000000000000000000f002", "name": "Points", "type": "number"},
            {"id": "5f000000000000000000f003", "name": "Urgent", "type": "checkbox"},
            {"id": "5f000000000000000000f004", "name": "Ships", "type": "date"},
            {"id": "5f000000000000000000f005", "name": "Size", "type": "list", "options": [
                {"id": "5f000000000000000000e001", "value": {"text": "S"}},
                {"id": "5f000000000000000000e002", "value": {"text": "L"}},
            ]},
        ],
    })
}

/// Returns a card on the first list, and what it has beside or in place of that.
pub(crate) fn card(own: Value) -> Value {
    let mut card = json!({
        "id": CARD, "idShort": 5, "shortLink": "card0005", "shortUrl": "https://trello.com/c/card0005",
        "url": "https://trello.com/c/card0005/5-export", "name": "Export", "desc": "It stops.", "closed": false, "due": null,
        "dueComplete": false, "start": null, "dateLastActivity": "2026-01-02T03:04:05.678Z", "idBoard": BOARD,
        "idList": "5f000000000000000000a001", "idMembers": [], "labels": [], "pos": 16384, "badges": {"comments": 0, "attachments": 0, "votes": 0},
        "customFieldItems": [],
    });
    for (name, value) in own.as_object().unwrap() {
        card[name] = value.clone();
    }
    card
}

/// Returns a comment on that card.
pub(crate) fn comment(number: u32, text: &str) -> Value {
    json!({
        "id": format!("5f1000000000000000{number:06x}"), "type": "commentCard", "data": {"text": text},
        "date": format!("2026-01-02T04:{:02}:{:02}.000Z", number / 60 % 60, number % 60), "memberCreator": ada(),
    })
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
