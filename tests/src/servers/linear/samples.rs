//! The two beginnings that most tests use: a small one with one of everything, and a large one.

use serde_json::json;

use super::{
    access::Token,
    seed::Seed,
    state::{Attachment, Author, Comment, Issue, Relation, State},
};

/// The places of the people.
const ADA: usize = 0;
const BEN: usize = 1;
const EVE: usize = 2;

impl Seed {
    /// Returns a small Linear with one of everything.
    ///
    /// | team | what it is for |
    /// |---|---|
    /// | `ENG` | issues of every kind, see below |
    /// | `OPS` | where `ENG-10` was moved to, as `OPS-2`; has states of the same names |
    /// | `SEC` | private, and only `ada` may see it |
    ///
    /// `ada` has a key, a key that only reads, and an app's token; `ben` has a key; `eve` has left. In `ENG`: 1 has everything,
    /// 2 and 3 are its parts, 4 is canceled, 5 is archived, 6 is in the trash, 7 has 60 comments, 8 and 9 block each other's
    /// way (8 blocks 9, 11 is a duplicate of 9), 10 was moved, 12 has the odd title.
    pub fn small() -> Self {
        let mut seed = Self::empty().user("Ada Lovelace").user("Ben Bitdiddle").former_user("Eve Gone");
        seed = seed.token(Token::api_key("ada").read_only()).token(Token::oauth("ada"));
        seed = seed.team("ENG", "Engineering", false, &[ADA, BEN]).team("OPS", "Operations", false, &[ADA]);
        seed = seed.team("SEC", "Security", true, &[ADA]);
        let bug = seed.label("bug", None, None, false);
        let area = seed.label("Area", Some(0), None, true);
        let backend = seed.label("backend", Some(0), Some(area), false);
        seed.label("frontend", Some(0), Some(area), false);
        seed.label("on-call", Some(1), None, false);
        let project = seed.project("Exports", "Beta", ADA, &[0, 1]);
        let cycle = seed.cycle(0, Some("Winter"));
        seed.add_export(bug, backend, project, cycle);
        seed.add_endings();
        seed.add_relations();
        let moved = seed.state.issues.len() - 3;
        let todo = seed.state_named(1, "Todo");
        seed.issue(1, "Restart the queue", |issue| issue.assignee = Some(ADA));
        seed.state.move_issue(moved, 1, todo);
        seed.issue(2, "Rotate the keys", |issue| issue.description = Some("Not for everybody.".to_owned()));
        seed
    }

    /// Returns a Linear with so many issues in `ENG`, always the same.
    pub fn issues(count: u64) -> Self {
        let mut seed =
            Self::empty().user("Ada Lovelace").user("Ben Bitdiddle").team("ENG", "Engineering", false, &[ADA, BEN]);
        let bug = seed.label("bug", None, None, false);
        let (done, backlog) = (seed.state_named(0, "Done"), seed.state_named(0, "Backlog"));
        for number in 1..=count {
            let title = format!("Report {number}: the export stops before its end");
            seed.issue(0, &title, |issue| {
                issue.description = Some(paragraphs(number));
                (issue.labels, issue.assignee, issue.creator) = (vec![bug], Some(ADA), Some(BEN));
                issue.state = if number % 4 == 0 { done } else { backlog };
                issue.priority = u8::try_from(number % 5).unwrap_or_default();
            });
        }
        seed
    }

    fn add_export(&mut self, bug: usize, backend: usize, project: usize, cycle: usize) {
        let started = self.state_named(0, "In Progress");
        let first = self.issue(0, "Export stops half-way", |issue| {
            issue.description = Some("The export stops at **1,000** rows.\n\n- [ ] reproduce\n- [x] report".to_owned());
            (issue.priority, issue.estimate, issue.due_date) = (1, Some(3), Some(jiff::civil::date(2026, 2, 1)));
            (issue.state, issue.started_at) = (started, Some(issue.meta.created_at));
            (issue.assignee, issue.creator, issue.subscribers) = (Some(ADA), Some(BEN), vec![ADA, BEN]);
            issue.labels = vec![bug, backend];
            (issue.project, issue.milestone, issue.cycle) = (Some(project), Some(project), Some(cycle));
            issue.sla_breaches_at = Some("2026-01-05T09:00:00Z".parse().expect("a time"));
        });
        let thread = comment(&mut self.state, first, "Here too.\n\nSince Monday.", Author::User(BEN), None);
        comment(&mut self.state, first, "Which version?", Author::User(ADA), Some(thread));
        comment(&mut self.state, first, "Seen in build 117.", Author::Bot("Builder".to_owned()), None);
        comment(&mut self.state, first, "Any news?", Author::External("Cy Customer".to_owned()), None);
        let meta = self.state.meta();
        self.state.attachments.push(Attachment {
            meta,
            issue: first,
            title: "acme/app#17".to_owned(),
            subtitle: Some("Stream the rows".to_owned()),
            url: "https://github.com/acme/app/pull/17".to_owned(),
            source_type: Some("github".to_owned()),
            metadata: json!({ "status": "open" }),
            creator: Some(ADA),
        });
        let done = self.state_named(0, "Done");
        self.issue(0, "Stream the rows", |issue| {
            (issue.parent, issue.creator, issue.priority) = (Some(first), Some(ADA), 2)
        });
        self.issue(0, "Test with 10,000 rows", |issue| {
            (issue.parent, issue.state, issue.completed_at) = (Some(first), done, Some(issue.meta.created_at));
        });
    }

    fn add_endings(&mut self) {
        let canceled = self.state_named(0, "Canceled");
        let archive = |issue: &mut Issue| issue.meta.archived_at = Some(issue.meta.created_at);
        self.issue(0, "Rewrite it in assembler", |issue| {
            (issue.state, issue.canceled_at, issue.creator) = (canceled, Some(issue.meta.created_at), Some(EVE));
        });
        self.issue(0, "Done long ago", archive);
        self.issue(0, "Made by mistake", |issue| {
            archive(issue);
            issue.trashed = true;
        });
        let long = self.issue(0, "A long discussion", |issue| issue.assignee = Some(BEN));
        for number in 1..=60 {
            comment(&mut self.state, long, &format!("Thought {number}"), Author::User(BEN), None);
        }
    }

    fn add_relations(&mut self) {
        let duplicate = self.state_named(0, "Duplicate");
        let blocker = self.issue(0, "Choose a format", |issue| issue.priority = 3);
        let blocked = self.issue(0, "Write the format", |issue| issue.priority = 4);
        self.issue(0, "Restart it by hand", |issue| issue.creator = Some(BEN));
        let twin = self.issue(0, "Write that format", |issue| {
            (issue.state, issue.canceled_at) = (duplicate, Some(issue.meta.created_at));
        });
        self.issue(0, "Größe & <Menge> „prüfen“ 🎫", |issue| issue.description = Some(String::new()));
        for (issue, related, kind) in [(blocker, blocked, "blocks"), (twin, blocked, "duplicate")] {
            let (meta, kind) = (self.state.meta(), kind.to_owned());
            self.state.relations.push(Relation { meta, issue, related, kind });
        }
    }
}

fn comment(state: &mut State, issue: usize, body: &str, author: Author, parent: Option<usize>) -> usize {
    let meta = state.meta();
    state.add_comment(Comment { meta, issue, body: body.to_owned(), author, parent, edited_at: None })
}

/// Returns a text that makes an issue of the benchmark about as long as others' are.
fn paragraphs(number: u64) -> String {
    let sentence = "The export of the quarterly report stops before its end, and nobody is told about it. ";
    format!("Report {number}\n\n{}", sentence.repeat(13))
}
