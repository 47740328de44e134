//! Tokens: whose they are, and what a wrong one is answered with.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::servers::{Answer, Request};

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// The text that a client sends.
    pub text: String,
    /// The place of whose it is.
    pub user: usize,
    /// Whether it is sent after `Bearer`; else as a password, and the user beside it does not matter.
    pub bearer: bool,
    /// Whether it may change anything.
    pub may_write: bool,
}

/// Returns the token of a request, if it is known.
pub(super) fn authenticated<'a>(tokens: &'a [Token], request: &Request) -> Option<&'a Token> {
    let (scheme, rest) = request.header("authorization")?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return tokens.iter().find(|token| token.bearer && token.text == rest);
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64_STANDARD.decode(rest).ok()?).ok()?;
    let (_, password) = text.split_once(':')?;
    tokens.iter().find(|token| !token.bearer && token.text == password)
}

/// Returns the answer to somebody who is not known: on Services a page to sign in at, unless the request asks for better.
pub(super) fn refused(request: &Request, services: bool) -> Answer {
    let page = "<!DOCTYPE html><html lang=\"en-US\"><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>";
    let suppressed =
        request.header("x-tfs-fedauthredirect").is_some_and(|value| value.eq_ignore_ascii_case("suppress"));
    let denied = Answer::html(401, "<!DOCTYPE html><title>Access Denied</title>");
    let denied = denied.header("www-authenticate", "Basic realm=\"https://dev.azure.com/\"");
    match (services, request.method.as_str()) {
        (true, "PATCH") => {
            let message = "TF400813: The user '' is not authorized to access this resource.";
            Answer::json(
                401,
                serde_json::json!({ "$id": "1", "message": message, "typeKey": "UnauthorizedRequestException" })
                    .to_string(),
            )
        }
        (true, _) if !suppressed => Answer::html(203, page),
        _ => denied,
    }
}
