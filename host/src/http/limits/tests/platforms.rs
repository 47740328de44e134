//! How each platform says that it was too much: a test for each row of the dialects, with the platforms' own headers and
//! bodies. What is marked as hub4j is from the test data of hub4j/github-api (MIT), with times that fit this clock.

use super::*;

/// 43 seconds after the beginning: 12:30:05.
const RESET: &str = "1795696205";
const SECONDARY: &str =
    r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again"}"#;

/// Status, headers and body of an answer, and the limit and the seconds that it means.
type Said<'a> = (u16, &'a [(&'a str, &'a str)], &'a str, &'a str, u64);

fn search() -> Wanted<'static> {
    of_class("search")
}

fn github(remaining: &'static str, resource: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("x-ratelimit-limit", "5000"),
        ("x-ratelimit-remaining", remaining),
        ("x-ratelimit-reset", RESET),
        ("x-ratelimit-resource", resource),
    ]
}

#[tokio::test(start_paused = true)]
async fn github_primary_is_403_or_429_with_nothing_left_until_the_reset() {
    for status in [403, 429] {
        let world = World::of("github");
        let verdict =
            world.send(read(), status, &github("0", "core"), r#"{"message":"API rate limit exceeded"}"#).await;
        assert_eq!(too_much(verdict), ("GitHub's core limit".into(), Some(43)));
        assert_eq!(world.held_for(write()).await, Some(43));
        let error = world.refused(read()).await;
        assert_eq!(error.message(), "GitHub's core limit is used up until 12:30:05 UTC (in 43 s)");
        assert_eq!(world.held_for(search()).await, None, "search has a budget of its own");
        tokio::time::advance(seconds(43)).await;
        assert_eq!(world.held_for(read()).await, None);
    }
}

/// hub4j RateLimitHandlerTest.testHandler_Fail: older servers name no resource.
#[tokio::test(start_paused = true)]
async fn github_primary_without_a_resource_is_what_the_request_spends_from() {
    let world = World::of("github");
    let headers = [("x-ratelimit-limit", "5000"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", RESET)];
    let body =
        r#"{"message":"Must have push access to repository","documentation_url":"https://developer.github.com/"}"#;
    assert_eq!(too_much(world.send(read(), 403, &headers, body).await), ("GitHub's core limit".into(), Some(43)));
}

#[tokio::test(start_paused = true)]
async fn github_tells_on_success_that_nothing_is_left() {
    let world = World::of("github");
    assert_eq!(world.send(read(), 200, &github("0", "core"), "{}").await, Verdict::Fine);
    assert_eq!(world.held_for(read()).await, Some(43));
}

#[tokio::test(start_paused = true)]
async fn github_reset_is_compared_with_githubs_own_clock() {
    let world = World::of("github");
    let mut headers = github("0", "core");
    headers.push(("date", "Thu, 26 Nov 2026 12:29:35 GMT"));
    world.send(read(), 200, &headers, "{}").await;
    assert_eq!(world.held_for(read()).await, Some(30), "our clock is 13 seconds slow");
}

#[tokio::test(start_paused = true)]
async fn github_permission_denied_is_no_limit() {
    let world = World::of("github");
    let verdict = world.send(read(), 403, &github("4000", "core"), r#"{"message":"Resource not accessible"}"#).await;
    assert_eq!(verdict, Verdict::Fine);
    assert_eq!(world.held_for(read()).await, None);
}

#[tokio::test(start_paused = true)]
async fn github_secondary_without_headers_is_a_minute_and_doubles() {
    let world = World::of("github");
    for expected in [60, 120, 240] {
        let verdict = world.send(read(), 403, &[], SECONDARY).await;
        assert_eq!(too_much(verdict), ("GitHub's secondary limit".into(), Some(expected)));
        assert_eq!(world.held_for(search()).await, Some(expected), "it is about everything");
        tokio::time::advance(seconds(expected)).await;
    }
    assert_eq!(world.send(read(), 200, &[], "{}").await, Verdict::Fine);
    assert_eq!(too_much(world.send(read(), 429, &[], SECONDARY).await).1, Some(60), "it begins anew");
}

#[tokio::test(start_paused = true)]
async fn github_secondary_doubles_once_for_all_that_were_under_way() {
    let world = World::of("github");
    let (first, second) = (world.acquire(read()).await, world.acquire(read()).await);
    for permit in [first, second] {
        let verdict = permit.answered(403, &HeaderMap::new(), SECONDARY.as_bytes());
        assert_eq!(too_much(verdict).1, Some(60));
    }
    tokio::time::advance(seconds(60)).await;
    assert_eq!(too_much(world.send(read(), 403, &[], SECONDARY).await).1, Some(120));
}

/// hub4j AbuseLimitHandlerTest: the message with 8 seconds, no message with 30, and a date.
#[tokio::test(start_paused = true)]
async fn github_secondary_with_retry_after_is_as_long_as_it_says() {
    let no_message = r#"{"message":"Must have push access to repository"}"#;
    let cases =
        [(429, "8", SECONDARY, 8), (403, "30", no_message, 30), (403, "Thu, 26 Nov 2026 12:30:05 GMT", no_message, 43)];
    for (status, retry_after, body, expected) in cases {
        let world = World::of("github");
        let mut headers = github("4000", "core");
        headers.push(("retry-after", retry_after));
        for _ in 0..2 {
            let verdict = world.send(read(), status, &headers, body).await;
            assert_eq!(too_much(verdict), ("GitHub's secondary limit".into(), Some(expected)));
            assert_eq!(world.held_for(read()).await, Some(expected), "what is said is not doubled");
            tokio::time::advance(seconds(expected)).await;
            headers.retain(|(name, _)| *name != "retry-after");
            headers.push(("retry-after", if expected == 43 { "43" } else { retry_after }));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn github_search_has_a_bucket_of_its_own() {
    let world = World::of("github");
    let mut headers = github("29", "search");
    headers[0].1 = "30";
    assert_eq!(world.send(search(), 200, &headers, "{}").await, Verdict::Fine);
    for _ in 0..29 {
        drop(world.acquire(search()).await);
    }
    assert_eq!(world.elapsed(), Duration::ZERO);
    assert_eq!(world.held_for(search()).await, Some(43));
    assert_eq!(world.held_for(read()).await, None);
    tokio::time::advance(seconds(43)).await;
    let mut headers = github("0", "search");
    headers[2].1 = "1795696265";
    assert_eq!(too_much(world.send(search(), 403, &headers, "{}").await), ("GitHub's search limit".into(), Some(60)));
    assert_eq!(world.held_for(read()).await, None);
}

#[tokio::test(start_paused = true)]
async fn github_content_and_writes_are_counted_before_they_are_refused() {
    let world = World::of("github");
    let create = Wanted { class: Some("create"), ..write() };
    for _ in 0..40 {
        drop(world.acquire(create).await);
    }
    assert!(world.refused(create).await.message().starts_with("GitHub's content limit"));
    // A write costs five points of 900.
    let world = World::of("github");
    for _ in 0..90 {
        drop(world.acquire(write()).await);
    }
    assert!(world.acquire_within(0, write()).await.is_err());
    assert!(world.limits.acquire(&write(), Instant::now() + Duration::from_millis(5), &Deaf).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn jira_quota_names_its_reason_and_says_how_long() {
    let world = World::of("jira");
    for reason in ["tenant", "global"] {
        let text = format!("jira-quota-{reason}-based");
        let headers = [
            ("RateLimit-Reason", text.as_str()),
            ("Retry-After", "38"),
            ("X-RateLimit-Limit", "65000"),
            ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", "2026-11-26T12:30Z"),
        ];
        let verdict = world.send(read(), 429, &headers, "").await;
        assert_eq!(too_much(verdict), (format!("Jira's quota-{reason} limit"), Some(38)));
        assert_eq!(world.held_for(write()).await, Some(38));
        tokio::time::advance(seconds(38)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn jira_reset_is_iso_8601_without_seconds() {
    let world = World::of("jira");
    let headers = [("RateLimit-Reason", "jira-quota-global-based"), ("X-RateLimit-Reset", "2026-11-26T12:30Z")];
    assert_eq!(too_much(world.send(read(), 429, &headers, "").await), ("Jira's quota-global limit".into(), Some(38)));
}

#[tokio::test(start_paused = true)]
async fn jira_burst_holds_one_endpoint_and_method() {
    let world = World::of("jira");
    let headers = [
        ("RateLimit-Reason", "jira-burst-based"),
        ("Retry-After", "5"),
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", "2026-11-26T12:30Z"),
    ];
    assert_eq!(too_much(world.send(search(), 429, &headers, "").await), ("Jira's burst-read limit".into(), Some(5)));
    assert_eq!(world.held_for(search()).await, Some(5));
    tokio::time::advance(seconds(5)).await;
    let verdict = world.send(write(), 429, &headers[..1], "").await;
    assert_eq!(too_much(verdict), ("Jira's burst-write limit".into(), Some(1)));
    assert_eq!(world.held_for(read()).await, None);
    tokio::time::advance(seconds(1)).await;
    assert_eq!(
        too_much(world.send(write(), 429, &headers[..1], "").await).1,
        Some(2),
        "nobody said how long: it doubles"
    );
}

#[tokio::test(start_paused = true)]
async fn jira_writes_to_one_issue_are_limited_by_issue() {
    let world = World::of("jira");
    let on = |ticket| Wanted { ticket: Some(ticket), method: "PUT", ..write() };
    for _ in 0..10 {
        drop(world.acquire(on("OPS-7")).await);
    }
    assert!(world.limits.acquire(&on("OPS-7"), Instant::now() + Duration::from_millis(9), &Deaf).await.is_err());
    assert_eq!(world.held_for(on("OPS-8")).await, None);
    let headers = [("RateLimit-Reason", "jira-per-issue-on-write"), ("Retry-After", "17")];
    assert_eq!(
        too_much(world.send(on("OPS-8"), 429, &headers, "").await),
        ("Jira's ticket-short limit".into(), Some(17))
    );
    assert_eq!((world.held_for(on("OPS-8")).await, world.held_for(on("OPS-9")).await), (Some(17), None));
}

#[tokio::test(start_paused = true)]
async fn jira_near_limit_stops_bulk_work_and_nobody_else() {
    let world = World::of("jira");
    let near = [("X-RateLimit-NearLimit", "true"), ("X-RateLimit-Reset", "2026-11-26T12:30Z")];
    assert_eq!(world.send(read(), 200, &near, "{}").await, Verdict::Fine);
    assert_eq!((world.held_for(bulk(read())).await, world.held_for(read()).await), (Some(38), None));
    tokio::time::advance(seconds(38)).await;
    world.send(read(), 200, &[("X-RateLimit-NearLimit", "false")], "{}").await;
    assert_eq!(world.held_for(bulk(read())).await, None);
}

#[tokio::test(start_paused = true)]
async fn jira_data_center_has_a_bucket_with_an_interval() {
    let world = World::of("jira");
    let bucket = [
        ("X-RateLimit-Limit", "10"),
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Interval-Seconds", "7"),
        ("X-RateLimit-FillRate", "1"),
    ];
    assert_eq!(too_much(world.send(read(), 429, &bucket, "").await), ("Jira's data-center limit".into(), Some(7)));
    tokio::time::advance(seconds(7)).await;
    let busy = world.send(read(), 503, &[("Retry-After", "20")], "").await;
    assert_eq!(too_much(busy), ("Jira's data-center limit".into(), Some(20)));
    tokio::time::advance(seconds(20)).await;
    assert_eq!(world.send(read(), 503, &[], "").await, Verdict::Fine);
}

const RATELIMITED: &str = r#"{"errors":[{"message":"Rate limit exceeded","extensions":{"type":"ratelimited","code":"RATELIMITED","statusCode":429,"userError":true}}]}"#;

fn linear(what: &str, remaining: &str) -> Vec<(String, String)> {
    let name = |part: &str| format!("x-ratelimit-{what}-{part}");
    let reset = format!("{RESET}233");
    vec![(name("limit"), "2500".to_owned()), (name("remaining"), remaining.to_owned()), (name("reset"), reset)]
}

#[tokio::test(start_paused = true)]
async fn linear_says_it_with_400_and_a_code_and_each_budget_has_its_headers() {
    for (what, limit) in [("requests", "requests"), ("complexity", "complexity"), ("endpoint-requests", "endpoint")] {
        let world = World::of("linear");
        let headers = linear(what, "0");
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let verdict = world.send(search(), 400, &headers, RATELIMITED).await;
        assert_eq!(too_much(verdict), (format!("Linear's {limit} limit"), Some(43)), "{what}");
        assert_eq!(world.held_for(search()).await, Some(43));
        assert_eq!(world.held_for(read()).await.is_some(), limit != "endpoint", "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn linear_without_headers_is_a_minute_and_another_400_is_none() {
    let world = World::of("linear");
    assert_eq!(too_much(world.send(read(), 400, &[], RATELIMITED).await), ("Linear's requests limit".into(), Some(60)));
    tokio::time::advance(seconds(60)).await;
    let other = RATELIMITED.replace("RATELIMITED", "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(world.send(read(), 400, &[], &other).await, Verdict::Fine);
    // A ticket about it is no answer that says it.
    let ticket = r#"{"data":{"issue":{"title":"RATELIMITED comes with 400"}}}"#;
    assert_eq!(world.send(read(), 200, &[], ticket).await, Verdict::Fine);
}

#[tokio::test(start_paused = true)]
async fn linear_costs_are_learned_from_the_answers() {
    let world = World::of("linear");
    let headers = linear("complexity", "25");
    let mut headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    headers.push(("x-complexity", "10"));
    world.send(read(), 200, &headers, "{}").await;
    drop((world.acquire(read()).await, world.acquire(read()).await));
    // Five points are left, and such a query costs ten.
    assert_eq!(world.held_for(read()).await, Some(43));
    assert_eq!(world.held_for(write()).await, None, "what a mutation costs nobody has said");
    // A query of less than a point is not for nothing.
    let world = World::of("linear");
    (headers[1].1, headers[3].1) = ("0", "0.4");
    world.send(read(), 200, &headers, "{}").await;
    assert_eq!(world.held_for(read()).await, Some(43));
}

#[tokio::test(start_paused = true)]
async fn monday_says_it_in_the_body_with_200_or_429() {
    let now = r#"{"errors":[{"message":"Complexity budget exhausted","extensions":{"code":"COMPLEXITY_BUDGET_EXHAUSTED","retry_in_seconds":22}}]}"#;
    let no_time = r#"{"errors":[{"message":"","extensions":{"code":"ComplexityException"}}]}"#;
    let before = r#"{"error_message":"Complexity budget exhausted, query cost 30001 budget remaining 19986 out of 1000000 reset in 17 seconds","error_code":"ComplexityException","error_data":{},"status_code":429}"#;
    let address = r#"{"errors":[{"message":"","extensions":{"code":"IP_RATE_LIMIT_EXCEEDED","retry_in_seconds":3}}]}"#;
    let at_once = r#"{"errors":[{"message":"","extensions":{"code":"maxConcurrencyExceeded"}}]}"#;
    let daily = r#"{"errors":[{"message":"","extensions":{"code":"DAILY_LIMIT_EXCEEDED"}}]}"#;
    let retry_after = [("Retry-After", "9")];
    let none: [(&str, &str); 0] = [];
    let midnight = 11 * 3_600 + 30 * 60 + 38;
    let cases: &[Said<'_>] = &[
        (200, &none, now, "complexity", 22),
        (429, &none, now, "complexity", 22),
        (200, &retry_after, no_time, "complexity", 9),
        (200, &none, no_time, "complexity", 60),
        (200, &none, before, "complexity", 17),
        (200, &none, address, "address", 3),
        (429, &retry_after, at_once, "concurrency", 9),
        (200, &none, at_once, "concurrency", 5),
        (200, &none, daily, "daily", midnight),
        (429, &retry_after, "Rate Limit Exceeded", "calls", 9),
        (429, &none, "", "calls", 60),
    ];
    for (status, headers, body, limit, expected) in cases {
        let world = World::of("monday");
        let verdict = world.send(write(), *status, headers, body).await;
        assert_eq!(too_much(verdict), (format!("monday.com's {limit} limit"), Some(*expected)), "{status} {body}");
        assert_eq!(world.held_for(read()).await, Some(*expected));
    }
    let world = World::of("monday");
    let unauthorized =
        r#"{"errors":[{"message":"no","extensions":{"code":"UserUnauthorizedException","status_code":403}}]}"#;
    assert_eq!(world.send(read(), 200, &[], unauthorized).await, Verdict::Fine);
}

#[tokio::test(start_paused = true)]
async fn monday_structured_header_holds_when_one_of_its_policies_is_used_up() {
    let cases = [
        (r#""minute";r=0;t=30"#, Some(30)),
        (r#""minute";r=5;t=30"#, None),
        (r#""minute";r=5;t=30, "daily";r=0;t=120"#, Some(120)),
        (r#""minute";r=5;t=30, "complexity";r=100000;t=12"#, None),
        ("limit=10, remaining=0, reset=30", Some(30)),
        ("not a header at all;;", None),
    ];
    for (header, expected) in cases {
        let world = World::of("monday");
        assert_eq!(world.send(read(), 200, &[("RateLimit", header)], "{}").await, Verdict::Fine);
        assert_eq!(world.held_for(read()).await, expected, "{header}");
    }
}

#[tokio::test(start_paused = true)]
async fn trello_tells_the_two_limits_apart_by_their_codes() {
    let cases = [
        ("API_KEY_LIMIT_EXCEEDED", "key"),
        ("API_TOKEN_LIMIT_EXCEEDED", "token"),
        ("API_TOKEN_DB_LIMIT_EXCEEDED", "token"),
    ];
    for (code, limit) in cases {
        let world = World::of("trello");
        let body = format!(r#"{{"error":"{code}","message":"Rate limit exceeded"}}"#);
        assert_eq!(too_much(world.send(read(), 429, &[], &body).await), (format!("Trello's {limit} limit"), Some(10)));
        assert_eq!(world.held_for(read()).await, Some(10));
    }
    let world = World::of("trello");
    let body = r#"{"error":"API_TOKEN_LIMIT_EXCEEDED","message":"Rate limit exceeded"}"#;
    let headers = [("x-rate-limit-api-token-interval-ms", "4000")];
    assert_eq!(too_much(world.send(read(), 429, &headers, body).await).1, Some(4));
}

#[tokio::test(start_paused = true)]
async fn trello_too_many_cards_is_not_sent_again_and_holds_nobody() {
    let world = World::of("trello");
    let body = r#"{"error":"API_TOO_MANY_CARDS_REQUESTED","message":"Requested too many cards"}"#;
    let Verdict::Exceeded(exceeded) = world.send(read(), 429, &[], body).await else { panic!("it was fine") };
    assert!(exceeded.never && exceeded.wait.is_none(), "{exceeded:?}");
    assert!(!exceeded.error(429).is_retryable());
    assert_eq!(world.held_for(read()).await, None);
}

#[tokio::test(start_paused = true)]
async fn trello_headers_tell_what_is_left_in_an_interval() {
    let world = World::of("trello");
    let token = |remaining| {
        [
            ("x-rate-limit-api-token-interval-ms", "10000"),
            ("x-rate-limit-api-token-max", "100"),
            ("x-rate-limit-api-token-remaining", remaining),
        ]
    };
    world.send(read(), 200, &token("99"), "[]").await;
    for _ in 0..99 {
        drop(world.acquire(read()).await);
    }
    assert_eq!((world.elapsed(), world.held_for(read()).await), (Duration::ZERO, Some(10)));
    tokio::time::advance(seconds(10)).await;
    let member = [
        ("x-rate-limit-member-interval-ms", "900000"),
        ("x-rate-limit-member-max", "100"),
        ("x-rate-limit-member-remaining", "0"),
    ];
    world.send(of_class("member"), 200, &member, "{}").await;
    assert_eq!((world.held_for(search()).await, world.held_for(read()).await), (Some(900), None));
}

#[tokio::test(start_paused = true)]
async fn azure_devops_headers_are_obeyed_on_success_too() {
    let world = World::of("azure-devops");
    for _ in 0..300 {
        drop(world.acquire(read()).await);
    }
    assert_eq!(world.elapsed(), Duration::ZERO, "nobody knows what a request costs");
    let delayed = [("X-RateLimit-Resource", "Services"), ("X-RateLimit-Delay", "2.5")];
    assert_eq!(world.send(read(), 200, &delayed, "{}").await, Verdict::Fine);
    assert_eq!((world.held_for(bulk(read())).await, world.held_for(read()).await), (Some(2), None));
    assert_eq!(world.send(read(), 200, &[("Retry-After", "30")], "{}").await, Verdict::Fine);
    assert_eq!(world.held_for(read()).await, Some(30));
    tokio::time::advance(seconds(30)).await;
    let none_left = [("X-RateLimit-Limit", "200"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", RESET)];
    world.send(read(), 200, &none_left, "{}").await;
    assert_eq!(world.held_for(read()).await, Some(13));
    tokio::time::advance(seconds(13)).await;
    let body = r#"{"message":"TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource"}"#;
    assert_eq!(too_much(world.send(read(), 429, &[], body).await), ("Azure DevOps's tstu limit".into(), Some(60)));
}

#[tokio::test(start_paused = true)]
async fn servicenow_rules_are_the_administrators() {
    let world = World::of("servicenow");
    let headers = [
        ("X-RateLimit-Limit", "100"),
        ("X-RateLimit-Reset", RESET),
        ("X-RateLimit-Rule", "all users"),
        ("Retry-After", "20"),
    ];
    assert_eq!(too_much(world.send(read(), 429, &headers, "").await), ("ServiceNow's rules limit".into(), Some(20)));
    tokio::time::advance(seconds(20)).await;
    assert_eq!(too_much(world.send(read(), 429, &headers[..3], "").await).1, Some(23));
}

#[tokio::test(start_paused = true)]
async fn redmine_and_request_tracker_have_none_of_their_own() {
    for platform in ["redmine", "request-tracker"] {
        let world = World::of(platform);
        for _ in 0..1_000 {
            drop(world.acquire(bulk(write())).await);
        }
        assert_eq!(world.elapsed(), Duration::ZERO);
        // A proxy before them may have.
        let verdict = world.send(read(), 429, &[("Retry-After", "7")], "").await;
        assert_eq!(too_much(verdict).1, Some(7));
        assert_eq!(world.held_for(read()).await, Some(7));
    }
}
