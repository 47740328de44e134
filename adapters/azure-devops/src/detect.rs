//! Tests of the tables in `adapter.toml`: links and ids.

use usher_adapter_sdk::{
    model::TicketKey,
    testkit::{
        Detection, Meaning,
        manifest::{MarkerPlace, Operation},
    },
};

/// The connections that the tests pretend to have: a Server with port and path, and an organisation at its old address.
const OWN: &[&str] = &["https://tfs.example.com:8080/tfs", "https://dev.azure.com"];

/// Links, and what they mean.
const LINKS: &[Meaning<'_>] = &[
    ("https://dev.azure.com/acme/My%20Project/_workitems/edit/42/", "acme/My Project#42"),
    ("https://dev.azure.com/acme/Web/_workitems/edit/42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_WorkItems/Edit/42", "acme/Web#42"),
    ("HTTP://Dev.Azure.com./acme/Web/_workitems/edit/42?a=b#x", "acme/Web#42"),
    ("<https://dev.azure.com/acme/Web/_workitems/edit/42>.", "acme/Web#42"),
    ("https://dev.azure.com/acme/%C3%9Cbersicht/_workitems/edit/42", "acme/Übersicht#42"),
    ("https://acme.visualstudio.com/DefaultCollection/Web/_workitems/edit/42", "acme/Web#42"),
    ("https://acme.visualstudio.com/Web/_workitems/edit/42", "acme/Web#42"),
    ("https://acme.visualstudio.com/Web/_workitems?id=42&_a=edit&fullScreen=true", "acme/Web#42"),
    ("https://acme.visualstudio.com/DefaultCollection/Web/_workitems?id=42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_workitems?id=42&_a=edit", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_workitems/?_a=edit&id=42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_boards/board/t/Web%20Team/Stories/?workitem=42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_backlogs/backlog/Web%20Team/Epics/?workitem=42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_sprints/taskboard/Web%20Team/Web/Sprint%201?workitem=42", "acme/Web#42"),
    ("https://acme.visualstudio.com/Web/_backlogs/backlog/Team/Epics/?workitem=42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_workitems/edit/42/?workitem=7", "acme/Web#42"),
    (
        "https://msazure.visualstudio.com/Cognitive%20Services/_workitems/edit/8775003/?workitem=8972164",
        "msazure/Cognitive Services#8775003",
    ),
    (
        "https://dev.azure.com/IngEurCDaaS01/IngOne/_boards/board/t/T01894-RiskandPricingAdvancedAna/Stories/?workitem=73554",
        "IngEurCDaaS01/IngOne#73554",
    ),
    (
        "https://tfs.example.com:8080/tfs/DefaultCollection/My%20Project/_workitems/edit/42",
        "DefaultCollection/My Project#42",
    ),
    ("https://tfs.example.com:8080/tfs/DefaultCollection/Web/_workitems?id=42", "DefaultCollection/Web#42"),
    ("https://dev.azure.com/acme/Web/_apis/wit/workItems/42", "acme/Web#42"),
    ("https://dev.azure.com/acme/Web/_apis/wit/workitems/42/comments?api-version=7.1-preview.4", "acme/Web#42"),
    ("https://dev.azure.com/acme/_apis/wit/workItems/42", "acme#42, native"),
    ("https://dev.azure.com/acme/_workitems/edit/42", "acme#42, native"),
    ("https://acme.visualstudio.com/_apis/wit/workItems/42", "acme#42, native"),
    ("https://acme.visualstudio.com/_workitems/edit/42", "acme#42, native"),
    ("https://acme.visualstudio.com/DefaultCollection/_workitems/edit/42", "acme#42, native"),
    ("https://acme.visualstudio.com/defaultcollection/_workitems/edit/42/", "acme#42, native"),
    ("https://acme.visualstudio.com/DefaultCollection/_workitems?id=42&_a=edit", "acme#42, native"),
    ("https://acme.visualstudio.com/DefaultCollection/_apis/wit/workItems/42", "acme#42, native"),
    ("https://acme.visualstudio.com/_workitems?id=42", "acme#42, native"),
    ("https://dev.azure.com/acme/_workitems?id=42", "acme#42, native"),
    ("https://tfs.example.com:8080/tfs/DefaultCollection/_workitems/edit/42", "DefaultCollection#42, native"),
    ("https://tfs.example.com:8080/tfs/DefaultCollection/_workitems?id=42", "DefaultCollection#42, native"),
    ("vstfs:///WorkItemTracking/WorkItem/42", "42, native, needs default"),
    ("vstfs:///WorkItemTracking/WorkItem/42?url=https://dev.azure.com/acme", "42, native, needs default"),
];

/// Links that are no work item.
const NOT_LINKS: &[&str] = &[
    "https://dev.azure.com/acme/Web/_git/web/pullrequest/42",
    "https://dev.azure.com/acme/Web/_git/web/pullrequest/42?workitem=7",
    "https://dev.azure.com/acme/Web/_build/results?buildId=42",
    "https://dev.azure.com/acme/Web/_wiki/wikis/web.wiki/42",
    "https://dev.azure.com/acme/Web/_queries/query/6b2266bf-a155-4582-a475-ca4da68193ef",
    "https://dev.azure.com/acme/Web/_workitems/recentlyupdated",
    "https://dev.azure.com/acme/Web/_workitems/edit/0",
    "https://dev.azure.com/acme/Web/_workitems/edit/042",
    "https://dev.azure.com/acme/Web/_workitems/edit/42x",
    "https://dev.azure.com/acme/Web",
    "https://dev.azure.com/acme/%2e%2e%2fx/_workitems/edit/1",
    "https://dev.azure.com/acme/a%2Fb/_workitems/edit/1",
    "https://user:pass@dev.azure.com/acme/Web/_workitems/edit/42",
    "https://dev.azure.com@evil.example/acme/Web/_workitems/edit/42",
    "https://dev.azure.com.evil.example/acme/Web/_workitems/edit/42",
    "https://xdev.azure.com/acme/Web/_workitems/edit/42",
    "https://dev.azure.com:8443/acme/Web/_workitems/edit/42",
    "https://visualstudio.com/Web/_workitems/edit/42",
    "https://a.b.visualstudio.com/Web/_workitems/edit/42",
    "https://evil.example/?u=https://dev.azure.com/acme/Web/_workitems/edit/42",
    "https://tfs.example.com/tfs/DefaultCollection/Web/_workitems/edit/42",
    "ftp://dev.azure.com/acme/Web/_workitems/edit/42",
    "vstfs:///Git/PullRequestId/x%2F42",
];

/// Bare ids, and what they mean with the default project `acme/Web`.
const IDS: &[Meaning<'_>] = &[
    ("acme/My Project#42", "acme/My Project#42, needs connection"),
    ("acme/my.app_x-1#5", "acme/my.app_x-1#5, needs connection"),
    ("acme#42", "acme#42, native, needs connection"),
    ("AB#42", "acme/Web#42, needs default-project"),
    ("#42", "acme/Web#42, needs default-project"),
    ("42", "acme/Web#42, needs default-project"),
];

/// What is no id of Azure DevOps'.
const NOT_IDS: &[&str] = &[
    "",
    "#0",
    "AB#0",
    "ab#042",
    "AB#-5",
    "5x",
    "acme/Web",
    "acme/Web#",
    "acme/Web#0",
    "acme/a/b#5",
    "-acme/b#5",
    "PROJ-5",
    "acme/Web#5 and more",
];

#[test]
fn every_shape_of_a_link_means_its_work_item() {
    detection().assert_meanings(LINKS);
}

#[test]
fn other_pages_and_look_alikes_mean_nothing() {
    detection().assert_nothing(NOT_LINKS);
}

#[test]
fn every_short_form_means_its_work_item_and_nothing_else_does() {
    detection().assert_meanings(IDS);
    detection().assert_nothing(NOT_IDS);
}

#[test]
fn whatever_is_detected_is_a_key_of_its_organisation() {
    let organization = |key: &TicketKey| key.as_str().split(['/', '#']).next().unwrap_or_default().to_owned();
    for table in [LINKS, IDS] {
        detection().assert_keys(table, |key| crate::key::Key::parse(&organization(key), key).map(drop));
    }
}

#[test]
fn the_manifest_offers_every_operation_and_promises_no_internal_notes() {
    let detection = detection();
    let manifest = detection.manifest();
    for operation in Operation::ALL {
        assert!(manifest.supports(*operation), "{operation:?}");
    }
    assert!(!manifest.notes.internal && manifest.notes.public);
    assert_eq!((manifest.markers.ticket, manifest.markers.note), (MarkerPlace::Body, MarkerPlace::Body));
}

#[test]
fn the_versions_of_the_manifest_are_those_of_the_code() {
    let detection = detection();
    let manifest = detection.manifest();
    let text = serde_json::to_string(&manifest).unwrap();
    for version in crate::request::VERSIONS {
        assert!(text.contains(&format!("\"{}\"", version.number)), "{}", version.number);
    }
}

#[test]
fn a_fault_is_no_limit_unless_it_says_so() {
    let detection = detection();
    let manifest = detection.manifest();
    let busy: Vec<_> =
        manifest.limits.iter().flat_map(|limit| &limit.exceeded).filter(|it| it.status.contains(&503)).collect();
    assert_eq!(busy.len(), 2);
    for sign in busy {
        assert_eq!(sign.status, [503], "{sign:?}");
        let asks_to_wait = sign.header.keys().any(|name| name.eq_ignore_ascii_case("retry-after"));
        assert!(
            asks_to_wait || sign.code.as_ref().is_some_and(|code| code.equals == ["RequestBlockedException"]),
            "{sign:?}"
        );
    }
}

fn detection() -> Detection {
    Detection::new(include_str!("../adapter.toml")).with_connections(OWN).with_default_project("acme/Web")
}
