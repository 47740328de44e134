//! Lists of which issues change while they are read.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use usher_adapter_sdk::{
    Error, Result,
    host::Response,
    message::{Criteria, Cursor, Include, Sort, SortField},
    model::{CutReason, Time},
    testkit::TestHost,
};

use crate::server::{API, Asked, Server, issue};

/// When the list begins, by the clock of the site.
const DATE: &str = "Thu, 01 Jan 2026 01:00:00 GMT";
const BEGAN: i64 = 1_767_229_200;
/// How many issues are on a page, whatever is asked for.
const PAGE: usize = 2;

/// An issue of the site.
#[derive(Debug, Clone)]
struct Entry {
    number: u64,
    is_open: bool,
    has_label: bool,
    updated: i64,
    is_pull_request: bool,
}

impl Entry {
    fn json(&self) -> String {
        let time = |seconds| Time::from_unix_seconds(seconds).unwrap().to_string();
        let (created, updated) = (time(BEGAN - 10_000 + self.number as i64), time(self.updated));
        let state = if self.is_open { "open" } else { "closed" };
        let closed = if self.is_open { "null".to_owned() } else { format!("\"{updated}\"") };
        let pull = if self.is_pull_request { r#","pull_request":{"merged_at":null}"# } else { "" };
        let fields = format!(
            r#""state":"{state}","created_at":"{created}","updated_at":"{updated}","closed_at":{closed}{pull}"#
        );
        issue(self.number, &fields)
    }
}

/// A repository of seven open issues, which were changed in the order opposite to that in which they were made.
fn entries() -> Vec<Entry> {
    let entry = |number: u64| Entry {
        number,
        is_open: true,
        has_label: true,
        updated: BEGAN - 1_000 - 10 * number as i64,
        is_pull_request: false,
    };
    (1..=7).map(entry).collect()
}

/// Answers from the issues as they are; after each answer the test may change them.
fn site(change: impl Fn(usize, &mut Vec<Entry>) + Send + Sync + 'static) -> Server {
    let state = Arc::new(Mutex::new((0, entries())));
    Server::new(move |asked| {
        let mut state = state.lock().unwrap();
        let answer = answer(asked, &state.1);
        state.0 += 1;
        let count = state.0;
        change(count, &mut state.1);
        answer
    })
}

fn answer(asked: &Asked, entries: &[Entry]) -> Result<Response> {
    let target = asked.target();
    let (path, query) = target.split_once('?').unwrap();
    if path != "/repos/acme/app/issues" {
        return Err(Error::not_found(target));
    }
    let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let since = value("since").map(|since| Time::parse(since).unwrap().unix_seconds());
    let fits = |entry: &&Entry| {
        let is_in_state = match value("state").unwrap() {
            "all" => true,
            state => entry.is_open == (state == "open"),
        };
        is_in_state
            && (value("labels").is_none() || entry.has_label)
            && since.is_none_or(|since| entry.updated >= since)
    };
    let mut found: Vec<&Entry> = entries.iter().filter(fits).collect();
    if value("sort") == Some("updated") {
        found.sort_by_key(|entry| entry.updated);
    }
    if value("direction") == Some("desc") {
        found.reverse();
    }
    let page: usize = value("page").map_or(1, |page| page.parse().unwrap());
    let last = found.len().div_ceil(PAGE).max(1);
    let body: Vec<String> = found.iter().skip((page - 1) * PAGE).take(PAGE).map(|entry| entry.json()).collect();
    let answer = TestHost::response(200, format!("[{}]", body.join(","))).with_header("date", DATE);
    if page >= last {
        return Ok(answer);
    }
    let bare: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("page=")).collect();
    let link = |page: usize| format!("{API}{path}?{}&page={page}", bare.join("&"));
    Ok(answer.with_header("link", format!("<{}>; rel=\"next\", <{}>; rel=\"last\"", link(page + 1), link(last))))
}

/// What a list came to.
#[derive(Debug, Default)]
struct Listed {
    numbers: Vec<u64>,
    cut: Option<CutReason>,
    errors: Vec<Error>,
}

/// Lists as the host does: the pages in the order of their cursors, and each ticket once.
fn list(server: &Server, criteria: &Criteria) -> Listed {
    let mut listed = Listed::default();
    let mut waiting: VecDeque<Option<Cursor>> = VecDeque::from([None]);
    let mut cursors = HashSet::new();
    let mut seen = HashSet::new();
    while let Some(cursor) = waiting.pop_front() {
        let page = server.kit.fetch(criteria, Include::SUMMARY, cursor.as_ref()).unwrap();
        let head = page.head();
        for next in &head.next {
            assert!(cursors.insert(next.clone()), "{next:?} comes twice");
            waiting.push_back(Some(next.clone()));
        }
        for ticket in page.tickets().unwrap() {
            let number = ticket.key.as_str().split_once('#').unwrap().1.parse().unwrap();
            if seen.insert(number) {
                listed.numbers.push(number);
            }
        }
        listed.cut = listed.cut.or(head.cut.as_ref().map(|cut| cut.reason.clone()));
        listed.errors.extend(head.errors.iter().cloned());
    }
    listed
}

fn app() -> Criteria {
    Criteria::default().with_project(vec!["acme/app".to_owned()])
}

fn sorted(mut numbers: Vec<u64>) -> Vec<u64> {
    numbers.sort_unstable();
    numbers
}

fn close(entry: &mut Entry) {
    (entry.is_open, entry.updated) = (false, BEGAN + 5);
}

const CHECK: &str =
    "GET /repos/acme/app/issues?state=all&sort=updated&direction=desc&since=2026-01-01T00:59:45Z&per_page=100";

#[test]
fn a_list_that_nothing_changed_costs_one_more_request_and_one_that_cannot_shift_none() {
    let server = site(|_, _| {});
    let listed = list(&server, &app().with_is_open(true));
    assert_eq!((listed.numbers, listed.cut), ((1..=7).collect(), None));
    let first = "GET /repos/acme/app/issues?state=open&sort=created&direction=asc&per_page=100";
    let pages = ["", "&page=2", "&page=3", "&page=4"].map(|page| format!("{first}{page}"));
    assert_eq!(server.lines(), [&pages[..], &[CHECK.to_owned()]].concat());
    let all = site(|_, _| {});
    assert_eq!(list(&all, &app()).numbers, (1..=7).collect::<Vec<_>>());
    assert_eq!(all.lines().len(), 4, "{:?}", all.lines());
}

#[test]
fn a_list_of_one_page_is_whole_by_itself() {
    let server = site(|_, _| {});
    let since = Time::from_unix_seconds(BEGAN - 1_021).unwrap();
    let criteria = app().with_is_open(true).with_updated(usher_adapter_sdk::message::TimeRange::new(Some(since), None));
    assert_eq!(list(&server, &criteria).numbers, [1, 2]);
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn an_issue_that_is_closed_while_the_list_is_read_hides_no_other() {
    for closed_after in 1..=4 {
        for closed in [0, 2, 4] {
            let server = site(move |count, entries| {
                if count == closed_after {
                    close(&mut entries[closed]);
                }
            });
            let listed = list(&server, &app().with_is_open(true));
            let others =
                |numbers: Vec<u64>| sorted(numbers.into_iter().filter(|it| *it != closed as u64 + 1).collect());
            assert_eq!(others(listed.numbers.clone()), others((1..=7).collect()), "{closed_after} {closed}");
            let unique: HashSet<u64> = listed.numbers.iter().copied().collect();
            assert_eq!((unique.len(), listed.cut), (listed.numbers.len(), None));
        }
    }
}

#[test]
fn what_keeps_changing_is_listed_all_the_same() {
    let server = site(|count, entries| {
        match count {
            1 => close(&mut entries[0]),
            // While it is read again others change, and leave.
            6 => entries[5].updated = BEGAN + 20,
            7 => close(&mut entries[6]),
            8 => entries[4].updated = BEGAN + 30,
            _ => {}
        }
    });
    let listed = list(&server, &app().with_is_open(true));
    assert_eq!((sorted(listed.numbers), listed.cut), ((1..=7).collect(), None), "{:?}", server.lines());
}

#[test]
fn more_than_a_page_of_one_second_is_gone_through_by_number() {
    let server = site(|count, entries| {
        if count == 1 {
            entries.iter_mut().skip(1).for_each(|entry| entry.updated = BEGAN - 500);
            close(&mut entries[0]);
        }
    });
    let listed = list(&server, &app().with_is_open(true));
    assert_eq!((sorted(listed.numbers), listed.cut), ((1..=7).collect(), None), "{:?}", server.lines());
}

#[test]
fn a_change_that_leaves_an_issue_where_it_is_asks_for_nothing_more() {
    let touched = |criteria: Criteria, is_pull_request: bool| {
        let server = site(move |count, entries| {
            if count == 1 {
                (entries[0].updated, entries[0].is_pull_request) = (BEGAN + 5, is_pull_request);
            }
        });
        let listed = list(&server, &criteria);
        assert_eq!((sorted(listed.numbers), listed.cut), ((1..=7).collect(), None));
        server.lines().len()
    };
    assert_eq!(touched(app().with_is_open(true), false), 5);
    assert!(touched(app().with_is_open(true), true) > 5, "a pull request does not say that it was reopened");
    assert!(touched(app().with_labels(vec!["bug".to_owned()]), false) > 5, "it may have had the label");
}

#[test]
fn a_label_that_is_taken_away_hides_no_other_issue() {
    let server = site(|count, entries| {
        if count == 1 {
            (entries[1].has_label, entries[1].updated) = (false, BEGAN + 1);
        }
    });
    let listed = list(&server, &app().with_labels(vec!["bug".to_owned()]));
    assert_eq!((sorted(listed.numbers), listed.cut), ((1..=7).collect(), None));
}

#[test]
fn with_a_limit_a_list_that_comes_to_its_end_is_looked_after_too() {
    let closing = || {
        site(|count, entries| {
            if count == 1 {
                close(&mut entries[6]);
            }
        })
    };
    let limited = app().with_is_open(true).with_limit(50);
    let listed = list(&closing(), &limited);
    assert_eq!((sorted(listed.numbers), listed.cut), ((1..=7).collect(), None));
    // In an order that is promised nothing can be put in its place any more.
    let by_creation = limited.clone().with_sort(Sort::by(SortField::Created).descending());
    let listed = list(&closing(), &by_creation);
    assert_eq!((listed.numbers, listed.cut), (vec![7, 6, 4, 3, 2, 1], Some(CutReason::Error)));
    assert!(listed.errors[0].hint().unwrap().contains("without a limit"), "{:?}", listed.errors);
    // By the last change also an issue that only changes is missed by those who read on.
    let moved = site(|count, entries| {
        if count == 1 {
            entries[6].updated = BEGAN + 5;
        }
    });
    let by_change = app().with_limit(50).with_sort(Sort::by(SortField::Updated).descending());
    let listed = list(&moved, &by_change);
    assert!(!listed.numbers.contains(&7), "{:?}", listed.numbers);
    assert_eq!(listed.cut, Some(CutReason::Error));
}

#[test]
fn without_a_limit_no_order_is_promised_that_a_change_could_break() {
    let server = site(|count, entries| {
        if count == 1 {
            close(&mut entries[0]);
        }
    });
    for by in [SortField::Created, SortField::Updated] {
        let criteria = app().with_is_open(true).with_sort(Sort::by(by));
        let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        assert!(!page.head().pushed_down.contains(&usher_adapter_sdk::message::Criterion::Sort));
    }
}
