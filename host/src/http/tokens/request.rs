//! The request for a token, as the manifest describes it (RFC 6749).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use url::{
    Url,
    form_urlencoded::{Serializer, byte_serialize},
};
use usher_adapter_manifest::{ClientAuthentication, TokenGrant, TokenRequest, TokenUrl};
use usher_adapter_sdk::{Error, ErrorKind, Result, host::Effect};

use crate::{
    http::{Body, Proof, Request, Trail},
    redact,
};

/// The greatest answer that is read: tokens of some kilobytes exist.
const LARGEST: u64 = 64 << 10;

/// Returns the request for a token. Whoever repeats it is given another token: nothing is written.
pub(super) fn of(proof: &Proof<'_>, wanted: &TokenRequest, base_url: Option<&Url>) -> Result<Request> {
    let url = address(&wanted.url, base_url)?;
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", wanted.grant.as_str());
    match wanted.grant {
        TokenGrant::ClientCredentials => {}
        other => return Err(unknown("grant", other.as_str())),
    }
    let (id, secret) = (proof.required("client_id")?, proof.required("client_secret")?);
    match wanted.client_authentication {
        ClientAuthentication::ClientSecretBasic => {
            headers.insert(AUTHORIZATION, basic(id, secret));
        }
        ClientAuthentication::ClientSecretPost => {
            form.append_pair("client_id", id).append_pair("client_secret", secret);
        }
        _ => return Err(unknown("client authentication", "of a later version")),
    }
    form.extend_pairs(wanted.parameters(|name| proof.field(name).map(str::to_owned)));
    Ok(Request {
        method: Method::POST,
        url,
        headers,
        body: Body::Bytes(Bytes::from(form.finish())),
        effect: Effect::Read,
        class: None,
        auth: None,
        body_cap: LARGEST,
        timeout: None,
        sink: None,
        trail: Trail::default(),
    })
}

/// Returns where tokens are given.
fn address(url: &TokenUrl, base_url: Option<&Url>) -> Result<Url> {
    let unusable = |reason: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Configuration, format!("the address `{url}` of access tokens: {reason}"))
    };
    match url {
        TokenUrl::BaseUrl(path) => {
            let base = base_url.ok_or_else(|| unusable(&"the connection has no base_url"))?;
            let mut folder = base.clone();
            folder.set_query(None);
            folder.set_fragment(None);
            folder.set_path(&format!("{}/", base.path().trim_end_matches('/')));
            // With the dot it is a path, whatever it looks like.
            folder.join(&format!(".{path}")).map_err(|error| unusable(&error))
        }
        TokenUrl::Elsewhere { url, .. } => Url::parse(url).map_err(|error| unusable(&error)),
        _ => Err(unusable(&"of a kind that this version does not know")),
    }
}

/// Returns the header by which a client says who it is; both parts are encoded as in a form first (section 2.3.1).
pub(super) fn basic(id: &str, secret: &str) -> HeaderValue {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let value = format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret))));
    redact::learn_composed(&value);
    let mut value = HeaderValue::try_from(value).expect("base64 is made of letters that fit into a header");
    value.set_sensitive(true);
    value
}

fn unknown(what: &str, word: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("the {what} `{word}` for access tokens is not known here"))
        .with_hint("A later version of this program knows it.")
}
