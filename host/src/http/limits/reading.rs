//! What the headers of an answer say of a limit.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::DATE};
use sfv::{BareItem, Dictionary, List, ListEntry, Parser};
use usher_adapter_manifest::{LimitHeaders, ResetFormat};

use super::moment;

/// What an answer says of a limit; what it does not say, or not readably, is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) limit: Option<u64>,
    pub(super) remaining: Option<u64>,
    /// How long until it is full again, zero if that has passed.
    pub(super) reset: Option<Duration>,
    pub(super) interval: Option<Duration>,
    /// How long the server held this answer back.
    pub(super) delay: Option<Duration>,
    pub(super) retry_after: Option<Duration>,
    pub(super) cost: Option<u64>,
    pub(super) is_near: bool,
}

impl Reading {
    /// Reads the headers that a limit names.
    pub(super) fn new(names: &LimitHeaders, headers: &HeaderMap, now: SystemTime) -> Self {
        let text = |name: &Option<String>| headers.get(name.as_deref()?)?.to_str().ok().map(str::trim);
        let moment = |name, format: Option<ResetFormat>| moment::until(text(name)?, format?, now);
        let structured = text(&names.structured).map(structured).unwrap_or_default();
        let retry_after = names.retry_after.as_deref().and_then(|name| headers.get(name));
        Self {
            limit: text(&names.limit).and_then(count).or(structured.limit),
            remaining: text(&names.remaining).and_then(count).or(structured.remaining),
            reset: moment(&names.reset, names.reset_format).or(structured.reset),
            interval: moment(&names.interval, names.interval_format),
            delay: text(&names.delay).and_then(moment::seconds).map(|delay| delay.min(moment::LONGEST)),
            retry_after: retry_after.and_then(|value| moment::retry_after(value, now)),
            cost: text(&names.cost).and_then(count),
            is_near: text(&names.near).is_some_and(|flag| matches!(flag.to_ascii_lowercase().as_str(), "true" | "1")),
        }
    }
}

/// Says whether an answer names another limit as the one that its headers speak of.
pub(super) fn speaks_of_another(names: &LimitHeaders, headers: &HeaderMap) -> bool {
    let Some(condition) = &names.only_if else { return false };
    let named = headers.get(condition.header.as_str());
    named.is_some_and(|named| named.as_bytes() != condition.equals.as_bytes())
}

/// Returns what now is by the platform's clock: that of its answers, for ours may be wrong.
pub(super) fn now(headers: &HeaderMap, ours: SystemTime) -> SystemTime {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok());
    date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(ours)
}

/// Returns a count. One with a fraction is rounded down, a negative one is nothing.
fn count(text: &str) -> Option<u64> {
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(number.max(0.0) as u64)
}

/// Reads the `RateLimit` header of the IETF draft: `"default";r=50;t=30`; or as its first versions had it:
/// `limit=100, remaining=50, reset=30`. Of several policies only one that is used up counts: nobody says in what each counts.
fn structured(text: &str) -> Reading {
    if let Ok(policies) = Parser::new(text).parse::<List>() {
        let policies = policies.into_iter().filter_map(|entry| match entry {
            ListEntry::Item(item) => Some(item.params),
            ListEntry::InnerList(_) => None,
        });
        let readings = policies.map(|parameters| {
            let number = |key: &str| parameters.get(key).and_then(whole);
            Reading { remaining: number("r"), reset: number("t").map(span), ..Reading::default() }
        });
        let mut readings: Vec<Reading> = readings.collect();
        if readings.len() > 1 {
            readings.retain(|reading| reading.remaining == Some(0));
        }
        return readings.into_iter().max_by_key(|reading| reading.reset).unwrap_or_default();
    }
    let Ok(members) = Parser::new(text).parse::<Dictionary>() else { return Reading::default() };
    let number = |key: &str| match members.get(key)? {
        ListEntry::Item(item) => whole(&item.bare_item),
        ListEntry::InnerList(_) => None,
    };
    Reading {
        limit: number("limit"),
        remaining: number("remaining"),
        reset: number("reset").map(span),
        ..Reading::default()
    }
}

fn whole(item: &BareItem) -> Option<u64> {
    item.as_integer().and_then(|number| u64::try_from(number).ok())
}

fn span(seconds: u64) -> Duration {
    Duration::from_secs(seconds).min(moment::LONGEST)
}
