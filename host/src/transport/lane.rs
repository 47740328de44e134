//! A thread of its own for each library that is loaded into this process.
//!
//! Foreign code runs on its lane and nowhere else: creating, polling, waking and dropping. A host task that
//! has something for it posts a message. When a call's deadline passes, the watchdog answers the caller; when
//! that call's own code is what keeps the lane, the lane is *wedged*: its other calls and every later one fail
//! at once, and the rest of the host goes on. Should the code ever give control back, the lane is free again.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::AbortHandle};
use usher_adapter_abi::{
    AdapterModuleRef, AdapterObject, Host as AbiHost, Host_TO, Reply,
    abi_stable::{
        erased_types::TD_Opaque,
        std_types::{RStr, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
};
use usher_adapter_sdk::{Error, ErrorKind, Result, boundary, wire::CreateConfig};

use super::{
    Capabilities, Deadline, Envelope, OwnedReply, Slot, create, outcome_of_late_write, timeout, watchdog::Watchdog,
};

/// How long foreign code may keep the lane at a deadline before that counts as hanging.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long a lane may take to drop a call that was cancelled.
const GRACE: Duration = Duration::from_secs(1);

type Done = oneshot::Sender<Result<Outcome>>;

/// What a job of the lane's came to.
enum Outcome {
    Reply(OwnedReply),
    Created(Owned),
    Ran,
}

/// An adapter that ends on its lane, wherever its owner is dropped.
struct Owned {
    object: Option<Arc<AdapterObject>>,
    jobs: Sender<Job>,
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            // If the lane is gone nothing may run the adapter's code, so it is left where it is.
            if let Err(mpsc::SendError(job)) = self.jobs.send(Job::Drop(object)) {
                std::mem::forget(job);
            }
        }
    }
}

/// What the lane is asked to do.
enum Job {
    /// Runs something once, such as loading the library.
    Run { id: u64, run: Box<dyn FnOnce() -> Result<Outcome> + Send> },
    /// Starts a call.
    Start { id: u64, object: Arc<AdapterObject>, call: Envelope },
    /// Starts the end of an adapter.
    Shutdown { id: u64, object: Arc<AdapterObject> },
    /// Polls a call again.
    Wake(u64),
    /// Drops a call.
    Cancel(u64),
    /// Wakes foreign code that waits for an answer of the host's.
    Answered(Arc<Slot>),
    /// Drops an adapter.
    Drop(Arc<AdapterObject>),
}

/// The host's handle on a lane.
pub struct Lane {
    shared: Arc<Shared>,
}

struct Shared {
    name: String,
    jobs: Sender<Job>,
    started: Instant,
    /// Nanoseconds after `started` at which foreign code was entered, plus one; 0 while it is not running.
    entered: AtomicU64,
    /// The job for which foreign code is running; 0 if it is none that somebody waits for.
    running: AtomicU64,
    wedged: AtomicBool,
    next_id: AtomicU64,
    waiting: Mutex<HashMap<u64, Waiting>>,
}

/// Somebody who waits for a job.
struct Waiting {
    done: Done,
    doing: &'static str,
    writes: bool,
    asked: Instant,
}

impl Lane {
    /// Starts a lane; the name is the adapter's, for messages.
    pub fn start(name: &str) -> Result<Arc<Self>> {
        let (jobs, queue) = mpsc::channel();
        let shared = Arc::new(Shared {
            name: name.to_owned(),
            jobs,
            started: Instant::now(),
            entered: AtomicU64::new(0),
            running: AtomicU64::new(0),
            wedged: AtomicBool::new(false),
            next_id: AtomicU64::new(1),
            waiting: Mutex::default(),
        });
        let lane = Arc::downgrade(&shared);
        let thread = thread::Builder::new().name(format!("lane {name}"));
        thread.spawn(move || Runner { lane, tasks: HashMap::new() }.run(&queue)).map_err(|error| {
            Error::new(ErrorKind::AdapterRefused, format!("no thread could be started for `{name}`: {error}"))
        })?;
        Ok(Arc::new(Self { shared }))
    }

    /// Says whether foreign code has kept this lane beyond a deadline.
    pub fn is_wedged(&self) -> bool {
        self.shared.wedged.load(Ordering::Acquire)
    }

    /// Runs something on the lane, such as loading the library.
    pub async fn run<T: Send + 'static>(
        &self,
        doing: &'static str,
        deadline: Deadline,
        run: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let run = Box::new(move || {
            // The receiver is read after this job has said that it is done.
            let _ = sender.send(run()?);
            Ok(Outcome::Ran)
        });
        self.shared.ask(doing, false, deadline, |id| Job::Run { id, run }).await?;
        receiver.try_recv().map_err(|_| self.shared.closed())
    }
}

impl Shared {
    /// Posts a job and waits for its outcome, the deadline at the latest.
    async fn ask(
        self: &Arc<Self>,
        doing: &'static str,
        writes: bool,
        deadline: Deadline,
        job: impl FnOnce(u64) -> Job,
    ) -> Result<Outcome> {
        if self.wedged.load(Ordering::Acquire) {
            return Err(self.hung(doing));
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (done, outcome) = oneshot::channel();
        self.waiting().insert(id, Waiting { done, doing, writes, asked: Instant::now() });
        let _cancel = CancelOnDrop { lane: self, id };
        let watchdog = Watchdog::get().map_err(|error| {
            Error::new(ErrorKind::AdapterRefused, format!("no thread could be started for the watchdog: {error}"))
        })?;
        let lane = Arc::downgrade(self);
        let _alarm = watchdog.at(deadline.instant(), move || {
            if let Some(lane) = lane.upgrade() {
                lane.deadline_passed(id);
            }
        });
        if self.jobs.send(job(id)).is_err() {
            return Err(self.closed());
        }
        outcome.await.unwrap_or_else(|_| Err(self.closed()))
    }

    /// Answers whoever still waits for a job whose deadline has passed.
    fn deadline_passed(self: &Arc<Self>, id: u64) {
        let mut all = self.waiting();
        let Some(asked) = all.get(&id).map(|waiting| waiting.asked) else { return };
        let patience = PATIENCE.min(asked.elapsed() / 2);
        // Another call's code may take its own time; waking and dropping is nobody's and must be short.
        let running = self.running.load(Ordering::Acquire);
        let is_hung = (running == id || running == 0) && self.inside_for().is_some_and(|inside| inside >= patience);
        if is_hung {
            drop(all);
            return self.wedge();
        }
        let Some(waiting) = all.remove(&id) else { return };
        drop(all);
        let _ = waiting.done.send(Err(outcome_of_late_write(timeout(waiting.doing), waiting.writes)));
        self.cancel(id);
    }

    /// Asks the lane to drop a call, and looks later whether it could.
    fn cancel(self: &Arc<Self>, id: u64) {
        let _ = self.jobs.send(Job::Cancel(id));
        let lane = Arc::downgrade(self);
        if let Ok(watchdog) = Watchdog::get() {
            let look = watchdog.at(Instant::now() + GRACE, move || {
                let is_stuck = |lane: &Arc<Shared>| {
                    let running = lane.running.load(Ordering::Acquire);
                    (running == id || running == 0) && lane.inside_for().is_some_and(|inside| inside >= GRACE)
                };
                if let Some(lane) = lane.upgrade().filter(is_stuck) {
                    lane.wedge();
                }
            });
            look.forget();
        }
    }

    /// Gives the lane up: whoever waits for it, and whoever comes later, is told so.
    ///
    /// The mark is set before anybody hears of it; the lane takes it away with the next job, so there is one.
    fn wedge(&self) {
        self.wedged.store(true, Ordering::Release);
        let _ = self.jobs.send(Job::Wake(0));
        let waiting = std::mem::take(&mut *self.waiting());
        for (id, waiting) in waiting {
            let _ = self.jobs.send(Job::Cancel(id));
            let _ = waiting.done.send(Err(outcome_of_late_write(self.hung(waiting.doing), waiting.writes)));
        }
    }

    /// Returns how long foreign code has been running without giving control back.
    fn inside_for(&self) -> Option<Duration> {
        let entered = self.entered.load(Ordering::Acquire).checked_sub(1)?;
        Some(self.started.elapsed().saturating_sub(Duration::from_nanos(entered)))
    }

    fn is_awaited(&self, id: u64) -> bool {
        self.waiting().contains_key(&id)
    }

    fn hung(&self, doing: &str) -> Error {
        Error::new(
            ErrorKind::AdapterHung,
            format!("the adapter `{}` did not give control back; `{doing}` was given up", self.name),
        )
        .with_hint("Report this to whoever maintains the adapter. It answers again when it gives control back, or after a restart.")
    }

    fn closed(&self) -> Error {
        Error::new(ErrorKind::ServiceClosed, format!("the lane of the adapter `{}` has ended", self.name))
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller that goes away before the answer takes its call with it.
struct CancelOnDrop<'a> {
    lane: &'a Arc<Shared>,
    id: u64,
}

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        if self.lane.waiting().remove(&self.id).is_some() {
            self.lane.cancel(self.id);
        }
    }
}

/// What runs on the lane's thread.
struct Runner {
    lane: Weak<Shared>,
    tasks: HashMap<u64, Task>,
}

struct Task {
    future: Pin<Box<FfiFuture<Reply>>>,
    waker: Arc<TaskWaker>,
    /// Keeps the adapter alive while one of its futures is.
    _object: Arc<AdapterObject>,
}

impl Runner {
    fn run(mut self, queue: &Receiver<Job>) {
        // The lane ends when nobody can ask it any more; tasks that are still there are left alone.
        while let Ok(job) = queue.recv() {
            let Some(lane) = self.lane.upgrade() else { break };
            // Control has been given back, however late.
            lane.wedged.store(false, Ordering::Release);
            self.step(&lane, job);
        }
        std::mem::forget(self.tasks);
    }

    fn step(&mut self, lane: &Arc<Shared>, job: Job) {
        match job {
            // Whoever asked for it has been answered: it must not begin after that.
            Job::Run { id, .. } | Job::Start { id, .. } | Job::Shutdown { id, .. } if !lane.is_awaited(id) => {}
            Job::Run { id, run } => {
                let outcome = inside(lane, id, "loading", run).and_then(|outcome| outcome);
                finish(lane, id, outcome);
            }
            Job::Start { id, object, call } => {
                let target = object.clone();
                let started = inside(lane, id, call.operation, move || {
                    target.invoke(RStr::from_str(call.operation), call.header.into(), call.body.into())
                });
                self.begin(lane, id, object, started);
            }
            Job::Shutdown { id, object } => {
                let target = object.clone();
                let started = inside(lane, id, "shutdown", move || target.shutdown());
                self.begin(lane, id, object, started);
            }
            Job::Wake(id) => {
                if let Some(task) = self.tasks.get(&id) {
                    task.waker.queued.store(false, Ordering::Release);
                    self.poll(lane, id);
                }
            }
            Job::Cancel(id) => {
                if let Some(task) = self.tasks.remove(&id) {
                    let _ = inside(lane, 0, "cancelling", move || drop(task));
                }
            }
            Job::Answered(slot) => {
                if let Some(waker) = slot.take_waker() {
                    let _ = inside(lane, 0, "waking", move || waker.wake());
                }
            }
            Job::Drop(object) => {
                let _ = inside(lane, 0, "drop", move || drop(object));
            }
        }
    }

    fn begin(&mut self, lane: &Arc<Shared>, id: u64, object: Arc<AdapterObject>, started: Result<FfiFuture<Reply>>) {
        match started {
            Ok(future) => {
                let queued = AtomicBool::new(false);
                let waker = Arc::new(TaskWaker { jobs: lane.jobs.clone(), id, queued });
                self.tasks.insert(id, Task { future: Box::pin(future), waker, _object: object });
                self.poll(lane, id);
            }
            Err(error) => finish(lane, id, Err(error)),
        }
    }

    fn poll(&mut self, lane: &Arc<Shared>, id: u64) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        let waker = Waker::from(task.waker.clone());
        let polled = inside(lane, id, "a poll", || {
            let poll = task.future.as_mut().poll(&mut Context::from_waker(&waker));
            // The reply is copied here, so that its memory is given back on the adapter's own thread.
            poll.map(OwnedReply::take)
        });
        let outcome = match polled {
            Ok(Poll::Pending) => return,
            Ok(Poll::Ready(outcome)) => outcome.map(Outcome::Reply),
            Err(error) => Err(error),
        };
        finish(lane, id, outcome);
        if let Some(task) = self.tasks.remove(&id) {
            let _ = inside(lane, 0, "ending a call", move || drop(task));
        }
    }
}

/// Runs foreign code for a job and keeps the time; a panic that comes through is an error.
fn inside<T>(lane: &Shared, job: u64, doing: &str, run: impl FnOnce() -> T) -> Result<T> {
    lane.running.store(job, Ordering::Release);
    let nanos = u64::try_from(lane.started.elapsed().as_nanos()).unwrap_or(u64::MAX - 1);
    lane.entered.store(nanos + 1, Ordering::Release);
    let outcome = catch_unwind(AssertUnwindSafe(run));
    lane.entered.store(0, Ordering::Release);
    outcome.map_err(|payload| {
        std::mem::forget(payload);
        Error::new(ErrorKind::AdapterPanicked, format!("the adapter `{}` panicked in {doing}", lane.name))
    })
}

fn finish(lane: &Shared, id: u64, outcome: Result<Outcome>) {
    let waiting = lane.waiting().remove(&id);
    match (waiting, outcome) {
        (Some(waiting), outcome) => {
            if let Err(Ok(late)) = waiting.done.send(outcome) {
                drop_here(lane, late);
            }
        }
        (None, Ok(late)) => drop_here(lane, late),
        (None, Err(_)) => {}
    }
}

/// Drops what came too late, on the lane where this runs.
fn drop_here(lane: &Shared, late: Outcome) {
    let _ = inside(lane, 0, "drop", move || drop(late));
}

/// Wakes a call by a message to its lane; it is the host's own code, whoever calls it.
struct TaskWaker {
    jobs: Sender<Job>,
    id: u64,
    queued: AtomicBool,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            let _ = self.jobs.send(Job::Wake(self.id));
        }
    }
}

/// An adapter on its lane, made for one connection.
pub struct OnLane {
    lane: Arc<Shared>,
    object: Owned,
    capabilities: Arc<Capabilities>,
}

impl OnLane {
    pub(super) async fn create(
        lane: &Arc<Lane>,
        module: AdapterModuleRef,
        adapter: &str,
        config: &CreateConfig,
        capabilities: Arc<Capabilities>,
        deadline: Deadline,
    ) -> Result<Self> {
        let lane = lane.shared.clone();
        let host = LaneHost { capabilities: capabilities.clone(), jobs: lane.jobs.clone() };
        let (adapter, config) = (adapter.to_owned(), config.clone());
        let jobs = lane.jobs.clone();
        let run = Box::new(move || {
            let host = Host_TO::from_value(host, TD_Opaque);
            let object = create(module, &adapter, &config, host)?;
            Ok(Outcome::Created(Owned { object: Some(Arc::new(object)), jobs }))
        });
        match lane.ask("create", false, deadline, |id| Job::Run { id, run }).await? {
            Outcome::Created(object) => Ok(Self { lane, object, capabilities }),
            Outcome::Reply(_) | Outcome::Ran => Err(lane.closed()),
        }
    }

    pub(super) async fn invoke(&self, call: Envelope, deadline: Deadline) -> Result<OwnedReply> {
        let _open = self.capabilities.open_call(&call, deadline);
        let object = self.object()?;
        let (operation, writes) = (call.operation, call.writes);
        self.ask_for_reply(operation, writes, deadline, |id| Job::Start { id, object, call }).await
    }

    pub(super) async fn shutdown(&self, deadline: Deadline) -> Result<()> {
        self.capabilities.close();
        let object = self.object()?;
        self.ask_for_reply("shutdown", false, deadline, |id| Job::Shutdown { id, object }).await.map(drop)
    }

    async fn ask_for_reply(
        &self,
        doing: &'static str,
        writes: bool,
        deadline: Deadline,
        job: impl FnOnce(u64) -> Job,
    ) -> Result<OwnedReply> {
        match self.lane.ask(doing, writes, deadline, job).await? {
            Outcome::Reply(reply) => Ok(reply),
            Outcome::Created(_) | Outcome::Ran => Err(self.lane.closed()),
        }
    }

    pub(super) fn is_wedged(&self) -> bool {
        self.lane.wedged.load(Ordering::Acquire)
    }

    fn object(&self) -> Result<Arc<AdapterObject>> {
        self.object.object.clone().ok_or_else(|| self.lane.closed())
    }
}

/// The host as an adapter on a lane sees it: requests are done by the host's runtime, and what comes of them
/// goes back through the lane.
struct LaneHost {
    capabilities: Arc<Capabilities>,
    jobs: Sender<Job>,
}

impl AbiHost for LaneHost {
    fn invoke(&self, capability: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply> {
        let slot = Arc::new(Slot::default());
        let in_flight = match self.capabilities.begin() {
            Ok(in_flight) => in_flight,
            Err(error) => return std::future::ready(boundary::reply_of(&error)).into_ffi(),
        };
        let (capabilities, capability) = (self.capabilities.clone(), capability.as_str().to_owned());
        let (header, body) = (header.into_vec(), body.into_vec());
        let (answered, jobs) = (slot.clone(), self.jobs.clone());
        let task = self.capabilities.runtime().spawn(async move {
            let answer = capabilities.invoke(&capability, &header, body).await;
            drop(in_flight);
            answered.leave(answer.unwrap_or_else(|error| boundary::reply_of(&error)));
            let _ = jobs.send(Job::Answered(answered));
        });
        HostCall { slot, task: task.abort_handle() }.into_ffi()
    }

    fn log(&self, level: u32, message: RStr<'_>) {
        self.capabilities.log(level, message.as_str());
    }

    fn now(&self) -> i64 {
        super::now()
    }

    fn supports(&self, capability: RStr<'_>) -> bool {
        self.capabilities.supports(capability.as_str())
    }
}

/// A request to the host, as foreign code holds it; dropping it cancels the request.
struct HostCall {
    slot: Arc<Slot>,
    task: AbortHandle,
}

impl Future for HostCall {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        self.slot.poll(context)
    }
}

impl Drop for HostCall {
    fn drop(&mut self) {
        self.task.abort();
        drop(self.slot.take_waker());
    }
}
