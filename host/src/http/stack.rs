//! The one list of layers that every request passes, and why they stand in this order.

use std::sync::Arc;

use tower::{ServiceBuilder, layer::layer_fn};
use url::Url;

use super::{
    Credentials, Exchange, Reach, Tokens,
    cache::Store,
    layers::{
        AllowList, Authenticate, Breaker, Conditional, HideSecrets, HoldBack, Observed, RateLimit, Redirect, Retry,
        Taped, Timeout, Trace, WithinDeadline,
    },
    limits::{Limits, Waits},
    tape::Tape,
};
use crate::{config, transport::Files};

/// What the layers of one connection need to know.
pub(crate) struct Parts {
    /// Who asks whom.
    pub(crate) observed: Observed,
    /// Where requests may go.
    pub(crate) reach: Reach,
    /// Where the platform is, for what the manifest says to lie behind it.
    pub(crate) base_url: Option<Url>,
    /// What requests carry.
    pub(crate) credentials: Arc<Credentials>,
    /// The members of answers that are secrets.
    pub(crate) secrets: Arc<[String]>,
    /// Where answers are kept, if they are.
    pub(crate) cache: Option<Arc<Store>>,
    /// When a request is tried again.
    pub(crate) retry: config::Retry,
    /// When a request may be sent.
    pub(crate) limits: Limits,
    /// Who is told of waits.
    pub(crate) waits: Arc<dyn Waits>,
    /// Whether requests are recorded or replayed.
    pub(crate) tape: Tape,
    /// The files that adapters fill.
    pub(crate) files: Arc<Files>,
}

/// Returns the layers of a connection around the network, or around whatever stands in for it.
///
/// The outermost comes first; a request passes from the top to the bottom, its answer from the bottom to the top.
pub(crate) fn stack<N: Exchange>(parts: Parts, network: N) -> impl Exchange {
    let Parts { observed, reach, base_url, credentials, secrets, cache, retry, limits, waits, tape, files } = parts;
    let network = Arc::new(network);
    let own = own_requests(observed.clone(), reach.clone(), retry.clone(), network.clone());
    let tokens = Arc::new(Tokens::new(base_url, own));
    let connection = observed.connection.clone();
    let (asking, shown) = (credentials.clone(), credentials.clone());
    // What is replayed was let through when it was recorded.
    let limits = if tape.is_replay() { None } else { Some(limits) };
    ServiceBuilder::new()
        // Around everything, so that nothing which takes time or fails is missed, and no time is counted twice.
        .layer(layer_fn(move |next| Trace::new(observed.clone(), next)))
        // Everything below, waits and repetitions included, has only the time of the call.
        .layer(layer_fn(WithinDeadline::new))
        // Each hop is a request of its own to all that follows: checked, limited, signed for its own host.
        .layer(layer_fn(Redirect::new))
        // Before anything is looked up, waited for or sent. A forbidden request costs nothing and tells nobody anything.
        .layer(layer_fn(move |next| AllowList::new(reach.clone(), next)))
        // Where a real write would set out: what is forbidden is refused in a dry run too, and nothing is waited for.
        .layer(layer_fn(move |next| HoldBack::new(shown.clone(), next)))
        // Below the allow-list, so that what was kept is not given where nobody may ask any more. Around the rest, so that a
        // question about a kept answer is repeated and limited like any other.
        .layer(layer_fn(move |next| Conditional::new(cache.clone(), asking.clone(), next)))
        // Around the limits, so that a repetition waits its turn like every other request.
        .layer(layer_fn(move |next| Retry::new(retry.clone(), next)))
        // Inside the repetitions, so that each counts and none knocks at what is down. Around the limits, so that one that is
        // refused takes nobody's turn.
        .layer(layer_fn(Breaker::new))
        // An attempt spends from the budget, a request that was refused above does not.
        .layer(layer_fn(move |next| RateLimit::new(limits.clone(), waits.clone(), next)))
        // Above the credentials, so that no recording holds them and a replay needs none. Below the limits and repetitions, so
        // that each attempt is an exchange of its own, as the network saw it.
        .layer(layer_fn(move |next| Taped::new(connection.clone(), tape.clone(), files.clone(), next)))
        // Below whatever remembers or shows an answer, and above the credentials, whose own requests may need what they are told.
        .layer(layer_fn(move |next| HideSecrets::new(secrets.clone(), next)))
        // Last of those that look at a request: no log, cache or retry above can hold a secret.
        .layer(layer_fn(move |next| Authenticate::new(credentials.clone(), tokens.clone(), next)))
        // Around the network alone: a wait for a limit is no slow server.
        .layer(layer_fn(Timeout::new))
        .service(network)
}

/// Returns the layers of the requests that the host makes by itself to sign others: those for tokens.
///
/// One is made inside of a request that all layers above have let through, and within its time. So some are missing here: it
/// takes no turn of the platform's limits, which the request outside may hold; it follows no redirect, which would carry a
/// secret on; it is in no cache, no recording and no trace of bodies, and it is nothing that a dry run would hold back.
fn own_requests<N: Exchange>(observed: Observed, reach: Reach, retry: config::Retry, network: N) -> impl Exchange {
    ServiceBuilder::new()
        .layer(layer_fn(move |next| Trace::new(observed.clone(), next)))
        .layer(layer_fn(move |next| AllowList::new(reach.clone(), next)))
        .layer(layer_fn(move |next| Retry::new(retry.clone(), next)))
        .layer(layer_fn(Timeout::new))
        .service(network)
}
