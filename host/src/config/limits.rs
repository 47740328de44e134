//! `[connections.NAME.limits.LIMIT]`: what the operator says of one of the adapter's rate limits. Whether the adapter has a
//! limit of that name is not decided here: its manifest knows (`route/connections.rs`).

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::duration::{Span, written};
use super::error::Problem;
use super::located::Located;

/// What is said of one rate limit; what is absent stays as the adapter declares it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Limit")]
pub(super) struct RawLimit {
    /// How many requests are allowed in `per`.
    #[schemars(extend("minimum" = 1))]
    requests: Option<Located<u64>>,
    /// How many points are allowed in `per`, where the platform counts in points.
    #[schemars(extend("minimum" = 1))]
    points: Option<Located<u64>>,
    /// The span of time of `requests` and `points`.
    per: Option<Located<Span>>,
    /// How many requests may be sent at once after a pause; half of them if it is absent.
    #[schemars(extend("minimum" = 1))]
    burst: Option<Located<u64>>,
    /// How many requests may be under way at once.
    #[schemars(extend("minimum" = 1))]
    concurrency: Option<Located<u64>>,
}

/// What the operator says of one rate limit; what is absent stays as the adapter declares it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LimitOverride {
    /// How many requests are allowed in `per`.
    pub requests: Option<u64>,
    /// How many points are allowed in `per`.
    pub points: Option<u64>,
    /// The span of time of `requests` and `points`.
    pub per: Option<Duration>,
    /// How many requests may be sent at once after a pause.
    pub burst: Option<u64>,
    /// How many requests may be under way at once.
    pub concurrency: Option<u64>,
}

impl LimitOverride {
    pub(super) fn resolve_all(raw: Option<BTreeMap<String, RawLimit>>) -> Result<BTreeMap<String, Self>, Problem> {
        let entries = raw.unwrap_or_default().into_iter();
        let resolved = entries.map(|(name, raw)| match Self::resolve(raw) {
            Ok(limit) => Ok((name, limit)),
            Err(problem) => Err(problem.under(name)),
        });
        resolved.collect()
    }

    fn resolve(raw: RawLimit) -> Result<Self, Problem> {
        if let Some(per) = raw.per.as_ref().filter(|per| per.value.0.is_zero()) {
            return Err(Problem::new("a budget for no time would let nothing through").at(per.offset).under("per"));
        }
        Ok(Self {
            requests: positive("requests", raw.requests)?,
            points: positive("points", raw.points)?,
            per: raw.per.map(|per| per.value.0),
            burst: positive("burst", raw.burst)?,
            concurrency: positive("concurrency", raw.concurrency)?,
        })
    }

    /// Returns the table as it would be written in the file.
    pub(super) fn shown(&self) -> Value {
        let fields = [
            ("requests", self.requests.map(Value::from)),
            ("points", self.points.map(Value::from)),
            ("per", self.per.map(|per| json!(written(per)))),
            ("burst", self.burst.map(Value::from)),
            ("concurrency", self.concurrency.map(Value::from)),
        ];
        let said = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(said.collect::<Map<_, _>>())
    }
}

fn positive(name: &str, written: Option<Located<u64>>) -> Result<Option<u64>, Problem> {
    match written {
        Some(count) if count.value == 0 => Err(Problem::new("0 would let nothing through")
            .hint("remove the line to keep what the adapter declares, or switch the connection off with `enabled = false`")
            .at(count.offset)
            .under(name)),
        other => Ok(other.map(|count| count.value)),
    }
}
