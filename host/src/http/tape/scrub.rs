//! Secrets that are told by a name: headers and parameters whose name promises one.

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::config::STARS;

/// Headers that hold secrets, sorted.
const HEADERS: &[&str] = &[
    "api-key",
    "authorization",
    "cookie",
    "private-token",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
    "x-api-key",
    "x-auth-token",
    "x-redmine-api-key",
];

/// Parameters of addresses that hold secrets, sorted; those of signed links among them.
const PARAMETERS: &[&str] = &[
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "client_secret",
    "jwt",
    "key",
    "password",
    "private_token",
    "sig",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
];

/// Headers that hold an address, sorted.
const ADDRESSES: &[&str] = &["content-location", "location"];

/// Returns headers with stars in place of secrets.
pub(crate) fn headers(headers: &HeaderMap) -> HeaderMap {
    let scrubbed = headers.iter().map(|(name, value)| (name.clone(), header(name, value)));
    scrubbed.fold(HeaderMap::new(), |mut all, (name, value)| {
        all.append(name, value);
        all
    })
}

fn header(name: &HeaderName, value: &HeaderValue) -> HeaderValue {
    if HEADERS.binary_search(&name.as_str()).is_ok() || value.is_sensitive() {
        return HeaderValue::from_static(STARS);
    }
    if ADDRESSES.binary_search(&name.as_str()).is_err() {
        return value.clone();
    }
    let address = value.to_str().ok().and_then(|text| Url::parse(text).ok());
    address.and_then(|address| HeaderValue::try_from(url(&address).as_str()).ok()).unwrap_or_else(|| value.clone())
}

/// Returns an address with stars in place of secrets.
pub(crate) fn url(address: &Url) -> Url {
    let is_secret = |name: &str| PARAMETERS.binary_search(&name.to_ascii_lowercase().as_str()).is_ok();
    let mut scrubbed = address.clone();
    if !address.username().is_empty() || address.password().is_some() {
        // Fails only for addresses without a host, which have neither.
        let _ = scrubbed.set_username("");
        let _ = scrubbed.set_password(None);
    }
    // What holds no secret stays as it was written.
    if address.query_pairs().any(|(name, _)| is_secret(&name)) {
        let pairs = address.query_pairs();
        let pairs = pairs.map(|(name, value)| if is_secret(&name) { (name, STARS.into()) } else { (name, value) });
        scrubbed.query_pairs_mut().clear().extend_pairs(pairs);
    }
    scrubbed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(HEADERS.is_sorted() && PARAMETERS.is_sorted() && ADDRESSES.is_sorted());
    }

    #[test]
    fn secrets_become_stars_wherever_a_name_tells() {
        let pairs = [
            ("authorization", "Bearer s3cret"),
            ("set-cookie", "session=s3cret"),
            ("location", "https://files.example/a?name=b&X-Amz-Signature=s3cret"),
            ("etag", "\"a\""),
        ];
        let scrubbed = headers(&crate::http::testing::headers(&pairs));
        assert!(!format!("{scrubbed:?}").contains("s3cret"));
        assert_eq!(scrubbed["etag"], "\"a\"");
        assert_eq!(scrubbed["location"], "https://files.example/a?name=b&X-Amz-Signature=***");
        let plain = Url::parse("https://tickets.example/a?q=a+b%20c&empty").unwrap();
        assert_eq!(url(&plain), plain);
        let secret = Url::parse("https://ada:s3cret@tickets.example/?q=1&Token=s3cret").unwrap();
        assert_eq!(url(&secret).as_str(), "https://tickets.example/?q=1&Token=***");
    }
}
