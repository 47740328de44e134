//! A long list in windows, against a Linear that pages as Linear does: newest first, behind a cursor.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use usher_adapter_sdk::{
    message::{Criteria, Cursor, Include, Sort, SortField},
    model::Time,
};

use crate::server::{Server, data, issue};

/// When issues were made, in milliseconds.
type Born = Arc<Mutex<Vec<i64>>>;

/// Returns a server that lists issues made at these times; the place in the list is their number.
fn server(born: &Born) -> Server {
    let born = Arc::clone(born);
    Server::new(move |asked| {
        let variables = &asked.variables;
        let bound = |name: &str| {
            let conditions = variables["filter"]["and"].as_array().unwrap();
            let time = conditions.iter().find_map(|it| it["createdAt"][name].as_str());
            time.map(|time| Time::parse(time).unwrap().unix_millis())
        };
        let (from, to) = (bound("gte").unwrap_or(i64::MIN), bound("lt").unwrap_or(i64::MAX));
        let mut found: Vec<(i64, usize)> = born.lock().unwrap().iter().copied().zip(0..).collect();
        found.retain(|(born, _)| (from..to).contains(born));
        found.sort_by(|one, other| other.cmp(one));
        let oldest = found.last().copied();
        // The cursor is an issue: what comes behind it in the order.
        if let Some(after) = variables["after"].as_str() {
            let (born, number) = after.split_once('/').unwrap();
            let after = (born.parse().unwrap(), number.parse().unwrap());
            found.retain(|it| *it < after);
        }
        let first = variables["first"].as_u64().unwrap() as usize;
        let has_next = found.len() > first;
        found.truncate(first);
        let cursor = found.last().map(|(born, number)| format!("{born}/{number}"));
        let made = |(born, number): (i64, usize)| -> Value {
            issue(number as u64 + 1, json!({ "createdAt": Time::from_unix_millis(born).unwrap().to_string() }))
        };
        let oldest: Vec<Value> = oldest.into_iter().map(|it| json!({ "createdAt": made(it)["createdAt"] })).collect();
        data(json!({
            "issues": {
                "nodes": found.into_iter().map(made).collect::<Vec<_>>(),
                "pageInfo": { "hasNextPage": has_next, "endCursor": cursor },
            },
            "oldest": { "nodes": oldest },
        }))
    })
}

/// Reads a whole list, and returns the numbers in the order of the pages, and how many rounds of eight requests it took.
fn read(server: &Server, criteria: &Criteria, between: impl Fn(usize)) -> (Vec<u64>, usize) {
    let (mut numbers, mut rounds) = (Vec::new(), 0);
    let mut waiting: Vec<Option<Cursor>> = vec![None];
    while !waiting.is_empty() {
        between(rounds);
        rounds += 1;
        let now: Vec<_> = waiting.drain(..waiting.len().min(8)).collect();
        let mut next = Vec::new();
        for cursor in now {
            let page = server.kit.fetch(criteria, Include::SUMMARY, cursor.as_ref()).unwrap();
            for ticket in page.tickets().unwrap() {
                numbers.push(ticket.key.as_str().split_once('-').unwrap().1.parse().unwrap());
            }
            next.extend(page.head().next.iter().cloned().map(Some));
        }
        next.append(&mut waiting);
        waiting = next;
    }
    (numbers, rounds)
}

fn assert_whole(numbers: &[u64], count: usize) {
    assert_eq!(numbers.len(), count, "nothing is doubled and nothing is lost");
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), count);
}

#[test]
fn ten_thousand_issues_take_few_rounds_of_requests() {
    let born: Born = Arc::new(Mutex::new((0..10_000).map(|number| number * 3_600_000).collect()));
    let (numbers, rounds) = read(&server(&born), &Criteria::default(), |_| {});
    assert_whole(&numbers, 10_000);
    // At 50 ms each that is less than 2 s.
    assert!(rounds < 40, "{rounds}");
}

#[test]
fn issues_that_were_made_at_once_or_long_ago_are_all_there() {
    let day = 86_400_000;
    let even = |count: i64| (0..count).map(move |number| number * day);
    for (name, times) in [
        ("an import in one millisecond", std::iter::repeat_n(5 * day, 450).chain(even(120)).collect::<Vec<_>>()),
        ("everything in one millisecond", vec![day; 350]),
        (
            "an import of years ago in a minute",
            (0..900).map(|number| number * 60).chain((0..150).map(|it| it * day + 9_000 * day)).collect(),
        ),
        ("a busy last day", even(300).chain((0..700).map(|number| 300 * day + number * 1_000)).collect()),
        ("before 1970", even(450).map(|time| time - 10_000 * day).collect()),
        ("two to a millisecond", even(250).chain(even(250)).collect()),
        ("one page", even(100).collect()),
        ("a page and one", even(101).collect()),
        ("none", Vec::new()),
    ] {
        let count = times.len();
        let (numbers, _) = read(&server(&Arc::new(Mutex::new(times))), &Criteria::default(), |_| {});
        assert_eq!((numbers.len(), numbers.iter().collect::<BTreeSet<_>>().len()), (count, count), "{name}");
    }
}

#[test]
fn what_is_made_meanwhile_neither_moves_nor_hides_what_was_there() {
    let born: Born = Arc::new(Mutex::new((0..2_000).map(|number| number * 3_600_000).collect()));
    let server = server(&born);
    let (numbers, _) = read(&server, &Criteria::default(), |round| {
        // New ones, and one that an import dates back.
        born.lock().unwrap().extend([9_000_000_000_000 + round as i64, 1_800_000]);
    });
    let known: BTreeSet<u64> = numbers.iter().copied().filter(|number| *number <= 2_000).collect();
    assert_eq!(known.len(), 2_000);
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
}

#[test]
fn with_an_order_of_linears_one_page_follows_the_other_in_that_order() {
    let born: Born = Arc::new(Mutex::new((0..450).map(|number| number * 3_600_000).collect()));
    let newest_first = Criteria::default().with_sort(Sort::by(SortField::Created).descending());
    let server = server(&born);
    let (numbers, rounds) = read(&server, &newest_first, |_| {});
    assert!(numbers.is_sorted_by(|one, other| one > other));
    assert_eq!((numbers.len(), rounds), (450, 5));
}
