//! The outermost layer: what was asked, what came of it and how long it took, for log lines and metrics.
//!
//! Nothing is formatted while nobody listens. Neither log lines nor labels hold a query: it may hold anything.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http::Method;
use metrics::{counter, gauge, histogram};
use tracing::{Instrument, Span, field};
use url::Url;

use crate::{
    http::{Body, Call, Exchange, Failure, Request, Response, Trail},
    telemetry::names,
};

/// Headers in which platforms name a request, the most telling first.
const REQUEST_ID: [&str; 7] = [
    "x-github-request-id",
    "x-request-id",
    "x-arequestid",
    "x-vss-e2eid",
    "activityid",
    "x-correlation-id",
    "x-trace-id",
];

/// Who asks whom.
#[derive(Debug, Clone)]
pub(crate) struct Observed {
    /// The adapter's id.
    pub(crate) platform: Arc<str>,
    /// The connection's name.
    pub(crate) connection: Arc<str>,
    /// The job on whose behalf this process runs, if it was named.
    pub(crate) job_id: Option<Arc<str>>,
}

/// Watches requests.
pub(crate) struct Trace<N> {
    observed: Observed,
    next: N,
}

impl<N> Trace<N> {
    /// Returns the layer around the next one.
    pub(crate) fn new(observed: Observed, next: N) -> Self {
        Self { observed, next }
    }
}

impl<N: Exchange> Exchange for Trace<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let began = Instant::now();
        let span = self.span(&request, call);
        let story = Story {
            method: request.method.clone(),
            // The address is kept only for those who will read it.
            url: (!span.is_disabled()).then(|| request.url.clone()),
            sent: body_size(&request.body),
            trail: request.trail.clone(),
        };
        let outcome = self.next.send(request, call).instrument(span.clone()).await;
        let seconds = began.elapsed().as_secs_f64();
        self.count(&story, call, &outcome, seconds);
        call.tally.add(&story.trail, matches!(&outcome, Ok(response) if response.from_cache));
        if let Some(url) = &story.url {
            span.in_scope(|| self.tell(&story, url, call, &outcome, seconds));
        }
        outcome
    }
}

/// What is left of a request once it has been sent.
struct Story {
    method: Method,
    url: Option<Url>,
    sent: u64,
    trail: Trail,
}

impl<N> Trace<N> {
    fn span(&self, request: &Request, call: &Call) -> Span {
        tracing::info_span!(
            "request",
            platform = &*self.observed.platform,
            connection = &*self.observed.connection,
            operation = call.operation,
            call = call.id,
            method = request.method.as_str(),
            job_id = self.observed.job_id.as_deref(),
            outcome = field::Empty,
            status = field::Empty,
            attempt = field::Empty,
            request_id = field::Empty,
        )
    }

    /// Says in one line what was asked and what came of it.
    fn tell(&self, story: &Story, url: &Url, call: &Call, outcome: &Result<Response, Failure>, seconds: f64) {
        let (status, request_id) = match outcome {
            Ok(response) => (Some(response.status.as_u16()), request_id(response)),
            Err(failure) => (failure.error.status(), None),
        };
        let attempt = story.trail.attempts();
        let span = Span::current();
        span.record("outcome", outcome_name(outcome)).record("attempt", attempt);
        if let Some(status) = status {
            span.record("status", status);
        }
        if let Some(request_id) = request_id {
            span.record("request_id", request_id);
        }
        let result = match (outcome, status) {
            (_, Some(status)) => status.to_string(),
            (Ok(_), None) => String::new(),
            (Err(failure), None) => failure.error.kind().name().to_owned(),
        };
        let how = match outcome {
            Ok(response) if response.from_cache => ", as it was",
            _ => "",
        };
        let times = if attempt <= 1 { String::new() } else { format!(", {attempt} attempts") };
        tracing::info!(
            platform = &*self.observed.platform,
            connection = &*self.observed.connection,
            operation = call.operation,
            job_id = self.observed.job_id.as_deref(),
            outcome = outcome_name(outcome),
            status,
            attempt,
            request_id,
            duration_ms = seconds * 1000.0,
            from_cache = matches!(outcome, Ok(response) if response.from_cache),
            "{} {}{} {result} in {:.0} ms{times}{how}",
            story.method,
            url.host_str().unwrap_or_default(),
            url.path(),
            seconds * 1000.0,
        );
    }

    fn count(&self, story: &Story, call: &Call, outcome: &Result<Response, Failure>, seconds: f64) {
        let Observed { platform, connection, .. } = &self.observed;
        let trail = &story.trail;
        let who = || [("platform", platform.clone()), ("connection", connection.clone())];
        let doing = || {
            let [platform, connection] = who();
            [platform, connection, ("operation", Arc::from(call.operation))]
        };
        let status = match outcome {
            Ok(response) => response.status.as_str().to_owned(),
            Err(failure) => failure.error.status().map_or_else(|| "none".to_owned(), |status| status.to_string()),
        };
        counter!(
            names::REQUESTS,
            "platform" => platform.clone(),
            "connection" => connection.clone(),
            "operation" => call.operation,
            "method" => story.method.as_str().to_owned(),
            "status" => status,
            "outcome" => outcome_name(outcome),
        )
        .increment(1);
        histogram!(names::REQUEST_SECONDS, &doing()).record(seconds);
        counter!(names::ATTEMPTS, &doing()).increment(u64::from(trail.attempts()));
        counter!(names::SENT_BYTES, &who()).increment(story.sent);
        counter!(names::RECEIVED_BYTES, &who()).increment(trail.received_bytes());
        for (reason, wait) in [("retry", trail.pauses()), ("rate_limit", trail.waits())] {
            // Taking a turn that is free takes a moment too, and is no wait.
            if wait >= Duration::from_millis(1) {
                let [platform, connection] = who();
                let labels = [platform, connection, ("reason", Arc::from(reason))];
                histogram!(names::WAIT_SECONDS, &labels).record(wait.as_secs_f64());
            }
        }
        if trail.had_validator() {
            let is_hit = matches!(outcome, Ok(response) if response.from_cache);
            let [platform, connection] = who();
            let labels = [platform, connection, ("outcome", Arc::from(if is_hit { "hit" } else { "changed" }))];
            // One that failed tells nothing about what was kept.
            if outcome.is_ok() {
                counter!(names::CACHE, &labels).increment(1);
            }
        }
        if let Some(is_open) = trail.breaker() {
            gauge!(names::BREAKER_OPEN, &who()).set(if is_open { 1.0 } else { 0.0 });
            counter!(names::BREAKER_OPENINGS, &who()).increment(u64::from(is_open));
        }
    }
}

fn outcome_name(outcome: &Result<Response, Failure>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(failure) => failure.error.kind().name(),
    }
}

fn request_id(response: &Response) -> Option<&str> {
    REQUEST_ID.iter().find_map(|name| response.headers.get(*name)).and_then(|value| value.to_str().ok())
}

fn body_size(body: &Body) -> u64 {
    match body {
        Body::Bytes(bytes) => bytes.len() as u64,
        Body::File(_) | Body::Form { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::{Error, ErrorKind};

    use super::*;
    use crate::{
        http::testing::{FakeNetwork, answer, call, get, post},
        telemetry::testing::counted,
    };

    fn trace(outcomes: impl IntoIterator<Item = Result<Response, Failure>>) -> Trace<FakeNetwork> {
        let observed = Observed { platform: "acme".into(), connection: "work".into(), job_id: Some("job-7".into()) };
        Trace::new(observed, FakeNetwork::new(outcomes))
    }

    /// Sends these requests one after the other.
    fn send(trace: &Trace<FakeNetwork>, requests: impl IntoIterator<Item = Request>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for request in requests {
            request.trail.attempt();
            // The outcome is the network's, which the test has made.
            let _ = runtime.block_on(trace.send(request, &call()));
        }
    }

    #[test]
    fn requests_are_counted_by_what_came_of_them() {
        let network = || Failure::unsent(Error::new(ErrorKind::Network, "cannot be reached"));
        let trace = trace([Ok(answer(200, &[], "body")), Ok(answer(404, &[], "")), Err(network())]);
        let text = counted(|| {
            let opened = get("https://tickets.example/3?token=s3cret");
            opened.trail.breaker_turned(true);
            opened.trail.received(4);
            send(&trace, [opened, get("https://tickets.example/4"), post("https://tickets.example/", "{}")]);
        });
        let who = r#"platform="acme",connection="work""#;
        for line in [
            format!(r#"usher_http_requests_total{{{who},operation="get",method="GET",status="200",outcome="ok"}} 1"#),
            format!(r#"usher_http_requests_total{{{who},operation="get",method="GET",status="404",outcome="ok"}} 1"#),
            format!(
                r#"usher_http_requests_total{{{who},operation="get",method="POST",status="none",outcome="network"}} 1"#
            ),
            format!(r#"usher_http_attempts_total{{{who},operation="get"}} 3"#),
            format!(r#"usher_http_request_duration_seconds_count{{{who},operation="get"}} 3"#),
            format!("usher_http_received_bytes_total{{{who}}} 4"),
            format!("usher_http_sent_bytes_total{{{who}}} 2"),
            format!("usher_http_breaker_open{{{who}}} 1"),
            format!("usher_http_breaker_openings_total{{{who}}} 1"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(!text.contains("s3cret") && !text.contains("wait_duration_seconds_count"), "{text}");
    }

    #[test]
    fn a_kept_answer_is_counted_as_hit_or_as_changed() {
        let hit = Response { from_cache: true, ..answer(200, &[], "kept") };
        let trace = trace([Ok(hit), Ok(answer(200, &[], "new")), Ok(answer(200, &[], "never kept"))]);
        let asked = || {
            let request = get("https://tickets.example/3");
            request.trail.asked_with_validator();
            request
        };
        let text = counted(|| send(&trace, [asked(), asked(), get("https://tickets.example/4")]));
        for line in [
            r#"usher_http_cache_requests_total{platform="acme",connection="work",outcome="hit"} 1"#,
            r#"usher_http_cache_requests_total{platform="acme",connection="work",outcome="changed"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
