//! Tests of the tables in `adapter.toml`: links and ids.
