//! How workers are watched: the times after which something is done about one.

use std::time::Duration;

/// How workers are watched.
#[derive(Debug, Clone, Copy)]
pub struct Supervision {
    /// How long the start after a first failure waits; each further one doubles it.
    pub first_delay: Duration,
    /// How long a start waits at most.
    pub longest_delay: Duration,
    /// How long a worker without work is kept.
    pub idle: Duration,
    /// How long a worker has to hear that a call was cancelled.
    pub grace: Duration,
    /// How long opening a library may take.
    pub opening: Duration,
    /// How often is looked whether the library's file has changed; zero is at every call.
    pub look_every: Duration,
}

impl Default for Supervision {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(60),
            idle: Duration::from_secs(60),
            grace: Duration::from_secs(2),
            opening: Duration::from_secs(10),
            look_every: Duration::from_secs(1),
        }
    }
}
