//! The published JSON schema says what the model is. `UPDATE_SCHEMA=1` writes it anew.
#![cfg(feature = "schema")]

use std::{env, fs, path::Path};

use usher_adapter_sdk::model::Ticket;

#[test]
fn the_published_schema_is_that_of_the_model() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/ticket.v1.schema.json");
    let schema = schemars::schema_for!(Ticket);
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let published = fs::read_to_string(&file).unwrap_or_default();
    assert!(published == text, "the model has changed: look at it, and run the test with UPDATE_SCHEMA=1");
}
