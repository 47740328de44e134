//! One card, with what is nested in it and beside it.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Include, Raw, Source},
    model::{CutReason, StatusCategory, Ticket},
    testkit::{Kit, TestHost},
};
use usher_adapter_trello::Trello;

use crate::server::{BOARD, CARD, Server, ada, card, comment, ok, shown};

fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn normalized(document: &Value) -> Ticket {
    let kit = Kit::new::<Trello>("{}", &TestHost::new()).unwrap();
    kit.normalize(None, &Raw::main(document.to_string()), Source::Direct).unwrap()
}

#[test]
fn a_recorded_card_with_comments_checklist_and_attachment_becomes_a_ticket() {
    let mut card = fixture(include_str!("../fixtures/adlio/list-cards.json"))[0].clone();
    card["checklists"] = json!([fixture(include_str!("../fixtures/adlio/checklist.json"))]);
    card["attachments"] = json!([fixture(include_str!("../fixtures/adlio/attachment.json"))]);
    card["actions"] = fixture(include_str!("../fixtures/adlio/comments.json"));
    card["list"] = json!({"id": "4eea4ffc91e31d174600004a", "name": "To Do", "closed": false});
    card["board"] = json!({"id": "4eea4ffc91e31d1746000046", "name": "Example Board", "shortLink": "cI66RoQS"});
    let fields = fixture(include_str!("../fixtures/adlio/custom-fields.json"));
    let server =
        Server::of(vec![("GET /cards/XlG8S7ll", card), ("GET /boards/4eea4ffc91e31d1746000046/customFields", fields)]);
    let ticket = server.kit.get("XlG8S7ll", Include::EVERYTHING).unwrap();
    insta::assert_json_snapshot!(shown(&ticket));
}

#[test]
fn recorded_cards_alone_become_tickets() {
    let found = fixture(include_str!("../fixtures/adlio/search.json"))["cards"][0].clone();
    let cards = [
        fixture(include_str!("../fixtures/adlio/card.json")),
        fixture(include_str!("../fixtures/adlio/card-created.json")),
        found,
    ];
    let tickets: Vec<Value> = cards.iter().map(|card| shown(&normalized(card))).collect();
    insta::assert_json_snapshot!(tickets);
}

#[test]
fn whoever_copied_a_card_has_made_it() {
    let mut copied = fixture(include_str!("../fixtures/adlio/card.json"));
    copied["actions"] = fixture(include_str!("../fixtures/adlio/copied.json"));
    assert_eq!(normalized(&copied).reporter.unwrap().handle.as_deref(), Some("cfadl"));
}

#[test]
fn one_request_is_enough_and_asks_for_nothing_that_nobody_wants() {
    let server = Server::of(vec![("GET /cards/card0005", card(json!({"members": [ada()]})))]);
    server.kit.get("card0005", Include::SUMMARY).unwrap();
    assert_eq!(
        server.lines(),
        [
            "GET /cards/card0005?fields=all&board=true&board_fields=name,closed,shortLink,shortUrl,url&list=true&members=true\
          &actions=convertToCardFromCheckItem,copyCard,createCard,emailCard&actions_limit=1000&attachments=false\
          &checklists=none&customFieldItems=false"
        ]
    );
}

#[test]
fn a_number_on_a_board_leads_to_the_card_with_its_own_key() {
    let server = Server::of(vec![
        ("GET /boards/5f00000000000000000000b0/cards/5", card(json!({}))),
        ("GET /cards/5f0000000000000000000005", card(json!({}))),
    ]);
    let ticket = server.kit.get("board123#5", Include::default()).unwrap();
    assert_eq!((ticket.key.as_str(), ticket.native_id.as_deref()), ("card0005", Some(CARD)));
}

#[test]
fn where_a_card_stands_is_said_by_its_list_and_its_marks() {
    let kit = Kit::new::<Trello>(r#"{"lists":{"Marinating":"backlog"}}"#, &TestHost::new()).unwrap();
    let open = |closed: bool| json!({"closed": closed});
    for (list, own, category, is_open, resolution) in [
        ("Doing", open(false), StatusCategory::InProgress, true, None),
        ("Marinating", open(false), StatusCategory::Backlog, true, None),
        ("Somewhere", open(false), StatusCategory::UNKNOWN, true, None),
        ("Done", open(false), StatusCategory::Done, false, None),
        ("Doing", open(true), StatusCategory::UNKNOWN, false, Some("archived")),
        ("Done", open(true), StatusCategory::Done, false, Some("archived")),
        ("Doing", json!({"dueComplete": true}), StatusCategory::Done, false, Some("complete")),
        (
            "Doing",
            json!({"list": {"id": "5f000000000000000000a002", "name": "Doing", "closed": true}}),
            StatusCategory::UNKNOWN,
            false,
            Some("archived"),
        ),
        ("Doing", json!({"board": {"id": BOARD, "closed": true}}), StatusCategory::UNKNOWN, false, Some("archived")),
    ] {
        let mut whole = json!({"list": {"id": "5f000000000000000000a002", "name": list, "closed": false}});
        for (name, value) in own.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let ticket = kit.normalize(None, &Raw::main(card(whole).to_string()), Source::Direct).unwrap();
        assert_eq!(ticket.status.category, category, "{list} {own}");
        assert_eq!(ticket.status.is_open, Some(is_open), "{list} {own}");
        assert_eq!(ticket.resolution.map(|resolution| resolution.name).as_deref(), resolution, "{list} {own}");
    }
}

#[test]
fn labels_without_a_name_are_known_by_their_colour() {
    let labels = json!([{"id": "1", "name": "export", "color": "green"}, {"id": "2", "name": "", "color": "red"}, {"id": "3", "name": "", "color": null}]);
    assert_eq!(normalized(&card(json!({"labels": labels}))).labels, ["export", "red", "3"]);
}

#[test]
fn values_of_custom_fields_have_their_types() {
    let items = json!([
        {"idCustomField": "5f000000000000000000f001", "value": {"text": "Cy's Cycles"}},
        {"idCustomField": "5f000000000000000000f002", "value": {"number": "3.5"}},
        {"idCustomField": "5f000000000000000000f003", "value": {"checked": "true"}},
        {"idCustomField": "5f000000000000000000f004", "value": {"date": "2026-02-03T00:00:00.000Z"}},
        {"idCustomField": "5f000000000000000000f005", "idValue": "5f000000000000000000e002", "value": null},
        {"idCustomField": "5f000000000000000000f009", "value": {"number": "many"}},
    ]);
    let fields = crate::server::board()["customFields"].clone();
    let server = Server::of(vec![
        ("GET /cards/card0005", card(json!({"customFieldItems": items, "start": "2026-01-05T00:00:00.000Z"}))),
        ("GET /boards/5f00000000000000000000b0/customFields", fields),
    ]);
    let ticket = server.kit.get("card0005", Include::EVERYTHING).unwrap();
    let fields: Vec<String> = ticket
        .custom_fields
        .unwrap()
        .iter()
        .map(|field| {
            format!("{} {} {}", field.name.as_deref().unwrap_or(&field.id), field.value_type, field.value.as_str())
        })
        .collect();
    assert_eq!(
        fields,
        [
            r#"Customer text "Cy's Cycles""#,
            "Points number 3.5",
            "Urgent boolean true",
            r#"Ships date_time "2026-02-03T00:00:00.000Z""#,
            r#"Size choice "L""#,
            r#"5f000000000000000000f009 unknown "many""#,
            r#"Start date_time "2026-01-05T00:00:00Z""#,
            "Position number 16384.0",
        ]
    );
}

#[test]
fn more_than_a_thousand_comments_are_all_read() {
    let server = Server::new(|asked| {
        let page = |from: u32, to: u32| -> Vec<Value> { (from..to).rev().map(|number| comment(number, "x")).collect() };
        match asked.path().as_str() {
            "GET /cards/card0005" => {
                ok(card(json!({"actions": page(200, 1_200), "badges": {"comments": 1_200}})).to_string())
            }
            _ => ok(json!(page(0, 200)).to_string()),
        }
    });
    let ticket = server.kit.get("card0005", Include::EVERYTHING).unwrap();
    assert_eq!((ticket.notes.unwrap().len(), ticket.completeness.is_empty()), (1_200, true));
}

#[test]
fn what_is_counted_and_not_here_is_said_to_be_cut() {
    let ticket = normalized(&card(json!({"badges": {"comments": 3, "attachments": 1}})));
    for (part, total) in [("notes", 3), ("attachments", 1)] {
        let cut = &ticket.completeness.0[part];
        assert_eq!((cut.loaded, cut.total, cut.reason.clone()), (0, Some(total), CutReason::NotLoaded));
    }
}

#[test]
fn what_is_not_there_or_not_to_be_seen_is_not_found() {
    let error = Server::of(vec![]).kit.get("card0009", Include::default()).unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(404)));
}
