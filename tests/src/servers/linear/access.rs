//! Keys and tokens: whose they are, how they are sent, and what they may do.

use super::reply::Refusal;
use crate::servers::Request;

/// A key or a token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text that a client sends.
    pub text: String,
    /// Whose it is, by their display name.
    pub user: String,
    /// Its kind.
    pub kind: TokenKind,
    /// Whether it may change anything.
    pub may_write: bool,
}

/// The two kinds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// A personal key, sent bare.
    ApiKey,
    /// A token of an app, sent after `Bearer`.
    OAuth,
}

impl Token {
    /// Returns a personal key.
    pub fn api_key(user: &str) -> Self {
        Self { text: format!("lin_api_{user}"), user: user.to_owned(), kind: TokenKind::ApiKey, may_write: true }
    }

    /// Returns a token of an app that acts for somebody.
    pub fn oauth(user: &str) -> Self {
        Self { text: format!("lin_oauth_{user}"), kind: TokenKind::OAuth, ..Self::api_key(user) }
    }

    /// Returns the token without the right to change anything.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { text: format!("{}_read", self.text), may_write: false, ..self }
    }
}

/// Returns the token of a request, or the status and the words of the answer.
pub(super) fn authenticated<'a>(tokens: &'a [Token], request: &Request) -> Result<&'a Token, (u16, Refusal)> {
    let Some(header) = request.header("authorization") else {
        return Err((401, Refusal::authentication("Authentication required, not authenticated", 401)));
    };
    let (text, kind) = match header.strip_prefix("Bearer ") {
        Some(text) => (text, TokenKind::OAuth),
        None => (header, TokenKind::ApiKey),
    };
    let known = tokens.iter().find(|token| token.text == text);
    match known {
        Some(token) if token.kind == kind => Ok(token),
        Some(Token { kind: TokenKind::ApiKey, .. }) => {
            let message = "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix from the Authorization header.";
            Err((400, Refusal::authentication(message, 400)))
        }
        _ => Err((401, Refusal::authentication("Authentication required, not authenticated", 401))),
    }
}
