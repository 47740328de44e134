//! What a lost answer may have left behind.

use usher_adapter_sdk::{ErrorKind, host::Connection, message::MarkerKind};

use crate::server::{API, Server, comment, issue, issue_of, ok};

const MARKER: &str = "6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11";

#[test]
fn an_issue_is_found_by_reading_the_accounts_own_newest_issues() {
    let connection = Connection::new("work").with_base_url(API.to_owned()).with_projects(vec!["acme/app".to_owned()]);
    let server = Server::at(connection, |asked| match asked.head.url.as_str() {
        "https://api.github.com/user" => ok(r#"{"login":"mara","id":7}"#),
        "https://api.github.com/issues" => {
            let marked = format!(r#""body":"x <!-- usher:{MARKER} -->""#);
            ok(format!("[{},{}]", issue_of("acme/lib", 2, &marked), issue(9, r#""body":"<!-- usher:other -->""#)))
        }
        _ => ok(format!("[{}]", issue_of("acme/app", 3, &format!(r#""body":"<!-- usher:{MARKER} -->""#)))),
    });
    let found = server.kit.find_by_marker(MarkerKind::Ticket, MARKER, None).unwrap();
    let keys: Vec<&str> = found.iter().map(|found| found.key.as_str()).collect();
    assert_eq!(keys, ["acme/lib#2", "acme/app#3"]);
    let since = "state=all&sort=created&direction=desc&since=2025-12-31T00:00:00Z&per_page=100";
    let expected = [
        "GET /user".to_owned(),
        format!("GET /issues?filter=created&{since}"),
        format!("GET /repos/acme/app/issues?creator=mara&{since}"),
    ];
    assert_eq!(server.lines(), expected);
}

#[test]
fn a_note_is_found_on_its_issue() {
    let server =
        Server::new(|_| ok(format!("[{},{}]", comment(1, "x"), comment(2, &format!("y <!-- usher:{MARKER} -->")))));
    let found = server.kit.find_by_marker(MarkerKind::Note, MARKER, Some(&"acme/app#5".into())).unwrap();
    assert_eq!(found[0].note_id.as_deref(), Some("2"));
    assert_eq!(server.lines(), ["GET /repos/acme/app/issues/5/comments?since=2025-12-31T00:00:00Z&per_page=100"]);
    let error = server.kit.find_by_marker(MarkerKind::Note, MARKER, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[test]
fn what_cannot_be_a_marker_is_refused() {
    let server = Server::new(|_| ok("[]"));
    let error = server.kit.find_by_marker(MarkerKind::Ticket, "--><!--", None).unwrap_err();
    assert_eq!((error.kind(), server.lines().len()), (ErrorKind::Validation, 0));
}
