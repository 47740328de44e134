//! What a write changes, and what it leaves.

use serde_json::{Value, json};
use usher_tests::servers::trello::{FakeTrello, Seed};

use super::{ask, get, send};

fn board(trello: &FakeTrello, link: &str) -> Value {
    get(trello, &format!("/boards/{link}?lists=all&labels=all&customFields=true"))
}

#[test]
fn a_list_of_another_board_is_refused_although_its_name_is_the_same() {
    let trello = FakeTrello::start(Seed::small());
    let other = board(&trello, "shoBoard");
    assert_eq!(other["lists"][0]["name"], board(&trello, "webBoard")["lists"][0]["name"]);
    let answer = send(&trello, "PUT", "/cards/fKe10000", &json!({ "idList": other["lists"][0]["id"] })).expect(400);
    assert_eq!(answer.text(), "invalid value for idList");
    let moved = json!({ "idBoard": other["id"], "idList": other["lists"][0]["id"] });
    let card = send(&trello, "PUT", "/cards/fKe10000", &moved).expect(200).json();
    assert_eq!((&card["idBoard"], &card["labels"]), (&other["id"], &json!([])), "labels stay behind");
}

#[test]
fn a_label_is_added_once_and_removed_once() {
    let trello = FakeTrello::start(Seed::small());
    let label = board(&trello, "webBoard")["labels"][0]["id"].clone();
    let path = format!("/cards/fKe10001/idLabels/{}", label.as_str().unwrap_or_default());
    send(&trello, "POST", "/cards/fKe10001/idLabels", &json!({ "value": label })).expect(200);
    send(&trello, "POST", "/cards/fKe10001/idLabels", &json!({ "value": label })).expect(400);
    ask(&trello, "DELETE", &path).send(&trello).expect(200);
    ask(&trello, "DELETE", &path).send(&trello).expect(404);
}

#[test]
fn a_file_is_taken_as_a_form_and_given_back() {
    let trello = FakeTrello::start(Seed::small());
    let form = "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nlog\r\n--x\r\n\
                Content-Disposition: form-data; name=\"file\"; filename=\"log.txt\"\r\n\r\nrow\r\n--x--\r\n";
    let answer = ask(&trello, "POST", "/cards/fKe10001/attachments").text("multipart/form-data; boundary=x", form);
    let file = answer.send(&trello).expect(200).json();
    assert_eq!((file["name"].as_str(), file["bytes"].as_u64()), (Some("log"), Some(3)));
    let id = file["id"].as_str().unwrap_or_default();
    let path = format!("/cards/fKe10001/attachments/{id}/download/log.txt");
    assert_eq!(ask(&trello, "GET", &path).send(&trello).expect(200).text(), "row");
}
