//! The adapter asks everything that was cut out of the description for it, and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

use usher_adapter_sdk::{
    Result,
    host::Response,
    message::{
        Change, Clearable, Criteria, Draft, Include, LinkDraft, ListChange, NOBODY, NewAttachment, NoteDraft,
        OptionsScope, Query, Sort, SortField, TimeRange,
    },
    model::{Due, Estimate, Json, LinkKind, PriorityLevel, RichText, TicketKey, Time, Visibility},
};

use crate::{
    openapi,
    server::{Asked, Server, empty, issue, ok, one},
};

#[test]
fn every_request_that_the_adapter_can_make_is_described_and_nothing_described_is_never_asked() {
    let asked: BTreeSet<String> = [true, false].into_iter().flat_map(asked_as).collect();
    assert_eq!(asked, openapi::operations());
}

/// Does everything, as an administrator or as a member of project 1. Returns what was asked.
fn asked_as(is_admin: bool) -> Vec<String> {
    let count = AtomicU64::new(10);
    let server = Server::new(move |asked| answer(asked, is_admin, count.fetch_add(1, Ordering::Relaxed)));
    reads(&server);
    writes(&server);
    server.asked().iter().map(openapi::operation).collect()
}

fn reads(server: &Server) {
    let kit = &server.kit;
    kit.check().unwrap();
    kit.get("7", Include::EVERYTHING).unwrap();
    kit.notes("7", None).unwrap();
    kit.attachments("7").unwrap();
    kit.download("7", "1").unwrap();
    kit.options(&OptionsScope::default()).unwrap();
    kit.options(&OptionsScope::default().with_project("Alpha".to_owned())).unwrap();
    kit.options(&OptionsScope::default().with_ticket(TicketKey::new("7"))).unwrap();
    let times = TimeRange::new(Time::parse("2026-01-01T00:00:00Z").ok(), Time::parse("2026-02-01T00:00:00Z").ok());
    let criteria = Criteria::default()
        .with_project(vec!["Alpha".to_owned()])
        .with_status(vec!["New".to_owned()])
        .with_assignee(vec!["@me".to_owned()])
        .with_reporter(vec!["6".to_owned(), "7".to_owned()])
        .with_type_name(vec!["Bug".to_owned()])
        .with_priority(vec![PriorityLevel::High])
        .with_created(times)
        .with_updated(times);
    kit.fetch(&criteria, Include::EVERYTHING, None).unwrap();
    for by in [SortField::Created, SortField::Updated, SortField::Key] {
        let criteria = Criteria::default().with_sort(Sort::by(by).descending()).with_limit(1_000);
        kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        kit.fetch(&criteria.with_limit(7), Include::SUMMARY, None).unwrap();
    }
    let nobody = Criteria::default().with_assignee(vec![NOBODY.to_owned()]).with_is_open(false);
    kit.fetch(&nobody, Include::SUMMARY, None).unwrap();
    let query = Query::text("dark mode");
    kit.search(&query, Include::SUMMARY, None).unwrap();
    let narrowed = Criteria::default().with_project(vec!["alpha".to_owned()]).with_is_open(true);
    kit.search(&query.with_criteria(narrowed), Include::SUMMARY, None).unwrap();
}

fn writes(server: &Server) {
    let kit = &server.kit;
    let value = |text: &str| Json::parse(text).unwrap();
    let fields =
        [("Root cause", r#""bug""#), ("done_ratio", "50"), ("is_private", "true"), ("start_date", r#""2026-01-01""#)];
    let draft = Draft::new("New one")
        .with_project("Alpha".to_owned())
        .with_body(RichText::markdown("*x*"))
        .with_type("Bug".to_owned())
        .with_status("New".to_owned())
        .with_priority("High".to_owned())
        .with_assignees(vec!["Alice A".to_owned()])
        .with_containers(vec!["1.0".to_owned(), "API".to_owned()])
        .with_parent(TicketKey::new("3"))
        .with_due(Due::parse("2026-02-03").unwrap())
        .with_estimate(Estimate::new(6.5, "hours"))
        .with_links(vec![LinkDraft::new(LinkKind::Blocks, "9")])
        .with_fields(fields.map(|(name, json)| (name.to_owned(), value(json))).into_iter().collect::<BTreeMap<_, _>>());
    kit.create(&draft).unwrap();
    let change = Change::new()
        .with_title("Other".to_owned())
        .with_status("Closed".to_owned())
        .with_priority(Clearable::Set("Normal".to_owned()))
        .with_assignees(ListChange::set(vec!["bob@example.com".to_owned()]))
        .with_containers(ListChange::set(Vec::<String>::new()))
        .with_parent(Clearable::<TicketKey>::Clear)
        .with_due(Clearable::<Due>::Clear)
        .with_estimate(Clearable::<Estimate>::Clear)
        .with_body(Clearable::<RichText>::Clear)
        .with_links(ListChange::delta(
            [LinkDraft::new(LinkKind::BlockedBy, "12")],
            [LinkDraft::new(LinkKind::Relates, "4")],
        ));
    // Members are not told of others' addresses: for them there is nobody of that name.
    if kit.update("7", &change).is_err() {
        kit.update("7", &change.with_assignees(ListChange::set(Vec::<String>::new()))).unwrap();
    }
    for visibility in [Visibility::Public, Visibility::Internal] {
        kit.add_note("7", &NoteDraft::new("Hello", visibility)).unwrap();
    }
    kit.attach("7", &NewAttachment::new("a b.txt"), b"bytes").unwrap();
}

/// Answers whatever is asked; `count` goes up with every request, so that what was sent is seen as new.
fn answer(asked: &Asked, is_admin: bool, count: u64) -> Result<Response> {
    match openapi::operation(asked).as_str() {
        "GET /users/current.{format}" => ok(format!(
            r#"{{"user":{{"id":5,"login":"alice","admin":{is_admin},"firstname":"Alice","lastname":"A",
            "memberships":[{{"project":{{"id":1}},"roles":[{{"id":4}}]}}]}}}}"#
        )),
        "GET /users.{format}" => ok(r#"{"users":[{"id":6,"login":"bob","mail":"bob@example.com"}],"total_count":1}"#),
        "GET /roles/{role_id}.{format}" => {
            ok(r#"{"role":{"id":4,"permissions":["view_private_notes","set_notes_private"]}}"#)
        }
        "GET /issue_statuses.{format}" => ok(
            r#"{"issue_statuses":[{"id":1,"name":"New","is_closed":false},{"id":5,"name":"Closed","is_closed":true}]}"#,
        ),
        "GET /trackers.{format}" => ok(r#"{"trackers":[{"id":1,"name":"Bug"}]}"#),
        "GET /enumerations/issue_priorities.{format}" => {
            ok(r#"{"issue_priorities":[{"id":2,"name":"Normal"},{"id":3,"name":"High"}]}"#)
        }
        "GET /custom_fields.{format}" => {
            ok(r#"{"custom_fields":[{"id":4,"name":"Root cause","customized_type":"issue","field_format":"text"}]}"#)
        }
        "GET /projects.{format}" => {
            ok(r#"{"projects":[{"id":1,"name":"Alpha","identifier":"alpha"}],"total_count":1}"#)
        }
        // A name is looked up, since it is not what an address holds.
        "GET /projects/{project_id}.{format}" if asked.head.url.ends_with("/Alpha.json") => empty(404),
        "GET /projects/{project_id}.{format}" => {
            ok(r#"{"project":{"id":1,"name":"Alpha","identifier":"alpha","trackers":[{"id":1,"name":"Bug"}],
            "issue_categories":[{"id":7,"name":"API"}],"issue_custom_fields":[{"id":4,"name":"Root cause"}]}}"#)
        }
        "GET /projects/{project_id}/versions.{format}" => ok(r#"{"versions":[{"id":8,"name":"1.0"}],"total_count":1}"#),
        "GET /projects/{project_id}/memberships.{format}" => {
            ok(r#"{"memberships":[{"user":{"id":5,"name":"Alice A"}}],"total_count":1}"#)
        }
        "GET /search.{format}" | "GET /projects/{project_id}/search.{format}" => {
            ok(r#"{"results":[{"id":7}],"total_count":1}"#)
        }
        "GET /issues.{format}" => ok(format!(r#"{{"issues":[{}],"total_count":300}}"#, issue(7, ""))),
        "POST /issues.{format}" => one(8, ""),
        "GET /issues/{issue_id}.{format}" => one(7, &with_everything(count)),
        "GET /attachments/download/{attachment_id}/{filename}" => ok("bytes"),
        "POST /uploads.{format}" => ok(r#"{"upload":{"token":"7.abc"}}"#),
        "POST /issues/{issue_id}/relations.{format}" => ok(r#"{"relation":{}}"#),
        "PUT /issues/{issue_id}.{format}" | "DELETE /relations/{issue_relation_id}.{format}" => empty(204),
        other => panic!("{other} is not described"),
    }
}

/// Returns what an issue has, the last note and file of which are newer each time.
fn with_everything(count: u64) -> String {
    let is_private = count.is_multiple_of(2);
    format!(
        r#""attachments":[{{"id":1,"filename":"a.txt"}},{{"id":{count},"filename":"a_b.txt"}}],
        "relations":[{{"id":3,"issue_id":7,"issue_to_id":4,"relation_type":"relates"}}],
        "custom_fields":[{{"id":4,"name":"Root cause","value":"bug"}}],
        "allowed_statuses":[{{"id":1,"name":"New"}},{{"id":5,"name":"Closed"}}],
        "journals":[{{"id":{count},"user":{{"id":5,"name":"Alice A"}},"notes":"Hello","private_notes":{is_private}}}]"#
    )
}
