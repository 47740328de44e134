//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, MarkerPlace, Needs, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

/// Links, and the keys they mean; `!` a note, `~` an id that is no canonical key.
const LINKS: &[(&str, &str)] = &[
    ("https://trello.com/c/5Lr2eHww/7-toy-adams", "5Lr2eHww"),
    ("https://trello.com/c/5Lr2eHww", "5Lr2eHww"),
    ("https://trello.com/c/5Lr2eHww/", "5Lr2eHww"),
    ("https://trello.com/c/5Lr2eHww.json", "5Lr2eHww"),
    ("https://www.trello.com/c/download/1-x", "download"),
    (
        "https://trello.com/c/5Lr2eHww/7-%C3%BCber#comment-5f0c0a0b0c0d0e0f01020304",
        "5Lr2eHww !5f0c0a0b0c0d0e0f01020304",
    ),
    ("https://trello.com/c/5Lr2eHww/7-ünïcode?filter=x", "5Lr2eHww"),
    ("HTTP://Trello.COM./c/5Lr2eHww", "5Lr2eHww"),
    ("<https://trello.com/c/5Lr2eHww>.", "5Lr2eHww"),
    ("https://trello.com/1/cards/5Lr2eHww", "5Lr2eHww"),
    ("https://api.trello.com/1/cards/5Lr2eHww?fields=name", "5Lr2eHww"),
    ("https://api.trello.com/1/cards/5Lr2eHww/actions", "5Lr2eHww"),
    ("https://api.trello.com/1/cards/4eea503d91e31d174600008f", "4eea503d91e31d174600008f ~"),
];

/// Links that are no card of Trello's.
const NOT_LINKS: &[&str] = &[
    "https://trello.com/b/0zx7ive1/it-1",
    "https://trello.com/w/acme1234",
    "https://trello.com/u/bobtestr/cards",
    "https://trello.com/c/5Lr2eHw",
    "https://trello.com/c/5Lr2eHww9",
    "https://trello.com/c/5Lr2%2FHww",
    "https://trello.com/x/c/5Lr2eHww",
    "https://trello.com/C/5Lr2eHww",
    "https://api.trello.com/1/boards/5Lr2eHww",
    "https://trello.com.evil.example/c/5Lr2eHww",
    "https://trello.com@evil.example/c/5Lr2eHww",
    "https://nottrello.com/c/5Lr2eHww",
    "https://evil.example/?u=https://trello.com/c/5Lr2eHww",
    "https://trello.com:8443/c/5Lr2eHww",
    "ftp://trello.com/c/5Lr2eHww",
];

/// Bare ids, and what they mean: `?` with a default alone, `!` with a connection alone.
const IDS: &[(&str, &[&str])] = &[
    ("5Lr2eHww", &["5Lr2eHww", "5Lr2eHww ?"]),
    ("dJlCqCPB", &["dJlCqCPB", "dJlCqCPB ?"]),
    ("download", &["download ?"]),
    ("Download", &["Download ?"]),
    ("12345678", &["12345678 ?"]),
    ("4eea503d91e31d174600008f", &["4eea503d91e31d174600008f ~"]),
    ("0zx7ive1#7", &["0zx7ive1#7 ~ !"]),
];

/// What is no id of Trello's.
const NOT_IDS: &[&str] = &[
    "",
    "5Lr2eHw",
    "5Lr2eHww9",
    "5Lr2-Hww",
    "4EEA503D91E31D174600008F",
    "4eea503d91e31d174600008",
    "0zx7ive1#0",
    "0zx7ive1#07",
    "board#7",
    "0zx7ive1#7 and more",
    "#7",
    "7",
    "PROJ-5",
];

#[test]
fn every_shape_of_a_link_means_its_card() {
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
fn every_short_form_means_its_card_and_nothing_else_does() {
    let found = |text: &str| -> Vec<String> {
        let found = Detector::new(&manifest().detect).id(text, Some("0zx7ive1"));
        let native = |is_native| if is_native { " ~" } else { "" };
        let mark = |needs| match needs {
            Needs::Default => " ?",
            Needs::Connection => " !",
            _ => "",
        };
        found.into_iter().map(|found| format!("{}{}{}", found.key, native(found.native), mark(found.needs))).collect()
    };
    for (text, expected) in IDS {
        assert_eq!(found(text), *expected, "{text}");
    }
    for text in NOT_IDS {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn whatever_is_detected_is_a_key() {
    let ids = IDS.iter().flat_map(|(_, keys)| keys.iter());
    for expected in LINKS.iter().map(|(_, key)| key).chain(ids) {
        let key = expected.split(' ').next().unwrap_or_default();
        assert!(crate::key::Key::parse(&key.into()).is_ok(), "{expected}");
    }
}

#[test]
fn the_manifest_offers_every_operation_and_promises_no_internal_notes() {
    let manifest = manifest();
    for operation in Operation::ALL {
        assert!(manifest.supports(*operation), "{operation:?}");
    }
    assert!(!manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Body, MarkerPlace::Body));
}

#[test]
fn no_scheme_puts_a_secret_into_an_address() {
    for scheme in &manifest().auth {
        assert!(scheme.query.is_empty(), "{scheme:?}");
    }
}

#[test]
fn variables_of_other_tools_make_a_connection() {
    let found = |set: &'static [(&str, &str)]| {
        let get = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let manifest = manifest();
        let auth = &manifest.environment[0].auth;
        auth["key"].resolve(get).zip(auth["token"].resolve(get))
    };
    let both = Some(("a".to_owned(), "b".to_owned()));
    assert_eq!(found(&[("TRELLO_API_KEY", "a"), ("TRELLO_TOKEN", "b")]), both);
    assert_eq!(found(&[("TRELLO_API_KEY", "a"), ("TRELLO_API_TOKEN", "b")]), both);
    assert_eq!(found(&[("TRELLO_API_KEY", "a")]), None);
}

fn manifest() -> Manifest {
    Manifest::parse(include_str!("../adapter.toml")).unwrap()
}

fn url(text: &str) -> Option<String> {
    let manifest = manifest();
    let Ok(Input::Url(url)) = parse_reference(text) else { return None };
    let found = Detector::new(&manifest.detect).url(&url, &[])?;
    let note = found.note.map_or_else(String::new, |note| format!(" !{note}"));
    Some(format!("{}{}{note}", found.key, if found.native { " ~" } else { "" }))
}
