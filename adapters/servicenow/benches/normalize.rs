//! What normalising a page of 100 records costs, beside reading its JSON alone.

use criterion::Criterion;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};
use usher_adapter_servicenow::ServiceNow;

/// ServiceNow's JSON, as the adapter reads it.
#[path = "../src/api.rs"]
#[allow(dead_code, unused_imports, reason = "the adapter and its tests use what the bench does not")]
mod api;

const RECORDS: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    criterion.bench_function("read a page of 100", |bencher| {
        bencher.iter(|| serde_json::from_slice::<api::Answer<'_>>(&page).expect("it is JSON").result.0.len());
    });
    let answer = page.clone();
    let host = TestHost::new()
        .with_connection(Connection::new("bench").with_base_url("https://acme.service-now.com".to_owned()))
        .on_http(move |_, _| Ok(TestHost::response(200, answer.clone())));
    let kit = Kit::new::<ServiceNow>("{}", &host).expect("the adapter can be made");
    criterion.bench_function("normalise a page of 100", |bencher| {
        let list = || kit.fetch(&Criteria::default(), Include::EVERYTHING, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), RECORDS as u64));
    });
    criterion.final_summary();
}

/// Returns the answer to a list of 100 records that have every column.
fn page() -> Vec<u8> {
    let answer: serde_json::Value =
        serde_json::from_str(include_str!("../tests/fixtures/incident.json")).expect("the fixture is JSON");
    serde_json::json!({ "result": vec![&answer["result"]; RECORDS] }).to_string().into_bytes()
}
