//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use proptest::prelude::*;
use usher_adapter_sdk::{
    message::{Criteria, Include, Raw, Source},
    testkit::{Nonsense, TestHost},
};

use crate::server::{Server, ok, unknown};

const FIELDS: &str = include_str!("../fixtures/custom_fields.json");

#[test]
fn whatever_stands_in_an_issue_is_a_ticket_or_an_error() {
    let kit = Server::new(|_| unknown()).kit;
    for issue in [include_str!("../fixtures/issue.json"), include_str!("../fixtures/parent.json")] {
        Nonsense::of(issue).assert_no_panic(|document| {
            let raw = Raw::main(document).with("custom_fields", FIELDS);
            let ticket = kit.normalize(Some(&"1".into()), &raw, Source::Direct)?;
            assert!(!ticket.key.as_str().is_empty());
            Ok(ticket)
        });
    }
}

#[test]
fn whatever_stands_in_the_custom_fields_is_a_ticket_or_an_error() {
    let kit = Server::new(|_| unknown()).kit;
    Nonsense::of(FIELDS).assert_no_panic(|document| {
        let raw = Raw::main(include_str!("../fixtures/issue.json")).with("custom_fields", document);
        kit.normalize(None, &raw, Source::Direct)
    });
}

#[test]
fn whatever_stands_in_a_list_is_a_page_or_an_error() {
    let mut list: serde_json::Value = serde_json::from_str(include_str!("../fixtures/list.json")).unwrap();
    list["issues"].as_array_mut().unwrap().truncate(1);
    Nonsense::of(list.to_string()).assert_no_panic(|document| {
        let answer = document.to_vec();
        let server =
            Server::new(move |asked| if asked.line().contains("current") { unknown() } else { ok(answer.clone()) });
        server.kit.fetch(&Criteria::default(), Include::SUMMARY, None)?.tickets()
    });
}

proptest! {
    #[test]
    fn whatever_comes_in_place_of_a_list_is_an_error(body in "[^{]{0,60}", status in 200u16..600) {
        let server = Server::new(move |asked| {
            if asked.line().contains("current") { unknown() } else { Ok(TestHost::response(status, body.clone())) }
        });
        prop_assert!(server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).is_err());
    }
}
