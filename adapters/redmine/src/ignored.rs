//! What of Redmine's answers a ticket does not carry, and why; the tests walk every leaf of what was recorded.

use usher_adapter_sdk::{
    message::{Raw, Source},
    testkit::{IgnoredLeaf, Kit, TestHost, unread_leaves},
};

use crate::Redmine;

/// Leaves of issues.
const IGNORED: &[IgnoredLeaf] = &[
    ("issue.journals.*.details.**", "the history of fields: a ticket tells what is, and its notes"),
    ("issue.children.*.tracker.*", "a child is a reference: its type is its own"),
    ("issue.attachments.*.description", "a file has a name; a ticket has no place for words about it"),
    ("issue.relations.*.id", "a relation is known by its ends and its kind"),
    ("issue.relations.0.issue_to_id", "the issue itself: this relation begins at the other one"),
];

#[test]
fn every_leaf_of_an_issue_is_in_its_ticket_or_ignored_for_a_reason() {
    let host = TestHost::new().with_connection(
        usher_adapter_sdk::host::Connection::new("test").with_base_url("https://redmine.example.com".to_owned()),
    );
    let kit = Kit::new::<Redmine>("{}", &host).unwrap();
    for issue in [include_str!("../tests/fixtures/issue.json"), include_str!("../tests/fixtures/parent.json")] {
        let lost =
            unread_leaves(issue.as_bytes(), IGNORED, |bytes| kit.normalize(None, &Raw::main(bytes), Source::Direct));
        let lost: Vec<String> = lost.unwrap().into_iter().filter(|leaf| !is_of_silent_journal(issue, leaf)).collect();
        assert_eq!(lost, [""; 0]);
    }
}

/// A journal without a note is the history of fields alone.
fn is_of_silent_journal(issue: &str, leaf: &str) -> bool {
    let whole: serde_json::Value = serde_json::from_str(issue).unwrap();
    let journal = leaf.strip_prefix("issue.journals.").and_then(|rest| rest.split_once('.'));
    journal.is_some_and(|(place, _)| whole["issue"]["journals"][place.parse::<usize>().unwrap()]["notes"] == "")
}
