//! Queries: the language, the cap, and what is refused.

use serde_json::{Value, json};
use usher_tests::servers::azure_devops::{FakeAzureDevOps, Seed};

use super::post;
use crate::client::Answer;

fn query(azure: &FakeAzureDevOps, path: &str, wiql: &str) -> Answer {
    post(azure, &format!("{path}/_apis/wit/wiql?timePrecision=true"), &json!({ "query": wiql }))
}

fn ids(answer: &Value) -> Vec<u64> {
    answer["workItems"].as_array().expect("a list").iter().filter_map(|item| item["id"].as_u64()).collect()
}

/// What stands behind `WHERE`, and the numbers that it finds.
const FOUND: &[(&str, &[u64])] = &[
    ("[System.TeamProject] = @project AND [System.State] IN ('Active', 'Doing') ORDER BY [System.Id] DESC", &[4, 2, 1]),
    ("[System.TeamProject] = 'my web' AND [System.WorkItemType] = 'Bug'", &[2, 5]),
    ("[System.AssignedTo] = @me", &[2]),
    ("[System.AssignedTo] = 'Ben Bitdiddle' OR [System.AssignedTo] = 'ben@example.com'", &[3]),
    ("[System.AssignedTo] = '' AND [System.WorkItemType] = 'Bug'", &[5]),
    ("[System.AssignedTo] <> @me AND [System.WorkItemType] = 'User Story'", &[3]),
    ("[System.Tags] CONTAINS 'Export'", &[2]),
    ("[System.Tags] CONTAINS 'exp'", &[]),
    ("[System.Title] CONTAINS 'format' AND NOT [System.Title] CONTAINS 'write'", &[8]),
    ("[System.Title] CONTAINS WORDS 'rows test'", &[4]),
    ("[System.Title] NOT CONTAINS WORDS 'format' AND [System.WorkItemType] = 'Epic'", &[1]),
    ("[Microsoft.VSTS.TCM.ReproSteps] CONTAINS WORDS 'export'", &[2]),
    ("[System.AreaPath] UNDER 'My Web\\Backend'", &[2]),
    ("[Microsoft.VSTS.Common.Priority] < 2", &[2]),
    ("[Microsoft.VSTS.Common.Priority] IS EMPTY", &[11]),
    ("[Microsoft.VSTS.Common.Priority] <= 4 AND [System.Id] > 9", &[10, 12]),
    ("[Microsoft.VSTS.Common.ClosedDate] IS NOT EMPTY", &[5]),
    ("[System.Id] > 2 AND [System.Id] <= 5", &[3, 4, 5]),
    ("[System.Parent] = 1", &[2]),
    ("([System.Id] = 1 OR [System.Id] = 2) AND NOT ([System.Id] = 2)", &[1]),
    ("[System.CreatedDate] >= '2026-01-01T00:00:02Z' AND [System.CreatedDate] < '2026-01-01T00:00:03Z'", &[2]),
    ("[Microsoft.VSTS.Scheduling.DueDate] <= '2026-02-01'", &[8]),
    ("[System.CreatedDate] >= @today - 1 AND [System.Id] = 1", &[1]),
    ("[System.History] CONTAINS WORDS 'version'", &[2]),
    ("[Custom.Customer] = 'Cy''s Cycles'", &[2]),
    ("[System.TeamProject] = 'Secret'", &[12]),
];

/// What is refused, behind `WHERE`.
const REFUSED: &[&str] = &[
    "[System.Nonsense] = 1",
    "[System.Id] = 'many'",
    "[System.CreatedDate] > 'yesterday'",
    "[System.Title] UNDER 'x'",
    "[System.Description] = 'x'",
    "[System.Id] CONTAINS WORDS 'x'",
    "[System.Title] = @me",
    "[System.Title] LIKE 'x'",
    "[System.Title] = 'x",
    "[System.Id] IN ()",
    "[System.Id] = 1 ORDER BY [System.Nonsense]",
];

#[test]
fn queries_find_what_fits_and_nothing_else() {
    let azure = FakeAzureDevOps::services(Seed::small());
    for (wiql, expected) in FOUND {
        let answer =
            query(&azure, "/My%20Web", &format!("SELECT [System.Id] FROM WorkItems WHERE {wiql}")).expect(200).json();
        assert_eq!(ids(&answer), *expected, "{wiql}");
    }
}

#[test]
fn queries_that_azure_does_not_take_are_400() {
    let azure = FakeAzureDevOps::services(Seed::small());
    for wiql in REFUSED {
        let refused =
            query(&azure, "/My%20Web", &format!("SELECT [System.Id] FROM WorkItems WHERE {wiql}")).expect(400).json();
        assert!(refused["message"].is_string(), "{wiql}: {refused}");
    }
}

#[test]
fn queries_for_links_find_sources_and_what_their_links_lead_to() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let pairs = |wiql: &str| -> Vec<(Option<u64>, Option<u64>)> {
        let wiql = format!("SELECT [System.Id] FROM WorkItemLinks WHERE {wiql}");
        let answer = query(&azure, "/My%20Web", &wiql).expect(200).json();
        assert_eq!(answer["queryResultType"], "workItemLink");
        let relations = answer["workItemRelations"].as_array().expect("a list").iter();
        relations.map(|pair| (pair["source"]["id"].as_u64(), pair["target"]["id"].as_u64())).collect()
    };
    let children = "[System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward'";
    let bugs = format!("[Source].[System.Id] <= 2 AND {children} AND [Target].[System.WorkItemType] = 'Bug'");
    assert_eq!(pairs(&bugs), [(None, Some(1)), (Some(1), Some(2))]);
    assert_eq!(pairs(&format!("{bugs} MODE (MustContain)")), pairs(&bugs));
    let may = pairs(&format!("{bugs} ORDER BY [System.Id] DESC MODE (MayContain)"));
    assert_eq!(may, [(None, Some(2)), (None, Some(1)), (Some(1), Some(2))]);
    assert_eq!(pairs(&format!("{bugs} MODE (DoesNotContain)")), [(None, Some(2))]);
    for wrong in ["[System.State] = 'Active'", "[Source].[System.Nonsense] = 1", "[System.Links.LinkType] > 'x'"] {
        query(&azure, "", &format!("SELECT [System.Id] FROM WorkItemLinks WHERE {wrong}")).expect(400);
    }
    query(&azure, "", "SELECT [System.Id] FROM WorkItems WHERE [Source].[System.Id] = 1").expect(400);
}

#[test]
fn project_in_the_path_narrows_nothing_and_is_what_its_macro_stands_for() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let all = "SELECT [System.Id] FROM workitems";
    let count = |path: &str| ids(&query(&azure, path, all).expect(200).json()).len();
    assert_eq!((count("/My%20Web"), count(""), count("/My%20Web/Team")), (11, 11, 11));
    query(&azure, "", "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project").expect(400);
}

#[test]
fn too_many_are_an_error_and_not_a_cut_unless_fewer_were_asked_for() {
    let azure = FakeAzureDevOps::services(Seed::issues(30));
    azure.set_query_cap(20);
    let body = json!({ "query": "SELECT [System.Id] FROM WorkItems ORDER BY [System.ChangedDate] DESC" });
    let ask = |query: &str| post(&azure, &format!("/_apis/wit/wiql{query}"), &body);
    let refused = ask("").expect(400).json();
    assert!(refused["message"].as_str().is_some_and(|message| message.starts_with("VS402337")), "{refused}");
    ask("?$top=20").expect(400);
    assert_eq!(ids(&ask("?$top=5").expect(200).json()), [30, 29, 28, 27, 26]);
    let window = json!({ "query": "SELECT [System.Id] FROM WorkItems WHERE [System.Id] > 10 AND [System.Id] <= 30" });
    assert_eq!(ids(&post(&azure, "/_apis/wit/wiql", &window).expect(200).json()).len(), 20);
}

#[test]
fn time_of_day_needs_precision() {
    let azure = FakeAzureDevOps::services(Seed::small());
    let ask = |wiql: &str| {
        post(&azure, "/_apis/wit/wiql", &json!({ "query": format!("SELECT [System.Id] FROM WorkItems WHERE {wiql}") }))
    };
    ask("[System.CreatedDate] > '2026-01-01T03:00:00Z'").expect(400);
    assert_eq!(ids(&ask("[System.CreatedDate] = '2026-01-01' AND [System.Id] < 3").expect(200).json()), [1, 2]);
}
