//! Normalising a page of work items against parsing its JSON alone.
#![allow(missing_docs, reason = "criterion's macros write functions without documentation")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use usher_adapter_azure_devops::AzureDevOps;
use usher_adapter_sdk::{
    host::Connection,
    message::{Raw, Source},
    testkit::{Kit, TestHost},
};

/// How many work items are on the page.
const PAGE: usize = 100;

fn normalize(criterion: &mut Criterion) {
    let items = items();
    let host =
        TestHost::new().with_connection(Connection::new("bench").with_base_url("https://dev.azure.com".to_owned()));
    let kit = Kit::new::<AzureDevOps>(r#"{"organization":"fabrikam"}"#, &host).unwrap();
    let mut group = criterion.benchmark_group("a page of 100 work items");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| {
            for item in &items {
                black_box(serde_json::from_str::<Value>(item).unwrap());
            }
        });
    });
    group.bench_function("normalised", |bencher| {
        bencher.iter(|| {
            for item in &items {
                black_box(kit.normalize(None, &Raw::main(item.as_bytes()), Source::Direct).unwrap());
            }
        });
    });
    group.finish();
}

/// The published examples with every field, over and over, each with a number of its own.
fn items() -> Vec<String> {
    let text = include_str!("../tests/fixtures/rest-api-specs/work-items-expanded.json");
    let examples: Value = serde_json::from_str(text).unwrap();
    let examples = examples["value"].as_array().unwrap();
    (0..PAGE)
        .map(|place| {
            let mut item = examples[place % examples.len()].clone();
            item["id"] = (place + 1).into();
            item.to_string()
        })
        .collect()
}

criterion_group!(benches, normalize);
criterion_main!(benches);
