//! The words that cross the boundary as JSON are a promise: they are written down, and may only be appended to.
//!
//! `words-1.0.txt` is what 1.0 promises. `UPDATE_LAYOUT=1` writes down what a later version appends. The types of the ABI
//! have a file of their own, beside their package; the fields of the model have the published schema.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::{
    fmt::{self, Display},
    path::Path,
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IgnoredAny, MapAccess, Visitor},
};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Altered, Created, FieldName, Refused, Updated},
    model::{Note, Time, User, Visibility},
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
        section("fields of drafts and changes, may grow", FieldName::ALL),
        section("answer to create, may grow", members(&created())),
        section("answer to update, may grow", members(&updated())),
        section("answer to add_note, may grow", members(&note())),
    ]
    .join("\n")
}

/// An answer with everything that one can say.
fn created() -> Created {
    let [refused, unknown] = [FieldName::Due, FieldName::Links].map(|field| Refused::new(field, "why"));
    Created::new("A-1", [FieldName::Body])
        .with_native_id("1".to_owned())
        .with_url("https://a.example".to_owned())
        .with_refused([refused])
        .with_unknown([unknown])
        .with_altered([Altered::new(FieldName::Body, "why")])
}

fn updated() -> Updated {
    let Created { key, applied, refused, unknown, altered, .. } = created();
    let updated = Updated::new(key, applied).with_refused(refused).with_unknown(unknown).with_altered(altered);
    updated.with_revision("1".to_owned())
}

fn note() -> Note {
    let time = Time::from_unix_seconds(0);
    Note::new("1", "Text")
        .with_author(User::new("mara"))
        .with_visibility(Visibility::Public)
        .with_created_at(time)
        .with_updated_at(time)
        .with_in_reply_to("0".to_owned())
        .with_url("https://a.example".to_owned())
        .with_altered(created().altered)
}

/// Returns the names of what a message says, in their order; what is never said of it is not there.
fn members(message: &impl Serialize) -> Vec<String> {
    /// The names of an object, in the order in which they stand there.
    struct Names(Vec<String>);

    impl<'de> Deserialize<'de> for Names {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(Self(Vec::new()))
        }
    }

    impl<'de> Visitor<'de> for Names {
        type Value = Self;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Self, A::Error> {
            while let Some((name, IgnoredAny)) = members.next_entry()? {
                self.0.push(name);
            }
            Ok(self)
        }
    }

    let json = serde_json::to_string(message).unwrap();
    serde_json::from_str::<Names>(&json).unwrap().0
}

fn section<T: Display>(head: &str, facts: impl IntoIterator<Item = T>) -> String {
    let facts = facts.into_iter().map(|fact| format!("  {fact}\n"));
    format!("{head}\n{}", facts.collect::<String>())
}
