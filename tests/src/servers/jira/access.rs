//! Tokens: whose they are, how they are sent, and at which address they are taken.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::state::State;
use crate::servers::Request;

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text that a client sends.
    pub text: String,
    /// The place of whose it is.
    pub user: usize,
    /// Its kind.
    pub kind: TokenKind,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// Sent as a password beside the user's address (Cloud) or name (Data Center).
    Basic,
    /// The same with scopes: taken by the gateway, and refused by the site itself.
    Scoped,
    /// A personal access token of Data Center, or an OAuth token, which the gateway takes: sent after `Bearer`.
    Bearer,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Caller {
    /// Somebody who is known.
    User(usize),
    /// Nobody in particular, who sent nothing.
    Anonymous,
    /// Nobody in particular, who sent what is not right. Reads are answered as if nothing had been sent.
    Mistaken,
    /// Whoever sent this is sent away.
    Refused,
}

impl Caller {
    /// Returns the place of who asks, if they are known.
    pub(super) fn user(self) -> Option<usize> {
        match self {
            Self::User(user) => Some(user),
            Self::Anonymous | Self::Mistaken | Self::Refused => None,
        }
    }
}

/// Where a request arrived, and what kind of Jira answers there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Door {
    Site,
    Gateway,
    DataCenter,
}

/// Returns who asks.
pub(super) fn caller(state: &State, tokens: &[Token], request: &Request, door: Door) -> Caller {
    let Some(header) = request.header("authorization") else {
        return if door == Door::Gateway { Caller::Refused } else { Caller::Anonymous };
    };
    let (scheme, rest) = header.split_once(' ').unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") {
        let known = tokens.iter().find(|token| token.text == rest && token.kind == TokenKind::Bearer);
        return known.filter(|_| door != Door::Site).map_or(Caller::Refused, |token| Caller::User(token.user));
    }
    let Some((user, password)) = credentials(scheme, rest) else { return Caller::Refused };
    let fits = |token: &&Token| {
        let owner = &state.users[token.user];
        token.text == password && (owner.email == user || owner.name == user)
    };
    match (tokens.iter().find(fits), door) {
        (Some(token), Door::Gateway) if token.kind == TokenKind::Scoped => Caller::User(token.user),
        (_, Door::Gateway) => Caller::Refused,
        (Some(token), _) if token.kind == TokenKind::Basic => Caller::User(token.user),
        (Some(_), _) => Caller::Refused,
        (None, Door::Site) => Caller::Mistaken,
        (None, Door::DataCenter) => Caller::Refused,
    }
}

/// Returns user and password of the scheme `Basic`.
fn credentials(scheme: &str, encoded: &str) -> Option<(String, String)> {
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
