//! Answers that nobody would give: whatever comes, there is a ticket or an error, and never a panic.

use serde_json::Value;
use usher_adapter_sdk::{
    Result,
    message::{Criteria, Include, Raw, Source},
    testkit::Nonsense,
};

use crate::server::{Server, answer, ok};

/// Returns the bodies of the recorded answers to whatever has this in its address.
fn recorded(part: &str) -> Vec<String> {
    let recording: Value = serde_json::from_str(include_str!("../fixtures/ticket.json")).unwrap();
    let exchanges = recording["exchanges"].as_array().unwrap().iter();
    let asked = exchanges.filter(|it| it["request"]["url"].as_str().unwrap().contains(part));
    asked.map(|it| it["response"]["body"].to_string()).collect()
}

/// Damages one document, and has a ticket made of it and of the others.
fn damage(name: &str, documents: &[(&'static str, &str)]) {
    let kit = Server::new(|_| answer(500, "")).kit;
    let (_, whole) = documents.iter().find(|(own, _)| *own == name).unwrap();
    Nonsense::of(whole).assert_no_panic(|damaged| -> Result<_> {
        let bytes = |own: &str, whole: &str| if own == name { damaged.to_vec() } else { whole.as_bytes().to_vec() };
        let raw = documents.iter().fold(Raw::default(), |raw, (own, whole)| match *own {
            "main" => Raw::main(bytes("main", whole)),
            own => raw.with(own, bytes(own, whole)),
        });
        let ticket = kit.normalize(Some(&"1".into()), &raw, Source::Direct)?;
        let has_no_id = String::from_utf8_lossy(damaged).contains(r#""id":"""#);
        assert!(!ticket.key.as_str().is_empty() || has_no_id);
        Ok(ticket)
    });
}

#[test]
fn whatever_stands_in_a_ticket_or_in_what_was_said_on_it_is_a_ticket_or_an_error() {
    let (main, history) = (recorded("/ticket/1?").remove(0), recorded("/history?").remove(0));
    let (parts, text) =
        (recorded("/ticket/1/attachments?").remove(0), recorded("/attachments?fields=ContentType%2CContent").remove(0));
    let documents = [("main", &*main), ("history", &*history), ("parts", &*parts), ("texts", &*text)];
    for (name, _) in documents {
        damage(name, &documents);
    }
}

#[test]
fn whatever_stands_in_a_list_is_a_page_or_an_error() {
    let ticket = recorded("/ticket/1?").remove(0);
    let list = format!(r#"{{"count":1,"page":1,"pages":1,"per_page":100,"total":1,"items":[{ticket}]}}"#);
    Nonsense::of(list).assert_no_panic(|damaged| {
        let body = damaged.to_vec();
        let server = Server::new(move |_| ok(body.clone()));
        server.kit.fetch(&Criteria::default(), Include::SUMMARY, None)?.tickets()
    });
}

#[test]
fn what_is_no_json_at_all_is_an_error() {
    for body in ["", "<html>", "[", "null", "7", r#""items""#, "{}"] {
        let server = Server::new(move |_| ok(body));
        assert!(server.kit.get("7", Include::EVERYTHING).is_err(), "{body}");
        assert!(server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).is_err(), "{body}");
    }
}
