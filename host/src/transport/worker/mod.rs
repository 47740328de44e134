//! An adapter in processes of its own: one at a time, replaced when it ends.
//!
//! What lives here: when a process is started, asked once more, replaced and given up. What goes over the socket is
//! `crate::worker`'s; which file it is, and whether it may be opened, is the registry's.

mod health;
mod link;
mod places;
mod process;
#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::{Arc, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, task::JoinHandle};
use usher_adapter_abi::abi_stable::std_types::RVec;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    wire::{self, CreateConfig},
};

use super::{Capabilities, Deadline, Envelope, Logger, OwnedReply, Supervision, outcome_of_late_write};
use crate::{
    config::Isolation,
    registry::{CANNOT_BE_OPENED, Ledger, Prepared, Standing},
    worker::{
        confine::PathGrant,
        frame::{Header, Kind, Outgoing, PROTOCOL},
        hello::{Hello, Welcome},
        socket::{self, Ended},
        step,
    },
};
use health::Health;
use link::{Link, Request, Unanswered};
use places::{Places, Seen};
use process::Process;

/// How long a process may take until it has confined itself.
const GREETING: Duration = Duration::from_secs(5);

/// How often is looked whether the calls of one that gets no new ones are over.
const DRAINED_EVERY: Duration = Duration::from_millis(50);

/// Everything that a worker is started with.
pub struct Spec {
    /// The program that becomes the worker.
    pub program: PathBuf,
    /// The adapter's id.
    pub adapter: String,
    /// The library.
    pub library: Prepared,
    /// What the adapter is made from.
    pub config: CreateConfig,
    /// Folders and files that it may touch.
    pub grants: Vec<PathGrant>,
    /// The paths of those, as its options name them.
    pub places: Vec<PathBuf>,
    /// Whether it may open sockets of its own.
    pub network: bool,
    /// Whether it must not run where its process cannot be confined fully.
    pub require_sandbox: bool,
    /// How it is watched.
    pub supervision: Supervision,
    /// What is known about the library.
    pub ledger: Arc<Ledger>,
    /// Where its lines go.
    pub logger: Arc<dyn Logger>,
}

/// An adapter that was made for one connection, in a process of its own.
pub struct OnWorker {
    spec: Spec,
    capabilities: Arc<Capabilities>,
    health: Arc<Health>,
    places: Places,
    current: Mutex<Option<Current>>,
    /// Those that get no new calls and have not ended yet.
    leaving: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

/// The process that is asked, and what its folders were when it was started.
struct Current {
    link: Arc<Link>,
    seen: Seen,
}

impl OnWorker {
    /// Starts the first process and makes the adapter in it.
    pub(super) async fn create(spec: Spec, capabilities: Arc<Capabilities>, deadline: Deadline) -> Result<Self> {
        let names = (spec.adapter.as_str(), spec.config.connection.name.as_str(), spec.library.sha256.as_str());
        let health = Health::new(names, spec.supervision, spec.ledger.clone(), spec.logger.clone());
        let places = Places::of(&spec.places)?;
        let this = Self { spec, capabilities, health, places, current: Mutex::default(), leaving: Default::default() };
        this.link(deadline).await?;
        Ok(this)
    }

    pub(super) async fn invoke(&self, call: Envelope, deadline: Deadline) -> Result<OwnedReply> {
        let _open = self.capabilities.open_call(&call, deadline);
        let mut is_second = false;
        loop {
            let link = self.link(deadline).await?;
            let Envelope { call: id, operation, writes, header, body, .. } = &call;
            let body = RVec::from(body.clone());
            let request =
                Request { id: *id, name: operation, doing: operation, writes: *writes, is_step: false, header, body };
            match link.call(request, deadline).await {
                Ok(outcome) => return outcome,
                Err(Unanswered::Over(error)) => return Err(error),
                // It has not heard of the call: also a write can be sent to the next one.
                Err(Unanswered::NotAsked) if !is_over(deadline) => {}
                Err(Unanswered::NotAsked) => return Err(super::timeout(operation)),
                Err(Unanswered::Lost(error)) if *writes || is_second || is_over(deadline) => {
                    return Err(outcome_of_late_write(error, *writes));
                }
                Err(Unanswered::Lost(error)) => {
                    is_second = true;
                    self.health.warn(&format!("`{operation}` is asked once more, since {error}"));
                }
            }
        }
    }

    pub(super) async fn shutdown(&self, deadline: Deadline) -> Result<()> {
        self.capabilities.close();
        let outcome = self.end_current(deadline).await;
        let leaving = std::mem::take(&mut *self.leaving());
        for mut task in leaving {
            if tokio::time::timeout_at(deadline.instant().into(), &mut task).await.is_err() {
                // Its process ends with its link.
                task.abort();
            }
        }
        outcome
    }

    async fn end_current(&self, deadline: Deadline) -> Result<()> {
        let link = self.current.lock().await.take().map(|current| current.link);
        let Some(link) = link.filter(|link| link.is_usable()) else { return Ok(()) };
        let outcome = outcome(link.call(step(step::END, "shutdown", &[]), deadline).await).map(drop);
        link.retire(None);
        link.wait(deadline).await;
        outcome
    }

    /// Returns the worker, or starts one.
    async fn link(&self, deadline: Deadline) -> Result<Arc<Link>> {
        let starting = async {
            let mut current = self.current.lock().await;
            if let Some(Current { link, seen }) = current.as_ref().filter(|current| current.link.is_usable()) {
                match self.places.check(seen) {
                    Ok(()) => return Ok(link.clone()),
                    Err(error) => {
                        self.let_go(link.clone());
                        *current = None;
                        return Err(error);
                    }
                }
            }
            *current = None;
            self.wait_until_allowed(deadline).await?;
            let seen = self.places.look()?;
            let link = self.start(deadline).await?;
            *current = Some(Current { link: link.clone(), seen });
            Ok(link)
        };
        // What is started has deadlines of its own; this is for those who wait behind it.
        let late = deadline.instant() + Duration::from_millis(500);
        tokio::time::timeout_at(late.into(), starting)
            .await
            .unwrap_or_else(|_| Err(super::timeout("starting the adapter")))
    }

    async fn wait_until_allowed(&self, deadline: Deadline) -> Result<()> {
        let Some(not_before) = self.health.may_start()? else { return Ok(()) };
        if not_before > deadline.instant() {
            let wait = not_before.saturating_duration_since(Instant::now());
            return Err(Error::new(
                ErrorKind::AdapterCrashed,
                format!(
                    "the adapter `{}` failed lately, and its next process starts in {} s",
                    self.spec.adapter,
                    wait.as_secs() + 1
                ),
            )
            .with_retry_after(wait)
            .with_hint("Try again later, or look at `usher adapter list`."));
        }
        tokio::time::sleep_until(not_before.into()).await;
        Ok(())
    }

    /// Starts a process, lets it open the library, and makes the adapter.
    async fn start(&self, deadline: Deadline) -> Result<Arc<Link>> {
        let Spec { library, ledger, supervision, .. } = &self.spec;
        // No foreign code runs before the hello: what goes wrong until then is not counted against the file.
        let link = self.greet(deadline).await?;
        let is_first = matches!(ledger.standing(&library.sha256), Standing::Unknown);
        // Should this host end before it knows more, the next one finds the mark.
        let _mark = is_first.then(|| Probing::begin(ledger, &library.sha256));
        let opening = Deadline::after(supervision.opening).min(deadline);
        let opened = link.call(step(step::OPEN, "loading", &[]), opening).await;
        if is_first && let Err(Unanswered::Lost(error)) = &opened {
            ledger.quarantine(&library.sha256, &format!("it was opened for the first time, and {error}"));
        }
        if let Ok(Err(error)) = &opened
            && error.kind() == ErrorKind::AdapterRefused
            && !error.message().starts_with(CANNOT_BE_OPENED)
        {
            ledger.refused(&library.sha256, error.message());
        }
        self.done(opened)?;
        let made = link.call(step(step::MAKE, "create", &wire::to_json(&self.spec.config)), deadline).await;
        let made = self.done(made);
        // An answer of the adapter's own, also an error, shows that the file can be opened and asked.
        if !matches!(&made, Err(error) if matches!(error.kind(), ErrorKind::AdapterHung | ErrorKind::AdapterCrashed)) {
            ledger.ready(&library.sha256, link.sandbox.as_str());
        }
        made?;
        self.retire_when_idle(&link);
        Ok(link)
    }

    /// Starts a process and has it confine itself.
    async fn greet(&self, deadline: Deadline) -> Result<Arc<Link>> {
        let Spec { adapter, library, config, .. } = &self.spec;
        let connection = &config.connection.name;
        let failed = |what: String| {
            Error::new(ErrorKind::AdapterRefused, format!("no process for the adapter `{adapter}`: {what}"))
        };
        let started = Process::start(self.spec.program.clone(), adapter, connection, self.spec.logger.clone()).await;
        let (process, socket) = started.map_err(|error| failed(format!("it cannot be started: {error}")))?;
        let (outbox, mut receiver) =
            socket::open(socket).map_err(|error| failed(format!("its socket cannot be used: {error}")))?;
        let nonce = nonce();
        let hello = Hello {
            protocol: PROTOCOL,
            features: Vec::new(),
            nonce: nonce.clone(),
            adapter: adapter.clone(),
            library: library.path.clone(),
            sha256: library.sha256.clone(),
            symbol: library.symbol.clone(),
            supports: self.capabilities.supported().map(str::to_owned).collect(),
            grants: self.spec.grants.clone(),
            network: self.spec.network,
            require_sandbox: self.spec.require_sandbox,
        };
        outbox.send(Outgoing::new(Header::new(Kind::Hello, 0), &wire::to_json(&hello), library.record.clone().into()));
        let greeting = Deadline::after(GREETING).min(deadline);
        let frame = tokio::time::timeout_at(greeting.instant().into(), receiver.next()).await;
        let frame = match frame {
            Ok(Ok(frame)) => frame,
            Ok(Err(Ended::Closed)) => {
                process.kill();
                let exit = process.exit().await;
                return Err(failed(exit.tail.last().cloned().unwrap_or_else(|| format!("it {}", exit.how))));
            }
            Ok(Err(Ended::Violation(violation))) => return Err(failed(format!("it {}", violation.0))),
            Ok(Err(Ended::Failed(error))) => return Err(failed(format!("it cannot be heard: {error}"))),
            Err(_) => return Err(failed("it did not say hello in time".to_owned())),
        };
        let welcome: Welcome = match frame.header.kind {
            Kind::Hello => serde_json::from_slice(frame.body())
                .map_err(|error| failed(format!("its hello is unreadable: {error}")))?,
            kind => return Err(failed(format!("it said {kind:?} in place of hello"))),
        };
        if welcome.protocol != PROTOCOL || welcome.nonce != nonce {
            return Err(failed("its hello is not the answer to ours".to_owned()));
        }
        for remark in &welcome.remarks {
            self.health.warn(&format!("the sandbox of `{adapter}` is {}: {remark}", welcome.sandbox));
        }
        let (capabilities, health) = (self.capabilities.clone(), self.health.clone());
        Ok(Link::new(adapter, welcome.sandbox, process, (outbox, receiver), capabilities, health))
    }

    /// Returns whether a step of the start was done.
    fn done(&self, answer: Result<Result<OwnedReply>, Unanswered>) -> Result<()> {
        let reply = outcome(answer)?;
        reply.map(drop).ok_or_else(|| {
            Error::new(ErrorKind::AdapterCrashed, format!("the process of `{}` has ended", self.spec.adapter))
        })
    }

    /// Lets a worker go that gets no new calls; what it is being asked it answers first.
    fn let_go(&self, link: Arc<Link>) {
        let grace = self.spec.supervision.grace;
        let task = self.capabilities.runtime().spawn(async move {
            while link.is_usable() && !link.retire(None) {
                tokio::time::sleep(DRAINED_EVERY).await;
            }
            link.wait(Deadline::after(grace)).await;
        });
        let mut leaving = self.leaving();
        leaving.retain(|task| !task.is_finished());
        leaving.push(task);
    }

    fn leaving(&self) -> MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.leaving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a worker go that nobody has asked for a while.
    ///
    /// It is looked at now and then: an alarm would have to be set anew after each call.
    fn retire_when_idle(&self, link: &Arc<Link>) {
        let weak = Arc::downgrade(link);
        let Supervision { idle, grace, .. } = self.spec.supervision;
        self.capabilities.runtime().spawn(async move {
            loop {
                tokio::time::sleep(idle / 2).await;
                let Some(link) = weak.upgrade() else { return };
                if link.retire(Some(idle)) {
                    link.wait(Deadline::after(grace)).await;
                }
                if !link.is_usable() {
                    return;
                }
            }
        });
    }
}

/// The mark of a file that is opened for the first time; at the end of the start it is gone, however that ends.
struct Probing<'a> {
    ledger: &'a Ledger,
    sha256: &'a str,
}

impl<'a> Probing<'a> {
    fn begin(ledger: &'a Ledger, sha256: &'a str) -> Self {
        ledger.probing(sha256, Isolation::Worker);
        Self { ledger, sha256 }
    }
}

impl Drop for Probing<'_> {
    fn drop(&mut self) {
        self.ledger.unmark(self.sha256);
    }
}

/// Returns what a step came to; nothing if the worker had ended before it could be asked.
fn outcome(answer: Result<Result<OwnedReply>, Unanswered>) -> Result<Option<OwnedReply>> {
    match answer {
        Ok(outcome) => outcome.map(Some),
        Err(Unanswered::Over(error) | Unanswered::Lost(error)) => Err(error),
        Err(Unanswered::NotAsked) => Ok(None),
    }
}

fn is_over(deadline: Deadline) -> bool {
    Instant::now() >= deadline.instant()
}

/// Returns a step of the worker's own, and what it is called where people read of it.
fn step<'a>(name: &'static str, doing: &'static str, header: &'a [u8]) -> Request<'a> {
    Request { id: super::next_call(), name, doing, writes: false, is_step: true, header, body: RVec::new() }
}

/// Returns a number that comes back only from whoever was told it.
fn nonce() -> String {
    format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..))
}
