//! The story of one request: which door, is it described, who asks, what comes of it.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use hyper::{HeaderMap, http::HeaderValue};
use serde_json::Value;

use super::{
    access::{self, Caller, Door, Token},
    index::Index,
    jql::Search,
    limits::Limits,
    render::Site,
    reply::Refusal,
    routes::{self, Operation, Run},
    state::State,
};
use crate::servers::{
    Answer, Request, fake,
    indexed::Indexed,
    openapi::{Defect, Document},
    server::{Handler, Outcome},
};

/// The number of the fake's Cloud site, by which the gateway knows it.
pub const CLOUD_ID: &str = "11223344-a1b2-3b33-c444-def123456789";

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner, Site>;

/// What changes.
pub(super) struct Inner {
    pub(super) state: Indexed<State, Index>,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
    pub(super) switches: Switches,
}

/// How this Jira behaves where the real one may behave in more than one way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Switches {
    /// Pages of searches are empty, short and full in turn.
    pub(super) uneven_pages: bool,
    /// Data Center answers wrong credentials with 200 and nothing.
    pub(super) silent_refusals: bool,
}

/// One request to an operation.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    /// The parameters of the path.
    pub(super) values: Vec<String>,
    pub(super) query: HashMap<String, String>,
    /// The body, if it is JSON.
    pub(super) body: Value,
    pub(super) caller: Caller,
    pub(super) site: Site,
    pub(super) switches: Switches,
    pub(super) index: &'a Index,
}

impl Call<'_> {
    /// Returns a search in the name of who asks.
    pub(super) fn search<'b>(&'b self, state: &'b State) -> Search<'b> {
        Search::new(state, self.index, self.caller.user(), self.site.cloud)
    }

    /// Returns where a page begins, and its size.
    pub(super) fn page(&self, usual: usize, most: usize) -> (usize, usize) {
        let read = |name: &str| self.query.get(name).and_then(|text| text.parse().ok());
        (read("startAt").unwrap_or(0), read("maxResults").unwrap_or(usual).min(most))
    }
}

impl Service {
    /// Returns the door that a request came by, and the path behind it.
    fn door<'a>(&self, request: &'a Request) -> (Door, &'a str) {
        if !self.site.cloud {
            return (Door::DataCenter, &request.path);
        }
        let behind = request.path.strip_prefix("/ex/jira/").and_then(|rest| rest.strip_prefix(CLOUD_ID));
        behind.map_or((Door::Site, request.path.as_str()), |path| (Door::Gateway, path))
    }

    fn site(&self, door: Door) -> Site {
        let base = &self.site.base;
        match door {
            Door::Gateway => Site { base: format!("{base}/ex/jira/{CLOUD_ID}"), ..self.site.clone() },
            Door::Site | Door::DataCenter => self.site.clone(),
        }
    }

    /// Finds the operation of a request in what this Jira describes.
    fn matched(&self, request: &Request, path: &str) -> Result<(Operation, Vec<String>), Vec<String>> {
        let document = if self.site.cloud { cloud_document() } else { data_center_document() };
        let beside = beside_document();
        // A client asks any Jira what it is before it knows which version of the API it has.
        let either = path == "/rest/api/2/serverInfo";
        let document = match path {
            _ if either => data_center_document(),
            path if beside.knows(path) => beside,
            _ => document,
        };
        let matched = document.check_but(request, path, |_, _| false, DEFECTS)?;
        let operation = routes::operation(&request.method, matched.template);
        let operation = operation.unwrap_or_else(|| panic!("the fake has no {} {}", request.method, matched.template));
        Ok((operation, matched.values))
    }
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        let (door, path) = self.door(request);
        if door == Door::DataCenter && (path.starts_with("/rest/api/3/") || path.starts_with("/_edge/")) {
            return Answer::html(404, "<!doctype html><title>Oops, you've found a dead link.</title>").into();
        }
        let Inner { state, tokens, limits, switches } = &mut *self.inner();
        if let Some(answer) = limits.met() {
            return answer.into();
        }
        let (operation, values) = match self.matched(request, path) {
            Ok(matched) => matched,
            Err(complaints) => return self.violations.refuse(request, &complaints).into(),
        };
        let caller = access::caller(state, tokens, request, door);
        let mut headers = HeaderMap::new();
        limits.tell(&mut headers);
        match caller {
            Caller::Refused if switches.silent_refusals => return failed_login(Answer::new(200), headers),
            Caller::Refused => {
                let refused = Refusal::new(401, "Client must be authenticated to access this resource.");
                return failed_login(Answer::json(401, refused.body().to_string()), headers);
            }
            Caller::Mistaken => drop(headers.insert("x-seraph-loginreason", FAILED)),
            Caller::User(_) => drop(headers.insert("x-seraph-loginreason", HeaderValue::from_static("OK"))),
            Caller::Anonymous => {}
        }
        let (query, body) = (request.parameters(), request.json());
        let (site, switches, own) = (self.site(door), *switches, Index::default());
        let call = Call { request, values, query, body, caller, site, switches, index: &own };
        let answered = match operation.run {
            Run::Read(run) => run(state, &Call { index: state.index(), ..call }),
            // What a write looks up is true for itself at most.
            Run::Write(run) => run(state, &call),
        };
        match answered {
            Ok(reply) => reply.with_headers(headers),
            Err(refusal) if refusal.violation => {
                let message = refusal.message.unwrap_or_default().into_owned();
                self.violations.refuse(request, &[message]).into()
            }
            Err(refusal) => refusal.into_outcome(headers),
        }
    }
}

/// What the documents have wrong.
const DEFECTS: &[Defect] = &[Defect {
    path_end: "/issue/{issueIdOrKey}/assignee",
    complaint: "body: /accountId: null is not of type \"string\"",
    reason: "null takes the assignee away, as the description of the operation says in words",
}];

/// What Jira says when credentials are not right, and nothing else says it.
const FAILED: HeaderValue = HeaderValue::from_static("AUTHENTICATED_FAILED");

fn failed_login(mut answer: Answer, headers: HeaderMap) -> Outcome {
    answer.headers.extend(headers);
    answer.headers.insert("x-seraph-loginreason", FAILED);
    answer.into()
}

/// The files' server, to which Cloud redirects. It takes no credentials: whoever sends some gives them away.
pub(super) struct Media(pub(super) Arc<Service>);

impl Handler for Media {
    fn answer(&self, request: &Request) -> Outcome {
        if request.headers.contains_key("authorization") {
            let complaint = "credentials of Jira were sent to the files' server".to_owned();
            return self.0.violations.refuse(request, &[complaint]).into();
        }
        let id = request.path.strip_prefix("/file/").and_then(|id| id.parse().ok());
        let inner = self.0.inner();
        match id.and_then(|id: u64| inner.state.attachments.get(&id)) {
            Some(file) => Answer::new(200).header("content-type", &file.kind).with_body(file.content.clone()).into(),
            None => Answer::new(404).into(),
        }
    }
}

/// Returns what Cloud describes.
pub fn cloud_document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::parse(include_str!("../../../data/jira/cloud-v3.openapi.json")))
}

/// Returns what Data Center has, in this project's words.
pub fn data_center_document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::parse(include_str!("../../../data/jira/data-center-v2.openapi.json")))
}

/// Returns what stands beside the API: the service desk's comments, and a site's number.
pub fn beside_document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::parse(include_str!("../../../data/jira/beside.openapi.json")))
}
