//! What of ServiceNow's answers a ticket does not show, and why. A test changes every other leaf and sees the ticket change.

use usher_adapter_sdk::testkit::{IgnoredLeaf, Kit, TestHost, unread_leaves};
use usher_adapter_sdk::{host::Connection, message::Raw, message::Source};

use crate::ServiceNow;

/// The table: a path of leaves, and the reason.
const IGNORED: &[IgnoredLeaf] = &[
    ("**.display_value_internal", "the time in the asker's zone once more"),
    ("**.link", "the API's address of a reference, which follows from its id"),
    ("result.opened_at.display_value", "the time in the asker's zone; the value is in UTC"),
    ("result.sys_created_on.display_value", "the time in the asker's zone; the value is in UTC"),
    ("result.sys_updated_on.display_value", "the time in the asker's zone; the value is in UTC"),
    ("result.due_date.display_value", "the time in the asker's zone; the value is in UTC"),
    ("result.short_description.display_value", "the same text again"),
    ("result.description.display_value", "the same text again"),
    ("result.number.display_value", "the same text again"),
    ("result.sys_id.display_value", "the same text again"),
    ("result.sys_mod_count.display_value", "the number as people write it"),
    ("result.active.display_value", "the value as a word of the asker's language"),
    ("result.knowledge.display_value", "the value as a word of the asker's language"),
    ("result.assigned_to.user_name.display_value", "the same text again"),
    ("result.assigned_to.email.display_value", "the same text again"),
    ("result.comments.value", "always empty: the label is the journal"),
    ("result.work_notes.value", "always empty: the label is the journal"),
    ("result.problem_id.value", "the id of the problem, whose number is its key"),
    ("result.parent.value", "the id of the parent, whose number is its key"),
];

fn unread(document: &str) -> Vec<String> {
    let host = TestHost::new()
        .with_connection(Connection::new("test").with_base_url("https://acme.service-now.com".to_owned()));
    let kit = Kit::new::<ServiceNow>("{}", &host).unwrap();
    unread_leaves(document.as_bytes(), IGNORED, |bytes| kit.normalize(None, &Raw::main(bytes), Source::Direct)).unwrap()
}

#[test]
fn every_leaf_of_the_recorded_answer_is_in_the_ticket_or_on_the_table() {
    assert_eq!(unread(include_str!("../tests/fixtures/demisto/incident-create.body.json")), [""; 0]);
    let list: serde_json::Value =
        serde_json::from_str(include_str!("../tests/fixtures/demisto/incident-list.body.json")).unwrap();
    for record in list["result"].as_array().unwrap() {
        assert_eq!(unread(&serde_json::json!({ "result": record }).to_string()), [""; 0]);
    }
}

#[test]
fn every_leaf_of_an_answer_with_labels_is_in_the_ticket_or_on_the_table() {
    assert_eq!(unread(include_str!("../tests/fixtures/incident.json")), [""; 0]);
}
