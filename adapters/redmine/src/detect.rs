//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, Needs, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

/// The connections that the tests pretend to have: at the root, and in a sub-path behind a port.
const CONNECTIONS: &[&str] = &["https://redmine.example.com", "https://tools.example.com:8443/redmine"];

/// Links, and the keys they mean; `!` a note.
const LINKS: &[(&str, &str)] = &[
    ("https://redmine.example.com/issues/123", "123"),
    ("https://redmine.example.com/issues/123#note-4", "123 !4"),
    ("https://redmine.example.com/issues/123?tab=notes", "123"),
    ("https://redmine.example.com/issues/123.json", "123"),
    ("https://redmine.example.com/issues/123/", "123"),
    ("<https://REDMINE.example.com/issues/123>.", "123"),
    ("https://tools.example.com:8443/redmine/issues/9223372036854775807", "9223372036854775807"),
];

/// Links that are no issue of a connection's.
const NOT_LINKS: &[&str] = &[
    "https://redmine.example.com/issues",
    "https://redmine.example.com/issues/new",
    "https://redmine.example.com/issues/0",
    "https://redmine.example.com/issues/012",
    "https://redmine.example.com/issues/12x",
    "https://redmine.example.com/projects/alpha/issues/123",
    "https://redmine.example.com/projects/alpha",
    "https://redmine.example.com/news/5",
    "https://tools.example.com:8443/issues/123",
    "https://tools.example.com/redmine/issues/123",
    "https://other.example.com/issues/123",
    "https://redmine.example.com.evil.example/issues/123",
    "https://evil.example/?u=https://redmine.example.com/issues/123",
    "ftp://redmine.example.com/issues/123",
];

/// Bare ids, and what they mean; `!` a note.
const IDS: &[(&str, &str)] = &[("123", "123"), ("#123", "123"), ("#123-4", "123 !4"), ("#123#note-4", "123 !4")];

/// What is no id of Redmine's.
const NOT_IDS: &[&str] =
    &["", "#0", "0", "#012", "#-5", "12x", "PROJ-5", "a/b#5", "#12 and more", "1.5", "99999999999999999999"];

#[test]
fn every_shape_of_a_link_means_its_issue() {
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
fn a_bare_number_means_an_issue_only_where_the_connection_is_the_default() {
    let found = |text: &str| -> Vec<String> {
        let found = Detector::new(&manifest().detect).id(text, None);
        let note = |note: Option<String>| note.map_or_else(String::new, |note| format!(" !{note}"));
        found
            .into_iter()
            .map(|found| {
                assert_eq!(found.needs, Needs::Default, "{text}");
                format!("{}{}", found.key, note(found.note))
            })
            .collect()
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
    let addresses = CONNECTIONS.iter().flat_map(|base| base_url.addresses(&parse(base).unwrap()));
    let found = Detector::new(&manifest.detect).url(&parse(text)?, &addresses.collect::<Vec<_>>())?;
    let note = found.note.map_or_else(String::new, |note| format!(" !{note}"));
    Some(format!("{}{note}", found.key))
}
