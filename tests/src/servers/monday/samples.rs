//! The two beginnings that most tests use: a small one with one of everything, and a large one.

use serde_json::json;

use super::{
    access::Token,
    seed::{Seed, usual_columns},
    state::Column,
};

/// The places of the people.
const ADA: usize = 0;
const BEN: usize = 1;

impl Seed {
    /// Returns a small monday.com with one of everything.
    ///
    /// | board | what it is for |
    /// |---|---|
    /// | `1111111111` Web | items of every kind, see below; its status has two labels `Done` |
    /// | `2222222222` Subitems of Web | the board of their subitems |
    /// | `3333333333` Notes | has no status, and a column of texts alone |
    /// | `4444444444` Handbook | a document, which is a board as well |
    /// | `5555555555` Secret | only `ada` sees it |
    /// | `6666666666` Roadmap | a board of several levels, and empty |
    ///
    /// `ada` has a token and one that only reads, `ben` has a token. In Web: `Export stops half-way` has everything, `Done twice`
    /// has the second label `Done`, `Nobody's` has nothing, `Put away` is archived, `Thrown away` is deleted, `A long
    /// discussion` has 120 updates, `Größe & <Menge> „prüfen“ 🎫` the odd name.
    pub fn small() -> Self {
        let mut seed = Self::empty().user("Ada Lovelace").user("Ben Bitdiddle").team("Support");
        seed = seed.token(Token::of(ADA, "ada").read_only()).tag("export").tag("later");
        let web = seed.board("Web", "board", web_columns());
        let mut below = usual_columns();
        below.truncate(3);
        let below = seed.board("Subitems of Web", "sub_items_board", below);
        let notes = vec![Column::new("name", "Name", "name"), Column::new("text", "Remark", "text")];
        let notes = seed.board("Notes", "board", notes);
        seed.board("Handbook", "document", vec![Column::new("name", "Name", "name")]);
        let secret = seed.board("Secret", "board", usual_columns());
        seed.state.boards[secret].seen_by = vec![ADA];
        let levels = seed.board("Roadmap", "board", vec![Column::new("name", "Name", "name")]);
        seed.state.boards[levels].multi_level = true;
        seed.add_export(web, below);
        seed.add_endings(web);
        seed.item(notes, "Call the printer", |item| {
            item.values.insert("text".to_owned(), json!("before noon"));
        });
        seed.item(secret, "Rotate the keys", |_| {});
        seed
    }

    /// Returns a monday.com with so many items, spread evenly over four boards, always the same.
    pub fn issues(count: u64) -> Self {
        let mut seed = Self::empty().user("Ada Lovelace").user("Ben Bitdiddle").tag("export");
        let boards = ["North", "East", "South", "West"].map(|name| seed.board(name, "board", usual_columns()));
        let (person, tags) = (seed.person(ADA), seed.tagged(0));
        for (number, board) in (1..=count).zip(boards.into_iter().cycle()) {
            let name = format!("Report {number}: the export stops before its end");
            seed.item(board, &name, |item| {
                let done = if number % 4 == 0 { 1 } else { 0 };
                item.values.extend([
                    ("person".to_owned(), json!({ "personsAndTeams": [person] })),
                    ("status".to_owned(), json!({ "index": done })),
                    ("color_prio".to_owned(), json!({ "index": if number % 5 == 0 { 110 } else { 109 } })),
                    ("tags".to_owned(), tags.clone()),
                    ("long_text".to_owned(), json!({ "text": paragraphs(number) })),
                ]);
            });
        }
        seed
    }

    fn add_export(&mut self, web: usize, below: usize) {
        let (ada, tags) = (self.person(ADA), self.tagged(0));
        let first = self.item(web, "Export stops half-way", |item| {
            item.creator = BEN;
            item.values.extend([
                ("person".to_owned(), json!({ "personsAndTeams": [ada, { "id": 1_200_001, "kind": "team" }] })),
                ("status".to_owned(), json!({ "index": 0 })),
                ("color_type".to_owned(), json!({ "index": 1 })),
                ("color_prio".to_owned(), json!({ "index": 110 })),
                ("date4".to_owned(), json!({ "date": "2026-02-01", "time": "09:30:00" })),
                ("long_text".to_owned(), json!({ "text": "The export stops at *1,000* rows." })),
                ("numbers".to_owned(), json!("2.5")),
                ("tags".to_owned(), tags),
                ("dropdown".to_owned(), json!({ "ids": [2] })),
                ("link".to_owned(), json!({ "url": "https://example.com/17", "text": "Ticket 17" })),
                ("check".to_owned(), json!({ "checked": "true" })),
                ("formula".to_owned(), json!({ "display": "5" })),
                ("mirror".to_owned(), json!({ "display": "Exports" })),
            ]);
        });
        let state = &mut self.state;
        let question = state.add_update(first, BEN, "<p>Here too.</p><p>Since <b>Monday</b>.</p>", None);
        state.add_update(first, ADA, "<p>Which version?</p>", Some(question));
        state.add_update(first, BEN, "<p>Any news?</p>", None);
        let part = self.item(below, "Stream the rows", |item| item.parent = Some(first));
        self.state.items[part].values.insert("status".to_owned(), json!({ "index": 2 }));
        let id = self.state.items[first].id.clone();
        self.item(web, "Write the format", |item| {
            item.values.insert("dependency".to_owned(), json!({ "item_ids": [id] }));
            item.group = "group_2".to_owned();
        });
    }

    fn add_endings(&mut self, web: usize) {
        self.item(web, "Done twice", |item| {
            item.values.insert("status".to_owned(), json!({ "index": 6 }));
        });
        self.item(web, "Nobody's", |_| {});
        self.item(web, "Put away", |item| item.state = "archived");
        self.item(web, "Thrown away", |item| item.state = "deleted");
        let long = self.item(web, "A long discussion", |_| {});
        for number in 1..=120 {
            self.state.add_update(long, BEN, &format!("<p>Thought {number}</p>"), None);
        }
        self.item(web, "Größe & <Menge> „prüfen“ 🎫", |_| {});
    }
}

fn web_columns() -> Vec<Column> {
    let mut columns = usual_columns();
    let labels = json!({ "labels": [{ "id": 1, "label": "Small" }, { "id": 2, "label": "Large" }] });
    columns.extend([
        Column::new("subtasks", "Subitems", "subtasks").with_settings(json!({ "boardIds": [2_222_222_222_u64] })),
        Column::new("dropdown", "Size", "dropdown").with_settings(labels),
        Column::new("link", "Elsewhere", "link"),
        Column::new("check", "Billed", "checkbox"),
        Column::new("dependency", "Waits for", "dependency"),
        Column::new("connect", "Connected", "board_relation"),
        Column::new("formula", "Twice", "formula"),
        Column::new("mirror", "Project", "mirror"),
    ]);
    columns
}

/// Returns a text that makes an item of the benchmark about as long as others' are.
fn paragraphs(number: u64) -> String {
    let sentence = "The export of the quarterly report stops before its end, and nobody is told about it. ";
    format!("Report {number}\n\n{}", sentence.repeat(13))
}
