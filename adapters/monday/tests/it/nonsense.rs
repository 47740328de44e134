//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    message::{Criteria, Include, Raw, Source},
    testkit::{Kit, TestHost},
};

use crate::server::{Server, connection};

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
        ".{0,12}".prop_map(|text| Some(json!(text))),
        any::<i64>().prop_map(|number| Some(json!(number))),
    ]
}

fn places(value: &Value) -> usize {
    let inside: usize = match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.values().map(places).sum(),
        _ => 0,
    };
    inside + 1
}

/// Puts something else in the place with that number, counted from the outside in; nothing removes it.
fn replace(value: &mut Value, place: &mut usize, with: &Option<Value>) -> bool {
    let is_here = |place: &mut usize| {
        let is_here = *place == 0;
        *place = place.wrapping_sub(1);
        is_here
    };
    match value {
        Value::Array(items) => {
            let found = items.iter().enumerate().find_map(|(at, _)| is_here(place).then_some(at));
            match (found, with) {
                (Some(at), Some(with)) => items[at] = with.clone(),
                (Some(at), None) => drop(items.remove(at)),
                (None, _) => return items.iter_mut().any(|item| replace(item, place, with)),
            }
            true
        }
        Value::Object(fields) => {
            let found = fields.keys().find(|_| is_here(place)).cloned();
            match (found, with) {
                (Some(name), Some(with)) => drop(fields.insert(name, with.clone())),
                (Some(name), None) => drop(fields.remove(&name)),
                (None, _) => return fields.values_mut().any(|field| replace(field, place, with)),
            }
            true
        }
        _ => false,
    }
}

fn item() -> Value {
    serde_json::from_str(include_str!("../fixtures/item.json")).unwrap()
}

#[test]
fn every_place_of_an_item_can_be_missing_or_null() {
    let kit = Server::new(|_| Ok(TestHost::response(500, ""))).kit;
    for place in 0..places(&item()) - 1 {
        for with in [None, Some(Value::Null), Some(json!(7)), Some(json!("x")), Some(json!({})), Some(json!([]))] {
            let mut item = item();
            let mut at = place;
            assert!(replace(&mut item, &mut at, &with), "{place}");
            // Whether it is a ticket or an error does not matter here: both are answers.
            drop(kit.normalize(Some(&"acme:1111:9001".into()), &Raw::main(item.to_string()), Source::Direct));
        }
    }
}

proptest! {
    #[test]
    fn whatever_stands_in_an_item_is_a_ticket_or_an_error(
        changes in prop::collection::vec((any::<prop::sample::Index>(), other_values()), 1..6)
    ) {
        let mut item = item();
        for (place, with) in changes {
            let mut place = place.index(places(&item).max(2) - 1);
            replace(&mut item, &mut place, &with);
        }
        let kit = Server::new(|_| Ok(TestHost::response(500, ""))).kit;
        if let Ok(ticket) = kit.normalize(Some(&"acme:1111:9001".into()), &Raw::main(item.to_string()), Source::Direct) {
            prop_assert!(!ticket.key.as_str().is_empty() || item["id"] == "");
        }
    }

    #[test]
    fn whatever_monday_answers_to_a_list_is_a_page_or_an_error(body in ".{0,60}", status in 100u16..600) {
        let host = TestHost::new().with_connection(connection().with_default_project("1111".to_owned()))
            .on_http(move |_, _| Ok(TestHost::response(status, body.clone())));
        let kit = Kit::new::<usher_adapter_monday::Monday>("{}", &host).unwrap();
        prop_assert!(kit.fetch(&Criteria::default(), Include::SUMMARY, None).is_err());
    }
}
