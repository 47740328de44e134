//! Files: listed, downloaded, attached.

use serde_json::{Value, json};
use usher_adapter_sdk::{ErrorKind, message::NewAttachment, testkit::TestHost};

use crate::server::{API, Server, item, ok, unexpected};

const ID: &str = "098a279a-60b9-40a8-868b-b7fd00c0a439";

fn with_file() -> Value {
    let mut item = item(5, json!({}));
    item["relations"] = json!([{"rel": "AttachedFile", "url": format!("{API}/_apis/wit/attachments/{ID}"),
        "attributes": {"name": "my file.txt", "resourceSize": 7}}]);
    item
}

fn server() -> Server {
    Server::new(|asked| match asked.path().as_str() {
        "GET /_apis/wit/workitems/5" | "PATCH /_apis/wit/workitems/5" => ok(with_file().to_string()),
        path if path == format!("GET /Web/_apis/wit/attachments/{ID}") => Ok(TestHost::response(200, "content")
            .with_header("content-type", "application/octet-stream")
            .with_header("content-disposition", "attachment; filename=x")),
        "POST /Web/_apis/wit/attachments" => {
            ok(json!({"id": ID, "url": format!("{API}/_apis/wit/attachments/{ID}?fileName=x")}).to_string())
        }
        _ => unexpected(asked),
    })
}

#[test]
fn files_are_listed_with_what_is_known_of_them() {
    let files = server().kit.attachments("acme/Web#5").unwrap();
    assert_eq!((files.len(), files[0].name.as_str(), files[0].size), (1, "my file.txt", Some(7)));
}

#[test]
fn a_file_is_downloaded_into_the_hosts_own() {
    let server = server();
    let (file, _) = server.kit.download("acme/Web#5", ID).unwrap();
    assert_eq!(file.name, "my file.txt");
    let asked = server.asked().pop().unwrap();
    assert!(asked.head.into_sink.is_some());
    assert_eq!(asked.line(), format!("GET /Web/_apis/wit/attachments/{ID}?fileName=my file.txt&download=true"));
}

#[test]
fn a_file_of_another_work_item_is_not_found() {
    let server = server();
    for id in ["6b2266bf-a155-4582-a475-ca4da68193ef", "../../x", ""] {
        assert_eq!(server.kit.download("acme/Web#5", id).unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(server.lines().len(), 3, "only the work item was looked at");
}

#[test]
fn a_page_to_sign_in_at_is_no_file() {
    let server = Server::new(|asked| match asked.path().starts_with("GET /_apis") {
        true => ok(with_file().to_string()),
        false => Ok(TestHost::response(203, "<html>")),
    });
    assert_eq!(server.kit.download("acme/Web#5", ID).unwrap_err().kind(), ErrorKind::Authentication);
}

#[test]
fn a_file_is_uploaded_and_then_hung_on_the_work_item() {
    let server = server();
    let file = NewAttachment::new("my file.txt").with_media_type("text/plain".to_owned());
    let attached = server.kit.attach("acme/Web#5", &file, b"content").unwrap();
    assert_eq!((attached.id.as_str(), attached.media_type.as_deref()), (ID, Some("text/plain")));
    let asked = server.asked();
    assert!(asked[0].head.from_source.is_some());
    assert_eq!(asked[0].line(), "POST /Web/_apis/wit/attachments?fileName=my file.txt");
    let link = json!({"rel": "AttachedFile", "url": format!("{API}/_apis/wit/attachments/{ID}?fileName=x"), "attributes": {"name": "my file.txt"}});
    assert_eq!(server.last(), json!([{"op": "add", "path": "/relations/-", "value": link}]));
}

#[test]
fn a_file_that_does_not_show_afterwards_is_said_to_be_unknown() {
    let server = Server::new(|asked| match asked.head.method.as_str() {
        "POST" => ok(json!({"id": ID, "url": "https://dev.azure.com/x"}).to_string()),
        _ => ok(item(5, json!({})).to_string()),
    });
    let error = server.kit.attach("acme/Web#5", &NewAttachment::new("a"), b"x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(
        server.kit.attach("acme/Web#5", &NewAttachment::new("a/b"), b"x").unwrap_err().kind(),
        ErrorKind::Validation
    );
}
