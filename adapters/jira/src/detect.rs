//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::{
    Detection, Meaning,
    manifest::{MarkerPlace, Operation},
};

/// The connections that the tests pretend to have: a Data Center with a port and a context path, and a site of Cloud.
const CONNECTIONS: &[&str] = &["https://tracker.example.com:8443/jira", "https://acme.atlassian.net"];

/// Links, and what they mean.
const LINKS: &[Meaning<'_>] = &[
    ("https://acme.atlassian.net/browse/OPS-7", "OPS-7"),
    ("https://acme.atlassian.net/browse/ops-7/", "OPS-7"),
    ("https://acme.atlassian.net/jira/software/c/projects/OPS/boards/3?selectedIssue=OPS-7", "OPS-7"),
    ("https://acme.atlassian.net/jira/software/projects/OPS/boards/1?selectedIssue=OPS-7", "OPS-7"),
    ("https://issues.example.org/jira/projects/OPS/issues/OPS-7?filter=allopenissues", "OPS-7"),
    ("https://acme.atlassian.net/servicedesk/customer/portal/4/HELP-31", "HELP-31"),
    ("https://acme.atlassian.net/jira/servicedesk/projects/HELP/queues/custom/1/HELP-31", "HELP-31"),
    ("https://acme.atlassian.net/rest/api/3/issue/10002", "10002, native"),
    ("https://acme.atlassian.net/rest/api/3/issue/OPS-7/comment", "OPS-7"),
    ("https://acme.atlassian.net/issues/OPS-7", "OPS-7"),
    (
        "https://stayntouch.atlassian.net/browse/CICO-21898?focusedCommentId=58632&page=com.atlassian.jira.plugin.system.issuetabpanels:comment-tabpanel#comment-58632",
        "CICO-21898, note 58632",
    ),
    ("https://tracker.example.com:8443/jira/secure/RapidBoard.jspa?rapidView=1&selectedIssue=PROJ-7", "PROJ-7"),
    ("https://tracker.example.com:8443/jira/browse/MY_PROJ-7", "MY_PROJ-7"),
    ("https://other.example.org/jira/secure/RapidBoard.jspa?rapidView=1&selectedIssue=PROJ-7", "PROJ-7"),
    ("https://jira.example.org/browse/A1-9007199254740993", "A1-9007199254740993"),
    ("HTTP://ACME.Atlassian.net./browse/OPS-7", "OPS-7"),
    ("<https://acme.atlassian.net/browse/OPS-7>.", "OPS-7"),
    ("https://acme.atlassian.net:443/browse/OPS-7", "OPS-7"),
    ("https://acme.atlassian.net/browse/%4FPS-7", "OPS-7"),
    // The shape of Jira's on an unknown host: recognised, and no connection's.
    ("https://atlassian.net.evil.example/browse/A1-1", "A1-1"),
];

/// Links that are no issue of Jira's.
const NOT_LINKS: &[&str] = &[
    "https://acme.atlassian.net/browse/OPS",
    "https://acme.atlassian.net/wiki/spaces/OPS/pages/7",
    "https://acme.atlassian.net/browse/OPS-0",
    "https://acme.atlassian.net/browse/OPS-07",
    "https://acme.atlassian.net/browse/OPS-7-fix-login",
    "https://acme.atlassian.net/browse/OPS%2F7",
    "https://acme.atlassian.net/browse/OPS-7%2Fx",
    "https://acme.atlassian.net/browse/-7",
    "https://acme.atlassian.net/browse/1A-7",
    "https://acme.atlassian.net/browse/OPS-12345678901234567890",
    "https://user@acme.atlassian.net/browse/OPS-7",
    "https://acme.atlassian.net@evil.example/browse/OPS-7",
    "https://evil.example/?u=https://acme.atlassian.net/browse/OPS-7",
    "https://github.com/acme/app/issues/5",
    "https://linear.app/acme/issue/ENG-12/fix-login",
    "https://gitlab.example.com/group/project/issues/OPS-7/x",
    "https://acme.atlassian.net/jira/software/c/projects/OPS/boards/3",
    "https://acme.atlassian.net/rest/api/3/issue/0",
    "ftp://acme.atlassian.net/browse/OPS-7",
];

/// Bare ids, and what they mean; each needs a project that a connection knows.
const IDS: &[Meaning<'_>] = &[
    ("OPS-7", "OPS-7, needs project"),
    ("ops-7", "OPS-7, needs project"),
    ("A1_B-19", "A1_B-19, needs project"),
    ("GH-42", "GH-42, needs project"),
];

/// What is no id of Jira's.
const NOT_IDS: &[&str] = &[
    "",
    "OPS",
    "OPS-",
    "OPS-0",
    "OPS-07",
    "7",
    "#7",
    "O-7",
    "1A-7",
    "OPS-7-fix-login",
    "fix OPS-7",
    "CVE-2024-1234",
    "a/b#7",
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
fn the_manifest_offers_everything_there_is() {
    let detection = detection();
    let manifest = detection.manifest();
    for operation in Operation::ALL {
        assert!(manifest.supports(*operation), "{operation:?}");
    }
    assert!(manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Field, MarkerPlace::Field));
}

#[test]
fn variables_of_others_tools_make_a_connection() {
    let variables = |set: &'static [(&str, &str)]| {
        move |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let found = |set: &'static [(&str, &str)]| {
        detection().manifest().environment.iter().find_map(|made| {
            let base_url = made.base_url.as_ref()?.resolve(variables(set))?;
            let all: Option<Vec<String>> = made.auth.values().map(|from| from.resolve(variables(set))).collect();
            Some((base_url, all?))
        })
    };
    let site = "https://acme.atlassian.net";
    let basic =
        found(&[("JIRA_URL", "https://acme.atlassian.net"), ("JIRA_USERNAME", "m@x.example"), ("JIRA_API_TOKEN", "t")]);
    assert_eq!(basic, Some((site.to_owned(), vec!["m@x.example".to_owned(), "t".to_owned()])));
    let personal = found(&[("JIRA_URL", "https://acme.atlassian.net"), ("JIRA_PERSONAL_TOKEN", "p")]);
    assert_eq!(personal, Some((site.to_owned(), vec!["p".to_owned()])));
    assert_eq!(found(&[("JIRA_API_TOKEN", "t"), ("JIRA_USERNAME", "m")]), None);
}

fn detection() -> Detection {
    Detection::new(include_str!("../adapter.toml")).with_connections(CONNECTIONS).with_default_project("OPS")
}
