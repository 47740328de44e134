//! What was answered before is asked about, not for: a platform that says "as it was" sends nothing again.
//!
//! An answer is never given without asking. It is kept under the name of who asked, so nobody sees another's view.

use std::sync::Arc;

use http::{
    Method, StatusCode,
    header::{ACCEPT, CACHE_CONTROL, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE},
};

use crate::http::{
    Body, Call, Credentials, Exchange, Failure, Request, Response,
    cache::{Entry, Key, Store},
};

/// Headers by which an adapter asks such questions itself, or for a part: then it does not want our help.
const OWN_CONDITIONS: [http::HeaderName; 6] =
    [IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE];

/// Keeps answers and asks whether they still hold.
pub(crate) struct Conditional<N> {
    store: Option<Arc<Store>>,
    credentials: Arc<Credentials>,
    next: N,
}

impl<N> Conditional<N> {
    /// Returns the layer around the next one; without a store it does nothing.
    pub(crate) fn new(store: Option<Arc<Store>>, credentials: Arc<Credentials>, next: N) -> Self {
        Self { store, credentials, next }
    }
}

impl<N: Exchange> Exchange for Conditional<N> {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let Some(store) = self.store.as_ref().filter(|_| may_be_kept(&request)) else {
            return self.next.send(request, call).await;
        };
        // Without credentials the request fails by itself, and says why.
        let Ok(key) = self.key(&request, call).await else { return self.next.send(request, call).await };
        let kept = store.kept(&key).await;
        let Some(kept) = kept.filter(|kept| kept.answers(&request)) else {
            return self.send_and_keep(request, call, store, &key).await;
        };
        request.trail.asked_with_validator();
        let response = self.next.send(conditional(&request, &kept), call).await?;
        if response.status != StatusCode::NOT_MODIFIED {
            keep(store, &key, &request, &response).await;
            return Ok(response);
        }
        if kept.is_meant_by(&response.headers) {
            return Ok(kept.renewed(response));
        }
        store.let_go(&key).await;
        self.send_and_keep(request, call, store, &key).await
    }
}

impl<N: Exchange> Conditional<N> {
    async fn send_and_keep(
        &self,
        request: Request,
        call: &Call,
        store: &Arc<Store>,
        key: &Key,
    ) -> Result<Response, Failure> {
        let response = self.next.send(request.clone(), call).await?;
        keep(store, key, &request, &response).await;
        Ok(response)
    }

    /// Returns the name under which an answer is kept: who asks, how, and what.
    async fn key(&self, request: &Request, call: &Call) -> usher_adapter_sdk::Result<Key> {
        let identity = self.credentials.identity(call.deadline).await?;
        let scheme = request.auth.as_deref().unwrap_or_default();
        let accepted: Vec<&[u8]> = request.headers.get_all(ACCEPT).iter().map(|value| value.as_bytes()).collect();
        let accepted = accepted.join(&b", "[..]);
        Ok(Key::of(&[identity.as_bytes(), scheme.as_bytes(), &accepted, request.url.as_str().as_bytes()]))
    }
}

fn may_be_kept(request: &Request) -> bool {
    request.method == Method::GET
        && !request.writes()
        && request.sink.is_none()
        && matches!(&request.body, Body::Bytes(bytes) if bytes.is_empty())
        && !OWN_CONDITIONS.iter().any(|name| request.headers.contains_key(name))
        && !says_no_store(request)
}

/// Says whether an adapter wants nothing to be kept: then it is not asked either about what was kept before it said so.
fn says_no_store(request: &Request) -> bool {
    let values = request.headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case("no-store"))
}

/// Returns the request that asks whether the kept answer still holds.
fn conditional(request: &Request, kept: &Entry) -> Request {
    let mut request = request.clone();
    let (tag, time) = kept.validators();
    if let Some(tag) = tag {
        request.headers.insert(IF_NONE_MATCH, tag.clone());
    }
    if let Some(time) = time {
        request.headers.insert(IF_MODIFIED_SINCE, time.clone());
    }
    request
}

/// Keeps an answer; one that must not be kept takes the place of what was there all the same.
async fn keep(store: &Arc<Store>, key: &Key, request: &Request, response: &Response) {
    match Entry::of(request, response) {
        Some(entry) => store.keep(key, entry).await,
        None if response.status.is_success() => store.let_go(key).await,
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        config::{Auth, AuthField, Secret, SecretSource},
        http::testing::{FakeNetwork, Silence, answer, call, get, headers, post},
    };

    const URL: &str = "https://tickets.example/issues/3?full=1";

    /// A connection's cache over a network, for whoever has that token.
    fn layer(folder: &tempfile::TempDir, token: &str, network: &FakeNetwork) -> Conditional<FakeNetwork> {
        let source = SecretSource::Value(Secret::new(token));
        let field = AuthField { source, shown: "***".to_owned(), literal: true };
        let auth = Auth { scheme: None, fields: BTreeMap::from([("token".to_owned(), field)]) };
        let credentials = Arc::new(Credentials::new("work", auth, Vec::new(), Arc::new(Silence)));
        Conditional::new(Some(Arc::new(Store::new(folder.path().to_owned()))), credentials, network.clone())
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[tokio::test]
    async fn a_second_read_is_answered_from_the_store_after_the_platform_was_asked() {
        let folder = folder();
        let network = FakeNetwork::new([
            Ok(answer(200, &[("etag", "W/\"a\""), ("last-modified", "Wed, 21 Oct 2026 07:28:00 GMT")], "body")),
            Ok(answer(304, &[("x-ratelimit-remaining", "59")], "")),
        ]);
        let layer = layer(&folder, "one", &network);
        let first = layer.send(get(URL), &call()).await.unwrap();
        assert!(!first.from_cache);
        let request = get(URL);
        let second = layer.send(request.clone(), &call()).await.unwrap();
        assert_eq!((second.status.as_u16(), &second.body[..], second.from_cache), (200, &b"body"[..], true));
        assert_eq!(second.headers["x-ratelimit-remaining"], "59");
        assert_eq!(second.headers["etag"], "W/\"a\"");
        assert!(request.trail.had_validator());
        let asked = &network.requests()[1].headers;
        assert_eq!(asked["if-none-match"], "W/\"a\"", "a weak tag goes back as it came");
        assert_eq!(asked["if-modified-since"], "Wed, 21 Oct 2026 07:28:00 GMT");
    }

    #[tokio::test]
    async fn what_has_changed_replaces_what_was_kept() {
        let folder = folder();
        let network = FakeNetwork::new([
            Ok(answer(200, &[("etag", "\"a\"")], "old")),
            Ok(answer(200, &[("etag", "\"b\"")], "new")),
            Ok(answer(304, &[("etag", "\"b\"")], "")),
        ]);
        let layer = layer(&folder, "one", &network);
        for expected in ["old", "new", "new"] {
            assert_eq!(layer.send(get(URL), &call()).await.unwrap().body, expected);
        }
        assert_eq!(network.requests()[2].headers["if-none-match"], "\"b\"");
    }

    #[tokio::test]
    async fn another_token_another_scheme_and_another_form_never_see_what_was_kept() {
        let folder = folder();
        let network = FakeNetwork::new([Ok(answer(200, &[("etag", "\"a\"")], "one's"))]);
        let one = layer(&folder, "one", &network);
        one.send(get(URL), &call()).await.unwrap();
        let mut plain = get(URL);
        plain.headers = headers(&[("accept", "text/plain")]);
        for other in [Request { auth: Some("none".to_owned()), ..get(URL) }, plain] {
            one.send(other, &call()).await.unwrap();
        }
        layer(&folder, "two", &network).send(get(URL), &call()).await.unwrap();
        assert!(network.requests().iter().all(|request| !request.headers.contains_key("if-none-match")));
        one.send(get(URL), &call()).await.unwrap();
        assert_eq!(network.requests()[4].headers["if-none-match"], "\"a\"");
    }

    #[tokio::test]
    async fn what_no_longer_may_be_kept_is_let_go() {
        let folder = folder();
        let network = FakeNetwork::new([
            Ok(answer(200, &[("etag", "\"a\"")], "old")),
            Ok(answer(200, &[("etag", "\"b\""), ("cache-control", "no-store")], "secret")),
            Ok(answer(200, &[], "third")),
        ]);
        let layer = layer(&folder, "one", &network);
        for expected in ["old", "secret", "third"] {
            assert_eq!(layer.send(get(URL), &call()).await.unwrap().body, expected);
        }
        assert!(!network.requests()[2].headers.contains_key("if-none-match"));
    }

    #[tokio::test]
    async fn a_304_that_means_another_answer_is_asked_again_without_conditions() {
        let folder = folder();
        let network = FakeNetwork::new([
            Ok(answer(200, &[("etag", "\"a\"")], "old")),
            Ok(answer(304, &[("etag", "\"b\"")], "")),
            Ok(answer(200, &[("etag", "\"b\"")], "new")),
        ]);
        let layer = layer(&folder, "one", &network);
        layer.send(get(URL), &call()).await.unwrap();
        assert_eq!(layer.send(get(URL), &call()).await.unwrap().body, "new");
        assert!(!network.requests()[2].headers.contains_key("if-none-match"));
    }

    #[tokio::test]
    async fn writes_downloads_and_an_adapters_own_conditions_pass_untouched() {
        let folder = folder();
        let network = FakeNetwork::new([Ok(answer(304, &[("etag", "\"a\"")], ""))]);
        let layer = layer(&folder, "one", &network);
        let mut own = get(URL);
        own.headers = headers(&[("if-none-match", "\"mine\"")]);
        let requests = [own, post(URL, "{}"), Request { sink: Some(1), ..get(URL) }];
        for request in requests {
            let answer = layer.send(request, &call()).await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.from_cache), (304, false));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_request_that_says_no_store_is_sent_as_it_is_whatever_was_kept_before() {
        let folder = folder();
        let network = FakeNetwork::new([Ok(answer(200, &[("etag", "\"a\"")], "old")), Ok(answer(200, &[], "new"))]);
        let layer = layer(&folder, "one", &network);
        layer.send(get(URL), &call()).await.unwrap();
        let mut plain = get(URL);
        plain.headers = headers(&[("cache-control", "no-cache, No-Store")]);
        assert_eq!(layer.send(plain, &call()).await.unwrap().body, "new");
        assert!(!network.requests()[1].headers.contains_key("if-none-match"));
    }

    #[tokio::test]
    async fn an_error_in_between_keeps_what_was_kept() {
        let folder = folder();
        let network = FakeNetwork::new([
            Ok(answer(200, &[("etag", "\"a\"")], "old")),
            Ok(answer(503, &[], "down")),
            Ok(answer(304, &[], "")),
        ]);
        let layer = layer(&folder, "one", &network);
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(layer.send(get(URL), &call()).await.unwrap());
        }
        assert_eq!((answers[1].status.as_u16(), &answers[2].body[..]), (503, &b"old"[..]));
    }
}
