//! What the host does when an adapter asks.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde::Deserialize;
use tokio::runtime::Handle;
use usher_adapter_abi::Reply;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, boundary, decode,
    host::{KvFound, RequestHead},
    wire::{self, CallHeader, KvArgs, SinkArgs, SleepArgs, SourceArgs, capability},
};

use super::{
    Deadline, Envelope, Files, KvStore,
    flood::{self, Admission, FloodGate},
};
use crate::http;

/// Where the lines go that adapters log.
pub trait Logger: Send + Sync {
    /// Takes one line; levels are 1 error to 5 trace.
    fn line(&self, level: u32, connection: &str, message: &str);

    /// Takes one line that the host itself has to say about a connection.
    fn own_line(&self, level: u32, connection: &str, message: &str) {
        self.line(level, connection, message);
    }
}

/// What one connection's adapter may ask for.
pub struct Capabilities {
    connection: String,
    runtime: Handle,
    logger: Arc<dyn Logger>,
    kv: Option<Arc<KvStore>>,
    files: Arc<Files>,
    http: Option<Arc<http::Connection>>,
    /// The calls that are being done.
    calls: Mutex<HashMap<u64, http::Call>>,
    closed: AtomicBool,
    in_flight: AtomicUsize,
    gate: Mutex<FloodGate>,
}

/// How many requests of one adapter may be under way at once.
const MOST_IN_FLIGHT: usize = 1024;

/// A request under way.
pub(super) struct InFlight(Arc<Capabilities>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Ends a call's right to ask for anything.
pub(super) struct CallGuard<'a> {
    capabilities: &'a Capabilities,
    call: u64,
}

impl Drop for CallGuard<'_> {
    fn drop(&mut self) {
        self.capabilities.calls().remove(&self.call);
    }
}

impl Drop for Capabilities {
    fn drop(&mut self) {
        let count = self.gate().held_back();
        if count > 0 {
            self.say_missing(count);
        }
    }
}

impl Capabilities {
    /// Returns what the adapter of that connection may ask for.
    pub fn new(
        connection: &str,
        runtime: Handle,
        logger: Arc<dyn Logger>,
        kv: Option<Arc<KvStore>>,
        files: Arc<Files>,
    ) -> Arc<Self> {
        Self::with_http(connection, runtime, logger, kv, files, None)
    }

    /// Returns the same with a way to the platform.
    pub(crate) fn with_http(
        connection: &str,
        runtime: Handle,
        logger: Arc<dyn Logger>,
        kv: Option<Arc<KvStore>>,
        files: Arc<Files>,
        http: Option<Arc<http::Connection>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            connection: connection.to_owned(),
            runtime,
            logger,
            kv,
            files,
            http,
            calls: Mutex::default(),
            closed: AtomicBool::new(false),
            in_flight: AtomicUsize::new(0),
            gate: Mutex::default(),
        })
    }

    /// Refuses everything from here on: the adapter has been told to end.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Begins a request, unless there are too many.
    pub(super) fn begin(self: &Arc<Self>) -> Result<InFlight> {
        let before = self.in_flight.fetch_add(1, Ordering::Relaxed);
        let in_flight = InFlight(self.clone());
        if before < MOST_IN_FLIGHT {
            return Ok(in_flight);
        }
        Err(Error::validation(format!("the adapter has {MOST_IN_FLIGHT} requests under way and asks for more")))
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(super) fn open_call(&self, envelope: &Envelope, deadline: Deadline) -> CallGuard<'_> {
        let Envelope { call: id, operation, writes, .. } = *envelope;
        let rehearsal = envelope.rehearsal.clone();
        // What is rehearsed may ask for a write, which is held back then.
        let writes = writes || rehearsal.is_some();
        // Only HTTP asks for it.
        let ticket = self.http.as_ref().and_then(|_| ticket(&envelope.header));
        let (written, tally) = (envelope.written.clone(), envelope.tally.clone());
        let call = http::Call { id, operation, writes, deadline, ticket, written, tally, rehearsal };
        self.calls().insert(id, call);
        CallGuard { capabilities: self, call: id }
    }

    pub(super) fn log(&self, level: u32, message: &str) {
        // A panic must not leave the host's own code through foreign code.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let admission = self.gate().line(Instant::now());
            match admission {
                Admission::HoldBack => return,
                Admission::PassAfter(count) => self.say_missing(count),
                Admission::Pass => {}
            }
            self.logger.line(level, &self.connection, message);
        }));
    }

    fn say_missing(&self, count: u64) {
        self.logger.line(2, &self.connection, &flood::missing(count));
    }

    /// Returns the names of what an adapter may ask for.
    pub(super) fn supported(&self) -> impl Iterator<Item = &'static str> {
        const WITHOUT_STATE: [&str; 3] = [capability::SLEEP, capability::SINK_WRITE, capability::SOURCE_READ];
        const WITH_STATE: [&str; 3] = [capability::KV_GET, capability::KV_SET, capability::KV_REMOVE];
        let with_state = WITH_STATE.into_iter().filter(|_| self.kv.is_some());
        let http = self.http.is_some().then_some(capability::HTTP);
        WITHOUT_STATE.into_iter().chain(with_state).chain(http)
    }

    pub(super) fn supports(&self, name: &str) -> bool {
        self.supported().any(|supported| supported == name)
    }

    /// Does what an adapter asks, within the deadline of the call that it asks for.
    pub(super) async fn invoke(&self, name: &str, header: &[u8], body: Vec<u8>) -> Result<Reply> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Error::new(ErrorKind::ServiceClosed, format!("the adapter has ended; `{name}` was not done")));
        }
        let CallHeader { call, .. } = decode::json::<CallHeader<serde::de::IgnoredAny>>(header)?;
        let open = self.calls().get(&call).cloned();
        // Not part of a call: while the adapter is made, or by a task of its own.
        let open = open.unwrap_or_else(|| http::Call {
            id: call,
            operation: "start",
            writes: false,
            deadline: Deadline::after(Duration::from_secs(10)),
            ticket: None,
            written: http::Written::default(),
            tally: http::Tally::default(),
            rehearsal: None,
        });
        let deadline = open.deadline;
        let work = self.work(name, header, body, open);
        tokio::time::timeout_at(deadline.instant().into(), work).await.unwrap_or_else(|_| {
            Err(Error::new(ErrorKind::Timeout, format!("`{name}` was not done by the deadline of its call")))
        })
    }

    async fn work(&self, name: &str, header: &[u8], body: Vec<u8>, call: http::Call) -> Result<Reply> {
        match name {
            capability::SLEEP => {
                let SleepArgs { nanos } = args(header)?;
                let until = Instant::now().checked_add(Duration::from_nanos(nanos));
                match until {
                    // The runtime's timer counts whole milliseconds: who only yields would wait for one.
                    _ if nanos == 0 => tokio::task::yield_now().await,
                    Some(until) => tokio::time::sleep_until(until.into()).await,
                    None => std::future::pending().await,
                }
                Ok(done())
            }
            capability::KV_GET | capability::KV_SET | capability::KV_REMOVE => self.remember(name, header, body).await,
            capability::SINK_WRITE => {
                let SinkArgs { sink } = args(header)?;
                let files = self.files.clone();
                self.blocking(move || files.write(sink, &body)).await?;
                Ok(done())
            }
            capability::SOURCE_READ => {
                let SourceArgs { source, most } = args(header)?;
                let files = self.files.clone();
                let part = self.blocking(move || files.read(source, most)).await?;
                Ok(boundary::reply_ok(b"{}".to_vec(), part))
            }
            capability::HTTP => {
                let Some(http) = &self.http else {
                    return Err(Error::unsupported(
                        "HTTP by an adapter whose manifest names no host it wants to reach",
                    ));
                };
                let (head, body) = http.send(args::<RequestHead>(header)?, body, &call).await?;
                Ok(boundary::reply_ok(wire::to_json(&head), body.into()))
            }
            unknown => Err(Error::unsupported(format_args!("the capability `{unknown}`"))
                .with_hint("The adapter needs a newer usher.")),
        }
    }

    async fn remember(&self, name: &str, header: &[u8], value: Vec<u8>) -> Result<Reply> {
        let key = args::<KvArgs<'_>>(header)?.key.into_owned();
        let Some(kv) = self.kv.clone() else {
            return Err(Error::unsupported("remembering values without a folder for state"));
        };
        match name {
            capability::KV_GET => {
                let value = self.blocking(move || kv.get(&key)).await?;
                let head = wire::to_json(&KvFound { found: value.is_some() });
                Ok(boundary::reply_ok(head, value.unwrap_or_default()))
            }
            capability::KV_SET => {
                self.blocking(move || kv.set(&key, Some(value))).await?;
                Ok(done())
            }
            _ => {
                self.blocking(move || kv.set(&key, None)).await?;
                Ok(done())
            }
        }
    }

    /// Does file work where it holds up nobody.
    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        self.runtime.spawn_blocking(work).await.unwrap_or_else(|error| {
            Err(Error::new(ErrorKind::ServiceClosed, format!("the host's file work ended early: {error}")))
        })
    }

    fn gate(&self) -> MutexGuard<'_, FloodGate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<u64, http::Call>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the key of the ticket that a call is about, if it is about one.
fn ticket(header: &[u8]) -> Option<Arc<str>> {
    #[derive(Deserialize)]
    struct About<'a> {
        #[serde(borrow, default)]
        key: Option<std::borrow::Cow<'a, str>>,
    }
    // The host has written it: what has no key is about no ticket.
    args::<About<'_>>(header).ok()?.key.map(|key| Arc::from(&*key))
}

fn args<'a, T: Deserialize<'a>>(header: &'a [u8]) -> Result<T> {
    decode::json::<CallHeader<T>>(header).map(|header| header.args)
}

fn done() -> Reply {
    boundary::reply_ok(b"{}".to_vec(), Vec::new())
}

/// Returns the nanoseconds since 1970.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)
}
