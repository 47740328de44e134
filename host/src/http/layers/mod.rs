//! The layers that a request passes, one a file; their order and its reasons are in `stack`.

mod allow_list;
mod authenticate;
mod breaker;
mod conditional;
mod deadline;
mod hide_secrets;
mod hold_back;
mod rate_limit;
mod redirect;
mod retry;
mod taped;
mod timeout;
mod trace;
mod wire;

pub(super) use allow_list::AllowList;
pub(super) use authenticate::Authenticate;
pub(super) use breaker::Breaker;
pub(super) use conditional::Conditional;
pub(super) use deadline::WithinDeadline;
pub(super) use hide_secrets::HideSecrets;
pub(super) use hold_back::HoldBack;
pub(super) use rate_limit::RateLimit;
pub(super) use redirect::Redirect;
pub(super) use retry::Retry;
pub(super) use taped::Taped;
pub(super) use timeout::Timeout;
pub(super) use trace::{Observed, Trace};
