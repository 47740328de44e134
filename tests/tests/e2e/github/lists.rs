//! Lists and searches: what is left to GitHub, what the host does itself, and how much of it there is.

use std::time::Duration;

use usher_tests::servers::github::{FakeGithub, Seed};

use super::Site;

#[test]
fn what_github_can_filter_is_asked_of_github() {
    let site = Site::small();
    let filter = ["--open", "--label", "bug", "--assignee", "octocat", "--reporter", "reader", "--container", "1.0"];
    assert_eq!(site.keys(&[&["list", "--sort", "updated", "--reverse"], &filter[..]].concat()), ["#1"]);
    assert_eq!(
        site.asked(),
        [
            "GET /repos/acme/app/milestones?state=all&per_page=100",
            "GET /repos/acme/app/issues?state=open&labels=bug&sort=updated&direction=desc&assignee=octocat&creator=reader\
             &per_page=100&milestone=1",
        ]
    );
}

#[test]
fn what_github_cannot_filter_is_filtered_here() {
    let site = Site::small();
    assert_eq!(site.keys(&["list", "--type", "task"]), ["#2"]);
    assert_eq!(site.keys(&["list", "--text", "assembler"]), ["#4"]);
    assert_eq!(site.keys(&["list", "--category", "canceled"]), ["#4"]);
    assert_eq!(site.keys(&["list", "--status", "closed", "--sort", "created"]), ["#3", "#4"]);
    assert_eq!(site.keys(&["list", "--created-before", "2026-01-01T00:00:02Z"]), ["#1"]);
    let queries = site.asked();
    assert_eq!(queries.len(), 5, "{queries:#?}");
    assert!(queries.iter().all(|asked| asked.starts_with("GET /repos/acme/app/issues?state=")), "{queries:#?}");
    assert!(queries[2].contains("state=closed") && queries[3].contains("state=closed"), "{queries:#?}");
}

#[test]
fn me_and_nobody_are_asked_for_by_their_words() {
    let site = Site::small();
    assert_eq!(site.keys(&["list", "--assignee", "@me"]), ["#1"]);
    let asked = site.asked();
    assert_eq!(asked[0], "GET /user");
    assert!(asked[1].contains("&assignee=octocat&"), "{asked:#?}");
    assert_eq!(site.keys(&["list", "--assignee", "@none", "--reporter", "octocat", "--open"]).len(), 2);
    assert!(site.asked()[0].contains("assignee=none&creator=octocat"));
}

#[test]
fn pull_requests_are_listed_only_by_their_type() {
    let site = Site::small();
    assert!(!site.keys(&["list"]).contains(&"#5".to_owned()));
    assert_eq!(site.keys(&["list", "--type", "Pull request"]), ["#5"]);
}

#[test]
fn a_list_is_a_table_for_people() {
    let site = Site::small();
    insta::assert_snapshot!(site.run(&["list", "--sort", "created"]).expect(0).stdout);
}

#[test]
fn every_page_is_read_once_and_in_order() {
    let site = Site::of(FakeGithub::start(Seed::issues(250)), "octocat", "");
    let keys = site.keys(&["list", "--all"]);
    let expected: Vec<String> = (1..=250).map(|number| format!("#{number}")).collect();
    assert_eq!(keys, expected);
    assert_eq!(site.asked().len(), 3);
}

#[test]
fn pages_that_only_name_the_next_are_followed() {
    let github = FakeGithub::start(Seed::issues(250));
    github.use_cursors();
    let site = Site::of(github, "octocat", "");
    assert_eq!(site.keys(&["list", "--all"]).len(), 250);
}

#[test]
fn a_limit_asks_for_the_newest_and_for_few() {
    let site = Site::of(FakeGithub::start(Seed::issues(250)), "octocat", "");
    assert_eq!(site.keys(&["list", "--limit", "3"]), ["#250", "#249", "#248"]);
    let asked = site.asked();
    assert_eq!(asked[0], "GET /repos/acme/app/issues?state=all&sort=created&direction=desc&per_page=10");
    assert_eq!(asked.len(), 1, "nothing is asked for beyond the limit: {asked:?}");
}

#[test]
fn a_limit_that_ends_with_a_page_is_no_end_of_the_list() {
    let site = Site::of(FakeGithub::start(Seed::issues(250)), "octocat", "");
    let run = site.run(&["list", "--limit", "200", "--json", "--fields", "key"]).expect(0);
    let part = &run.json()["completeness"][0];
    assert_eq!((&part["loaded"], &part["reason"]), (&200.into(), &"limit".into()), "{part}");
    assert_eq!(site.asked().len(), 2);
}

#[test]
fn numbered_pages_are_asked_for_side_by_side() {
    let github = FakeGithub::start(Seed::issues(1_000));
    github.set_delay(Duration::from_millis(300));
    let site = Site::of(github, "octocat", "");
    assert_eq!(site.keys(&["list", "--all"]).len(), 1_000);
    assert_eq!(site.github.ledger().most_at_once(), 8);
}

#[test]
fn a_search_is_one_request_with_words_and_criteria_in_its_query() {
    let site = Site::small();
    assert_eq!(site.keys(&["search", "rows", "--open", "--label", "bug"]), ["#1"]);
    let asked = site.asked();
    assert_eq!(
        asked,
        ["GET /search/issues?q=rows+repo%3Aacme%2Fapp+is%3Aopen+label%3A%22bug%22+is%3Aissue&per_page=100&page=1"]
    );
}

#[test]
fn words_of_a_search_are_no_syntax() {
    let site = Site::small();
    assert_eq!(site.keys(&["search", "is:closed"]), [""; 0]);
    assert!(site.asked()[0].contains("q=%22is%3Aclosed%22+"));
}

#[test]
fn a_search_that_github_gave_up_is_partial() {
    let site = Site::small();
    site.github.set_incomplete_results(true);
    let run = site.run(&["search", "rows", "--json"]).expect(8);
    assert_eq!(run.json()["completeness"][0]["reason"], "error", "{run:#?}");
    assert!(run.json()["completeness"][0]["total"].is_null(), "{run:#?}");
    assert_eq!(run.json()["tickets"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_search_ends_after_a_thousand_and_says_so() {
    let site = Site::of(FakeGithub::start(Seed::issues(1_001)), "octocat", "");
    let run = site.run(&["search", "export", "--all", "--json", "--fields", "key"]).expect(8);
    let part = &run.json()["completeness"][0];
    assert_eq!((&part["loaded"], &part["total"], &part["reason"]), (&1_000.into(), &1_001.into(), &"cap".into()));
    let asked = site.asked();
    assert_eq!(asked.len(), 10, "{asked:#?}");
}
