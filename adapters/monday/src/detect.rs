//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, Needs, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

/// Links, and the keys they mean; `!` a note.
const LINKS: &[(&str, &str)] = &[
    ("https://acme.monday.com/boards/1234567890/pulses/9876543210", "acme:1234567890:9876543210"),
    ("https://acme.monday.com/boards/1234567890/views/55/pulses/9876543210", "acme:1234567890:9876543210"),
    ("https://acme.monday.com/boards/1234567890/pulses/9876543210/posts/77", "acme:1234567890:9876543210 !77"),
    ("https://acme.monday.com/boards/1234567890/pulses/9876543210?userId=1#x", "acme:1234567890:9876543210"),
    (
        "https://nyu-lib.monday.com/boards/765008773/pulses/3073776565/posts/1676502313",
        "nyu-lib:765008773:3073776565 !1676502313",
    ),
    ("https://monday.com/boards/1234567890/pulses/9876543210", "1234567890:9876543210"),
    ("<https://acme.monday.com/boards/12/pulses/34/>.", "acme:12:34"),
    ("HTTP://Acme.Monday.COM./boards/12/pulses/34", "acme:12:34"),
];

/// Links that are no ticket of monday.com's.
const NOT_LINKS: &[&str] = &[
    "https://acme.monday.com/boards/1234567890",
    "https://acme.monday.com/boards/1234567890/views/55",
    "https://view.monday.com/1234567890-abc",
    "https://acme.monday.com/boards/x/pulses/1",
    "https://acme.monday.com/boards/0/pulses/1",
    "https://acme.monday.com/boards/1/pulses/123456789012345678901234567890",
    "https://monday.com@evil.example/boards/1/pulses/2",
    "https://acme.monday.com.evil.example/boards/1/pulses/2",
    "https://acme.xmonday.com/boards/1/pulses/2",
    "https://evil.example/?u=https://acme.monday.com/boards/1/pulses/2",
];

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
fn whatever_is_detected_is_a_key() {
    for (text, expected) in LINKS {
        let key = expected.split(' ').next().unwrap_or_default();
        assert!(crate::key::Key::parse(&key.into()).is_ok(), "{text}");
    }
}

#[test]
fn a_bare_number_needs_a_default() {
    let found = Detector::new(&manifest().detect).id("9876543210", None).remove(0);
    assert_eq!((found.key.to_string().as_str(), found.native, found.needs), ("9876543210", true, Needs::Default));
    for text in ["", "0", "012", "12x", "acme:1", "acme:0:1", "PROJ-1", "-5"] {
        assert!(Detector::new(&manifest().detect).id(text, None).is_empty(), "{text}");
    }
}

#[test]
fn the_manifest_offers_what_there_is_and_promises_no_internal_notes() {
    let manifest = manifest();
    for operation in Operation::ALL {
        assert_eq!(manifest.supports(*operation), *operation != Operation::FindByMarker, "{operation:?}");
    }
    assert!(!manifest.notes.internal && manifest.notes.public);
}

#[test]
fn each_usual_variable_makes_a_connection() {
    let manifest = manifest();
    let token = &manifest.environment[0].auth["token"];
    for variable in ["MONDAY_API_KEY", "MONDAY_API_TOKEN", "MONDAY_TOKEN"] {
        let found = token.resolve(|name: &str| (name == variable).then(|| "t".to_owned()));
        assert_eq!(found.as_deref(), Some("t"), "{variable}");
    }
}

fn manifest() -> Manifest {
    Manifest::parse(include_str!("../adapter.toml")).unwrap()
}

fn url(text: &str) -> Option<String> {
    let Ok(Input::Url(url)) = parse_reference(text) else { return None };
    let found = Detector::new(&manifest().detect).url(&url, &[])?;
    let note = found.note.map_or_else(String::new, |note| format!(" !{note}"));
    Some(format!("{}{note}", found.key))
}
