//! Refusals in monday.com's own words: a code in each, and HTTP 200 around most.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::servers::{Answer, graphql};

/// Why something is not done.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    message: Cow<'static, str>,
    code: Cow<'static, str>,
    /// What stands in the body; the answer's own status is 200 for most.
    status: u16,
    /// What the error says beside.
    data: Value,
    /// How many seconds to wait.
    wait: Option<u64>,
}

/// Why a field has no value.
pub(super) type Trouble = graphql::Trouble<Refusal>;

impl Refusal {
    /// Returns a refusal with a code.
    pub(super) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), code: code.into(), status: 200, data: json!({}), wait: None }
    }

    /// Nobody is known by this token.
    pub(super) fn not_authenticated() -> Self {
        Self { status: 401, ..Self::new("NOT_AUTHENTICATED", "Not authenticated") }
    }

    /// A token, or a person, that may not do this.
    pub(super) fn unauthorized() -> Self {
        Self { status: 403, ..Self::new("USER_UNAUTHORIZED", "User unauthorized to perform action") }
    }

    /// A board that is not there, or not for you.
    pub(super) fn no_board(id: &str) -> Self {
        let message = "The board does not exist. Please check your board ID and try again";
        Self { data: json!({ "board_id": id }), ..Self::new("InvalidBoardIdException", message) }
    }

    /// An item that is not there, or not for you.
    pub(super) fn no_item(id: &str) -> Self {
        Self { data: json!({ "item_id": id }), ..Self::new("InvalidItemIdException", "Item not found") }
    }

    /// A column that the board does not have.
    pub(super) fn no_column(id: &str) -> Self {
        let message = "This column ID doesn't exist for the board";
        Self { data: json!({ "column_id": id }), ..Self::new("InvalidColumnIdException", message) }
    }

    /// A value that a column does not take.
    pub(super) fn value(column: &str, why: &str) -> Self {
        let data = json!({ "column_id": column });
        Self { data, ..Self::new("ColumnValueException", format!("invalid value: {why}")) }
    }

    /// An argument that cannot be.
    pub(super) fn argument(why: impl Into<Cow<'static, str>>) -> Self {
        Self::new("InvalidArgumentException", why)
    }

    /// A place in a list that is not kept any more.
    pub(super) fn expired() -> Self {
        Self::new("CursorExpiredError", "The cursor has expired: it is good for 60 minutes from the initial request")
    }

    /// The points of a minute are used up.
    pub(super) fn complexity(seconds: u64) -> Self {
        let refusal = Self::new("COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted");
        Self { status: 429, wait: Some(seconds), ..refusal }
    }

    /// The same with everything in words, and nothing beside them.
    pub(super) fn complexity_in_words(cost: u64, left: u64, limit: u64, seconds: u64) -> Self {
        let message = format!(
            "Complexity budget exhausted, query cost {cost} budget remaining {left} out of {limit} reset in {seconds} seconds"
        );
        Self { status: 429, ..Self::new("COMPLEXITY_BUDGET_EXHAUSTED", message) }
    }

    /// The calls of a minute are used up.
    pub(super) fn minute(seconds: u64) -> Self {
        let message = "Rate limit exceeded: too many queries in a minute";
        Self { status: 429, wait: Some(seconds), ..Self::new("RATE_LIMIT_EXCEEDED", message) }
    }

    /// Returns an answer that is nothing but this refusal.
    pub(super) fn answer(&self, status: u16) -> Answer {
        let body = json!({ "errors": [{ "message": self.message, "extensions": graphql::Refuse::extensions(self) }] });
        self.told(Answer::json(status, body.to_string()))
    }

    /// Returns the same as older versions of the API write it: everything on top, and the time to wait in words alone.
    pub(super) fn older_answer(&self, status: u16, code: &str) -> Answer {
        let body = json!({
            "error_code": code, "status_code": self.status, "error_message": self.message, "error_data": self.data,
            "errors": [self.message], "account_id": 1,
        });
        Answer::json(status, body.to_string())
    }

    fn told(&self, answer: Answer) -> Answer {
        self.wait.into_iter().fold(answer, |answer, seconds| answer.header("retry-after", &seconds.to_string()))
    }
}

impl graphql::Refuse for Refusal {
    fn message(&self) -> &str {
        &self.message
    }

    fn extensions(&self) -> Value {
        let mut extensions = json!({ "code": self.code, "status_code": self.status, "error_data": self.data });
        if let Some(seconds) = self.wait {
            extensions["retry_in_seconds"] = seconds.into();
        }
        extensions
    }
}
