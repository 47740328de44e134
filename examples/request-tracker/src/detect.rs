//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

/// The server of every link; the address of its start page has a path.
const SERVER: &str = "https://rt.example.com/rt";

/// Links, and the keys they mean; `!` a note.
const LINKS: &[(&str, &str)] = &[
    ("https://rt.example.com/rt/Ticket/Display.html?id=123", "123"),
    ("https://rt.example.com/rt/Ticket/Display.html?id=123#txn-456", "123 !456"),
    ("https://rt.example.com/rt/Ticket/Modify.html?x=1;id=123", "123"),
    ("https://rt.example.com/rt/Ticket/History.html?id=123&ForceShow=1", "123"),
    ("https://rt.example.com/rt/SelfService/Display.html?id=123", "123"),
    ("https://rt.example.com/rt/m/ticket/show?id=123", "123"),
    ("https://rt.example.com/rt/REST/2.0/ticket/123", "123"),
    ("https://rt.example.com/rt/REST/2.0/ticket/123/history?page=2", "123"),
    ("<https://rt.example.com/rt/Ticket/Display.html?id=123>.", "123"),
];

/// Links that are no ticket of this server's.
const NOT_LINKS: &[&str] = &[
    "https://rt.example.com/rt/Ticket/Display.html",
    "https://rt.example.com/rt/Ticket/Display.html?id=0",
    "https://rt.example.com/rt/Ticket/Display.html?id=12x",
    "https://rt.example.com/rt/Ticket/Display.html?id=new",
    "https://rt.example.com/rt/Ticket/Create.html?Queue=1&id=123",
    "https://rt.example.com/rt/Search/Results.html?Query=id=123",
    "https://rt.example.com/rt/REST/2.0/queue/123",
    "https://rt.example.com@evil.example/rt/Ticket/Display.html?id=123",
    "https://rt.example.com.evil.example/rt/Ticket/Display.html?id=123",
    "https://evil.example/?u=https://rt.example.com/rt/Ticket/Display.html?id=123",
    "https://rt.example.com:8443/rt/Ticket/Display.html?id=123",
];

/// Bare ids, and what they mean.
const IDS: &[(&str, &str)] = &[("123", "123"), ("#123", "123"), ("[example.com #123]", "123"), ("rt.example #7", "7")];

/// What is no id.
const NOT_IDS: &[&str] =
    &["", "0", "#0", "-1", "12x", "PROJ-1", "a/b#1", "123 and more", "123456789012345678901234567890"];

#[test]
fn every_shape_of_a_link_means_its_ticket() {
    for (text, expected) in LINKS {
        assert_eq!(url(text).as_deref(), Some(*expected), "{text}");
    }
}

#[test]
fn other_pages_and_look_alikes_mean_nothing() {
    for text in NOT_LINKS {
        assert_eq!(url(text), None, "{text}");
    }
}

#[test]
fn every_short_form_means_its_ticket_and_nothing_else_does() {
    let found = |text: &str| -> Vec<String> {
        Detector::new(&manifest().detect).id(text, None).into_iter().map(|found| found.key.to_string()).collect()
    };
    for (text, expected) in IDS {
        assert_eq!(found(text), [*expected], "{text}");
    }
    for text in NOT_IDS {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn whatever_is_detected_is_a_key() {
    for (text, expected) in LINKS.iter().chain(IDS) {
        let key = expected.split(' ').next().unwrap_or_default();
        assert!(crate::key::Key::parse(&key.into()).is_ok(), "{text}");
    }
}

#[test]
fn the_manifest_offers_what_there_is() {
    let manifest = manifest();
    for operation in Operation::ALL {
        assert_eq!(manifest.supports(*operation), *operation != Operation::FindByMarker, "{operation:?}");
    }
    assert!(manifest.notes.internal && manifest.notes.public);
}

fn manifest() -> Manifest {
    Manifest::parse(include_str!("../adapter.toml")).unwrap()
}

fn url(text: &str) -> Option<String> {
    let manifest = manifest();
    let base_url = manifest.base_url.as_ref().unwrap();
    let parse = |text: &str| match parse_reference(text) {
        Ok(Input::Url(url)) => Some(url),
        _ => None,
    };
    let addresses: Vec<_> = base_url.addresses(&parse(SERVER).unwrap()).into_iter().collect();
    let found = Detector::new(&manifest.detect).url(&parse(text)?, &addresses)?;
    let note = found.note.map_or_else(String::new, |note| format!(" !{note}"));
    Some(format!("{}{note}", found.key))
}
