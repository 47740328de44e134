//! GitHub's refusals: the exit code, what is said, and what to try.

use usher_tests::servers::{
    Answer, Fault,
    github::{FakeGithub, Seed},
};

use super::Site;

#[test]
fn a_wrong_token_is_said_with_a_page_to_make_another() {
    let site = Site::with_token(FakeGithub::start(Seed::small()), "ghp_expired_and_secret", "");
    let run = site.run(&["get", "#1"]).expect(4);
    insta::assert_snapshot!(run.stderr);
    assert!(!format!("{run:?}").contains("ghp_expired"), "the token is not shown");
    assert!(site.asked().len() <= 2, "a wrong token is not tried again");
}

#[test]
fn what_may_not_be_done_is_said_with_the_permission_that_lacks() {
    let site = Site::of(FakeGithub::start(Seed::small()), "reader", "");
    let run = site.run(&["update", "#2", "--title", "Mine"]).expect(4);
    insta::assert_snapshot!(run.stderr);
    let run = site.run(&["note", "#10", "Calm down."]).expect(4);
    assert!(run.stderr.contains("issue is locked"), "{run:#?}");
    assert!(site.github.ledger().committed().is_empty());
}

#[test]
fn what_is_not_there_may_be_what_is_not_to_be_seen() {
    let site = Site::of(FakeGithub::start(Seed::small()), "reader", "");
    insta::assert_snapshot!(site.run(&["get", "acme/secret#1", "--in", "work"]).expect(5).stderr);
    site.run(&["get", "#4711"]).expect(5);
    let owner = Site::small();
    owner.run(&["get", "acme/secret#1", "--in", "work"]).expect(0);
}

#[test]
fn what_was_deleted_and_where_there_are_no_issues_is_not_found() {
    let site = Site::small();
    insta::assert_snapshot!(site.run(&["get", "#9"]).expect(5).stderr);
    let run = site.run(&["list", "--project", "acme/no-issues"]).expect(5);
    assert!(run.stderr.contains("issues turned off"), "{run:#?}");
}

#[test]
fn what_github_finds_wrong_is_named_field_by_field() {
    let site = Site::small();
    insta::assert_snapshot!(site.run(&["update", "#1", "--title", &"x".repeat(257)]).expect(10).stderr);
    let run = site.run(&["create", "A title", "--in", "work", "--label", &"x".repeat(51)]).expect(10);
    assert!(run.stderr.contains("  - name: invalid"), "{run:#?}");
    assert!(site.github.ledger().committed().is_empty());
}

#[test]
fn a_server_that_fails_is_asked_again_for_a_read_and_never_for_a_write() {
    let quick = "retry = { initial_delay = \"1ms\" }";
    let site = Site::of(FakeGithub::start(Seed::small()), "octocat", quick);
    site.github.next_fault(Fault::status(502));
    site.run(&["get", "#4", "--include", "none"]).expect(0);
    assert_eq!(site.asked(), ["GET /repos/acme/app/issues/4"; 2]);
    site.github.next_fault(Fault::ResetAfterWork);
    let run = site.run(&["note", "#4", "Once."]).expect(11);
    assert!(run.stderr.contains("error:"), "{run:#?}");
    assert_eq!(site.asked(), ["POST /repos/acme/app/issues/4/comments"]);
    assert_eq!(site.github.issue("acme/app", 4).comments.len(), 1);
}

#[test]
fn a_page_for_people_in_place_of_an_answer_is_the_platforms_failure() {
    let site = Site::small();
    site.github.next_fault(Fault::html());
    site.run(&["get", "#4", "--include", "none"]).expect(7);
}

#[test]
fn a_page_that_leads_elsewhere_is_not_followed() {
    let site = Site::of(FakeGithub::start(Seed::issues(150)), "octocat", "");
    let link = "<https://evil.example/issues?page=2>; rel=\"next\"";
    site.github.next_fault(Fault::Instead(Answer::json(200, "[]").header("link", link)));
    let run = site.run(&["list", "--all", "--json"]).expect(3);
    assert!(run.json()["errors"][0]["message"].as_str().unwrap().contains("evil.example"), "{run:#?}");
    assert_eq!(site.asked().len(), 1);
}
