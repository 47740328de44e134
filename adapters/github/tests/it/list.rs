//! Lists: what GitHub is asked for, and where it goes on.

use usher_adapter_sdk::{
    Error, ErrorKind,
    host::Connection,
    message::{Criteria, Criterion, Cursor, Include, ME, NOBODY, Page, Sort, SortField, TimeRange},
    model::{CutReason, StatusCategory, Time},
    testkit::{Recording, TestHost},
};

use crate::server::{API, Server, comment, issue, issue_of, ok, shown, status};

/// What every list asks for unless something else is wanted.
const ALL: &str = "state=all&sort=created&direction=asc";

#[test]
fn criteria_are_pushed_down_only_where_github_applies_them_exactly() {
    use Criterion::{Assignee, Containers, IsOpen, Labels, Project, Reporter, Sort as Sorted, Status};
    let app = || Criteria::default().with_project(vec!["acme/app".to_owned()]);
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let from = Some(Time::parse("2026-01-02T03:04:05.678Z").unwrap());
    let sorted = |by, descending| {
        let sort = Sort::by(by);
        app().with_sort(if descending { sort.descending() } else { sort })
    };
    let table: Vec<(Criteria, &str, Vec<Criterion>)> = vec![
        (app(), ALL, vec![]),
        (app().with_is_open(true), "state=open&sort=created&direction=asc", vec![IsOpen]),
        (app().with_is_open(false), "state=closed&sort=created&direction=asc", vec![IsOpen]),
        (app().with_status(list(&["Closed"])), "state=closed&sort=created&direction=asc", vec![Status]),
        (app().with_status(list(&["open", "closed"])), ALL, vec![]),
        (
            app().with_status(list(&["closed"])).with_is_open(true),
            "state=open&sort=created&direction=asc",
            vec![IsOpen],
        ),
        (app().with_status_category(vec![StatusCategory::Done]), "state=closed&sort=created&direction=asc", vec![]),
        (app().with_status_category(vec![StatusCategory::Done, StatusCategory::Todo]), ALL, vec![]),
        (
            app().with_labels(list(&["bug", "good first issue"])),
            "state=all&labels=bug,good first issue&sort=created&direction=asc",
            vec![Labels],
        ),
        (app().with_labels(list(&["a,b", "bug"])), "state=all&labels=bug&sort=created&direction=asc", vec![]),
        (app().with_assignee(list(&["mara"])), "state=all&sort=created&direction=asc&assignee=mara", vec![Assignee]),
        (app().with_assignee(list(&[ME])), "state=all&sort=created&direction=asc&assignee=me-myself", vec![Assignee]),
        (app().with_assignee(list(&[NOBODY])), "state=all&sort=created&direction=asc&assignee=none", vec![Assignee]),
        (app().with_assignee(list(&["mara", "tom"])), ALL, vec![]),
        // GitHub's own words for nobody and anybody are no logins.
        (app().with_assignee(list(&["none"])), ALL, vec![]),
        (app().with_assignee(list(&["*"])), ALL, vec![]),
        (app().with_reporter(list(&["None"])), ALL, vec![]),
        (app().with_assignee(list(&["12345"])), ALL, vec![]),
        (app().with_assignee(list(&["mara@shop.example"])), ALL, vec![]),
        (app().with_reporter(list(&[ME])), "state=all&sort=created&direction=asc&creator=me-myself", vec![Reporter]),
        (app().with_reporter(list(&[NOBODY])), ALL, vec![]),
        (app().with_containers(list(&["v1.0"])), "state=all&sort=created&direction=asc&milestone=1", vec![Containers]),
        (app().with_containers(list(&["nowhere"])), ALL, vec![]),
        (
            app().with_updated(TimeRange::new(from, None)),
            "state=all&since=2026-01-02T03:04:05Z&sort=created&direction=asc",
            vec![],
        ),
        (app().with_created(TimeRange::new(from, None)), ALL, vec![]),
        (app().with_text("crash".to_owned()), ALL, vec![]),
        (app().with_type_name(list(&["Bug"])), ALL, vec![]),
        (sorted(SortField::Created, false), ALL, vec![Sorted]),
        // Another order is the host's, unless the list ends before its end.
        (sorted(SortField::Created, true), ALL, vec![]),
        (sorted(SortField::Updated, true), ALL, vec![]),
        (sorted(SortField::Created, false).with_is_open(true), "state=open&sort=created&direction=asc", vec![IsOpen]),
        (sorted(SortField::Created, true).with_limit(5), "state=all&sort=created&direction=desc", vec![Sorted]),
        (sorted(SortField::Updated, true).with_limit(5), "state=all&sort=updated&direction=desc", vec![Sorted]),
        (sorted(SortField::Priority, true), ALL, vec![]),
        (app().with_limit(5), "state=all&sort=created&direction=desc", vec![]),
    ];
    for (criteria, query, pushed_down) in table {
        let server = Server::new(|asked| match asked.target().as_str() {
            "/user" => ok(r#"{"login":"me-myself","id":1}"#),
            "/repos/acme/app/milestones?state=all&per_page=100" => {
                ok(&include_bytes!("../fixtures/openapi/milestones.json")[..])
            }
            _ => ok("[]"),
        });
        let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        let size = criteria.limit.map_or(100, |limit| limit * 2);
        let (query, milestone) = query
            .split_once("&milestone")
            .map_or((query, String::new()), |(query, number)| (query, format!("&milestone{number}")));
        let expected = format!("GET /repos/acme/app/issues?{query}&per_page={size}{milestone}");
        assert_eq!(server.lines().last(), Some(&expected), "{criteria:?}");
        let mut expected = pushed_down;
        expected.push(Project);
        let mut actual = page.head().pushed_down.clone();
        expected.sort();
        actual.sort();
        assert_eq!(actual, expected, "{criteria:?}");
    }
}

#[test]
fn a_recorded_list_names_its_other_pages_and_only_the_last_goes_on() {
    let recording = Recording::parse(include_str!("../fixtures/octokit/paginate-issues.json")).unwrap();
    let server = Server::new(move |asked| match asked.head.url.contains("/repositories/") {
        true => recording.answer(&asked.head, b""),
        false => Ok(recording.exchanges()[0].response()),
    });
    let criteria = Criteria::default().with_project(vec!["octokit-fixture-org/x".to_owned()]);
    let fetch = |cursor: Option<&Cursor>| server.kit.fetch(&criteria, Include::SUMMARY, cursor).unwrap();
    let first = fetch(None);
    let cursors: Vec<&str> = first.head().next.iter().map(Cursor::as_str).collect();
    assert_eq!(cursors[0], "0=/repositories/515435940/issues?per_page=3&page=2");
    assert_eq!(cursors[3], "0>/repositories/515435940/issues?per_page=3&page=5");
    let pages: Vec<Page> = first.head().next.iter().map(|cursor| fetch(Some(cursor))).collect();
    assert!(pages.iter().all(|page| page.head().next.is_empty()));
    let mut numbers: Vec<u64> = std::iter::once(&first).chain(&pages).flat_map(numbers_of).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=13).collect::<Vec<_>>());
    insta::assert_json_snapshot!(shown(&first.tickets().unwrap().remove(0)));
}

#[test]
fn with_a_limit_pages_follow_one_another() {
    let server = Server::new(|_| {
        let page = |number: u64| format!("{API}/repositories/9/issues?page={number}");
        let links = format!("<{}>; rel=\"next\", <{}>; rel=\"last\"", page(2), page(7));
        let answer = TestHost::response(200, format!("[{}]", issue(1, ""))).with_header("link", links);
        Ok(answer.with_header("date", "Thu, 01 Jan 2026 01:00:00 GMT"))
    });
    let app = || Criteria::default().with_project(vec!["acme/app".to_owned()]).with_limit(5);
    let page = server.kit.fetch(&app(), Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().next, [Cursor::new("0>/repositories/9/issues?page=2")]);
    // Where issues can move to other pages, the cursor says since when.
    let changing = app().with_sort(Sort::by(SortField::Updated));
    let page = server.kit.fetch(&changing, Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().next, [Cursor::new("0@1767229200>/repositories/9/issues?page=2")]);
}

#[test]
fn repositories_are_listed_one_after_the_other() {
    let connection = Connection::new("work")
        .with_base_url(API.to_owned())
        .with_projects(vec!["acme/app".to_owned(), "acme/lib".to_owned()])
        .with_default_project("Acme/App".to_owned());
    let server = Server::at(connection, |asked| {
        let name = if asked.head.url.contains("/lib/") { "acme/lib" } else { "acme/app" };
        ok(format!("[{}]", issue_of(name, 1, "")))
    });
    let criteria = Criteria::default().with_sort(Sort::by(SortField::Created));
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!(first.head().pushed_down, [], "an order of each repository is none of all");
    let second = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(second.tickets().unwrap()[0].key.as_str(), "acme/lib#1");
    assert!(second.head().next.is_empty());
    let error = server.kit.fetch(&criteria, Include::SUMMARY, Some(&Cursor::new("2>"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
}

#[test]
fn without_a_repository_only_what_is_ones_own_is_listed() {
    let server = Server::new(|_| ok("[]"));
    let me = || vec![ME.to_owned()];
    server.kit.fetch(&Criteria::default().with_assignee(me()), Include::SUMMARY, None).unwrap();
    server.kit.fetch(&Criteria::default().with_reporter(me()), Include::SUMMARY, None).unwrap();
    let expected = ["assigned", "created"].map(|filter| format!("GET /issues?filter={filter}&{ALL}&per_page=100"));
    assert_eq!(server.lines(), expected);
    let both = Criteria::default().with_assignee(me()).with_reporter(vec!["tom".to_owned()]);
    let page = server.kit.fetch(&both, Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().pushed_down, [Criterion::Assignee], "GitHub knows no reporter here");
    let error = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap_err();
    assert!(error.hint().unwrap().contains("default_project"), "{error:?}");
    let foreign = Criteria::default().with_project(vec!["SHOP".to_owned()]);
    let error = server.kit.fetch(&foreign, Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReference);
}

#[test]
fn pull_requests_are_left_out_unless_their_type_is_asked_for() {
    let server =
        Server::new(|_| ok(format!("[{},{}]", issue(1, ""), issue(2, r#""pull_request":{"merged_at":null}"#))));
    let numbers = |types: &[&str]| {
        let types = types.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let criteria = Criteria::default().with_project(vec!["acme/app".to_owned()]).with_type_name(types);
        numbers_of(&server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap())
    };
    assert_eq!(numbers(&[]), [1]);
    assert_eq!(numbers(&["Bug"]), [1]);
    // The type is left to the host, which then drops what is none.
    assert_eq!(numbers(&["pull request"]), [1, 2]);
    assert_eq!(numbers(&["pull_request", "Bug"]), [1, 2]);
}

#[test]
fn an_issue_that_cannot_be_read_is_reported_and_hides_no_other() {
    let broken = r#"{"number":2,"title":7}"#;
    let server = Server::new(move |_| ok(format!("[{},{broken},{}]", issue(1, ""), issue(3, ""))));
    let criteria = Criteria::default().with_project(vec!["acme/app".to_owned()]);
    let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!(numbers_of(&page), [1, 3]);
    assert!(page.head().errors[0].message().contains("title"), "{:?}", page.head().errors);
}

#[test]
fn notes_files_and_documents_come_with_a_list_where_they_are_asked() {
    let server = Server::new(|asked| match asked.target().as_str() {
        "/repos/acme/app/issues/2/comments?per_page=100" => ok(format!("[{}]", comment(9, "hello"))),
        path if path.starts_with("/repos/acme/app/issues?") => {
            ok(format!("[{},{}]", issue(1, ""), issue(2, r#""body":"text","comments":1"#)))
        }
        other => Err(Error::not_found(other)),
    });
    let criteria = Criteria::default().with_project(vec!["acme/app".to_owned()]);
    let mut include = Include::EVERYTHING;
    include.raw = true;
    let tickets = server.kit.fetch(&criteria, include, None).unwrap().tickets().unwrap();
    assert_eq!(tickets[0].notes.as_ref().unwrap().len(), 0);
    assert_eq!(tickets[1].notes.as_ref().unwrap()[0].body.markdown, "hello");
    assert_eq!(tickets[1].raw.as_ref().unwrap().keys().collect::<Vec<_>>(), ["main", "notes"]);
    assert_eq!(server.lines().len(), 2, "an issue without comments needs no request of its own");
    let summary = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap().tickets().unwrap().remove(1);
    assert!(summary.body.is_none() && summary.notes.is_none() && summary.custom_fields.is_none());
    assert!(summary.attachments.is_none() && summary.completeness.is_empty());
}

#[test]
fn what_single_sign_on_hides_is_said_at_the_end_of_the_list() {
    let server = Server::new(|asked| {
        let answer = TestHost::response(200, "[]").with_header("x-github-sso", "partial-results; organizations=1,2");
        let next = format!("<{API}/issues?page=2>; rel=\"next\"");
        let is_first = asked.target().starts_with("/issues?filter=assigned");
        Ok(if is_first { answer.with_header("link", next) } else { answer })
    });
    let mine = Criteria::default().with_assignee(vec![ME.to_owned()]);
    let first = server.kit.fetch(&mine, Include::SUMMARY, None).unwrap();
    assert_eq!(first.head().cut, None);
    let second = server.kit.fetch(&mine, Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(second.head().cut, None);
    let last = server.kit.fetch(&mine, Include::SUMMARY, second.head().next.first()).unwrap();
    assert_eq!(last.head().cut.as_ref().unwrap().reason, CutReason::Permission);
    let alone = server.kit.fetch(&mine, Include::SUMMARY, Some(&Cursor::new("0=/issues?page=2"))).unwrap();
    assert_eq!(alone.head().cut.as_ref().unwrap().reason, CutReason::Permission, "nothing comes after it");
}

#[test]
fn a_repository_that_is_not_there_is_named() {
    let criteria = Criteria::default().with_project(vec!["acme/gone".to_owned()]);
    let error = Server::new(|_| status(404, "Not Found")).kit.fetch(&criteria, Include::SUMMARY, None).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::NotFound, "acme/gone was not found"));
}

fn numbers_of(page: &Page) -> Vec<u64> {
    let tickets = page.tickets().unwrap();
    tickets.iter().map(|ticket| ticket.key.as_str().split_once('#').unwrap().1.parse().unwrap()).collect()
}
