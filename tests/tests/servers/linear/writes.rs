//! Writing: what is done, what is refused, and what is told of it.

use serde_json::{Value, json};
use usher_tests::servers::linear::{FakeLinear, Seed};

use super::{ask, data, error};

const CREATE: &str = "mutation($i: IssueCreateInput!) { issueCreate(input: $i) { success issue { id identifier url title description
    priority state { id name } labels { nodes { name } } assignee { displayName } creator { displayName } parent { identifier } } } }";
const UPDATE: &str = "mutation($id: String!, $i: IssueUpdateInput!) { issueUpdate(id: $id, input: $i) { success issue { id identifier
    title description priority dueDate estimate previousIdentifiers completedAt startedAt state { name type team { key } }
    labels { nodes { name } } assignee { displayName } parent { identifier } project { name } projectMilestone { name } } } }";
const COMMENT: &str = "mutation($i: CommentCreateInput!) { commentCreate(input: $i) { success comment { id body url parent { id } user { displayName } } } }";

/// Ids of what tests name.
struct Ids {
    team: String,
    ops: String,
    ben: String,
    eve: String,
    bug: String,
    backend: String,
    frontend: String,
    area: String,
    done: String,
    ops_done: String,
    project: String,
    milestone: String,
}

fn ids(linear: &FakeLinear) -> Ids {
    linear.with_state(|state| {
        let label = |name: &str| state.labels.iter().find(|label| label.name == name).expect("a label").meta.id.clone();
        let workflow = |team: usize, name: &str| {
            let found = state.states.iter().find(|state| state.team == team && state.name == name);
            found.expect("a state").meta.id.clone()
        };
        Ids {
            team: state.teams[0].meta.id.clone(),
            ops: state.teams[1].meta.id.clone(),
            ben: state.users[1].meta.id.clone(),
            eve: state.users[2].meta.id.clone(),
            bug: label("bug"),
            backend: label("backend"),
            frontend: label("frontend"),
            area: label("Area"),
            done: workflow(0, "Done"),
            ops_done: workflow(1, "Done"),
            project: state.projects[0].meta.id.clone(),
            milestone: state.milestones[0].meta.id.clone(),
        }
    })
}

fn update(linear: &FakeLinear, id: &str, input: &Value) -> Value {
    data(linear, UPDATE, &json!({ "id": id, "i": input }))["issueUpdate"]["issue"].clone()
}

#[test]
fn issue_is_created_with_everything() {
    let linear = FakeLinear::start(Seed::small());
    let ids = ids(&linear);
    let input = json!({ "teamId": ids.team, "title": "New", "description": "", "priority": 2, "stateId": ids.done,
        "assigneeId": ids.ben, "labelIds": [ids.bug, ids.backend], "parentId": "ENG-1" });
    let created = data(&linear, CREATE, &json!({ "i": input }))["issueCreate"].clone();
    let issue = &created["issue"];
    assert_eq!(created["success"], true);
    assert_eq!((&issue["identifier"], &issue["state"]["name"]), (&json!("ENG-13"), &json!("Done")));
    assert_eq!((&issue["description"], &issue["assignee"]["displayName"]), (&Value::Null, &json!("ben")));
    assert_eq!((&issue["creator"]["displayName"], &issue["parent"]["identifier"]), (&json!("ada"), &json!("ENG-1")));
    assert_eq!(linear.issue("ENG-1").children.len(), 3);
    use usher_tests::servers::Fake;
    assert_eq!(linear.server().ledger().committed().len(), 1);
}

#[test]
fn own_id_makes_the_second_create_fail_instead_of_doubling() {
    let linear = FakeLinear::start(Seed::small());
    let id = "9e2a6a52-3a3b-4a53-9d8a-0c8c6d2f1b11";
    let input = json!({ "i": { "id": id, "teamId": ids(&linear).team, "title": "New" } });
    assert_eq!(data(&linear, CREATE, &input)["issueCreate"]["issue"]["id"], id);
    assert_eq!(error(&linear, CREATE, &input)["extensions"]["code"], "INPUT_ERROR");
    let wrong = json!({ "i": { "id": "one", "teamId": ids(&linear).team, "title": "New" } });
    assert_eq!(error(&linear, CREATE, &wrong)["extensions"]["code"], "INVALID_INPUT");
}

#[test]
fn input_that_cannot_be_is_refused_and_nothing_is_done() {
    let linear = FakeLinear::start(Seed::small());
    let ids = ids(&linear);
    let wrong = [
        json!({ "title": " " }),
        json!({ "title": "New", "priority": 5 }),
        json!({ "title": "New", "dueDate": "tomorrow" }),
        json!({ "title": "New", "stateId": ids.ops_done }),
        json!({ "title": "New", "assigneeId": ids.eve }),
        json!({ "title": "New", "assigneeId": "nobody" }),
        json!({ "title": "New", "labelIds": [ids.area] }),
        json!({ "title": "New", "labelIds": [ids.backend, ids.frontend] }),
        json!({ "title": "New", "projectMilestoneId": ids.milestone }),
        json!({ "title": "New", "parentId": "ENG-999" }),
        json!({ "title": "New", "createAsUser": "Robot" }),
    ];
    let before = linear.with_state(|state| state.issues.len());
    for mut input in wrong {
        input["teamId"] = json!(ids.team);
        let answer = ask(&linear, CREATE, &json!({ "i": input })).send(&linear).expect(200).json();
        assert_eq!((answer["errors"].as_array().map(Vec::len), &answer["data"]), (Some(1), &Value::Null), "{input}");
    }
    assert_eq!(linear.with_state(|state| state.issues.len()), before);
}

#[test]
fn fields_are_changed_cleared_and_left_alone() {
    let linear = FakeLinear::start(Seed::small());
    let ids = ids(&linear);
    let issue = update(
        &linear,
        "ENG-1",
        &json!({ "title": "Newer", "assigneeId": null, "dueDate": null, "estimate": null, "removedLabelIds": [ids.bug] }),
    );
    assert_eq!((&issue["title"], &issue["assignee"], &issue["dueDate"]), (&json!("Newer"), &Value::Null, &Value::Null));
    assert_eq!(issue["labels"]["nodes"], json!([{ "name": "backend" }]));
    assert_eq!((&issue["priority"], &issue["projectMilestone"]["name"]), (&json!(1), &json!("Beta")));
    let issue =
        update(&linear, "ENG-1", &json!({ "stateId": ids.done, "addedLabelIds": [ids.bug], "projectId": null }));
    assert!(issue["completedAt"].is_string() && issue["project"].is_null() && issue["projectMilestone"].is_null());
    assert_eq!(issue["labels"]["nodes"].as_array().map(Vec::len), Some(2));
    let issue = update(
        &linear,
        "ENG-1",
        &json!({ "projectMilestoneId": ids.milestone, "projectId": ids.project, "labelIds": [] }),
    );
    assert_eq!((&issue["projectMilestone"]["name"], &issue["labels"]["nodes"]), (&json!("Beta"), &json!([])));
}

#[test]
fn move_to_another_team_changes_the_identifier_and_keeps_the_old_one() {
    let linear = FakeLinear::start(Seed::small());
    let ids = ids(&linear);
    let issue = update(&linear, "ENG-1", &json!({ "teamId": ids.ops, "stateId": ids.ops_done }));
    assert_eq!((&issue["identifier"], &issue["previousIdentifiers"]), (&json!("OPS-3"), &json!(["ENG-1"])));
    assert_eq!(issue["state"]["team"]["key"], "OPS");
    assert_eq!(issue["labels"]["nodes"], json!([{ "name": "bug" }]));
}

#[test]
fn issue_cannot_be_a_part_of_its_own_part() {
    let linear = FakeLinear::start(Seed::small());
    error(&linear, UPDATE, &json!({ "id": "ENG-1", "i": { "parentId": "ENG-2" } }));
    let issue = update(&linear, "ENG-2", &json!({ "parentId": null }));
    assert!(issue["parent"].is_null());
    assert_eq!(linear.issue("ENG-1").children.len(), 1);
}

#[test]
fn comment_is_added_in_a_thread_changed_and_deleted() {
    let linear = FakeLinear::start(Seed::small());
    let comment = data(&linear, COMMENT, &json!({ "i": { "issueId": "ENG-2", "body": "One\n\n**two**" } }))["commentCreate"]["comment"].clone();
    assert_eq!((&comment["body"], &comment["user"]["displayName"]), (&json!("One\n\n**two**"), &json!("ada")));
    let answer = json!({ "i": { "issueId": "ENG-2", "body": "Three", "parentId": comment["id"] } });
    assert_eq!(data(&linear, COMMENT, &answer)["commentCreate"]["comment"]["parent"]["id"], comment["id"]);
    let elsewhere = json!({ "i": { "issueId": "ENG-3", "body": "Three", "parentId": comment["id"] } });
    assert_eq!(error(&linear, COMMENT, &elsewhere)["extensions"]["code"], "INPUT_ERROR");
    let change = "mutation($id: String!, $b: String) { commentUpdate(id: $id, input: { body: $b }) { success comment { body editedAt } } }";
    let changed =
        data(&linear, change, &json!({ "id": comment["id"], "b": "Four" }))["commentUpdate"]["comment"].clone();
    assert!(changed["body"] == "Four" && changed["editedAt"].is_string());
    let delete = "mutation($id: String!) { commentDelete(id: $id) { success entityId } }";
    assert_eq!(data(&linear, delete, &json!({ "id": comment["id"] }))["commentDelete"]["entityId"], comment["id"]);
    error(&linear, delete, &json!({ "id": comment["id"] }));
}

#[test]
fn empty_comment_and_anothers_comment_are_refused() {
    let linear = FakeLinear::start(Seed::small());
    assert_eq!(
        error(&linear, COMMENT, &json!({ "i": { "issueId": "ENG-2", "body": " " } }))["extensions"]["code"],
        "INVALID_INPUT"
    );
    let of_ben = linear.with_state(|state| state.comments[0].meta.id.clone());
    let change = "mutation($id: String!) { commentUpdate(id: $id, input: { body: \"Mine\" }) { success } }";
    assert_eq!(error(&linear, change, &json!({ "id": of_ben }))["extensions"]["code"], "FORBIDDEN");
}

#[test]
fn relation_is_made_once_and_read_from_both_ends() {
    let linear = FakeLinear::start(Seed::small());
    let relate = "mutation($i: IssueRelationCreateInput!) { issueRelationCreate(input: $i) { success issueRelation { id type issue { identifier } relatedIssue { identifier } } } }";
    let input = json!({ "i": { "issueId": "ENG-2", "relatedIssueId": "ENG-3", "type": "blocks" } });
    let relation = data(&linear, relate, &input)["issueRelationCreate"]["issueRelation"].clone();
    assert_eq!(relation["relatedIssue"]["identifier"], "ENG-3");
    error(&linear, relate, &input);
    let delete = "mutation($id: String!) { issueRelationDelete(id: $id) { success } }";
    data(&linear, delete, &json!({ "id": relation["id"] }));
    data(&linear, relate, &input);
}

#[test]
fn address_is_attached_once() {
    let linear = FakeLinear::start(Seed::small());
    let attach =
        "mutation($i: AttachmentCreateInput!) { attachmentCreate(input: $i) { success attachment { id title } } }";
    let input = |title: &str| json!({ "i": { "issueId": "ENG-2", "title": title, "url": "https://example.com/1" } });
    let first = data(&linear, attach, &input("One"))["attachmentCreate"]["attachment"].clone();
    let second = data(&linear, attach, &input("Two"))["attachmentCreate"]["attachment"].clone();
    assert_eq!((&second["id"], &second["title"]), (&first["id"], &json!("Two")));
}

#[test]
fn archived_issue_can_be_brought_back() {
    let linear = FakeLinear::start(Seed::small());
    let change = |name: &str| {
        let mutation =
            format!("mutation {{ {name}(id: \"ENG-2\") {{ success entity {{ identifier archivedAt trashed }} }} }}");
        data(&linear, &mutation, &json!({}))[name]["entity"].clone()
    };
    assert!(change("issueArchive")["archivedAt"].is_string());
    assert_eq!(change("issueUnarchive"), json!({ "identifier": "ENG-2", "archivedAt": null, "trashed": null }));
    assert_eq!(change("issueDelete")["trashed"], true);
}
