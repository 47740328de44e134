//! What is counted: the names of all metrics, and the text that Prometheus reads.
//!
//! What lives here: names, help texts, the recorder. What does not: the counting itself, which stands where things
//! happen (`http/layers/trace` for requests, `service/session` for operations), and the log lines (`cli/log`).

mod metrics;

#[cfg(test)]
pub(crate) use metrics::testing;
pub use metrics::{METRICS, Metric, Metrics};
pub(crate) use metrics::{names, outcome};
