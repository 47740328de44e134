//! The lines that adapters log, on stderr.

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::{output::sanitized_line, progress::ProgressLine};
use crate::{redact, transport::Logger};

/// The names of the levels, from 1 on.
const NAMES: [&str; 5] = ["error", "warning", "info", "debug", "trace"];

/// Writes lines of up to a level to stderr.
pub(super) struct StderrLogger {
    /// The greatest level that is written.
    pub(super) level: u32,
    /// Whether log lines are JSON.
    pub(super) is_json: bool,
    /// What is drawn there meanwhile.
    pub(super) progress: Arc<ProgressLine>,
}

impl Logger for StderrLogger {
    fn line(&self, level: u32, connection: &str, message: &str) {
        self.write("adapter ", level, connection, message);
    }

    fn own_line(&self, level: u32, connection: &str, message: &str) {
        self.write("", level, connection, message);
    }
}

impl StderrLogger {
    fn write(&self, who: &str, level: u32, connection: &str, message: &str) {
        if level <= self.level && self.is_json {
            return tell(level, connection, &redact::text(message));
        }
        if level <= self.level {
            let name = NAMES[(level.clamp(1, 5) - 1) as usize];
            // An adapter's words must neither move the cursor, nor look like a line of the host's, nor hold a secret.
            let message = redact::text(message);
            // Nobody can be told that stderr is closed.
            self.progress.aside(|| {
                let _ = writeln!(io::stderr(), "{who}{name} [{connection}]: {}", sanitized_line(&message));
            });
        }
    }
}

/// Writes a line among the host's own, which are JSON.
fn tell(level: u32, connection: &str, message: &str) {
    match level {
        0 | 1 => tracing::error!(target: "usher::adapter", connection, "{message}"),
        2 => tracing::warn!(target: "usher::adapter", connection, "{message}"),
        3 => tracing::info!(target: "usher::adapter", connection, "{message}"),
        _ => tracing::debug!(target: "usher::adapter", connection, "{message}"),
    }
}
