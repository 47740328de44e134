//! Limits: first it is said to wait, later it is refused.

use usher_tests::servers::azure_devops::{FakeAzureDevOps, RateLimit, Seed};

use super::ask;

#[test]
fn delay_is_told_on_success_and_a_refusal_has_its_number() {
    let azure = FakeAzureDevOps::services(Seed::small());
    azure.rate_limit(RateLimit::Delayed(2), 1);
    azure.rate_limit(RateLimit::Refused(30), 1);
    let get = || ask(&azure, "GET", "/_apis/wit/workitems/2").send(&azure);
    let delayed = get().expect(200);
    assert_eq!((delayed.header("retry-after"), delayed.header("x-ratelimit-delay")), (Some("2"), Some("2.5")));
    let refused = get().expect(429);
    assert_eq!(refused.header("retry-after"), Some("30"));
    assert!(refused.json()["message"].as_str().is_some_and(|message| message.starts_with("TF400733")));
    assert_eq!(get().expect(200).header("retry-after"), None);
}
