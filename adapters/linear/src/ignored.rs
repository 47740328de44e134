//! What of Linear's answers a ticket does not carry, and why; the tests walk every leaf of what was recorded.
//!
//! It is little, since a query asks for what the ticket has a place for. What an issue has beside that, and is not asked
//! for, is in the README.

use usher_adapter_sdk::{
    Result, decode,
    message::Raw,
    model::Ticket,
    testkit::{IgnoredLeaf, Recording, unread_leaves},
};

use crate::operations;

/// Leaves of issues and of what hangs on them.
const IGNORED: &[IgnoredLeaf] = &[
    ("**.pageInfo.endCursor", "where a list goes on, which is asked for before the ticket is made"),
    ("cycle.number", "a cycle with a name is called by that"),
    // What the recorded queries asked for, and ours do not.
    ("labels.nodes.*.id", "the label's own, and a label is known by its name"),
    ("attachments.nodes.*.subtitle", "an attachment has no place for it"),
    ("attachments.nodes.*.sourceType", "an attachment has no place for it"),
];

#[test]
fn every_leaf_of_an_issue_is_in_the_ticket_or_ignored_for_a_reason() {
    let whole = include_bytes!("../tests/fixtures/issue.json").to_vec();
    let recordings = [
        include_str!("../tests/fixtures/linear-mcp-go/get-issue.json"),
        include_str!("../tests/fixtures/linear-mcp-go/get-issue-with-attachment.json"),
        include_str!("../tests/fixtures/linear-mcp-go/create-issue.json"),
        include_str!("../tests/fixtures/linear-mcp-go/create-issue-with-labels.json"),
        include_str!("../tests/fixtures/linear-mcp-go/create-sub-issue.json"),
        include_str!("../tests/fixtures/linear-mcp-go/search-issues.json"),
        include_str!("../tests/fixtures/linear-mcp-go/update-issue.json"),
    ];
    for issue in recordings.into_iter().flat_map(issues).chain([whole]) {
        let lost = unread_leaves(&issue, IGNORED, ticket).unwrap();
        assert_eq!(lost, [""; 0], "of {}", String::from_utf8_lossy(&issue));
    }
}

#[test]
fn every_leaf_of_what_did_not_fit_into_the_issue_is_in_the_ticket() {
    let whole: serde_json::Value = decode::json(include_bytes!("../tests/fixtures/issue.json")).unwrap();
    let mut lists = whole.clone();
    lists.as_object_mut().unwrap().retain(|name, _| crate::api::LISTS.contains(&name.as_str()));
    let normalize = |bytes: &[u8]| {
        let main = br#"{"identifier":"ENG-12","title":"Fix login","attachments":{"nodes":[]}}"#;
        operations::normalize(None, &Raw::main(&main[..]).with("more", bytes))
    };
    let lost = unread_leaves(lists.to_string().as_bytes(), IGNORED, normalize).unwrap();
    assert_eq!(lost, [""; 0]);
}

fn ticket(bytes: &[u8]) -> Result<Ticket> {
    operations::normalize(None, &Raw::main(bytes))
}

/// Returns every issue of a recording, wherever it stands in an answer.
fn issues(recording: &str) -> Vec<Vec<u8>> {
    let recording = Recording::parse(recording).unwrap();
    let mut found = Vec::new();
    for exchange in recording.exchanges() {
        find(&decode::json(&exchange.body()).unwrap(), &mut found);
    }
    assert!(!found.is_empty());
    found
}

fn find(value: &serde_json::Value, found: &mut Vec<Vec<u8>>) {
    if value.get("identifier").is_some() {
        return found.push(value.to_string().into_bytes());
    }
    let inside = value.as_object().map(|object| object.values().collect::<Vec<_>>());
    let items = value.as_array().map(|items| items.iter().collect());
    inside.or(items).unwrap_or_default().into_iter().for_each(|value| find(value, found));
}
