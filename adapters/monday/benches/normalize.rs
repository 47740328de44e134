//! What normalising a page of 100 items costs, against parsing its JSON alone.

use std::hint::black_box;

use criterion::Criterion;
use serde_json::Value;
use usher_adapter_monday::Monday;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};

const ITEMS: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    let mut group = criterion.benchmark_group("a page of 100");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Value>(black_box(&page)).expect("it is JSON"));
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
    group.bench_function("normalised", |bencher| {
        let list = || kit.fetch(&Criteria::default(), Include::EVERYTHING, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), ITEMS as u64));
    });
    group.finish();
    criterion.final_summary();
}

/// Returns the answer to a list of 100 items that have every field; their board has its columns once.
fn page() -> Vec<u8> {
    let mut item: Value = serde_json::from_str(include_str!("../tests/fixtures/item.json")).expect("it is JSON");
    let mut board = item["board"].take();
    item["board"] = serde_json::json!({ "id": "1111", "name": "Bugs" });
    board["items_page"] = serde_json::json!({ "cursor": null, "items": vec![item; ITEMS] });
    serde_json::json!({ "data": { "boards": [board] } }).to_string().into_bytes()
}
