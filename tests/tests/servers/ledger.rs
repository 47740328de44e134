//! The ledger: what arrived, what was done, what was said.

use std::{thread, time::Duration};

use serde_json::json;
use usher_tests::servers::{
    Fault, Faults,
    github::{FakeGithub, Seed},
    ledger::sha256,
};

use crate::client::{Answer, Ask};

#[test]
fn write_is_in_the_ledger_with_the_hash_of_its_body() {
    let github = FakeGithub::start(Seed::small());
    let body = json!({ "body": "Done." });
    let ask = Ask::new("POST", "/repos/acme/app/issues/1/comments").token(&github.token("octocat")).json(&body);
    ask.send(&github).expect(201);
    Ask::get("/repos/acme/app/issues/1").send(&github).expect(200);
    let entries = github.ledger().entries();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].body_sha256, Some(sha256(body.to_string().as_bytes())));
    assert_eq!((entries[0].committed, entries[0].status, entries[0].authorized), (true, Some(201), true));
    assert_eq!((entries[1].committed, entries[1].status, entries[1].authorized), (false, Some(200), false));
    assert_eq!(github.ledger().committed().len(), 1);
}

#[test]
fn requests_are_counted_by_path_and_status() {
    let github = FakeGithub::start(Seed::small());
    let ask = Ask::get("/repos/acme/app/issues/1").token(&github.token("octocat"));
    let tag = ask.send(&github).header("etag").expect("a tag").to_owned();
    for _ in 0..2 {
        ask.clone().header("if-none-match", &tag).send(&github).expect(304);
    }
    let counts = github.requests();
    let name = || "GET /repos/acme/app/issues/1".to_owned();
    assert_eq!((counts[&(name(), Some(200))], counts[&(name(), Some(304))]), (1, 2));
    assert_eq!(github.ledger().with_status(304), 2);
}

#[test]
fn write_that_was_done_and_never_answered_is_told_from_one_that_was_not_done() {
    let github = FakeGithub::start(Seed::small());
    let ask =
        Ask::new("POST", "/repos/acme/app/issues").token(&github.token("octocat")).json(&json!({ "title": "New" }));
    for fault in [Fault::ResetBeforeWork, Fault::ResetAfterWork] {
        github.next_fault(fault);
        let stream = std::net::TcpStream::connect(github.server().address()).expect("it listens");
        ask.exchange(stream).expect_err("the connection is reset");
    }
    let entries = github.ledger().entries();
    assert_eq!((entries[0].committed, entries[0].status, entries[0].fault), (false, None, Some("reset before work")));
    assert_eq!((entries[1].committed, entries[1].status, entries[1].fault), (true, None, Some("reset after work")));
    assert_eq!(github.issue("acme/app", 12).title, "New");
}

#[test]
fn write_that_was_done_twice_is_found() {
    let github = FakeGithub::start(Seed::small());
    let comment = |text: &str| {
        let ask = Ask::new("POST", "/repos/acme/app/issues/1/comments").token(&github.token("octocat"));
        ask.json(&json!({ "body": text })).send(&github).expect(201);
    };
    comment("One.");
    comment("Two.");
    assert!(github.ledger().doubled().is_empty());
    comment("One.");
    assert_eq!(github.ledger().doubled()[0].number, 2);
}

#[test]
fn client_that_repeats_every_write_that_failed_is_found_out() {
    let faults = vec![Fault::ResetBeforeWork, Fault::ResetAfterWork, Fault::status(503)];
    let github = FakeGithub::build(Seed::small()).with_faults(Faults::none().random(7, 0.6, faults)).start();
    let succeeds = |ask: &Ask| {
        let stream = std::net::TcpStream::connect(github.server().address()).expect("it listens");
        ask.exchange(stream).is_ok_and(|bytes| Answer::parse(&bytes).status == 201)
    };
    for number in 0..20 {
        let ask = Ask::new("POST", "/repos/acme/app/issues/2/comments").token(&github.token("octocat"));
        let ask = ask.json(&json!({ "body": format!("Comment {number}") }));
        while !succeeds(&ask) {}
    }
    let entries = github.ledger().entries();
    let unheard = entries.iter().filter(|entry| entry.committed && entry.status.is_none()).count();
    assert!(unheard > 0);
    assert_eq!(github.ledger().doubled().len(), unheard);
    assert_eq!(github.issue("acme/app", 2).comments.len(), 20 + unheard);
}

#[test]
fn cleared_ledger_begins_anew_and_goes_on_counting() {
    let github = FakeGithub::start(Seed::small());
    Ask::get("/repos/acme/app").send(&github).expect(200);
    github.ledger().clear();
    assert!(github.ledger().is_empty());
    Ask::get("/repos/acme/app/labels").send(&github).expect(200);
    let entries = github.ledger().entries();
    assert_eq!((entries.len(), entries[0].number, entries[0].status), (1, 1, Some(200)));
}

#[test]
fn requests_that_are_there_at_once_are_counted() {
    let github = FakeGithub::start(Seed::small());
    github.set_delay(Duration::from_millis(200));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Ask::get("/repos/acme/app").send(&github).expect(200));
        }
    });
    assert_eq!(github.ledger().most_at_once(), 4);
}
