//! What is kept: boards and cards as Trello's JSON, and beside a card what is only shown when it is asked for.

use std::collections::HashMap;

use serde_json::{Value, json};

/// Everything that is kept.
#[derive(Debug, Default)]
pub struct State {
    /// Everybody.
    pub members: Vec<Value>,
    /// Boards with their `lists`, `labels`, `customFields` and `idMembers`.
    pub boards: Vec<Value>,
    /// All cards.
    pub cards: Vec<Card>,
    /// The bytes of files by the ids of their attachments.
    pub files: HashMap<String, Vec<u8>>,
    /// The clock, in seconds; it goes on by one with every thing that is made.
    pub now: u32,
    /// How many things were made.
    pub made: u64,
}

/// A card, and what is nested in it on demand.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// The card's own JSON.
    pub value: Value,
    /// Files and links.
    pub attachments: Vec<Value>,
    /// Checklists.
    pub checklists: Vec<Value>,
    /// Values of custom fields.
    pub items: Vec<Value>,
    /// What was done to it, oldest first.
    pub actions: Vec<Value>,
}

impl State {
    /// Returns an id for something that is made now.
    pub fn id(&mut self) -> String {
        self.now += 1;
        self.made += 1;
        format!("{:08x}{:016x}", self.now, self.made)
    }

    /// Returns the time as Trello writes it.
    pub fn time(&self) -> String {
        let time = jiff::Timestamp::from_second(i64::from(self.now)).expect("the clock is of this age");
        format!("{time:.3}")
    }

    /// Returns a card by its short link, its id or its name.
    pub fn card(&mut self, name: &str) -> &mut Card {
        let fits = |card: &&mut Card| ["shortLink", "id", "name"].iter().any(|field| card.value[field] == name);
        self.cards.iter_mut().find(fits).unwrap_or_else(|| panic!("there is no card {name}"))
    }

    /// Makes a card on a list.
    pub fn add_card(&mut self, board: usize, list: &str, name: &str, member: usize) -> &mut Card {
        let id = self.id();
        let board_id = self.boards[board]["id"].clone();
        let number = 1 + self.cards.iter().filter(|card| card.value["idBoard"] == board_id).count();
        let link = format!("fKe{:05}", 10_000 + self.cards.len());
        let value = json!({
            "id": id, "idShort": number, "shortLink": link, "shortUrl": format!("https://trello.com/c/{link}"),
            "url": format!("https://trello.com/c/{link}/{number}-card"), "name": name, "desc": "", "closed": false, "due": null,
            "dueComplete": false, "start": null, "dateLastActivity": self.time(), "idBoard": board_id, "idList": list,
            "idMembers": [], "idLabels": [], "pos": number * 16_384, "idChecklists": [], "subscribed": false,
        });
        self.cards.push(Card { value, ..Card::default() });
        self.act(self.cards.len() - 1, "createCard", member, json!({}));
        self.cards.last_mut().expect("it was just made")
    }

    /// Writes down what somebody did to a card, and returns it.
    pub fn act(&mut self, card: usize, kind: &str, member: usize, data: Value) -> Value {
        let id = self.id();
        let (creator, time) = (self.members[member].clone(), self.time());
        let action = json!({
            "id": id, "type": kind, "date": time, "data": data, "idMemberCreator": creator["id"], "memberCreator": creator,
        });
        let card = &mut self.cards[card];
        card.actions.push(action.clone());
        card.value["dateLastActivity"] = time.into();
        action
    }

    /// Returns the place of a board by its short link or id.
    pub fn board_place(&self, name: &str) -> Option<usize> {
        self.boards.iter().position(|board| board["id"] == name || board["shortLink"] == name)
    }

    /// Returns the place of a card by its short link or id.
    pub fn card_place(&self, name: &str) -> Option<usize> {
        self.cards.iter().position(|card| card.value["id"] == name || card.value["shortLink"] == name)
    }

    /// Returns the board that a card is on.
    pub fn board_of(&self, card: &Card) -> &Value {
        let fits = |board: &&Value| board["id"] == card.value["idBoard"];
        self.boards.iter().find(fits).expect("a card is on a board")
    }

    /// Returns a thing of a board's by its id: a list, a label, a custom field.
    pub fn of_board<'a>(board: &'a Value, kind: &str, id: &Value) -> Option<&'a Value> {
        board[kind].as_array()?.iter().find(|thing| thing["id"] == *id)
    }
}
