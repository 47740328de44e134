//! The story of one request: does the schema have it, who asks, what does it cost, and what comes of it.

use super::{
    access::{self, Token},
    check::{self, api},
    cost,
    index::Index,
    limits::{Limits, MOST_POINTS, Resource},
    reply::Refusal,
    run::Run,
    state::State,
};
use crate::servers::{
    Answer, Request, fake,
    graphql::{self, Checked},
    indexed::Indexed,
    server::{Handler, Outcome},
};

/// Everything behind the port.
pub(super) type Service = fake::Service<Inner>;

/// What changes.
pub(super) struct Inner {
    pub(super) state: Indexed<State, Index>,
    pub(super) tokens: Vec<Token>,
    pub(super) limits: Limits,
    /// The field that fails in the next request.
    pub(super) failing: Option<String>,
}

impl Handler for Service {
    fn answer(&self, request: &Request) -> Outcome {
        let checked = match check::check(request) {
            Ok(checked) => checked,
            Err(complaints) => return self.violations.refuse(request, &complaints).into(),
        };
        let Inner { state, tokens, limits, failing } = &mut *self.inner();
        let token = match access::authenticated(tokens, request) {
            Ok(token) => token,
            Err((status, refusal)) => return refused(status, &refusal).into(),
        };
        let points = cost::points(&checked);
        let resources = resources(&checked);
        let costs = resources.iter().map(|resource| match resource {
            Resource::Complexity => (*resource, points),
            Resource::Requests | Resource::Search => (*resource, 1),
        });
        let taken =
            costs.map(|(resource, cost)| limits.take(&token.text, resource, cost)).collect::<Result<Vec<_>, _>>();
        let outcome = match taken {
            Err(refusal) => refused(400, &refusal).into(),
            Ok(_) if points > MOST_POINTS => refused(400, &too_complex(points)).into(),
            Ok(_) => {
                let viewer = state.users.iter().position(|user| user.display_name == token.user);
                let viewer = viewer.unwrap_or_else(|| panic!("there is no user {} for a token", token.user));
                let mut run = Run::new(state, token, viewer);
                run.limits = limits.status(&token.text);
                run.failing = failing.take();
                match executed(&run, &checked) {
                    Ok(outcome) => outcome,
                    Err(missing) => return self.violations.refuse(request, &missing).into(),
                }
            }
        };
        let answer = outcome.answer.header("x-complexity", &points.to_string()).header("cache-control", "no-store");
        Outcome { answer: limits.tell(&token.text, &resources, answer), ..outcome }
    }
}

/// Carries an operation out, or returns what is wrong with the fake or the test.
fn executed(run: &Run, checked: &Checked) -> Result<Outcome, Vec<String>> {
    let body = serde_json::to_string(&graphql::execute(api(), checked, run)?).expect("an answer is JSON");
    Ok(Outcome { answer: Answer::json(200, body), committed: run.committed() })
}

/// Returns the limits that a request counts against.
fn resources(checked: &Checked) -> Vec<Resource> {
    let mut resources = vec![Resource::Requests, Resource::Complexity];
    let mut fields = checked.operation().root_fields(&checked.document);
    if fields.any(|field| field.name == "searchIssues") {
        resources.push(Resource::Search);
    }
    resources
}

fn too_complex(points: u64) -> Refusal {
    Refusal::input(format!("Query too complex: it costs {points} points, and {MOST_POINTS} is the most"))
}

fn refused(status: u16, refusal: &Refusal) -> Answer {
    Answer::json(status, refusal.body())
}
