//! How a connection treats its platform: retries, cache. Each has the shape of the file (`Raw…`, everything optional)
//! and the resolved one, where every default is decided.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::duration::{Span, longer_than};
use super::error::Problem;
use super::located::Located;

/// When a request that failed is tried again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Retry")]
pub(super) struct RawRetry {
    /// Attempts in all, the first included; 1 never retries.
    #[schemars(extend("default" = 3, "minimum" = 1))]
    max_attempts: Option<Located<u32>>,
    /// Pause before the second attempt.
    #[schemars(extend("default" = "500ms"))]
    initial_delay: Option<Located<Span>>,
    /// What each further pause is multiplied by.
    #[schemars(extend("default" = 2.0, "minimum" = 1.0))]
    multiplier: Option<Located<f64>>,
    /// Longest pause; never less than `initial_delay`.
    #[schemars(extend("default" = "30s"))]
    max_delay: Option<Located<Span>>,
    /// HTTP statuses worth another attempt.
    #[schemars(extend("default" = [408, 429, 500, 502, 503, 504]))]
    retryable_statuses: Option<Vec<Located<u16>>>,
}

/// When a request that failed is tried again.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Attempts in all, the first included.
    pub max_attempts: u32,
    /// Pause before the second attempt.
    pub initial_delay: Duration,
    /// What each further pause is multiplied by, at least 1.
    pub multiplier: f64,
    /// Longest pause.
    pub max_delay: Duration,
    /// HTTP statuses worth another attempt.
    pub retryable_statuses: Vec<u16>,
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            max_attempts: 3,
            initial_delay: Duration::from_millis(500),
            multiplier: 2.0,
            max_delay: Duration::from_secs(30),
            retryable_statuses: vec![408, 429, 500, 502, 503, 504],
        }
    }
}

impl Retry {
    pub(super) fn resolve(raw: Option<RawRetry>) -> Result<Self, Problem> {
        let defaults = Retry::default();
        let Some(raw) = raw else {
            return Ok(defaults);
        };
        let max_delay_written = raw.max_delay.is_some();
        let max_delay = raw.max_delay.map_or(defaults.max_delay, |delay| delay.value.0);
        let initial_delay = match raw.initial_delay {
            Some(delay) if max_delay_written && delay.value.0 > max_delay => {
                return Err(longer_than("max_delay", delay, max_delay).under("initial_delay"));
            }
            Some(delay) => delay.value.0,
            None => defaults.initial_delay.min(max_delay),
        };
        Ok(Retry {
            max_attempts: max_attempts(raw.max_attempts, defaults.max_attempts)?,
            initial_delay,
            multiplier: multiplier(raw.multiplier, defaults.multiplier)?,
            max_delay: max_delay.max(initial_delay),
            retryable_statuses: match raw.retryable_statuses {
                Some(statuses) => statuses.into_iter().map(status).collect::<Result<_, _>>()?,
                None => defaults.retryable_statuses,
            },
        })
    }
}

fn max_attempts(written: Option<Located<u32>>, default: u32) -> Result<u32, Problem> {
    match written {
        Some(count) if count.value == 0 => Err(Problem::new("0 attempts would never ask")
            .hint("1 never retries")
            .at(count.offset)
            .under("max_attempts")),
        other => Ok(other.map_or(default, |count| count.value)),
    }
}

fn multiplier(written: Option<Located<f64>>, default: f64) -> Result<f64, Problem> {
    match written {
        Some(factor) if factor.value < 1.0 => Err(Problem::new("a multiplier below 1 would make pauses shorter")
            .hint("1.0 keeps them equal, 2.0 doubles them")
            .at(factor.offset)
            .under("multiplier")),
        other => Ok(other.map_or(default, |factor| factor.value)),
    }
}

fn status(status: Located<u16>) -> Result<u16, Problem> {
    if !(400..=599).contains(&status.value) {
        return Err(Problem::new(format!("{} is not the status of a failure", status.value))
            .hint("valid: 400 to 599")
            .at(status.offset)
            .under("retryable_statuses"));
    }
    Ok(status.value)
}

/// What is remembered of answers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Cache")]
pub(super) struct RawCache {
    /// Whether tickets are kept at all.
    #[schemars(extend("default" = true))]
    enabled: Option<bool>,
    /// How long a ticket counts as fresh.
    #[schemars(extend("default" = "1h"))]
    ttl: Option<Span>,
}

/// What is remembered of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// Whether tickets are kept at all.
    pub enabled: bool,
    /// How long a ticket counts as fresh.
    pub ttl: Duration,
}

impl Default for Cache {
    fn default() -> Self {
        Cache { enabled: true, ttl: Duration::from_secs(60 * 60) }
    }
}

impl Cache {
    pub(super) fn resolve(raw: Option<RawCache>) -> Self {
        let defaults = Cache::default();
        let Some(raw) = raw else {
            return defaults;
        };
        Cache { enabled: raw.enabled.unwrap_or(defaults.enabled), ttl: raw.ttl.map_or(defaults.ttl, |ttl| ttl.0) }
    }
}
