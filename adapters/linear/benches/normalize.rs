//! What normalising a page of 100 issues costs, beside reading its JSON alone.

use criterion::Criterion;
use serde::Deserialize;
use usher_adapter_linear::Linear;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};

/// Linear's JSON, as the adapter reads it.
#[path = "../src/api/mod.rs"]
#[allow(dead_code, reason = "the adapter uses what the bench does not")]
mod api;

const ISSUES: usize = 100;

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    issues: api::Connection<api::Issue<'a>>,
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    criterion.bench_function("read a page of 100", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Answer<'_>>(&page).expect("it is JSON").data.issues.nodes.len());
    });
    let answer = page.clone();
    let host = TestHost::new()
        .with_connection(Connection::new("bench").with_base_url("https://api.linear.app".to_owned()))
        .on_http(move |_, _| Ok(TestHost::response(200, answer.clone())));
    let kit = Kit::new::<Linear>("{}", &host).expect("the adapter can be made");
    criterion.bench_function("normalise a page of 100", |bencher| {
        let list = || kit.fetch(&Criteria::default(), Include::EVERYTHING, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), ISSUES as u64));
    });
    criterion.final_summary();
}

/// Returns the answer to a list of 100 issues that have every field.
fn page() -> Vec<u8> {
    let issue = include_str!("../tests/fixtures/issue.json");
    let issues = vec![issue; ISSUES].join(",");
    format!(r#"{{"data":{{"issues":{{"nodes":[{issues}],"pageInfo":{{"hasNextPage":false,"endCursor":null}}}}}}}}"#)
        .into_bytes()
}
