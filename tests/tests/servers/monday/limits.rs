//! Limits and errors: what is told on every answer, and in which ways it is said that something went wrong.

use std::time::Duration;

use serde_json::json;
use usher_tests::servers::monday::{Dialect, FakeMonday, Limit, Resource, Seed};

use super::{WEB, ask, data, only_error};

const ME: &str = "{ me { id } }";

fn nothing_left(limit: u64) -> Limit {
    Limit { limit, remaining: 0, resets_in: Duration::from_secs(30) }
}

#[test]
fn every_answer_tells_what_is_left_of_each_limit() {
    let monday = FakeMonday::start(Seed::small());
    let answer = ask(&monday, ME, &json!({})).send(&monday).expect(200);
    assert_eq!(answer.header("ratelimit-policy"), Some("\"complexity\";q=10000000;w=60, \"minute\";q=5000;w=60"));
    let left = answer.header("ratelimit").unwrap_or_default();
    assert!(left.starts_with("\"complexity\";r=9999999;t=") && left.contains("\"minute\";r=4999;t="), "{left}");
    assert_eq!(answer.header("api-version"), Some("2026-10"));
}

#[test]
fn used_up_points_are_said_with_http_200_in_three_ways() {
    let monday = FakeMonday::start(Seed::small());
    monday.set_limit(Resource::Complexity, nothing_left(10_000_000));
    let now = ask(&monday, ME, &json!({})).send(&monday).expect(200);
    let error = only_error(&now);
    assert_eq!(error["message"], "Complexity budget exhausted");
    assert_eq!(error["extensions"]["code"], "COMPLEXITY_BUDGET_EXHAUSTED");
    assert_eq!(error["extensions"]["retry_in_seconds"], 30);
    assert_eq!(now.header("retry-after"), Some("30"));
    monday.speak(Dialect::InWords);
    let words = ask(&monday, ME, &json!({})).send(&monday).expect(200);
    let error = only_error(&words);
    assert_eq!((error["extensions"].get("retry_in_seconds"), words.header("retry-after")), (None, None));
    assert!(error["message"].as_str().is_some_and(|message| message.ends_with("reset in 30 seconds")), "{error}");
    monday.speak(Dialect::Older);
    let older = ask(&monday, ME, &json!({})).send(&monday).expect(200).json();
    assert_eq!((&older["error_code"], &older["status_code"]), (&json!("ComplexityException"), &json!(429)));
    assert!(older["errors"][0].is_string(), "errors are texts there: {older}");
}

#[test]
fn used_up_minute_is_429_with_a_time_to_wait() {
    let monday = FakeMonday::start(Seed::small());
    monday.set_limit(Resource::Minute, nothing_left(1_000));
    let answer = ask(&monday, ME, &json!({})).send(&monday).expect(429);
    assert_eq!(answer.header("retry-after"), Some("30"));
    assert_eq!(only_error(&answer)["extensions"]["code"], "RATE_LIMIT_EXCEEDED");
}

#[test]
fn making_an_item_costs_ten_thousand_points_and_a_page_what_it_may_hold() {
    let monday = FakeMonday::start(Seed::small());
    let cost = |query: &str| data(&monday, query, &json!({}))["complexity"]["query"].as_u64().unwrap_or_default();
    let page = |limit: u64| {
        format!(
            "{{ complexity {{ query }} boards(ids: [{WEB}]) {{ items_page(limit: {limit}) {{ items {{ id board {{ id }} }} }} }} }}"
        )
    };
    assert!(cost(&page(500)) > 50 * cost(&page(5)));
    let left =
        |monday: &FakeMonday| data(monday, "{ complexity { after } }", &json!({}))["complexity"]["after"].as_u64();
    let before = left(&monday).unwrap_or_default();
    data(&monday, &format!("mutation {{ create_item(board_id: {WEB}, item_name: \"New\") {{ id }} }}"), &json!({}));
    assert!(before - left(&monday).unwrap_or_default() > 10_000);
}

#[test]
fn query_above_five_million_points_is_refused() {
    let monday = FakeMonday::start(Seed::small());
    let query = format!(
        "{{ boards(ids: [{WEB}], limit: 100) {{ items_page(limit: 500) {{ items {{ updates(limit: 100) {{ replies {{ id }} }} }} }} }} }}"
    );
    let error = super::error(&monday, &query, &json!({}));
    assert_eq!(error["extensions"]["code"], "ComplexityException");
}

#[test]
fn field_that_fails_is_an_error_beside_the_rest_with_http_200() {
    let monday = FakeMonday::start(Seed::small());
    monday.fail_field("tags", "INTERNAL_SERVER_ERROR");
    let answer = ask(&monday, "{ me { name } tags { name } }", &json!({})).send(&monday).expect(200);
    assert_eq!(only_error(&answer)["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert_eq!(answer.json()["data"], json!({ "me": { "name": "Ada Lovelace" }, "tags": null }));
    data(&monday, "{ tags { name } }", &json!({}));
}
