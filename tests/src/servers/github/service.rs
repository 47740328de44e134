//! The story of one request: who asks, is it allowed, what comes of it, and how it is answered.

use std::{collections::HashMap, sync::OnceLock};

use hyper::{HeaderMap, header, http::HeaderValue};

use super::{
    access::{self, Token},
    issues,
    limits::{Bucket, Limits, Resource},
    render::Site,
    reply::Refusal,
    respond,
    routes::{self, Operation},
    state::State,
};
pub use crate::servers::fake::VIOLATION;
use crate::servers::{
    Answer, Request, fake,
    openapi::Document,
    server::{Handler, Outcome},
};

/// The versions of the API that there are.
const VERSIONS: &[&str] = &["2022-11-28", "2026-03-10"];

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner, Site>;

/// What changes.
pub(super) struct Inner {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
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
            return self.violations.refuse(request, &[complaint]).into();
        };
        match matched(request, &path, self.site.enterprise) {
            Ok(matched) => self.described(inner, request, matched),
            Err(Unmatched::Absent) => respond::refused(&Refusal::not_found(), HeaderMap::new()),
            Err(Unmatched::Wrong(complaints)) => {
                let answer = self.violations.refuse(request, &complaints);
                let slash = path.len() > 1 && path.ends_with('/');
                // Written down it is, but a client may want to see what GitHub says to it.
                if slash { respond::refused(&Refusal::not_found(), HeaderMap::new()) } else { answer.into() }
            }
        }
    }
}

impl Service {
    /// Answers a request that GitHub describes.
    fn described(
        &self,
        inner: &mut Inner,
        request: &Request,
        (operation, values): (Operation, Vec<String>),
    ) -> Outcome {
        let token = match token(&inner.tokens, request) {
            Ok(token) => token,
            Err(refusal) => return respond::refused(&refusal, HeaderMap::new()),
        };
        let mut headers = HeaderMap::new();
        respond::token_headers(&mut headers, token);
        if self.site.enterprise {
            headers.insert("x-github-enterprise-version", HeaderValue::from_static("enterprise-server@3.19.0"));
        }
        if let Some(limit) = inner.limits.next_secondary() {
            return respond::secondary(limit, headers);
        }
        let who = token.map(|token| token.login.as_str());
        let taken = match take(&mut inner.limits, who, operation, &mut headers) {
            Ok(taken) => taken,
            Err(refusal) => return respond::refused(&refusal, headers),
        };
        if let Some(version) = request.header("x-github-api-version").filter(|version| !VERSIONS.contains(version)) {
            let message = format!("\"{version}\" is not a supported API version");
            return respond::refused(&Refusal::new(400, message), headers);
        }
        let limits = [inner.limits.look(who, Resource::Core), inner.limits.look(who, Resource::Search)];
        let query = request.parameters();
        let call = Call { request, values, query, token, site: &self.site, switches: inner.switches, limits };
        let reply = match (operation.run)(&mut inner.state, &call) {
            Ok(reply) => reply,
            Err(refusal) if refusal.status == VIOLATION => {
                return self.violations.refuse(request, &[refusal.message.into_owned()]).into();
            }
            Err(refusal) => return respond::refused(&refusal, headers),
        };
        let tag = reply.has_tag.then(|| respond::tag(&reply, token, request));
        let Some(tag) = tag.as_ref().filter(|tag| respond::is_known(tag, request)) else {
            return respond::answered(reply, tag, headers);
        };
        if let Some(resource) = taken.filter(|_| token.is_some()) {
            respond::limit_headers(&mut headers, &inner.limits.give_back(who, resource));
        }
        respond::unchanged(tag, headers)
    }
}

/// Takes a request from what is left, and returns from what it was taken. Looking at what is left costs nothing.
fn take(
    limits: &mut Limits,
    who: Option<&str>,
    operation: Operation,
    headers: &mut HeaderMap,
) -> Result<Option<Resource>, Refusal> {
    let resource = match operation.template {
        "/rate_limit" if limits.are_on() => return Ok(None),
        "/rate_limit" => return Err(Refusal::new(404, "Rate limiting is not enabled.")),
        _ if !limits.are_on() => return Ok(None),
        "/search/issues" => Resource::Search,
        _ => Resource::Core,
    };
    let taken = limits.take(who, resource);
    respond::limit_headers(headers, &taken.unwrap_or_else(|left| left));
    let name = || who.map_or_else(|| "your address".to_owned(), |login| format!("user {login}"));
    taken.map_err(|_| Refusal::new(403, format!("API rate limit exceeded for {}.", name())))?;
    Ok(Some(resource))
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
