//! Files of an item, what can be chosen, and who we are.

use serde_json::json;
use usher_adapter_sdk::{
    ErrorKind,
    message::{NewAttachment, OptionsScope},
    testkit::TestHost,
};

use crate::server::{Server, board, connection, data, item, shown, users};

#[test]
fn a_file_is_downloaded_from_its_public_address_without_credentials() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Item" => data(json!({ "items": [item(json!({}))] })),
        _ => Ok(TestHost::response(200, "bytes").with_header("content-type", "text/plain")),
    });
    let (attachment, bytes) = server.kit.download("9001", "501").unwrap();
    assert_eq!(attachment.name, "log.txt");
    assert!(bytes.is_empty(), "the bytes go past the adapter");
    let asked = server.asked().pop().unwrap();
    assert_eq!((asked.head.auth.as_deref(), asked.head.into_sink.is_some()), (Some("none"), true));
    assert_eq!(server.kit.download("9001", "1").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(server.kit.attachments("9001").unwrap().len(), 1);
}

#[test]
fn a_file_goes_into_the_column_for_files() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Item" => data(json!({ "items": [item(json!({}))] })),
        _ => data(json!({ "add_file_to_column": item(json!({}))["assets"][0] })),
    });
    let attachment = server.kit.attach("9001", &NewAttachment::new("log.txt"), b"bytes").unwrap();
    assert_eq!(attachment.id, "501");
    let asked = server.asked().pop().unwrap();
    assert_eq!((asked.operation.as_str(), asked.head.url.as_str()), ("FileAdd", "https://api.monday.com/v2/file"));
    assert_eq!(asked.variables, json!({ "item": "9001", "column": "files" }));
    assert!(asked.head.form.iter().any(|part| part.name == "variables[file]" && part.from_source.is_some()));
}

#[test]
fn a_board_without_a_column_for_files_takes_none() {
    let server = Server::new(|_| {
        let mut item = item(json!({}));
        item["board"]["columns"] = json!([]);
        data(json!({ "items": [item] }))
    });
    let error = server.kit.attach("9001", &NewAttachment::new("a"), b"").unwrap_err();
    assert_eq!((error.kind(), server.asked().len()), (ErrorKind::Validation, 1));
}

#[test]
fn a_board_offers_labels_people_groups_and_columns() {
    let server = Server::new(|asked| match asked.operation.as_str() {
        "Board" => data(board()),
        _ => data(users()),
    });
    insta::assert_json_snapshot!(shown(&server.kit.options(&OptionsScope::default()).unwrap()));
}

#[test]
fn without_a_board_the_boards_are_offered() {
    let boards = json!({ "boards": [
        { "id": "1", "name": "Bugs", "url": "https://acme.monday.com/boards/1", "state": "active", "type": "board" },
        { "id": "2", "name": "Subitems of Bugs", "url": "", "state": "active", "type": "sub_items_board" },
        null,
    ] });
    let server = Server::at(connection(), "{}", move |_| data(boards.clone()));
    let projects = server.kit.options(&OptionsScope::default()).unwrap().projects.unwrap();
    assert_eq!(projects.iter().map(|project| project.key.as_str()).collect::<Vec<_>>(), ["1"]);
}

#[test]
fn a_check_says_whose_token_it_is_and_what_is_wrong_with_the_settings() {
    let server = Server::at(connection(), r#"{"account":"other"}"#, |_| {
        data(json!({
            "me": { "id": "7", "name": "Mara Lind", "email": "mara@shop.example", "time_zone_identifier": "Europe/Berlin",
                "account": { "name": "Acme", "slug": "acme", "tier": "pro" } },
            "version": { "kind": "deprecated", "value": "2027-01" },
            "complexity": { "before": 20000, "after": 19000, "query": 1000, "reset_in_x_seconds": 30 },
        }))
    });
    let identity = server.kit.check().unwrap();
    assert_eq!(identity.user.unwrap().id, "7");
    assert_eq!((identity.product.as_deref(), identity.version.as_deref()), (Some("monday.com (pro)"), Some("2027-01")));
    assert_eq!(identity.warnings.len(), 3, "{:?}", identity.warnings);
}
