//! Refusals in Linear's own words: every one has a code, and most come with HTTP 200.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::filter::Unfit;
use crate::servers::graphql;

/// Why something is not done.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) message: Cow<'static, str>,
    code: &'static str,
    /// The member `type`, which says the same in other words.
    kind: &'static str,
    /// What stands in the body; the answer's own status is often another.
    status: u16,
    presentable: Cow<'static, str>,
}

impl Refusal {
    /// Something that is asked for by its id is not there, or not for you.
    pub(super) fn not_found(kind: &str) -> Self {
        let presentable = format!("Could not find referenced {kind}.").into();
        Self { presentable, ..Self::input(format!("Entity not found: {kind}")) }
    }

    /// An input that fits the schema and still cannot be.
    pub(super) fn input(message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        let presentable = message.clone();
        Self { message, code: "INPUT_ERROR", kind: "invalid input", status: 400, presentable }
    }

    /// An argument whose value cannot be.
    pub(super) fn argument(why: String) -> Self {
        let message = "Argument Validation Error".into();
        Self { message, code: "INVALID_INPUT", presentable: why.into(), ..Self::input("") }
    }

    /// A key that may not do this.
    pub(super) fn forbidden(message: &'static str) -> Self {
        Self { code: "FORBIDDEN", kind: "forbidden", status: 403, ..Self::input(message) }
    }

    /// Nobody is known by this key.
    pub(super) fn authentication(message: &'static str, status: u16) -> Self {
        Self { code: "AUTHENTICATION_ERROR", kind: "authentication error", status, ..Self::input(message) }
    }

    /// Nothing is left. The status in the body is 429, that of the answer 400.
    pub(super) fn rate_limited(what: &str) -> Self {
        let message = format!("Rate limit exceeded: too many {what}. Please try again later.");
        Self { code: "RATELIMITED", kind: "ratelimited", status: 429, ..Self::input(message) }
    }

    /// Something broke inside.
    pub(super) fn internal() -> Self {
        Self {
            code: "INTERNAL_SERVER_ERROR",
            kind: "internal error",
            status: 500,
            ..Self::input("Internal server error")
        }
    }

    /// Returns the member `extensions`.
    pub(super) fn extensions(&self) -> Value {
        json!({
            "type": self.kind,
            "code": self.code,
            "statusCode": self.status,
            "userError": self.status < 500,
            "userPresentableMessage": self.presentable,
        })
    }

    /// Returns the body of an answer that is nothing but this refusal.
    pub(super) fn body(&self) -> String {
        json!({ "errors": [{ "message": self.message, "extensions": self.extensions() }] }).to_string()
    }
}

/// Why a field has no value.
pub(super) type Trouble = graphql::Trouble<Refusal>;

impl graphql::Refuse for Refusal {
    fn message(&self) -> &str {
        &self.message
    }

    fn extensions(&self) -> Value {
        self.extensions()
    }
}

impl From<Unfit> for Trouble {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Missing(what) => Self::Missing(what),
            Unfit::Value(why) => Self::Refused(Refusal::argument(why)),
        }
    }
}
