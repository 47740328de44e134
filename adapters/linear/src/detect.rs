//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, MarkerPlace, Needs, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

/// Links, and the keys they mean; `!` a note.
const LINKS: &[(&str, &str)] = &[
    ("https://linear.app/acme/issue/ENG-12/fix-login", "ENG-12"),
    ("https://linear.app/acme/issue/eng-12", "ENG-12"),
    ("https://linear.app/issue/ENG-12", "ENG-12"),
    ("https://linear.app/acme/issue/ENG-12/fix-sha-256-check#comment-272b238c", "ENG-12 !272b238c"),
    ("https://linear.app/linear-mcp-go-test/issue/TEST-10/updated-test-issue#comment-272b238c", "TEST-10 !272b238c"),
    ("https://linear.app/acme/issue/ENG-12?noRedirect=1", "ENG-12"),
    ("https://linear.app/issue/PRJ-123", "PRJ-123"),
    ("https://linear.app/acme/issue/ENG-12/", "ENG-12"),
    ("<https://linear.app/acme/issue/ENG-12/fix-login>.", "ENG-12"),
    ("HTTP://Linear.APP./acme/issue/ENG-12", "ENG-12"),
    ("https://linear.app:443/acme/issue/ENG-12", "ENG-12"),
    ("https://www.linear.app/acme/issue/ENG-12", "ENG-12"),
    ("https://linear.app/acme/issue/%45NG-12", "ENG-12"),
    ("https://linear.app/acme/issue/E2E-9007199254740993", "E2E-9007199254740993"),
    ("https://linear.app/acme/issue/ENG-12#activity", "ENG-12"),
    ("linear://acme/issue/ENG-12", "ENG-12"),
    ("linear://acme/issue/eng-12/fix-login", "ENG-12"),
];

/// Links that are no ticket of Linear's.
const NOT_LINKS: &[&str] = &[
    "https://linear.app/acme/team/ENG/active",
    "https://linear.app/acme/project/login-1a2b3c4d5e6f",
    "https://linear.app/acme/view/ENG-12",
    "https://linear.app/acme/document/eng-12-plan",
    "https://linear.app/acme/settings/ENG-12",
    "https://linear.app/acme/ENG-12",
    "https://linear.app/acme/issue",
    "https://linear.app/acme/issue/new",
    "https://linear.app/acme/issue/ENG-0",
    "https://linear.app/acme/issue/ENG-012",
    "https://linear.app/acme/issue/ENG-12x",
    "https://linear.app/acme/issue/ENGINEER-12",
    "https://linear.app/acme/issue/ENG-123456789012345678901234567890",
    "https://linear.app/acme/issue/2ENG-12",
    "https://linear.app/acme/issues/ENG-12",
    "https://linear.app/acme/Issue/ENG-12",
    "https://linear.app/acme%2Fissue%2FENG-12",
    "https://linear.app/a%2Fb/issue/ENG-12",
    "https://linear.app/acme/issue/ENG-12%00",
    "https://linear.app@evil.example/acme/issue/ENG-12",
    "https://linear.app.evil.example/acme/issue/ENG-12",
    "https://xlinear.app/acme/issue/ENG-12",
    "https://evil.example/?u=https://linear.app/acme/issue/ENG-12",
    "https://evil.example/linear.app/acme/issue/ENG-12",
    "https://linear.app:8443/acme/issue/ENG-12",
    "https://api.linear.app/acme/issue/ENG-12",
    "https://uploads.linear.app/acme/issue/ENG-12",
    "ftp://linear.app/acme/issue/ENG-12",
    "linear://acme/project/ENG-12",
];

/// Bare ids, and what they mean; `~` is a native id.
const IDS: &[(&str, &str)] = &[
    ("ENG-12", "ENG-12"),
    ("eng-12", "ENG-12"),
    ("E2E-7", "E2E-7"),
    ("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11", "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11 ~"),
    ("9E2A6A52-3A3B-4A53-9D8A-0C8C6D2F1B11", "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11 ~"),
];

/// What is no id of Linear's.
const NOT_IDS: &[&str] = &[
    "",
    "ENG",
    "ENG-0",
    "ENG-012",
    "ENG-12-fix-login",
    "mara/eng-12-fix-login",
    "ENGINEER-12",
    "CVE-2024-1234",
    "#12",
    "12",
    "ENG-12 and more",
    "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b1",
    "9e2a6a523a3b4a539d8a0c8c6d2f1b11",
    "acme/app#5",
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
fn every_short_form_means_its_ticket_and_nothing_else_does() {
    let found = |text: &str| -> Vec<String> {
        let found = Detector::new(&manifest().detect).id(text, None);
        let mark = |is_native| if is_native { " ~" } else { "" };
        found.into_iter().map(|found| format!("{}{}", found.key, mark(found.native))).collect()
    };
    for (text, expected) in IDS {
        assert_eq!(found(text), [*expected], "{text}");
    }
    for text in NOT_IDS {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn a_key_needs_a_connection_that_has_its_team() {
    let needs = |text: &str| Detector::new(&manifest().detect).id(text, None).remove(0).needs;
    assert_eq!(needs("ENG-12"), Needs::Project);
    assert_eq!(needs("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11"), Needs::Connection);
}

#[test]
fn whatever_is_detected_is_a_key() {
    for (text, expected) in LINKS.iter().chain(IDS) {
        let key = expected.split(' ').next().unwrap_or_default();
        assert!(crate::key::Key::parse(&key.into()).is_ok(), "{text}");
    }
}

#[test]
fn the_manifest_offers_what_there_is_and_promises_no_internal_notes() {
    let manifest = manifest();
    for operation in Operation::ALL {
        assert_eq!(manifest.supports(*operation), *operation != Operation::Attach, "{operation:?}");
    }
    assert!(!manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Id, MarkerPlace::Id));
}

#[test]
fn the_variable_of_linears_own_tools_makes_a_connection() {
    let manifest = manifest();
    let made = &manifest.environment[0];
    let key = made.auth["key"].resolve(|name: &str| (name == "LINEAR_API_KEY").then(|| "lin_api_x".to_owned()));
    assert_eq!(key.as_deref(), Some("lin_api_x"));
    assert_eq!(made.auth["key"].resolve(|_: &str| None::<String>), None);
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
