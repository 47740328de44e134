//! What normalising a page of 100 records costs, against parsing its JSON alone.

use std::hint::black_box;

use criterion::Criterion;
use serde_json::Value;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};
use usher_adapter_servicenow::ServiceNow;

const RECORDS: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    let mut group = criterion.benchmark_group("a page of 100");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Value>(black_box(&page)).expect("it is JSON"));
    });
    let answer = page.clone();
    let host = TestHost::new()
        .with_connection(Connection::new("bench").with_base_url("https://acme.service-now.com".to_owned()))
        .on_http(move |_, _| Ok(TestHost::response(200, answer.clone())));
    let kit = Kit::new::<ServiceNow>("{}", &host).expect("the adapter can be made");
    group.bench_function("normalised", |bencher| {
        let list = || kit.fetch(&Criteria::default(), Include::EVERYTHING, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), RECORDS as u64));
    });
    group.finish();
    criterion.final_summary();
}

/// Returns the answer to a list of 100 records that have every column.
fn page() -> Vec<u8> {
    let answer: Value =
        serde_json::from_str(include_str!("../tests/fixtures/incident.json")).expect("the fixture is JSON");
    serde_json::json!({ "result": vec![&answer["result"]; RECORDS] }).to_string().into_bytes()
}
