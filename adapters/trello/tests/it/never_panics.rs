//! Whatever an answer holds, it is a ticket or an error.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Raw, Source},
    testkit::{Kit, Nonsense, TestHost},
};
use usher_adapter_trello::Trello;

fn answers() -> Vec<Value> {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let mut whole = read(include_str!("../fixtures/adlio/list-cards.json"))[0].clone();
    whole["checklists"] = json!([read(include_str!("../fixtures/adlio/checklist.json"))]);
    whole["attachments"] = json!([read(include_str!("../fixtures/adlio/attachment.json"))]);
    whole["actions"] = read(include_str!("../fixtures/adlio/comments.json"));
    vec![
        read(include_str!("../fixtures/adlio/card.json")),
        read(include_str!("../fixtures/adlio/card-created.json")),
        whole,
    ]
}

#[test]
fn a_damaged_answer_is_a_ticket_or_an_error_that_says_where() {
    let kit = Kit::new::<Trello>("{}", &TestHost::new()).unwrap();
    for answer in answers() {
        Nonsense::of(answer.to_string()).assert_no_panic(|document| {
            let ticket = kit.normalize(None, &Raw::main(document), Source::Direct);
            if let Err(error) = &ticket {
                assert_eq!(error.kind(), ErrorKind::ResponseParse, "{error}");
            }
            ticket
        });
    }
}
