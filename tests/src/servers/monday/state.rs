//! What the fake monday.com keeps: one account, its people, boards and items, and a clock that only writes move.
//!
//! Things refer to each other by their place in the lists here. Nothing is ever taken out of a list, so a place stays true;
//! what was deleted says so.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Everything that is kept.
#[derive(Debug)]
pub struct State {
    /// The account's name in addresses.
    pub slug: String,
    /// The account's name.
    pub name: String,
    /// People.
    pub users: Vec<User>,
    /// Teams.
    pub teams: Vec<Named>,
    /// Tags, which all boards share.
    pub tags: Vec<Named>,
    /// Boards, those of subitems too.
    pub boards: Vec<Board>,
    /// Items of all boards.
    pub items: Vec<Item>,
    /// Updates of all items, and the answers to them.
    pub updates: Vec<Update>,
    /// Files of all items.
    pub assets: Vec<Asset>,
    /// Where the server is; files have addresses below it.
    pub(super) address: String,
    clock: Timestamp,
    last_id: u64,
}

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    /// The number.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// A team or a tag.
#[derive(Clone, Debug)]
pub struct Named {
    /// The number.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A board.
#[derive(Clone, Debug)]
pub struct Board {
    /// The number.
    pub id: String,
    /// The name.
    pub name: String,
    /// `board`, `document` or `sub_items_board`.
    pub kind: &'static str,
    /// `active`, `archived` or `deleted`.
    pub state: &'static str,
    /// Whether its items have levels; it is listed only where such boards are asked for.
    pub multi_level: bool,
    /// Those who see it; everybody where nobody is named.
    pub seen_by: Vec<usize>,
    /// Its columns, the names of items first.
    pub columns: Vec<Column>,
    /// Its groups.
    pub groups: Vec<Group>,
}

/// A column of a board.
#[derive(Clone, Debug)]
pub struct Column {
    /// The id, which is unique on its board.
    pub id: String,
    /// The title.
    pub title: String,
    /// The type, as the schema names it.
    pub kind: &'static str,
    /// The settings, such as labels.
    pub settings: Value,
}

/// A group of a board.
#[derive(Clone, Debug)]
pub struct Group {
    /// The id, which is unique on its board.
    pub id: String,
    /// The title.
    pub title: String,
}

/// An item.
#[derive(Clone, Debug)]
pub struct Item {
    /// The number.
    pub id: String,
    /// The name.
    pub name: String,
    /// `active`, `archived` or `deleted`.
    pub state: &'static str,
    /// Its board.
    pub board: usize,
    /// The id of its group.
    pub group: String,
    /// Who made it.
    pub creator: usize,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What its columns hold, by their ids, in the forms that writes have.
    pub values: BTreeMap<String, Value>,
    /// The item that it is below.
    pub parent: Option<usize>,
}

/// An update, or an answer to one.
#[derive(Clone, Debug)]
pub struct Update {
    /// The number.
    pub id: String,
    /// Its item.
    pub item: usize,
    /// The text, HTML.
    pub body: String,
    /// Who wrote it.
    pub creator: usize,
    /// When it was written.
    pub created_at: Timestamp,
    /// The update that it answers.
    pub parent: Option<usize>,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The number.
    pub id: String,
    /// Its item.
    pub item: usize,
    /// The column that it was put into.
    pub column: String,
    /// The name.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
    /// When it came.
    pub created_at: Timestamp,
    /// Who brought it.
    pub uploaded_by: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            slug: "acme".to_owned(),
            name: "Acme".to_owned(),
            users: Vec::new(),
            teams: Vec::new(),
            tags: Vec::new(),
            boards: Vec::new(),
            items: Vec::new(),
            updates: Vec::new(),
            assets: Vec::new(),
            address: String::new(),
            clock: "2026-01-01T00:00:00Z".parse().expect("a time"),
            last_id: 9_000_000_000,
        }
    }
}

impl State {
    /// Moves the clock by a second, so that no two writes have the same time, and returns the new time.
    pub fn tick(&mut self) -> Timestamp {
        self.clock += SignedDuration::from_secs(1);
        self.clock
    }

    /// Returns a number that nothing else has.
    pub fn id(&mut self) -> String {
        self.last_id += 1;
        self.last_id.to_string()
    }

    /// Returns the place of a board by its number.
    pub fn find_board(&self, id: &str) -> Option<usize> {
        self.boards.iter().position(|board| board.id == id)
    }

    /// Returns the place of an item by its number.
    pub fn find_item(&self, id: &str) -> Option<usize> {
        self.items.iter().position(|item| item.id == id)
    }

    /// Returns an item by its name. For tests, which know it is there.
    pub fn named(&mut self, name: &str) -> &mut Item {
        let found = self.items.iter_mut().find(|item| item.name == name);
        found.unwrap_or_else(|| panic!("the fake monday.com has no item {name}"))
    }

    /// Adds an item without anything but a name, and returns its place.
    pub fn add_item(&mut self, board: usize, name: &str, creator: usize) -> usize {
        let (id, now) = (self.id(), self.tick());
        self.items.push(Item {
            id,
            name: name.to_owned(),
            state: "active",
            board,
            group: self.boards[board].groups[0].id.clone(),
            creator,
            created_at: now,
            updated_at: now,
            values: BTreeMap::new(),
            parent: None,
        });
        self.items.len() - 1
    }

    /// Adds an update, or an answer to one, and returns its place. The item's own time of change stays as it is.
    pub fn add_update(&mut self, item: usize, creator: usize, body: &str, parent: Option<usize>) -> usize {
        let (id, created_at) = (self.id(), self.tick());
        self.updates.push(Update { id, item, body: body.to_owned(), creator, created_at, parent });
        self.updates.len() - 1
    }

    /// Moves an item to another board's first group. It keeps what its new board has a column of that id and type for.
    pub fn move_item(&mut self, item: usize, board: usize) {
        let now = self.tick();
        let (from, to) = (&self.boards[self.items[item].board], &self.boards[board]);
        let stays = |id: &str| from.column(id).zip(to.column(id)).is_some_and(|(from, to)| from.kind == to.kind);
        let group = to.groups[0].id.clone();
        let moved = &mut self.items[item];
        moved.values.retain(|id, _| stays(id));
        (moved.board, moved.group, moved.updated_at) = (board, group, now);
    }
}

impl Board {
    /// Returns a column by its id.
    pub fn column(&self, id: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }
}

impl Column {
    /// Returns the labels that its settings have.
    pub fn labels(&self) -> &[Value] {
        self.settings["labels"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Returns the label of a number.
    pub fn label(&self, id: i64) -> Option<&Value> {
        self.labels().iter().find(|label| label["id"] == id)
    }
}
