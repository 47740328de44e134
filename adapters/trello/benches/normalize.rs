//! Normalising a page of cards against parsing its JSON alone.
#![allow(missing_docs, reason = "criterion's macros write functions without documentation")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use usher_adapter_sdk::{
    host::Connection,
    message::{Criteria, Include},
    testkit::{Kit, TestHost},
};
use usher_adapter_trello::Trello;

/// How many cards are on the page.
const PAGE: u64 = 100;
/// The board that they are on.
const BOARD: &str = "5f00000000000000000000b1";

fn normalize(criterion: &mut Criterion) {
    let page = page();
    let answer = page.clone();
    let connection = Connection::new("bench").with_base_url("https://api.trello.com/1".to_owned());
    let host = TestHost::new().with_connection(connection).on_http(move |request, _| {
        let body = match request.url.rsplit('/').next().unwrap_or_default() {
            "all" => answer.clone(),
            "boards" => format!(r#"[{{"id":"{BOARD}"}}]"#),
            _ => format!(r#"{{"id":"{BOARD}"}}"#),
        };
        Ok(TestHost::response(200, body))
    });
    let kit = Kit::new::<Trello>("{}", &host).unwrap();
    let mut group = criterion.benchmark_group("a page of 100");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&page)).unwrap());
    });
    group.bench_function("normalised", |bencher| {
        let fetch = || kit.fetch(&Criteria::default(), Include::EVERYTHING, None).unwrap();
        bencher.iter(|| assert_eq!(fetch().len(), PAGE));
    });
    group.finish();
}

/// A recorded card over and over, each with an id of its own.
fn page() -> String {
    let mut card: Value = serde_json::from_str(include_str!("../tests/fixtures/adlio/card.json")).unwrap();
    let cards = (0..PAGE).map(|place| {
        card["id"] = format!("57f4355472c5b142db8b{place:04x}").into();
        card.to_string()
    });
    format!("[{}]", cards.collect::<Vec<_>>().join(","))
}

criterion_group!(benches, normalize);
criterion_main!(benches);
