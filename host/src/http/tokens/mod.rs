//! Access tokens that the host fetches for a connection: once for all requests that wait for one, and again when one is too old.
//!
//! What lives here: when a token is fetched, and how long it is kept, which is in memory alone. `request` says how one is
//! asked for, `answer` what came of it. What does not: whose secrets entitle to it (`credentials`), and what happens after a 401
//! (`layers/authenticate.rs`).

mod answer;
mod request;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::{
    sync::{Mutex, MutexGuard},
    time::Instant,
};
use url::Url;
use usher_adapter_manifest::TokenRequest;
use usher_adapter_sdk::{Error, ErrorKind};

use super::{Again, Call, Exchange, Failure, Proof, Seen, Tally, Written};
use crate::{config::Secret, transport::Deadline};
use answer::Given;

/// The operation that a request for a token is told as: it is the host's own.
const OPERATION: &str = "token";

/// How long before its end a token is not sent any more: requests need time to arrive, and clocks differ.
const EARLY: Duration = Duration::from_secs(30);

/// Fetches and keeps the tokens of one connection.
pub(crate) struct Tokens<N> {
    base_url: Option<Url>,
    /// Fetched by one request, while the others wait for it.
    known: Mutex<BTreeMap<String, Known>>,
    /// How many fetches have ended.
    ended: AtomicU64,
    network: N,
}

/// What came of the last fetch for a scheme.
enum Known {
    Token(Kept),
    Refused { number: u64, version: u64, failure: Failure },
}

/// A token that is kept.
struct Kept {
    token: Secret,
    number: u64,
    /// The version of the secrets that it was given for.
    version: u64,
    /// When it is too old; a token without a stated lifetime is used until it is refused.
    until: Option<Instant>,
}

/// A token for one request.
pub(crate) struct Access {
    /// The token.
    pub(crate) token: Secret,
    /// Whether it was fetched for this request.
    pub(crate) is_new: bool,
    scheme: String,
    number: u64,
}

impl<N> Tokens<N> {
    /// Returns the tokens of a connection; none is fetched yet. The network is what requests for them pass.
    pub(crate) fn new(base_url: Option<Url>, network: N) -> Self {
        Self { base_url, known: Mutex::default(), ended: AtomicU64::new(0), network }
    }

    /// Forgets a token that was refused, if it is still the one that is kept.
    pub(crate) async fn forget(&self, refused: &Access) {
        let mut known = self.known.lock().await;
        if matches!(known.get(&refused.scheme), Some(Known::Token(kept)) if kept.number == refused.number) {
            known.remove(&refused.scheme);
        }
    }
}

impl<N: Exchange> Tokens<N> {
    /// Returns the token for a request, fetched if none is kept; nothing for a scheme that needs none.
    ///
    /// A failure says that the request itself was never sent.
    pub(crate) async fn get(&self, proof: &Proof<'_>, call: &Call) -> Result<Option<Access>, Failure> {
        let Some(wanted) = &proof.scheme.token else { return Ok(None) };
        let (scheme, version) = (&proof.scheme.scheme, proof.version());
        let before = self.ended.load(Ordering::Acquire);
        let mut known = self.known(call.deadline).await?;
        match known.get(scheme) {
            Some(Known::Token(kept)) if kept.is_good_for(version) => return Ok(Some(kept.access(scheme, false))),
            // It was refused while this one waited: the platform is not asked the same by each of them.
            Some(Known::Refused { number, version: refused, failure }) if *number > before && *refused == version => {
                return Err(failure.clone());
            }
            _ => {}
        }
        let began = Instant::now();
        let outcome = self.fetch(proof, wanted, call).await;
        let number = self.ended.fetch_add(1, Ordering::Release) + 1;
        match outcome {
            Ok(Given { token, lifetime }) => {
                let kept = Kept { token, number, version, until: lifetime.and_then(|lifetime| until(began, lifetime)) };
                let access = kept.access(scheme, true);
                known.insert(scheme.clone(), Known::Token(kept));
                Ok(Some(access))
            }
            Err(failure) => {
                // Another failure is of the moment, and the next one may have more time.
                if failure.error.kind() == ErrorKind::Authentication {
                    known.insert(scheme.clone(), Known::Refused { number, version, failure: failure.clone() });
                }
                Err(failure)
            }
        }
    }

    async fn known(&self, deadline: Deadline) -> Result<MutexGuard<'_, BTreeMap<String, Known>>, Failure> {
        let known = tokio::time::timeout_at(deadline.instant().into(), self.known.lock()).await;
        known.map_err(|_| {
            let error = Error::new(ErrorKind::Timeout, "no access token came in time");
            Failure::refused(error.with_hint("Try again, or give it more time with `--timeout` or `http.total`."))
        })
    }

    /// Asks for a token, in the time of the call that needs it.
    async fn fetch(&self, proof: &Proof<'_>, wanted: &TokenRequest, call: &Call) -> Result<Given, Failure> {
        let request = request::of(proof, wanted, self.base_url.as_ref()).map_err(Failure::refused)?;
        // What it takes is the connection's, and no part of what the adapter asks for or writes.
        let call = Call {
            operation: OPERATION,
            writes: false,
            ticket: None,
            tally: Tally::default(),
            written: Written::default(),
            rehearsal: None,
            ..call.clone()
        };
        let response = self.network.send(request, &call).await.map_err(|failure| Failure {
            error: failure.error.context(format_args!("the access token of connection `{}`", proof.connection)),
            // The request that needs it was not sent, and this one has been repeated already.
            seen: Seen::No,
            again: Again::Never,
        })?;
        answer::read(proof, wanted, &response).map_err(Failure::refused)
    }
}

impl Kept {
    fn is_good_for(&self, version: u64) -> bool {
        self.version == version && self.until.is_none_or(|until| Instant::now() < until)
    }

    fn access(&self, scheme: &str, is_new: bool) -> Access {
        Access { token: self.token.clone(), is_new, scheme: scheme.to_owned(), number: self.number }
    }
}

/// Returns when a token is too old that was asked for at that time.
fn until(asked: Instant, lifetime: Duration) -> Option<Instant> {
    // A lifetime beyond all clocks is none.
    asked.checked_add(lifetime - EARLY.min(lifetime / 10))
}
