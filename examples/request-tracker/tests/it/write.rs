//! Writes: what is claimed is what the ticket has become.

use std::sync::atomic::{AtomicBool, Ordering};

use usher_adapter_sdk::{
    ErrorKind,
    host::Response,
    message::{Altered, Change, Draft, FieldName, ListChange, NewAttachment, NoteDraft},
    model::{Json, RichText, Visibility},
    testkit::TestHost,
};

use crate::server::{QUEUES, Server, answer, ok, ticket};

const MAY: &str = r#""_hyperlinks":[{"ref":"comment","_url":"x"},{"ref":"correspond","_url":"x"}]"#;

#[test]
fn what_was_refused_with_200_is_reported_field_by_field_and_what_was_valid_is_kept() {
    let written = AtomicBool::new(false);
    let server = Server::new(move |asked| {
        if asked.head.method.as_str() == "PUT" {
            written.store(true, Ordering::SeqCst);
            return ok(r#"["Subject changed","'bogus' isn't a valid status"]"#);
        }
        let subject = if written.load(Ordering::SeqCst) { "After" } else { "Before" };
        ok(ticket(7, &format!(r#""Subject":"{subject}","Status":"open""#)))
    });
    let change = Change::new().with_title("After".to_owned()).with_status("bogus".to_owned());
    let updated = server.kit.update("7", &change).unwrap();
    assert_eq!(updated.applied, [FieldName::Title]);
    assert_eq!(updated.refused[0].field, FieldName::Status);
    assert!(updated.refused[0].reason.contains("isn't a valid status"), "{updated:?}");
}

#[test]
fn a_revision_that_is_not_the_tickets_is_a_conflict_before_and_while_it_is_written() {
    let with_etag = |response: Response| response.with_header("etag", "\"9\"");
    let server = Server::new(move |_| Ok(with_etag(TestHost::response(200, ticket(7, "")))));
    let change = Change::new().with_title("After".to_owned()).with_if_revision("\"8\"".to_owned());
    assert_eq!(server.kit.update("7", &change).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(server.lines(), ["GET ticket/7"]);
    let server = Server::new(move |asked| match asked.head.method.as_str() {
        "PUT" => {
            assert!(asked.head.headers.iter().any(|(name, value)| name == "if-match" && value == "\"9\""));
            answer(412, r#"{"message":"Precondition Failed"}"#)
        }
        _ => Ok(with_etag(TestHost::response(200, ticket(7, "")))),
    });
    let change = change.with_if_revision("\"9\"".to_owned());
    assert_eq!(server.kit.update("7", &change).unwrap_err().kind(), ErrorKind::Conflict);
}

#[test]
fn what_request_tracker_does_not_have_is_refused_and_a_second_owner_is() {
    let server = Server::new(|_| ok(ticket(7, r#""Owner":{"id":"mara"}"#)));
    let change = Change::new()
        .with_labels(ListChange::delta(["a".to_owned()], []))
        .with_assignees(ListChange::delta(["jun".to_owned()], []));
    let updated = server.kit.update("7", &change).unwrap();
    assert!(updated.applied.is_empty());
    let refused: Vec<&FieldName> = updated.refused.iter().map(|refused| &refused.field).collect();
    assert_eq!(refused, [&FieldName::Labels, &FieldName::Assignees]);
    assert!(server.lines().iter().all(|line| line.starts_with("GET")), "nothing was written");
}

#[test]
fn the_reporter_is_the_first_requestor_and_of_several_request_tracker_chooses_that() {
    let people = |names: &[&str]| {
        let people: Vec<String> = names.iter().map(|name| format!(r#"{{"id":"{name}","type":"user"}}"#)).collect();
        format!(r#""Requestor":[{}]"#, people.join(","))
    };
    let server = |before: String, after: String| {
        let written = AtomicBool::new(false);
        Server::new(move |asked| {
            if asked.head.method.as_str() == "PUT" {
                written.store(true, Ordering::SeqCst);
                return ok("[]");
            }
            ok(ticket(7, if written.load(Ordering::SeqCst) { &after } else { &before }))
        })
    };
    let zoe = Change::new().with_reporter("zoe".to_owned());
    // They stand in the order in which they came: bob, who stays, would be in front of zoe.
    let of_several = server(people(&["adam", "bob"]), people(&["bob", "zoe"]));
    let updated = of_several.kit.update("7", &zoe).unwrap();
    assert_eq!((updated.applied.len(), &updated.refused[0].field), (0, &FieldName::Reporter));
    assert!(updated.refused[0].reason.contains("several requestors"), "{updated:?}");
    // Who is the first already is the reporter, and nothing is written for that.
    let adam = Change::new().with_reporter("adam".to_owned());
    assert_eq!(of_several.kit.update("7", &adam).unwrap().applied, [FieldName::Reporter]);
    assert!(of_several.lines().iter().all(|line| line.starts_with("GET")), "{:?}", of_several.lines());
    let of_one = server(people(&["adam"]), people(&["zoe"]));
    assert_eq!(of_one.kit.update("7", &zoe).unwrap().applied, [FieldName::Reporter]);
    let sent = of_one.asked().into_iter().find(|asked| asked.head.method.as_str() == "PUT").unwrap();
    assert_eq!(sent.body, r#"{"Requestor":["zoe"]}"#);
    // Somebody else came in between.
    let meanwhile = server(people(&["adam"]), people(&["bob", "zoe"]));
    assert_eq!(meanwhile.kit.update("7", &zoe).unwrap().refused[0].field, FieldName::Reporter);
}

#[test]
fn a_custom_value_that_was_left_out_without_a_word_is_refused() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET queues/all" => ok(QUEUES),
        "POST ticket" => answer(201, r#"{"id":"8","type":"ticket"}"#),
        _ => ok(ticket(8, r#""Subject":"New","CustomFields":[{"id":"2","name":"Severity","values":[]}]"#)),
    });
    let fields: std::collections::BTreeMap<_, _> = [("Severity".to_owned(), Json::of("nope").unwrap())].into();
    let created = server.kit.create(&Draft::new("New").with_fields(fields)).unwrap();
    assert_eq!((created.key.as_str(), &created.applied[..]), ("8", &[FieldName::Title][..]));
    assert_eq!(created.refused[0].field, FieldName::custom("Severity"));
}

#[test]
fn a_note_is_sent_only_where_the_ticket_says_that_one_may_and_read_back() {
    let server = |may: &'static str, kind: &'static str| {
        Server::new(move |asked| match asked.line().as_str() {
            "GET ticket/7" => ok(ticket(7, may)),
            "POST ticket/7/comment" | "POST ticket/7/correspond" => {
                Ok(TestHost::response(201, "[]").with_header("location", "/REST/2.0/transaction/12"))
            }
            "GET transaction/12" => ok(format!(r#"{{"id":12,"Type":"{kind}","Created":"2026-01-01T00:00:00Z"}}"#)),
            other => panic!("{other}"),
        })
    };
    let internal = NoteDraft::new("Text", Visibility::Internal);
    let note = server(MAY, "Comment").kit.add_note("7", &internal).unwrap();
    assert_eq!((note.id.as_str(), note.visibility), ("12", Visibility::Internal));
    let without = server(r#""_hyperlinks":[{"ref":"correspond"}]"#, "Comment");
    assert_eq!(without.kit.add_note("7", &internal).unwrap_err().kind(), ErrorKind::Permission);
    assert_eq!(without.lines(), ["GET ticket/7"], "nothing was sent");
    let became_public = server(MAY, "Correspond").kit.add_note("7", &internal).unwrap_err();
    assert_eq!(became_public.kind(), ErrorKind::OutcomeUnknown);
    let unknown = server(MAY, "").kit.add_note("7", &NoteDraft::new("Text", Visibility::UNKNOWN)).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Validation);
}

#[test]
fn marks_of_markdown_that_show_as_characters_are_said_to_be_altered() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET queues/all" => ok(QUEUES),
        "POST ticket" => answer(201, r#"{"id":"7","type":"ticket"}"#),
        "POST ticket/7/correspond" => {
            Ok(TestHost::response(201, "[]").with_header("location", "/REST/2.0/transaction/12"))
        }
        "GET transaction/12" => ok(r#"{"id":12,"Type":"Correspond"}"#),
        _ => ok(ticket(7, &format!(r#""Subject":"New",{MAY}"#))),
    });
    let reason = "Request Tracker's plain text has no exact form for: bold";
    for (text, altered) in [("It is **down**", vec![Altered::new(FieldName::Body, reason)]), ("It is down", vec![])] {
        let created = server.kit.create(&Draft::new("New").with_body(RichText::markdown(text))).unwrap();
        assert!(created.applied.contains(&FieldName::Body), "{created:?}");
        assert_eq!(created.altered, altered);
        let note = server.kit.add_note("7", &NoteDraft::new(text, Visibility::Public)).unwrap();
        assert_eq!(note.altered, altered);
    }
    let sent: Vec<_> = server.asked().into_iter().filter(|asked| asked.body.contains("**down**")).collect();
    assert!(sent.len() == 2 && sent.iter().all(|asked| asked.body.contains("text/plain")), "{sent:?}");
}

#[test]
fn a_file_goes_with_a_comment_and_is_found_in_it() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET ticket/7" => ok(ticket(7, MAY)),
        "POST ticket/7/comment" => {
            let names: Vec<&str> = asked.head.form.iter().map(|part| part.name.as_str()).collect();
            assert_eq!(names, ["JSON", "Attachments"]);
            Ok(TestHost::response(201, "[]").with_header("location", "/REST/2.0/transaction/12"))
        }
        "GET transaction/12" => ok(r#"{"id":12,"Type":"Comment"}"#),
        "GET transaction/12/attachments" => ok(
            r#"{"count":2,"total":2,"items":[{"id":"1","Filename":""},{"id":"2","Filename":"a.bin","ContentLength":"3"}]}"#,
        ),
        other => panic!("{other}"),
    });
    let file = server.kit.attach("7", &NewAttachment::new("a.bin"), b"abc").unwrap();
    assert_eq!((file.id.as_str(), file.size), ("2", Some(3)));
}
