//! One limit of a connection: what the manifest declares, as the operator changed it. Here is decided which requests spend
//! from it, and what they cost; what was spent is elsewhere (`budget.rs`).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use usher_adapter_manifest::{Effect, Exceeded, Limit, LimitHeaders, LimitScope, Pattern};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{meter::Rate, sign::Sign, wanted::Wanted};
use crate::config::LimitOverride;

/// The name of the limit that every adapter has: everything that a connection sends.
pub(crate) const ALL: &str = "all";

/// A limit of a connection.
pub(super) struct Rule {
    pub(super) name: Arc<str>,
    /// As people read it: `GitHub's search limit`.
    pub(super) title: String,
    classes: Vec<String>,
    except: Vec<String>,
    effect: Option<Effect>,
    pub(super) scope: LimitScope,
    costs: BTreeMap<String, u64>,
    pub(super) numbers: Numbers,
    pub(super) headers: LimitHeaders,
    /// Whether `retry_after` counts on every answer. Where the manifest does not say so, a `Retry-After` on success is about
    /// something else: when the outcome of a job can be asked for.
    pub(super) obeys_on_success: bool,
    /// How an answer says that it was exceeded; the first that fits counts.
    pub(super) signs: Vec<Sign>,
}

/// How much a limit allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Numbers {
    pub(super) requests: Option<Rate>,
    pub(super) points: Option<Rate>,
    pub(super) concurrency: Option<u32>,
    /// Whether the operator said the rates: then they hold, whatever the platform says beyond them.
    pub(super) is_firm: bool,
}

/// What a request takes from a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) requests: u64,
    pub(super) points: u64,
}

/// What part of a limit a request spends from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Whole,
    Class(Option<String>),
    Method(Option<String>, String),
    Ticket(String),
}

/// Returns the limits of a connection in the order of the manifest, the one that every adapter has last.
pub(super) fn rules(
    platform: &str,
    limits: &[Limit],
    overrides: &BTreeMap<String, LimitOverride>,
) -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for limit in limits {
        let signs = signs(&limit.exceeded).map_err(|reason| broken(platform, &limit.name, &reason))?;
        rules.push(Rule {
            name: limit.name.as_str().into(),
            title: title(platform, &limit.name),
            classes: limit.classes.clone(),
            except: limit.except.clone(),
            effect: limit.effect,
            scope: limit.scope,
            costs: limit.costs.clone(),
            numbers: Numbers::new(Some(limit), overrides.get(&limit.name)),
            headers: limit.headers.clone(),
            obeys_on_success: true,
            signs,
        });
    }
    if !limits.iter().any(|limit| limit.name == ALL) {
        let all = Rule::all(platform, overrides.get(ALL)).map_err(|reason| broken(platform, ALL, &reason))?;
        rules.push(all);
    }
    Ok(rules)
}

fn signs(exceeded: &[Exceeded]) -> Result<Vec<Sign>, String> {
    exceeded.iter().map(Sign::new).collect()
}

fn broken(platform: &str, limit: &str, reason: &str) -> Error {
    Error::new(ErrorKind::AdapterRefused, format!("{}: {reason}", title(platform, limit)))
        .with_hint("The adapter's manifest is at fault: its maintainer can help.")
}

fn title(platform: &str, limit: &str) -> String {
    match limit {
        ALL => format!("{platform}'s rate limit"),
        _ => format!("{platform}'s {limit} limit"),
    }
}

impl Rule {
    /// Returns the limit that every adapter has. It knows what HTTP itself says of too much, and nothing of the platform.
    fn all(platform: &str, overridden: Option<&LimitOverride>) -> Result<Self, String> {
        let mut headers = LimitHeaders::default();
        headers.retry_after = Some("retry-after".to_owned());
        Ok(Self {
            name: ALL.into(),
            title: title(platform, ALL),
            classes: Vec::new(),
            except: Vec::new(),
            effect: None,
            scope: LimitScope::Connection,
            costs: BTreeMap::new(),
            numbers: Numbers::new(None, overridden),
            headers,
            obeys_on_success: false,
            signs: Sign::of_http()?,
        })
    }

    /// Returns the part of this limit that a request spends from; none if it does not.
    pub(super) fn part(&self, wanted: &Wanted<'_>) -> Option<Part> {
        let is_class = |class: &String| wanted.class == Some(class.as_str());
        let spends = (self.classes.is_empty() || self.classes.iter().any(is_class))
            && !self.except.iter().any(is_class)
            && self.effect.is_none_or(|effect| effect == wanted.effect);
        if !spends {
            return None;
        }
        let class = || wanted.class.map(str::to_owned);
        match self.scope {
            LimitScope::Class => Some(Part::Class(class())),
            LimitScope::Method => Some(Part::Method(class(), wanted.method.to_owned())),
            LimitScope::Ticket => wanted.ticket.map(|ticket| Part::Ticket(ticket.to_owned())),
            // A scope of a later manifest is taken for the widest of a connection.
            _ => Some(Part::Whole),
        }
    }

    /// Returns what a request costs: what is declared for its class or its effect, else one of each.
    pub(super) fn cost(&self, wanted: &Wanted<'_>) -> Cost {
        let effect = match wanted.effect {
            Effect::Read => "read",
            _ => "write",
        };
        let by_class = wanted.class.and_then(|class| self.costs.get(class));
        let points = by_class.or_else(|| self.costs.get(effect));
        Cost { requests: 1, points: points.copied().unwrap_or(1) }
    }

    /// Says whether the platform counts this limit in points.
    pub(super) fn is_in_points(&self) -> bool {
        self.numbers.points.is_some() || self.headers.cost.is_some()
    }
}

impl Numbers {
    fn new(declared: Option<&Limit>, overridden: Option<&LimitOverride>) -> Self {
        let own = overridden.cloned().unwrap_or_default();
        let of = |number: fn(&Limit) -> Option<u64>| declared.and_then(number);
        let per = own.per.or(declared.and_then(|limit| limit.per));
        let changes_the_rate = own.requests.or(own.points).is_some() || own.per.is_some();
        let burst = match changes_the_rate {
            true => own.burst,
            false => own.burst.or(of(|limit| limit.burst)),
        };
        let rate = |count: Option<u64>| count.zip(per).and_then(|(count, per)| rate(count, per, burst));
        Self {
            requests: rate(own.requests.or(of(|limit| limit.requests))),
            points: rate(own.points.or(of(|limit| limit.points))),
            concurrency: own.concurrency.or(of(|limit| limit.concurrency)).map(|most| cells(most).max(1)),
            is_firm: changes_the_rate || own.burst.is_some(),
        }
    }

    /// Returns the span of its window, where one is known.
    pub(super) fn window(&self) -> Option<Duration> {
        self.requests.or(self.points).map(|rate| rate.per)
    }

    /// Returns how much it allows in what the platform counts it in, where that is known.
    pub(super) fn most(&self, in_points: bool) -> Option<u64> {
        let rate = if in_points { self.points } else { self.requests };
        rate.map(|rate| u64::from(rate.count))
    }
}

fn rate(count: u64, per: Duration, burst: Option<u64>) -> Option<Rate> {
    // Nothing in a time would let nothing through for ever; a manifest that says so declares no budget.
    let is_rate = count > 0 && !per.is_zero();
    is_rate.then(|| Rate { count: cells(count), per, burst: burst.map(cells) })
}

/// Returns the number as far as GCRA counts: four billion is as good as no limit.
fn cells(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What has to be known of a pattern before it can be used.
pub(super) fn compiled(pattern: &Pattern, whole: bool) -> Result<regex_lite::Regex, String> {
    let compiled = if whole { pattern.compile() } else { pattern.compile_unanchored() };
    compiled.map_err(|error| format!("the pattern `{}` cannot be used: {error}", pattern.as_str()))
}
