//! The story of one request: is it described, who asks, what comes of it.

use std::collections::HashMap;

use hyper::HeaderMap;
use serde_json::Value;

use super::{
    PREFIX,
    access::{self, Token},
    documents,
    limits::Limits,
    reply::Refusal,
    routes,
    state::State,
};
use crate::servers::{
    Request, fake,
    server::{Handler, Outcome},
};

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner>;

/// What changes.
pub(super) struct Inner {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
}

/// One request to an operation.
pub(super) struct Call<'a> {
    pub(super) request: &'a Request,
    /// The parameters of the path, in their order.
    pub(super) values: Vec<String>,
    /// What stands in the query, and in a body of JSON.
    pub(super) asked: HashMap<String, Value>,
    /// The body, if it is JSON.
    pub(super) body: Value,
    /// The place of who asks.
    pub(super) member: usize,
    pub(super) may_write: bool,
}

impl Call<'_> {
    /// Returns a parameter as text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.asked.get(name).and_then(Value::as_str)
    }

    /// Returns a parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    /// Says whether something is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| !matches!(value, "false" | "none"))
    }

    /// Refuses whoever may only read.
    pub(super) fn writes(&self) -> Result<(), Refusal> {
        if self.may_write {
            Ok(())
        } else {
            Err(Refusal::json(401, &serde_json::json!({ "message": "missing scopes" })))
        }
    }
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        let Some(path) = request.path.strip_prefix(PREFIX) else {
            return self.violations.refuse(request, &[format!("the path has no prefix {PREFIX}")]).into();
        };
        let matched = match documents::matched(request, path) {
            Ok(matched) => matched,
            Err(complaints) => return self.violations.refuse(request, &complaints).into(),
        };
        let Inner { state, tokens, limits } = &mut *self.inner();
        let mut headers = HeaderMap::new();
        if let Err(refusal) = limits.met(&mut headers) {
            return refusal.into_outcome(headers);
        }
        let outcome = access::authenticated(tokens, request).and_then(|token| {
            let call = call(request, matched.values, token);
            let run = routes::operation(&request.method, matched.template);
            let run = run.unwrap_or_else(|| panic!("the fake has no {} {}", request.method, matched.template));
            run(state, &call)
        });
        match outcome {
            Ok(reply) => reply.with_headers(headers),
            Err(refusal) => match &refusal.violation {
                Some(message) => self.violations.refuse(request, std::slice::from_ref(message)).into(),
                None => refusal.into_outcome(headers),
            },
        }
    }
}

fn call<'a>(request: &'a Request, values: Vec<String>, token: &Token) -> Call<'a> {
    let (query, body): (Vec<(String, String)>, _) = (request.parameters(), request.json());
    let members = body.as_object().cloned().unwrap_or_default();
    let asked = query.into_iter().map(|(name, value)| (name, Value::from(value))).chain(members).collect();
    Call { request, values, asked, body, member: token.member, may_write: token.may_write }
}
