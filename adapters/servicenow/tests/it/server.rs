//! An instance that lives as long as its test, and the adapter that asks it.

use std::sync::{Arc, Mutex};

use usher_adapter_sdk::{
    Error, Result,
    host::{Connection, Effect, Method, RequestHead, Response},
    message::{Criteria, Cursor, Include},
    model::Ticket,
    testkit::{Kit, TestHost},
};
use usher_adapter_servicenow::ServiceNow;

use crate::instance::{Asked, Instance};

/// The address of the instance in every test.
pub(crate) const BASE: &str = "https://acme.service-now.com";

/// The instance, what was asked of it, and the adapter.
pub(crate) struct Server {
    pub kit: Kit,
    pub host: TestHost,
    instance: Arc<Mutex<Instance>>,
}

impl Server {
    /// Returns an adapter for an instance, whose connection names no table.
    pub(crate) fn new(instance: Instance) -> Self {
        Self::at(instance, Connection::new("test").with_base_url(BASE.to_owned()))
    }

    /// Returns an adapter for an instance and a connection.
    pub(crate) fn at(instance: Instance, connection: Connection) -> Self {
        let instance = Arc::new(Mutex::new(instance));
        let shared = Arc::clone(&instance);
        let host = TestHost::new().with_connection(connection).on_http(move |head, body| {
            check(head);
            answer(&mut shared.lock().unwrap(), head, body)
        });
        Self { kit: Kit::new::<ServiceNow>("{}", &host).unwrap(), host, instance }
    }

    /// Looks at what the instance keeps, or changes it behind the adapter's back.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Instance) -> T) -> T {
        look(&mut self.instance.lock().unwrap())
    }

    /// Returns the addresses that were asked, without that of the instance.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.host.requests().iter().map(|head| head.url.trim_start_matches(BASE).to_owned()).collect()
    }

    /// Returns the queries of the last request.
    pub(crate) fn last_query(&self, name: &str) -> Option<String> {
        let head = self.host.requests().pop()?;
        head.query.into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Reads a list to its end, side by side as the host does, and returns its tickets once each.
    pub(crate) fn all(&self, criteria: &Criteria) -> Vec<Ticket> {
        let mut tickets: Vec<Ticket> = Vec::new();
        let mut places: Vec<Option<Cursor>> = vec![None];
        while let Some(place) = places.pop() {
            let page = self.kit.fetch(criteria, Include::SUMMARY, place.as_ref()).unwrap();
            assert_eq!(page.head().errors, []);
            tickets.extend(page.tickets().unwrap());
            places.extend(page.head().next.iter().cloned().map(Some));
        }
        let mut seen = std::collections::BTreeSet::new();
        tickets.retain(|ticket| seen.insert(ticket.native_id.clone()));
        tickets
    }
}

/// Passes a request on to the instance as Ada's.
fn answer(instance: &mut Instance, head: &RequestHead, body: &[u8]) -> Result<Response> {
    let header = |name: &str| head.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let path = head.url.strip_prefix(BASE).unwrap_or_else(|| panic!("{} is elsewhere", head.url));
    let asked = Asked {
        method: head.method.as_str(),
        path,
        query: &head.query,
        content_type: header("content-type"),
        body: if head.from_source.is_some() { b"the bytes" } else { body },
        user: "ada",
    };
    let answered = instance.answer(&asked).unwrap_or_else(|complaint| panic!("{} {path}: {complaint}", asked.method));
    let response = TestHost::response(answered.status, answered.body);
    Ok(answered.headers.iter().fold(response, |response, (name, value)| response.with_header(*name, value)))
}

/// What holds of every request: it has no credentials, asks for values, and says what it does.
fn check(head: &RequestHead) {
    assert!(!head.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization")));
    assert_eq!(head.effect == Effect::Read, head.method == Method::Get, "{}", head.url);
    let has = |name: &str, value: &str| head.query.iter().any(|(own, is)| own == name && is == value);
    if head.url.contains("/api/now/table/") {
        assert!(has("sysparm_display_value", "all"), "{}", head.url);
        assert!(!head.query.iter().any(|(name, value)| name == "sysparm_query"
            && value.contains("ORDERBYsys_created_on")
            && !value.contains("sys_id")));
    }
}

/// Returns the kind of an error, and what it says.
pub(crate) fn kind(error: &Error) -> (&'static str, String) {
    (error.kind().name(), error.to_string())
}

/// Returns a value as a snapshot shows it, raw JSON as what it stands for.
pub(crate) fn shown(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap()
}
