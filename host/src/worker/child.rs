//! The worker's own end: confines itself, opens one library, and does what the host asks.
//!
//! One thread does everything, so foreign code that does not give control back keeps it from answering a ping: that is
//! how the host sees that it hangs. Nothing that goes wrong here needs care beyond this process: the host sees its
//! end, and starts another.

use std::{
    any::Any,
    collections::HashMap,
    env,
    ffi::OsStr,
    fs::File,
    future::Future,
    io::{self, Write},
    os::fd::{AsFd, OwnedFd},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
};

use tokio::{runtime::Builder, task::AbortHandle};
use usher_adapter_abi::{
    AdapterModuleRef, AdapterObject, Host as AbiHost, Host_TO, Reply,
    abi_stable::{
        erased_types::TD_Opaque,
        std_types::{RStr, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
};
use usher_adapter_sdk::{Error, ErrorKind, Result, boundary};

use super::{
    ARGUMENT, confine,
    frame::{Frame, Header, Kind, Outgoing, PROTOCOL},
    hello::{Hello, Welcome},
    socket::{self, Ended, Outbox, Receiver},
    step,
};
use crate::{
    registry::{Library, exit_without_cleanup},
    transport::{Slot, now, reply_that_fits},
};

/// Becomes a worker if this process was started as one; a program that hosts drop-ins calls it first in `main`.
pub fn run_if_asked() {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(ARGUMENT)) {
        return;
    }
    let parent = arguments.next().and_then(|parent| parent.to_str()?.parse().ok());
    let outcome = match parent {
        Some(parent) => run(parent),
        None => Err(io::Error::other("is started by usher itself, and by nobody else")),
    };
    if let Err(error) = outcome {
        // Nobody can be told that stderr is closed.
        let _ = writeln!(io::stderr(), "usher {ARGUMENT}: {error}");
        exit_without_cleanup(1);
    }
    exit_without_cleanup(0)
}

fn run(parent: u32) -> io::Result<()> {
    confine::die_with_parent(parent)?;
    let socket = take_socket()?;
    confine::close_inherited(&[socket.as_fd()])?;
    confine::private_working_directory()?;
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let runtime = Builder::new_current_thread().enable_io().build()?;
    // Whoever was started without a host to answer has nothing to do.
    runtime.block_on(serve(socket))
}

/// Takes the socket from where stdin would be, and leaves nothing to read there.
fn take_socket() -> io::Result<OwnedFd> {
    let socket = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(socket)
}

async fn serve(socket: OwnedFd) -> io::Result<()> {
    let (outbox, mut receiver) = socket::open(socket)?;
    let pump = outbox.clone();
    tokio::spawn(async move { pump.pump().await });
    let Some(hello) = next(&mut receiver).await? else { return Ok(()) };
    let mut worker = greet(hello, outbox)?;
    while let Some(frame) = next(&mut receiver).await? {
        if worker.step(frame)?.is_break() {
            worker.end().await;
            break;
        }
    }
    Ok(())
}

/// Returns the next frame, unless the host is gone.
async fn next(receiver: &mut Receiver) -> io::Result<Option<Frame>> {
    match receiver.next().await {
        Ok(frame) => Ok(Some(frame)),
        Err(Ended::Closed) => Ok(None),
        Err(Ended::Violation(violation)) => Err(io::Error::other(format!("the host {}", violation.0))),
        Err(Ended::Failed(error)) => Err(error),
    }
}

/// Answers the host's first words from within the walls.
fn greet(frame: Frame, outbox: Outbox) -> io::Result<Worker> {
    if frame.header.kind != Kind::Hello {
        return Err(io::Error::other("the host did not say hello"));
    }
    let (head, record) = frame.into_message();
    let hello: Hello = serde_json::from_slice(&head)?;
    if hello.protocol != PROTOCOL {
        return Err(io::Error::other(format!("the host speaks version {} and this is {PROTOCOL}", hello.protocol)));
    }
    // What is opened later is this descriptor, whatever stands at its place by then.
    let library = Library::open(&hello.library)?;
    let plan = confine::Plan {
        library: hello.library.clone(),
        grants: hello.grants,
        network: hello.network,
        limits: confine::Limits::default(),
    };
    let confine::Confined { level, reasons } = confine::confine(&plan).map_err(io::Error::other)?;
    if hello.require_sandbox && level != confine::Level::Full {
        return Err(io::Error::other(format!(
            "`require_sandbox` is set, and the sandbox is {level}: {}",
            reasons.join("; ")
        )));
    }
    let welcome =
        Welcome { protocol: PROTOCOL, features: Vec::new(), nonce: hello.nonce, sandbox: level, remarks: reasons };
    let host = Arc::new(PipeHost {
        outbox: outbox.clone(),
        supports: hello.supports,
        next: AtomicU64::new(1),
        waiting: Mutex::default(),
    });
    outbox.send(Outgoing::new(Header::new(Kind::Hello, 0), &serde_json::to_vec(&welcome)?, RVec::new()));
    Ok(Worker {
        outbox,
        host,
        adapter: hello.adapter,
        to_open: Some(ToOpen { library, sha256: hello.sha256, symbol: hello.symbol, record }),
        module: None,
        object: None,
        calls: Arc::default(),
    })
}

/// What the host wants to have opened.
struct ToOpen {
    library: Library,
    sha256: String,
    symbol: String,
    record: Vec<u8>,
}

/// One library, one adapter, and the calls that are under way.
struct Worker {
    outbox: Outbox,
    host: Arc<PipeHost>,
    adapter: String,
    to_open: Option<ToOpen>,
    module: Option<AdapterModuleRef>,
    object: Option<Arc<AdapterObject>>,
    calls: Arc<Calls>,
}

/// Each call that has not been answered yet.
#[derive(Default)]
struct Calls(Mutex<HashMap<u64, AbortHandle>>);

impl Calls {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, AbortHandle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Flow = std::ops::ControlFlow<()>;

impl Worker {
    fn step(&mut self, frame: Frame) -> io::Result<Flow> {
        let id = frame.header.id;
        match frame.header.kind {
            Kind::Call => self.call(frame),
            Kind::HostResult => self.host.answered(frame),
            Kind::Cancel => {
                // Every call has one answer, also one that nobody waits for any more.
                if let Some(call) = self.calls.lock().remove(&id) {
                    call.abort();
                    answer(&self.outbox, id, &Error::new(ErrorKind::ServiceClosed, "the call was cancelled"));
                }
            }
            Kind::Ping => drop(self.outbox.send(Outgoing::bare(Header::new(Kind::Ping, id)))),
            Kind::Bye => return Ok(Flow::Break(())),
            kind @ (Kind::Hello | Kind::Result | Kind::HostCall | Kind::Log) => {
                return Err(io::Error::other(format!("the host sent {kind:?}, which is not its to send")));
            }
        }
        Ok(Flow::Continue(()))
    }

    fn call(&mut self, frame: Frame) {
        let (id, name) = (frame.header.id, frame.name().to_owned());
        let (head, body) = frame.into_message();
        match name.as_str() {
            step::OPEN => {
                let opened = self.to_open.take().map_or_else(|| Err(twice("open")), |to_open| open(&to_open));
                let opened = opened.map(|module| self.module = Some(module));
                self.done(id, opened);
            }
            step::MAKE => {
                let made = self.make(head);
                self.done(id, made);
            }
            step::END => match self.object.take() {
                Some(object) => {
                    let started = catch("shutdown", || object.shutdown());
                    self.run(id, "shutdown", started, object);
                }
                None => self.done(id, Ok(())),
            },
            operation => match self.object.clone() {
                Some(object) => {
                    let started =
                        catch(operation, || object.invoke(RStr::from_str(operation), head.into(), body.into()));
                    self.run(id, operation, started, object);
                }
                None => self.done(id, Err(Error::new(ErrorKind::ServiceClosed, "there is no adapter here"))),
            },
        }
    }

    fn make(&mut self, config: Vec<u8>) -> Result<()> {
        let module = self.module.ok_or_else(|| twice("make without an open library"))?;
        let host = Host_TO::from_value(HostOfCall(self.host.clone()), TD_Opaque);
        let made = catch("create", || module.create()(self.adapter.as_str().into(), config.into(), host))?;
        let object = made.into_result().map_err(|reply| boundary::error_of(reply.status, &reply.header))?;
        self.object = Some(Arc::new(object));
        Ok(())
    }

    /// Polls a call until it is done, and answers it.
    fn run(&self, id: u64, doing: &str, started: Result<FfiFuture<Reply>>, object: Arc<AdapterObject>) {
        let mut call = match started {
            Ok(future) => Caught { future: Box::pin(future), doing: doing.to_owned() },
            Err(error) => return answer(&self.outbox, id, &error),
        };
        // Many calls need nobody else and are done at once: a task would only delay their answer. Nobody is woken by
        // this poll; the task polls again, and is.
        if let Poll::Ready(outcome) = Pin::new(&mut call).poll(&mut Context::from_waker(Waker::noop())) {
            return answer_of(&self.outbox, id, outcome);
        }
        let (outbox, calls) = (self.outbox.clone(), self.calls.clone());
        // The task begins when this one waits, so that it is in the list by then.
        let task = tokio::spawn(async move {
            let outcome = call.await;
            let _object = object;
            if calls.lock().remove(&id).is_some() {
                answer_of(&outbox, id, outcome);
            }
        });
        self.calls.lock().insert(id, task.abort_handle());
    }

    /// Ends the adapter, if the host has not asked for that before, and sends what is left to send.
    async fn end(&mut self) {
        if let Some(object) = self.object.take()
            && let Ok(future) = catch("shutdown", || object.shutdown())
        {
            // Nobody waits for how it went.
            let _ = Caught { future: Box::pin(future), doing: "shutdown".to_owned() }.await;
        }
        self.outbox.flushed().await;
    }

    fn done(&self, id: u64, outcome: Result<()>) {
        match outcome {
            Ok(()) => answer_with(&self.outbox, id, boundary::reply_ok(b"{}".to_vec(), Vec::new())),
            Err(error) => answer(&self.outbox, id, &error),
        }
    }
}

fn open(to_open: &ToOpen) -> Result<AdapterModuleRef> {
    to_open.library.check(&to_open.sha256)?;
    catch("loading", || to_open.library.load(&to_open.symbol, &to_open.record))?
}

fn twice(doing: &str) -> Error {
    Error::new(ErrorKind::AdapterRefused, format!("the worker was asked to {doing}"))
}

fn answer_of(outbox: &Outbox, id: u64, outcome: Result<Reply>) {
    match outcome {
        Ok(reply) => answer_with(outbox, id, reply),
        Err(error) => answer(outbox, id, &error),
    }
}

fn answer(outbox: &Outbox, id: u64, error: &Error) {
    answer_with(outbox, id, boundary::reply_of(error));
}

fn answer_with(outbox: &Outbox, id: u64, reply: Reply) {
    let reply = reply_that_fits(reply);
    let header = Header::new(Kind::Result, id).with_status(reply.status);
    outbox.send(Outgoing::new(header, &reply.header, reply.body));
}

/// Runs foreign code; a panic that comes through is an error.
fn catch<T>(doing: &str, run: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| panicked(doing, payload))
}

fn panicked(doing: &str, payload: Box<dyn Any + Send>) -> Error {
    // Its end may panic as well.
    std::mem::forget(payload);
    Error::new(ErrorKind::AdapterPanicked, format!("the adapter panicked in {doing}"))
}

/// A call whose panics are errors.
struct Caught {
    future: Pin<Box<FfiFuture<Reply>>>,
    doing: String,
}

impl Future for Caught {
    type Output = Result<Reply>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(panicked(&format!("a poll of `{}`", self.doing), payload))),
        }
    }
}

/// The host behind the socket.
struct PipeHost {
    outbox: Outbox,
    supports: Vec<String>,
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, Arc<Slot>>>,
}

impl PipeHost {
    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Arc<Slot>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answered(&self, frame: Frame) {
        // Nobody waits for what was cancelled.
        let Some(slot) = self.waiting().remove(&frame.header.id) else { return };
        let status = frame.header.status;
        let (header, body) = frame.into_message();
        slot.leave(Reply { status, header: header.into(), body: body.into() });
        if let Some(waker) = slot.take_waker() {
            // The waker is foreign code. What it does wrong is its own call's end.
            let _ = catch("waking", || waker.wake());
        }
    }
}

/// The host as the adapter sees it.
struct HostOfCall(Arc<PipeHost>);

impl AbiHost for HostOfCall {
    fn invoke(&self, capability: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply> {
        let host = self.0.clone();
        let id = host.next.fetch_add(1, Ordering::Relaxed);
        let slot = Arc::new(Slot::default());
        host.waiting().insert(id, slot.clone());
        let frame = Outgoing::new(Header::new(Kind::HostCall, id).named(capability.as_str()), &header, body);
        host.outbox.send(frame);
        HostCall { host, id, slot }.into_ffi()
    }

    fn log(&self, level: u32, message: RStr<'_>) {
        let header = Header::new(Kind::Log, 0).with_status(level);
        self.0.outbox.send(Outgoing::new(header, &[], message.as_str().as_bytes().to_vec().into()));
    }

    fn now(&self) -> i64 {
        now()
    }

    fn supports(&self, capability: RStr<'_>) -> bool {
        self.0.supports.iter().any(|supported| supported == capability.as_str())
    }
}

/// A request to the host, as foreign code holds it; dropping it cancels the request.
struct HostCall {
    host: Arc<PipeHost>,
    id: u64,
    slot: Arc<Slot>,
}

impl Future for HostCall {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        self.slot.poll(context)
    }
}

impl Drop for HostCall {
    fn drop(&mut self) {
        if self.host.waiting().remove(&self.id).is_some() {
            self.host.outbox.send(Outgoing::bare(Header::new(Kind::Cancel, self.id)));
        }
        drop(self.slot.take_waker());
    }
}
