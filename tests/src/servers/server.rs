//! What every server here has: a port, a thread of its own, a ledger, faults, and an end.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use hyper::HeaderMap;
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinSet};
use tokio_rustls::TlsAcceptor;

use super::{Answer, Certificate, Faults, Ledger, Request, connection};

/// What a server does with a request that reaches it.
pub trait Handler: Send + Sync + 'static {
    /// Does what is asked for and answers. It must not wait for anything.
    fn answer(&self, request: &Request) -> Outcome;
}

/// What came of a request.
#[derive(Debug)]
pub struct Outcome {
    /// What to answer.
    pub answer: Answer,
    /// Whether something was written.
    pub committed: bool,
}

impl Outcome {
    /// Returns what was read.
    pub(super) fn read(body: &Value) -> Self {
        Answer::json(200, body.to_string()).into()
    }

    /// Returns what was written, with a body.
    pub(super) fn written(status: u16, body: &Value) -> Self {
        Self { answer: Answer::json(status, body.to_string()), committed: true }
    }

    /// Returns what was written, of which nothing more is said.
    pub(super) fn done(status: u16) -> Self {
        Self { answer: Answer::new(status), committed: true }
    }

    /// Returns the same with these headers too.
    pub(super) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.answer.headers.extend(headers);
        self
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self { answer, committed: false }
    }
}

/// A port that nobody answers at yet.
#[derive(Debug)]
pub struct Port {
    listener: TcpListener,
    certificate: Option<Certificate>,
}

/// A running server. It ends when it is dropped.
pub struct Server {
    url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What all connections of a server know.
pub(super) struct Shared {
    pub(super) handler: Arc<dyn Handler>,
    pub(super) faults: Faults,
    pub(super) ledger: Ledger,
    pub(super) tls: Option<TlsAcceptor>,
    delay_in_microseconds: AtomicU64,
}

impl Shared {
    pub(super) fn delay(&self) -> Duration {
        Duration::from_micros(self.delay_in_microseconds.load(Ordering::Relaxed))
    }
}

impl Port {
    /// Takes a free port on loopback; with a certificate it will speak TLS.
    pub fn take(certificate: Option<Certificate>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        Self { listener, certificate }
    }

    /// Returns the address of the server to be, without a slash at its end.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address())
    }

    /// Starts to answer.
    pub fn serve(self, handler: Arc<dyn Handler>, faults: Faults) -> Server {
        let (url, address) = (self.url(), self.address());
        let shared = Arc::new(Shared {
            handler,
            faults,
            ledger: Ledger::new(),
            tls: self.certificate.as_ref().map(Certificate::acceptor),
            delay_in_microseconds: AtomicU64::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let (listener, known) = (self.listener, Arc::clone(&shared));
        let thread = thread::Builder::new().name("test server".to_owned());
        let thread = thread.spawn(move || run(listener, known, stopped)).expect("a thread can be started");
        Server { url, address, shared, stop: Some(stop), thread: Some(thread) }
    }

    fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("a listener has an address")
    }
}

impl Server {
    /// Returns the server's address as a URL, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the server's address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns what arrived.
    pub fn ledger(&self) -> &Ledger {
        &self.shared.ledger
    }

    /// Returns the faults, to give the next request one.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Lets every request wait so long before anything is done about it.
    pub fn set_delay(&self, delay: Duration) {
        let microseconds = u64::try_from(delay.as_micros()).expect("a delay ends before the sun does");
        self.shared.delay_in_microseconds.store(microseconds, Ordering::Relaxed);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().expect("a server ends once").join();
        if ended.is_err() && !thread::panicking() {
            panic!("the test server panicked: see its message above");
        }
    }
}

fn run(listener: TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(accept(listener, shared, stopped));
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: oneshot::Receiver<()>) {
    listener.set_nonblocking(true).expect("a socket can be made non-blocking");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener can be given to the runtime");
    let (mut connections, mut count) = (JoinSet::new(), 0);
    loop {
        tokio::select! {
            // In this order, so that whatever ended before the server is stopped is looked at.
            biased;
            ended = connections.join_next(), if !connections.is_empty() => {
                // A panic over one connection is a mistake in the test, and is not kept from it.
                if let Some(Err(panicked)) = ended {
                    std::panic::resume_unwind(panicked.into_panic());
                }
            }
            // The sender is dropped with the server: that is the signal.
            _ = &mut stopped => return,
            accepted = listener.accept() => {
                // A client that has gone before it was accepted is nobody's error.
                let Ok((socket, _)) = accepted else { continue };
                connections.spawn(connection::serve(Arc::clone(&shared), count, socket));
                count += 1;
            }
        }
    }
}
