//! A Jira that lives as long as its test.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use usher_adapter_jira::Jira;
use usher_adapter_sdk::{
    Error, Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, TestHost},
};

/// The site in every test.
pub(crate) const SITE: &str = "https://acme.atlassian.net";

/// What the adapter asked for, and the adapter itself.
pub(crate) struct Server {
    pub kit: Kit,
    pub host: TestHost,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub head: RequestHead,
    pub body: String,
}

impl Asked {
    /// Returns the request on one line, as in `GET /issue/OPS-7?fields=summary`, query values as they are; what is in front of
    /// the version's paths is left out.
    pub(crate) fn line(&self) -> String {
        let path = self.head.url.strip_prefix(SITE).unwrap_or(&self.head.url);
        let path = path.strip_prefix("/rest/api/3").or(path.strip_prefix("/rest/api/2")).unwrap_or(path);
        let query = self.head.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{query}", self.head.method)
    }

    /// Returns the method and the path of the request.
    pub(crate) fn target(&self) -> String {
        self.line().split('?').next().unwrap().to_owned()
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Server {
    /// A site of Cloud.
    pub(crate) fn cloud(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::with(r#"{"deployment":"cloud"}"#, connection(), answer)
    }

    /// A Data Center.
    pub(crate) fn data_center(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::with(r#"{"deployment":"data-center"}"#, connection(), answer)
    }

    /// Any other.
    pub(crate) fn with(
        options: &str,
        connection: Connection,
        answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let host = TestHost::new().with_connection(connection).on_http(move |head, body| {
            check_headers(head);
            let request = Asked { head: head.clone(), body: String::from_utf8(body.to_vec()).unwrap() };
            seen.lock().unwrap().push(request.clone());
            match answer(&request) {
                Err(_) if request.target() == "GET /field" => ok(FIELDS),
                Err(_) if request.target() == "GET /myself" => {
                    ok(r#"{"accountId":"me","displayName":"Mara","timeZone":"Europe/Berlin"}"#)
                }
                answer => answer,
            }
        });
        Self { kit: Kit::new::<Jira>(options, &host).unwrap(), host, asked }
    }

    /// Returns the requests that were made, in their order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the requests that were made, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// Returns the targets of the requests that write.
    pub(crate) fn writes(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.head.effect == Effect::Write).collect()
    }
}

/// Returns the connection of most tests.
pub(crate) fn connection() -> Connection {
    Connection::new("test").with_base_url(SITE.to_owned()).with_auth_scheme("basic".to_owned())
}

/// The fields of the site.
pub(crate) const FIELDS: &str = r#"[
    {"id":"summary","name":"Summary","schema":{"type":"string","system":"summary"}},
    {"id":"customfield_1","name":"Sprint","schema":{"type":"array","items":"json","custom":"com.pyxis.greenhopper.jira:gh-sprint"}},
    {"id":"customfield_2","name":"Epic Link","schema":{"type":"any","custom":"com.pyxis.greenhopper.jira:gh-epic-link"}},
    {"id":"customfield_3","name":"Story Points","schema":{"type":"number","custom":"com.atlassian.jira.plugin.system.customfieldtypes:float"}},
    {"id":"customfield_4","name":"Colour","schema":{"type":"option","custom":"com.atlassian.jira.plugin.system.customfieldtypes:select"}}
]"#;

/// What holds of every request.
fn check_headers(head: &RequestHead) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(header("user-agent"), None, "the user agent is the host's");
    assert_eq!(header("authorization"), None, "credentials are the host's");
    let path = head.url.split('?').next().unwrap();
    let searches = ["/search", "/search/jql", "/issue/bulkfetch"].iter().any(|end| path.ends_with(end));
    let reads = head.method.as_str() == "GET" || searches;
    assert_eq!(head.effect == Effect::Read, reads, "{} {}", head.method, head.url);
    assert!(!head.url.ends_with('/') && !head.query.iter().any(|(_, value)| value.contains("*all,*")), "{}", head.url);
}

/// Returns a success with that body.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Result<Response> {
    Ok(TestHost::response(200, body))
}

/// Returns an answer without a body.
pub(crate) fn empty(status: u16) -> Result<Response> {
    Ok(TestHost::response(status, ""))
}

/// Returns a refusal.
pub(crate) fn refused(status: u16, message: &str) -> Result<Response> {
    Ok(TestHost::response(status, format!(r#"{{"errorMessages":["{message}"],"errors":{{}}}}"#)))
}

/// Returns that a test knows no such request.
pub(crate) fn unknown(asked: &Asked) -> Result<Response> {
    Err(Error::not_found(asked.line()))
}

/// Returns the JSON of an issue of `OPS`: what every issue has, and fields beside or in place of it.
pub(crate) fn issue(number: u64, fields: Value) -> Value {
    let mut issue = json!({
        "id": (10_000 + number).to_string(),
        "key": format!("OPS-{number}"),
        "self": format!("{SITE}/rest/api/3/issue/{}", 10_000 + number),
        "fields": {
            "summary": format!("Issue {number}"),
            "issuetype": {"id": "10001", "name": "Task", "subtask": false},
            "status": {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}},
            "priority": {"id": "3", "name": "Medium"},
            "labels": [],
            "assignee": null,
            "reporter": {"accountId": "me", "displayName": "Mara", "accountType": "atlassian"},
            "project": {"id": "1", "key": "OPS", "name": "Operations", "projectTypeKey": "software"},
            "issuelinks": [],
            "fixVersions": [],
            "components": [],
            "created": "2026-01-01T00:00:00.000+0000",
            "updated": "2026-01-02T00:00:00.000+0000",
        },
    });
    let Value::Object(fields) = fields else { panic!("fields are an object") };
    issue["fields"].as_object_mut().unwrap().extend(fields);
    issue
}

/// Returns the JSON of a document of one paragraph.
pub(crate) fn document(text: &str) -> Value {
    json!({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]})
}

/// Returns the JSON of a comment.
pub(crate) fn comment(id: u64, text: &str, public: bool) -> Value {
    json!({
        "id": id.to_string(), "body": document(text), "jsdPublic": public,
        "author": {"accountId": "me", "displayName": "Mara"},
        "created": "2026-01-01T00:00:00.000+0000", "updated": "2026-01-01T00:00:00.000+0000",
    })
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
