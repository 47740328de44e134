//! Tokens: whose they are, and what a wrong one is answered with: plain text, and one status for everything.

use super::reply::Refusal;
use crate::servers::Request;

/// The API key.
pub(super) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text that a client sends.
    pub text: String,
    /// The place of whose it is.
    pub member: usize,
    /// Whether it was made with the scope `write`.
    pub may_write: bool,
}

/// Returns the token of a request.
pub(super) fn authenticated<'a>(tokens: &'a [Token], request: &Request) -> Result<&'a Token, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let value = |name: &str| {
        let (_, rest) = header.strip_prefix("OAuth ")?.split_once(&format!("{name}=\""))?;
        rest.split('"').next()
    };
    if value("oauth_consumer_key") != Some(KEY) {
        return Err(Refusal::text(401, "invalid key"));
    }
    let token = tokens.iter().find(|token| Some(token.text.as_str()) == value("oauth_token"));
    token.ok_or_else(|| Refusal::text(401, "invalid token"))
}
