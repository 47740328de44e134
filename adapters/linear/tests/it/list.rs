//! Lists: what Linear is asked for, and what is left to the host.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Include, ME, NOBODY, Sort, SortField, TimeRange},
    model::{CutReason, PriorityLevel, StatusCategory, Time},
};

use crate::server::{Server, comment, connection, data, failure, going_on, issue, nodes, ok, uuid};

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Returns a server that has these issues, and the team `ENG`.
fn server(issues: Value) -> Server {
    Server::new(move |_| data(json!({ "issues": nodes(issues.clone()), "teams": nodes(json!([{ "key": "ENG" }])) })))
}

fn named(field: &str, name: &str) -> Value {
    json!({ field: { "name": { "eqIgnoreCase": name } } })
}

fn called(field: &str, name: &str) -> Vec<Value> {
    ["displayName", "email", "name"].map(|own| json!({ field: { own: { "eqIgnoreCase": name } } })).to_vec()
}

/// Returns the filters for whatever holds issues and is called so.
fn held(name: &str) -> Vec<Value> {
    ["project", "projectMilestone", "cycle"].map(|field| named(field, name)).to_vec()
}

#[test]
fn criteria_are_pushed_down_only_where_linear_applies_them_exactly() {
    use Criterion::{
        Assignee, Containers, Created, IsOpen, Labels, Priority, Project, Reporter, Status, Text, Updated,
    };
    let any = || Criteria::default();
    let time = |text: &str| Some(Time::parse(text).unwrap());
    let open = json!({ "state": { "type": { "in": ["backlog", "started", "triage", "unstarted"] } } });
    let closed = json!({ "state": { "type": { "in": ["canceled", "completed", "duplicate"] } } });
    let uuid = uuid(4);
    let person = |field: &str, names: &[&str]| json!({ "or": names.iter().flat_map(|name| called(field, name)).collect::<Vec<_>>() });
    let contains = |word: &str| json!({ "or": [{ "title": { "containsIgnoreCase": word } }, { "description": { "containsIgnoreCase": word } }] });
    let label = |name: &str| json!({ "labels": { "some": { "name": { "eqIgnoreCase": name } } } });
    let mut id_too = called("assignee", &uuid);
    id_too.push(json!({ "assignee": { "id": { "eq": uuid } } }));
    let mut by_number = held("Cycle 5");
    by_number.push(json!({ "cycle": { "number": { "eq": 5 } } }));
    let outside = json!({ "creator": { "null": true } });
    let table: Vec<(Criteria, Vec<Value>, Vec<Criterion>)> = vec![
        (any(), vec![], vec![]),
        (any().with_project(list(&["eng"])), vec![json!({ "team": { "key": { "in": ["ENG"] } } })], vec![Project]),
        (any().with_is_open(true), vec![open], vec![IsOpen]),
        (any().with_is_open(false), vec![closed], vec![IsOpen]),
        (
            any().with_status_category(vec![StatusCategory::Done, StatusCategory::Canceled]),
            vec![json!({ "state": { "type": { "in": ["completed", "canceled", "duplicate"] } } })],
            vec![Criterion::StatusCategory],
        ),
        (any().with_status_category(vec![StatusCategory::InReview]), vec![], vec![]),
        (any().with_status_category(vec![StatusCategory::from_word("eaten"), StatusCategory::Done]), vec![], vec![]),
        (
            any().with_status(list(&["In Review", "Done"])),
            vec![json!({ "or": [named("state", "In Review"), named("state", "Done")] })],
            vec![Status],
        ),
        (any().with_status(list(&["Done", "Prüfung"])), vec![], vec![]),
        (any().with_assignee(list(&["mara", "tom"])), vec![person("assignee", &["mara", "tom"])], vec![Assignee]),
        (
            any().with_assignee(list(&["mara_l@shop.example"])),
            vec![person("assignee", &["mara_l@shop.example"])],
            vec![],
        ),
        (any().with_assignee(list(&["Jörg"])), vec![], vec![]),
        (
            any().with_assignee(list(&[ME, NOBODY])),
            vec![json!({ "or": [{ "assignee": { "isMe": { "eq": true } } }, { "assignee": { "null": true } }] })],
            vec![Assignee],
        ),
        (any().with_assignee(vec![uuid.clone()]), vec![json!({ "or": id_too })], vec![Assignee]),
        (
            any().with_reporter(list(&[ME])),
            vec![json!({ "or": [{ "creator": { "isMe": { "eq": true } } }] })],
            vec![Reporter],
        ),
        (
            any().with_reporter(list(&["mara"])),
            vec![json!({ "or": called("creator", "mara").into_iter().chain([outside]).collect::<Vec<_>>() })],
            vec![],
        ),
        (any().with_reporter(list(&[NOBODY])), vec![], vec![]),
        (any().with_labels(list(&["bug", "login"])), vec![label("bug"), label("login")], vec![Labels]),
        (any().with_labels(list(&["bug", "größe"])), vec![label("bug")], vec![]),
        (any().with_containers(list(&["Checkout"])), vec![json!({ "or": held("Checkout") })], vec![Containers]),
        (any().with_containers(list(&["Cycle 5"])), vec![json!({ "or": by_number })], vec![]),
        (
            any().with_priority(vec![PriorityLevel::Urgent, PriorityLevel::None]),
            vec![json!({ "priority": { "in": [1, 0] } })],
            vec![Priority],
        ),
        (any().with_priority(vec![PriorityLevel::Lowest]), vec![], vec![]),
        (any().with_text("card  Refused".to_owned()), vec![contains("card"), contains("Refused")], vec![Text]),
        (any().with_type_name(list(&["Bug"])), vec![], vec![]),
        (
            any().with_created(TimeRange::new(time("2026-01-02T03:04:05.678Z"), time("2026-01-03T00:00:00.0005Z"))),
            vec![json!({ "createdAt": { "gte": "2026-01-02T03:04:05.678Z", "lt": "2026-01-03T00:00:00.001Z" } })],
            vec![Created],
        ),
        (
            any().with_updated(TimeRange::new(time("2026-01-02T00:00:00Z"), None)),
            vec![json!({ "updatedAt": { "gte": "2026-01-02T00:00:00Z" } })],
            vec![Updated],
        ),
    ];
    for (criteria, conditions, pushed_down) in table {
        let server = server(json!([]));
        let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        assert_eq!(server.last()["filter"], json!({ "and": conditions }), "{criteria:?}");
        assert_eq!(page.head().pushed_down, pushed_down, "{criteria:?}");
    }
}

#[test]
fn an_order_of_linears_is_applied_page_after_page_and_any_other_is_left_to_the_host() {
    for (sort, order, pushed_down) in [
        (Sort::by(SortField::Created).descending(), "createdAt", true),
        (Sort::by(SortField::Updated).descending(), "updatedAt", true),
        (Sort::by(SortField::Created), "createdAt", false),
        (Sort::by(SortField::Updated), "createdAt", false),
        (Sort::by(SortField::Priority).descending(), "createdAt", false),
    ] {
        let server = server(json!([]));
        let page = server.kit.fetch(&Criteria::default().with_sort(sort), Include::SUMMARY, None).unwrap();
        assert_eq!(server.last()["orderBy"], order);
        assert_eq!(page.head().pushed_down == [Criterion::Sort], pushed_down);
        assert_eq!(server.last()["windows"], !pushed_down, "the host needs all of them to sort");
    }
}

#[test]
fn a_small_limit_makes_a_small_page_and_what_hangs_on_issues_does_too() {
    let first = |criteria: Criteria, include: Include| {
        let server = server(json!([]));
        server.kit.fetch(&criteria, include, None).unwrap();
        (server.last()["first"].as_u64().unwrap(), server.last()["windows"].as_bool().unwrap())
    };
    let limited = |limit| Criteria::default().with_limit(limit);
    assert_eq!(first(Criteria::default(), Include::SUMMARY), (100, true));
    assert_eq!(first(limited(30), Include::SUMMARY), (30, false));
    assert_eq!(first(limited(1), Include::SUMMARY), (10, false));
    assert_eq!(first(limited(150), Include::SUMMARY), (100, false));
    assert_eq!(first(limited(200), Include::SUMMARY), (100, true));
    assert_eq!(first(Criteria::default(), Include::EVERYTHING), (25, true));
}

#[test]
fn a_team_that_is_not_there_is_an_error_and_no_empty_list() {
    let criteria = |names: &[&str]| Criteria::default().with_project(list(names));
    let error = server(json!([])).kit.fetch(&criteria(&["ENG", "GONE"]), Include::SUMMARY, None).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "the team `GONE` was not found"));
    let server = server(json!([]));
    let error = server.kit.fetch(&criteria(&["acme/app"]), Include::SUMMARY, None).unwrap_err();
    assert_eq!((error.kind(), server.operations().len()), (ErrorKind::InvalidReference, 0));
    server.kit.fetch(&criteria(&["ENG"]), Include::SUMMARY, None).unwrap();
    let asked = server.last();
    assert_eq!((&asked["teams"], &asked["checkTeams"]), (&json!({ "key": { "in": ["ENG"] } }), &json!(true)));
}

#[test]
fn the_teams_of_the_connection_are_meant_where_none_is_named() {
    let connection = connection().with_projects(list(&["ENG", "ops"])).with_default_project("Eng".to_owned());
    let server = Server::at(connection, "{}", |_| {
        data(json!({ "issues": nodes(json!([])), "teams": nodes(json!([{ "key": "ENG" }, { "key": "OPS" }])) }))
    });
    let page = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert_eq!(server.last()["filter"], json!({ "and": [{ "team": { "key": { "in": ["ENG", "OPS"] } } }] }));
    assert_eq!(page.head().pushed_down, []);
}

#[test]
fn archived_issues_are_listed_where_the_connection_says_so_and_what_lies_in_the_trash_is_not() {
    let issues =
        || json!([issue(1, json!({ "archivedAt": "2026-01-02T00:00:00.000Z" })), issue(2, json!({ "trashed": true }))]);
    let server = Server::at(connection(), r#"{"archived":true}"#, move |_| data(json!({ "issues": nodes(issues()) })));
    let tickets = server.kit.fetch(&Criteria::default(), Include::EVERYTHING, None).unwrap().tickets().unwrap();
    assert_eq!(server.last()["includeArchived"], true);
    assert_eq!(tickets.iter().map(|ticket| ticket.key.as_str()).collect::<Vec<_>>(), ["ENG-1"]);
    assert!(tickets[0].custom_fields.as_ref().unwrap().iter().any(|field| field.id == "archivedAt"));
}

#[test]
fn an_issue_that_cannot_be_read_is_reported_and_hides_no_other() {
    let server = server(json!([issue(1, json!({})), { "identifier": "ENG-2", "title": 7 }, issue(3, json!({}))]));
    let page = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert_eq!(
        page.tickets().unwrap().iter().map(|ticket| ticket.key.to_string()).collect::<Vec<_>>(),
        ["ENG-1", "ENG-3"]
    );
    assert!(page.head().errors[0].message().contains("title"), "{:?}", page.head().errors);
}

#[test]
fn fields_that_could_not_be_had_are_cut_on_their_ticket_alone() {
    let server = Server::new(|_| {
        let error =
            json!({ "message": "x", "path": ["issues", "nodes", 1, "project"], "extensions": { "code": "FORBIDDEN" } });
        ok(json!({ "data": { "issues": nodes(json!([issue(1, json!({})), issue(2, json!({}))])) }, "errors": [error] }))
    });
    let tickets = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap().tickets().unwrap();
    assert!(!tickets[0].completeness.0.contains_key("containers"));
    assert_eq!(tickets[1].completeness.0["containers"].reason, CutReason::Permission);
}

#[test]
fn notes_come_with_the_list_and_only_what_did_not_fit_is_asked_for() {
    let server = Server::new(|asked| {
        let day = |day: u64| json!([comment(day, "text", &format!("2026-01-0{day}T00:00:00.000Z"))]);
        match asked.operation.as_str() {
            "Issues" => data(json!({ "issues": nodes(json!([
                issue(1, json!({ "comments": going_on(day(2), "c") })), issue(2, json!({ "comments": nodes(day(3)) })),
            ])) })),
            _ => data(json!({ "issue": { "comments": nodes(day(1)) } })),
        }
    });
    let mut include = Include::EVERYTHING;
    include.raw = true;
    let tickets = server.kit.fetch(&Criteria::default(), include, None).unwrap().tickets().unwrap();
    assert_eq!(tickets[0].notes.as_ref().unwrap().len(), 2);
    assert_eq!(tickets[0].raw.as_ref().unwrap().keys().collect::<Vec<_>>(), ["main", "more"]);
    assert_eq!(tickets[1].notes.as_ref().unwrap().len(), 1);
    assert_eq!(server.operations(), ["Issues", "IssueMore"]);
    assert_eq!(server.last()["id"], "ENG-1");
}

#[test]
fn a_list_says_that_it_does_not_hold_children_and_relations() {
    let ticket = server(json!([issue(1, json!({}))])).kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    let ticket = ticket.tickets().unwrap().remove(0);
    assert_eq!(ticket.completeness.0.keys().collect::<Vec<_>>(), ["children", "links"]);
}

#[test]
fn a_wrong_key_is_no_empty_list() {
    let server = Server::new(|_| failure(400, "AUTHENTICATION_ERROR", "authentication error", &["issues"]));
    let error = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
}

#[test]
fn names_cannot_be_anything_but_names() {
    for name in ["\"}]}", "a\", or: [{}]", "{\"or\":[]}", "${x}", "\u{0}"] {
        let server = server(json!([]));
        server.kit.fetch(&Criteria::default().with_status(list(&[name])), Include::SUMMARY, None).unwrap();
        assert_eq!(server.last()["filter"], json!({ "and": [{ "or": [named("state", name)] }] }), "{name}");
    }
}
