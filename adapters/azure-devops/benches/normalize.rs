//! Normalising a page of work items against parsing its JSON alone.
#![allow(missing_docs, reason = "criterion's macros write functions without documentation")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use usher_adapter_azure_devops::AzureDevOps;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Cursor, Include},
    testkit::{Kit, TestHost},
};

/// How many work items are on the page.
const PAGE: usize = 100;

fn normalize(criterion: &mut Criterion) {
    let page = page();
    let answer = page.clone();
    let connection = Connection::new("bench").with_base_url("https://dev.azure.com".to_owned());
    let host = TestHost::new().with_connection(connection).on_http(move |request, _| {
        let body = if request.url.ends_with("/workitemsbatch") { &*answer } else { r#"{"count":0,"value":[]}"# };
        Ok(TestHost::response(200, body))
    });
    let kit = Kit::new::<AzureDevOps>(r#"{"organization":"fabrikam"}"#, &host).unwrap();
    // Their numbers, each as how much it is more than the one before.
    let cursor = Cursor::new(format!("n{}", vec!["1"; PAGE].join(",")));
    // Notes take a request of their own for each work item.
    let mut include = Include::EVERYTHING;
    include.notes = false;
    let mut group = criterion.benchmark_group("a page of 100");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&page)).unwrap());
    });
    group.bench_function("normalised", |bencher| {
        let fetch = || kit.fetch(&Criteria::default(), include, Some(&cursor)).unwrap();
        bencher.iter(|| assert_eq!(fetch().len(), PAGE as u64));
    });
    group.finish();
}

/// The published examples with every field, over and over, each with a number of its own.
fn page() -> String {
    let text = include_str!("../tests/fixtures/rest-api-specs/work-items-expanded.json");
    let examples: Value = serde_json::from_str(text).unwrap();
    let examples = examples["value"].as_array().unwrap();
    let items = (0..PAGE).map(|place| {
        let mut item = examples[place % examples.len()].clone();
        item["id"] = (place + 1).into();
        item.to_string()
    });
    format!(r#"{{"count":{PAGE},"value":[{}]}}"#, items.collect::<Vec<_>>().join(","))
}

criterion_group!(benches, normalize);
criterion_main!(benches);
