//! The story of one request: who asks, is it allowed, what comes of it, and how it is answered.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Mutex, MutexGuard, OnceLock},
};

use hyper::{HeaderMap, Method, header, http::HeaderValue};

use super::{
    access::{self, Token, TokenKind},
    issues,
    limits::{Bucket, Limits, Resource, SecondaryLimit},
    render::{Site, document},
    reply::{Refusal, Reply},
    routes::{self, Operation},
    state::State,
};
use crate::servers::{
    Answer, Request,
    openapi::Document,
    server::{Handler, Outcome},
};

/// The status of an answer to a request that GitHub does not describe. No other server has it.
pub const VIOLATION: u16 = 599;

/// The versions of the API that there are.
const VERSIONS: &[&str] = &["2022-11-28", "2026-03-10"];

/// Everything behind the port.
pub(super) struct Service {
    pub(super) site: Site,
    pub(super) inner: Mutex<Inner>,
}

/// What changes.
pub(super) struct Inner {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
    pub(super) violations: Vec<String>,
    pub(super) switches: Switches,
}

/// How this GitHub behaves where the real one may behave in more than one way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Switches {
    /// Lists of issues are paged by an opaque cursor.
    pub(super) cursors: bool,
    /// Searches say that they gave up early.
    pub(super) incomplete_results: bool,
    /// A create or an update that names an unknown assignee is refused, and not done without them.
    pub(super) refuse_unknown_assignees: bool,
}

/// One request to an operation.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    /// The parameters of the path.
    pub(super) values: Vec<String>,
    pub(super) query: HashMap<String, String>,
    pub(super) token: Option<&'a Token>,
    pub(super) site: &'a Site,
    pub(super) switches: Switches,
    pub(super) limits: [Bucket; 2],
}

impl Service {
    pub(super) fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no operation panicked")
    }

    fn violation(&self, inner: &mut Inner, request: &Request, complaints: &[String]) -> Answer {
        let message = format!("{} {}: {}", request.method, request.target(), complaints.join("; "));
        let body = document(&serde_json::json!({ "message": message }));
        inner.violations.push(message);
        Answer::json(VIOLATION, body.bytes)
    }

    /// Returns the path behind the prefix, with a repository's number replaced by its name.
    fn path(&self, state: &State, request: &Request) -> Option<String> {
        let prefix = if self.site.enterprise { "/api/v3" } else { "" };
        let path = request.path.strip_prefix(prefix)?;
        let Some(by_number) = path.strip_prefix("/repositories/") else { return Some(path.to_owned()) };
        let (number, rest) = by_number.split_at(by_number.find('/').unwrap_or(by_number.len()));
        let number: u64 = number.parse().ok()?;
        let repository = state.repositories.iter().find(|repository| repository.id == number)?;
        Some(format!("/repos/{}/{}{rest}", repository.owner, repository.name))
    }
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        let inner = &mut *self.inner();
        if !request.headers.contains_key(header::USER_AGENT) {
            let page =
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
            return Answer::html(403, page).into();
        }
        let Some(path) = self.path(&inner.state, request) else {
            let complaint =
                "the path has no prefix /api/v3, or a repository's number that was never given out".to_owned();
            return self.violation(inner, request, &[complaint]).into();
        };
        let matched = match matched(request, &path, self.site.enterprise) {
            Ok(matched) => matched,
            Err(Unmatched::Absent) => return refused(&Refusal::not_found(), HeaderMap::new()),
            Err(Unmatched::Wrong(complaints)) => {
                let answer = self.violation(inner, request, &complaints);
                let slash = path.len() > 1 && path.ends_with('/');
                return if slash { refused(&Refusal::not_found(), HeaderMap::new()) } else { answer.into() };
            }
        };
        self.known(inner, request, matched)
    }
}

impl Service {
    /// Answers a request that GitHub describes.
    fn known(&self, inner: &mut Inner, request: &Request, (operation, values): (Operation, Vec<String>)) -> Outcome {
        let token = match token(&inner.tokens, request) {
            Ok(token) => token,
            Err(refusal) => return refused(&refusal, HeaderMap::new()),
        };
        let who = token.map(|token| token.login.as_str());
        let mut headers = HeaderMap::new();
        token_headers(&mut headers, token);
        if let Some(limit) = inner.limits.next_secondary() {
            return secondary(limit, headers);
        }
        let resource = if operation.template == "/search/issues" { Resource::Search } else { Resource::Core };
        // Looking at what is left costs nothing.
        let counts = inner.limits.are_on() && operation.template != "/rate_limit";
        if counts {
            let taken = inner.limits.take(who, resource);
            limit_headers(&mut headers, &taken.unwrap_or_else(|left| left));
            if taken.is_err() {
                let name = who.map_or_else(|| "your address".to_owned(), |login| format!("user {login}"));
                return refused(&Refusal::new(403, format!("API rate limit exceeded for {name}.")), headers);
            }
        } else if operation.template == "/rate_limit" && !inner.limits.are_on() {
            return refused(&Refusal::new(404, "Rate limiting is not enabled."), headers);
        }
        if let Some(version) = request.header("x-github-api-version").filter(|version| !VERSIONS.contains(version)) {
            return refused(&Refusal::new(400, format!("\"{version}\" is not a supported API version")), headers);
        }
        let limits = [inner.limits.look(who, Resource::Core), inner.limits.look(who, Resource::Search)];
        let query =
            form_urlencoded::parse(request.query.as_deref().unwrap_or_default().as_bytes()).into_owned().collect();
        let call = Call { request, values, query, token, site: &self.site, switches: inner.switches, limits };
        let reply = match (operation.run)(&mut inner.state, &call) {
            Ok(reply) => reply,
            Err(refusal) if refusal.status == VIOLATION => {
                return self.violation(inner, request, &[refusal.message.into_owned()]).into();
            }
            Err(refusal) => return refused(&refusal, headers),
        };
        let tag = reply.has_tag.then(|| tag(&reply, token, request));
        if let Some(tag) = tag.as_ref().filter(|tag| is_known(tag, request)) {
            if counts && token.is_some() {
                limit_headers(&mut headers, &inner.limits.give_back(who, resource));
            }
            return unchanged(tag, headers);
        }
        answered(reply, tag, headers)
    }
}

/// Why a request is no operation's.
enum Unmatched {
    /// It is one that this server is too old for.
    Absent,
    Wrong(Vec<String>),
}

/// Checks a request against the document of its server.
fn matched(request: &Request, path: &str, enterprise: bool) -> Result<(Operation, Vec<String>), Unmatched> {
    let document = if enterprise { enterprise_document() } else { cloud_document() };
    if enterprise && !document.knows(path) && cloud_document().knows(path) {
        return Err(Unmatched::Absent);
    }
    let given_out = |name: &str, value: &str| issues::is_cursor(name, value);
    let matched = document.check(request, path, given_out).map_err(Unmatched::Wrong)?;
    let operation = routes::operation(&request.method, matched.template);
    let operation = operation.unwrap_or_else(|| panic!("the fake has no {} {}", request.method, matched.template));
    Ok((operation, matched.values))
}

/// Returns what github.com describes.
pub fn cloud_document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::parse(include_str!("../../../data/github/api.github.com.openapi.json")))
}

/// Returns what an Enterprise Server describes.
pub fn enterprise_document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::parse(include_str!("../../../data/github/ghes-3.19.openapi.json")))
}

fn token<'a>(tokens: &'a [Token], request: &Request) -> Result<Option<&'a Token>, Refusal> {
    if !request.headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let presented = request.header("authorization").and_then(access::presented);
    let known = presented.and_then(|text| tokens.iter().find(|token| token.text == text));
    known.map(Some).ok_or_else(|| Refusal::new(401, "Bad credentials"))
}

fn token_headers(headers: &mut HeaderMap, token: Option<&Token>) {
    let Some(TokenKind::Classic(scopes)) = token.map(|token| &token.kind) else { return };
    insert(headers, "x-oauth-scopes", &scopes.join(", "));
    insert(headers, "x-accepted-oauth-scopes", "repo");
}

fn limit_headers(headers: &mut HeaderMap, bucket: &Bucket) {
    headers.insert("x-ratelimit-limit", bucket.limit.into());
    headers.insert("x-ratelimit-remaining", bucket.remaining.into());
    headers.insert("x-ratelimit-used", (bucket.limit.saturating_sub(bucket.remaining)).into());
    headers.insert("x-ratelimit-reset", bucket.reset.into());
    headers.insert("x-ratelimit-resource", HeaderValue::from_static(bucket.resource.word()));
}

fn secondary(limit: SecondaryLimit, mut headers: HeaderMap) -> Outcome {
    if let Some(seconds) = limit.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    refused(&Refusal::new(limit.status, message), headers)
}

/// Returns the weak tag of what is answered: another token, another kind of content, another tag.
fn tag(reply: &Reply, token: Option<&Token>, request: &Request) -> String {
    let mut hasher = DefaultHasher::new();
    token.map(|token| &token.text).hash(&mut hasher);
    request.headers.get(header::ACCEPT).hash(&mut hasher);
    (reply.document.hash, &reply.link).hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

fn is_known(tag: &str, request: &Request) -> bool {
    let known = request.header("if-none-match").unwrap_or_default();
    let reads = [Method::GET, Method::HEAD].contains(&request.method);
    // A comparison for reading is a weak one.
    reads
        && known
            .split(',')
            .any(|known| known.trim() == "*" || known.trim() == tag || Some(known.trim()) == tag.strip_prefix("W/"))
}

fn unchanged(tag: &str, mut headers: HeaderMap) -> Outcome {
    insert(&mut headers, "etag", tag);
    Outcome::from(Answer { headers, ..Answer::new(304) })
}

fn answered(reply: Reply, tag: Option<String>, mut headers: HeaderMap) -> Outcome {
    let texts = [("etag", tag), ("link", reply.link), ("location", reply.location)];
    for (name, text) in texts {
        if let Some(text) = text {
            insert(&mut headers, name, &text);
        }
    }
    if let Some(time) = reply.last_modified {
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        let time = printer.timestamp_to_rfc9110_string(&time).expect("issues are of this age");
        insert(&mut headers, "last-modified", &time);
    }
    headers
        .insert(header::VARY, HeaderValue::from_static("Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding"));
    headers.insert("x-github-media-type", HeaderValue::from_static("github.v3; format=json"));
    let content = HeaderValue::from_static("application/json; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, content);
    let answer = Answer { headers, body: reply.document.bytes, ..Answer::new(reply.status) };
    Outcome { answer, committed: reply.committed }
}

fn refused(refusal: &Refusal, mut headers: HeaderMap) -> Outcome {
    if let Some(location) = &refusal.location {
        insert(&mut headers, "location", location);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    let body = document(&refusal.body()).bytes;
    Outcome::from(Answer { headers, body, ..Answer::new(refusal.status) })
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    headers.insert(name, HeaderValue::from_str(value).expect("what the fake says is printable"));
}
