//! One issue, its notes and its files.

use usher_adapter_sdk::{
    ErrorKind,
    message::{Include, Raw, Source},
    testkit::{Kit, TestHost},
};

use crate::server::{Server, connection, empty, ok, one, unknown};

const ISSUE: &str = include_str!("../fixtures/issue.json");
const PARENT: &str = include_str!("../fixtures/parent.json");
const FIELDS: &str = include_str!("../fixtures/custom_fields.json");

#[test]
fn a_recorded_issue_becomes_a_ticket() {
    let server = Server::new(|_| unknown());
    let raw = Raw::main(ISSUE).with("custom_fields", FIELDS);
    let ticket = server.kit.normalize(None, &raw, Source::Direct).unwrap();
    insta::assert_json_snapshot!(serde_json::to_value(&ticket).unwrap());
}

#[test]
fn children_are_read_and_a_list_says_that_it_has_none_of_them() {
    let server = Server::new(|_| unknown());
    let ticket = server.kit.normalize(None, &Raw::main(PARENT), Source::Direct).unwrap();
    assert_eq!(ticket.children[0].key.as_str(), "3");
    assert!(ticket.completeness.is_empty(), "{:?}", ticket.completeness);
    let alone = server.kit.normalize(None, &Raw::main(r#"{"issue":{"id":7,"subject":"x"}}"#), Source::Mcp).unwrap();
    assert_eq!(alone.completeness.0.into_keys().collect::<Vec<_>>(), ["children", "links"]);
}

#[test]
fn a_wrong_key_is_told_although_anybody_may_read_the_issue() {
    let server = Server::new(|asked| if asked.line().contains("current.json") { empty(401) } else { one(7, "") });
    let error = server.kit.get("7", Include::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    let list = server.kit.fetch(&Default::default(), Include::SUMMARY, None).unwrap_err();
    assert_eq!(list.kind(), ErrorKind::Authentication);
}

#[test]
fn an_older_server_is_asked_which_statuses_are_closed() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET /issue_statuses.json" => ok(r#"{"issue_statuses":[{"id":9,"name":"Fini","is_closed":true}]}"#),
        line if line.starts_with("GET /issues/7.json") => one(7, r#""status":{"id":9,"name":"Fini"},"journals":[]"#),
        _ => unknown(),
    });
    assert_eq!(server.kit.get("7", Include::default()).unwrap().status.is_open, Some(false));
}

#[test]
fn what_is_missing_is_not_found_and_what_is_no_key_is_told() {
    let server = Server::new(|asked| if asked.line().contains("current") { unknown() } else { empty(404) });
    assert_eq!(server.kit.get("7", Include::default()).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(server.kit.get("A-7", Include::default()).unwrap_err().kind(), ErrorKind::InvalidReference);
}

#[test]
fn a_file_is_downloaded_from_below_the_connection_s_address() {
    let host =
        TestHost::new().with_connection(connection()).on_http(|head, _| match head.url.rsplit_once('/').unwrap().1 {
            "current.json" => ok(r#"{"user":{"id":5}}"#),
            "trace%20it.txt" => {
                assert_eq!(head.url, "https://redmine.example.com/redmine/attachments/download/1/trace%20it.txt");
                ok("bytes")
            }
            _ => one(1, r#""attachments":[{"id":1,"filename":"trace it.txt","content_url":"http://inside/1"}]"#),
        });
    let kit = Kit::new::<usher_adapter_redmine::Redmine>("{}", &host).unwrap();
    assert_eq!(kit.download("1", "1").unwrap().0.name, "trace it.txt");
    assert_eq!(kit.download("1", "2").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn an_administrator_acts_as_somebody_else() {
    let server =
        Server::with(
            r#"{"act_as":"bob"}"#,
            |asked| if asked.line().contains("current") { unknown() } else { one(7, "") },
        );
    server.kit.get("7", Include::default()).unwrap();
    let has_header =
        |asked: &crate::server::Asked| asked.head.headers.contains(&("x-redmine-switch-user".into(), "bob".into()));
    assert!(server.asked().iter().all(has_header));
}
