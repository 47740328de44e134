//! Whatever an answer holds, it is a ticket or an error.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Raw, Source},
    testkit::{Kit, TestHost},
};
use usher_adapter_trello::Trello;

static ANSWERS: LazyLock<Vec<Value>> = LazyLock::new(|| {
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
});

/// Changes one place of a document: removes it, empties it, or puts something else there.
fn damaged(mut document: Value, place: usize, how: usize) -> Value {
    let mut pointers = Vec::new();
    collect(&document, String::new(), &mut pointers);
    let pointer = &pointers[place % pointers.len()];
    let others = [
        Value::Null,
        json!(true),
        json!(-1.5),
        json!(""),
        json!("é\u{0}🎫12345678"),
        json!([]),
        json!({}),
        json!([{}]),
    ];
    if how == 0 {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        if let Some(fields) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
            fields.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
    } else if let Some(value) = document.pointer_mut(pointer) {
        *value = others[how % others.len()].clone();
    }
    document
}

fn collect(value: &Value, at: String, pointers: &mut Vec<String>) {
    let mut below = |name: String, value: &Value| {
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        pointers.push(at.clone());
        collect(value, at, pointers);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| below(name.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| below(place.to_string(), item)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn a_damaged_answer_is_a_ticket_or_an_error(which in 0..3_usize, damages in prop::collection::vec((0..400_usize, 0..9_usize), 1..4)) {
        let kit = Kit::new::<Trello>("{}", &TestHost::new()).unwrap();
        let mut document = ANSWERS[which].clone();
        for (place, how) in damages {
            document = damaged(document, place, how);
        }
        if let Err(error) = kit.normalize(None, &Raw::main(document.to_string()), Source::Direct) {
            prop_assert_eq!(error.kind(), ErrorKind::ResponseParse, "{}", error);
        }
    }
}
