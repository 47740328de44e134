//! How a call reaches an adapter: linked in, in a process of its own, or dlopened on a lane of its own. The bytes are
//! the same.
//!
//! What lives here: envelopes, deadlines, the host's side of capabilities. What does not: which adapter is
//! meant (`registry`), and what the bytes mean to users (`service`).

mod capabilities;
mod files;
mod flood;
mod kv;
mod lane;
mod linked;
mod slot;
mod supervision;
#[cfg(test)]
mod tests;
mod watchdog;
#[cfg(unix)]
mod worker;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use usher_adapter_abi::{AdapterModuleRef, HostObject, Reply, STATUS_OK};
use usher_adapter_sdk::{
    Error, ErrorKind, Result, boundary,
    wire::{self, CallHeader, CreateConfig, Operation},
};

use crate::http::{Asked, HeldBack, Rehearsal, Tally, Written};
pub use capabilities::{Capabilities, Logger};
pub use files::Files;
pub use kv::KvStore;
pub use lane::Lane;
pub use supervision::Supervision;
#[cfg(unix)]
pub use worker::Spec as WorkerSpec;

pub(crate) use capabilities::now;
pub(crate) use slot::Slot;

/// The greatest reply that is accepted: header and body together.
pub const REPLY_CAP: usize = 64 << 20;

/// When a call must be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// Returns the deadline that is so far away.
    pub fn after(duration: Duration) -> Self {
        const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let now = Instant::now();
        Self(now.checked_add(duration.min(FAR)).unwrap_or(now))
    }

    /// Returns the instant itself.
    pub fn instant(self) -> Instant {
        self.0
    }

    /// Returns the deadline in milliseconds since 1970, as adapters read it.
    fn unix_millis(self) -> i64 {
        let left = self.0.saturating_duration_since(Instant::now());
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + left;
        i64::try_from(at.as_millis()).unwrap_or(i64::MAX)
    }
}

/// An adapter that was made for one connection, wherever it runs.
pub enum Transport {
    /// In this process, polled by whoever asks.
    Linked(linked::Linked),
    /// In this process, on a thread of its own.
    Lane(lane::OnLane),
    /// In a process of its own.
    #[cfg(unix)]
    Worker(Box<worker::OnWorker>),
}

/// What came back of a call, still as bytes.
#[derive(Debug)]
pub struct Answer<O: Operation> {
    /// The header, read.
    pub head: O::Head,
    /// The body, unread.
    pub body: Vec<u8>,
    /// What it took of HTTP, if it took any.
    pub asked: Option<Asked>,
}

/// What a dry run of an operation came to.
pub enum Rehearsed<O: Operation> {
    /// The first write that it would have sent.
    HeldBack(HeldBack),
    /// It has ended without asking for a write.
    NothingToWrite(Answer<O>),
}

impl<O: Operation> Answer<O> {
    fn read(reply: OwnedReply, asked: Option<Asked>) -> Result<Self> {
        let head = usher_adapter_sdk::decode::json(&reply.header)
            .map_err(|error| error.context(format_args!("the adapter's reply to `{}`", O::NAME)))?;
        Ok(Self { head, body: reply.body, asked })
    }
}

impl Transport {
    /// Says whether the adapter has kept its thread beyond a deadline and is given up.
    pub fn is_wedged(&self) -> bool {
        match self {
            Self::Linked(_) => false,
            Self::Lane(lane) => lane.is_wedged(),
            // One that hangs is replaced, and not asked any more.
            #[cfg(unix)]
            Self::Worker(_) => false,
        }
    }

    /// Makes an adapter that is linked in.
    pub fn linked(
        module: AdapterModuleRef,
        adapter: &str,
        config: &CreateConfig,
        capabilities: Arc<Capabilities>,
    ) -> Result<Self> {
        linked::Linked::create(module, adapter, config, capabilities).map(Self::Linked)
    }

    /// Makes an adapter on a lane.
    pub async fn on_lane(
        lane: &Arc<Lane>,
        module: AdapterModuleRef,
        adapter: &str,
        config: &CreateConfig,
        capabilities: Arc<Capabilities>,
        deadline: Deadline,
    ) -> Result<Self> {
        lane::OnLane::create(lane, module, adapter, config, capabilities, deadline).await.map(Self::Lane)
    }

    /// Makes an adapter in a process of its own.
    #[cfg(unix)]
    pub async fn on_worker(spec: WorkerSpec, capabilities: Arc<Capabilities>, deadline: Deadline) -> Result<Self> {
        worker::OnWorker::create(spec, capabilities, deadline).await.map(|worker| Self::Worker(Box::new(worker)))
    }

    /// Does one operation and returns its answer.
    pub async fn call<O: Operation>(&self, args: O::Args<'_>, body: Vec<u8>, deadline: Deadline) -> Result<Answer<O>> {
        self.perform(args, body, deadline, None).await
    }

    /// Does one operation as far as it goes without writing.
    pub async fn rehearse<O: Operation>(&self, args: O::Args<'_>, deadline: Deadline) -> Result<Rehearsed<O>> {
        let rehearsal = Arc::new(Rehearsal::default());
        let answer = self.perform::<O>(args, Vec::new(), deadline, Some(rehearsal.clone())).await;
        match rehearsal.take() {
            // Whatever the adapter made of the refusal: this is what was asked for.
            Some(held) => Ok(Rehearsed::HeldBack(held)),
            None => answer.map(Rehearsed::NothingToWrite),
        }
    }

    async fn perform<O: Operation>(
        &self,
        args: O::Args<'_>,
        body: Vec<u8>,
        deadline: Deadline,
        rehearsal: Option<Arc<Rehearsal>>,
    ) -> Result<Answer<O>> {
        let call = next_call();
        let header = CallHeader { call, deadline_ms: Some(deadline.unix_millis()), args };
        // A rehearsal writes nothing, however it ends: its outcome is always known.
        let writes = O::WRITES && rehearsal.is_none();
        let (written, tally) = (Written::default(), Tally::default());
        let envelope = Envelope {
            call,
            operation: O::NAME,
            writes,
            header: wire::to_json(&header),
            body,
            written: written.clone(),
            tally: tally.clone(),
            rehearsal,
        };
        let reply = match self {
            Self::Linked(linked) => linked.invoke(envelope, deadline).await,
            Self::Lane(lane) => lane.invoke(envelope, deadline).await,
            #[cfg(unix)]
            Self::Worker(worker) => worker.invoke(envelope, deadline).await,
        };
        let outcome = reply.and_then(|reply| Answer::read(reply, tally.asked())).map_err(|error| match error.kind() {
            // Whatever the adapter did before it broke, it may have written.
            ErrorKind::AdapterPanicked | ErrorKind::ResponseParse => outcome_of_late_write(error, writes),
            _ => error,
        });
        outcome.map_err(|error| if writes { written.told(error) } else { error })
    }

    /// Ends the adapter; what goes wrong in that is returned for the log.
    pub async fn shutdown(&self, deadline: Deadline) -> Result<()> {
        match self {
            Self::Linked(linked) => linked.shutdown(deadline).await,
            Self::Lane(lane) => lane.shutdown(deadline).await,
            #[cfg(unix)]
            Self::Worker(worker) => worker.shutdown(deadline).await,
        }
    }
}

/// Returns a number that no other call of this process has.
fn next_call() -> u64 {
    static CALLS: AtomicU64 = AtomicU64::new(1);
    CALLS.fetch_add(1, Ordering::Relaxed)
}

/// A call on its way.
struct Envelope {
    call: u64,
    operation: &'static str,
    /// Whether it may change something on the platform.
    writes: bool,
    header: Vec<u8>,
    body: Vec<u8>,
    /// What became of the writes that it has sent.
    written: Written,
    /// What its requests come to.
    tally: Tally,
    /// What is kept of the call, if it is only rehearsed.
    rehearsal: Option<Arc<Rehearsal>>,
}

/// A reply in memory of the host's own.
#[derive(Debug)]
struct OwnedReply {
    header: Vec<u8>,
    body: Vec<u8>,
}

impl OwnedReply {
    /// Takes a reply over, or the error that it is.
    fn take(reply: Reply) -> Result<Self> {
        let reply = reply_that_fits(reply);
        if reply.status != STATUS_OK {
            return Err(as_adapters_word(boundary::error_of(reply.status, &reply.header)));
        }
        Ok(Self { header: reply.header.into_vec(), body: reply.body.into_vec() })
    }
}

/// Returns a reply, or the error that it is too large to be accepted.
pub(crate) fn reply_that_fits(reply: Reply) -> Reply {
    let size = reply.header.len().saturating_add(reply.body.len());
    if size <= REPLY_CAP {
        return reply;
    }
    let error =
        Error::new(ErrorKind::ResponseParse, format!("the adapter's reply has {size} bytes; {REPLY_CAP} are accepted"));
    boundary::reply_of(&error.with_hint("Ask for less at once, with `--limit` or without notes and raw documents."))
}

/// Kinds of errors that only the host can know. That a secret cannot be had is not among them: the host says so to the adapter that asks for a
/// request, and it passes that on.
const OF_THE_HOST: &[ErrorKind] = &[
    ErrorKind::PlatformNotSupported,
    ErrorKind::AmbiguousReference,
    ErrorKind::AdapterCrashed,
    ErrorKind::AdapterHung,
    ErrorKind::AdapterRefused,
    ErrorKind::ServiceClosed,
];

/// An adapter that speaks of what only the host can know has failed, and says no more than that.
fn as_adapters_word(error: Error) -> Error {
    if OF_THE_HOST.contains(&error.kind()) {
        return Error::new(ErrorKind::Platform, format!("the adapter failed: {}", error.message()));
    }
    error
}

/// Makes an adapter, in whatever thread this runs.
fn create(
    module: AdapterModuleRef,
    adapter: &str,
    config: &CreateConfig,
    host: HostObject,
) -> Result<usher_adapter_abi::AdapterObject> {
    let created = module.create()(adapter.into(), wire::to_json(config).into(), host);
    created.into_result().map_err(|reply| boundary::error_of(reply.status, &reply.header))
}

fn timeout(operation: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("`{operation}` was not done by its deadline"))
        .with_hint("Try again, or give it more time with `--timeout`.")
}

/// Returns the error of a write that may have happened, unless nothing was to be written.
pub(crate) fn outcome_of_late_write(error: Error, writes: bool) -> Error {
    if !writes {
        return error;
    }
    Error::new(ErrorKind::OutcomeUnknown, format!("{}; whether it was written is not known", error.message()))
        .with_hint("Look at the ticket before you repeat this.")
}
