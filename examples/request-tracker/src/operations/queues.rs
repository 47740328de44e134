//! Queues by name: a search in one that does not exist would find nothing without a word.

use usher_adapter_sdk::{Error, Result};

use crate::{RequestTracker, api::QueueRecord};

/// Returns every queue that the account sees.
pub(super) async fn all(tracker: &RequestTracker) -> Result<Vec<QueueRecord>> {
    tracker.all(tracker.get(["queues", "all"])?.query("fields", "Name,Lifecycle"), &"the queues").await
}

/// Returns the queue of that name or id, or says which there are.
pub(super) fn find<'q>(queues: &'q [QueueRecord], asked: &str) -> Result<&'q QueueRecord> {
    let is_it = |queue: &&QueueRecord| queue.name.to_lowercase() == asked.to_lowercase() || queue.id.0 == asked;
    queues.iter().find(is_it).ok_or_else(|| {
        let names: Vec<&str> = queues.iter().map(|queue| queue.name.as_str()).collect();
        Error::not_found(format_args!("the queue `{asked}`"))
            .with_hint(format!("The account sees: {}.", names.join(", ")))
    })
}

/// Returns the queue that is named, else the connection's.
pub(super) fn named<'a>(tracker: &'a RequestTracker, asked: Option<&'a str>) -> Result<&'a str> {
    let connection = tracker.host.connection();
    asked.or(connection.default_project.as_deref()).ok_or_else(|| {
        Error::validation("a ticket needs a queue").with_hint(format!(
            "Name one as its project, or set `default_project` in `[connections.{}]`.",
            connection.name
        ))
    })
}
