//! The story of one request: does the schema have it, who asks, what does it cost, and what comes of it.

use std::cell::RefCell;

use apollo_compiler::response::ExecutionResponse;
use hyper::Method;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    access::{self, Token},
    check::{self, Asking, api},
    cost,
    limits::{Limits, MOST_POINTS},
    places::Places,
    reply::Refusal,
    run::Run,
    state::State,
};
use crate::servers::{
    Answer, Request, fake,
    graphql::{self, Held},
    server::{Handler, Outcome},
};

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner>;

/// What changes.
pub(super) struct Inner {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
    pub(super) places: Places,
    /// The field that fails in the next request, and why.
    pub(super) failing: Option<(String, Refusal)>,
}

/// The body of an answer.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    response: ExecutionResponse,
    extensions: Value,
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        if let Some(id) = request.path.strip_prefix("/files/").filter(|_| request.method == Method::GET) {
            return file(&self.inner().state, id).into();
        }
        let asking = match check::check(request) {
            Ok(asking) => asking,
            Err(complaints) => return self.violations.refuse(request, &complaints).into(),
        };
        let inner = &mut *self.inner();
        let token = match access::authenticated(&inner.tokens, request) {
            Ok(token) => token.clone(),
            Err(refusal) => return refusal.answer(401).into(),
        };
        let points = cost::points(&asking.checked);
        let outcome = match inner.limits.take(&token.text, points) {
            Some(exceeded) => exceeded.into(),
            None if points > MOST_POINTS => too_complex(points).answer(200).into(),
            None => match executed(inner, &token, points, asking) {
                Ok(outcome) => outcome,
                Err(wrong) => return self.violations.refuse(request, &wrong).into(),
            },
        };
        let answer = outcome.answer.header("api-version", "2026-10");
        Outcome { answer: inner.limits.tell(&token.text, answer), ..outcome }
    }
}

/// Carries an operation out, or returns what is wrong with the fake or the test.
fn executed(inner: &mut Inner, token: &Token, points: u64, asking: Asking) -> Result<Outcome, Vec<String>> {
    let Inner { state, limits, places, failing, .. } = inner;
    let Asking { checked, upload } = asking;
    let run = Run {
        state: Held::new(state),
        places: RefCell::new(&mut *places),
        limits: RefCell::new(&mut *limits),
        token,
        viewer: token.user,
        points,
        upload,
        failing: failing.take(),
    };
    let response = graphql::execute(api(), &checked, &run)?;
    let body = Body { response, extensions: json!({ "request_id": "0a0a0a0a-0000-4a53-9d8a-000000000000" }) };
    let body = serde_json::to_string(&body).expect("an answer is JSON");
    let committed = run.state.committed();
    places.after(state);
    Ok(Outcome { answer: Answer::json(200, body), committed })
}

fn too_complex(points: u64) -> Refusal {
    let message = format!("Query has complexity of {points}, which exceeds max complexity of {MOST_POINTS}");
    Refusal::new("ComplexityException", message)
}

/// Files are there for everybody who knows the address.
fn file(state: &State, id: &str) -> Answer {
    match state.assets.iter().find(|asset| asset.id == id) {
        Some(asset) => Answer::new(200).content("application/octet-stream", asset.content.clone()),
        None => Answer::new(403).content("application/xml", "<Error><Code>AccessDenied</Code></Error>"),
    }
}
