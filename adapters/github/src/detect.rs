//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::testkit::{
    Detection, Meaning,
    manifest::{MarkerPlace, Operation},
};

/// The connections that the tests pretend to have: an Enterprise Server at the root, and one with port and path.
const ENTERPRISE: &[&str] = &["https://git.example.com/api/v3", "https://tools.example.com:8443/git/api/v3"];

/// Links, and what they mean.
const LINKS: &[Meaning<'_>] = &[
    ("https://github.com/rust-lang/rust/issues/1", "rust-lang/rust#1"),
    ("https://www.github.com/rust-lang/rust/pull/2/files#diff-abc", "rust-lang/rust#2"),
    ("https://github.com/o/r/issues/42#issuecomment-1", "o/r#42, note 1"),
    ("https://github.com/o/r/pull/42#issuecomment-4294967296", "o/r#42, note 4294967296"),
    ("https://github.com/o/r/pull/42/commits/3f0e", "o/r#42"),
    ("https://github.com/o/r/pull/42#discussion_r77", "o/r#42"),
    ("https://github.com/o/r/issues/42?notification_referrer_id=NT_k&a=b", "o/r#42"),
    ("https://github.com/o/r/issues/42/", "o/r#42"),
    ("HTTP://GitHub.COM./o/r/issues/42", "o/r#42"),
    ("https://github.com:443/o/r/issues/42", "o/r#42"),
    ("<https://github.com/o/r/issues/42>.", "o/r#42"),
    ("https://github.com/Some-Owner/My.Repo_x-1/issues/9007199254740993", "Some-Owner/My.Repo_x-1#9007199254740993"),
    ("https://github.com/%6f/r/issues/42", "o/r#42"),
    ("https://github.com/user_acme/r/issues/1", "user_acme/r#1"),
    ("https://github.com/orgs/acme/projects/1?pane=issue&itemId=99&issue=acme%7Capp%7C5", "acme/app#5"),
    ("https://github.com/users/mara/projects/9/views/1?pane=issue&itemId=1&issue=mara%7Capp%7C5", "mara/app#5"),
    ("https://api.github.com/repos/acme/app/issues/5", "acme/app#5"),
    ("https://api.github.com/repos/acme/app/issues/5/comments", "acme/app#5"),
    ("https://acme.ghe.com/o/r/issues/5", "o/r#5"),
    ("https://api.acme.ghe.com/repos/o/r/issues/5", "o/r#5"),
    ("https://git.example.com/acme/app/issues/5#issuecomment-1", "acme/app#5, note 1"),
    ("https://git.example.com/api/v3/repos/acme/app/issues/5", "acme/app#5"),
    ("https://tools.example.com:8443/git/acme/app/pull/5", "acme/app#5"),
    ("https://tools.example.com:8443/git/api/v3/repos/acme/app/issues/5", "acme/app#5"),
];

/// Links that are no ticket of GitHub's.
const NOT_LINKS: &[&str] = &[
    "https://github.com/acme/app/issues?q=is%3Aissue+5",
    "https://github.com/acme/app/issues",
    "https://github.com/acme/app/issues/new",
    "https://github.com/acme/app/issues/0",
    "https://github.com/acme/app/issues/05",
    "https://github.com/acme/app/issues/5x",
    "https://github.com/acme/app/milestone/3",
    "https://github.com/acme/app/discussions/5",
    "https://github.com/acme/app/commit/5",
    "https://github.com/acme/issues/5",
    "https://github.com/acme/app/sub/issues/5",
    "https://gist.github.com/acme/app/issues/5",
    "https://raw.github.com/acme/app/issues/5",
    "https://notgithub.com/acme/app/issues/5",
    "https://github.com.evil.example/acme/app/issues/5",
    "https://github.community/acme/app/issues/5",
    "https://evil.example/?u=https://github.com/acme/app/issues/5",
    "https://evil.example/github.com/acme/app/issues/5",
    "https://github.com:8443/acme/app/issues/5",
    "https://ghe.com/acme/app/issues/5",
    "https://a.b.ghe.com/acme/app/issues/5",
    "https://xghe.com/acme/app/issues/5",
    "https://tools.example.com/git/acme/app/pull/5",
    "https://tools.example.com:8443/acme/app/pull/5",
    "https://other.example.com/acme/app/issues/5",
    "https://github.com/o%2Fr/issues/1",
    "https://github.com/o/r/issues%2F1/x",
    "https://github.com/o/r%2Fissues%2F1",
    "https://github.com/o/%2e%2e/issues/1",
    "https://github.com/o/r/issues/%31%00",
    "https://github.com/-o/r/issues/1",
    "https://github.com/o-/r/issues/1",
    "https://github.com/o/r/Issues/1",
    "ftp://github.com/o/r/issues/1",
];

/// Bare ids, and what they mean with the default repository `a/b`.
const IDS: &[Meaning<'_>] = &[
    ("rust-lang/rust#1", "rust-lang/rust#1"),
    ("acme/my.app_x-1#5", "acme/my.app_x-1#5"),
    ("acme/app/issues/5", "acme/app#5"),
    ("acme/app/pull/5", "acme/app#5"),
    ("#5", "a/b#5, needs default-project"),
    ("GH-5", "a/b#5, needs default-project"),
    ("5", "a/b#5, needs default-project"),
];

/// What is no id of GitHub's.
const NOT_IDS: &[&str] = &[
    "",
    "#0",
    "#05",
    "#-5",
    "5x",
    "a#5",
    "a/b",
    "a/b#",
    "a/b#0",
    "a/b/c#5",
    "-a/b#5",
    "a b/c#5",
    "a/b#5 and more",
    "PROJ-5",
    "a/b/discussions/5",
    "../b#5",
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
    let absent = [Operation::Download, Operation::Attach];
    for operation in Operation::ALL {
        assert_eq!(manifest.supports(*operation), !absent.contains(operation), "{operation:?}");
    }
    assert!(!manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Body, MarkerPlace::Body));
}

#[test]
fn variables_of_githubs_own_tools_make_a_connection() {
    let variables = |set: &'static [(&str, &str)]| {
        move |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let found = |set: &'static [(&str, &str)]| {
        detection().manifest().environment.iter().find_map(|made| {
            let token = made.auth["token"].resolve(variables(set))?;
            let base_url = match &made.base_url {
                Some(base_url) => Some(base_url.resolve(variables(set))?),
                None => None,
            };
            Some((token, base_url))
        })
    };
    assert_eq!(found(&[("GITHUB_TOKEN", "a")]), Some(("a".to_owned(), None)));
    assert_eq!(found(&[("GITHUB_TOKEN", "a"), ("GH_TOKEN", "b")]), Some(("b".to_owned(), None)));
    let enterprise = found(&[("GITHUB_TOKEN", "a"), ("GH_HOST", "git.example.com"), ("GH_ENTERPRISE_TOKEN", "c")]);
    assert_eq!(enterprise, Some(("c".to_owned(), Some("https://git.example.com/api/v3".to_owned()))));
    assert_eq!(found(&[("GH_HOST", "git.example.com")]), None);
}

fn detection() -> Detection {
    Detection::new(include_str!("../adapter.toml")).with_connections(ENTERPRISE).with_default_project("a/b")
}
