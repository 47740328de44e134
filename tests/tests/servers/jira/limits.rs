//! Limits: what is said when there were too many requests.

use usher_tests::servers::jira::{FakeJira, RateLimit, Seed};

use super::ask;

#[test]
fn limit_tells_its_reason_and_when_to_ask_again() {
    let jira = FakeJira::cloud(Seed::small_cloud());
    jira.rate_limit(RateLimit::burst(3), 1);
    jira.rate_limit(RateLimit { retry_after: None, status: 503, reason: None }, 1);
    let me = || ask(&jira, "GET", "/rest/api/3/myself").send(&jira);
    let first = me().expect(429);
    assert_eq!((first.header("ratelimit-reason"), first.header("retry-after")), (Some("jira-burst-based"), Some("3")));
    let reset = first.header("x-ratelimit-reset").unwrap_or_default();
    assert!(reset.len() == "2026-01-01T00:00Z".len() && reset.ends_with('Z'), "{reset}");
    assert_eq!(me().expect(503).header("retry-after"), None);
    jira.set_near_limit(true);
    assert_eq!(me().expect(200).header("x-ratelimit-nearlimit"), Some("true"));
}
