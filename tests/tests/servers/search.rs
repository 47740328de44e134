//! Searching the fake GitHub.

use usher_tests::servers::github::{FakeGithub, Limit, Resource, Seed};

use crate::client::{Answer, Ask};

fn search(github: &FakeGithub, query: &str) -> Answer {
    Ask::get(&format!("/search/issues?{query}")).token(&github.token("octocat")).send(github)
}

fn found(github: &FakeGithub, words: &str) -> Vec<u64> {
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    let items = search(github, &query).expect(200).json()["items"].take();
    items.as_array().expect("a list").iter().filter_map(|item| item["number"].as_u64()).collect()
}

#[test]
fn words_and_qualifiers_narrow_a_search() {
    let github = FakeGithub::start(Seed::small());
    github.set_limit(Resource::Search, Limit::plenty());
    assert_eq!(found(&github, "export repo:acme/app is:issue"), [1]);
    assert_eq!(found(&github, "repo:acme/app is:pr"), [5]);
    assert_eq!(found(&github, "repo:acme/app is:issue is:closed reason:\"not planned\""), [4]);
    assert_eq!(found(&github, "repo:acme/app label:\"good first issue\""), [1]);
    assert_eq!(found(&github, "repo:acme/app is:open -label:bug author:octocat no:assignee"), [10, 5, 2]);
    assert_eq!(found(&github, "repo:acme/app commenter:reader"), [1]);
    assert!(found(&github, "repo:acme/app updated:<2026-01-01").is_empty());
    assert_eq!(found(&github, "repo:acme/app is:closed sort:created-asc"), [3, 4]);
}

#[test]
fn search_ends_at_a_thousand_results_and_tells_how_many_there_are() {
    let github = FakeGithub::start(Seed::issues(1_200));
    let last = search(&github, "q=repo:acme/app&per_page=100&page=10").expect(200);
    assert_eq!(last.json()["total_count"], 1_200);
    assert_eq!(last.json()["items"].as_array().map(Vec::len), Some(100));
    assert_eq!(last.link("next", &github), None);
    let beyond = search(&github, "q=repo:acme/app&per_page=100&page=11").expect(422);
    assert_eq!(beyond.json()["message"], "Only the first 1000 search results are available");
}

#[test]
fn search_can_say_that_it_gave_up_early() {
    let github = FakeGithub::start(Seed::small());
    assert_eq!(search(&github, "q=repo:acme/app").json()["incomplete_results"], false);
    github.set_incomplete_results(true);
    assert_eq!(search(&github, "q=repo:acme/app").json()["incomplete_results"], true);
}

#[test]
fn hidden_repository_cannot_be_searched_and_is_not_in_what_is_found() {
    let github = FakeGithub::start(Seed::small());
    let ask = |query: &str| Ask::get(query).token(&github.token("reader")).send(&github);
    let refused = ask("/search/issues?q=repo:acme/secret").expect(422).json();
    assert_eq!(refused["errors"][0]["field"], "q");
    assert_eq!(ask("/search/issues?q=secret").expect(200).json()["total_count"], 0);
    assert_eq!(search(&github, "q=secret").json()["total_count"], 1);
}

#[test]
fn fine_grained_token_must_say_what_it_looks_for() {
    let github = FakeGithub::start(Seed::small());
    let ask = |query: &str| Ask::get(query).token("fine-grained-token-of-octocat").send(&github);
    ask("/search/issues?q=export").expect(422);
    ask("/search/issues?q=export+is:issue").expect(200);
}

#[test]
fn search_has_a_limit_of_its_own() {
    let github = FakeGithub::start(Seed::small());
    let answer = search(&github, "q=export").expect(200);
    assert_eq!(answer.header("x-ratelimit-resource"), Some("search"));
    assert_eq!(answer.header("x-ratelimit-remaining"), Some("29"));
}
