//! The lines that adapters log, on stderr.

use std::io::{self, Write};

use super::output::sanitized_line;
use crate::{redact, transport::Logger};

/// The names of the levels, from 1 on.
const NAMES: [&str; 5] = ["error", "warning", "info", "debug", "trace"];

/// Writes lines of up to a level to stderr.
#[derive(Debug, Clone, Copy)]
pub(super) struct StderrLogger {
    /// The greatest level that is written.
    pub(super) level: u32,
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
        if level <= self.level {
            let name = NAMES[(level.clamp(1, 5) - 1) as usize];
            // An adapter's words must neither move the cursor, nor look like a line of the host's, nor hold a secret.
            let message = redact::text(message);
            // Nobody can be told that stderr is closed.
            let _ = writeln!(io::stderr(), "{who}{name} [{connection}]: {}", sanitized_line(&message));
        }
    }
}
