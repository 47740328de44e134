//! Every metric by name, and the recorder that keeps them.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use usher_adapter_sdk::Error;

/// The names of the metrics.
pub(crate) mod names {
    pub(crate) const OPERATIONS: &str = "usher_operations_total";
    pub(crate) const OPERATION_SECONDS: &str = "usher_operation_duration_seconds";
    pub(crate) const REQUESTS: &str = "usher_http_requests_total";
    pub(crate) const REQUEST_SECONDS: &str = "usher_http_request_duration_seconds";
    pub(crate) const ATTEMPTS: &str = "usher_http_attempts_total";
    pub(crate) const WAIT_SECONDS: &str = "usher_http_wait_duration_seconds";
    pub(crate) const SENT_BYTES: &str = "usher_http_sent_bytes_total";
    pub(crate) const RECEIVED_BYTES: &str = "usher_http_received_bytes_total";
    pub(crate) const CACHE: &str = "usher_http_cache_requests_total";
    pub(crate) const BREAKER_OPEN: &str = "usher_http_breaker_open";
    pub(crate) const BREAKER_OPENINGS: &str = "usher_http_breaker_openings_total";
}

/// What is known of a metric before anything is counted.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `counter`, `gauge` or `histogram`.
    pub kind: &'static str,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it counts.
    pub help: &'static str,
}

/// Every metric; METRICS.md shows the same table.
pub const METRICS: &[Metric] = &[
    Metric {
        name: names::OPERATIONS,
        kind: "counter",
        labels: &["platform", "connection", "operation", "outcome"],
        help: "Operations of adapters that ended, by `ok` or the kind of the error.",
    },
    Metric {
        name: names::OPERATION_SECONDS,
        kind: "histogram",
        labels: &["platform", "connection", "operation"],
        help: "Time from asking an adapter to its answer.",
    },
    Metric {
        name: names::REQUESTS,
        kind: "counter",
        labels: &["platform", "connection", "operation", "method", "status", "outcome"],
        help: "Requests of adapters that ended; `status` is `none` without an answer, `outcome` is `ok` for any answer or the kind of the error.",
    },
    Metric {
        name: names::REQUEST_SECONDS,
        kind: "histogram",
        labels: &["platform", "connection", "operation"],
        help: "Time of a request, waits and repetitions included.",
    },
    Metric {
        name: names::ATTEMPTS,
        kind: "counter",
        labels: &["platform", "connection", "operation"],
        help: "How often requests were tried, repetitions and hops of redirects included.",
    },
    Metric {
        name: names::WAIT_SECONDS,
        kind: "histogram",
        labels: &["platform", "connection", "reason"],
        help: "Time that a request waited, `retry` between attempts and `rate_limit` for its turn; only where it waited.",
    },
    Metric {
        name: names::SENT_BYTES,
        kind: "counter",
        labels: &["platform", "connection"],
        help: "Bytes of bodies that adapters sent, repetitions not included; files are not counted.",
    },
    Metric {
        name: names::RECEIVED_BYTES,
        kind: "counter",
        labels: &["platform", "connection"],
        help: "Bytes of bodies that came from the network, decompressed, files included.",
    },
    Metric {
        name: names::CACHE,
        kind: "counter",
        labels: &["platform", "connection", "outcome"],
        help: "Requests for which an answer was kept: `hit` if it still held, `changed` if not.",
    },
    Metric {
        name: names::BREAKER_OPEN,
        kind: "gauge",
        labels: &["platform", "connection"],
        help: "1 while a platform is left alone because it could not be reached, else 0; absent as long as that never happened.",
    },
    Metric {
        name: names::BREAKER_OPENINGS,
        kind: "counter",
        labels: &["platform", "connection"],
        help: "How often a platform began to be left alone.",
    },
];

/// Upper bounds of the histograms' buckets in seconds: from an answer of a neighbour to the usual deadline.
const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// The metrics of this process, kept from the moment on in which they are wanted.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count, for the whole process; nothing if something else counts already.
    pub fn install() -> Option<Self> {
        let recorder = builder()?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        describe();
        Some(Self(handle))
    }

    /// Returns all metrics in Prometheus' text format.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

fn builder() -> Option<PrometheusBuilder> {
    // Refuses an empty list of buckets, which this is not.
    PrometheusBuilder::new().set_buckets(SECONDS).ok()
}

fn describe() {
    for metric in METRICS {
        match metric.kind {
            "counter" => metrics::describe_counter!(metric.name, metric.help),
            "gauge" => metrics::describe_gauge!(metric.name, metric.help),
            _ => metrics::describe_histogram!(metric.name, metric.help),
        }
    }
}

/// Returns the label for how something ended.
pub(crate) fn outcome<T>(ended: &Result<T, Error>) -> &'static str {
    match ended {
        Ok(_) => "ok",
        Err(error) => error.kind().name(),
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// Runs something and returns the metrics that it counted on this thread.
    pub(crate) fn counted(work: impl FnOnce()) -> String {
        let recorder = builder().unwrap().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            work();
        });
        handle.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_about_metrics_shows_each_of_them() {
        let page = include_str!("../../METRICS.md");
        let rows: Vec<String> = page.lines().filter(|line| line.starts_with("| `")).map(str::to_owned).collect();
        let expected: Vec<String> = METRICS
            .iter()
            .map(|metric| {
                let Metric { name, kind, labels, help } = metric;
                format!("| `{name}` | {kind} | {} | {help} |", labels.join(", "))
            })
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn names_follow_the_conventions_of_prometheus() {
        for Metric { name, kind, .. } in METRICS {
            assert!(name.starts_with("usher_"), "{name}");
            assert_eq!(name.ends_with("_total"), *kind == "counter", "{name}");
            assert_eq!(name.ends_with("_seconds"), *kind == "histogram", "{name}");
        }
    }
}
