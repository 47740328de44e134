//! Links that hang on an issue, and files in its texts.

use serde_json::json;
use usher_adapter_sdk::{Error, ErrorKind, testkit::TestHost};

use crate::server::{Server, comment, data, issue, nodes, user, uuid};

const FILE: &str = "https://uploads.linear.app/3f/9c/0ddfb1a7";

fn server() -> Server {
    Server::new(|asked| match (asked.operation.as_str(), asked.head.url.as_str()) {
        ("Issue", _) => data(json!({ "issue": issue(5, json!({
            "description": format!("![screen shot]({FILE}) and again {FILE}."),
            "comments": nodes(json!([comment(1, "[log](https://uploads.linear.app/3f/9c/5b/trace.txt)", "2026-01-01T00:00:00.000Z")])),
            "attachments": nodes(json!([{
                "id": uuid(3), "title": "Pull request 5", "url": "https://github.com/acme/app/pull/5",
                "createdAt": "2026-01-03T08:43:37.989Z", "creator": user(7, "tom"), "externalUserCreator": null,
            }])),
        })) })),
        ("", FILE) => Ok(TestHost::response(200, "bytes")
            .with_header("content-type", "image/png")
            .with_header("content-length", "5")),
        ("", _) => Ok(TestHost::response(404, "")),
        _ => Err(Error::not_found("the answer")),
    })
}

#[test]
fn links_and_files_are_listed_once() {
    let attachments = server().kit.attachments("ENG-5").unwrap();
    let shown: Vec<_> = attachments.iter().map(|it| (it.name.as_str(), it.is_link.unwrap())).collect();
    assert_eq!(shown, [("Pull request 5", true), ("screen shot", false), ("trace.txt", false)]);
}

#[test]
fn a_file_is_downloaded_by_its_address_and_credentials_are_the_hosts() {
    let server = server();
    let (attachment, bytes) = server.kit.download("ENG-5", FILE).unwrap();
    assert_eq!(
        (attachment.name.as_str(), attachment.size, attachment.media_type.as_deref()),
        ("screen shot", Some(5), Some("image/png"))
    );
    let request = server.asked().pop().unwrap().head;
    assert_eq!((request.method.as_str(), request.url.as_str(), request.headers.len()), ("GET", FILE, 0));
    assert!(request.into_sink.is_some() && bytes.is_empty(), "the bytes go past the adapter");
}

#[test]
fn what_is_no_file_of_the_ticket_is_not_downloaded() {
    let server = server();
    let kind = |id: &str| server.kit.download("ENG-5", id).unwrap_err().kind();
    assert_eq!(kind(&uuid(3)), ErrorKind::Unsupported, "a link is to another place");
    assert_eq!(kind("https://uploads.linear.app/of/another/ticket"), ErrorKind::NotFound);
    assert_eq!(kind("https://evil.example/"), ErrorKind::NotFound);
    assert_eq!(kind("https://uploads.linear.app/3f/9c/5b/trace.txt"), ErrorKind::NotFound, "it was deleted");
    let asked: Vec<String> =
        server.asked().into_iter().map(|asked| asked.head.url).filter(|url| !url.ends_with("/graphql")).collect();
    assert_eq!(asked, ["https://uploads.linear.app/3f/9c/5b/trace.txt"]);
}
