//! The one list of layers that every request passes, and why they stand in this order.

use std::sync::Arc;

use tower::{ServiceBuilder, layer::layer_fn};

use super::{
    Credentials, Exchange, Reach,
    layers::{AllowList, Authenticate, HoldBack, RateLimit, Redirect, Retry, Timeout, WithinDeadline},
    limits::{Limits, Waits},
};
use crate::config;

/// What the layers of one connection need to know.
pub(crate) struct Parts {
    /// Where requests may go.
    pub(crate) reach: Reach,
    /// What requests carry.
    pub(crate) credentials: Arc<Credentials>,
    /// When a request is tried again.
    pub(crate) retry: config::Retry,
    /// When a request may be sent.
    pub(crate) limits: Limits,
    /// Who is told of waits.
    pub(crate) waits: Arc<dyn Waits>,
}

/// Returns the layers of a connection around the network, or around whatever stands in for it.
///
/// The outermost comes first; a request passes from the top to the bottom, its answer from the bottom to the top.
pub(crate) fn stack<N: Exchange>(parts: Parts, network: N) -> impl Exchange {
    let Parts { reach, credentials, retry, limits, waits } = parts;
    let shown = credentials.clone();
    ServiceBuilder::new()
        // Everything below, waits and repetitions included, has only the time of the call.
        .layer(layer_fn(WithinDeadline::new))
        // Each hop is a request of its own to all that follows: checked, limited, signed for its own host.
        .layer(layer_fn(Redirect::new))
        // Before anything is looked up, waited for or sent. A forbidden request costs nothing and tells nobody anything.
        .layer(layer_fn(move |next| AllowList::new(reach.clone(), next)))
        // Where a real write would set out: what is forbidden is refused in a dry run too, and nothing is waited for.
        .layer(layer_fn(move |next| HoldBack::new(shown.clone(), next)))
        // Around the limits, so that a repetition waits its turn like every other request.
        .layer(layer_fn(move |next| Retry::new(retry.clone(), next)))
        // An attempt spends from the budget, a request that was refused above does not.
        .layer(layer_fn(move |next| RateLimit::new(limits.clone(), waits.clone(), next)))
        // Last of those that look at a request: no log, cache or retry above can hold a secret.
        .layer(layer_fn(move |next| Authenticate::new(credentials.clone(), next)))
        // Around the network alone: a wait for a limit is no slow server.
        .layer(layer_fn(Timeout::new))
        .service(network)
}
