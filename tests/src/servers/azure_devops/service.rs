//! The story of one request: is it described, who asks, which version, what comes of it.

use std::collections::HashMap;

use hyper::HeaderMap;
use serde_json::Value;

use super::{
    access::{self, Token},
    documents,
    limits::Limits,
    render::Site,
    reply::Refusal,
    routes,
    state::State,
    versions,
};
use crate::servers::{
    Request, fake,
    server::{Handler, Outcome},
};

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner, Site>;

/// What changes.
pub(super) struct Inner {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
    /// How many work items a query finds at most.
    pub(super) query_cap: usize,
}

/// One request to an operation.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    /// The parameters of the path by their names in the document.
    pub(super) values: HashMap<String, String>,
    pub(super) query: HashMap<String, String>,
    /// The body, if it is JSON.
    pub(super) body: Value,
    /// The place of who asks.
    pub(super) user: usize,
    pub(super) may_write: bool,
    pub(super) site: &'a Site,
    pub(super) query_cap: usize,
}

impl Call<'_> {
    /// Returns a parameter of the path; an empty text if it was left out.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Returns a parameter of the query.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// Returns a number of the query.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.asked(name).and_then(|text| text.parse().ok())
    }

    /// Refuses whoever may only read.
    pub(super) fn writes(&self) -> Result<(), Refusal> {
        if self.may_write { Ok(()) } else { Err(Refusal::forbidden()) }
    }
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        let path = request.path.strip_prefix(self.site.prefix);
        let Some(path) = path else {
            let complaint = format!("the path has no prefix {}", self.site.prefix);
            return self.violations.refuse(request, &[complaint]).into();
        };
        let matched = match documents::matched(request, path) {
            Ok(matched) => matched,
            Err(complaints) => return self.violations.refuse(request, &complaints).into(),
        };
        let operation = routes::operation(&request.method, &matched.template);
        let operation = operation.unwrap_or_else(|| panic!("the fake has no {} {}", request.method, matched.template));
        let Inner { state, tokens, limits, query_cap } = &mut *self.inner();
        let Some(token) = access::authenticated(tokens, request) else {
            return access::refused(request, self.site.services).into();
        };
        let mut headers = HeaderMap::new();
        if let Err(refusal) = limits.met(&mut headers) {
            return refusal.into_outcome(headers);
        }
        let call = Call {
            request,
            values: matched.values,
            query: request.parameters(),
            body: request.json(),
            user: token.user,
            may_write: token.may_write,
            site: &self.site,
            query_cap: *query_cap,
        };
        let allowed = versions::check(&call, operation.preview);
        let known = call.value("organization").eq_ignore_ascii_case(&self.site.organization);
        let answered = match (allowed, known) {
            (Ok(()), true) => (operation.run)(state, &call),
            (Err(refusal), _) => Err(refusal),
            (Ok(()), false) => {
                Err(Refusal::new(404, "HostDoesNotExistException", "TF400898: The organisation does not exist."))
            }
        };
        match answered {
            Ok(reply) => reply.with_headers(headers),
            Err(refusal) if refusal.violation => {
                self.violations.refuse(request, &[refusal.message.into_owned()]).into()
            }
            Err(refusal) => refusal.into_outcome(headers),
        }
    }
}
