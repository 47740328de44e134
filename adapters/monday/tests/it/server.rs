//! A monday.com that lives as long as its test.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use usher_adapter_monday::Monday;
use usher_adapter_sdk::{
    Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, Recording, TestHost},
};

use crate::schema::Checker;

/// The address of the API in every test.
pub(crate) const API: &str = "https://api.monday.com";

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
        let mut body: Value = serde_json::from_slice(body).unwrap_or_default();
        for part in &head.form {
            if let Some(value) = &part.value {
                body[&part.name] = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            }
        }
        let query = body["query"].as_str().unwrap_or_default();
        let word = |place| query.split([' ', '(', '{']).filter(|word| !word.is_empty()).nth(place).unwrap_or_default();
        Self { head: head.clone(), operation: word(1).to_owned(), variables: body["variables"].clone() }
    }
}

impl Server {
    /// Answers each request by a function of the test's, for a connection whose default board is 1111.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::at(connection().with_default_project("1111".to_owned()), "{}", answer)
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
            if head.method.as_str() == "POST" && head.form.is_empty() {
                check(head, body);
            }
            seen.lock().unwrap().push(request.clone());
            answer(&request)
        });
        Self { kit: Kit::new::<Monday>(options, &host).unwrap(), asked }
    }

    /// Answers with the last exchange of a recording.
    pub(crate) fn recorded(recording: &str, is_right: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        let recording = Recording::parse(recording).unwrap();
        Self::new(move |_| {
            let mut answers = recording.exchanges().iter();
            let answer = answers.find(|exchange| is_right(&String::from_utf8_lossy(&exchange.body())));
            Ok(answer.unwrap().response())
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

/// Returns a connection that knows no board.
pub(crate) fn connection() -> Connection {
    Connection::new("test").with_base_url(API.to_owned()).with_auth_scheme("token".to_owned())
}

/// What holds of every request: it fits the schema, names the version, and says what it does.
fn check(head: &RequestHead, body: &[u8]) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("api-version"), Some("2026-10"));
    assert_eq!(header("authorization"), None, "credentials are the host's");
    assert_eq!((head.url.as_str(), head.query.len()), ("https://api.monday.com/v2", 0));
    let text = std::str::from_utf8(body).unwrap();
    Checker::cut().request(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let is_query = text.starts_with(r#"{"query":"query "#);
    assert_eq!(head.effect == Effect::Read, is_query, "{text}");
}

/// Returns a success with that data.
pub(crate) fn data(data: Value) -> Result<Response> {
    Ok(TestHost::response(200, json!({ "data": data }).to_string()))
}

/// Returns an answer with an error of that code, which comes with HTTP 200.
pub(crate) fn failure(code: &str) -> Result<Response> {
    let error = json!({ "message": "Words for people", "extensions": { "code": code, "status_code": 200 } });
    Ok(TestHost::response(200, json!({ "errors": [error], "data": null }).to_string()))
}

/// Returns the item with every field, and fields in place of its own.
pub(crate) fn item(fields: Value) -> Value {
    let mut item: Value = serde_json::from_str(include_str!("../fixtures/item.json")).unwrap();
    item.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    item
}

/// Returns that item with other values in some of its columns.
pub(crate) fn item_with(values: &[(&str, Value)]) -> Value {
    let mut item = item(json!({}));
    for (id, fields) in values {
        let columns = item["column_values"].as_array_mut().unwrap();
        let column = columns.iter_mut().find(|column| column["id"] == **id).unwrap();
        column.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    }
    item
}

/// Returns the board of that item, with the account's tags beside.
pub(crate) fn board() -> Value {
    let mut board = item(json!({}))["board"].take();
    board["tags"] = json!([{ "id": "12", "name": "export" }, { "id": "13", "name": "login" }]);
    json!({ "boards": [board], "tags": [] })
}

/// Returns the people of the account.
pub(crate) fn users() -> Value {
    let user = |id: &str, name: &str, email: &str| json!({ "id": id, "name": name, "email": email });
    let mara = user("7", "Mara Lind", "mara@shop.example");
    let tom = user("8", "Tom Berg", "tom@shop.example");
    json!({ "users": [mara, tom], "me": user("8", "Tom Berg", "tom@shop.example"), "teams": [{ "id": "90", "name": "Support" }] })
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
