//! The limits of the fake GitHub.

use std::time::{Duration, SystemTime};

use usher_tests::servers::github::{FakeGithub, Limit, Resource, SecondaryLimit, Seed};

use crate::client::{Answer, Ask};

fn get(github: &FakeGithub) -> Answer {
    Ask::get("/repos/acme/app").token(&github.token("octocat")).send(github)
}

#[test]
fn every_answer_says_what_is_left_and_when_there_is_more() {
    let github = FakeGithub::start(Seed::small());
    let answer = get(&github).expect(200);
    let header = |name: &str| answer.header(&format!("x-ratelimit-{name}")).unwrap_or_default();
    assert_eq!(
        (header("limit"), header("remaining"), header("used"), header("resource")),
        ("5000", "4999", "1", "core")
    );
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970").as_secs();
    let reset: u64 = header("reset").parse().expect("seconds");
    assert!((now..=now + 3_600).contains(&reset), "{reset}");
}

#[test]
fn exceeded_limit_is_403_with_nothing_left_and_looking_at_it_costs_nothing() {
    let github = FakeGithub::start(Seed::small());
    github.set_limit(Resource::Core, Limit { limit: 5_000, remaining: 1, resets_in: Duration::from_secs(60) });
    get(&github).expect(200);
    let refused = get(&github).expect(403);
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(refused.json()["message"], "API rate limit exceeded for user octocat.");
    let limits = Ask::get("/rate_limit").token(&github.token("octocat")).send(&github).expect(200).json();
    assert_eq!(limits["resources"]["core"]["remaining"], 0);
    assert_eq!(limits["resources"]["search"]["remaining"], 30);
}

#[test]
fn after_the_reset_there_is_more() {
    let github = FakeGithub::start(Seed::small());
    github.set_limit(Resource::Core, Limit::exceeded(Duration::ZERO));
    get(&github).expect(200);
}

#[test]
fn secondary_limit_tells_nothing_but_its_message_or_the_seconds() {
    let github = FakeGithub::start(Seed::small());
    github.secondary_limit(SecondaryLimit { status: 403, retry_after: None }, 1);
    github.secondary_limit(SecondaryLimit { status: 429, retry_after: Some(2) }, 1);
    let first = get(&github).expect(403);
    assert!(first.json()["message"].as_str().is_some_and(|message| message.contains("secondary rate limit")));
    assert_eq!((first.header("retry-after"), first.header("x-ratelimit-remaining")), (None, None));
    assert_eq!(get(&github).expect(429).header("retry-after"), Some("2"));
    get(&github).expect(200);
}

#[test]
fn enterprise_server_without_limits_has_no_headers_and_no_list_of_them() {
    let github = FakeGithub::build(Seed::small()).enterprise().start();
    github.turn_limits_off();
    assert_eq!(get(&github).expect(200).header("x-ratelimit-limit"), None);
    Ask::get("/rate_limit").send(&github).expect(404);
}
