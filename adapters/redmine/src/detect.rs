//! Tests of the link tables.
