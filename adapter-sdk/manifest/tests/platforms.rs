//! The nine platforms on paper: each manifest parses, and each example link and id means what it should.
#![cfg(feature = "detect")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use url::Url;
use usher_adapter_manifest::detect::{Detector, HostFit, Reference};
use usher_adapter_manifest::reference::{Input, InputError, parse_reference};
use usher_adapter_manifest::{Manifest, Needs};

const MANIFESTS: &[(&str, &str)] = &[
    ("azure-devops", include_str!("../../../adapters/azure-devops/adapter.toml")),
    ("github", include_str!("../../../adapters/github/adapter.toml")),
    ("jira", include_str!("../../../adapters/jira/adapter.toml")),
    ("linear", include_str!("../../../adapters/linear/adapter.toml")),
    ("monday", include_str!("../../../adapters/monday/adapter.toml")),
    ("redmine", include_str!("../../../adapters/redmine/adapter.toml")),
    ("request-tracker", include_str!("../../../examples/request-tracker/adapter.toml")),
    ("servicenow", include_str!("../../../adapters/servicenow/adapter.toml")),
    ("trello", include_str!("../../../adapters/trello/adapter.toml")),
];

/// Connections that the tests pretend to have.
const CONNECTIONS: &[(&str, &[&str])] = &[
    ("azure-devops", &["https://tfs.example.com/tfs"]),
    ("github", &["https://api.github.com", "https://git.example.com/api/v3"]),
    ("jira", &["https://issues.example.org/jira"]),
    ("redmine", &["https://redmine.example.com/redmine"]),
    ("request-tracker", &["https://rt.example.com/rt"]),
    ("servicenow", &["https://helpdesk.example.com"]),
];

/// Links, and what they are: platform, key, and marks. `~` is a native id, `@` any host, `/` a project, `!` a note.
const LINKS: &[(&str, &str)] = &[
    // Jira
    ("https://acme.atlassian.net/browse/OPS-7", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/browse/ops-7/", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/jira/software/c/projects/OPS/boards/3?selectedIssue=OPS-7", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/jira/software/projects/PROJ/boards/1?selectedIssue=PROJ-9", "jira PROJ-9 /PROJ"),
    ("https://acme.atlassian.net/jira/software/c/projects/OPS/issues/OPS-7", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/jira/software/c/projects/OPS/boards/3/OPS-7", "jira OPS-7 /OPS"),
    ("https://issues.example.org/jira/projects/OPS/issues/OPS-7?filter=allopenissues", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/servicedesk/customer/portal/4/HELP-31", "jira HELP-31 /HELP"),
    ("https://acme.atlassian.net/jira/servicedesk/projects/HELP/queues/custom/1/HELP-31", "jira HELP-31 /HELP"),
    ("https://acme.atlassian.net/issues/OPS-7", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/rest/api/3/issue/10002", "jira 10002 ~"),
    ("https://acme.atlassian.net/rest/api/3/issue/OPS-7", "jira OPS-7 /OPS"),
    ("https://acme.atlassian.net/browse/OPS", "-"),
    ("https://acme.atlassian.net/wiki/spaces/OPS/pages/7", "-"),
    ("https://acme.atlassian.net/browse/PROJ-0", "-"),
    ("https://acme.atlassian.net/browse/PROJ-007", "-"),
    ("https://acme.atlassian.net/browse/PROJ--7", "-"),
    ("https://acme.atlassian.net/browse/PROJ-123456789012345678901234567890", "-"),
    // Linear
    ("https://linear.app/acme/issue/ENG-12/fix-login", "linear ENG-12 /ENG"),
    ("https://linear.app/acme/issue/eng-12", "linear ENG-12 /ENG"),
    ("https://linear.app/issue/ENG-12", "linear ENG-12 /ENG"),
    ("https://linear.app/acme/issue/ENG-12/fix-sha-256-check#comment-272b238c", "linear ENG-12 /ENG !272b238c"),
    ("https://linear.app/acme/issue/ENG-12?noRedirect=1", "linear ENG-12 /ENG"),
    ("linear://acme/issue/ENG-12", "linear ENG-12 /ENG"),
    ("https://linear.app/acme/team/ENG/active", "-"),
    ("https://linear.app/acme/project/login-1a2b3c4d5e6f", "-"),
    // GitHub
    ("https://github.com/rust-lang/rust/issues/1", "github rust-lang/rust#1 /rust-lang/rust"),
    ("https://www.github.com/rust-lang/rust/pull/2/files#diff-abc", "github rust-lang/rust#2 /rust-lang/rust"),
    ("https://github.com/o/r/issues/42#issuecomment-1", "github o/r#42 /o/r !1"),
    (
        "https://github.com/orgs/acme/projects/1?pane=issue&itemId=99&issue=acme%7Capp%7C5",
        "github acme/app#5 /acme/app",
    ),
    ("https://api.github.com/repos/acme/app/issues/5", "github acme/app#5 /acme/app"),
    ("https://git.example.com/acme/app/issues/5#issuecomment-1", "github acme/app#5 /acme/app !1"),
    ("https://git.example.com/api/v3/repos/acme/app/issues/5", "github acme/app#5 /acme/app"),
    ("https://github.com/acme/app/issues?q=is%3Aissue+5", "-"),
    ("https://github.com/acme/app/issues/new", "-"),
    ("https://github.com/acme/app/milestone/3", "-"),
    ("https://github.com/acme/app/discussions/5", "-"),
    ("https://github.com/acme/app/issues/0", "-"),
    ("https://gist.github.com/acme/app/issues/5", "-"),
    // Azure DevOps
    ("https://dev.azure.com/acme/My%20Project/_workitems/edit/42/", "azure-devops acme/My Project#42 /acme/My Project"),
    ("https://acme.visualstudio.com/DefaultCollection/Web/_workitems/edit/42", "azure-devops acme/Web#42 /acme/Web"),
    (
        "https://dev.azure.com/acme/Web/_boards/board/t/Web%20Team/Stories/?workitem=42",
        "azure-devops acme/Web#42 /acme/Web",
    ),
    ("https://dev.azure.com/acme/Web/_backlogs/backlog/T/Epics/?workitem=42", "azure-devops acme/Web#42 /acme/Web"),
    (
        "https://acme.visualstudio.com/Web/_workitems?id=42&_a=edit&fullScreen=true",
        "azure-devops acme/Web#42 /acme/Web",
    ),
    ("https://dev.azure.com/acme/Web/_workitems/?_a=edit&id=42", "azure-devops acme/Web#42 /acme/Web"),
    ("https://dev.azure.com/acme/Web/_workitems/edit/42/?workitem=7", "azure-devops acme/Web#42 /acme/Web"),
    (
        "https://tfs.example.com/tfs/DefaultCollection/Web/_workitems/edit/42",
        "azure-devops DefaultCollection/Web#42 /DefaultCollection/Web",
    ),
    ("https://dev.azure.com/acme/_apis/wit/workItems/42", "azure-devops acme#42 ~"),
    ("https://dev.azure.com/acme/_workitems/edit/42", "azure-devops acme#42 ~"),
    ("https://dev.azure.com/acme/Web/_apis/wit/workitems/42?$expand=all", "azure-devops acme/Web#42 /acme/Web"),
    ("vstfs:///WorkItemTracking/WorkItem/42?url=https://x.example", "azure-devops 42 ~ ?default"),
    ("https://dev.azure.com/acme/Web/_git/web/pullrequest/42", "-"),
    ("https://dev.azure.com/acme/Web/_build/results?buildId=42", "-"),
    // Monday
    ("https://acme.monday.com/boards/1234567890/pulses/9876543210", "monday acme:1234567890:9876543210 /1234567890"),
    (
        "https://acme.monday.com/boards/1234567890/views/55/pulses/9876543210",
        "monday acme:1234567890:9876543210 /1234567890",
    ),
    (
        "https://acme.monday.com/boards/1234567890/pulses/9876543210/posts/77",
        "monday acme:1234567890:9876543210 /1234567890 !77",
    ),
    (
        "https://acme.monday.com/boards/1234567890/pulses/9876543210?userId=1#x",
        "monday acme:1234567890:9876543210 /1234567890",
    ),
    ("https://monday.com/boards/1234567890/pulses/9876543210", "monday 1234567890:9876543210 ~ /1234567890"),
    (
        "https://www.monday.com/boards/1234567890/pulses/9876543210/posts/7",
        "monday 1234567890:9876543210 ~ /1234567890",
    ),
    ("https://acme.monday.com/boards/1234567890/views/55", "-"),
    ("https://view.monday.com/1234567890-abc", "-"),
    // Trello
    ("https://trello.com/c/5Lr2eHww/7-toy-adams", "trello 5Lr2eHww"),
    ("https://trello.com/c/5Lr2eHww", "trello 5Lr2eHww"),
    (
        "https://trello.com/c/5Lr2eHww/7-%C3%BCber#comment-5f0c0a0b0c0d0e0f01020304",
        "trello 5Lr2eHww !5f0c0a0b0c0d0e0f01020304",
    ),
    ("https://trello.com/c/5Lr2eHww.json", "trello 5Lr2eHww"),
    ("https://api.trello.com/1/cards/5Lr2eHww?fields=name", "trello 5Lr2eHww"),
    ("https://api.trello.com/1/cards/4eea503d91e31d174600008f", "trello 4eea503d91e31d174600008f ~"),
    ("https://trello.com/b/0zx7ive1/it-1", "-"),
    ("https://trello.com/w/acme1234", "-"),
    // Redmine
    ("https://redmine.example.com/redmine/issues/123", "redmine 123"),
    ("https://redmine.example.com/redmine/issues/123#note-4", "redmine 123 !4"),
    ("https://redmine.example.com/redmine/issues/123?tab=notes", "redmine 123"),
    ("https://redmine.example.com/redmine/issues/123.json", "redmine 123"),
    ("https://redmine.example.com/redmine/projects/x/issues/123", "-"),
    ("https://other.example.com/redmine/issues/123", "-"),
    ("https://redmine.example.com/issues/123", "-"),
    // ServiceNow
    (
        "https://acme.service-now.com/nav_to.do?uri=incident.do?sys_id=9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://acme.service-now.com/nav_to.do?uri=incident.do%3Fsys_id%3D9d385017c611228701d22104cc95c371%26x%3D1",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://acme.service-now.com/incident.do?sys_id=9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://acme.service-now.com/now/nav/ui/classic/params/target/incident.do%3Fsys_id%3D9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://acme.service-now.com/now/nav/ui/classic/params/target/incident.do%253Fsys_id%253D9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://acme.service-now.com/now/sow/record/incident/9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://helpdesk.example.com/api/now/table/incident/9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    (
        "https://acme.service-now.com/sp?id=ticket&table=incident&sys_id=9d385017c611228701d22104cc95c371",
        "servicenow incident/9d385017c611228701d22104cc95c371 ~",
    ),
    ("https://acme.service-now.com/incident_list.do?sysparm_query=active=true", "-"),
    // Request Tracker
    ("https://rt.example.com/rt/Ticket/Display.html?id=123#txn-456", "request-tracker 123 !456"),
    ("https://rt.example.com/rt/Ticket/Modify.html?x=1;id=123", "request-tracker 123"),
    ("https://rt.example.com/rt/SelfService/Display.html?id=123", "request-tracker 123"),
    ("https://rt.example.com/rt/m/ticket/show?id=123", "request-tracker 123"),
    ("https://rt.example.com/rt/REST/2.0/ticket/123", "request-tracker 123"),
    ("fsck.com-rt://example.com/ticket/123", "request-tracker 123 ?default @"),
    // Nasty input
    (
        "https://stayntouch.atlassian.net/browse/CICO-21898?focusedCommentId=58632&page=com.atlassian.jira.plugin.system.issuetabpanels:comment-tabpanel#comment-58632",
        "jira CICO-21898 /CICO !58632",
    ),
    ("https://tracker.example.com/jira/secure/RapidBoard.jspa?rapidView=1&selectedIssue=PROJ-7", "jira PROJ-7 /PROJ @"),
    (
        "https://msazure.visualstudio.com/Cognitive%20Services/_workitems/edit/8775003/?workitem=8972164",
        "azure-devops msazure/Cognitive Services#8775003 /msazure/Cognitive Services",
    ),
    (
        "https://dev.azure.com/IngEurCDaaS01/IngOne/_boards/board/t/T01894-RiskandPricingAdvancedAna/Stories/?workitem=73554",
        "azure-devops IngEurCDaaS01/IngOne#73554 /IngEurCDaaS01/IngOne",
    ),
    (
        "https://github.com/users/joeldom/projects/9/views/1?pane=issue&itemId=123799890&issue=joeldom%7CEXO%7C1",
        "github joeldom/EXO#1 /joeldom/EXO",
    ),
    (
        "https://nyu-lib.monday.com/boards/765008773/pulses/3073776565/posts/1676502313",
        "monday nyu-lib:765008773:3073776565 /765008773 !1676502313",
    ),
    (
        "https://linear.app/linear-mcp-go-test/issue/TEST-10/updated-test-issue#comment-272b238c",
        "linear TEST-10 /TEST !272b238c",
    ),
    ("https://linear.app/issue/PRJ-123", "linear PRJ-123 /PRJ"),
    ("https://trello.com/1/cards/5Lr2eHww", "trello 5Lr2eHww"),
    ("https://xgithub.com/o/r/issues/1", "-"),
    ("https://evil.example/?u=https://github.com/o/r/issues/1", "-"),
    ("https://atlassian.net.evil.example/browse/A-1", "-"),
    ("https://atlassian.net.evil.example/browse/AB-1", "jira AB-1 /AB @"),
    ("https://github.com.evil.example/o/r/issues/1", "-"),
    ("https://github.com:8443/o/r/issues/1", "-"),
    ("https://github.com:443/o/r/issues/1", "github o/r#1 /o/r"),
    ("http://GITHUB.com./o/r/issues/1/", "github o/r#1 /o/r"),
    (" <https://github.com/o/r/issues/1>. ", "github o/r#1 /o/r"),
    ("(https://github.com/o/r/issues/1),", "github o/r#1 /o/r"),
    ("https://github.com/o%2Fr/issues/1", "-"),
    ("https://github.com/o/r%2Fissues%2F1", "-"),
    ("https://github.com/o/r/issues%2F1/x", "-"),
    ("https://github.com/o/%2e%2e/issues/1/../../r/issues/2", "-"),
    ("https://github.com/o/r/issues/%00", "-"),
    ("https://github.com/o/r/issues/%ff", "-"),
    ("https://dev.azure.com/acme/%2e%2e%2fx/_workitems/edit/1", "-"),
    ("https://xn--gthub-cta.com/o/r/issues/1", "-"),
    ("https://gıthub.com/o/r/issues/1", "-"),
    ("https://git.example.com:8443/acme/app/issues/5", "-"),
];

/// Bare ids, and what they may be. `?` says what must be configured.
const IDS: &[(&str, &[&str])] = &[
    ("OPS-7", &["jira OPS-7 /OPS ?project", "linear OPS-7 /OPS ?project"]),
    ("ops-7", &["jira OPS-7 /OPS ?project", "linear OPS-7 /OPS ?project"]),
    ("OPS-7-fix-login", &[]),
    ("CVE-2024-1234", &[]),
    ("PROJ-0", &[]),
    ("PROJ-007", &[]),
    ("PROJ-123456789012345678901234567890", &[]),
    ("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11", &["linear 9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11 ~ ?connection"]),
    (
        "acme/my.app_x-1#5",
        &["azure-devops acme/my.app_x-1#5 /acme/my.app_x-1 ?connection", "github acme/my.app_x-1#5 /acme/my.app_x-1"],
    ),
    ("acme/app/issues/5", &["github acme/app#5 /acme/app"]),
    ("acme/My Project#42", &["azure-devops acme/My Project#42 /acme/My Project ?connection"]),
    ("acme/app#0", &[]),
    ("GH-5", &["github a/b#5 /a/b ?default-project", "jira GH-5 /GH ?project", "linear GH-5 /GH ?project"]),
    (
        "#5",
        &[
            "azure-devops a/b#5 /a/b ?default-project",
            "github a/b#5 /a/b ?default-project",
            "redmine 5 ?default",
            "request-tracker 5 ?default",
        ],
    ),
    (
        "5",
        &[
            "azure-devops a/b#5 /a/b ?default-project",
            "github a/b#5 /a/b ?default-project",
            "monday 5 ~ ?default",
            "redmine 5 ?default",
            "request-tracker 5 ?default",
        ],
    ),
    ("AB#42", &["azure-devops a/b#42 /a/b ?default-project"]),
    ("#0", &[]),
    ("-5", &[]),
    ("#-5", &[]),
    ("123456789012345678901234567890", &[]),
    ("#123#note-4", &["redmine 123 !4 ?default"]),
    ("[example.com #123]", &["request-tracker 123 ?default"]),
    ("acme:1234567890:9876543210", &["monday acme:1234567890:9876543210 /1234567890"]),
    ("4eea503d91e31d174600008f", &["trello 4eea503d91e31d174600008f ~"]),
    ("5Lr2eHww", &["trello 5Lr2eHww", "trello 5Lr2eHww ?default"]),
    ("download", &["trello download ?default"]),
    ("Download", &["trello Download ?default"]),
    ("INC0010023", &["servicenow INC0010023"]),
    ("inc0010023", &["servicenow INC0010023"]),
    ("INC123", &[]),
    ("9d385017c611228701d22104cc95c371", &["servicenow 9d385017c611228701d22104cc95c371 ~ ?connection"]),
    ("UTF-8 is an encoding", &[]),
];

#[test]
fn every_example_link_means_what_it_should() {
    let platforms = platforms();
    for (text, expected) in LINKS {
        let Ok(Input::Url(url)) = parse_reference(text) else {
            panic!("{text} is not taken for a link");
        };
        let found = platforms
            .iter()
            .filter_map(|(id, detector, connections)| Some(describe(id, &detector.url(&url, connections)?)));
        let found: Vec<String> = found.collect();
        let expected: Vec<&str> = (*expected != "-").then_some(*expected).into_iter().collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn every_example_id_means_what_it_should() {
    let platforms = platforms();
    for (text, expected) in IDS {
        let Ok(Input::Id(id)) = parse_reference(text) else {
            panic!("{text} is taken for a link");
        };
        let found = platforms.iter().flat_map(|(platform, detector, _)| {
            let found = detector.id(&id, Some("a/b"));
            found.into_iter().map(|found| describe(platform, &found))
        });
        assert_eq!(found.collect::<Vec<_>>(), *expected, "{text}");
    }
}

#[test]
fn number_without_default_project_means_nothing() {
    let (_, detector, _) = platform("github");
    assert_eq!(detector.id("#5", None), []);
}

#[test]
fn links_that_pretend_to_lead_elsewhere_are_refused() {
    let link = "https://github.com@evil.example/o/r/issues/1";
    let host = "evil.example".to_owned();
    assert_eq!(parse_reference(link), Err(InputError::Userinfo { host }));
    let (_, detector, connections) = platform("github");
    let url = Url::parse("https://me:secret@github.com/o/r/issues/1").unwrap();
    assert_eq!(detector.url(&url, &connections), None);
}

#[test]
fn ticket_below_one_of_two_context_paths_belongs_to_that_connection() {
    let (_, detector, _) = platform("redmine");
    let connections = ["https://a.example/one", "https://a.example/two", "https://A.example./two/"];
    let connections = connections.map(|base| Url::parse(base).unwrap());
    let url = Url::parse("https://a.example/two/issues/5").unwrap();
    let found = detector.url(&url, &connections).unwrap();
    assert_eq!(found.connections, [1, 2]);
    assert_eq!(found.host, Some(HostFit::Connection));
}

#[test]
fn context_path_before_the_api_suffix_is_stripped() {
    let (_, detector, _) = platform("github");
    let base = Url::parse("https://a.example/git/api/v3").unwrap();
    let addresses = manifest("github").base_url.unwrap().addresses(&base);
    for (link, key) in [
        ("https://a.example/git/acme/app/issues/5", Some("acme/app#5")),
        ("https://a.example/git/api/v3/repos/acme/app/issues/5", Some("acme/app#5")),
        ("https://a.example/acme/app/issues/5", None),
    ] {
        let found = detector.url(&Url::parse(link).unwrap(), &addresses);
        assert_eq!(found.map(|found| found.key).as_deref(), key, "{link}");
    }
}

#[test]
fn host_of_an_address_says_which_site_it_is() {
    for (id, address, expected) in [
        ("github", "https://api.acme.ghe.com", Some(vec![("subdomain", "acme")])),
        ("github", "https://api.github.com", Some(vec![])),
        ("github", "https://git.example.com/api/v3", None),
        ("github", "https://github.com:8443", None),
        ("linear", "http://localhost", None),
    ] {
        let (_, detector, _) = platform(id);
        let site = detector.site(&Url::parse(address).unwrap());
        let expected = expected.map(|parts| parts.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect());
        assert_eq!(site, expected, "{address}");
    }
}

#[test]
fn organisation_of_a_reference_must_be_the_connections() {
    let (_, detector, _) = platform("azure-devops");
    let found = detector.id("acme/Web#5", None).remove(0);
    let option =
        |value: Option<&'static str>| move |name: &str| value.filter(|_| name == "organization").map(str::to_owned);
    assert!(found.agrees_with(option(Some("ACME"))));
    assert!(!found.agrees_with(option(Some("other"))));
    assert!(!found.agrees_with(option(None)));
}

#[test]
fn every_manifest_is_printable_as_json() {
    for (id, text) in MANIFESTS {
        let manifest = Manifest::parse(text).unwrap();
        let json = serde_json::to_value(&manifest).unwrap();
        assert_eq!(json["id"], *id);
        assert!(json["detect"]["urls"][0]["path"].is_string());
    }
}

#[test]
fn credentials_are_composed_as_each_platform_wants_them() {
    let table = [
        ("azure-devops", "pat", "Authorization: Basic OlRPS0VO"),
        ("github", "token", "Authorization: Bearer TOKEN"),
        ("jira", "basic", "Authorization: Basic RU1BSUw6VE9LRU4="),
        ("linear", "key", "Authorization: KEY"),
        ("redmine", "key", "X-Redmine-API-Key: KEY"),
        ("servicenow", "oauth-client-credentials", "Authorization: Bearer ACCESS_TOKEN"),
        ("trello", "token", "Authorization: OAuth oauth_consumer_key=\"KEY\", oauth_token=\"TOKEN\""),
    ];
    for (id, scheme, expected) in table {
        let manifest = manifest(id);
        let scheme = manifest.auth_scheme(Some(scheme)).unwrap();
        let parts = scheme.compose(|field| Some(field.to_uppercase())).unwrap();
        let parts: Vec<String> = parts.iter().map(spell).collect();
        assert_eq!(parts.join(" "), expected);
        assert!(scheme.compose(|_| None).is_err());
    }
}

#[test]
fn nothing_that_can_be_pasted_makes_detection_panic() {
    let platforms = platforms();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..4_000 {
        let text = random.text();
        let parsed = parse_reference(&text);
        for (_, detector, connections) in &platforms {
            detector.id(&text, Some("a/b"));
            if let Ok(Input::Url(url)) = &parsed {
                detector.url(url, connections);
            }
        }
    }
}

type Platform = (&'static str, Detector, Vec<Url>);

fn platforms() -> Vec<Platform> {
    MANIFESTS.iter().map(|(id, _)| platform(id)).collect()
}

fn platform(id: &'static str) -> Platform {
    let bases = CONNECTIONS.iter().find(|(known, _)| *known == id);
    let bases = bases.map_or(&[][..], |(_, bases)| bases);
    let Manifest { base_url, detect, .. } = manifest(id);
    let bases = bases.iter().map(|base| Url::parse(base).unwrap());
    let addresses = bases.flat_map(|base| base_url.as_ref().map_or_else(Vec::new, |address| address.addresses(&base)));
    (id, Detector::new(&detect), addresses.collect())
}

fn manifest(id: &str) -> Manifest {
    let (_, text) = MANIFESTS.iter().find(|(known, _)| *known == id).unwrap();
    Manifest::parse(text).unwrap_or_else(|error| panic!("{id}: {error}\n{}", error.excerpt()))
}

/// Returns a reference in the notation of the tables.
fn describe(id: &str, found: &Reference) -> String {
    let mut text = format!("{id} {}", found.key);
    if found.native {
        text.push_str(" ~");
    }
    if let Some(project) = &found.project {
        text.push_str(&format!(" /{project}"));
    }
    if let Some(note) = &found.note {
        text.push_str(&format!(" !{note}"));
    }
    text.push_str(match found.needs {
        Needs::Nothing => "",
        Needs::Connection => " ?connection",
        Needs::Project => " ?project",
        Needs::DefaultProject => " ?default-project",
        _ => " ?default",
    });
    if found.host == Some(HostFit::Any) {
        text.push_str(" @");
    }
    text
}

fn spell(part: &usher_adapter_manifest::AuthPart) -> String {
    use usher_adapter_manifest::AuthPart;
    match part {
        AuthPart::Header { name, value } => format!("{name}: {value}"),
        AuthPart::Query { name, value } => format!("?{name}={value}"),
        _ => unreachable!("headers and parameters are all there is"),
    }
}

/// A xorshift generator: pasted text need not be random, only varied and repeatable.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    /// Returns noise, or one of the examples with a few bytes replaced, removed or repeated.
    fn text(&mut self) -> String {
        let mut bytes: Vec<u8> = match self.below(3) {
            0 => (0..self.below(60)).map(|_| self.next() as u8).collect(),
            _ => LINKS[self.below(LINKS.len())].0.as_bytes().to_vec(),
        };
        for _ in 0..self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(3) {
                0 => bytes.insert(at, b"/%?#&:@|.2Fe\0\xff"[self.below(14)]),
                1 => bytes.truncate(at),
                _ if at < bytes.len() => bytes[at] = self.next() as u8,
                _ => {}
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
