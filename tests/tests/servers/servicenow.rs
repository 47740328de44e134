//! The fake ServiceNow behaves as its pages say: who may in, what is counted and not shown, what is passed over in silence.

use serde_json::{Value, json};
use usher_tests::servers::{Fake as _, VIOLATION, servicenow::FakeServiceNow};

use crate::client::{Answer, Ask};

const TABLE: &str = "/api/now/table/incident";
/// `ada` and her password.
const ACCOUNT: &str = "Basic YWRhOmNvcnJlY3QgaG9yc2U=";

fn ask(fake: &FakeServiceNow, ask: Ask) -> Answer {
    ask.header("authorization", ACCOUNT).send(fake)
}

fn rows(answer: &Answer) -> Vec<Value> {
    answer.json()["result"].as_array().expect("a list").clone()
}

#[test]
fn nobody_comes_in_without_the_right_password() {
    let fake = FakeServiceNow::start(1);
    for credentials in [None, Some("Basic YWRhOndyb25n"), Some("Bearer x")] {
        let ask = credentials.into_iter().fold(Ask::get(TABLE), |ask, text| ask.header("authorization", text));
        let answer = ask.send(&fake).expect(401);
        assert_eq!(answer.json()["error"]["message"], "User Not Authenticated");
    }
    ask(&fake, Ask::get(TABLE)).expect(200);
}

#[test]
fn values_come_in_three_shapes() {
    let fake = FakeServiceNow::start(1);
    let row = |query: &str| rows(&ask(&fake, Ask::get(&format!("{TABLE}?{query}"))).expect(200)).remove(0);
    let fields = "sysparm_fields=state,opened_by,caller_id,u_none";
    let all = row(&format!("{fields}&sysparm_display_value=all&sysparm_exclude_reference_link=true"));
    assert_eq!(all["state"], json!({ "value": "1", "display_value": "New" }));
    assert_eq!((&all["opened_by"]["display_value"], &all["caller_id"]), (&json!("Ada Lovelace"), &json!("")));
    assert!(all.get("u_none").is_none());
    let plain = row(fields);
    assert_eq!((&plain["state"], plain["opened_by"]["link"].is_string()), (&json!("1"), true));
}

#[test]
fn hidden_rows_are_counted_and_not_shown_and_pages_are_linked() {
    let fake = FakeServiceNow::start(5);
    fake.hide("INC0010002");
    let path = format!("{TABLE}?sysparm_query=ORDERBYnumber&sysparm_limit=3");
    let answer = ask(&fake, Ask::get(&path)).expect(200);
    assert_eq!((rows(&answer).len(), answer.header("x-total-count")), (2, Some("5")));
    assert!(answer.header("link").is_some_and(|link| link.contains("rel=\"next\"")));
}

#[test]
fn without_an_order_rows_come_in_any_and_wrong_terms_are_passed_over() {
    let fake = FakeServiceNow::start(5);
    let numbers = |query: &str| -> Vec<Value> {
        let answer = ask(&fake, Ask::get(&format!("{TABLE}?sysparm_fields=number&{query}"))).expect(200);
        rows(&answer).into_iter().map(|row| row["number"].clone()).collect()
    };
    assert_ne!(numbers(""), numbers(""));
    let ordered = "sysparm_query=u_none=x^ORDERBYnumber";
    assert_eq!(numbers(ordered), numbers(ordered));
    assert_eq!(numbers(ordered).len(), 5);
}

#[test]
fn a_write_that_is_not_allowed_is_passed_over_or_refused() {
    let fake = FakeServiceNow::start(0);
    let made =
        ask(&fake, Ask::new("POST", TABLE).json(&json!({ "short_description": "x", "u_none": "y" }))).expect(201);
    let path = format!("{TABLE}/{}", made.json()["result"]["sys_id"].as_str().expect("an id"));
    assert!(made.json()["result"].get("u_none").is_none());
    ask(&fake, Ask::new("PATCH", &path).json(&json!({ "state": "7" }))).expect(403);
    let closing = json!({ "state": "7", "close_code": "Solved (Permanently)", "close_notes": "Done." });
    let closed = ask(&fake, Ask::new("PATCH", &path).json(&closing)).expect(200).json();
    assert_eq!((&closed["result"]["active"], &closed["result"]["sys_mod_count"]), (&json!("false"), &json!("1")));
    assert_eq!(fake.server().ledger().committed().len(), 2);
}

#[test]
fn it_sleeps_and_it_can_be_asked_too_much() {
    let fake = FakeServiceNow::start(1);
    fake.limit(1, 7);
    assert_eq!(ask(&fake, Ask::get(TABLE)).expect(429).header("retry-after"), Some("7"));
    ask(&fake, Ask::get(TABLE)).expect(200);
    fake.set_asleep(true);
    assert!(ask(&fake, Ask::get(TABLE)).expect(200).text().starts_with("<!doctype html>"));
    fake.set_asleep(false);
    fake.close_table("sys_choice");
    ask(&fake, Ask::get("/api/now/table/sys_choice")).expect(403);
}

#[test]
fn what_the_pages_do_not_describe_is_a_violation() {
    let fake = FakeServiceNow::start(1);
    for path in [
        "/api/now/v3/x".to_owned(),
        format!("{TABLE}?limit=1"),
        format!("{TABLE}?sysparm_query=javascript:x"),
        format!("{TABLE}?sysparm_query=number=javascript:gs.sleep(1)"),
    ] {
        ask(&fake, Ask::get(&path)).expect(VIOLATION);
    }
    ask(&fake, Ask::new("POST", TABLE).json(&json!({ "active": true }))).expect(VIOLATION);
    assert_eq!(fake.violations().len(), 5);
}
