//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    message::{Raw, Source},
    testkit::Nonsense,
};

use crate::{instance::Instance, server::Server};

#[test]
fn a_record_with_anything_in_it_is_a_ticket_or_an_error() {
    let kit = Server::new(Instance::new()).kit;
    Nonsense::of(include_bytes!("../fixtures/incident.json")).assert_no_panic(|document| {
        let ticket = kit.normalize(Some(&"INC0010023".into()), &Raw::main(document), Source::Direct)?;
        assert!(!ticket.key.as_str().is_empty());
        Ok(ticket)
    });
}

proptest! {
    #[test]
    fn a_journal_of_any_text_is_read(text in "(.{0,30}\n){0,5}") {
        let mut document: Value = serde_json::from_str(include_str!("../fixtures/incident.json")).unwrap();
        document["result"]["comments"] = json!({ "value": "", "display_value": text });
        let ticket = Server::new(Instance::new()).kit.normalize(None, &Raw::main(document.to_string()), Source::Direct).unwrap();
        prop_assert_eq!(ticket.notes.unwrap().is_empty(), text.trim().is_empty());
    }
}
