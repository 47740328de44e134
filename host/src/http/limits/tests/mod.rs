//! The engine as a whole, on a clock that stands still until somebody waits.

mod engine;
mod platforms;
mod properties;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::Instant;
use usher_adapter_manifest::{Effect, Limit, Manifest};
use usher_adapter_sdk::{Error, Result};

use super::*;

/// 2026-11-26T12:29:22Z, when each test begins.
const START: u64 = 1_795_696_162;

/// One connection, and the time it lives in.
struct World {
    limits: Limits,
    ledgers: Arc<Ledgers>,
    wall: Arc<HeldClock>,
    start: Instant,
    told: Mutex<Vec<String>>,
}

/// Goes with tokio's clock.
struct HeldClock(Instant);

impl WallClock for HeldClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.0.elapsed()
    }
}

impl Waits for World {
    fn waiting(&self, wait: &Waiting<'_>) {
        self.told.lock().unwrap().push(wait.to_string());
    }
}

/// Nobody listens.
struct Deaf;

impl Waits for Deaf {
    fn waiting(&self, _: &Waiting<'_>) {}
}

impl World {
    fn new(platform: &str, limits: &[Limit], overrides: &[(&str, LimitOverride)]) -> Self {
        let start = Instant::now();
        let wall = Arc::new(HeldClock(start));
        let ledgers = Arc::new(Ledgers::default());
        let overrides: BTreeMap<_, _> =
            overrides.iter().map(|(name, said)| ((*name).to_owned(), said.clone())).collect();
        let place = Place { platform, connection: "work", host: "api.example" };
        let limits = Limits::new(place, limits, &overrides, &ledgers, wall.clone()).unwrap();
        Self { limits, ledgers, wall, start, told: Mutex::default() }
    }

    /// A world with the limits that a text declares.
    fn with(limits: &str) -> Self {
        Self::new("Acme", &declared(limits), &[])
    }

    /// A world with the limits of one of the platforms.
    fn of(platform: &str) -> Self {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let manifest = |room: &str| std::fs::read_to_string(format!("{root}/{room}/{platform}/adapter.toml"));
        let text = manifest("adapters").or_else(|_| manifest("examples")).unwrap();
        let manifest = Manifest::parse(&text).unwrap();
        Self::new(&manifest.name, &manifest.limits, &[])
    }

    /// Asks for a permit, and would wait for it that long.
    async fn acquire_within(&self, seconds: u64, wanted: Wanted<'_>) -> Result<Permit> {
        self.limits.acquire(&wanted, Instant::now() + Duration::from_secs(seconds), self).await
    }

    async fn acquire(&self, wanted: Wanted<'_>) -> Permit {
        self.acquire_within(60, wanted).await.unwrap()
    }

    /// Sends a request and gives it that answer.
    async fn send(&self, wanted: Wanted<'_>, status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
        self.acquire(wanted).await.answered(status, &header_map(headers), body.as_bytes())
    }

    /// Returns the error of a request that cannot wait.
    async fn refused(&self, wanted: Wanted<'_>) -> Error {
        self.acquire_within(1, wanted).await.err().expect("it was let through")
    }

    /// Returns for how many seconds such requests are held back, by asking; none if one goes at once.
    async fn held_for(&self, wanted: Wanted<'_>) -> Option<u64> {
        let began = Instant::now();
        match self.limits.acquire(&wanted, began + Duration::from_millis(1), &Deaf).await {
            Ok(permit) => {
                drop(permit);
                assert_eq!(began, Instant::now());
                None
            }
            Err(error) => Some(error.retry_after().expect("it is known until when").as_secs()),
        }
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }
}

/// Returns the limits that a text declares, as a manifest has them.
fn declared(limits: &str) -> Vec<Limit> {
    let text = format!(
        "manifest = 1\nid = \"acme\"\nname = \"Acme\"\noperations = [\"get\", \"fetch\", \"search\"]\n{limits}"
    );
    Manifest::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")).limits
}

fn read() -> Wanted<'static> {
    Wanted { effect: Effect::Read, class: None, method: "GET", ticket: None, priority: Priority::Interactive }
}

fn write() -> Wanted<'static> {
    Wanted { effect: Effect::Write, method: "POST", ..read() }
}

fn of_class(class: &'static str) -> Wanted<'static> {
    Wanted { class: Some(class), ..read() }
}

fn bulk(wanted: Wanted<'_>) -> Wanted<'_> {
    Wanted { priority: Priority::Bulk, ..wanted }
}

fn header_map(headers: &[(&str, &str)]) -> HeaderMap {
    let pairs = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap()));
    pairs.collect()
}

/// Returns the limit and the seconds of a verdict that says "too much".
fn too_much(verdict: Verdict) -> (String, Option<u64>) {
    match verdict {
        Verdict::Exceeded(TooMuch { limit, wait, never, .. }) => {
            assert!(!never, "{limit} is for ever");
            (limit, wait.map(|wait| wait.as_secs()))
        }
        Verdict::Fine => panic!("it was fine"),
    }
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}
