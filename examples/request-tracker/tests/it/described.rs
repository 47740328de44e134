//! The adapter makes every request of the table in `requests`, and no other.

use std::collections::{BTreeMap, BTreeSet};

use usher_adapter_sdk::{
    Result,
    host::Response,
    message::{
        Change, Clearable, Criteria, Draft, Include, LinkDraft, ListChange, NOBODY, NewAttachment, NoteDraft,
        OptionsScope, Query, Sort, SortField,
    },
    model::{Due, Estimate, Json, LinkKind, RichText, TicketKey, Visibility},
    testkit::TestHost,
};

use crate::{
    requests,
    server::{Asked, QUEUES, Server, ok, ticket},
};

#[test]
fn every_request_of_the_table_is_one_that_the_adapter_makes() {
    let mut asked = BTreeSet::new();
    for (queue, has_owner) in [("Support", false), ("3", true)] {
        let server = Server::new(move |asked| answer(asked, has_owner));
        everything(&server, queue);
        asked.extend(server.asked().iter().map(requests::described_line));
    }
    assert_eq!(asked, requests::described());
}

fn everything(server: &Server, queue: &str) {
    let kit = &server.kit;
    kit.check().unwrap();
    kit.get("7", Include::EVERYTHING).unwrap();
    kit.notes("7", None).unwrap();
    kit.options(&OptionsScope::default().with_ticket(TicketKey::new("7"))).unwrap();
    assert_eq!(kit.download("7", "2").unwrap().1, b"abc");
    kit.fetch(&Criteria::default().with_project(vec![queue.to_owned()]), Include::EVERYTHING, None).unwrap();
    for by in [SortField::Created, SortField::Updated, SortField::Key] {
        kit.fetch(&Criteria::default().with_sort(Sort::by(by)), Include::SUMMARY, None).unwrap();
    }
    kit.search(&Query::text("it's done"), Include::SUMMARY, None).unwrap();
    kit.search(&Query::native("id > 0"), Include::SUMMARY, None).unwrap();
    let fields: BTreeMap<_, _> = [("Severity".to_owned(), Json::parse(r#"["a","b"]"#).unwrap())].into();
    let links = |target: &str| -> Vec<LinkDraft> {
        [LinkKind::Blocks, LinkKind::BlockedBy, LinkKind::Relates].map(|kind| LinkDraft::new(kind, target)).into()
    };
    let draft = Draft::new("New")
        .with_project(queue.to_owned())
        .with_body(RichText::plain("Text"))
        .with_status("todo".to_owned())
        .with_priority("high".to_owned())
        .with_assignees(vec!["mara".to_owned()])
        .with_reporter("tom".to_owned())
        .with_parent(TicketKey::new("3"))
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_estimate(Estimate::new(2.0, "hours"))
        .with_links(links("9"))
        .with_fields(fields);
    kit.create(&draft).unwrap();
    let change = Change::new()
        .with_title("Other".to_owned())
        .with_status("done".to_owned())
        .with_priority(Clearable::Set("5".to_owned()))
        .with_project(queue.to_owned())
        .with_reporter("zoe".to_owned())
        .with_assignees(ListChange::set(["@me".to_owned()]))
        .with_parent(Clearable::Set(TicketKey::new("3")))
        .with_due(Clearable::<Due>::Clear)
        .with_estimate(Clearable::<Estimate>::Clear)
        .with_links(ListChange::delta(links("9"), links("4")))
        .with_if_revision("\"9\"".to_owned());
    kit.update("7", &change).unwrap();
    kit.update("7", &Change::new().with_assignees(ListChange::set(Vec::<String>::new()))).unwrap();
    for visibility in [Visibility::Internal, Visibility::Public] {
        kit.add_note("7", &NoteDraft::new("Text", visibility.clone())).unwrap();
        kit.attach("7", &NewAttachment::new("a.bin").with_visibility(visibility), b"abc").unwrap();
    }
    let nobody = Criteria::default().with_assignee(vec![NOBODY.to_owned()]).with_limit(7);
    kit.fetch(&nobody, Include::SUMMARY, None).unwrap();
}

/// Answers whatever is asked.
fn answer(asked: &Asked, has_owner: bool) -> Result<Response> {
    let owner = if has_owner { "mara" } else { "Nobody" };
    let fields = format!(
        r#""Owner":{{"id":"{owner}"}},"Requestor":[{{"id":"tom"}}],"_hyperlinks":[{{"ref":"comment"}},{{"ref":"correspond"}},
        {{"ref":"parent","type":"ticket","id":"4"}},{{"ref":"refers-to","type":"ticket","id":"4"}}]"#
    );
    let part = r#"{"id":"2","Filename":"a.bin","ContentLength":"3","ContentType":"text/plain","TransactionId":"12"},
        {"id":"3","Filename":"","ContentType":"text/plain","TransactionId":"12"}"#;
    let page = |items: &str| format!(r#"{{"count":1,"total":1,"items":[{items}]}}"#);
    let way = if asked.line().ends_with("/comment") { "12" } else { "13" };
    match requests::described_line(asked).as_str() {
        "GET rt" => ok(r#"{"Version":"5.0.3"}"#),
        // Nobody of the account's own tickets: so it looks for those that it owns, too.
        "GET tickets" if asked.query("query").contains("__CurrentUser__") => ok(r#"{"count":0,"total":0,"items":[]}"#),
        "GET tickets" => ok(page(&ticket(7, &fields))),
        "GET ticket/{}" => Ok(TestHost::response(200, ticket(7, &fields)).with_header("etag", "\"9\"")),
        "POST ticket" => Ok(TestHost::response(201, r#"{"id":"8"}"#)),
        "PUT ticket/{}" | "PUT ticket/{}/take" | "PUT ticket/{}/steal" => ok("[]"),
        "POST ticket/{}/comment" | "POST ticket/{}/correspond" => {
            Ok(TestHost::response(201, "[]").with_header("location", format!("/REST/2.0/transaction/{way}")))
        }
        "GET transaction/{}" => {
            let kind = if asked.line().ends_with("/12") { "Comment" } else { "Correspond" };
            ok(format!(r#"{{"id":12,"Type":"{kind}"}}"#))
        }
        "GET ticket/{}/history" => ok(page(r#"{"id":"12","Type":"Comment"}"#)),
        "GET ticket/{}/attachments" | "GET transaction/{}/attachments" => ok(page(part)),
        "POST attachments" => ok(page(r#"{"id":"3","ContentType":"text/plain","Content":"Text"}"#)),
        "GET attachment/{}" => ok(r#"{"id":2,"ContentType":"text/plain","Content":"YWJj"}"#),
        "GET queues/all" => ok(QUEUES),
        "GET queue/{}/customfields" => ok(page(r#"{"id":"2","Name":"Severity","Type":"Select","MaxValues":"1"}"#)),
        "GET customfield/{}" => ok(r#"{"Values":["minor","major"]}"#),
        other => panic!("{other} is not described"),
    }
}
