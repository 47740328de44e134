//! The fake's own answers fit its document, or a client that reads them proves nothing.

use serde_json::json;
use usher_tests::servers::trello::{FakeTrello, Seed, documents::document};

use super::{ask, send};
use crate::client::Answer;

/// What is asked.
const READS: &[&str] = &[
    "/members/me",
    "/members/me/boards?filter=open",
    "/boards/webBoard?lists=all&labels=all&labels_limit=1000&members=all&customFields=true",
    "/boards/webBoard/customFields",
    "/boards/webBoard/cards/all?limit=1000&attachments=true&checklists=all&customFieldItems=true",
    "/boards/webBoard/cards/1",
    "/cards/fKe10000?board=true&list=true&members=true&attachments=true&checklists=all&customFieldItems=true&actions=commentCard",
    "/cards/fKe10000/actions?filter=commentCard,createCard",
    "/search?query=export&modelTypes=cards&card_board=true&card_list=true",
    "/batch?urls=/cards/fKe10000/actions?filter%3DcommentCard",
];

fn complaints(method: &str, path: &str, answer: &Answer) -> Vec<String> {
    document().check_answer(method, path.split('?').next().unwrap_or_default(), 200, &answer.body)
}

#[test]
fn everything_that_is_read_fits_its_document() {
    let trello = FakeTrello::start(Seed::small());
    for path in READS {
        let answer = ask(&trello, "GET", path).send(&trello).expect(200);
        let complaints = complaints("GET", path, &answer);
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}

#[test]
fn every_answer_to_a_write_fits_its_document() {
    let trello = FakeTrello::start(Seed::small());
    let board = super::get(&trello, "/boards/webBoard?lists=all&labels=all&customFields=true");
    let (list, label, field) = (&board["lists"][1]["id"], &board["labels"][1]["id"], &board["customFields"][0]["id"]);
    let field = format!("/cards/fKe10000/customField/{}/item", field.as_str().unwrap_or_default());
    for (method, path, body) in [
        ("POST", "/cards", json!({ "idList": list, "name": "New" })),
        ("PUT", "/cards/fKe10000", json!({ "idList": list, "due": null })),
        ("POST", "/cards/fKe10000/actions/comments", json!({ "text": "Done." })),
        ("POST", "/cards/fKe10001/idLabels", json!({ "value": label })),
        ("PUT", field.as_str(), json!({ "value": { "text": "x" } })),
    ] {
        let answer = send(&trello, method, path, &body).expect(200);
        let complaints = complaints(method, path, &answer);
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}
