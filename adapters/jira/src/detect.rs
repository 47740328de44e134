//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::manifest::{
    Manifest, MarkerPlace, Needs, Operation,
    detect::Detector,
    reference::{Input, parse_reference},
};

/// The connections that the tests pretend to have: a Data Center with a port and a context path, and a site of Cloud.
const CONNECTIONS: &[&str] = &["https://tracker.example.com:8443/jira", "https://acme.atlassian.net"];

/// Links, and the keys they mean; `!` a note, `#` a native id.
const LINKS: &[(&str, &str)] = &[
    ("https://acme.atlassian.net/browse/OPS-7", "OPS-7"),
    ("https://acme.atlassian.net/browse/ops-7/", "OPS-7"),
    ("https://acme.atlassian.net/jira/software/c/projects/OPS/boards/3?selectedIssue=OPS-7", "OPS-7"),
    ("https://acme.atlassian.net/jira/software/projects/OPS/boards/1?selectedIssue=OPS-7", "OPS-7"),
    ("https://issues.example.org/jira/projects/OPS/issues/OPS-7?filter=allopenissues", "OPS-7"),
    ("https://acme.atlassian.net/servicedesk/customer/portal/4/HELP-31", "HELP-31"),
    ("https://acme.atlassian.net/jira/servicedesk/projects/HELP/queues/custom/1/HELP-31", "HELP-31"),
    ("https://acme.atlassian.net/rest/api/3/issue/10002", "10002 #"),
    ("https://acme.atlassian.net/rest/api/3/issue/OPS-7/comment", "OPS-7"),
    ("https://acme.atlassian.net/issues/OPS-7", "OPS-7"),
    (
        "https://stayntouch.atlassian.net/browse/CICO-21898?focusedCommentId=58632&page=com.atlassian.jira.plugin.system.issuetabpanels:comment-tabpanel#comment-58632",
        "CICO-21898 !58632",
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
const IDS: &[(&str, &str)] = &[("OPS-7", "OPS-7"), ("ops-7", "OPS-7"), ("A1_B-19", "A1_B-19"), ("GH-42", "GH-42")];

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
    let found = |text: &str| Detector::new(&manifest().detect).id(text, Some("OPS"));
    for (text, expected) in IDS {
        let found = found(text);
        assert_eq!(
            found.iter().map(|found| (&*found.key, found.needs)).collect::<Vec<_>>(),
            [(*expected, Needs::Project)]
        );
    }
    for text in NOT_IDS {
        assert!(found(text).is_empty(), "{text}");
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
fn the_manifest_offers_everything_there_is() {
    let manifest = manifest();
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
        manifest().environment.iter().find_map(|made| {
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
    let native = if found.native { " #" } else { "" };
    Some(format!("{}{note}{native}", found.key))
}
