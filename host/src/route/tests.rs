//! Every platform's manifest at once: a configuration, a reference, and the ticket that it means or why it means none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Connections, Resolved, resolve};
use crate::{
    config::{Config, Flags, PinnedEnvironment, SecretSource},
    registry::Registry,
};

/// The manifests of the nine platforms, and of an adapter that needs no settings.
const MANIFESTS: &[&str] = &[
    include_str!("../../../adapters/azure-devops/adapter.toml"),
    include_str!("../../../adapters/github/adapter.toml"),
    include_str!("../../../adapters/jira/adapter.toml"),
    include_str!("../../../adapters/linear/adapter.toml"),
    include_str!("../../../adapters/monday/adapter.toml"),
    include_str!("../../../adapters/redmine/adapter.toml"),
    include_str!("../../../examples/request-tracker/adapter.toml"),
    include_str!("../../../adapters/servicenow/adapter.toml"),
    include_str!("../../../adapters/trello/adapter.toml"),
    PLAIN,
];

/// An adapter without settings.
const PLAIN: &str = r#"
manifest = 1
id = "plain"
name = "Plain"
operations = ["get", "fetch", "search"]
[[detect.url]]
schemes = ["plain"]
hosts = ["none"]
path = "/{number}"
key = "PLAIN/{number}"
[[detect.id]]
pattern = '(?i:plain)/(?<number>[1-9][0-9]*)'
key = "PLAIN/{number}"
[detect.captures]
number = '[1-9][0-9]*'
"#;

const JIRA: &str = "[connections.work]\nadapter = 'jira'\nbase_url = 'https://acme.atlassian.net'\n";
const LINEAR: &str = "[connections.lin]\nadapter = 'linear'\n";
const GITHUB: &str = "[connections.gh]\nadapter = 'github'\n";
const GITHUB_SERVER: &str = "[connections.ghes]\nadapter = 'github'\nbase_url = 'https://git.example.com/api/v3'\n";
const AZURE: &str = "[connections.az]\nadapter = 'azure-devops'\noptions.organization = 'acme'\n";
const AZURE_SERVER: &str = "[connections.tfs]\nadapter = 'azure-devops'\nbase_url = 'https://tfs.example.com/tfs'\n\
                            options.organization = 'DefaultCollection'\n";
const REDMINE: &str = "[connections.red]\nadapter = 'redmine'\nbase_url = 'https://redmine.example.com/redmine'\n";
const REQUEST_TRACKER: &str = "[connections.rt]\nadapter = 'request-tracker'\nbase_url = 'https://rt.example.com/rt'\n";
const SERVICENOW: &str = "[connections.snow]\nadapter = 'servicenow'\nbase_url = 'https://acme.service-now.com'\n";
const TRELLO: &str = "[connections.tr]\nadapter = 'trello'\n";
const MONDAY: &str = "[connections.mon]\nadapter = 'monday'\n";
/// Its variable is not set.
const BROKEN: &str = "[connections.old]\nadapter = 'redmine'\nbase_url = '${OLD_REDMINE}'\n";

#[test]
fn key_of_jira_and_linear_goes_to_the_connection_that_has_the_project() {
    check(
        &[JIRA],
        &[("OPS-7", "jira work OPS-7"), ("ops-7", "jira work OPS-7"), ("OPS-7-fix-login", "invalid_reference")],
    );
    check(&[LINEAR], &[("OPS-7", "linear lin OPS-7")]);
    check(&[JIRA, LINEAR], &[("OPS-7", "ambiguous_reference: work, lin & `work:OPS-7` & `projects`")]);
    check(
        &[JIRA, "projects = ['OPS']\n", LINEAR],
        &[
            ("OPS-7", "jira work OPS-7"),
            // Jira lists its projects, so it has no others.
            ("ENG-12", "linear lin ENG-12"),
            ("work:ENG-12", "jira work ENG-12"),
            ("jira:ENG-12", "jira work ENG-12"),
        ],
    );
    check(
        &[JIRA, "projects = ['OPS']\n", LINEAR, "projects = ['ENG']\n"],
        &[("eng-12", "linear lin ENG-12"), ("OTHER-1", "ambiguous_reference: `lin:OTHER-1` or `work:OTHER-1`")],
    );
    check(
        &["default_connection = 'lin'\n", JIRA, LINEAR],
        &[("OPS-7", "linear lin OPS-7"), ("work:OPS-7", "jira work OPS-7")],
    );
    check(&["default_connection = 'lin'\n", JIRA, "projects = ['OPS']\n", LINEAR], &[("OPS-7", "jira work OPS-7")]);
    check(&[], &[("OPS-7", "invalid_reference: jira or linear & [connections.NAME]")]);
}

#[test]
fn bare_number_needs_a_default_connection_or_project() {
    check(
        &[REDMINE],
        &[
            ("12", "ambiguous_reference: `red:12`"),
            ("#12", "ambiguous_reference: `red:#12`"),
            ("red:12", "redmine red 12"),
        ],
    );
    check(&["default_connection = 'red'\n", REDMINE], &[("12", "redmine red 12"), ("#12-3", "redmine red 12 !3")]);
    check(
        &[GITHUB, "default_project = 'acme/app'\n", REDMINE],
        &[("#12", "github gh acme/app#12"), ("GH-12", "github gh acme/app#12"), ("redmine:12", "redmine red 12")],
    );
    check(
        &["default_connection = 'red'\n", GITHUB, "default_project = 'acme/app'\n", REDMINE],
        &[("12", "redmine red 12"), ("gh:12", "github gh acme/app#12")],
    );
    check(&["default_connection = 'gh'\n", GITHUB, REDMINE], &[("12", "ambiguous_reference: `red:12`")]);
    check(
        &[GITHUB],
        &[
            ("12", "invalid_reference: set `default_project` of gh"),
            ("gh:12", "invalid_reference: `12` is no ticket of `gh` & set `default_project` of gh"),
        ],
    );
    let both = [GITHUB, "default_project = 'acme/app'\n", AZURE, "default_project = 'acme/Web'\n"];
    check(
        &both,
        &[
            ("12", "ambiguous_reference: az, gh"),
            ("AB#12", "azure-devops az acme/Web#12"),
            ("GH-12", "github gh acme/app#12"),
        ],
    );
    check(
        &["default_connection = 'az'\n", both[0], both[1], both[2], both[3]],
        &[("12", "azure-devops az acme/Web#12")],
    );
    check(
        &[MONDAY],
        &[("9876543210", "ambiguous_reference: `mon:9876543210`"), ("mon:9876543210", "monday mon 9876543210 ~")],
    );
    check(&["default_connection = 'mon'\n", MONDAY], &[("9876543210", "monday mon 9876543210 ~")]);
    check(&[GITHUB, "default_project = 'acme/app'\n", JIRA], &[("GH-42", "ambiguous_reference: gh, work")]);
    check(&[GITHUB, "default_project = 'acme/app'\n", JIRA, "projects = ['GH']\n"], &[("GH-42", "jira work GH-42")]);
    check(&[], &[("12", "invalid_reference: github"), ("0", "invalid_reference"), ("#-5", "invalid_reference")]);
}

#[test]
fn owner_and_repository_are_githubs_unless_only_azure_has_that_organization() {
    check(&[], &[("acme/app#42", "github github acme/app#42")]);
    check(&[GITHUB], &[("acme/app#42", "github gh acme/app#42"), ("acme/app/issues/42", "github gh acme/app#42")]);
    check(
        &[AZURE],
        &[
            ("acme/app#42", "azure-devops az acme/app#42"),
            ("ACME/My Project#42", "azure-devops az ACME/My Project#42"),
            ("other/app#42", "github github other/app#42"),
            ("other/My Project#42", "invalid_reference: azure-devops"),
        ],
    );
    check(
        &[AZURE, GITHUB],
        &[("acme/app#42", "github gh acme/app#42"), ("az:acme/app#42", "azure-devops az acme/app#42")],
    );
    check(
        &[AZURE, "projects = ['acme/app']\n", GITHUB],
        &[("acme/app#42", "azure-devops az acme/app#42"), ("acme/web#42", "github gh acme/web#42")],
    );
    check(&[GITHUB, GITHUB_SERVER], &[("acme/app#42", "ambiguous_reference: gh, ghes")]);
    check(
        &[GITHUB, "projects = ['acme/app']\n", GITHUB_SERVER],
        &[("acme/app#42", "github gh acme/app#42"), ("acme/web#42", "github ghes acme/web#42")],
    );
}

#[test]
fn ids_with_a_shape_of_their_own_need_no_default() {
    check(
        &[],
        &[
            ("5Lr2eHww", "trello - 5Lr2eHww"),
            ("download", "invalid_reference"),
            ("INC0010023", "servicenow - INC0010023"),
            ("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11", "invalid_reference: linear"),
            ("acme:1234567890:9876543210", "monday - acme:1234567890:9876543210"),
        ],
    );
    check(
        &[TRELLO, LINEAR, SERVICENOW],
        &[
            ("5Lr2eHww", "trello tr 5Lr2eHww"),
            ("download", "ambiguous_reference: `tr:download`"),
            ("tr:download", "trello tr download"),
            ("4eea503d91e31d174600008f", "trello tr 4eea503d91e31d174600008f ~"),
            ("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11", "linear lin 9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11 ~"),
            ("inc0010023", "servicenow snow INC0010023"),
            ("9d385017c611228701d22104cc95c371", "servicenow snow 9d385017c611228701d22104cc95c371 ~"),
        ],
    );
    check(&["default_connection = 'tr'\n", TRELLO], &[("download", "trello tr download")]);
    check(
        &["default_connection = 'two'\n", LINEAR, "[connections.two]\nadapter = 'linear'\n"],
        &[("9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11", "linear two 9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11 ~")],
    );
}

#[test]
fn link_without_connection_names_the_platform_and_what_to_configure() {
    check(
        &[],
        &[
            ("https://acme.atlassian.net/browse/OPS-7", "jira - OPS-7"),
            ("https://tickets.example.org/browse/OPS-7", "jira - OPS-7"),
            ("https://github.com/o/r/issues/1", "github github o/r#1"),
            ("https://trello.com/c/5Lr2eHww", "trello - 5Lr2eHww"),
            (
                "https://example.org/issues/1",
                "platform_not_supported: `example.org` & Installed: & Connections: github, plain.",
            ),
        ],
    );
    let error =
        |config: &[&str], reference: &str| text(&find(config, reference).unwrap().require_connection().unwrap_err());
    let nothing = error(&[], "https://trello.com/c/5Lr2eHww");
    assert!(
        nothing.contains("`5Lr2eHww` is a ticket of `trello`") && nothing.contains("`adapter = \"trello\"`"),
        "{nothing}"
    );
    let elsewhere = error(&[JIRA, BROKEN], "https://other.atlassian.net/browse/OPS-7");
    assert!(elsewhere.contains("elsewhere than work") && elsewhere.contains("not asked: old"), "{elsewhere}");
    let unknown = error(&[AZURE], "vstfs:///WorkItemTracking/WorkItem/42");
    assert!(unknown.contains("put `az:` before it"), "{unknown}");
}

#[test]
fn link_to_one_site_never_reaches_a_connection_to_another() {
    check(
        &[GITHUB, GITHUB_SERVER],
        &[
            ("https://github.com/o/r/issues/1", "github gh o/r#1"),
            ("https://api.github.com/repos/o/r/issues/1", "github gh o/r#1"),
            ("https://git.example.com/o/r/pull/1", "github ghes o/r#1"),
            ("https://git.example.com/api/v3/repos/o/r/issues/1", "github ghes o/r#1"),
            ("https://acme.ghe.com/o/r/issues/1", "github - o/r#1"),
            ("https://git.example.com:8443/o/r/issues/1", "platform_not_supported"),
            ("https://github.com:8443/o/r/issues/1", "platform_not_supported"),
            ("https://github.com.evil.example/o/r/issues/1", "platform_not_supported"),
            ("https://xgithub.com/o/r/issues/1", "platform_not_supported"),
            ("https://evil.example/?u=https://github.com/o/r/issues/1", "platform_not_supported: `evil.example`"),
            ("gh:https://git.example.com/o/r/issues/1", "platform_not_supported: `gh` does not answer"),
        ],
    );
    check(&[GITHUB_SERVER], &[("https://github.com/o/r/issues/1", "github - o/r#1")]);
    check(
        &[GITHUB, "[connections.ghe]\nadapter = 'github'\nbase_url = 'https://api.acme.ghe.com'\n"],
        &[
            ("https://acme.ghe.com/o/r/issues/1", "github ghe o/r#1"),
            ("https://api.acme.ghe.com/repos/o/r/issues/1", "github ghe o/r#1"),
            ("https://other.ghe.com/o/r/issues/1", "github - o/r#1"),
            ("https://github.com/o/r/issues/1", "github gh o/r#1"),
        ],
    );
    check(
        &[JIRA, "[connections.other]\nadapter = 'jira'\nbase_url = 'https://other.atlassian.net'\n"],
        &[
            ("https://acme.atlassian.net/browse/OPS-7", "jira work OPS-7"),
            ("https://other.atlassian.net/browse/OPS-7", "jira other OPS-7"),
            ("https://third.atlassian.net/browse/OPS-7", "jira - OPS-7"),
            ("https://atlassian.net.evil.example/browse/OPS-7", "jira - OPS-7"),
            ("work:https://other.atlassian.net/browse/OPS-7", "platform_not_supported: `work` does not answer"),
            ("jira:https://other.atlassian.net/browse/OPS-7", "jira other OPS-7"),
            ("linear:https://other.atlassian.net/browse/OPS-7", "platform_not_supported"),
        ],
    );
    check(
        &[AZURE, "[connections.b]\nadapter = 'azure-devops'\noptions.organization = 'other'\n", AZURE_SERVER],
        &[
            ("https://dev.azure.com/acme/Web/_workitems/edit/1", "azure-devops az acme/Web#1"),
            ("https://dev.azure.com/Other/Web/_workitems/edit/1", "azure-devops b Other/Web#1"),
            ("https://acme.visualstudio.com/Web/_workitems/edit/1", "azure-devops az acme/Web#1"),
            ("https://other.visualstudio.com/DefaultCollection/Web/_workitems/edit/1", "azure-devops b other/Web#1"),
            ("https://dev.azure.com/third/Web/_workitems/edit/1", "azure-devops - third/Web#1"),
            (
                "https://tfs.example.com/tfs/DefaultCollection/Web/_workitems/edit/1",
                "azure-devops tfs DefaultCollection/Web#1",
            ),
            // The collection of a server has the name of an organisation of the service.
            ("https://dev.azure.com/DefaultCollection/Web/_workitems/edit/1", "azure-devops - DefaultCollection/Web#1"),
            (
                "https://DefaultCollection.visualstudio.com/Web/_workitems/edit/1",
                "azure-devops - defaultcollection/Web#1",
            ),
        ],
    );
    check(
        &[
            "[connections.az]\nadapter = 'azure-devops'\nbase_url = 'https://acme.visualstudio.com'\noptions.organization = 'acme'\n",
        ],
        &[
            ("https://dev.azure.com/acme/Web/_workitems/edit/1", "azure-devops az acme/Web#1"),
            ("https://dev.azure.com/other/Web/_workitems/edit/1", "azure-devops - other/Web#1"),
        ],
    );
    let second = "[connections.mon2]\nadapter = 'monday'\noptions.account = 'second'\n";
    check(
        &[MONDAY, "options.account = 'acme'\n", second],
        &[
            ("https://acme.monday.com/boards/1/pulses/2", "monday mon acme:1:2"),
            ("https://second.monday.com/boards/1/pulses/2", "monday mon2 second:1:2"),
            ("https://third.monday.com/boards/1/pulses/2", "monday - third:1:2"),
            ("https://monday.com/boards/1/pulses/2", "ambiguous_reference: mon, mon2"),
            ("acme:1:2", "monday mon acme:1:2"),
            ("third:1:2", "monday - third:1:2"),
        ],
    );
    // Whose account is not said may have it; whose account is, comes first.
    check(
        &[MONDAY, second],
        &[
            ("https://acme.monday.com/boards/1/pulses/2", "monday mon acme:1:2"),
            ("https://second.monday.com/boards/1/pulses/2", "monday mon2 second:1:2"),
        ],
    );
    check(
        &[
            LINEAR,
            "options.workspace = 'acme'\n",
            "[connections.lin2]\nadapter = 'linear'\noptions.workspace = 'second'\n",
        ],
        &[
            ("https://linear.app/acme/issue/ENG-1", "linear lin ENG-1"),
            ("linear://second/issue/ENG-1", "linear lin2 ENG-1"),
            ("https://linear.app/third/issue/ENG-1", "linear - ENG-1"),
            ("https://linear.app/issue/ENG-1", "ambiguous_reference: lin, lin2"),
        ],
    );
    check(
        &[LINEAR],
        &[
            ("linear://acme/issue/ENG-1", "linear lin ENG-1"),
            ("https://linear.app/acme/issue/ENG-1", "linear lin ENG-1"),
        ],
    );
}

#[test]
fn link_is_compared_by_host_port_and_path_of_the_connection() {
    let jira = "[connections.here]\nadapter = 'jira'\nbase_url = 'https://issues.example.org/jira'\n";
    check(
        &[jira],
        &[
            ("https://issues.example.org/jira/projects/OPS/issues/OPS-7?filter=allopenissues", "jira here OPS-7"),
            ("http://ISSUES.example.org./jira/browse/OPS-7", "jira here OPS-7"),
            ("https://issues.example.org/browse/OPS-7", "jira - OPS-7"),
            ("https://issues.example.org/jira2/browse/OPS-7", "jira - OPS-7"),
            ("https://issues.example.org:8443/jira/browse/OPS-7", "jira - OPS-7"),
        ],
    );
    check(
        &[jira, "[connections.two]\nadapter = 'jira'\nbase_url = 'https://issues.example.org/jira2/'\n"],
        &[
            ("https://issues.example.org/jira/browse/OPS-7", "jira here OPS-7"),
            ("https://issues.example.org/jira2/secure/RapidBoard.jspa?selectedIssue=OPS-7", "jira two OPS-7"),
        ],
    );
    check(
        &[jira, "[connections.root]\nadapter = 'jira'\nbase_url = 'https://issues.example.org'\n"],
        &[
            ("https://issues.example.org/jira/browse/OPS-7", "jira here OPS-7"),
            ("https://issues.example.org/browse/OPS-7", "jira root OPS-7"),
        ],
    );
    check(
        &[REDMINE],
        &[
            ("https://redmine.example.com/redmine/issues/12#note-4", "redmine red 12 !4"),
            ("https://redmine.example.com/issues/12", "platform_not_supported"),
            ("https://redmine.example.com.evil.example/redmine/issues/12", "platform_not_supported"),
        ],
    );
    check(
        &["[connections.local]\nadapter = 'redmine'\nbase_url = 'http://localhost:3000'\n"],
        &[
            ("http://localhost:3000/issues/12", "redmine local 12"),
            ("http://localhost:3001/issues/12", "platform_not_supported"),
            ("http://localhost/issues/12", "platform_not_supported"),
        ],
    );
    check(
        &[JIRA],
        &[
            ("http://acme.atlassian.net/browse/OPS-7", "jira work OPS-7"),
            ("https://ACME.atlassian.net:443/browse/OPS-7.", "jira work OPS-7"),
        ],
    );
}

#[test]
fn pages_may_be_elsewhere_than_the_api() {
    let oauth = |name: &str, id: &str, site: &str| {
        format!(
            "[connections.{name}]\nadapter = 'jira'\nbase_url = 'https://api.atlassian.com/ex/jira/{id}'\n\
             options.web_url = 'https://{site}'\n"
        )
    };
    check(
        &[&oauth("one", "1a", "acme.atlassian.net"), &oauth("two", "2b", "tickets.example.org")],
        &[
            ("https://acme.atlassian.net/browse/OPS-7", "jira one OPS-7"),
            ("https://tickets.example.org/browse/OPS-7", "jira two OPS-7"),
            ("https://other.atlassian.net/browse/OPS-7", "jira - OPS-7"),
            ("https://api.atlassian.com/ex/jira/2b/rest/api/3/issue/10002", "jira two 10002 ~"),
            ("https://api.atlassian.com/ex/jira/3c/rest/api/3/issue/10002", "jira - 10002 ~"),
        ],
    );
    check(
        &[SERVICENOW, "options.web_url = 'https://help.example.org'\n"],
        &[
            (
                "https://help.example.org/now/sow/record/incident/9d385017c611228701d22104cc95c371",
                "servicenow snow incident/9d385017c611228701d22104cc95c371 ~",
            ),
            (
                "https://acme.service-now.com/incident.do?sys_id=9d385017c611228701d22104cc95c371",
                "servicenow snow incident/9d385017c611228701d22104cc95c371 ~",
            ),
            (
                "https://other.service-now.com/incident.do?sys_id=9d385017c611228701d22104cc95c371",
                "servicenow - incident/9d385017c611228701d22104cc95c371 ~",
            ),
        ],
    );
    check(
        &["[connections.own]\nadapter = 'servicenow'\nbase_url = 'https://help.example.org'\n"],
        &[
            (
                "https://help.example.org/incident.do?sys_id=9d385017c611228701d22104cc95c371",
                "servicenow own incident/9d385017c611228701d22104cc95c371 ~",
            ),
            (
                "https://acme.service-now.com/incident.do?sys_id=9d385017c611228701d22104cc95c371",
                "servicenow - incident/9d385017c611228701d22104cc95c371 ~",
            ),
        ],
    );
}

#[test]
fn links_and_mail_subjects_that_name_a_site_by_another_name_need_it_or_a_default() {
    let link = "fsck.com-rt://example.com/ticket/123";
    check(
        &[REQUEST_TRACKER],
        &[
            ("https://rt.example.com/rt/Ticket/Display.html?id=123#txn-456", "request-tracker rt 123 !456"),
            (link, "request-tracker - 123"),
            ("rt:fsck.com-rt://example.com/ticket/123", "request-tracker rt 123"),
            ("request-tracker:fsck.com-rt://example.com/ticket/123", "request-tracker rt 123"),
            ("[example.com #123]", "ambiguous_reference: `rt:"),
        ],
    );
    check(
        &["default_connection = 'rt'\n", REQUEST_TRACKER],
        &[(link, "request-tracker rt 123"), ("[example.com #123]", "request-tracker rt 123")],
    );
    let named = [REQUEST_TRACKER, "options.site = 'example.com'\n"];
    check(
        &["default_connection = 'rt'\n", named[0], named[1]],
        &[
            (link, "request-tracker rt 123"),
            ("[Example.com #123]", "request-tracker rt 123"),
            ("fsck.com-rt://other.example/ticket/123", "request-tracker - 123"),
            ("[other.example #123]", "invalid_reference"),
        ],
    );
    check(&named, &[(link, "request-tracker rt 123"), ("[example.com #123]", "request-tracker rt 123")]);
    let work_item = "vstfs:///WorkItemTracking/WorkItem/42";
    check(
        &[AZURE, AZURE_SERVER],
        &[(work_item, "azure-devops - 42 ~"), ("tfs:vstfs:///WorkItemTracking/WorkItem/42", "azure-devops tfs 42 ~")],
    );
    check(&["default_connection = 'tfs'\n", AZURE, AZURE_SERVER], &[(work_item, "azure-devops tfs 42 ~")]);
}

#[test]
fn two_connections_to_one_site_are_told_apart_by_projects_and_the_default() {
    let second = "[connections.me]\nadapter = 'jira'\nbase_url = 'https://acme.atlassian.net'\n";
    let (ops, eng) = ("https://acme.atlassian.net/browse/OPS-7", "https://acme.atlassian.net/browse/ENG-7");
    check(
        &[JIRA, second],
        &[(ops, "ambiguous_reference: me, work & `me:`"), ("OPS-7", "ambiguous_reference: me, work")],
    );
    check(&["default_connection = 'work'\n", JIRA, second], &[(ops, "jira work OPS-7"), ("OPS-7", "jira work OPS-7")]);
    check(
        &[JIRA, "projects = ['OPS']\n", second],
        &[(ops, "jira work OPS-7"), (eng, "jira me ENG-7"), ("ENG-7", "jira me ENG-7")],
    );
    // One site has one answer, even if the list of its projects is not complete.
    check(&[JIRA, "projects = ['OPS']\n"], &[(eng, "jira work ENG-7")]);
}

#[test]
fn prefix_is_a_connection_then_an_adapter_then_part_of_the_reference() {
    let scheme = "[connections.https]\nadapter = 'jira'\nbase_url = 'https://acme.atlassian.net'\n";
    check(
        &[scheme, GITHUB],
        &[
            ("https:OPS-7", "jira https OPS-7"),
            ("https://github.com/o/r/issues/1", "github gh o/r#1"),
            ("https:https://acme.atlassian.net/browse/OPS-7", "jira https OPS-7"),
        ],
    );
    // A connection may have the name of its adapter, or of another one.
    let jira = "[connections.jira]\nadapter = 'jira'\nbase_url = 'https://acme.atlassian.net'\n";
    check(
        &[jira, "[connections.two]\nadapter = 'jira'\nbase_url = 'https://two.atlassian.net'\n"],
        &[("jira:OPS-7", "jira jira OPS-7"), ("two:OPS-7", "jira two OPS-7")],
    );
    check(&[&jira.replace("connections.jira", "connections.linear"), LINEAR], &[("linear:OPS-7", "jira linear OPS-7")]);
    check(
        &[JIRA, LINEAR, REDMINE],
        &[
            ("linear:OPS-7", "linear lin OPS-7"),
            ("`work:OPS-7`,", "jira work OPS-7"),
            (" (work:OPS-7) ", "jira work OPS-7"),
            ("work: OPS-7", "jira work OPS-7"),
            ("redmine:7", "redmine red 7"),
            ("red:OPS-7", "invalid_reference: `OPS-7` is no ticket of `red`"),
            ("nobody:OPS-7", "invalid_reference"),
            ("trello:5Lr2eHww", "trello - 5Lr2eHww"),
        ],
    );
    for adapter in [GITHUB, REDMINE, MONDAY] {
        let acme = named_acme(adapter);
        check(
            &[&acme, "[connections.items]\nadapter = 'monday'\noptions.account = 'acme'\n"],
            &[("acme:123:456", "monday items acme:123:456")],
        );
    }
    check(
        &["[connections.acme]\nadapter = 'monday'\noptions.account = 'acme'\n"],
        &[
            ("acme:123:456", "monday acme acme:123:456"),
            ("acme:acme:123:456", "monday acme acme:123:456"),
            ("acme:other:123:456", "invalid_reference"),
        ],
    );
}

#[test]
fn flag_restricts_like_a_prefix_and_says_which_connections_there_are() {
    let at = |reference: &str, place: &str| describe(find_in(&[JIRA, LINEAR], reference, Some(place)));
    assert_eq!(at("OPS-7", "work"), "jira work OPS-7");
    assert_eq!(at("OPS-7", "linear"), "linear lin OPS-7");
    assert_eq!(at("https://linear.app/acme/issue/ENG-1", "lin"), "linear lin ENG-1");
    // With a flag there is no prefix.
    assert!(at("lin:OPS-7", "work").starts_with("invalid_reference"));
    let unknown = at("OPS-7", "nobody");
    assert!(
        unknown.starts_with("configuration")
            && unknown.contains("no connection `nobody`")
            && unknown.contains("lin, plain, work"),
        "{unknown}"
    );
}

#[test]
fn broken_connection_decides_nothing_and_is_named() {
    check(
        &[BROKEN, REDMINE],
        &[
            ("https://redmine.example.com/redmine/issues/12", "redmine red 12"),
            ("12", "ambiguous_reference: `red:12` & not asked: old"),
            ("nonsense!", "invalid_reference: not asked: old"),
            ("https://old.example/issues/12", "platform_not_supported: not asked: old"),
            ("old:12", "configuration: OLD_REDMINE"),
            ("old:https://redmine.example.com/redmine/issues/12", "configuration: OLD_REDMINE"),
        ],
    );
    check(&[BROKEN, JIRA], &[("OPS-7", "jira work OPS-7")]);
    check(&[BROKEN, JIRA, LINEAR], &[("OPS-7", "ambiguous_reference: not asked: old")]);
    // The number was for the default connection yesterday: today it is for nobody.
    check(
        &["default_connection = 'old'\n", BROKEN, GITHUB, "default_project = 'acme/app'\n"],
        &[
            ("12", "configuration: default connection `old` & OLD_REDMINE"),
            ("gh:12", "github gh acme/app#12"),
            ("acme/app#12", "github gh acme/app#12"),
        ],
    );
    let wrong_option = "[connections.old]\nadapter = 'jira'\nbase_url = 'https://a.example'\noptions.colour = 'red'\n";
    check(&[wrong_option, LINEAR], &[("OPS-7", "linear lin OPS-7"), ("old:OPS-7", "configuration: colour")]);
}

#[test]
fn disabled_connection_is_not_used() {
    check(
        &[JIRA, "enabled = false\n", LINEAR],
        &[
            ("OPS-7", "linear lin OPS-7"),
            ("https://acme.atlassian.net/browse/OPS-7", "jira - OPS-7"),
            ("work:OPS-7", "invalid_reference"),
        ],
    );
}

#[test]
fn adapter_without_settings_is_a_connection_of_its_own() {
    check(
        &[],
        &[
            ("plain/7", "plain plain PLAIN/7"),
            ("plain:plain/7", "plain plain PLAIN/7"),
            ("plain:///7", "plain plain PLAIN/7"),
        ],
    );
    check(
        &["[connections.mine]\nadapter = 'plain'\n"],
        &[("plain/7", "plain mine PLAIN/7"), ("plain:plain/7", "plain mine PLAIN/7")],
    );
    check(&["[connections.plain]\nadapter = 'plain'\nenabled = false\n"], &[("plain/7", "plain - PLAIN/7")]);
}

#[test]
fn what_is_said_of_rate_limits_fits_the_adapter() {
    const CASES: &[(&str, &str)] = &[
        (
            "limits.serch = { concurrency = 4 }",
            "[connections.work.limits.serch]: the adapter `github` has no rate limit `serch` Valid: core, search, secondary, content, content-hour, all.",
        ),
        (
            "limits.all.requests = 600",
            "[connections.work.limits.all] says how many, and not in what time Add for example `per = \"60s\"`.",
        ),
        (
            "limits.all.burst = 5",
            "[connections.work.limits.all] lacks a number that `per` and `burst` go with Add for example `requests = 100` and `per = \"60s\"`.",
        ),
    ];
    let registry = Registry::of_manifests(MANIFESTS.iter().copied());
    let connections = |line: &str| {
        let toml = format!("[connections.work]\nadapter = 'github'\n{line}\nauth.token = 'x'\n");
        Connections::new(&load(&toml), &registry, &PinnedEnvironment::new("/home/ada"))
    };
    for (line, expected) in CASES {
        let error = connections(line).require("work").err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let error = text(&error);
        assert!(error.contains("usher.toml:1: ") && error.ends_with(expected), "{error}");
    }
    for line in [
        "limits.search.requests = 10",
        "limits.core.per = '30m'",
        "limits.all = { requests = 9, per = 9, concurrency = 4 }",
    ] {
        let connections = connections(line);
        assert_eq!(connections.require("work").unwrap().limits.len(), 1, "{line}");
    }
}

#[test]
fn a_connection_that_names_no_credentials_takes_those_that_the_environment_has_for_its_address() {
    const PUBLIC: &[(&str, &str)] = &[("GITHUB_TOKEN", "public")];
    const OWN: &[(&str, &str)] =
        &[("GH_HOST", "git.example.com"), ("GH_ENTERPRISE_TOKEN", "own"), ("GH_TOKEN", "public")];
    const OTHER: &[(&str, &str)] = &[("GH_HOST", "other.example.com"), ("GH_ENTERPRISE_TOKEN", "other")];
    let slash = GITHUB_SERVER.replace("api/v3", "api/v3/");
    let path = GITHUB_SERVER.replace("api/v3", "elsewhere");
    let plain = GITHUB_SERVER.replace("https:", "http:");
    let none = format!("{GITHUB}auth = {{}}\n");
    let own = format!("{GITHUB}auth.token = 'file'\n");
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>);
    let cases: &[Case<'_>] = &[
        (GITHUB, PUBLIC, Some("public")),
        (GITHUB, OWN, Some("public")),
        (GITHUB, OTHER, None),
        (GITHUB, &[], None),
        (GITHUB_SERVER, PUBLIC, None),
        (GITHUB_SERVER, OWN, Some("own")),
        (&slash, OWN, Some("own")),
        (GITHUB_SERVER, OTHER, None),
        (&path, OWN, None),
        (&plain, OWN, None),
        (&none, PUBLIC, None),
        (&own, PUBLIC, Some("file")),
    ];
    let registry = Registry::of_manifests(MANIFESTS.iter().copied());
    for (toml, variables, expected) in cases {
        let environment = PinnedEnvironment::new("/home/ada");
        let environment = variables.iter().fold(environment, |known, (name, value)| known.with(name, *value));
        let connections = Connections::new(&load(toml), &registry, &environment);
        let target = connections.of("github").next().unwrap();
        let token = target.auth.fields.get("token").map(|field| match &field.source {
            SecretSource::Value(secret) => secret.expose(),
            other => panic!("{other:?}"),
        });
        assert_eq!(token, *expected, "{toml} {variables:?}");
        assert_eq!(target.is_anonymous(), expected.is_none(), "{toml} {variables:?}");
    }
}

#[test]
fn credentials_of_the_environment_that_are_no_connection_yet_are_told_where_the_ticket_would_be_theirs() {
    let registry = Registry::of_manifests(MANIFESTS.iter().copied());
    let connections = |config: &[&str]| {
        let environment = PinnedEnvironment::new("/home/ada").with("AZURE_DEVOPS_EXT_PAT", "s3cret");
        Connections::new(&load(&config.concat()), &registry, &environment)
    };
    let here = "Its credentials are in `AZURE_DEVOPS_EXT_PAT`; nothing says `options.organization = \"acme\"`";
    let find = |config: &[&str], reference: &str| resolve(&registry, &connections(config), reference, None);
    let link = find(&[], "https://dev.azure.com/acme/app/_workitems/edit/42").unwrap();
    let error = text(&link.require_connection().unwrap_err());
    assert!(error.contains("`adapter = \"azure-devops\"`") && error.contains(here), "{error}");
    let error = text(&find(&[], "acme/My Project#42").unwrap_err());
    assert!(error.contains(here), "{error}");
    // It is GitHub's, until GitHub does not have it.
    let key = find(&[], "acme/app#42").unwrap();
    assert_eq!(key.connection.as_deref(), Some("github"));
    let missing = text(&key.doubted(Error::not_found("acme/app#42").with_hint("Look again.")));
    assert!(
        missing.contains("Look again. It may be a ticket of `azure-devops`") && missing.contains(here),
        "{missing}"
    );
    let refused = text(&key.doubted(Error::new(ErrorKind::RateLimited, "too much")));
    assert!(!refused.contains("azure"), "{refused}");
    for (config, reference) in [(GITHUB, "acme/app#42"), (AZURE, "other/app#42"), (GITHUB, "acme/app/issues/42")] {
        assert_eq!(find(&[config], reference).unwrap().doubt, None, "{config} {reference}");
    }
    assert_eq!(find_in(&[], "acme/app#42", None).unwrap().doubt, None, "without credentials there is nothing to say");
}

#[test]
fn hostile_references_are_refused_and_repeat_no_password() {
    let everything = [JIRA, LINEAR, GITHUB, AZURE, REDMINE, REQUEST_TRACKER, SERVICENOW, TRELLO, MONDAY];
    for reference in [
        "https://me:s3cret@github.com/o/r/issues/1",
        "https://s3cret@github.com/o/r/issues/1",
        "gh:https://me:s3cret@github.com/o/r/issues/1",
        "https://me:s3cret@evil.example\\@github.com/o/r/issues/1",
        "https://me:s3cret@[broken/o/r/issues/1",
        "https://me:s3cret@github.com/o/r\tissues/1",
        "https://me:s3c@s3cret@git hub.com/o",
        "me:s3cret@github.com/o/r/issues/1",
        "https://rt.example.com/rt/Ticket/Display.html?token=s3cret",
        "https://git hub.com/?token=s3cret",
        "https://github.com/o/r/issues/1\n?token=s3cret",
    ] {
        let error = find(&everything, reference).expect_err(reference);
        assert!(!text(&error).contains("s3cret"), "{reference:?}: {}", text(&error));
    }
    let tall = "x".repeat(4_000);
    assert!(text(&find(&everything, &tall).unwrap_err()).len() < 1_000);
    let twice = [JIRA, "[connections.me]\nadapter = 'jira'\nbase_url = 'https://acme.atlassian.net'\n"];
    let error = text(&find(&twice, "https://acme.atlassian.net/browse/OPS-7?jwt=s3cret").unwrap_err());
    assert!(error.contains("me, work") && !error.contains("s3cret"), "{error}");
}

/// A connection of another adapter, with the name `acme`.
fn named_acme(connection: &str) -> String {
    let (_, rest) = connection.split_once(']').unwrap();
    format!("[connections.acme]{rest}")
}

/// Compares what references mean with what they should: `adapter connection key`, with `-` for no connection, `~`
/// for a native id and `!` before a note, or the kind of the error and words that it must have.
#[track_caller]
fn check(config: &[&str], cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (reference, expected) in cases {
        let found = describe(find(config, reference));
        let (kind, words) = expected.split_once(": ").unwrap_or((expected, ""));
        let is_right = match kind.contains('_') || kind == "configuration" {
            true => found.starts_with(kind) && words.split(" & ").all(|word| found.contains(word)),
            false => found == *expected,
        };
        if !is_right {
            wrong.push(format!("{reference}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", config.concat(), wrong.join("\n"));
}

fn find(config: &[&str], reference: &str) -> Result<Resolved> {
    find_in(config, reference, None)
}

fn find_in(config: &[&str], reference: &str, within: Option<&str>) -> Result<Resolved> {
    let registry = Registry::of_manifests(MANIFESTS.iter().copied());
    resolve(
        &registry,
        &Connections::new(&load(&config.concat()), &registry, &PinnedEnvironment::new("/home/ada")),
        reference,
        within,
    )
}

fn load(toml: &str) -> Config {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("usher.toml");
    fs::write(&file, toml).unwrap();
    let flags = Flags { config: Some(file), ..Flags::default() };
    Config::load(&PinnedEnvironment::new(home.path()), &flags).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"))
}

fn describe(found: Result<Resolved>) -> String {
    match found {
        Ok(found) => {
            let native = if found.native { " ~" } else { "" };
            let note = found.note.map(|note| format!(" !{note}")).unwrap_or_default();
            let connection = found.connection.as_deref().unwrap_or("-");
            format!("{} {connection} {}{native}{note}", found.adapter, found.key)
        }
        Err(error) => format!("{}: {}", error.kind(), text(&error)),
    }
}

/// Returns all that people read of an error.
fn text(error: &Error) -> String {
    format!("{} {}", error.message(), error.hint().unwrap_or_default())
}
