//! Single tickets: by every form of reference, and everything that GitHub keeps about one.

use usher_tests::servers::github::{FakeGithub, Seed};

use super::Site;

#[test]
fn a_ticket_is_found_by_its_address_its_key_and_every_short_form() {
    let site = Site::small();
    for reference in ["acme/app#1", "acme/app/issues/1", "work:acme/app#1", "#1", "GH-1", "1"] {
        let ticket = site.run(&["get", reference, "--json"]).expect(0).json();
        assert_eq!((&ticket["key"], &ticket["uid"]), (&"acme/app#1".into(), &"work:acme/app#1".into()), "{reference}");
        let asked = site.asked();
        assert!(asked.contains(&"GET /repos/acme/app/issues/1".to_owned()), "{reference}: {asked:#?}");
    }
    let address = format!("{}/repos/acme/app/issues/1", site.github.url());
    assert_eq!(site.run(&["get", &address, "--json"]).expect(0).json()["key"], "acme/app#1");
}

#[test]
fn a_ticket_is_shown_with_notes_sub_issues_and_milestone() {
    let site = Site::small();
    insta::assert_snapshot!(site.run(&["get", "#1"]).expect(0).stdout);
    let mut asked = site.asked();
    asked.sort();
    assert_eq!(
        asked,
        [
            "GET /repos/acme/app/issues/1",
            "GET /repos/acme/app/issues/1/comments?per_page=100",
            "GET /repos/acme/app/issues/1/sub_issues?per_page=100",
        ]
    );
    let authorized = site.run(&["get", "#2", "--json"]).expect(0).json();
    assert_eq!(authorized["parent"]["key"], "acme/app#1", "{authorized}");
    assert!(site.github.ledger().entries().iter().all(|entry| entry.authorized));
}

#[test]
fn what_is_not_asked_for_is_not_fetched() {
    let site = Site::small();
    let ticket = site.run(&["get", "#4", "--json", "--include", "none"]).expect(0).json();
    assert_eq!(ticket["status"]["category"], "canceled");
    assert_eq!(site.asked(), ["GET /repos/acme/app/issues/4"]);
}

#[test]
fn pull_requests_are_marked() {
    let site = Site::small();
    let ticket = site.run(&["get", "#5", "--json"]).expect(0).json();
    assert_eq!(ticket["type"]["native"]["name"], "Pull request", "{ticket}");
    assert_eq!(ticket["url"], "https://github.com/acme/app/pull/5");
    let same = site.run(&["get", "acme/app/pull/5", "--json", "--in", "work"]).expect(0).json();
    assert_eq!(same["key"], "acme/app#5");
}

#[test]
fn a_deleted_account_is_a_ghost_and_an_absent_text_is_none() {
    let site = Site::small();
    let ticket = site.run(&["get", "#6", "--json"]).expect(0).json();
    assert_eq!(ticket["reporter"]["handle"], "ghost", "{ticket}");
    assert!(ticket.get("body").is_none(), "{ticket}");
    let noted = site.run(&["get", "#1", "--json"]).expect(0).json();
    assert_eq!(noted["notes"][1]["author"]["handle"], "ghost", "{noted}");
}

#[test]
fn line_ends_of_browsers_are_plain_and_the_native_form_is_kept() {
    let site = Site::small();
    let ticket = site.run(&["get", "#7", "--json"]).expect(0).json();
    assert_eq!(ticket["body"]["markdown"], "First line\nsecond line\n\n```\ncode\n```\n");
    let native = "First line\r\nsecond line\r\n\r\n```\r\ncode\r\n```\r\n";
    assert!(ticket["body"].to_string().contains(&serde_json::to_string(native).unwrap()), "{ticket}");
}

#[test]
fn a_transferred_ticket_comes_from_its_new_place_and_keeps_its_old_key() {
    let site = Site::small();
    let ticket = site.run(&["get", "#8", "--json"]).expect(0).json();
    assert_eq!((&ticket["key"], &ticket["title"]), (&"acme/archive#1".into(), &"To be moved".into()));
    assert_eq!(ticket["aliases"], serde_json::json!(["acme/app#8"]), "{ticket}");
}

#[test]
fn a_renamed_repository_is_followed() {
    let site = Site::small();
    let ticket = site.run(&["get", "acme/application#1", "--in", "work", "--json"]).expect(0).json();
    assert_eq!(ticket["key"], "acme/app#1");
    assert_eq!(ticket["notes"].as_array().map(Vec::len), Some(2), "{ticket}");
}

#[test]
fn an_address_is_printed_for_the_browser() {
    let site = Site::small();
    let run = site.run(&["open", "#1", "--print"]).expect(0);
    assert_eq!(run.stdout, "https://github.com/acme/app/issues/1\n");
}

#[test]
fn files_in_body_and_comments_are_listed() {
    let github = FakeGithub::start(Seed::small());
    github.with_state(|state| {
        let issue = state.repository("acme/app").issue(1);
        issue.body = Some("See [log.txt](https://github.com/user-attachments/files/17/log.txt).".to_owned());
        issue.comments[0].body = "![a picture](https://github.com/user-attachments/assets/0b-1)".to_owned();
    });
    let site = Site::of(github, "octocat", "");
    insta::assert_snapshot!(site.run(&["attachment", "list", "#1"]).expect(0).stdout);
    assert_eq!(site.run(&["attachment", "list", "#2"]).expect(0).stdout, "");
}

#[test]
fn what_can_be_chosen_in_a_repository_is_shown() {
    let site = Site::small();
    insta::assert_snapshot!(site.run(&["options", "--in", "work"]).expect(0).stdout);
    let asked = site.asked();
    assert!(asked.contains(&"GET /repos/acme/app/milestones?per_page=100".to_owned()), "{asked:#?}");
}

#[test]
fn a_check_says_whose_token_it_is() {
    let site = Site::small();
    let identity = site.run(&["connection", "check", "--json"]).expect(0).json();
    assert_eq!(identity[0]["identity"]["user"]["handle"], "octocat", "{identity}");
    assert_eq!(identity[0]["identity"]["scopes"], serde_json::json!(["repo", "user"]));
    assert_eq!(site.asked(), ["GET /user"]);
    insta::with_settings!({filters => [(r"[0-9-]{10}T[0-9:]{8}Z", "TIME")]}, {
        insta::assert_snapshot!(site.run(&["connection", "check"]).expect(0).stdout);
    });
}

#[test]
fn a_check_warns_of_a_token_that_cannot_write() {
    let site = Site::of(FakeGithub::start(Seed::small()), "stranger", "");
    let run = site.run(&["connection", "check"]).expect(0);
    assert!((run.stdout + &run.stderr).contains("neither the scope `repo` nor `public_repo`"));
}
