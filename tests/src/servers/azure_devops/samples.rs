//! The two beginnings that most tests use: a small one with one of everything, and a large one.

use serde_json::json;

use super::{
    access::Token,
    render::PARENT,
    seed::Seed,
    state::{Comment, Field, File, Relation, Target},
};

/// The places of the people and the projects.
const ADA: usize = 0;
const BEN: usize = 1;
const WEB: usize = 0;
const SECRET: usize = 1;

impl Seed {
    /// Returns a small organisation with one of everything.
    ///
    /// | project | what it is for |
    /// |---|---|
    /// | `My Web` | work items of every kind, see below |
    /// | `Secret` | only `ada` may see it |
    ///
    /// `ada` has a token, one that only reads, and one to be sent after `Bearer`; `ben` has a token. In `My Web`: 1 is an epic,
    /// 2 a bug with everything and a part of 1, 3 a story in Markdown, 4 a task of 3, 5 is closed, 6 is deleted, 7 has 205
    /// comments, 8 blocks 9, 10 has the odd title, 11 has nothing but a title; 12 is in `Secret`.
    pub fn small() -> Self {
        let mut seed = Self::empty().user("ada", "Ada Lovelace").user("ben", "Ben Bitdiddle");
        let token = |text: &str, bearer, may_write| Token { text: text.to_owned(), user: ADA, bearer, may_write };
        seed = seed.token(token("read-token-of-ada", false, false)).token(token("bearer-token-of-ada", true, true));
        seed = seed.project("My Web", None).project("Secret", Some(&[ADA]));
        let epic = seed.item(WEB, "Epic", "Exports that can be trusted", |item| {
            item.set("System.State", "Doing");
            item.set("Microsoft.VSTS.Scheduling.Effort", 13.0);
        });
        seed.add_bug(epic);
        seed.add_others();
        seed.item(SECRET, "Task", "Rotate the keys", |_| {});
        seed
    }

    /// Returns an organisation with so many work items in `My Web`, always the same.
    pub fn issues(count: u64) -> Self {
        let mut seed = Self::empty().user("ada", "Ada Lovelace").user("ben", "Ben Bitdiddle").project("My Web", None);
        for number in 1..=count {
            seed.item(WEB, "Bug", &format!("Report {number}: the export stops before its end"), |item| {
                item.set("Microsoft.VSTS.TCM.ReproSteps", paragraphs(number));
                item.set("System.Tags", "export");
                item.set("System.State", if number % 4 == 0 { "Closed" } else { "Active" });
                item.set("Microsoft.VSTS.Common.Priority", number % 4 + 1);
                item.fields.insert("System.AssignedTo".to_owned(), Field::Person(ADA));
                item.fields.insert("System.CreatedBy".to_owned(), Field::Person(BEN));
            });
        }
        seed
    }

    fn add_bug(&mut self, epic: u64) {
        let id = "f9b1cb5d-2d9e-4fd0-b8d2-3b3c6d4e5f60".to_owned();
        let file = File { name: "log file.txt".to_owned(), content: b"row 1000\nrow 1001: no more\n".to_vec() };
        self.state.files.insert(id.clone(), file);
        let bug = self.item(WEB, "Bug", "Export stops half-way", |item| {
            item.set("System.State", "Active");
            item.set("System.Reason", "Investigate");
            item.set("System.Tags", "customer; export");
            item.set("System.AreaPath", "My Web\\Backend\\Export");
            item.set("System.IterationPath", "My Web\\Sprint 1");
            item.set("Microsoft.VSTS.Common.Priority", 1);
            item.set("Microsoft.VSTS.Common.Severity", "2 - High");
            item.set("Custom.Customer", "Cy's Cycles");
            item.set(
                "Microsoft.VSTS.TCM.ReproSteps",
                "<div>The export stops at <b>1,000</b> rows.</div><ol><li>open</li><li>click</li></ol><pre><code>select 1</code></pre>",
            );
            item.set("System.Description", "<div>See the steps.</div>");
            item.fields.insert("System.AssignedTo".to_owned(), Field::Person(ADA));
            item.fields.insert("System.CreatedBy".to_owned(), Field::Person(BEN));
            let attributes = json!({ "name": "log file.txt", "resourceSize": 27, "resourceCreatedDate": "2026-01-01T00:00:02.77Z", "id": 7 });
            item.relations.push(Relation { rel: "AttachedFile".to_owned(), target: Target::File(id), attributes });
            let target = Target::Address("https://example.com/status".to_owned());
            item.relations.push(Relation { rel: "Hyperlink".to_owned(), target, attributes: json!({ "comment": "status" }) });
        });
        self.relate(bug, PARENT, epic, "System.LinkTypes.Hierarchy-Forward");
        self.comment(bug, BEN, "<div>Here too.</div>", false);
        self.comment(bug, ADA, "Which **version**?", true);
    }

    fn add_others(&mut self) {
        let story = self.item(WEB, "User Story", "Stream the rows", |item| {
            item.set("System.State", "Resolved");
            item.set("System.Description", "Rows are **streamed**.\n\n- one\n- two");
            item.markdown.push("System.Description".to_owned());
            item.set("Microsoft.VSTS.Common.AcceptanceCriteria", "<p>10,000 rows.</p>");
            item.set("Microsoft.VSTS.Scheduling.StoryPoints", 5.0);
            item.fields.insert("System.AssignedTo".to_owned(), Field::Person(BEN));
        });
        let task = self.item(WEB, "Task", "Test with 10,000 rows", |item| item.set("System.State", "Doing"));
        self.relate(task, PARENT, story, "System.LinkTypes.Hierarchy-Forward");
        self.item(WEB, "Bug", "Typo in the manual", |item| {
            item.set("System.State", "Closed");
            let now = item.fields["System.ChangedDate"].clone();
            item.fields.insert("Microsoft.VSTS.Common.ClosedDate".to_owned(), now);
        });
        self.item(WEB, "Task", "Made by mistake", |item| item.deleted = true);
        let long = self.item(WEB, "Task", "A long discussion", |_| {});
        for number in 1..=205 {
            self.comment(long, BEN, &format!("<p>Thought {number}</p>"), false);
        }
        let due = Field::Time("2026-02-01T00:00:00Z".parse().expect("a time"));
        let blocker = self.item(WEB, "Epic", "Choose a format", |item| {
            item.fields.insert("Microsoft.VSTS.Scheduling.DueDate".to_owned(), due);
        });
        let blocked = self.item(WEB, "Task", "Write the format", |_| {});
        self.relate(blocker, "System.LinkTypes.Dependency-Forward", blocked, "System.LinkTypes.Dependency-Reverse");
        self.item(WEB, "Task", "Größe & <Menge> „prüfen“ 🎫", |item| item.set("System.Tags", "help wanted"));
        self.item(WEB, "Task", "Nothing but a title", |item| {
            drop(item.fields.remove("Microsoft.VSTS.Common.Priority"))
        });
    }

    fn relate(&mut self, from: u64, rel: &str, to: u64, back: &str) {
        for (item, rel, target) in [(from, rel, to), (to, back, from)] {
            let relation = Relation {
                rel: rel.to_owned(),
                target: Target::Item(target),
                attributes: json!({ "isLocked": false }),
            };
            self.state.item(item).relations.push(relation);
        }
    }

    fn comment(&mut self, item: u64, author: usize, text: &str, markdown: bool) {
        let (id, created) = (self.state.next_number_of_comment(), self.state.tick());
        self.state.item(item).comments.push(Comment { id, text: text.to_owned(), markdown, author, created });
    }
}

/// Returns a text that makes a work item of the benchmark about as long as others' are.
fn paragraphs(number: u64) -> String {
    let sentence = "The export of the quarterly report stops before its end, and nobody is told about it. ";
    format!("<div>Report {number}</div><div>{}</div>", sentence.repeat(13))
}
