//! Lists and searches.

use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Include, Query, Sort, SortField},
};

use crate::server::{QUEUES, Server, answer, ok};

fn page(numbers: std::ops::RangeInclusive<u64>, total: &str, next: bool) -> String {
    let items: Vec<String> = numbers.map(|number| format!(r#"{{"id":"{number}","Subject":"T"}}"#)).collect();
    let next = if next { r#","next_page":"https://rt.example.com/x""# } else { "" };
    format!(r#"{{"count":{},"total":{total},"items":[{}]{next}}}"#, items.len(), items.join(","))
}

#[test]
fn the_first_page_names_windows_that_hold_the_rest_and_each_goes_on_behind_its_last_number() {
    let server = Server::new(|asked| match (asked.query("order"), asked.query("query")) {
        ("DESC", "id >= 1") => ok(page(1000..=1000, "1000", true)),
        ("ASC", "id >= 1") => ok(page(1..=100, "1000", true)),
        ("ASC", "id >= 101 AND id < 326") => ok(page(101..=200, "225", true)),
        ("ASC", "id >= 201 AND id < 326") => ok(page(201..=300, "125", false)),
        (order, query) => panic!("{order} {query}"),
    });
    let criteria = Criteria::default();
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    let next: Vec<&str> = first.head().next.iter().map(|cursor| cursor.as_str()).collect();
    assert_eq!((first.len(), &next[..]), (100, &["101..326@1", "326..551@1", "551..776@1", "776..@1"][..]));
    let second = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(second.head().next[0].as_str(), "201..326@1");
    let third = server.kit.fetch(&criteria, Include::SUMMARY, second.head().next.first()).unwrap();
    assert!(third.head().next.is_empty());
}

#[test]
fn without_a_total_a_list_goes_on_until_a_page_is_empty_and_says_that_rights_may_have_cut_it() {
    let server = Server::new(|asked| match asked.query("query") {
        "id >= 1" => ok(page(1..=2, "null", false)),
        _ => ok(r#"{"count":0,"total":null,"items":[]}"#),
    });
    let criteria = Criteria::default();
    let first = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert!(first.head().cut.is_none());
    let last = server.kit.fetch(&criteria, Include::SUMMARY, first.head().next.first()).unwrap();
    assert!(last.head().next.is_empty() && last.head().cut.is_some());
}

#[test]
fn few_are_the_newest_and_an_order_is_request_trackers() {
    let server = Server::new(|_| ok(page(5..=5, "1", false)));
    server.kit.fetch(&Criteria::default().with_limit(5), Include::SUMMARY, None).unwrap();
    let sorted = Criteria::default().with_sort(Sort::by(SortField::Updated).descending());
    server.kit.fetch(&sorted, Include::SUMMARY, None).unwrap();
    let asked = server.asked();
    let order = |at: usize| (asked[at].query("orderby"), asked[at].query("order"), asked[at].query("per_page"));
    assert_eq!((order(0), order(1)), (("id", "DESC", "10"), ("LastUpdated", "DESC", "100")));
}

#[test]
fn a_queue_that_is_not_there_is_an_error_and_not_an_empty_list() {
    let server = Server::new(|_| ok(QUEUES));
    let criteria = Criteria::default().with_project(vec!["Nowhere".to_owned()]);
    let error = server.kit.fetch(&criteria, Include::SUMMARY, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.hint().unwrap().contains("Support"), "{error:?}");
}

#[test]
fn words_are_searched_and_no_list_claims_to_know_who_has_them() {
    let server = Server::new(|asked| match asked.line().as_str() {
        "GET tickets" => ok(page(5..=5, "1", false)),
        "GET ticket/5/history" => ok(r#"{"count":1,"total":1,"items":[{"id":"1","Type":"Create"}]}"#),
        "GET ticket/5/attachments" => ok(
            r#"{"count":1,"total":1,"items":[{"id":"2","ContentType":"text/plain","TransactionId":"1","ContentLength":"7"}]}"#,
        ),
        _ => ok(r#"{"count":1,"total":1,"items":[{"id":"2","ContentType":"text/plain","Content":"Printer"}]}"#),
    });
    let words = Criteria::default().with_text("printer".to_owned());
    // The host asks for the bodies, since it may have to look into them.
    let with_body = Include::SUMMARY.with_body(true);
    let listed = server.kit.fetch(&words, with_body, None).unwrap_err();
    let searched = server.kit.search(&Query::text("x").with_criteria(words.clone()), with_body, None).unwrap_err();
    for error in [listed, searched] {
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.hint().unwrap().contains("Search"), "{error:?}");
    }
    assert!(server.lines().is_empty(), "nothing was asked");
    let page = server.kit.fetch(&words, with_body.with_notes(true), None).unwrap();
    assert!(page.head().pushed_down.is_empty(), "the host looks");
    assert_eq!(page.tickets().unwrap()[0].body.as_ref().unwrap().markdown, "Printer");
    assert_eq!(server.asked()[0].query("query"), "id >= 1");
    server.kit.search(&Query::text("printer"), Include::SUMMARY, None).unwrap();
    let query = server.asked().pop().unwrap().query("query").to_owned();
    assert_eq!(query, "id >= 1 AND (Subject LIKE 'printer' OR Content LIKE 'printer')");
}

#[test]
fn nothing_is_put_around_a_search_in_ticketsql_and_its_faults_are_told() {
    let server = Server::new(|asked| {
        assert_eq!(asked.query("query"), "id > 0) OR (id = 1");
        answer(400, r#"{"message":"Wrong query"}"#)
    });
    let error = server.kit.search(&Query::native("id > 0) OR (id = 1"), Include::SUMMARY, None).unwrap_err();
    assert!(error.kind() == ErrorKind::Validation && error.message().contains("Wrong query"), "{error}");
}
