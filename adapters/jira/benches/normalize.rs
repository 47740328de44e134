//! What it costs to normalise a page of a hundred issues, against parsing its JSON alone.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use usher_adapter_jira::Jira;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Cursor, Include},
    testkit::{Kit, TestHost},
};

/// A hundred issues, as a site gave them.
fn page() -> String {
    let recorded = include_str!("../tests/fixtures/devlake/issues.json");
    let mut issues: Vec<Value> = serde_json::from_str(recorded).expect("the recording is JSON");
    issues = issues.into_iter().cycle().take(100).collect();
    for (number, issue) in issues.iter_mut().enumerate() {
        issue["id"] = (10_000 + number).to_string().into();
        issue["key"] = format!("EE-{number}").into();
    }
    serde_json::json!({ "issues": issues, "issueErrors": [] }).to_string()
}

fn normalize(criterion: &mut Criterion) {
    let page = page();
    let answer = page.clone();
    let connection = Connection::new("bench").with_base_url("https://acme.atlassian.net".to_owned());
    let host = TestHost::new().with_connection(connection).on_http(move |request, _| {
        let body = if request.url.ends_with("/field") { "[]" } else { &answer };
        Ok(TestHost::response(200, body))
    });
    let kit = Kit::new::<Jira>(r#"{"deployment":"cloud"}"#, &host).expect("the adapter can be made");
    let ids: Vec<String> = (0..100).map(|number| (10_000 + number).to_string()).collect();
    let cursor = Cursor::new(format!("issues {}", ids.join(",")));
    let mut group = criterion.benchmark_group("a page of 100");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&page)).expect("the page is JSON"));
    });
    group.bench_function("normalised", |bencher| {
        let fetch = || kit.fetch(&Criteria::default(), Include::EVERYTHING, Some(&cursor));
        bencher.iter(|| black_box(fetch()).expect("the page is read"));
    });
    group.finish();
}

criterion_group!(benches, normalize);
criterion_main!(benches);
