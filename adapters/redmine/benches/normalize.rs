//! What normalising a page of 100 issues costs, against parsing its JSON alone.

use std::hint::black_box;

use criterion::Criterion;
use serde_json::Value;
use usher_adapter_redmine::Redmine;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};

const ISSUES: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    let mut group = criterion.benchmark_group("a page of 100");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Value>(black_box(&page)).expect("it is JSON"));
    });
    let answer = page.clone();
    // Without credentials nobody is asked who we are.
    let host = TestHost::new()
        .with_connection(Connection::new("bench").with_base_url("https://redmine.example.com".to_owned()))
        .on_http(move |_, _| Ok(TestHost::response(200, answer.clone())));
    let kit = Kit::new::<Redmine>("{}", &host).expect("the adapter can be made");
    group.bench_function("normalised", |bencher| {
        let mut include = Include::EVERYTHING;
        include.notes = false;
        let list = || kit.fetch(&Criteria::default(), include, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), ISSUES as u64));
    });
    group.finish();
    criterion.final_summary();
}

/// Returns the answer to a list of 100 issues that have every field.
fn page() -> Vec<u8> {
    let issue = include_str!("../tests/fixtures/issue.json").trim();
    let issue = &issue["{\"issue\":".len()..issue.len() - 1];
    let issues = vec![issue; ISSUES].join(",");
    format!(r#"{{"issues":[{issues}],"total_count":{ISSUES},"offset":0,"limit":100}}"#).into_bytes()
}
