//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::message::{Raw, Source};

use crate::{instance::Instance, server::Server};

/// What stands in place of a value.
fn other_values() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(json!(""))),
        Just(Some(json!(-1.5e300))),
        Just(Some(json!([]))),
        Just(Some(json!({}))),
        Just(Some(json!(true))),
        Just(Some(json!({ "value": {}, "display_value": [] }))),
        ".{0,20}".prop_map(|text| Some(json!(text))),
    ]
}

proptest! {
    #[test]
    fn a_record_with_anything_in_it_is_a_ticket_or_an_error(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), other_values(), any::<bool>()), 1..4),
    ) {
        let mut document: Value = serde_json::from_str(include_str!("../fixtures/incident.json")).unwrap();
        let record = document["result"].as_object_mut().unwrap();
        for (index, value, inside) in changes {
            let names: Vec<String> = record.keys().cloned().collect();
            let name = &names[index.index(names.len())];
            match (value, inside) {
                (None, _) => drop(record.remove(name)),
                (Some(value), false) => drop(record.insert(name.clone(), value)),
                (Some(value), true) => record[name] = json!({ "value": value.clone(), "display_value": value }),
            }
        }
        let server = Server::new(Instance::new());
        let raw = Raw::main(document.to_string());
        if let Ok(ticket) = server.kit.normalize(Some(&"INC0010023".into()), &raw, Source::Direct) {
            prop_assert!(!ticket.key.as_str().is_empty());
        }
    }

    #[test]
    fn a_journal_of_any_text_is_read(text in "(.{0,30}\n){0,5}") {
        let mut document: Value = serde_json::from_str(include_str!("../fixtures/incident.json")).unwrap();
        document["result"]["comments"] = json!({ "value": "", "display_value": text });
        let ticket = Server::new(Instance::new()).kit.normalize(None, &Raw::main(document.to_string()), Source::Direct).unwrap();
        prop_assert_eq!(ticket.notes.unwrap().is_empty(), text.trim().is_empty());
    }
}
