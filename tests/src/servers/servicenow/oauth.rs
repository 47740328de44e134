//! Where an OAuth application gets its tokens: `/oauth_token.do`, by client credentials.
//!
//! <https://www.servicenow.com/docs/csh?topicname=r_OAuthAPIRequestParameters.html>

use std::collections::BTreeMap;

use serde_json::json;

use crate::servers::{Answer, Request};

/// The path, which no API is below.
pub(super) const PATH: &str = "/oauth_token.do";

/// The application's id and its secret.
pub(super) const CLIENT: (&str, &str) = ("be3aeb583ace210011c15b24a43e25d8", "secret & +of/the=application");

/// How long a token is good for, in seconds, as the instance says it.
const LIFETIME: u64 = 1_799;

/// The parameters that the pages describe, and `scope`.
const PARAMETERS: &[&str] = &["client_id", "client_secret", "grant_type", "scope"];

/// The tokens that were given.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// For how many requests each is still good; without a number until the fake ends.
    given: BTreeMap<String, Option<u64>>,
    /// For how many requests the next one is good.
    pub(super) next_is_good_for: Option<u64>,
    /// Whether a page comes in place of a token, as from an instance that sleeps.
    pub(super) is_a_page: bool,
}

impl Tokens {
    /// Returns a token for whoever asks rightly, or says in words what of it the pages do not describe.
    pub(super) fn answer(&mut self, request: &Request) -> Result<Answer, String> {
        if self.is_a_page {
            return Ok(Answer::html(200, "<!doctype html><title>Instance Hibernating</title>"));
        }
        let kind = request.header("content-type").unwrap_or_default();
        if request.method != "POST" || kind != "application/x-www-form-urlencoded" {
            return Err(format!(
                "tokens are asked for with a POST of a form, not with a {} of `{kind}`",
                request.method
            ));
        }
        let form: BTreeMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
        if let Some(stranger) = form.keys().find(|name| !PARAMETERS.contains(&name.as_str())) {
            return Err(format!("a request for a token has no `{stranger}`"));
        }
        let said = |name: &str| form.get(name).map(String::as_str);
        if said("grant_type") != Some("client_credentials") {
            return Err(format!("the grant {:?} is not set up", said("grant_type")));
        }
        if (said("client_id"), said("client_secret")) != (Some(CLIENT.0), Some(CLIENT.1)) {
            let refusal = json!({ "error_description": "access_denied", "error": "server_error" });
            return Ok(Answer::json(401, refusal.to_string()));
        }
        let token = format!("token-of-the-application-{}", self.given.len() + 1);
        self.given.insert(token.clone(), self.next_is_good_for.take());
        let given = json!({
            "access_token": token, "expires_in": LIFETIME, "scope": "useraccount", "token_type": "Bearer",
        });
        Ok(Answer::json(200, given.to_string()))
    }

    /// Says whether a request carries a token that is still good, and counts it.
    pub(super) fn admit(&mut self, request: &Request) -> bool {
        let token = request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
        match token.and_then(|token| self.given.get_mut(token)) {
            None | Some(Some(0)) => false,
            Some(None) => true,
            Some(Some(left)) => {
                *left -= 1;
                true
            }
        }
    }
}
