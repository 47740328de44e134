//! The layers that a request passes, one a file; their order and its reasons are in `stack`.

mod allow_list;
mod authenticate;
mod deadline;
mod hold_back;
mod rate_limit;
mod redirect;
mod retry;
mod timeout;

pub(super) use allow_list::AllowList;
pub(super) use authenticate::Authenticate;
pub(super) use deadline::WithinDeadline;
pub(super) use hold_back::HoldBack;
pub(super) use rate_limit::RateLimit;
pub(super) use redirect::Redirect;
pub(super) use retry::Retry;
pub(super) use timeout::Timeout;
