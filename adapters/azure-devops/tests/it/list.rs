//! Lists: what Azure DevOps is asked for, and where it goes on.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::Response,
    message::{Criteria, Criterion, Cursor, Include, ME, NOBODY, Page, Sort, SortField, TimeRange},
    model::{CutReason, PriorityLevel, StatusCategory, Time, TypeLevel},
};

use crate::server::{Asked, Server, complaint, connection, item, list, ok, states, types, unexpected};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn web() -> Criteria {
    Criteria::default().with_project(names(&["acme/Web"]))
}

#[test]
fn criteria_are_pushed_down_only_where_azure_devops_applies_them_exactly() {
    use Criterion::{Assignee, Priority, Project, Reporter, Sort as Sorted, Status, Text, Type};
    let from = Time::parse("2026-01-02T03:04:05.678Z").unwrap();
    let range = TimeRange::new(Some(from), Some(from));
    let sorted = |by, is_descending: bool| {
        let sort = Sort::by(by);
        web().with_sort(if is_descending { sort.descending() } else { sort })
    };
    let project = "[System.TeamProject] IN ('Web')";
    let table: Vec<(Criteria, String, Vec<Criterion>)> = vec![
        (Criteria::default(), String::new(), vec![]),
        (web(), project.to_owned(), vec![Project]),
        (
            web().with_status(names(&["To Do", "Won't do"])),
            format!("{project} AND [System.State] IN ('To Do', 'Won''t do')"),
            vec![Project, Status],
        ),
        (
            web().with_type_name(names(&["Bug"])),
            format!("{project} AND [System.WorkItemType] IN ('Bug')"),
            vec![Project, Type],
        ),
        (
            web().with_type_name(names(&["Bug"])).with_type_level(vec![TypeLevel::Task]),
            project.to_owned(),
            vec![Project],
        ),
        (
            web().with_type_level(vec![TypeLevel::Task]),
            format!("{project} AND [System.WorkItemType] IN ('Task')"),
            vec![Project],
        ),
        (
            web().with_is_open(true),
            format!("{project} AND [System.State] IN ('Active', 'New', 'Resolved', 'To Do')"),
            vec![Project],
        ),
        (
            web().with_status_category(vec![StatusCategory::Done]),
            format!("{project} AND [System.State] IN ('Closed', 'Done')"),
            vec![Project],
        ),
        (
            web().with_status_category(vec![StatusCategory::Blocked]),
            format!("{project} AND [System.Id] = 0"),
            vec![Project],
        ),
        (Criteria::default().with_is_open(true), String::new(), vec![]),
        (
            web().with_labels(names(&["a", "it's"])),
            format!("{project} AND [System.Tags] CONTAINS 'a' AND [System.Tags] CONTAINS 'it''s'"),
            vec![Project],
        ),
        (
            web().with_priority(vec![PriorityLevel::Urgent, PriorityLevel::High]),
            format!("{project} AND [Microsoft.VSTS.Common.Priority] IN (1, 2)"),
            vec![Project, Priority],
        ),
        (web().with_priority(vec![PriorityLevel::Lowest]), project.to_owned(), vec![Project]),
        (
            web().with_assignee(names(&[ME])),
            format!("{project} AND ([System.AssignedTo] = @me)"),
            vec![Project, Assignee],
        ),
        (
            web().with_assignee(names(&[NOBODY, "o'neil@acme.example"])),
            format!("{project} AND ([System.AssignedTo] = '' OR [System.AssignedTo] = 'o''neil@acme.example')"),
            vec![Project, Assignee],
        ),
        (web().with_assignee(names(&["Mara Lind"])), project.to_owned(), vec![Project]),
        (web().with_assignee(names(&["@me", "Mara Lind"])), project.to_owned(), vec![Project]),
        (
            web().with_reporter(names(&[ME])),
            format!("{project} AND ([System.CreatedBy] = @me)"),
            vec![Project, Reporter],
        ),
        (
            web().with_created(range),
            format!(
                "{project} AND [System.CreatedDate] >= '2026-01-02T03:04:05Z' AND [System.CreatedDate] <= '2026-01-02T03:04:06Z'"
            ),
            vec![Project],
        ),
        (
            web().with_updated(TimeRange::new(Some(from), None)),
            format!("{project} AND [System.ChangedDate] >= '2026-01-02T03:04:05Z'"),
            vec![Project],
        ),
        (
            web().with_text("it's -".to_owned()),
            format!(
                "{project} AND ([System.Title] CONTAINS WORDS 'it''s' OR [System.Description] CONTAINS WORDS 'it''s' OR [Microsoft.VSTS.TCM.ReproSteps] CONTAINS WORDS 'it''s')"
            ),
            vec![Project, Text],
        ),
        (web().with_text("--".to_owned()), project.to_owned(), vec![Project]),
        (sorted(SortField::Updated, true), project.to_owned(), vec![Project, Sorted]),
        (sorted(SortField::Priority, false), project.to_owned(), vec![Project]),
        (sorted(SortField::Key, false), project.to_owned(), vec![Project, Sorted]),
    ];
    for (criteria, conditions, pushed_down) in table {
        let server = Server::new(|asked| match asked.path().as_str() {
            "GET /Web/_apis/wit/workitemtypes" => ok(types().to_string()),
            "POST /_apis/wit/wiql" => ok(json!({"workItems": []}).to_string()),
            _ => unexpected(asked),
        });
        let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        assert_eq!(server.asked().last().unwrap().conditions(), conditions);
        assert_eq!(page.head().pushed_down, pushed_down, "{conditions}");
    }
}

#[test]
fn an_order_is_asked_for_with_the_number_as_the_last_word() {
    for (sort, order) in [
        (Sort::by(SortField::Updated).descending(), "[System.ChangedDate] DESC, [System.Id] ASC"),
        (Sort::by(SortField::Created), "[System.CreatedDate] ASC, [System.Id] ASC"),
        (Sort::by(SortField::Key).descending(), "[System.Id] DESC"),
        (Sort::by(SortField::Priority), "[System.Id] ASC"),
    ] {
        let server = Tracker::of(3).server();
        server.kit.fetch(&web().with_sort(sort), Include::SUMMARY, None).unwrap();
        assert!(server.asked()[0].wiql().ends_with(&format!(" ORDER BY {order}")), "{}", server.asked()[0].wiql());
    }
}

#[test]
fn projects_are_those_asked_for_else_the_connections_else_all() {
    let asked = |connection: usher_adapter_sdk::host::Connection, criteria: &Criteria| {
        let server = Server::at(connection, |_| ok(json!({"workItems": []}).to_string()));
        server.kit.fetch(criteria, Include::SUMMARY, None).map(|_| server.asked()[0].conditions())
    };
    let known = || connection().with_projects(names(&["acme/Web", "acme/Shop"])).with_default_project("Web".to_owned());
    assert_eq!(asked(known(), &Criteria::default()).unwrap(), "[System.TeamProject] IN ('Web', 'Shop')");
    let other = Criteria::default().with_project(names(&["O'Neil"]));
    assert_eq!(asked(known(), &other).unwrap(), "[System.TeamProject] IN ('O''Neil')");
    assert_eq!(asked(connection(), &Criteria::default()).unwrap(), "");
    let foreign = Criteria::default().with_project(names(&["other/Web"]));
    assert_eq!(asked(connection(), &foreign).unwrap_err().kind(), ErrorKind::InvalidReference);
}

#[test]
fn a_long_list_names_windows_that_hold_everything_once_also_while_it_grows() {
    let mut tracker = Tracker::of(1_037);
    tracker.step = 3;
    let server = tracker.server();
    let criteria = web();
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!((first.len(), first.head().next.len(), first.head().total), (200, 5, Some(1_037)));
    assert!(first.head().next.iter().all(|cursor| cursor.as_str().len() < 16), "a cursor is a window and no list");
    let seen = walk(&server, &criteria, first);
    assert_eq!(seen.len(), 1_037);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 1_037, "nothing comes twice");
    assert_eq!(server.lines().len(), 2 + 1 + 5 * 2, "numbers and work items of each window, and the states once");
}

#[test]
fn work_items_that_are_made_meanwhile_are_in_the_last_window() {
    let grown = Server::new({
        let answer = Tracker::of(700).answer();
        move |asked| answer(asked)
    });
    let short = Tracker::of(450).server();
    let first = short.kit.fetch(&web(), Include::SUMMARY, None).unwrap();
    let seen = walk(&grown, &web(), first);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 700);
    assert_eq!(seen.len(), 700);
}

#[test]
fn more_than_a_query_gives_is_read_in_windows_one_behind_the_other() {
    let server = Tracker::of(20_350).server();
    let first = server.kit.fetch(&web(), Include::SUMMARY, None).unwrap();
    assert_eq!(first.head().total, None, "nobody knows how many there are");
    assert_eq!(first.head().next.len(), 100);
    assert_eq!(first.head().next[99].as_str(), "w19999-");
    let last = server.kit.fetch(&web(), Include::SUMMARY, Some(&first.head().next[99])).unwrap();
    assert_eq!((last.len(), last.head().next.len(), last.head().cut.is_none()), (200, 1, true));
}

#[test]
fn a_query_that_finds_too_much_is_split_into_windows_that_cannot() {
    let mut tracker = Tracker::of(45_000);
    tracker.refuses_much = true;
    let server = tracker.server();
    let first = server.kit.fetch(&web(), Include::SUMMARY, None).unwrap();
    let windows: Vec<&str> = first.head().next.iter().map(Cursor::as_str).collect();
    assert_eq!(windows, ["w0-19998", "w19998-39996", "w39996-"]);
    let second = server.kit.fetch(&web(), Include::SUMMARY, Some(&first.head().next[1])).unwrap();
    assert_eq!((second.len(), second.head().next.len()), (200, 99));
    assert_eq!(second.head().next[98].as_str(), "w39798-39996");
}

#[test]
fn with_a_small_limit_the_newest_come_page_after_page() {
    let server = Tracker::of(1_000).server();
    let criteria = web().with_limit(5);
    let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!(numbers(&page), [1_000, 999, 998, 997, 996]);
    assert_eq!(page.head().next[0].as_str(), "b996");
    let page = server.kit.fetch(&criteria, Include::SUMMARY, Some(&page.head().next[0])).unwrap();
    assert_eq!(numbers(&page), [995, 994, 993, 992, 991]);
    // What is left to the host may take more than what is wanted.
    let page = server.kit.fetch(&criteria.with_labels(names(&["a"])), Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().next.len()), (200, 1));
}

#[test]
fn an_asked_order_is_kept_over_pages_whose_cursors_have_the_numbers() {
    let server = Tracker::of(450).server();
    let criteria = web().with_sort(Sort::by(SortField::Key).descending());
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    let seen = walk(&server, &criteria, first);
    assert_eq!(seen, (1..=450).rev().collect::<Vec<u64>>());
    assert_eq!(server.asked().iter().filter(|asked| asked.head.url.ends_with("/wiql")).count(), 1, "one query for all");
}

#[test]
fn an_asked_order_over_more_than_a_query_gives_is_said_to_be_cut() {
    let server = Tracker::of(20_500).server();
    let criteria = web().with_sort(Sort::by(SortField::Updated));
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert!(first.head().cut.is_none());
    let last = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.last()).unwrap();
    assert_eq!(last.head().cut.as_ref().unwrap().reason, CutReason::Cap);
}

#[test]
fn a_work_item_that_the_batch_leaves_out_is_said_and_hides_no_other() {
    let mut tracker = Tracker::of(3);
    tracker.hidden = vec![2];
    let page = tracker.server().kit.fetch(&web(), Include::SUMMARY, None).unwrap();
    assert_eq!(numbers(&page), [1, 3]);
    let error = &page.head().errors[0];
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("acme#2"), "{error}");
}

#[test]
fn what_is_asked_for_beside_them_comes_with_the_tickets() {
    let include = {
        let mut include = Include::EVERYTHING;
        include.raw = true;
        include
    };
    let page = Tracker::of(2).server().kit.fetch(&web(), include, None).unwrap();
    let ticket = &page.tickets().unwrap()[0];
    assert_eq!(ticket.status.category, StatusCategory::InProgress);
    assert_eq!(ticket.notes.as_ref().unwrap().len(), 1);
    assert!(ticket.custom_fields.is_some() && ticket.raw.as_ref().unwrap().contains_key("notes"));
    let page = Tracker::of(2).server().kit.fetch(&web(), Include::SUMMARY, None).unwrap();
    let ticket = &page.tickets().unwrap()[0];
    assert!(ticket.notes.is_none() && ticket.custom_fields.is_none() && ticket.body.is_none());
}

#[test]
fn a_cursor_that_is_none_is_refused_before_anything_is_asked() {
    let server = Server::new(unexpected);
    let error = server.kit.fetch(&web(), Include::SUMMARY, Some(&Cursor::new("w5"))).unwrap_err();
    assert_eq!((error.kind(), server.lines().len()), (ErrorKind::Validation, 0));
}

/// Follows every cursor, and returns the numbers in the order of the pages.
fn walk(server: &Server, criteria: &Criteria, first: Page) -> Vec<u64> {
    let mut seen = numbers(&first);
    let mut waiting: std::collections::VecDeque<Cursor> = first.head().next.iter().cloned().collect();
    while let Some(cursor) = waiting.pop_front() {
        let page = server.kit.fetch(criteria, Include::SUMMARY, Some(&cursor)).unwrap();
        seen.extend(numbers(&page));
        waiting.extend(page.head().next.iter().cloned());
    }
    seen
}

fn numbers(page: &Page) -> Vec<u64> {
    page.tickets().unwrap().iter().map(|ticket| ticket.native_id.as_ref().unwrap().parse().unwrap()).collect()
}

/// An organisation with work items 1 to so many, or every third number. Of queries it knows windows and the order.
#[derive(Clone)]
struct Tracker {
    count: u64,
    step: u64,
    hidden: Vec<u64>,
    refuses_much: bool,
}

impl Tracker {
    fn of(count: u64) -> Self {
        Self { count, step: 1, hidden: Vec::new(), refuses_much: false }
    }

    fn server(self) -> Server {
        Server::new(self.answer())
    }

    fn answer(self) -> impl Fn(&Asked) -> Result<Response> + Send + Sync + 'static {
        move |asked| match asked.path().as_str() {
            "POST /_apis/wit/wiql" => self.query(asked),
            "POST /_apis/wit/workitemsbatch" => {
                let body = asked.json();
                let ids = body["ids"].as_array().unwrap();
                assert!(ids.len() <= 200 && body["errorPolicy"] == "omit");
                // The order of the answer is nobody's promise.
                let items = ids.iter().rev().map(|id| {
                    let id = id.as_u64().unwrap();
                    if self.hidden.contains(&id) { Value::Null } else { item(id, json!({})) }
                });
                ok(list(items).to_string())
            }
            "GET /Web/_apis/wit/workitemtypes/Bug/states" => ok(states().to_string()),
            path if path.ends_with("/comments") => {
                ok(json!({"comments": [{"id": 1, "text": "x", "createdDate": "2026-01-01T00:00:00Z"}]}).to_string())
            }
            _ => unexpected(asked),
        }
    }

    fn query(&self, asked: &Asked) -> Result<Response> {
        let wiql = asked.wiql();
        let bound = |mark: &str, or: u64| {
            let rest = wiql.split_once(&format!("[System.Id] {mark} ")).map(|(_, rest)| rest);
            rest.map_or(or, |rest| rest.split(' ').next().unwrap().parse().unwrap())
        };
        let (after, to, below) = (bound(">", 0), bound("<=", u64::MAX), bound("<", u64::MAX));
        let numbers = (1..=self.count).map(|place| place * self.step);
        let mut fitting: Vec<u64> = numbers.filter(|it| *it > after && *it <= to && *it < below).collect();
        if wiql.contains("[System.Id] DESC") {
            fitting.reverse();
        }
        let top: usize = asked.head.query.iter().find(|(name, _)| name == "$top").unwrap().1.parse().unwrap();
        assert!(top <= 20_000);
        if self.refuses_much && fitting.len() > 20_000 && top > 1 {
            return complaint(400, "VS402337: The number of work items returned exceeds the size limit of 20000.");
        }
        fitting.truncate(top);
        ok(json!({"workItems": fitting.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()}).to_string())
    }
}
