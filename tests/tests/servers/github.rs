//! Reading from the fake GitHub: who sees what, pages, tags, and what became of an issue.

use serde_json::Value;
use usher_tests::servers::github::{FakeGithub, Seed};

use crate::client::Ask;

fn numbers(issues: &Value) -> Vec<u64> {
    issues.as_array().expect("a list").iter().filter_map(|issue| issue["number"].as_u64()).collect()
}

#[test]
fn issue_of_the_benchmark_has_about_5_3_kb_and_is_always_the_same() {
    let [first, second] = [(); 2].map(|()| {
        let github = FakeGithub::start(Seed::issues(3));
        let text = Ask::get("/repos/acme/app/issues/2").send(&github).expect(200).text();
        assert!((5_200..5_400).contains(&text.len()), "{} bytes", text.len());
        text.replace(github.url(), "")
    });
    assert_eq!(first, second);
}

#[test]
fn pages_lead_forward_and_back_and_hold_every_issue_once() {
    let github = FakeGithub::start(Seed::issues(25));
    let mut target = "/repos/acme/app/issues?state=all&per_page=10".to_owned();
    let mut seen = Vec::new();
    let last = loop {
        let answer = Ask::get(&target).send(&github).expect(200);
        seen.extend(numbers(&answer.json()));
        match answer.link("next", &github) {
            Some(next) => target = next,
            None => break answer,
        }
    };
    assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>());
    assert_eq!(last.link("prev", &github).as_deref(), Some("/repositories/100000/issues?state=all&per_page=10&page=2"));
    assert_eq!(
        last.link("first", &github).as_deref(),
        Some("/repositories/100000/issues?state=all&per_page=10&page=1")
    );
    assert_eq!(last.link("last", &github), None);
}

#[test]
fn cursor_stays_in_its_place_while_issues_change() {
    let github = FakeGithub::start(Seed::issues(6));
    github.use_cursors();
    let first = Ask::get("/repos/acme/app/issues?state=all&per_page=2").send(&github).expect(200);
    assert_eq!(numbers(&first.json()), [6, 5]);
    let next = first.link("next", &github).expect("there is more");
    assert!(next.contains("after=") && !next.contains("&page="), "{next}");
    github.with_state(|state| state.repository("acme/app").numbers.remove(&6));
    let second = Ask::get(&next).send(&github).expect(200);
    assert_eq!(numbers(&second.json()), [4, 3]);
    assert!(second.link("prev", &github).is_none());
}

#[test]
fn page_has_thirty_issues_unless_asked_and_never_more_than_a_hundred() {
    let github = FakeGithub::start(Seed::issues(120));
    let length = |target: &str| numbers(&Ask::get(target).send(&github).expect(200).json()).len();
    assert_eq!(length("/repos/acme/app/issues?state=all"), 30);
    assert_eq!(length("/repos/acme/app/issues?state=all&per_page=500"), 100);
    assert_eq!(length("/repos/acme/app/issues?state=all&per_page=50&page=3"), 20);
}

#[test]
fn lists_are_narrowed_and_ordered_as_asked() {
    let github = FakeGithub::start(Seed::small());
    let list =
        |query: &str| numbers(&Ask::get(&format!("/repos/acme/app/issues?{query}")).send(&github).expect(200).json());
    assert_eq!(list(""), [11, 10, 7, 6, 5, 2, 1]);
    assert_eq!(list("state=closed"), [4, 3]);
    assert_eq!(list("labels=bug,good+first+issue"), [1]);
    assert_eq!(list("assignee=reader"), [1]);
    assert_eq!(list("assignee=none&creator=octocat"), [10, 5, 2]);
    assert_eq!(list("milestone=*&state=all"), [4, 1]);
    assert_eq!(list("type=task&state=all"), [2]);
    assert_eq!(list("sort=comments&per_page=1"), [1]);
    assert_eq!(list("state=all&direction=asc&per_page=3"), [1, 2, 3]);
    assert_eq!(list(&format!("since={}", github.issue("acme/app", 10).updated_at)), [11, 10]);
}

#[test]
fn tag_of_what_has_not_changed_is_answered_with_304_that_costs_nothing() {
    let github = FakeGithub::start(Seed::small());
    let ask = Ask::get("/repos/acme/app/issues/1").token(&github.token("octocat"));
    let first = ask.send(&github).expect(200);
    let tag = first.header("etag").expect("an issue has a tag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = ask.clone().header("if-none-match", &tag).send(&github).expect(304);
    assert!(again.body.is_empty());
    assert_eq!(again.header("etag"), Some(tag.as_str()));
    assert_eq!(again.header("x-ratelimit-remaining"), first.header("x-ratelimit-remaining"));
    let stranger = Ask::get("/repos/acme/app/issues/1").token(&github.token("reader"));
    stranger.header("if-none-match", &tag).send(&github).expect(200);
    github.with_state(|state| state.repository("acme/app").issue(1).title = "Changed".to_owned());
    ask.header("if-none-match", &tag).send(&github).expect(200);
}

#[test]
fn unchanged_answer_costs_whoever_has_no_token() {
    let github = FakeGithub::start(Seed::small());
    let first = Ask::get("/repos/acme/app/issues/1").send(&github).expect(200);
    let tag = first.header("etag").expect("an issue has a tag");
    let again = Ask::get("/repos/acme/app/issues/1").header("if-none-match", tag).send(&github).expect(304);
    assert_eq!(first.header("x-ratelimit-remaining"), Some("59"));
    assert_eq!(again.header("x-ratelimit-remaining"), Some("58"));
}

#[test]
fn private_repository_does_not_exist_for_those_without_access() {
    let github = FakeGithub::start(Seed::small());
    let secret = Ask::get("/repos/acme/secret/issues/1");
    secret.send(&github).expect(404);
    secret.clone().token(&github.token("reader")).send(&github).expect(404);
    secret.clone().token(&github.token("octocat")).send(&github).expect(200);
    let wrong = secret.token("wrong").send(&github).expect(401);
    assert_eq!(wrong.json()["message"], "Bad credentials");
}

#[test]
fn classic_token_tells_its_scopes() {
    let github = FakeGithub::start(Seed::small());
    let answer = Ask::get("/user").token(&github.token("octocat")).send(&github).expect(200);
    assert_eq!(answer.header("x-oauth-scopes"), Some("repo, user"));
    assert_eq!(answer.json()["login"], "octocat");
    let fine = Ask::get("/user").token("fine-grained-token-of-octocat").send(&github).expect(200);
    assert_eq!(fine.header("x-oauth-scopes"), None);
    Ask::get("/user").send(&github).expect(401);
}

#[test]
fn transferred_issue_leads_to_its_new_place() {
    let github = FakeGithub::start(Seed::small());
    let answer = Ask::get("/repos/acme/app/issues/8").send(&github).expect(301);
    let place =
        answer.header("location").expect("a place").strip_prefix(github.url()).expect("it stays here").to_owned();
    let moved = Ask::get(&place).send(&github).expect(200).json();
    assert_eq!(moved["title"], "To be moved");
    assert_eq!(moved["url"], format!("{}/repos/acme/archive/issues/1", github.url()));
}

#[test]
fn renamed_repository_leads_to_its_new_name() {
    let github = FakeGithub::start(Seed::small());
    let answer = Ask::get("/repos/acme/application/issues/1").send(&github).expect(301);
    let place =
        answer.header("location").expect("a place").strip_prefix(github.url()).expect("it stays here").to_owned();
    assert_eq!(place, "/repositories/100000/issues/1");
    assert_eq!(Ask::get(&place).send(&github).expect(200).json()["number"], 1);
}

#[test]
fn deleted_issue_is_gone_and_disabled_issues_too() {
    let github = FakeGithub::start(Seed::small());
    let deleted = Ask::get("/repos/acme/app/issues/9").send(&github).expect(410);
    assert_eq!(deleted.json()["message"], "This issue was deleted");
    Ask::get("/repos/acme/no-issues/issues").send(&github).expect(410);
}

#[test]
fn issue_shows_what_a_client_must_be_ready_for() {
    let github = FakeGithub::start(Seed::small());
    let issue = |number: u64| Ask::get(&format!("/repos/acme/app/issues/{number}")).send(&github).expect(200).json();
    assert!(issue(1)["id"].as_u64() > Some(u64::from(u32::MAX / 2)));
    assert_eq!(issue(1)["labels"][0]["name"], "bug");
    assert_eq!(issue(1)["sub_issues_summary"]["completed"], 1);
    assert!(issue(5)["pull_request"]["url"].is_string());
    assert!(issue(6)["user"].is_null() && issue(6)["body"].is_null());
    assert_eq!(issue(7)["body"], "First line\r\nsecond line\r\n\r\n```\r\ncode\r\n```\r\n");
    let comments = Ask::get("/repos/acme/app/issues/1/comments").send(&github).expect(200).json();
    assert_eq!(comments[0]["body"], "Here too.\r\n\r\nSince Monday.");
    assert!(comments[1]["user"].is_null());
}

#[test]
fn comments_come_oldest_first_in_pages_and_since_a_time() {
    let github = FakeGithub::start(Seed::small());
    let comments =
        |query: &str| Ask::get(&format!("/repos/acme/app/issues/1/comments{query}")).send(&github).expect(200);
    let first = comments("?per_page=1");
    assert_eq!(first.json()[0]["body"], "Here too.\r\n\r\nSince Monday.");
    let next = first.link("next", &github).expect("there is more");
    assert_eq!(Ask::get(&next).send(&github).expect(200).json()[0]["body"], "Me three.");
    let since = github.issue("acme/app", 1).comments[1].created_at;
    assert_eq!(comments(&format!("?since={since}")).json().as_array().map(Vec::len), Some(1));
}

#[test]
fn request_without_a_user_agent_is_refused() {
    let github = FakeGithub::start(Seed::small());
    Ask::get("/user").without("user-agent").send(&github).expect(403);
}

#[test]
fn unknown_version_of_the_api_is_refused() {
    let github = FakeGithub::start(Seed::small());
    let ask = |version: &str| Ask::get("/repos/acme/app").header("x-github-api-version", version).send(&github);
    ask("2022-11-28").expect(200);
    ask("2020-01-01").expect(400);
}

#[test]
fn enterprise_server_tells_its_version_and_lacks_what_is_new() {
    let github = FakeGithub::build(Seed::small()).enterprise().start();
    assert!(github.url().ends_with("/api/v3"));
    assert_eq!(Ask::get("/meta").send(&github).expect(200).json()["installed_version"], "3.19.0");
    Ask::get("/repos/acme/app/issue-types").send(&github).expect(404);
    let issue = Ask::get("/repos/acme/app/issues/1").send(&github).expect(200).json();
    let host = github.url().trim_end_matches("/api/v3");
    assert_eq!(issue["html_url"], format!("{host}/acme/app/issues/1"));
}
