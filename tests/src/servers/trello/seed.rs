//! What there is at the beginning.

use serde_json::{Value, json};

use super::{
    access::Token,
    state::{Card, State},
};

/// The members, by their places.
const ADA: usize = 0;
const BEN: usize = 1;
/// The boards, by their places.
const WEB: usize = 0;
const SHOP: usize = 1;
const SECRET: usize = 2;
/// When everything begins: 2026-01-01.
const START: u32 = 1_767_225_600;

/// State and tokens of a Trello to be.
pub struct Seed {
    pub(super) state: State,
    pub(super) tokens: Vec<Token>,
}

impl Seed {
    /// Returns three boards with few cards, and with what is easily forgotten: lists of equal names, labels without names,
    /// archived cards, lists and boards, a card of another board, and a board of somebody else's.
    pub fn small() -> Self {
        let mut seed = Self::empty();
        let state = &mut seed.state;
        state.boards[SHOP]["lists"][2]["closed"] = true.into();
        let (to_do, doing, done) = (list(state, WEB, 0), list(state, WEB, 1), list(state, WEB, 2));
        let labels = [state.boards[WEB]["labels"][0]["id"].clone(), state.boards[WEB]["labels"][1]["id"].clone()];
        let (ada, fields) = (state.members[ADA]["id"].clone(), state.boards[WEB]["customFields"].clone());
        let card = state.add_card(WEB, &doing, "Export stops half-way", BEN);
        card.value["desc"] = "The export stops at **1,000** rows.".into();
        card.value["idLabels"] = labels.into_iter().collect();
        card.value["idMembers"] = json!([ada]);
        card.value["due"] = "2026-02-01T12:00:00.000Z".into();
        card.items = vec![
            json!({ "idCustomField": fields[0]["id"], "value": { "text": "Cy's Cycles" }, "idValue": null, "modelType": "card" }),
            json!({ "idCustomField": fields[1]["id"], "value": null, "idValue": fields[1]["options"][1]["id"], "modelType": "card" }),
        ];
        let checklist = state.id();
        state.cards[0].checklists.push(json!({ "id": checklist, "name": "Steps", "pos": 1,
            "checkItems": [{ "name": "open", "state": "complete", "pos": 1 }, { "name": "click", "state": "incomplete", "pos": 2 }] }));
        seed.add_file();
        let state = &mut seed.state;
        state.act(0, "commentCard", BEN, json!({ "text": "Here too." }));
        state.act(
            0,
            "commentCard",
            ADA,
            json!({ "text": "Which **version**?", "dateLastEdited": "2026-01-02T00:00:00.000Z" }),
        );
        state.add_card(WEB, &done, "Typo in the manual", ADA);
        state.add_card(WEB, &to_do, "Made by mistake", ADA).value["closed"] = true.into();
        state.add_card(WEB, &to_do, "Done where it stands", ADA).value["dueComplete"] = true.into();
        state.add_card(WEB, &to_do, "Größe & <Menge> „prüfen“ 🎫", BEN);
        let closed = list(state, SHOP, 2);
        state.add_card(SHOP, &closed, "On an archived list", BEN);
        let secret = list(state, SECRET, 0);
        state.add_card(SECRET, &secret, "Rotate the keys", BEN);
        seed.add_long_discussion(&to_do);
        seed.add_moved();
        seed
    }

    /// Returns a board with so many cards, always the same.
    pub fn issues(count: u64) -> Self {
        let mut seed = Self::empty();
        let state = &mut seed.state;
        let lists: Vec<String> = (0..3).map(|number| list(state, WEB, number)).collect();
        let (ada, export) = (state.members[ADA]["id"].clone(), state.boards[WEB]["labels"][0]["id"].clone());
        for number in 1..=count {
            state.now += 60;
            let place = usize::try_from(number % 3).expect("it is less than three");
            // Numbers are counted up here: to count the cards each time would take long.
            let card = card(state, &lists[place], number);
            let mut card = Card { value: card, ..Card::default() };
            card.value["idMembers"] = json!([ada]);
            card.value["idLabels"] = json!([export]);
            card.value["desc"] = "The export of the quarterly report stops before its end. ".repeat(20).trim().into();
            state.cards.push(card);
        }
        seed
    }

    fn empty() -> Self {
        let mut state = State { now: START, ..State::default() };
        for (username, name) in [("ada", "Ada Lovelace"), ("ben", "Ben Bitdiddle")] {
            let id = state.id();
            state.members.push(json!({ "id": id, "username": username, "fullName": name }));
        }
        let everybody: Vec<Value> = state.members.iter().map(|member| member["id"].clone()).collect();
        for (name, link, members) in [
            ("Web", "webBoard", everybody.clone()),
            ("Shop", "shoBoard", everybody.clone()),
            ("Secret", "secBoard", everybody[BEN..].to_vec()),
            ("Old", "oldBoard", everybody),
        ] {
            let board = board(&mut state, name, link, &members);
            state.boards.push(board);
        }
        let old = state.boards.last_mut().expect("there are boards");
        old["closed"] = true.into();
        let token =
            |text: &str, member: usize, may_write: bool| Token { text: format!("ATTA{text}"), member, may_write };
        let tokens = vec![token("ada", ADA, true), token("ben", BEN, true), token("adareads", ADA, false)];
        Self { state, tokens }
    }

    fn add_file(&mut self) {
        let (id, content) = (self.state.id(), b"row 1000\nrow 1001: no more\n".to_vec());
        let card = self.state.cards[0].value["id"].as_str().unwrap_or_default().to_owned();
        let link = self.state.id();
        self.state.cards[0].attachments = vec![
            json!({ "id": id, "name": "log file.txt", "fileName": "log_file.txt", "bytes": content.len(), "mimeType": "text/plain",
                "isUpload": true, "date": self.state.time(), "idMember": self.state.members[BEN]["id"],
                "url": format!("https://trello.com/1/cards/{card}/attachments/{id}/download/log_file.txt") }),
            json!({ "id": link, "name": "status", "bytes": null, "mimeType": "", "isUpload": false, "date": self.state.time(),
                "idMember": self.state.members[BEN]["id"], "url": "https://example.com/status" }),
        ];
        self.state.files.insert(id, content);
    }

    fn add_long_discussion(&mut self, list: &str) {
        self.state.add_card(WEB, list, "A long discussion", ADA);
        let place = self.state.cards.len() - 1;
        for number in 1..=1_005 {
            self.state.act(place, "commentCard", BEN, json!({ "text": format!("Thought {number}") }));
        }
    }

    /// A card that was made before the board that it is on now.
    fn add_moved(&mut self) {
        let list = list(&self.state, WEB, 0);
        let card = self.state.add_card(WEB, &list, "Made on an older board", BEN);
        card.value["id"] = "5f0000000000000000000001".into();
    }
}

fn board(state: &mut State, name: &str, link: &str, members: &[Value]) -> Value {
    let id = state.id();
    let mut named = |kind: &str, names: &[(&str, Value)]| -> Vec<Value> {
        let thing = |(place, (name, more)): (usize, &(&str, Value))| {
            let mut thing = json!({ "id": state.id(), "name": name, "idBoard": id, "pos": (place + 1) * 100 });
            thing[kind] = more.clone();
            thing
        };
        names.iter().enumerate().map(thing).collect()
    };
    let closed = Value::from(false);
    let lists = named("closed", &[("To Do", closed.clone()), ("Doing", closed.clone()), ("Done", closed)]);
    let labels = named("color", &[("export", "green".into()), ("", "red".into())]);
    let mut fields = named("type", &[("Customer", "text".into()), ("Size", "list".into())]);
    let options = named("color", &[("S", "none".into()), ("L", "none".into())]);
    fields[1]["options"] =
        options.iter().map(|option| json!({ "id": option["id"], "value": { "text": option["name"] } })).collect();
    json!({
        "id": id, "name": name, "shortLink": link, "shortUrl": format!("https://trello.com/b/{link}"), "closed": false,
        "url": format!("https://trello.com/b/{link}/{}", name.to_lowercase()), "lists": lists, "labels": labels,
        "customFields": fields, "idMembers": members,
    })
}

fn card(state: &mut State, list: &str, number: u64) -> Value {
    let id = state.id();
    let link = format!("fKe{:05}", 10_000 + number);
    json!({
        "id": id, "idShort": number, "shortLink": link, "shortUrl": format!("https://trello.com/c/{link}"),
        "url": format!("https://trello.com/c/{link}/{number}-report"), "name": format!("Report {number}"), "closed": false,
        "due": null, "dueComplete": false, "start": null, "dateLastActivity": state.time(),
        "idBoard": state.boards[WEB]["id"], "idList": list, "pos": number * 16_384,
    })
}

fn list(state: &State, board: usize, place: usize) -> String {
    state.boards[board]["lists"][place]["id"].as_str().expect("the board has the list").to_owned()
}
