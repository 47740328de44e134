//! What of GitHub's answers a ticket does not carry, and why; the tests walk every leaf of what was recorded.

use usher_adapter_sdk::{
    Result, decode,
    message::Raw,
    model::Ticket,
    testkit::{IgnoredLeaf, Recording, unread_leaves},
};

use crate::operations;

/// Leaves of issues and of comments.
const IGNORED: &[IgnoredLeaf] = &[
    // Addresses and ids that follow from what the ticket has.
    ("**.node_id", "the id again, as GraphQL writes it"),
    ("**.url", "the API's address of something whose id or key is there"),
    ("repository_url", "in the key; where it cannot be read, the page's address is"),
    ("**.labels_url", "the API's address of a part"),
    ("**.comments_url", "the API's address of a part"),
    ("**.events_url", "the API's address of a part"),
    ("**.timeline_url", "the API's address of a part"),
    ("*.issue_url", "the comment stands on its ticket"),
    // Accounts: id, handle, name, address and kind are there.
    ("**.avatar_url", "a picture"),
    ("**.gravatar_id", "a picture"),
    ("**.followers_url", "follows from the handle"),
    ("**.following_url", "follows from the handle"),
    ("**.gists_url", "follows from the handle"),
    ("**.starred_url", "follows from the handle"),
    ("**.subscriptions_url", "follows from the handle"),
    ("**.organizations_url", "follows from the handle"),
    ("**.repos_url", "follows from the handle"),
    ("**.received_events_url", "follows from the handle"),
    ("user.html_url", "follows from the handle"),
    ("*.user.html_url", "follows from the handle"),
    ("assignees.*.html_url", "follows from the handle"),
    ("closed_by.html_url", "follows from the handle"),
    ("**.site_admin", "says nothing of the ticket"),
    ("**.user_view_type", "says nothing of the ticket"),
    ("assignee.**", "the first of `assignees`"),
    // What belongs to something else and can be asked of that.
    ("labels.*.id", "the label's own, and a label is known by its name"),
    ("labels.*.color", "the label's own"),
    ("labels.*.default", "the label's own"),
    ("labels.*.description", "the label's own"),
    ("milestone.id", "known by its number"),
    ("milestone.html_url", "the milestone's own"),
    ("milestone.description", "the milestone's own"),
    ("milestone.state", "the milestone's own"),
    ("milestone.creator.**", "the milestone's own"),
    ("milestone.open_issues", "the milestone's own"),
    ("milestone.closed_issues", "the milestone's own"),
    ("milestone.created_at", "the milestone's own"),
    ("milestone.updated_at", "the milestone's own"),
    ("milestone.closed_at", "the milestone's own"),
    ("type.color", "the type's own"),
    ("type.description", "the type's own"),
    ("type.created_at", "the type's own"),
    ("type.updated_at", "the type's own"),
    ("type.is_enabled", "the type's own"),
    ("issue_field_values.*.single_select_option.color", "the choice's own"),
    ("issue_field_values.*.multi_select_options.*.color", "the choice's own"),
    ("issue_field_values.*.value", "of a choice the option says more; other values are read"),
    ("repository.**", "the project, known by its key"),
    ("pinned_comment.**", "one of the notes, named by its id"),
    ("pull_request.html_url", "the ticket's own address"),
    ("pull_request.diff_url", "follows from the ticket's address"),
    ("pull_request.patch_url", "follows from the ticket's address"),
    // What follows from other leaves.
    ("reactions.total_count", "the sum of the others"),
    ("sub_issues_summary.percent_completed", "the quotient of the others"),
    ("issue_dependencies_summary.blocked_by", "how many are still open; all of them are links"),
    ("issue_dependencies_summary.blocking", "how many are still open; all of them are links"),
    ("score", "how well it fits a search, not what it is"),
    // What a note has no place for.
    ("*.author_association", "a note has no fields"),
    ("*.reactions.**", "a note has no fields"),
];

#[test]
fn every_leaf_of_an_issue_is_in_the_ticket_or_ignored_for_a_reason() {
    let issues = [
        first_issue(include_str!("../tests/fixtures/hub4j/query-issues.json")),
        first_issue(include_str!("../tests/fixtures/hub4j/issue-with-comments.json")),
        first_issue(include_str!("../tests/fixtures/hub4j/close-not-planned.json")),
        first_issue(include_str!("../tests/fixtures/hub4j/create-issue.json")),
        first_issue(include_str!("../tests/fixtures/hub4j/set-assignee.json")),
        first_issue(include_str!("../tests/fixtures/hub4j/milestone.json")),
        first_issue(include_str!("../tests/fixtures/octokit/paginate-issues.json")),
        first_issue(include_str!("../tests/fixtures/octokit/search-issues.json")),
        include_bytes!("../tests/fixtures/openapi/issue.json").to_vec(),
        include_bytes!("../tests/fixtures/openapi/issue-with-repository.json").to_vec(),
        include_bytes!("../tests/fixtures/openapi/pull-request.json").to_vec(),
    ];
    for issue in issues {
        let normalize = |bytes: &[u8]| ticket(Raw::main(bytes));
        let lost = unread_leaves(&issue, IGNORED, normalize).unwrap();
        assert_eq!(lost, [""; 0], "of {}", String::from_utf8_lossy(&issue));
    }
}

#[test]
fn every_leaf_of_a_comment_is_in_its_note_or_ignored_for_a_reason() {
    let issue = include_bytes!("../tests/fixtures/openapi/issue.json");
    let recorded = Recording::parse(include_str!("../tests/fixtures/hub4j/issue-with-comments.json")).unwrap();
    for comments in [recorded.exchanges()[1].body(), include_bytes!("../tests/fixtures/openapi/comments.json").to_vec()]
    {
        let normalize = |bytes: &[u8]| ticket(Raw::main(&issue[..]).with("notes", bytes));
        let lost = unread_leaves(&comments, IGNORED, normalize).unwrap();
        assert_eq!(lost, [""; 0], "of {}", String::from_utf8_lossy(&comments));
    }
}

fn ticket(raw: Raw) -> Result<Ticket> {
    operations::normalize(None, &raw)
}

/// Returns the first issue of a recording: its first answer, or the first item of that.
fn first_issue(recording: &str) -> Vec<u8> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Answer {
        List(Vec<serde_json::Value>),
        Search { items: Vec<serde_json::Value> },
        Issue(serde_json::Value),
    }
    let body = Recording::parse(recording).unwrap().exchanges()[0].body();
    let issue = match decode::json(&body).unwrap() {
        Answer::List(mut items) | Answer::Search { mut items } => items.remove(0),
        Answer::Issue(issue) => issue,
    };
    issue.to_string().into_bytes()
}
