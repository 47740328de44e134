//! What normalising a page of 100 issues costs, beside reading its JSON alone.

use criterion::Criterion;
use usher_adapter_redmine::Redmine;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};

/// Redmine's JSON, as the adapter reads it.
#[path = "../src/api.rs"]
#[allow(dead_code, reason = "the adapter uses what the bench does not")]
mod api;

const ISSUES: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let page = page();
    criterion.bench_function("read a page of 100", |bencher| {
        bencher.iter(|| {
            let page: api::Issues<'_> = serde_json::from_slice(&page).expect("it is JSON");
            let read = |item: &&serde_json::value::RawValue| serde_json::from_str::<api::Issue<'_>>(item.get()).is_ok();
            page.issues.iter().filter(|item| read(item)).count()
        });
    });
    let answer = page.clone();
    // Without credentials nobody is asked who we are.
    let host = TestHost::new()
        .with_connection(Connection::new("bench").with_base_url("https://redmine.example.com".to_owned()))
        .on_http(move |_, _| Ok(TestHost::response(200, answer.clone())));
    let kit = Kit::new::<Redmine>("{}", &host).expect("the adapter can be made");
    criterion.bench_function("normalise a page of 100", |bencher| {
        let mut include = Include::EVERYTHING;
        include.notes = false;
        let list = || kit.fetch(&Criteria::default(), include, None).expect("the page is good");
        bencher.iter(|| assert_eq!(list().len(), ISSUES as u64));
    });
    criterion.final_summary();
}

/// Returns the answer to a list of 100 issues that have every field.
fn page() -> Vec<u8> {
    let issue = include_str!("../tests/fixtures/issue.json").trim();
    let issue = &issue["{\"issue\":".len()..issue.len() - 1];
    let issues = vec![issue; ISSUES].join(",");
    format!(r#"{{"issues":[{issues}],"total_count":{ISSUES},"offset":0,"limit":100}}"#).into_bytes()
}
