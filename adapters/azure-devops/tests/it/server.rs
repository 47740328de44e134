//! An Azure DevOps that lives as long as its test. Every request is checked against Microsoft's own description.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use usher_adapter_azure_devops::AzureDevOps;
use usher_adapter_sdk::{
    Error, Result,
    host::{Connection, Effect, RequestHead, Response},
    testkit::{Kit, TestHost},
};

use crate::swagger;

/// The address of the organisation in every test.
pub(crate) const API: &str = "https://dev.azure.com/acme";

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
    /// Returns the request as it is compared with its description.
    pub(crate) fn parts(&self) -> (&RequestHead, &[u8]) {
        (&self.head, self.body.as_bytes())
    }

    /// Returns the request on one line, as in `GET /_apis/projects?$top=500`, without the version of the API.
    pub(crate) fn line(&self) -> String {
        let path = self.head.url.strip_prefix(API).unwrap_or(&self.head.url);
        let query = self.head.query.iter().filter(|(name, _)| name != "api-version");
        let query = query.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{query}", self.head.method)
    }

    /// Returns the method and the path of the request, decoded as far as tests need it.
    pub(crate) fn path(&self) -> String {
        let line = self.line().replace("%20", " ").replace("%24", "$");
        line.split('?').next().unwrap().to_owned()
    }

    /// Returns a parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.head.query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the text of a query.
    pub(crate) fn wiql(&self) -> String {
        self.json()["query"].as_str().unwrap().to_owned()
    }

    /// Returns what stands between `WHERE` and `ORDER BY`.
    pub(crate) fn conditions(&self) -> String {
        let wiql = self.wiql();
        let (_, rest) = wiql.split_once(" WHERE ").unwrap_or(("", ""));
        rest.split_once(" ORDER BY").map_or("", |(conditions, _)| conditions).to_owned()
    }
}

impl Server {
    /// Answers each request by a function of the test's, for a connection that knows no project.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static) -> Self {
        Self::at(connection(), answer)
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
            let complaints = swagger::complaints(&request, organization(&head.url));
            assert_eq!(complaints, [""; 0], "{} {}", request.line(), request.body);
            seen.lock().unwrap().push(request.clone());
            answer(&request)
        });
        let kit = Kit::new::<AzureDevOps>(r#"{"organization":"acme"}"#, &host).unwrap();
        Self { kit, host, asked }
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

    /// Returns the JSON of the last body that was sent.
    pub(crate) fn last(&self) -> Value {
        self.asked().last().unwrap().json()
    }
}

/// Returns the connection of most tests.
pub(crate) fn connection() -> Connection {
    Connection::new("test").with_base_url("https://dev.azure.com".to_owned()).with_auth_scheme("pat".to_owned())
}

/// Answers with what a table has for the method and the path.
pub(crate) fn answer_of(table: &[(&'static str, Value)], asked: &Asked) -> Result<Response> {
    match table.iter().find(|(path, _)| *path == asked.path()) {
        Some((_, body)) => ok(body.to_string()),
        None => complaint(404, &format!("VS800075: {} is not there.", asked.path())),
    }
}

/// Services and people are on hosts of their own.
fn organization(url: &str) -> &str {
    let end = url.find("/acme").map_or(0, |start| start + "/acme".len());
    &url[..end]
}

/// What holds of every request.
fn check_headers(head: &RequestHead) {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert!(header("accept").is_some());
    assert_eq!(header("x-tfs-fedauthredirect"), Some("Suppress"));
    assert_eq!(header("user-agent"), None, "the user agent is the host's");
    assert_eq!(header("authorization"), None, "credentials are the host's");
    assert!(head.query.iter().any(|(name, _)| name == "api-version"), "without a version a preview may answer");
    let is_query = head.url.ends_with("/wiql") || head.url.ends_with("/workitemsbatch");
    let reads = head.method.as_str() == "GET" || is_query;
    assert_eq!(head.effect == Effect::Read, reads, "{} {}", head.method, head.url);
}

/// Returns a success with that body.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Result<Response> {
    Ok(TestHost::response(200, body).with_header("content-type", "application/json; charset=utf-8"))
}

/// Returns an answer with a message, as Azure DevOps complains.
pub(crate) fn complaint(status: u16, message: &str) -> Result<Response> {
    let body = json!({"$id": "1", "message": message, "typeKey": "", "errorCode": 0, "eventId": 3000});
    Ok(TestHost::response(status, body.to_string()))
}

/// Returns an error for a request that the test does not expect.
pub(crate) fn unexpected(asked: &Asked) -> Result<Response> {
    Err(Error::not_found(asked.line()))
}

/// Returns a work item of the project Web: what every one has, and fields beside or in place of it.
pub(crate) fn item(number: u64, fields: Value) -> Value {
    let mut item = json!({
        "id": number, "rev": 3, "url": format!("{API}/_apis/wit/workItems/{number}"),
        "fields": {
            "System.Title": format!("Item {number}"), "System.TeamProject": "Web", "System.AreaPath": "Web",
            "System.IterationPath": "Web", "System.WorkItemType": "Bug", "System.State": "Active",
            "System.Reason": "Approved", "System.CreatedDate": "2026-01-01T00:00:00Z",
            "System.ChangedDate": "2026-01-02T00:00:00Z",
        },
    });
    let own = item["fields"].as_object_mut().unwrap();
    for (name, value) in fields.as_object().unwrap() {
        if value.is_null() {
            own.remove(name);
        } else {
            own.insert(name.clone(), value.clone());
        }
    }
    item
}

/// Returns a list as Azure DevOps answers it.
pub(crate) fn list(items: impl IntoIterator<Item = Value>) -> Value {
    let items: Vec<Value> = items.into_iter().collect();
    json!({"count": items.len(), "value": items})
}

/// Returns the states of a bug.
pub(crate) fn states() -> Value {
    list([
        json!({"name": "New", "category": "Proposed"}),
        json!({"name": "Active", "category": "InProgress"}),
        json!({"name": "Resolved", "category": "Resolved"}),
        json!({"name": "Closed", "category": "Completed"}),
    ])
}

/// Returns what the project Web says of its fields.
pub(crate) fn fields() -> Value {
    let field = |name: &str, kind: &str| json!({"referenceName": name, "name": name, "type": kind});
    list([field("System.Title", "string"), field("Custom.Team", "string"), field("Custom.Why", "html")])
}

/// Returns the types of the project Web.
pub(crate) fn types() -> Value {
    let field = |reference: &str, name: &str| json!({"referenceName": reference, "name": name, "alwaysRequired": reference == "System.Title"});
    let transitions = json!({
        "": [{"to": "New"}], "New": [{"to": "Active"}, {"to": "Closed"}],
        "Active": [{"to": "Resolved"}, {"to": "New"}], "Resolved": [{"to": "Closed"}], "Closed": [{"to": "Active"}],
    });
    let common = vec![
        field("System.Title", "Title"),
        field("System.State", "State"),
        field("System.Description", "Description"),
        field("Microsoft.VSTS.Common.Priority", "Priority"),
        field("Microsoft.VSTS.Common.AcceptanceCriteria", "Acceptance Criteria"),
        field("Microsoft.VSTS.Scheduling.StoryPoints", "Story Points"),
        field("Microsoft.VSTS.Scheduling.DueDate", "Due Date"),
        field("Custom.Team", "Team"),
        field("Custom.Why", "Why"),
    ];
    let mut of_bug = common.clone();
    of_bug.push(field("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps"));
    list([
        json!({"name": "Bug", "referenceName": "Microsoft.VSTS.WorkItemTypes.Bug", "isDisabled": false,
            "states": states()["value"], "transitions": transitions, "fields": of_bug}),
        json!({"name": "Task", "referenceName": "Microsoft.VSTS.WorkItemTypes.Task", "isDisabled": false,
            "states": [{"name": "To Do", "category": "Proposed"}, {"name": "Done", "category": "Completed"}],
            "transitions": {"": [{"to": "To Do"}]}, "fields": [field("System.Title", "Title")]}),
        json!({"name": "Code Review Request", "isDisabled": true, "states": [], "fields": []}),
    ])
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}
