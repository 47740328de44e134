//! Files: listed, read and added, and their bytes pass by the adapter.

use serde_json::{Value, json};
use usher_adapter_sdk::{ErrorKind, message::NewAttachment, model::Visibility};

use crate::server::{SITE, Server, issue, ok, unknown};

fn file() -> Value {
    json!({"id": "900", "filename": "log 1.txt", "size": 3, "mimeType": "text/plain", "created": "2026-01-01T00:00:00.000+0000",
        "content": format!("{SITE}/rest/api/3/attachment/content/900"), "author": {"accountId": "me"}})
}

#[test]
fn the_files_of_an_issue_are_listed() {
    let server = Server::cloud(|_| ok(issue(7, json!({"attachment": [file()]})).to_string()));
    let files = server.kit.attachments("OPS-7").unwrap();
    assert_eq!((files[0].id.as_str(), files[0].name.as_str(), files[0].size), ("900", "log 1.txt", Some(3)));
    assert_eq!(server.lines(), ["GET /issue/OPS-7?fields=attachment&expand=names,schema"]);
}

#[test]
fn a_file_is_read_from_where_each_edition_keeps_it() {
    let answer = |asked: &crate::server::Asked| match asked.target().as_str() {
        "GET /issue/OPS-7" => ok(issue(7, json!({"attachment": [file()]})).to_string()),
        "GET /attachment/content/900" | "GET /secure/attachment/900/log%201.txt" => {
            assert!(asked.head.into_sink.is_some(), "the bytes are the host's");
            ok("")
        }
        _ => unknown(asked),
    };
    for server in [Server::cloud(answer), Server::data_center(answer)] {
        assert_eq!(server.kit.download("OPS-7", "900").unwrap().0.name, "log 1.txt");
    }
    let error = Server::cloud(answer).kit.download("OPS-7", "901").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "it hangs on another issue, or on none");
}

#[test]
fn a_file_is_added_as_a_form_that_jira_does_not_take_for_a_forged_one() {
    let server = Server::cloud(|asked| match asked.target().as_str() {
        "POST /issue/OPS-7/attachments" => ok(json!([file()]).to_string()),
        _ => unknown(asked),
    });
    let added = server.kit.attach("OPS-7", &NewAttachment::new("log 1.txt"), b"abc").unwrap();
    assert_eq!(added.id, "900");
    let head = &server.writes()[0].head;
    assert!(head.headers.contains(&("x-atlassian-token".to_owned(), "no-check".to_owned())));
    assert_eq!((head.form[0].name.as_str(), head.form[0].file_name.as_deref()), ("file", Some("log 1.txt")));
}

#[test]
fn a_file_for_a_few_cannot_be_kept() {
    let server = Server::cloud(unknown);
    let file = NewAttachment::new("a").with_visibility(Visibility::Internal);
    assert_eq!(server.kit.attach("OPS-7", &file, b"").unwrap_err().kind(), ErrorKind::Validation);
    assert!(server.lines().is_empty());
}
