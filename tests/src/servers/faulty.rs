//! A server without any state, for tests of what a client does with faults.
//!
//! ```
//! use usher_tests::servers::{Fault, FaultServer, Faults};
//!
//! let server = FaultServer::start(Faults::none().first(2, Fault::retry_after(503, "0")));
//! // … a client asks `server.url()`, and should be answered at the third time …
//! assert_eq!(server.work_done(), 0);
//! ```

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    Answer, Certificate, Faults, Ledger, Request,
    server::{Handler, Outcome, Port, Server},
};

/// A server that gives everybody the same answer, if no fault comes between.
pub struct FaultServer {
    server: Server,
    done: Arc<Work>,
}

impl FaultServer {
    /// Starts a server that answers `{"ok":true}`.
    pub fn start(faults: Faults) -> Self {
        Self::answering(Answer::json(200, "{\"ok\":true}"), faults)
    }

    /// Starts a server with an answer of its own.
    pub fn answering(answer: Answer, faults: Faults) -> Self {
        Self::start_with(None, answer, faults)
    }

    /// Starts a server that speaks TLS.
    pub fn https(certificate: Certificate, faults: Faults) -> Self {
        Self::start_with(Some(certificate), Answer::json(200, "{\"ok\":true}"), faults)
    }

    fn start_with(certificate: Option<Certificate>, answer: Answer, faults: Faults) -> Self {
        let done = Arc::new(Work { answer: Mutex::new(answer), count: AtomicUsize::new(0) });
        let handler: Arc<dyn Handler> = done.clone();
        Self { server: Port::take(certificate).serve(handler, faults), done }
    }

    /// Changes the answer.
    pub fn answer(&self, answer: Answer) {
        *self.done.answer.lock().expect("nobody panics over the answer") = answer;
    }

    /// Returns how often the work was done.
    pub fn work_done(&self) -> usize {
        self.done.count.load(Ordering::Relaxed)
    }

    /// Returns the server's address as a URL, without a slash at its end.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Returns what arrived.
    pub fn ledger(&self) -> &Ledger {
        self.server.ledger()
    }

    /// Returns the server itself.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

struct Work {
    answer: Mutex<Answer>,
    count: AtomicUsize,
}

impl Handler for Work {
    fn answer(&self, request: &Request) -> Outcome {
        self.count.fetch_add(1, Ordering::Relaxed);
        let answer = self.answer.lock().expect("nobody panics over the answer").clone();
        Outcome { answer, committed: !request.method.is_safe() }
    }
}
