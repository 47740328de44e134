//! One ticket, with what was said on it.

use usher_adapter_sdk::{ErrorKind, message::Include, model::Visibility};

use crate::server::{Server, answer, ok, ticket};

const TICKET: &str = include_str!("../fixtures/ticket.json");

#[test]
fn a_recorded_ticket_with_everything_becomes_one_of_ours() {
    let server = Server::recorded(TICKET);
    let ticket = server.kit.get("1", Include::EVERYTHING).unwrap();
    insta::assert_json_snapshot!(serde_json::to_value(&ticket).unwrap());
}

#[test]
fn a_merged_ticket_answers_with_the_other_and_keeps_its_number_as_an_alias() {
    let server = Server::new(|_| ok(ticket(1, "")));
    let ticket = server.kit.get("5", Include::SUMMARY).unwrap();
    assert_eq!((ticket.key.as_str(), &ticket.aliases[..]), ("1", &["5".to_owned()][..]));
}

#[test]
fn times_that_were_never_set_and_records_that_are_hidden_are_absent() {
    let fields = r#""Due":"1970-01-01T00:00:00Z","Resolved":"1970-01-01T00:00:00Z","Owner":"","Requestor":[""],
        "CustomFields":[{"id":8,"name":"Called","values":["1970-01-01T00:00:00Z"]}]"#;
    let server = Server::new(move |_| ok(ticket(7, fields)));
    let ticket = server.kit.get("7", Include::SUMMARY).unwrap();
    assert!(ticket.due.is_none() && ticket.closed_at.is_none() && ticket.assignees.is_empty());
    assert!(ticket.reporter.is_none());
}

#[test]
fn wrong_credentials_are_no_ticket_that_is_missing() {
    for (status, kind) in [(401, ErrorKind::Authentication), (403, ErrorKind::Permission), (404, ErrorKind::NotFound)] {
        let server = Server::new(move |_| answer(status, r#"{"message":"Words"}"#));
        assert_eq!(server.kit.get("7", Include::SUMMARY).unwrap_err().kind(), kind);
    }
}

/// A ticket with 230 transactions, each a note with a part of its own, in pages of 100.
fn with_many_notes(has_total: bool) -> Server {
    Server::new(move |asked| {
        let page = |item: &dyn Fn(u64) -> String| {
            let page: u64 = asked.query("page").parse().unwrap();
            let numbers = ((page - 1) * 100 + 1)..=(page * 100).min(230);
            let items: Vec<String> = numbers.map(item).collect();
            let (total, next) = match (has_total, page) {
                (true, 1 | 2) => ("230", r#","next_page":"https://rt.example.com/next""#),
                (true, _) => ("230", ""),
                (false, _) => ("null", ""),
            };
            ok(format!(r#"{{"count":{},"total":{total},"items":[{}]{next}}}"#, items.len(), items.join(",")))
        };
        let kind = |number: u64| if number.is_multiple_of(2) { "Comment" } else { "Correspond" };
        match asked.line().as_str() {
            "GET ticket/7" => ok(ticket(7, "")),
            "GET ticket/7/history" => {
                page(&|number| format!(r#"{{"id":"{number}","type":"transaction","Type":"{}"}}"#, kind(number)))
            }
            "GET ticket/7/attachments" => page(&|number| {
                format!(r#"{{"id":"{}","ContentType":"text/plain","TransactionId":"{number}"}}"#, number + 1_000)
            }),
            line => {
                assert_eq!(line, "POST attachments");
                let conditions: Vec<serde_json::Value> = serde_json::from_str(&asked.body).unwrap();
                let item = |it: &serde_json::Value| {
                    format!(r#"{{"id":{},"ContentType":"text/plain","Content":"Note"}}"#, it["value"])
                };
                ok(format!(r#"{{"count":1,"items":[{}]}}"#, conditions.iter().map(item).collect::<Vec<_>>().join(",")))
            }
        }
    })
}

#[test]
fn notes_of_several_pages_are_all_read_whether_their_number_is_told_or_not() {
    for has_total in [true, false] {
        let server = with_many_notes(has_total);
        let notes = server.kit.notes("7", None).unwrap();
        let ids: Vec<u64> = notes.notes.iter().map(|note| note.id.parse().unwrap()).collect();
        assert_eq!(ids, (1..=230).collect::<Vec<_>>());
        assert!(notes.next.is_none() && notes.notes.iter().all(|note| note.body.markdown == "Note"));
        let internal = notes.notes.iter().filter(|note| note.visibility == Visibility::Internal).count();
        assert_eq!(internal, 115);
        let ticket = server.kit.get("7", Include::EVERYTHING).unwrap();
        assert_eq!((ticket.notes, ticket.completeness.0.get("notes")), (Some(notes.notes), None));
    }
}
