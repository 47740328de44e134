//! The beginnings that most tests use: a small one with one of everything, and a large one.

use serde_json::{Value, json};

use super::{
    access::TokenKind,
    comments::comment,
    jql::SPRINT,
    seed::{
        BUG, DONE, EPIC, IN_PROGRESS, IN_REVIEW, SEVERITY, STORY, STORY_POINTS, SUBTASK, Seed, TASK, TEAM, WAITING,
    },
    state::{Attachment, Comment, Link, Worklog},
};

/// The places of the people and the projects.
const ADA: usize = 0;
const BEN: usize = 1;
const OPS: usize = 0;
const HELP: usize = 1;
const SEC: usize = 2;
const OLD: usize = 3;

impl Seed {
    /// Returns a small Cloud site with one of everything.
    ///
    /// | project | what it is for |
    /// |---|---|
    /// | `OPS` | software; issues of every kind, see below |
    /// | `HELP` | a service project, whose comments can be internal |
    /// | `SEC` | only `ada` may see it |
    /// | `OLD` | where `OPS-9` was moved to, as `OLD-1` |
    ///
    /// `ada` lives in Tokyo and has a token, one with scopes and one to be sent after `Bearer`; `ben` lives five hours west of
    /// London. In `OPS`: 1 is an epic, 2 a bug with everything, 3 a story in review, 4 a sub-task of 2, 5 is done, 6 and 7 block
    /// each other's way (6 blocks 7), 8 has 30 comments, 9 was moved, 10 has the odd summary.
    pub fn small_cloud() -> Self {
        Self::small(true)
    }

    /// Returns the same as a Data Center.
    pub fn small_data_center() -> Self {
        Self::small(false)
    }

    /// Returns a Jira with so many issues in `OPS`, always the same.
    pub fn issues(cloud: bool, count: u64) -> Self {
        let mut seed = Self::people(cloud).project("OPS", "Operations", false, None);
        for number in 1..=count {
            let text = seed.text(&sentences(number));
            seed.issue(OPS, &format!("Report {number}: the export stops before its end"), |issue| {
                (issue.description, issue.labels) = (text, vec!["export".to_owned()]);
                (issue.assignee, issue.reporter, issue.issue_type) = (Some(ADA), Some(BEN), TASK);
                issue.priority = usize::try_from(number % 5).ok();
                if number % 4 == 0 {
                    (issue.status, issue.resolution, issue.resolved) = (DONE, Some(0), Some(issue.created));
                }
            });
        }
        seed
    }

    fn people(cloud: bool) -> Self {
        let seed = Self::empty(cloud).user("ada", "Ada Lovelace", "JST-9").user("ben", "Ben Bitdiddle", "EST5");
        let seed = seed.token(ADA, TokenKind::Bearer);
        if cloud { seed.token(ADA, TokenKind::Scoped) } else { seed }
    }

    fn small(cloud: bool) -> Self {
        let mut seed =
            Self::people(cloud).project("OPS", "Operations", false, None).project("HELP", "Help desk", true, None);
        seed = seed.project("SEC", "Security", false, Some(&[ADA])).project("OLD", "Old things", false, None);
        seed.add_export();
        seed.add_others();
        let help = seed.text("The printer is on fire.");
        let request = seed.issue(HELP, "Printer on fire", |issue| {
            (issue.description, issue.status, issue.reporter) = (help, WAITING, Some(BEN))
        });
        seed.comment(request, BEN, "Please hurry.", true);
        seed.comment(request, ADA, "He says that every week.", false);
        seed.issue(HELP, "Password forgotten", |issue| issue.status = WAITING);
        seed.issue(SEC, "Rotate the keys", |_| {});
        seed.state.move_issue("OPS-9", OLD);
        seed
    }

    fn add_export(&mut self) {
        let epic = self.issue(OPS, "Exports that can be trusted", |issue| issue.issue_type = EPIC);
        let text = self.export_text();
        let severity = self.state.custom_fields[2].options[0].clone();
        let bug = self.issue(OPS, "Export stops half-way", |issue| {
            (issue.description, issue.issue_type, issue.status, issue.priority) = (text, BUG, IN_PROGRESS, Some(0));
            (issue.assignee, issue.reporter, issue.creator) = (Some(ADA), Some(BEN), Some(BEN));
            issue.labels = vec!["export".to_owned(), "customer".to_owned()];
            (issue.components, issue.fix_versions, issue.parent) = (vec![0], vec![0, 1], Some(epic));
            issue.due = Some(jiff::civil::date(2026, 2, 1));
            issue
                .custom
                .insert(SPRINT.to_owned(), json!([{ "id": 7, "name": "Sprint 7", "state": "active", "boardId": 3 }]));
            issue.custom.insert(SEVERITY.to_owned(), json!({ "value": severity.name, "id": severity.id.to_string() }));
            issue.properties.insert("seen".to_owned(), json!(true));
        });
        self.comment(bug, BEN, "Here too.", true);
        self.comment(bug, ADA, "Which version?", true);
        let (worklog, created) = (self.state.next_id(), self.state.tick());
        let done = self.text("Looked into it.");
        let attachment = self.state.next_id();
        let file = Attachment {
            issue: bug,
            filename: "log file.txt".to_owned(),
            kind: "text/plain".to_owned(),
            content: b"row 1000\nrow 1001: no more\n".to_vec(),
            author: BEN,
            created,
        };
        self.state.attachments.insert(attachment, file);
        let issue = self.state.issue("OPS-2");
        issue.attachments.push(attachment);
        issue.worklogs.push(Worklog { id: worklog, author: ADA, comment: done, started: created, seconds: 5_400 });
        self.issue(OPS, "Stream the rows", |issue| {
            (issue.issue_type, issue.status, issue.assignee, issue.parent) = (STORY, IN_REVIEW, Some(BEN), Some(epic));
            issue.custom.insert(STORY_POINTS.to_owned(), json!(5.0));
            issue.custom.insert(TEAM.to_owned(), json!("Falcons"));
        });
        self.issue(OPS, "Test with 10,000 rows", |issue| (issue.issue_type, issue.parent) = (SUBTASK, Some(bug)));
    }

    fn add_others(&mut self) {
        self.issue(OPS, "Write the manual", |issue| {
            (issue.status, issue.resolution, issue.resolved) = (DONE, Some(0), Some(issue.created));
        });
        let blocker = self.issue(OPS, "Choose a format", |issue| issue.priority = Some(1));
        let blocked = self.issue(OPS, "Write the format", |issue| issue.priority = Some(4));
        let id = self.state.next_id();
        self.state.links.push(Link { id, link_type: 0, from: blocker, to: blocked });
        let long = self.issue(OPS, "A long discussion", |_| {});
        for number in 1..=30 {
            self.comment(long, BEN, &format!("Thought {number}"), true);
        }
        self.issue(OPS, "Restart the queue", |issue| issue.assignee = Some(BEN));
        self.issue(OPS, "Größe & <Menge> „prüfen“ 🎫", |issue| issue.priority = None);
    }

    fn comment(&mut self, issue: u64, author: usize, text: &str, public: bool) {
        let body = self.text(text);
        let comment = Comment { public, ..comment(&mut self.state, author, body) };
        self.state.issues.get_mut(&issue).expect("the seed has put it there").comments.push(comment);
    }

    /// Returns the text of the bug that has everything.
    fn export_text(&self) -> Value {
        if self.text("").is_string() {
            return Value::from(
                "h2. What happens\n\nThe export stops at *1,000* rows.\n\n{code:sql}\nselect 1\n{code}\n\n# open\n# click",
            );
        }
        let paragraph = |text: &str| json!({ "type": "paragraph", "content": [{ "type": "text", "text": text }] });
        let item = |text: &str| json!({ "type": "listItem", "content": [paragraph(text)] });
        json!({ "type": "doc", "version": 1, "content": [
            { "type": "heading", "attrs": { "level": 2 }, "content": [{ "type": "text", "text": "What happens" }] },
            { "type": "paragraph", "content": [
                { "type": "text", "text": "The export stops at " },
                { "type": "text", "text": "1,000", "marks": [{ "type": "strong" }] },
                { "type": "text", "text": " rows." },
            ] },
            { "type": "codeBlock", "attrs": { "language": "sql" }, "content": [{ "type": "text", "text": "select 1" }] },
            { "type": "orderedList", "content": [item("open"), item("click")] },
            { "type": "panel", "attrs": { "panelType": "info" }, "content": [paragraph("Only since Monday.")] },
        ] })
    }
}

/// Returns a text that makes an issue of the benchmark about as long as others' are.
fn sentences(number: u64) -> String {
    let sentence = "The export of the quarterly report stops before its end, and nobody is told about it. ";
    format!("Report {number}. {}", sentence.repeat(13))
}
