//! Lists: windows of ids that together hold everything, while issues are made, closed and moved underneath.

use std::sync::{Arc, Mutex};

use usher_adapter_sdk::{
    message::{Criteria, Criterion, Cursor, Include, Sort, SortField},
    model::StatusCategory,
};

use crate::server::{Asked, Server, issue, ok, unknown};

/// A server with issues of those ids, which another may change while it is read.
fn server(ids: &Arc<Mutex<Vec<u64>>>) -> Server {
    let ids = Arc::clone(ids);
    Server::new(move |asked| {
        if asked.head.url.ends_with("/issues.json") { ok(answer(&ids.lock().unwrap(), asked)) } else { unknown() }
    })
}

/// Answers as Redmine does.
fn answer(ids: &[u64], asked: &Asked) -> String {
    let number = |text: &str| text.parse::<u64>().unwrap();
    let (from, to) = match asked.pair("issue_id") {
        None => (0, u64::MAX),
        Some(filter) => match filter.strip_prefix("><").map(|range| range.split_once('|').unwrap()) {
            Some((from, to)) => (number(from), number(to)),
            None if filter.starts_with(">=") => (number(&filter[2..]), u64::MAX),
            None => (0, number(filter.strip_prefix("<=").unwrap())),
        },
    };
    let mut found: Vec<u64> = ids.iter().copied().filter(|id| (from..=to).contains(id)).collect();
    found.sort_unstable();
    if asked.pair("sort").is_some_and(|sort| sort.ends_with(":desc")) {
        found.reverse();
    }
    let limit = number(asked.pair("limit").unwrap()).min(100) as usize;
    let offset = asked.pair("offset").map_or(0, number) as usize;
    let page: Vec<String> = found.iter().skip(offset).take(limit).map(|id| issue(*id, "")).collect();
    format!(r#"{{"issues":[{}],"total_count":{},"offset":{offset},"limit":{limit}}}"#, page.join(","), found.len())
}

/// Reads all of a list, calling back before each page; returns the keys, and how many pages deep the deepest chain was.
fn read_all(server: &Server, criteria: &Criteria, mut between: impl FnMut()) -> (Vec<u64>, usize) {
    let mut keys = Vec::new();
    let mut deepest = 0;
    let mut left: Vec<(Option<Cursor>, usize)> = vec![(None, 1)];
    while let Some((cursor, depth)) = left.pop() {
        between();
        let page = server.kit.fetch(criteria, Include::SUMMARY, cursor.as_ref()).unwrap();
        keys.extend(page.tickets().unwrap().into_iter().map(|ticket| ticket.key.as_str().parse::<u64>().unwrap()));
        deepest = deepest.max(depth);
        left.extend(page.head().next.iter().cloned().map(|cursor| (Some(cursor), depth + 1)));
    }
    keys.sort_unstable();
    (keys, deepest)
}

#[test]
fn ten_thousand_issues_are_read_in_chains_that_are_short() {
    let all: Vec<u64> = (1..=10_000).map(|number| number * 3).collect();
    let ids = Arc::new(Mutex::new(all.clone()));
    let server = server(&ids);
    let (keys, deepest) = read_all(&server, &Criteria::default(), || {});
    assert_eq!(keys, all);
    assert!(deepest <= 3, "{deepest}");
    assert!(server.lines().len() < 160, "{}", server.lines().len());
    assert!(server.lines().iter().filter(|line| line.contains("issues.json")).all(|line| line.contains("status_id=*")));
}

#[test]
fn numbers_that_lie_in_heaps_are_all_read() {
    let mut all: Vec<u64> = (1..=150).chain(900_000..900_450).chain([5_000_000]).collect();
    let server = server(&Arc::new(Mutex::new(all.clone())));
    let (keys, _) = read_all(&server, &Criteria::default(), || {});
    all.sort_unstable();
    assert_eq!(keys, all);
}

#[test]
fn nothing_is_lost_or_doubled_while_issues_are_made_and_taken_away() {
    let ids = Arc::new(Mutex::new((1..=900).collect::<Vec<u64>>()));
    let server = server(&ids);
    let mut turn = 0;
    let (keys, _) = read_all(&server, &Criteria::default(), || {
        let mut ids = ids.lock().unwrap();
        turn += 1;
        // Those with even numbers go away in any order, and new ones come.
        ids.retain(|id| *id % 2 == 1 || *id > 900 || *id != turn * 14);
        ids.push(900 + turn);
    });
    let of_old: Vec<u64> = keys.iter().copied().filter(|id| *id <= 900 && id % 2 == 1).collect();
    assert_eq!(of_old, (1..=900).filter(|id| id % 2 == 1).collect::<Vec<_>>());
    let mut once = keys.clone();
    once.dedup();
    assert_eq!(once, keys);
}

#[test]
fn few_are_the_newest_and_go_on_page_after_page() {
    let server = server(&Arc::new(Mutex::new((1..=300).collect())));
    let criteria = Criteria::default().with_limit(11);
    let page = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!((page.len(), page.head().total, page.head().next.len()), (11, Some(300), 1));
    assert_eq!(page.tickets().unwrap()[0].key.as_str(), "300");
    let next = server.kit.fetch(&criteria, Include::SUMMARY, Some(&page.head().next[0])).unwrap();
    assert_eq!(next.tickets().unwrap()[0].key.as_str(), "289");
}

#[test]
fn what_redmine_applies_exactly_is_left_to_it_and_the_rest_to_the_host() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET /issue_statuses.json" => ok(r#"{"issue_statuses":[{"id":3,"name":"Resolved","is_closed":false}]}"#),
        "GET /enumerations/issue_priorities.json" => {
            ok(r#"{"issue_priorities":[{"id":4,"name":"Urgent"},{"id":5,"name":"Immediate"}]}"#)
        }
        "GET /trackers.json" => ok(r#"{"trackers":[{"id":1,"name":"Bug"},{"id":2,"name":"Feature"}]}"#),
        line if line.starts_with("GET /projects/alpha.json") => {
            ok(r#"{"project":{"id":1,"name":"Alpha","identifier":"alpha"}}"#)
        }
        line if line.starts_with("GET /issues.json") => ok(r#"{"issues":[],"total_count":0}"#),
        _ => unknown(),
    });
    let asked = |criteria: &Criteria| {
        let page = server.kit.fetch(criteria, Include::SUMMARY, None).unwrap();
        (server.lines().pop().unwrap(), page.head().pushed_down.clone())
    };
    let (line, pushed) = asked(
        &Criteria::default()
            .with_status(vec!["resolved".to_owned()])
            .with_assignee(vec!["@me".to_owned(), "9".to_owned()])
            .with_type_name(vec!["bug".to_owned()])
            .with_priority(vec![usher_adapter_sdk::model::PriorityLevel::Urgent])
            .with_project(vec!["alpha".to_owned()]),
    );
    for part in
        ["status_id=3", "assigned_to_id=5|9", "tracker_id=1", "priority_id=4|5", "project_id=1", "subproject_id=!*"]
    {
        assert!(line.contains(part), "{part}: {line}");
    }
    let expected = [Criterion::Status, Criterion::Assignee, Criterion::Type, Criterion::Priority, Criterion::Project];
    assert_eq!(pushed, expected);
    let (line, pushed) = asked(&Criteria::default().with_status_category(vec![StatusCategory::Done]));
    assert!(line.contains("status_id=closed") && pushed.is_empty(), "{line} {pushed:?}");
    let (line, pushed) = asked(&Criteria::default().with_assignee(vec!["Alice".to_owned()]).with_is_open(Some(true)));
    assert!(line.contains("status_id=open") && !line.contains("assigned_to"), "{line}");
    assert_eq!(pushed, [Criterion::IsOpen]);
    let sorted = Criteria::default().with_sort(Some(Sort::by(SortField::Updated).descending()));
    let (line, pushed) = asked(&sorted.clone().with_limit(10));
    assert!(line.contains("sort=updated_on:desc,id:desc") && pushed == [Criterion::Sort], "{line}");
    let (line, pushed) = asked(&sorted);
    assert!(line.contains("sort=id&") && pushed.is_empty(), "all of them are sorted by the host: {line}");
}

#[test]
fn a_server_that_cannot_filter_by_numbers_is_told_and_not_followed_in_a_circle() {
    let server = Server::new(|asked| {
        let page: Vec<String> = (1..=100).map(|id| issue(id, "")).collect();
        let all = format!(r#"{{"issues":[{}],"total_count":300}}"#, page.join(","));
        if asked.line().contains("current") { unknown() } else { ok(all) }
    });
    let first = server.kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    let error = server.kit.fetch(&Criteria::default(), Include::SUMMARY, first.head().next.last()).unwrap_err();
    assert_eq!(error.kind(), usher_adapter_sdk::ErrorKind::Unsupported);
}

#[test]
fn a_list_of_several_projects_is_a_chain_for_each_and_none_is_listed_twice() {
    let server = Server::new(|asked| match asked.line().split('?').next().unwrap() {
        "GET /projects/alpha.json" | "GET /projects/1.json" => {
            ok(r#"{"project":{"id":1,"name":"Alpha","identifier":"alpha"}}"#)
        }
        "GET /projects/beta.json" => ok(r#"{"project":{"id":2,"name":"Beta","identifier":"beta"}}"#),
        "GET /issues.json" => {
            let id = asked.pair("project_id").unwrap().parse::<u64>().unwrap();
            ok(format!(r#"{{"issues":[{}],"total_count":1}}"#, issue(id * 10, "")))
        }
        _ => unknown(),
    });
    let criteria = Criteria::default().with_project(["alpha", "beta", "1"].map(str::to_owned).to_vec());
    let (keys, _) = read_all(&server, &criteria, || {});
    assert_eq!(keys, [10, 20]);
}
