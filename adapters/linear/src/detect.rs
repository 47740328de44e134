//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::{
    Detection, Meaning,
    manifest::{MarkerPlace, Operation},
};

/// Links, and what they mean.
const LINKS: &[Meaning<'_>] = &[
    ("https://linear.app/acme/issue/ENG-12/fix-login", "ENG-12"),
    ("https://linear.app/acme/issue/eng-12", "ENG-12"),
    ("https://linear.app/issue/ENG-12", "ENG-12"),
    ("https://linear.app/acme/issue/ENG-12/fix-sha-256-check#comment-272b238c", "ENG-12, note 272b238c"),
    (
        "https://linear.app/linear-mcp-go-test/issue/TEST-10/updated-test-issue#comment-272b238c",
        "TEST-10, note 272b238c",
    ),
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

/// Bare ids, and what they mean: a key needs a connection that has its team.
const IDS: &[Meaning<'_>] = &[
    ("ENG-12", "ENG-12, needs project"),
    ("eng-12", "ENG-12, needs project"),
    ("E2E-7", "E2E-7, needs project"),
    ("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11", "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11, native, needs connection"),
    ("9E2A6A52-3A3B-4A53-9D8A-0C8C6D2F1B11", "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11, native, needs connection"),
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
    detection().assert_meanings(LINKS);
}

#[test]
fn other_pages_and_look_alikes_mean_nothing() {
    detection().assert_nothing(NOT_LINKS);
}

#[test]
fn every_short_form_means_its_ticket_and_nothing_else_does() {
    detection().assert_meanings(IDS);
    detection().assert_nothing(NOT_IDS);
}

#[test]
fn whatever_is_detected_is_a_key() {
    for table in [LINKS, IDS] {
        detection().assert_keys(table, |key| crate::key::Key::parse(key).map(drop));
    }
}

#[test]
fn the_manifest_offers_what_there_is_and_promises_no_internal_notes() {
    let detection = detection();
    let manifest = detection.manifest();
    for operation in Operation::ALL {
        assert_eq!(manifest.supports(*operation), *operation != Operation::Attach, "{operation:?}");
    }
    assert!(!manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Id, MarkerPlace::Id));
}

#[test]
fn the_variable_of_linears_own_tools_makes_a_connection() {
    let detection = detection();
    let manifest = detection.manifest();
    let made = &manifest.environment[0];
    let key = made.auth["key"].resolve(|name: &str| (name == "LINEAR_API_KEY").then(|| "lin_api_x".to_owned()));
    assert_eq!(key.as_deref(), Some("lin_api_x"));
    assert_eq!(made.auth["key"].resolve(|_: &str| None::<String>), None);
}

fn detection() -> Detection {
    Detection::new(include_str!("../adapter.toml"))
}
