//! The README's example is a manifest.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use usher_adapter_manifest::{Manifest, Operation};

#[test]
fn annotated_example_is_a_manifest() {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let manifest = Manifest::parse(example).unwrap_or_else(|error| panic!("{error}\n{}", error.excerpt()));
    assert_eq!(manifest.operations, Operation::ALL);
    assert_eq!(manifest.limits[0].exceeded[0].wait.len(), 6);
}
