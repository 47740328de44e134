//! GitHub's limits: a short wait is waited for, a long one is an error that says until when.

use std::time::Duration;

use usher_tests::servers::github::{FakeGithub, Limit, Resource, SecondaryLimit, Seed};

use super::Site;

#[test]
fn a_limit_that_is_used_up_for_long_is_an_error_with_the_time() {
    let site = Site::small();
    site.github.set_limit(Resource::Core, Limit::exceeded(Duration::from_secs(1_800)));
    let run = site.run(&["get", "#4", "--include", "none"]).expect(6);
    insta::with_settings!({filters => [(r"[0-9:]{8} UTC", "TIME"), (r"in [0-9]+ (min|s)( [0-9]+ s)?", "in SPAN"), (r"[0-9]{4} s", "SECONDS")]}, {
        insta::assert_snapshot!(run.stderr);
    });
    assert_eq!(site.asked(), ["GET /repos/acme/app/issues/4"], "it is asked once");
    let run = site.run(&["get", "#4", "--include", "none", "--json"]).expect(6);
    let wait = serde_json::from_str::<serde_json::Value>(&run.stderr).unwrap()["error"]["retry_after_s"].clone();
    assert!((1_700.0..=1_801.0).contains(&wait.as_f64().unwrap()), "{wait}");
}

#[test]
fn a_limit_that_begins_anew_shortly_is_waited_for() {
    let site = Site::small();
    site.github.set_limit(Resource::Core, Limit::exceeded(Duration::from_secs(2)));
    site.run(&["get", "#4", "--include", "none"]).expect(0);
    assert_eq!(site.asked(), ["GET /repos/acme/app/issues/4"; 2]);
}

#[test]
fn searches_have_a_limit_of_their_own() {
    let site = Site::small();
    site.github.set_limit(Resource::Search, Limit::exceeded(Duration::from_secs(1_800)));
    let run = site.run(&["search", "rows"]).expect(6);
    assert!(run.stderr.contains("search"), "{run:#?}");
    site.run(&["get", "#4"]).expect(0);
}

#[test]
fn a_secondary_limit_is_waited_for_and_the_write_is_done_once() {
    for status in [403, 429] {
        let site = Site::small();
        site.github.secondary_limit(SecondaryLimit { status, retry_after: Some(1) }, 1);
        site.run(&["note", "#4", "Once."]).expect(0);
        assert_eq!(site.asked(), ["POST /repos/acme/app/issues/4/comments"; 2]);
        assert_eq!(site.github.issue("acme/app", 4).comments.len(), 1);
    }
}

#[test]
fn a_secondary_limit_for_long_is_an_error_that_says_so() {
    let site = Site::small();
    site.github.secondary_limit(SecondaryLimit { status: 403, retry_after: Some(900) }, 10);
    let run = site.run(&["note", "#4", "Never."]).expect(6);
    assert!(run.stderr.contains("secondary"), "{run:#?}");
    assert_eq!(site.asked().len(), 1);
    assert!(site.github.issue("acme/app", 4).comments.is_empty());
}

#[test]
fn a_secondary_limit_that_only_its_words_tell_is_no_missing_permission() {
    let site = Site::of(FakeGithub::start(Seed::small()), "octocat", "http = { total = \"5s\" }");
    site.github.secondary_limit(SecondaryLimit { status: 403, retry_after: None }, 10);
    let run = site.run(&["get", "#4", "--include", "none"]).expect(6);
    assert!(run.stderr.contains("try again in"), "{run:#?}");
}

#[test]
fn a_server_without_limits_is_asked_as_any_other() {
    let site = Site::small();
    site.github.turn_limits_off();
    assert_eq!(site.keys(&["list", "--open"]).len(), 6);
}
