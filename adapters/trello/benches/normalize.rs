//! Normalising a page of cards against parsing its JSON alone.
#![allow(missing_docs, reason = "criterion's macros write functions without documentation")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use usher_adapter_sdk::{
    message::{Raw, Source},
    testkit::{Kit, TestHost},
};
use usher_adapter_trello::Trello;

/// How many cards are on the page.
const PAGE: usize = 100;

fn normalize(criterion: &mut Criterion) {
    let cards = cards();
    let kit = Kit::new::<Trello>("{}", &TestHost::new()).unwrap();
    let mut group = criterion.benchmark_group("a page of 100 cards");
    group.bench_function("parsed", |bencher| {
        bencher.iter(|| {
            for card in &cards {
                black_box(serde_json::from_str::<Value>(card).unwrap());
            }
        });
    });
    group.bench_function("normalised", |bencher| {
        bencher.iter(|| {
            for card in &cards {
                black_box(kit.normalize(None, &Raw::main(card.as_bytes()), Source::Direct).unwrap());
            }
        });
    });
    group.finish();
}

/// A recorded card over and over, each with an id of its own.
fn cards() -> Vec<String> {
    let mut card: Value = serde_json::from_str(include_str!("../tests/fixtures/adlio/card.json")).unwrap();
    (0..PAGE)
        .map(|place| {
            card["id"] = format!("57f4355472c5b142db8b{place:04x}").into();
            card.to_string()
        })
        .collect()
}

criterion_group!(benches, normalize);
criterion_main!(benches);
