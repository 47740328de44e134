//! The words that cross the boundary as JSON are a promise: they are written down, and may only be appended to.
//!
//! `words-1.0.txt` is what 1.0 promises. `UPDATE_LAYOUT=1` writes down what a later version appends. The types of the ABI
//! have a file of their own, beside their package; the fields of the model have the published schema.

use std::{fmt::Display, path::Path};

use usher_adapter_sdk::{
    ErrorKind,
    wire::{self, capability},
};

#[path = "../abi/tests/golden/compare.rs"]
mod compare;

/// What an adapter can ask of the host. A new one is appended.
const CAPABILITIES: &[&str] = &[
    capability::HTTP,
    capability::SLEEP,
    capability::KV_GET,
    capability::KV_SET,
    capability::KV_REMOVE,
    capability::SINK_WRITE,
    capability::SOURCE_READ,
];

#[test]
fn the_words_only_append_to_what_is_promised() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    compare::keep(&folder, "words", env!("CARGO_PKG_VERSION"), &words());
}

#[test]
fn every_capability_is_listed() {
    let source = include_str!("../src/wire.rs");
    let (_, module) = source.split_once("pub mod capability {").unwrap();
    let (module, _) = module.split_once("\n}").unwrap();
    assert_eq!(module.matches("pub const ").count(), CAPABILITIES.len());
}

#[test]
fn a_renamed_operation_and_a_kind_with_another_number_fail() {
    for (word, other) in
        [("update, writes", "update, reads"), ("16 unsupported", "17 unsupported"), ("kv.get", "kv.read")]
    {
        let doctored = words().replace(word, other);
        let faults = compare::faults(&words(), &doctored);
        assert!(matches!(faults.as_slice(), [fault] if fault.contains(word) && fault.contains(other)), "{faults:?}");
    }
    let appended = words().replace("check, reads\n", "check, reads\n  summarize, reads\n");
    assert_eq!(compare::faults(&words(), &appended), [""; 0]);
}

fn words() -> String {
    let operations = wire::OPERATIONS.iter().map(|(name, writes)| {
        let effect = if *writes { "writes" } else { "reads" };
        format!("{name}, {effect}")
    });
    let kinds = ErrorKind::ALL.iter().map(|kind| format!("{} {}", kind.number(), kind.name()));
    [
        section("messages", [format!("WIRE_VERSION = {}", wire::WIRE_VERSION)]),
        section("operations, may grow", operations),
        section("capabilities, may grow", CAPABILITIES),
        section("error kinds, may grow", kinds),
    ]
    .join("\n")
}

fn section<T: Display>(head: &str, facts: impl IntoIterator<Item = T>) -> String {
    let facts = facts.into_iter().map(|fact| format!("  {fact}\n"));
    format!("{head}\n{}", facts.collect::<String>())
}
