//! The host's end of one worker: calls on their way, and what must hold of everything that comes back.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::AbortHandle};
use usher_adapter_abi::{Reply, STATUS_OK, abi_stable::std_types::RVec};
use usher_adapter_sdk::{Error, ErrorKind, Result, boundary};

use super::{
    health::Health,
    process::{Exit, Process},
};
use crate::{
    transport::{Capabilities, Deadline, OwnedReply, outcome_of_late_write, timeout, watchdog::Watchdog},
    worker::{
        confine::Level,
        frame::{Frame, Header, Kind, Outgoing},
        socket::{Ended, MOST_WAITING, Outbox, Receiver},
    },
};

/// How long before a deadline a worker is asked whether it still gives control back.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long the end of a process is waited for, once its socket is closed and it has been killed.
const REAPING: Duration = Duration::from_secs(2);

/// Why a call has no answer.
#[derive(Debug)]
pub(super) enum Unanswered {
    /// The worker had ended before it could be asked: nothing has happened.
    NotAsked,
    /// The worker ended while it was being asked.
    Lost(Error),
    /// It is over for this call: its deadline passed.
    Over(Error),
}

/// One call for a worker.
pub(super) struct Request<'a> {
    /// The number of the call.
    pub(super) id: u64,
    /// The operation, or a step of the worker's own.
    pub(super) name: &'static str,
    /// What it is called where people read of it.
    pub(super) doing: &'static str,
    /// Whether it may change something on the platform.
    pub(super) writes: bool,
    /// Whether the kinds of its errors are the worker's own words, and not the adapter's.
    pub(super) is_step: bool,
    pub(super) header: &'a [u8],
    pub(super) body: RVec<u8>,
}

/// The host's end of one worker that lives; dropping it ends the process.
pub(super) struct Link {
    adapter: String,
    /// How far the process is confined.
    pub(super) sandbox: Level,
    outbox: Outbox,
    process: Process,
    capabilities: Arc<Capabilities>,
    health: Arc<Health>,
    state: Mutex<State>,
    asked_of_host: Mutex<HashMap<u64, AbortHandle>>,
}

#[derive(Default)]
struct State {
    open: HashMap<u64, Open>,
    /// Calls that nobody waits for any more, and whose answer must still come.
    abandoned: HashSet<u64>,
    /// The last ping that was sent, and the last that was answered.
    pings: u64,
    pongs: u64,
    fate: Option<Fate>,
    /// Whether what it did has been counted against it.
    is_counted: bool,
    idle_since: Option<Instant>,
}

/// A call that is under way.
struct Open {
    done: oneshot::Sender<Result<Result<OwnedReply>, Unanswered>>,
    doing: &'static str,
    writes: bool,
    is_step: bool,
    /// The ping that was sent shortly before its deadline.
    ping: Option<u64>,
}

/// Why a worker gets no new calls.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// It is needed no longer.
    Retired,
    /// It does not give control back.
    Hung,
    /// It broke the rules of the socket, in words that follow "the worker".
    Violation(String),
    /// It is gone.
    Ended,
}

impl Link {
    /// Takes over a worker that has said hello.
    pub(super) fn new(
        adapter: &str,
        sandbox: Level,
        process: Process,
        (outbox, receiver): (Outbox, Receiver),
        capabilities: Arc<Capabilities>,
        health: Arc<Health>,
    ) -> Arc<Self> {
        let runtime = capabilities.runtime().clone();
        let link = Arc::new(Self {
            adapter: adapter.to_owned(),
            sandbox,
            outbox: outbox.clone(),
            process,
            capabilities,
            health,
            state: Mutex::new(State { idle_since: Some(Instant::now()), ..State::default() }),
            asked_of_host: Mutex::default(),
        });
        let sending = runtime.spawn({
            let outbox = outbox.clone();
            async move { outbox.pump().await }
        });
        let weak = Arc::downgrade(&link);
        runtime.spawn(async move {
            let ended = receive(&weak, receiver).await;
            sending.abort();
            outbox.close();
            if let Some(link) = weak.upgrade() {
                link.end(ended).await;
            }
        });
        link
    }

    /// Says whether new calls may be sent here.
    pub(super) fn is_usable(&self) -> bool {
        self.state().fate.is_none()
    }

    /// Asks the worker, and waits for the answer: the inner result is the adapter's own.
    pub(super) async fn call(
        self: &Arc<Self>,
        request: Request<'_>,
        deadline: Deadline,
    ) -> Result<Result<OwnedReply>, Unanswered> {
        let watchdog = Watchdog::get().map_err(|error| {
            Unanswered::Over(Error::new(ErrorKind::AdapterRefused, format!("no watchdog could be started: {error}")))
        })?;
        let (done, outcome) = oneshot::channel();
        let Request { id, name, doing, writes, is_step, header, body } = request;
        {
            let mut state = self.state();
            if state.fate.is_some() {
                return Err(Unanswered::NotAsked);
            }
            state.open.insert(id, Open { done, doing, writes, is_step, ping: None });
            state.idle_since = None;
        }
        let _abandon = AbandonOnDrop { link: self, id };
        let weak = Arc::downgrade(self);
        let left = deadline.instant().saturating_duration_since(Instant::now());
        let _alarm = watchdog.at(deadline.instant() - PATIENCE.min(left / 2), move || {
            if let Some(link) = weak.upgrade() {
                link.ask_before_deadline(id, deadline);
            }
        });
        if !self.outbox.send(Outgoing::new(Header::new(Kind::Call, id).named(name), header, body)) {
            self.state().open.remove(&id);
            return Err(Unanswered::NotAsked);
        }
        outcome.await.unwrap_or(Err(Unanswered::NotAsked))
    }

    /// Lets the worker end by itself, unless it is being asked something.
    ///
    /// With a time only if it has been idle for that long. Says whether it is on its way.
    pub(super) fn retire(&self, after: Option<Duration>) -> bool {
        let mut state = self.state();
        let is_idle = state.idle_since.is_some_and(|since| after.is_none_or(|after| since.elapsed() >= after));
        if !is_idle || state.fate.is_some() {
            return false;
        }
        state.fate = Some(Fate::Retired);
        drop(state);
        self.outbox.send(Outgoing::bare(Header::new(Kind::Bye, 0)));
        true
    }

    /// Waits for the end of the process; at the deadline it is ended.
    pub(super) async fn wait(&self, deadline: Deadline) -> Exit {
        let exit = tokio::time::timeout_at(deadline.instant().into(), self.process.exit()).await;
        match exit {
            Ok(exit) => exit,
            Err(_) => {
                self.process.kill();
                self.process.exit().await
            }
        }
    }

    /// Shortly before a deadline: does the worker still give control back?
    fn ask_before_deadline(self: &Arc<Self>, id: u64, deadline: Deadline) {
        let ping = {
            let mut state = self.state();
            let ping = state.pings + 1;
            let Some(open) = state.open.get_mut(&id) else { return };
            open.ping = Some(ping);
            state.pings = ping;
            ping
        };
        self.outbox.send(Outgoing::bare(Header::new(Kind::Ping, ping)));
        let weak = Arc::downgrade(self);
        later(deadline.instant(), move || {
            if let Some(link) = weak.upgrade() {
                link.deadline_passed(id);
            }
        });
    }

    /// Answers whoever still waits for a call whose deadline has passed.
    fn deadline_passed(self: &Arc<Self>, id: u64) {
        let mut state = self.state();
        let Some(open) = state.open.remove(&id) else { return };
        let is_hung = open.ping.is_some_and(|ping| state.pongs < ping);
        let is_first = is_hung && state.fate.is_none();
        if is_first {
            // Others are asked elsewhere from here on, and this one may be gone before it ends by itself.
            (state.fate, state.is_counted) = (Some(Fate::Hung), true);
        }
        drop(state);
        if is_first {
            self.health.failed("did not give control back");
        }
        let error = if is_hung { self.hung(open.doing) } else { timeout(open.doing) };
        let _ = open.done.send(Err(Unanswered::Over(outcome_of_late_write(error, open.writes))));
        self.abandon(id);
    }

    /// Tells the worker that nobody waits for a call any more; if it does not hear that, it is ended.
    fn abandon(self: &Arc<Self>, id: u64) {
        let ping = {
            let mut state = self.state();
            state.abandoned.insert(id);
            state.rest();
            state.pings += 1;
            state.pings
        };
        self.outbox.send(Outgoing::bare(Header::new(Kind::Cancel, id)));
        self.outbox.send(Outgoing::bare(Header::new(Kind::Ping, ping)));
        let weak = Arc::downgrade(self);
        later(Instant::now() + self.health.grace(), move || {
            if let Some(link) = weak.upgrade() {
                link.end_unless_answered(ping);
            }
        });
    }

    fn end_unless_answered(&self, ping: u64) {
        {
            let mut state = self.state();
            if state.pongs >= ping || state.fate == Some(Fate::Ended) {
                return;
            }
            state.fate = Some(Fate::Hung);
        }
        self.process.kill();
    }

    /// Takes in a frame, or says how it breaks the rules.
    async fn take(self: &Arc<Self>, frame: Frame) -> Result<(), String> {
        let id = frame.header.id;
        match frame.header.kind {
            Kind::Result => self.answered(frame)?,
            Kind::HostCall => {
                // A worker that asks and never reads the answers is not asked on for.
                while self.outbox.waiting() > MOST_WAITING {
                    self.outbox.flushed().await;
                }
                self.asked(frame)?;
            }
            Kind::Cancel => {
                if let Some(task) = self.asked_of_host().remove(&id) {
                    task.abort();
                }
            }
            Kind::Log => {
                let text = String::from_utf8_lossy(frame.body());
                self.capabilities.log(frame.header.status, &text);
            }
            Kind::Ping => {
                let mut state = self.state();
                if id > state.pings {
                    return Err(format!("answered the ping {id}, which nobody sent"));
                }
                state.pongs = state.pongs.max(id);
            }
            kind @ (Kind::Hello | Kind::Call | Kind::HostResult | Kind::Bye) => {
                return Err(format!("sent {kind:?}, which is not its to send"));
            }
        }
        Ok(())
    }

    fn answered(&self, frame: Frame) -> Result<(), String> {
        let (id, status) = (frame.header.id, frame.header.status);
        let open = {
            let mut state = self.state();
            match state.open.remove(&id) {
                Some(open) => {
                    state.rest();
                    open
                }
                None if state.abandoned.remove(&id) => return Ok(()),
                None => return Err(format!("answered the call {id}, which nobody waits for")),
            }
        };
        self.health.succeeded();
        let (header, body) = frame.into_message();
        let reply = Reply { status, header: header.into(), body: body.into() };
        let outcome = match open.is_step && status != STATUS_OK {
            true => Err(boundary::error_of(status, &reply.header)),
            false => OwnedReply::take(reply),
        };
        // Whoever asked may have gone away just now.
        let _ = open.done.send(Ok(outcome));
        Ok(())
    }

    /// Does what the adapter asks of the host, beside everything else.
    fn asked(self: &Arc<Self>, frame: Frame) -> Result<(), String> {
        let id = frame.header.id;
        let mut asked = self.asked_of_host();
        if asked.contains_key(&id) {
            return Err(format!("asks for {id} twice"));
        }
        let capability = frame.name().to_owned();
        let (header, body) = frame.into_message();
        let (outbox, weak, capabilities) = (self.outbox.clone(), Arc::downgrade(self), self.capabilities.clone());
        let answer = move |reply: Reply| {
            let header = Header::new(Kind::HostResult, id).with_status(reply.status);
            outbox.send(Outgoing::new(header, &reply.header, reply.body));
        };
        let in_flight = match capabilities.begin() {
            Ok(in_flight) => in_flight,
            Err(error) => {
                answer(boundary::reply_of(&error));
                return Ok(());
            }
        };
        let task = self.capabilities.runtime().spawn(async move {
            let outcome = capabilities.invoke(&capability, &header, body).await;
            drop(in_flight);
            // It is in the list: that was locked when this began.
            let is_wanted = weak.upgrade().is_some_and(|link| link.asked_of_host().remove(&id).is_some());
            if is_wanted {
                answer(outcome.unwrap_or_else(|error| boundary::reply_of(&error)));
            }
        });
        asked.insert(id, task.abort_handle());
        Ok(())
    }

    /// The socket has ended: the process goes with it, and everybody who waits hears why.
    async fn end(&self, ended: Ended) {
        {
            let mut state = self.state();
            match ended {
                Ended::Closed => {}
                Ended::Violation(violation) => {
                    state.fate.get_or_insert(Fate::Violation(violation.0));
                }
                Ended::Failed(error) => {
                    state.fate.get_or_insert(Fate::Violation(format!("cannot be heard: {error}")));
                }
            }
        }
        // One that said goodbye is given the time to end in order.
        let was_retired = self.state().fate == Some(Fate::Retired);
        if !was_retired {
            self.process.kill();
        }
        let exit = self.wait(Deadline::after(REAPING)).await;
        let (fate, open, is_counted) = {
            let mut state = self.state();
            let is_counted = std::mem::replace(&mut state.is_counted, true);
            (state.fate.replace(Fate::Ended), std::mem::take(&mut state.open), is_counted)
        };
        for (_, task) in self.asked_of_host().drain() {
            task.abort();
        }
        let is_failure = fate != Some(Fate::Retired) && !is_counted;
        let kind = if fate == Some(Fate::Hung) { ErrorKind::AdapterHung } else { ErrorKind::AdapterCrashed };
        let what = match fate {
            Some(Fate::Hung) => "did not give control back; its process was ended".to_owned(),
            Some(Fate::Violation(how)) => format!("broke the rules of its process: it {how}"),
            _ => format!("crashed: its process {}", told(&exit)),
        };
        if is_failure {
            self.health.failed(&what);
        }
        for (_, open) in open {
            let error = Error::new(kind, format!("the adapter `{}` {what}", self.adapter));
            let error = error.with_retryable(!open.writes).with_hint(hint(&exit));
            let _ = open.done.send(Err(Unanswered::Lost(error)));
        }
    }

    fn hung(&self, doing: &str) -> Error {
        Error::new(
            ErrorKind::AdapterHung,
            format!("the adapter `{}` did not give control back; `{doing}` was given up", self.adapter),
        )
        .with_hint("Report this to whoever maintains the adapter. Its process is ended, and another one is started.")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked_of_host(&self) -> MutexGuard<'_, HashMap<u64, AbortHandle>> {
        self.asked_of_host.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Begins to be idle if nothing is under way.
    fn rest(&mut self) {
        if self.open.is_empty() {
            self.idle_since = Some(Instant::now());
        }
    }
}

/// Takes in frames until the socket ends.
async fn receive(link: &Weak<Link>, mut receiver: Receiver) -> Ended {
    loop {
        match receiver.next().await {
            Ok(frame) => {
                let Some(link) = link.upgrade() else { return Ended::Closed };
                if let Err(violation) = link.take(frame).await {
                    return Ended::Violation(crate::worker::frame::Violation(violation));
                }
            }
            Err(ended) => return ended,
        }
    }
}

/// Does something at an instant, unless the watchdog is gone, with which nothing would work.
fn later(at: Instant, action: impl FnOnce() + Send + 'static) {
    if let Ok(watchdog) = Watchdog::get() {
        watchdog.at(at, action).forget();
    }
}

/// What the allocator of Rust says before it gives up.
const OUT_OF_MEMORY: &str = "memory allocation of ";

/// Says how a process ended; the system does not tell one that ran out of memory from others that gave up.
pub(super) fn told(exit: &Exit) -> String {
    if exit.tail.iter().any(|line| line.starts_with(OUT_OF_MEMORY)) {
        return format!("ran out of the memory that it may use ({})", exit.how);
    }
    exit.how.clone()
}

/// Returns what to try after a crash, with the last words of the process.
pub(super) fn hint(exit: &Exit) -> String {
    let report = "Report this to whoever maintains the adapter.";
    match exit.tail.join(" | ") {
        tail if tail.is_empty() => report.to_owned(),
        tail => format!("{report} It said last: {tail}"),
    }
}

/// A caller that goes away before the answer takes its call with it.
struct AbandonOnDrop<'a> {
    link: &'a Arc<Link>,
    id: u64,
}

impl Drop for AbandonOnDrop<'_> {
    fn drop(&mut self) {
        let was_open = self.link.state().open.remove(&self.id).is_some();
        if was_open {
            self.link.abandon(self.id);
        }
    }
}
