//! Files and links: listed, downloaded, attached.

use serde_json::{Value, json};
use usher_adapter_sdk::{ErrorKind, message::NewAttachment, testkit::TestHost};

use crate::server::{CARD, Server, ada, ok, unexpected};

const FILE: &str = "5f00000000000000000000f1";
const LINK: &str = "5f00000000000000000000f2";

fn file() -> Value {
    json!({"id": FILE, "name": "log of today.txt", "fileName": "log.txt", "bytes": 7, "mimeType": "text/plain", "isUpload": true,
        "date": "2026-01-01T00:00:00.000Z", "idMember": "5f0000000000000000000ada",
        "url": format!("https://trello.com/1/cards/{CARD}/attachments/{FILE}/download/log.txt")})
}

fn server() -> Server {
    Server::new(|asked| {
        match asked.path().as_str() {
        "GET /cards/card0005" => ok(json!({"id": CARD, "members": [ada()], "attachments": [file(),
            {"id": LINK, "name": "", "bytes": null, "mimeType": "", "isUpload": false, "url": "https://example.com/status"}]})
        .to_string()),
        path if path == format!("GET /cards/{CARD}/attachments/{FILE}/download/log.txt") => {
            Ok(TestHost::response(200, "content"))
        }
        "POST /cards/card0005/attachments" => ok(file().to_string()),
        _ => unexpected(asked),
    }
    })
}

#[test]
fn files_and_links_are_listed_with_what_is_known_of_them() {
    let files = server().kit.attachments("card0005").unwrap();
    assert_eq!((files[0].name.as_str(), files[0].size, files[0].is_link), ("log of today.txt", Some(7), Some(false)));
    assert_eq!(files[0].author.as_ref().unwrap().handle.as_deref(), Some("ada"));
    assert_eq!((files[1].size, files[1].media_type.as_deref(), files[1].is_link), (None, None, Some(true)));
}

#[test]
fn a_file_is_downloaded_into_the_hosts_own_from_where_a_header_signs_in() {
    let server = server();
    assert_eq!(server.kit.download("card0005", FILE).unwrap().0.name, "log of today.txt");
    let asked = server.asked().pop().unwrap();
    assert!(asked.head.into_sink.is_some());
    assert_eq!(asked.line(), format!("GET /cards/{CARD}/attachments/{FILE}/download/log.txt"));
}

#[test]
fn a_link_and_a_file_of_another_card_are_not_downloaded() {
    let server = server();
    let error = server.kit.download("card0005", LINK).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(error.hint().unwrap().contains("https://example.com/status"));
    assert_eq!(server.kit.download("card0005", "../x").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_file_is_uploaded_as_a_form() {
    let server = server();
    let file = NewAttachment::new("log of today.txt").with_media_type("text/plain".to_owned());
    assert_eq!(server.kit.attach("card0005", &file, b"content").unwrap().id, FILE);
    let head = server.asked().pop().unwrap().head;
    let parts: Vec<_> = head.form.iter().map(|part| (part.name.as_str(), part.value.as_deref())).collect();
    assert_eq!(parts, [("name", Some("log of today.txt")), ("mimeType", Some("text/plain")), ("file", None)]);
    assert!(head.form[2].from_source.is_some());
    let error = server.kit.attach("card0005", &NewAttachment::new("a/b"), b"x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}
