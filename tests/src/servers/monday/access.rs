//! Tokens: whose they are, and what they may do.

use super::reply::Refusal;
use crate::servers::Request;

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text that a client sends, bare or after `Bearer`.
    pub text: String,
    /// Whose it is, by the place of the person.
    pub user: usize,
    /// Whether it may change anything.
    pub may_write: bool,
}

impl Token {
    /// Returns a token that may do what its owner may.
    pub fn of(user: usize, name: &str) -> Self {
        Self { text: format!("monday_{name}"), user, may_write: true }
    }

    /// Returns the token without the right to change anything.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { text: format!("{}_read", self.text), may_write: false, ..self }
    }
}

/// Returns the token of a request; without one nobody is known.
pub(super) fn authenticated<'a>(tokens: &'a [Token], request: &Request) -> Result<&'a Token, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let text = header.strip_prefix("Bearer ").unwrap_or(header);
    tokens.iter().find(|token| token.text == text).ok_or_else(Refusal::not_authenticated)
}
