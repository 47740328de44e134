//! What a fake monday.com begins with.

use serde_json::{Value, json};

use super::{
    access::Token,
    first_name,
    state::{Board, Column, Group, Item, Named, State, User},
};

/// The beginning of a fake monday.com.
#[derive(Debug, Default)]
pub struct Seed {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
}

/// The status labels of every board here: number, text, whether it means done, in the order in which people see them. Two
/// have one text, and the grey one has none.
const STATUS: &[(i64, &str, bool)] =
    &[(0, "Working on it", false), (2, "Stuck", false), (1, "Done", true), (6, "Done", true), (5, "", false)];

const PRIORITY: &[(i64, &str, bool)] = &[(110, "High", false), (109, "Medium", false), (7, "Low", false)];

const TYPE: &[(i64, &str, bool)] = &[(0, "Task", false), (1, "Bug", false), (2, "Feature", false)];

impl Seed {
    /// Returns an empty account.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Adds a person with a token.
    #[must_use]
    pub fn user(mut self, name: &str) -> Self {
        let place = self.state.users.len();
        let short = first_name(name);
        self.tokens.push(Token::of(place, &short));
        let id = (7_000_001 + place).to_string();
        self.state.users.push(User { id, name: name.to_owned(), email: format!("{short}@example.com") });
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Adds a team.
    #[must_use]
    pub fn team(mut self, name: &str) -> Self {
        let id = (1_200_001 + self.state.teams.len()).to_string();
        self.state.teams.push(Named { id, name: name.to_owned() });
        self
    }

    /// Adds a tag.
    #[must_use]
    pub fn tag(mut self, name: &str) -> Self {
        let id = (17_000_001 + self.state.tags.len()).to_string();
        self.state.tags.push(Named { id, name: name.to_owned() });
        self
    }

    /// Adds a board with two groups, and returns its place.
    pub fn board(&mut self, name: &str, kind: &'static str, columns: Vec<Column>) -> usize {
        let place = self.state.boards.len();
        let id = (1_111_111_111 + 1_111_111_111 * place as u64).to_string();
        let group = |id: &str, title: &str| Group { id: id.to_owned(), title: title.to_owned() };
        self.state.boards.push(Board {
            id,
            name: name.to_owned(),
            kind,
            state: "active",
            multi_level: false,
            seen_by: Vec::new(),
            columns,
            groups: vec![group("topics", "Planned"), group("group_2", "Later")],
        });
        place
    }

    /// Adds an item to a board, changed as the caller likes, and returns its place.
    pub fn item(&mut self, board: usize, name: &str, change: impl FnOnce(&mut Item)) -> usize {
        let place = self.state.add_item(board, name, 0);
        change(&mut self.state.items[place]);
        place
    }

    /// Returns the number of a person, as columns of people have it.
    pub fn person(&self, user: usize) -> Value {
        json!({ "id": self.state.users[user].id.parse::<u64>().expect("a number"), "kind": "person" })
    }

    /// Returns the value of a column of tags.
    pub fn tagged(&self, tag: usize) -> Value {
        json!({ "tag_ids": [self.state.tags[tag].id.parse::<u64>().expect("a number")] })
    }
}

impl Column {
    /// Returns a column without settings.
    pub fn new(id: &str, title: &str, kind: &'static str) -> Self {
        Self { id: id.to_owned(), title: title.to_owned(), kind, settings: json!({}) }
    }

    /// Returns the column with settings.
    #[must_use]
    pub fn with_settings(self, settings: Value) -> Self {
        Self { settings, ..self }
    }

    fn with_labels(self, labels: &[(i64, &str, bool)]) -> Self {
        let label = |(place, (id, text, is_done)): (usize, &(i64, &str, bool))| json!({ "id": id, "index": place, "label": text, "is_done": is_done, "is_deactivated": false });
        let labels: Vec<_> = labels.iter().enumerate().map(label).collect();
        self.with_settings(json!({ "type": "status", "labels": labels }))
    }
}

/// Returns the columns that every board here has which has a status.
pub(super) fn usual_columns() -> Vec<Column> {
    vec![
        Column::new("name", "Name", "name"),
        Column::new("person", "Owner", "people"),
        Column::new("status", "Status", "status").with_labels(STATUS),
        Column::new("color_type", "Type", "status").with_labels(TYPE),
        Column::new("color_prio", "Priority", "status").with_labels(PRIORITY),
        Column::new("date4", "Due date", "date"),
        Column::new("long_text", "Description", "long_text"),
        Column::new("numbers", "Estimate", "numbers").with_settings(json!({ "unit": "h" })),
        Column::new("tags", "Tags", "tags"),
        Column::new("files", "Files", "file"),
    ]
}
