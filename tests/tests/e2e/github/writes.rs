//! Writes: what is sent, what GitHub keeps of it, and what is refused before anything is sent.

use serde_json::json;
use usher_tests::servers::{
    github::{FakeGithub, Seed},
    ledger::sha256,
};

use super::Site;

#[test]
fn a_ticket_is_made_with_everything_in_one_request() {
    let site = Site::small();
    let run = site.run(&[
        "create",
        "A new one",
        "--in",
        "work",
        "--body",
        "Line one.\nLine two.",
        "--label",
        "bug",
        "--assignee",
        "@me",
        "--container",
        "1.0",
        "--type",
        "bug",
        "--json",
    ]);
    let created = run.expect(0).json();
    assert_eq!(created["key"], "acme/app#12", "{created}");
    assert_eq!(created["url"], "https://github.com/acme/app/issues/12");
    assert_eq!(created.get("refused").cloned().unwrap_or(json!([])), json!([]), "{created}");
    let writes = site.github.ledger().committed();
    assert_eq!(writes.len(), 1);
    let body = r#"{"title":"A new one","body":"Line one.\nLine two.","labels":["bug"],"assignees":["octocat"],"milestone":1,"type":"Bug"}"#;
    assert_eq!(writes[0].body_sha256, Some(sha256(body.as_bytes())));
    let issue = site.github.issue("acme/app", 12);
    assert_eq!((issue.body.as_deref(), issue.milestone), (Some("Line one.\nLine two."), Some(1)));
    assert_eq!((&issue.labels[..], &issue.assignees[..]), (&["bug".to_owned()][..], &["octocat".to_owned()][..]));
}

#[test]
fn a_new_ticket_can_be_a_part_of_another() {
    let site = Site::small();
    site.run(&["create", "A part", "--in", "work", "--parent", "acme/app#1"]).expect(0);
    assert_eq!(site.github.issue("acme/app", 1).sub_issues, [2, 3, 12]);
    assert_eq!(site.asked(), ["POST /repos/acme/app/issues", "POST /repos/acme/app/issues/1/sub_issues"]);
}

#[test]
fn each_change_sends_what_it_changes_and_nothing_else() {
    let patch = "PATCH /repos/acme/app/issues/1";
    let read = "GET /repos/acme/app/issues/1";
    let milestones = "GET /repos/acme/app/milestones?state=all&per_page=100";
    let types = "GET /repos/acme/app/issue-types";
    for (change, asked) in [
        (&["--title", "Newer"][..], &[patch][..]),
        (&["--body", "Newer"], &[patch]),
        (&["--clear", "body"], &[patch]),
        (&["--status", "closed", "--resolution", "duplicate"], &[patch]),
        (&["--type", "Feature"], &[types, patch]),
        (&["--add-container", "0.9"], &[milestones, patch]),
        (&["--remove-container", "1.0"], &[read, patch]),
        (&["--add-label", "help wanted/soon?"], &["POST /repos/acme/app/issues/1/labels", read]),
        (
            &["--remove-label", "good first issue"],
            &["DELETE /repos/acme/app/issues/1/labels/good%20first%20issue", read],
        ),
        (&["--remove-assignee", "reader"], &["DELETE /repos/acme/app/issues/1/assignees"]),
        (&["--add-assignee", "reader"], &["POST /repos/acme/app/issues/1/assignees"]),
        (&["--assignee", "octocat"], &[patch]),
        (&["--clear", "assignees"], &[patch]),
    ] {
        let site = Site::small();
        let run = site.run(&[&["update", "#1"], change].concat()).expect(0);
        assert!(run.stdout.contains("changed"), "{run:#?}");
        assert_eq!(site.asked(), asked, "{change:?}");
        assert!(site.github.ledger().doubled().is_empty());
    }
}

#[test]
fn a_change_of_everything_is_what_the_issue_then_is() {
    let site = Site::small();
    site.run(&[
        "update",
        "#1",
        "--title",
        "Done at last",
        "--status",
        "done",
        "--add-label",
        "help wanted/soon?",
        "--remove-label",
        "bug",
        "--remove-assignee",
        "reader",
        "--add-container",
        "0.9",
        "--type",
        "Task",
    ])
    .expect(0);
    let issue = site.github.issue("acme/app", 1);
    assert_eq!(
        (issue.title.as_str(), issue.open, issue.state_reason.as_deref()),
        ("Done at last", false, Some("completed"))
    );
    assert_eq!(issue.labels, ["good first issue", "help wanted/soon?"]);
    assert_eq!(
        (issue.assignees, issue.milestone, issue.issue_type.as_deref()),
        (vec!["octocat".to_owned()], Some(2), Some("Task"))
    );
    let opened = site.run(&["update", "#1", "--status", "open", "--json"]).expect(0).json();
    assert_eq!(opened["applied"], json!(["status"]), "{opened}");
    assert!(site.github.issue("acme/app", 1).open);
}

#[test]
fn a_parent_is_set_and_taken_away() {
    let site = Site::small();
    site.run(&["update", "#4", "--parent", "acme/app#1"]).expect(0);
    assert_eq!(site.github.issue("acme/app", 4).parent, Some(1));
    site.run(&["update", "#4", "--clear", "parent"]).expect(0);
    assert_eq!(site.github.issue("acme/app", 4).parent, None);
    assert_eq!(site.github.issue("acme/app", 1).sub_issues, [2, 3]);
}

#[test]
fn a_change_against_an_old_revision_is_a_conflict_and_writes_nothing() {
    let site = Site::small();
    let revision = site.run(&["get", "#1", "--json"]).expect(0).json()["revision"].as_str().unwrap().to_owned();
    site.run(&["update", "#1", "--title", "First", "--if-revision", &revision]).expect(0);
    site.run(&["update", "#1", "--title", "Second", "--if-revision", &revision]).expect(10);
    assert_eq!(site.github.issue("acme/app", 1).title, "First");
}

#[test]
fn names_that_there_are_not_are_errors_that_list_the_others_and_nothing_is_written() {
    let site = Site::small();
    for (change, choices) in [
        (["--add-container", "2.0"], "1.0, 0.9"),
        (["--type", "Story"], "Task, Bug, Feature"),
        (["--status", "in_progress"], "closed, completed"),
    ] {
        let run = site.run(&["update", "#1", change[0], change[1]]).expect(10);
        assert!(run.stderr.contains(choices), "{run:#?}");
    }
    assert!(site.github.ledger().committed().is_empty());
}

#[test]
fn what_github_has_no_place_for_is_refused_by_name_and_the_rest_is_written() {
    let site = Site::small();
    let run = site.run(&["update", "#1", "--title", "Newer", "--due", "2026-12-24", "--priority", "high"]).expect(11);
    assert!(run.stderr.contains("not written: due: ") && run.stderr.contains("not written: priority: "), "{run:#?}");
    assert!(run.stdout.contains("changed  title"), "{run:#?}");
    assert_eq!(site.github.issue("acme/app", 1).title, "Newer");
}

#[test]
fn a_public_note_is_written_once() {
    let site = Site::small();
    for arguments in [&["note", "#2", "Looked at.", "--public"][..], &["note", "#2", "And again."]] {
        let run = site.run(arguments).expect(0);
        assert!(run.stdout.contains("visibility  public"), "{run:#?}");
    }
    assert_eq!(site.asked(), ["POST /repos/acme/app/issues/2/comments"; 2]);
    let notes: Vec<String> = site.github.issue("acme/app", 2).comments.into_iter().map(|note| note.body).collect();
    assert_eq!(notes, ["Looked at.", "And again."]);
}

#[test]
fn an_internal_note_is_refused_before_anything_is_sent() {
    let site = Site::small();
    let run = site.run(&["note", "#2", "For us only.", "--internal"]).expect(10);
    assert!(run.stderr.contains("has no internal notes"), "{run:#?}");
    assert_eq!(site.asked(), [""; 0]);
}

#[test]
fn without_push_access_what_github_drops_in_silence_is_said() {
    let site = Site::of(FakeGithub::start(Seed::small()), "reader", "");
    let run = site.run(&[
        "create",
        "By a reader",
        "--in",
        "work",
        "--label",
        "bug",
        "--assignee",
        "octocat",
        "--container",
        "1.0",
        "--type",
        "Bug",
    ]);
    let run = run.expect(11);
    for field in ["labels", "assignees", "containers", "type"] {
        assert!(run.stderr.contains(&format!("not written: {field}: ")), "{field}: {run:#?}");
    }
    assert!(run.stderr.contains("without push access"), "{run:#?}");
    let issue = site.github.issue("acme/app", 12);
    assert!(issue.labels.is_empty() && issue.assignees.is_empty() && issue.milestone.is_none());
    let run = site.run(&["update", "#12", "--title", "Newer", "--add-assignee", "octocat"]).expect(11);
    assert!(run.stdout.contains("changed  title"), "{run:#?}");
    assert!(run.stderr.contains("not written: assignees: "), "{run:#?}");
}

#[test]
fn a_read_only_connection_refuses_every_write_before_anything_is_sent() {
    let site = Site::of(FakeGithub::start(Seed::small()), "octocat", "read_only = true");
    for arguments in
        [&["create", "A title", "--in", "work"][..], &["update", "#1", "--title", "x"], &["note", "#1", "x"]]
    {
        let run = site.run(arguments).expect(4);
        assert!(run.stderr.contains("read-only"), "{run:#?}");
    }
    assert_eq!(site.asked(), [""; 0]);
    site.run(&["get", "#1"]).expect(0);
}

#[test]
fn a_write_to_what_was_moved_says_so_and_changes_nothing() {
    let site = Site::small();
    let run = site.run(&["update", "#8", "--title", "x"]).expect(5);
    assert!(run.stderr.contains("moved or renamed"), "{run:#?}");
    assert!(site.github.ledger().committed().is_empty());
}
