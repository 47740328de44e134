//! Limits: what is told on every answer, and how it is said that nothing is left.

use std::time::{Duration, SystemTime};

use serde_json::json;
use usher_tests::servers::linear::{FakeLinear, Limit, Resource, Seed};

use super::{ask, data, only_error};

const VIEWER: &str = "{ viewer { id } }";

fn nothing_left(limit: u64) -> Limit {
    Limit { limit, remaining: 0, resets_in: Duration::from_secs(60) }
}

#[test]
fn every_answer_tells_what_is_left_and_the_reset_in_milliseconds() {
    let linear = FakeLinear::start(Seed::small());
    let answer = ask(&linear, VIEWER, &json!({})).send(&linear).expect(200);
    let header = |name: &str| answer.header(name).unwrap_or_default();
    assert_eq!((header("x-ratelimit-requests-limit"), header("x-ratelimit-requests-remaining")), ("2500", "2499"));
    assert_eq!((header("x-complexity"), header("x-ratelimit-complexity-remaining")), ("2", "2999998"));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970").as_millis();
    let reset: u128 = header("x-ratelimit-requests-reset").parse().expect("milliseconds");
    assert!((now..=now + 3_600_000).contains(&reset), "{reset}");
}

#[test]
fn recorded_mutation_costs_what_linear_counted() {
    let linear = FakeLinear::start(Seed::small());
    let team = linear.with_state(|state| state.teams[0].meta.id.clone());
    let mutation = "mutation CreateIssue($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier title
        description priority url createdAt updatedAt state { id name } team { id name key } } } }";
    let answer =
        ask(&linear, mutation, &json!({ "input": { "teamId": team, "title": "New" } })).send(&linear).expect(200);
    assert_eq!(answer.header("x-complexity"), Some("6"));
}

#[test]
fn exceeded_limit_is_400_without_retry_after() {
    for (resource, words) in
        [(Resource::Requests, "too many requests"), (Resource::Complexity, "too many complexity points")]
    {
        let linear = FakeLinear::start(Seed::small());
        linear.set_limit(resource, nothing_left(2_500));
        let answer = ask(&linear, VIEWER, &json!({})).send(&linear).expect(400);
        let error = only_error(&answer);
        assert_eq!(
            (&error["extensions"]["code"], &error["extensions"]["statusCode"]),
            (&json!("RATELIMITED"), &json!(429))
        );
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{error}");
        assert_eq!(answer.header("retry-after"), None);
        assert!(answer.header("x-ratelimit-requests-reset").is_some());
    }
}

#[test]
fn searches_have_a_limit_of_their_own() {
    let linear = FakeLinear::start(Seed::small());
    linear.set_limit(Resource::Search, nothing_left(30));
    data(&linear, VIEWER, &json!({}));
    let answer =
        ask(&linear, "{ searchIssues(term: \"x\", first: 1) { totalCount } }", &json!({})).send(&linear).expect(400);
    assert_eq!(answer.header("x-ratelimit-endpoint-name"), Some("searchIssues"));
    assert_eq!(answer.header("x-ratelimit-endpoint-requests-remaining"), Some("0"));
}

#[test]
fn query_above_ten_thousand_points_is_refused() {
    let linear = FakeLinear::start(Seed::small());
    let query = "{ issues(first: 250) { nodes { id comments(first: 50) { nodes { id body } } } } }";
    let error = only_error(&ask(&linear, query, &json!({})).send(&linear).expect(400));
    assert!(error["message"].as_str().is_some_and(|message| message.starts_with("Query too complex")), "{error}");
    data(&linear, "{ issues(first: 50) { nodes { id comments(first: 50) { nodes { id body } } } } }", &json!({}));
}

#[test]
fn what_is_left_can_be_asked() {
    let linear = FakeLinear::start(Seed::small());
    let query = "{ rateLimitStatus { kind limits { type allowedAmount remainingAmount reset period } } }";
    let status = data(&linear, query, &json!({}))["rateLimitStatus"].clone();
    assert_eq!(
        (&status["limits"][0]["type"], &status["limits"][0]["remainingAmount"]),
        (&json!("requests"), &json!(2499))
    );
}
