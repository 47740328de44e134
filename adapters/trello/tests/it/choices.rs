//! What can be chosen.

use serde_json::json;
use usher_adapter_sdk::message::OptionsScope;

use crate::server::{Server, answer_of, card, connection, shown};

#[test]
fn a_board_offers_lists_labels_people_and_fields() {
    let options = Server::of(vec![]).kit.options(&OptionsScope::default()).unwrap();
    insta::assert_json_snapshot!(shown(&options));
}

#[test]
fn a_card_means_its_board() {
    let server = Server::of(vec![("GET /cards/card0005", card(json!({})))]);
    let options = server.kit.options(&OptionsScope::default().with_ticket(Some("card0005".into()))).unwrap();
    assert_eq!(options.projects.unwrap()[0].key, "board123");
}

#[test]
fn without_a_board_the_account_s_boards_are_offered() {
    let boards = json!([{"id": "5f00000000000000000000b1", "name": "Web", "shortLink": "webboard"},
        {"id": "5f00000000000000000000b2", "name": "Web", "shortLink": "webother"}]);
    let server = Server::at(connection(), move |asked| answer_of(&[("GET /members/me/boards", boards.clone())], asked));
    let options = server.kit.options(&OptionsScope::default()).unwrap();
    let keys: Vec<String> = options.projects.unwrap().into_iter().map(|project| project.key).collect();
    assert_eq!(keys, ["webboard", "webother"]);
    let error = server.kit.options(&OptionsScope::default().with_project("web".to_owned())).unwrap_err();
    assert!(error.hint().unwrap().contains("webboard (Web), webother (Web)"), "{error:?}");
}

#[test]
fn a_board_is_known_by_its_name_also_where_that_looks_like_a_short_link() {
    let boards = json!([{"id": "5f00000000000000000000b0", "name": "Projects", "shortLink": "board123"}]);
    let server = Server::of(vec![("GET /members/me/boards", boards)]);
    let options = server.kit.options(&OptionsScope::default().with_project("projects".to_owned())).unwrap();
    assert_eq!(options.projects.unwrap()[0].key, "board123");
}
