//! What normalising a page of 100 items costs, beside reading its JSON alone.

use criterion::Criterion;
use serde::Deserialize;
use usher_adapter_monday::Monday;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};

/// monday.com's JSON, as the adapter reads it.
#[path = "../src/api.rs"]
#[allow(dead_code, reason = "the adapter uses what the bench does not")]
mod api;

const ITEMS: usize = 100;

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    boards: Vec<Board<'a>>,
}

#[derive(Deserialize)]
struct Board<'a> {
    #[serde(borrow)]
    items_page: Items<'a>,
}

#[derive(Deserialize)]
struct Items<'a> {
    #[serde(borrow)]
    items: Vec<api::Item<'a>>,
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    criterion.bench_function("read a page of 100", |bencher| {
        bencher.iter(|| {
            serde_json::from_slice::<Answer<'_>>(&page).expect("it is JSON").data.boards[0].items_page.items.len()
        });
    });
    let answer = page.clone();
    let host = TestHost::new()
        .with_connection(
            Connection::new("bench")
                .with_base_url("https://api.monday.com".to_owned())
                .with_default_project("1111".to_owned()),
        )
        .on_http(move |_, _| Ok(TestHost::response(200, answer.clone())));
    let kit = Kit::new::<Monday>("{}", &host).expect("the adapter can be made");
    criterion.bench_function("normalise a page of 100", |bencher| {
        let list = || kit.fetch(&Criteria::default(), Include::EVERYTHING, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), ITEMS as u64));
    });
    criterion.final_summary();
}

/// Returns the answer to a list of 100 items that have every field; their board has its columns once.
fn page() -> Vec<u8> {
    let mut item: serde_json::Value =
        serde_json::from_str(include_str!("../tests/fixtures/item.json")).expect("it is JSON");
    let mut board = item["board"].take();
    item["board"] = serde_json::json!({ "id": "1111", "name": "Bugs" });
    board["items_page"] = serde_json::json!({ "cursor": null, "items": vec![item; ITEMS] });
    serde_json::json!({ "data": { "boards": [board] } }).to_string().into_bytes()
}
