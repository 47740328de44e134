//! What of Jira's answers a ticket does not carry, and why; the tests walk every leaf of what was recorded.

use usher_adapter_sdk::{
    Result,
    message::Raw,
    model::Ticket,
    testkit::{IgnoredLeaf, unread_leaves},
};

use crate::operations;

/// Leaves of issues and of comments.
const IGNORED: &[IgnoredLeaf] = &[
    // Addresses and pictures that follow from what the ticket has.
    ("expand", "what else could be asked for"),
    ("self", "the API's address of the issue, whose id is there"),
    ("**.self", "the API's address of something whose id or key is there"),
    ("**.iconUrl", "a picture"),
    ("**.avatarId", "a picture"),
    ("**.16x16", "a picture"),
    ("**.24x24", "a picture"),
    ("**.32x32", "a picture"),
    ("**.48x48", "a picture"),
    ("fields.attachment.*.thumbnail", "a smaller copy of the file"),
    // Accounts: id, login, name, address and kind are there.
    ("**.active", "says nothing of the ticket"),
    ("**.timeZone", "says nothing of the ticket"),
    ("**.accountType", "the kind of the account; an unknown word is an unknown kind"),
    ("fields.attachment.*.author.key", "of an account that has a better id"),
    // What belongs to something else and can be asked of that.
    ("fields.status.description", "the state's own"),
    ("fields.issuetype.description", "the type's own"),
    ("fields.resolution.description", "the resolution's own"),
    ("fields.fixVersions.*.description", "the version's own"),
    ("fields.versions.*.description", "the version's own"),
    ("fields.issuetype.subtask", "what the name of the type does not tell, this does"),
    ("fields.issuetype.hierarchyLevel", "what the name of the type does not tell, this does"),
    ("fields.issuetype.entityId", "the id again"),
    ("fields.status.statusCategory.id", "the category's key again"),
    ("fields.status.statusCategory.name", "the category's key, translated"),
    ("fields.status.statusCategory.colorName", "a colour"),
    ("fields.project.simplified", "the project's own"),
    ("fields.project.style", "the project's own"),
    ("fields.project.insight.**", "the project's own"),
    ("fields.project.deleted", "the project's own"),
    ("fields.project.deletedBy.**", "the project's own"),
    ("fields.project.deletedDate", "the project's own"),
    ("fields.project.retentionTillDate", "the project's own"),
    ("fields.project.projectCategory.**", "the project's own"),
    ("fields.project.projectTypeKey", "decides who may read notes; the project's own otherwise"),
    ("fields.fixVersions.*.archived", "the version's own"),
    ("fields.fixVersions.*.released", "the version's own"),
    ("fields.fixVersions.*.releaseDate", "the version's own"),
    ("fields.versions.*.archived", "the version's own"),
    ("fields.versions.*.released", "the version's own"),
    ("fields.versions.*.releaseDate", "the version's own"),
    // Other issues are named by key and title; the rest is theirs.
    ("fields.parent.id", "the other issue's own"),
    ("fields.parent.fields.status.**", "the other issue's own"),
    ("fields.parent.fields.priority.**", "the other issue's own"),
    ("fields.parent.fields.issuetype.**", "the other issue's own"),
    ("fields.subtasks.*.id", "the other issue's own"),
    ("fields.subtasks.*.fields.status.**", "the other issue's own"),
    ("fields.subtasks.*.fields.priority.**", "the other issue's own"),
    ("fields.subtasks.*.fields.issuetype.**", "the other issue's own"),
    ("fields.issuelinks.*.id", "of the link itself: it is known by its kind and its other end"),
    ("fields.issuelinks.*.type.id", "of the kind of link, whose words are there"),
    ("fields.issuelinks.*.type.name", "of the kind of link, whose words are there"),
    ("fields.issuelinks.*.type.inward", "the words from the other side"),
    ("fields.issuelinks.*.type.outward", "the words from the other side"),
    ("fields.issuelinks.*.*.id", "the other issue's own"),
    ("fields.issuelinks.*.*.fields.**", "the other issue's own, its title apart"),
    // Where a part of a list begins, and how much was asked of it.
    ("**.startAt", "where a part of a list begins"),
    ("**.maxResults", "how much of a list was asked for"),
    ("total", "how long a list is of which everything is here"),
    // Written again in another form.
    ("fields.timetracking.originalEstimate", "the seconds, in words"),
    ("fields.timetracking.remainingEstimate", "the seconds, in words"),
    ("fields.timetracking.timeSpent", "the seconds, in words"),
    ("fields.worklog.*.timeSpent", "the seconds, in words"),
    ("fields.worklog.*.issueId", "the entry stands on its ticket"),
    ("fields.worklog.worklogs.*.timeSpent", "the seconds, in words"),
    ("fields.worklog.worklogs.*.issueId", "the entry stands on its ticket"),
    // What a note or an entry of the work log has no place for.
    ("**.updateAuthor.**", "who corrected it: a note has one author"),
    ("**.updateAuthor.accountId", "who corrected it: a note has one author"),
    ("**.updateAuthor.displayName", "who corrected it: a note has one author"),
    ("**.visibility.identifier", "for whom a note is: that it is not for everybody is there"),
    ("**.visibility.type", "for whom a note is: that it is not for everybody is there"),
    ("**.visibility.value", "for whom a note is: that it is not for everybody is there"),
    ("**.jsdPublic", "decides who may read a note, where nothing else does"),
    ("fields.worklog.*.updated", "when it was corrected"),
    ("fields.worklog.worklogs.*.updated", "when it was corrected"),
    ("fields.worklog.worklogs.*.created", "when it was entered; when the work was done is there"),
];

/// The issues of every recording.
fn issues() -> Vec<Vec<u8>> {
    let list = |text: &str| -> Vec<Vec<u8>> {
        let issues: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        issues.iter().map(|issue| issue.to_string().into_bytes()).collect()
    };
    let of_page = |text: &str| -> Vec<Vec<u8>> {
        let page: serde_json::Value = serde_json::from_str(text).unwrap();
        page["issues"].as_array().unwrap().iter().map(|issue| issue.to_string().into_bytes()).collect()
    };
    let mut issues = vec![
        include_bytes!("../tests/fixtures/openapi/issue.json").to_vec(),
        include_bytes!("../tests/fixtures/jira-cli/issue.json").to_vec(),
        include_bytes!("../tests/fixtures/go-jira/issue.json").to_vec(),
    ];
    issues.extend(list(include_str!("../tests/fixtures/devlake/issues.json")));
    issues.extend(of_page(include_str!("../tests/fixtures/openapi/search.json")));
    issues.extend(of_page(include_str!("../tests/fixtures/openapi/bulkfetch.json")));
    issues
}

#[test]
fn every_leaf_of_an_issue_is_in_the_ticket_or_ignored_for_a_reason() {
    let lost: Vec<String> = issues().iter().flat_map(|issue| unread_leaves(issue, IGNORED, ticket).unwrap()).collect();
    assert_eq!(lost, [""; 0]);
}

#[test]
fn every_leaf_of_a_comment_is_in_its_note_or_ignored_for_a_reason() {
    let issue = r#"{"id":"10002","key":"ED-1","fields":{"summary":"x"}}"#;
    let comments = include_bytes!("../tests/fixtures/openapi/comments.json");
    let normalize = |bytes: &[u8]| operations::normalize(None, &Raw::main(issue).with("notes", bytes), Some(SITE));
    assert_eq!(unread_leaves(comments, IGNORED, normalize).unwrap(), [""; 0]);
}

const SITE: &str = "https://acme.atlassian.net";

fn ticket(issue: &[u8]) -> Result<Ticket> {
    operations::normalize(None, &Raw::main(issue), Some(SITE))
}
