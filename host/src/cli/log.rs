//! The lines that adapters log, on stderr.

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::{output::sanitized_line, progress::ProgressLine};
use crate::transport::Logger;

/// The names of the levels, from 1 on.
const NAMES: [&str; 5] = ["error", "warning", "info", "debug", "trace"];

/// Writes lines of up to a level to stderr.
pub(super) struct StderrLogger {
    /// The greatest level that is written.
    pub(super) level: u32,
    /// What is drawn there meanwhile.
    pub(super) progress: Arc<ProgressLine>,
}

impl Logger for StderrLogger {
    fn line(&self, level: u32, connection: &str, message: &str) {
        if level <= self.level {
            let name = NAMES[(level.clamp(1, 5) - 1) as usize];
            // An adapter's words must neither move the cursor nor look like a line of the host's.
            // Nobody can be told that stderr is closed.
            self.progress.aside(|| {
                let _ = writeln!(io::stderr(), "adapter {name} [{connection}]: {}", sanitized_line(message));
            });
        }
    }
}
