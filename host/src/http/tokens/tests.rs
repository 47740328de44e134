use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, Mutex},
};

use futures_util::future::join_all;
use http::HeaderMap;
use serde_json::{Value, json};
use usher_adapter_manifest::{AuthScheme, Manifest};

use super::*;
use crate::{
    config::{Auth, AuthField, SecretSource},
    http::{
        Body, Credentials, Reach, Request, Response,
        layers::Authenticate,
        testing::{Silence, answer, call, get, post},
    },
};

const MANIFEST: &str = r#"
manifest = 1
id = "acme"
name = "Acme"
operations = ["get"]

[base_url]
required = true

[[auth]]
scheme = "client"
fields.client_id = { secret = false }
fields.client_secret = {}
fields.scope = { secret = false, required = false }
token.url = "/oauth/token"
token.grant = "client_credentials"
token.form = { scope = "{scope}", audience = "tickets" }
headers.Authorization = "Bearer {access_token}"

[grants]
hosts = ["base_url"]
"#;

const URL: &str = "https://acme.example.com/desk/tickets";

/// A platform that gives tokens to whoever knows the secret, and takes them while it likes them.
#[derive(Clone)]
struct Platform(Arc<Mutex<State>>);

struct State {
    secret: String,
    /// What stands in `expires_in`.
    lifetime: Value,
    good: BTreeSet<String>,
    given: usize,
    /// What is answered in place of a token.
    in_place: Option<Result<Response, Failure>>,
    asked: Vec<Request>,
    tickets: Vec<HeaderMap>,
}

impl Platform {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            secret: "secret-of-the-client".to_owned(),
            lifetime: json!(3600),
            good: BTreeSet::new(),
            given: 0,
            in_place: None,
            asked: Vec::new(),
            tickets: Vec::new(),
        })))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Returns how often a token was asked for, how many were given, and how many requests for tickets came.
    fn counts(&self) -> (usize, usize, usize) {
        let state = self.state();
        (state.asked.len(), state.given, state.tickets.len())
    }

    fn form(request: &Request) -> Vec<(String, String)> {
        let Body::Bytes(bytes) = &request.body else { panic!("no form") };
        url::form_urlencoded::parse(bytes).into_owned().collect()
    }

    fn token(&self, request: Request) -> Result<Response, Failure> {
        let mut state = self.state();
        state.asked.push(request.clone());
        if let Some(in_place) = &state.in_place {
            return in_place.clone();
        }
        let expected = super::request::basic("ada's client", &state.secret);
        let is_known = request.headers.get("authorization") == Some(&expected)
            || Self::form(&request).contains(&("client_secret".to_owned(), state.secret.clone()));
        if !is_known {
            return Ok(answer(401, &[], r#"{"error":"invalid_client"}"#));
        }
        state.given += 1;
        let token = format!("token-number-{}", state.given);
        state.good.insert(token.clone());
        Ok(answer(200, &[], &json!({ "access_token": token, "expires_in": state.lifetime }).to_string()))
    }
}

impl Exchange for Platform {
    async fn send(&self, request: Request, _: &Call) -> Result<Response, Failure> {
        // So that those beside it come as far as they can.
        tokio::task::yield_now().await;
        if request.url.path() == "/desk/oauth/token" {
            return self.token(request);
        }
        let mut state = self.state();
        state.tickets.push(request.headers.clone());
        let token = request.headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned();
        let status = if state.good.contains(&token) { 200 } else { 401 };
        Ok(answer(status, &[], ""))
    }
}

fn scheme(manifest: &str) -> AuthScheme {
    Manifest::parse(manifest).unwrap().auth[0].clone()
}

fn layer_of(manifest: &str, platform: &Platform, secret: SecretSource) -> Authenticate<Platform, Platform> {
    let field = |source| AuthField { source, shown: String::new(), literal: false };
    let mut auth = Auth::default();
    auth.fields.insert("client_id".to_owned(), field(SecretSource::Value(Secret::new("ada's client"))));
    auth.fields.insert("client_secret".to_owned(), field(secret));
    let base_url = Url::parse("https://acme.example.com/desk/?x=1").unwrap();
    let schemes = vec![(scheme(manifest), Reach::new(vec![base_url.clone()], Vec::new()))];
    let credentials = Credentials::new("work", auth, schemes, Arc::new(Silence));
    let tokens = Tokens::new(Some(base_url), platform.clone());
    Authenticate::new(Arc::new(credentials), Arc::new(tokens), platform.clone())
}

fn layer(platform: &Platform) -> Authenticate<Platform, Platform> {
    let secret = platform.state().secret.clone();
    layer_of(MANIFEST, platform, SecretSource::Value(Secret::new(secret)))
}

async fn status(layer: &Authenticate<Platform, Platform>, request: Request) -> u16 {
    layer.send(request, &call()).await.unwrap().status.as_u16()
}

#[tokio::test]
async fn a_token_is_fetched_once_for_all_who_wait_for_it() {
    let platform = Platform::new();
    let layer = layer(&platform);
    let statuses = join_all((0..8).map(|_| status(&layer, get(URL)))).await;
    assert_eq!(statuses, [200; 8]);
    assert_eq!(platform.state().given, 1);
}

#[tokio::test]
async fn a_client_says_who_it_is_by_basic_and_the_form_holds_what_the_manifest_says() {
    let platform = Platform::new();
    platform.state().secret = "a b&c".to_owned();
    status(&layer(&platform), get(URL)).await;
    let asked = platform.state().asked[0].clone();
    assert_eq!(asked.url.as_str(), "https://acme.example.com/desk/oauth/token");
    assert_eq!((asked.method.as_str(), asked.writes()), ("POST", false));
    // `ada%27s+client:a+b%26c`
    assert_eq!(asked.headers["authorization"], "Basic YWRhJTI3cytjbGllbnQ6YStiJTI2Yw==");
    assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(Platform::form(&asked), [pair("grant_type", "client_credentials"), pair("audience", "tickets")]);
}

#[tokio::test]
async fn a_client_says_who_it_is_in_the_form_where_the_manifest_says_so() {
    let platform = Platform::new();
    let in_form = MANIFEST.replace("token.form", "token.client_authentication = \"client_secret_post\"\ntoken.form");
    let layer = layer_of(&in_form, &platform, SecretSource::Value(Secret::new("secret-of-the-client")));
    assert_eq!(status(&layer, get(URL)).await, 200);
    let asked = platform.state().asked[0].clone();
    assert!(!asked.headers.contains_key("authorization"));
    let form = Platform::form(&asked);
    assert_eq!((form[1].1.as_str(), form[2].1.as_str()), ("ada's client", "secret-of-the-client"));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_not_sent_any_more_shortly_before_its_end() {
    // Its lifetime, how long it is sent, and how often it is asked for then.
    for (lifetime, seconds) in [(json!(3600), 3570), (json!("100"), 90)] {
        let platform = Platform::new();
        platform.state().lifetime = lifetime;
        let layer = layer(&platform);
        status(&layer, get(URL)).await;
        tokio::time::advance(Duration::from_secs(seconds - 1)).await;
        status(&layer, get(URL)).await;
        assert_eq!(platform.state().given, 1);
        tokio::time::advance(Duration::from_secs(1)).await;
        status(&layer, get(URL)).await;
        assert_eq!(platform.state().given, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_without_a_lifetime_is_sent_until_it_is_refused() {
    let platform = Platform::new();
    platform.state().lifetime = Value::Null;
    let layer = layer(&platform);
    status(&layer, get(URL)).await;
    tokio::time::advance(Duration::from_secs(1 << 30)).await;
    assert_eq!(status(&layer, get(URL)).await, 200);
    assert_eq!(platform.state().given, 1);
    platform.state().good.clear();
    assert_eq!(status(&layer, get(URL)).await, 200);
    assert_eq!(platform.state().given, 2);
}

#[tokio::test]
async fn after_a_401_reads_and_writes_are_sent_once_more_with_one_new_token() {
    let platform = Platform::new();
    let layer = layer(&platform);
    status(&layer, get(URL)).await;
    platform.state().good.clear();
    let requests = [get(URL), post(URL, "{}"), get(URL), post(URL, "{}")];
    let statuses = join_all(requests.map(|request| status(&layer, request))).await;
    assert_eq!(statuses, [200; 4]);
    assert_eq!(platform.state().given, 2);
    // One with the first token; each of the four with that, and with the second.
    assert_eq!(platform.state().tickets.len(), 1 + 2 * 4);
}

#[tokio::test]
async fn a_401_over_a_new_token_stays_and_nothing_goes_round() {
    let platform = Platform::new();
    let layer = layer(&platform);
    // It gives tokens and takes none.
    platform.state().in_place = Some(Ok(answer(200, &[], r#"{"access_token":"never-good-anywhere"}"#)));
    assert_eq!(status(&layer, get(URL)).await, 401);
    assert_eq!(platform.counts(), (1, 0, 1));
    assert_eq!(status(&layer, post(URL, "{}")).await, 401);
    assert_eq!(platform.counts(), (2, 0, 3));
}

#[tokio::test]
async fn a_refusal_is_told_to_all_who_wait_and_names_what_to_check() {
    let platform = Platform::new();
    let layer = layer(&platform);
    platform.state().secret = "another".to_owned();
    let call = call();
    let failures = join_all((0..8).map(|_| layer.send(get(URL), &call))).await;
    assert_eq!(platform.state().asked.len(), 1, "the platform is asked once for all of them");
    for failure in failures.into_iter().map(Result::unwrap_err) {
        assert_eq!(
            (failure.error.kind(), failure.seen, failure.again),
            (ErrorKind::Authentication, Seen::No, Again::Never)
        );
        assert_eq!(
            failure.error.message(),
            "connection `work` was given no access token: tickets.example answered 401 with `invalid_client`"
        );
        let hint = failure.error.hint().unwrap();
        assert!(
            hint.ends_with("Check `auth.client_id` and `auth.client_secret` below `[connections.work]`."),
            "{hint}"
        );
    }
    // It is no state that lasts: who comes later asks anew.
    platform.state().secret = "secret-of-the-client".to_owned();
    assert_eq!(status(&layer, get(URL)).await, 200);
}

#[tokio::test]
async fn whatever_comes_in_place_of_a_token_is_an_error_that_says_so_and_has_no_status() {
    let page = "<!doctype html><title>Asleep</title>";
    let cases = [
        (
            answer(400, &[], r#"{"error":"invalid_scope","error_description":"no such scope"}"#),
            ErrorKind::Authentication,
            "400 with `invalid_scope` (no such scope)",
        ),
        (answer(200, &[], r#"{"error":"bad_verification"}"#), ErrorKind::Authentication, "200 with `bad_verification`"),
        (answer(401, &[], page), ErrorKind::Authentication, "401 with a page in place of JSON"),
        (answer(403, &[], ""), ErrorKind::Authentication, "403 with nothing"),
        (answer(200, &[], page), ErrorKind::Platform, "200 with a page in place of JSON"),
        (answer(200, &[], r#"{"access_token":""}"#), ErrorKind::Platform, "200 with no access token and no error"),
        (
            answer(200, &[], r#"{"access_token":"a-token-of-a-day","expires_in":"a day"}"#),
            ErrorKind::ResponseParse,
            "a lifetime that is no number",
        ),
        (answer(302, &[("location", "https://evil.example")], ""), ErrorKind::Platform, "302 with nothing"),
        (answer(404, &[], "gone"), ErrorKind::Platform, "404 with something that is not JSON"),
        (answer(429, &[("retry-after", "7")], "{}"), ErrorKind::RateLimited, "429 with no access token and no error"),
        (answer(503, &[], page), ErrorKind::Platform, "503 with a page in place of JSON"),
    ];
    for (in_place, kind, expected) in cases {
        let platform = Platform::new();
        platform.state().in_place = Some(Ok(in_place));
        let failure = layer(&platform).send(post(URL, "{}"), &call()).await.unwrap_err();
        assert_eq!((failure.error.kind(), failure.error.status(), failure.seen), (kind, None, Seen::No), "{expected}");
        assert!(failure.error.message().ends_with(expected), "{} {expected}", failure.error);
        assert!(platform.state().tickets.is_empty());
    }
}

#[tokio::test]
async fn what_needs_a_token_that_cannot_be_fetched_was_never_sent() {
    let platform = Platform::new();
    let lost = Failure::ambiguous(Error::new(ErrorKind::Network, "acme.example.com cannot be reached"));
    platform.state().in_place = Some(Err(lost));
    let failure = layer(&platform).send(post(URL, "{}"), &call()).await.unwrap_err();
    assert_eq!((failure.seen, failure.again), (Seen::No, Again::Never));
    assert_eq!(failure.error.message(), "the access token of connection `work`: acme.example.com cannot be reached");
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_a_token_too_long_was_never_sent_and_the_next_one_asks_anew() {
    /// Never answers the first request for a token.
    struct Slow(Platform, Mutex<bool>);
    impl Exchange for Slow {
        async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
            if std::mem::replace(&mut *self.1.lock().unwrap(), false) {
                std::future::pending::<()>().await;
            }
            self.0.send(request, call).await
        }
    }
    let platform = Platform::new();
    let tokens =
        Tokens::new(Url::parse("https://acme.example.com/desk").ok(), Slow(platform.clone(), Mutex::new(true)));
    let (tokens, call) = (&tokens, Call { deadline: Deadline::after(Duration::from_secs(1)), ..call() });
    let credentials = credentials_of("secret-of-the-client");
    let proof = credentials.proof(None, &Url::parse(URL).unwrap(), call.deadline).await.unwrap().unwrap();
    let mut first = Box::pin(tokens.get(&proof, &call));
    assert!(futures_util::poll!(first.as_mut()).is_pending());
    let failure = tokens.get(&proof, &call).await.map(|_| ()).unwrap_err();
    assert_eq!((failure.error.kind(), failure.seen), (ErrorKind::Timeout, Seen::No));
    drop(first);
    let later = Call { deadline: Deadline::after(Duration::from_secs(9)), ..call.clone() };
    assert!(tokens.get(&proof, &later).await.unwrap().is_some_and(|access| access.is_new));
}

fn credentials_of(secret: &str) -> Credentials {
    let field = |value: &str| AuthField {
        source: SecretSource::Value(Secret::new(value)),
        shown: String::new(),
        literal: false,
    };
    let mut auth = Auth::default();
    auth.fields.insert("client_id".to_owned(), field("ada's client"));
    auth.fields.insert("client_secret".to_owned(), field(secret));
    let own = Url::parse("https://acme.example.com").unwrap();
    Credentials::new("work", auth, vec![(scheme(MANIFEST), Reach::new(vec![own], Vec::new()))], Arc::new(Silence))
}

#[tokio::test]
async fn a_rotated_client_secret_is_read_once_more_after_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, "secret-of-the-client").unwrap();
    let platform = Platform::new();
    let layer = layer_of(MANIFEST, &platform, SecretSource::File(file.clone()));
    assert_eq!(status(&layer, get(URL)).await, 200);
    fs::write(&file, "a-rotated-secret").unwrap();
    platform.state().secret = "a-rotated-secret".to_owned();
    platform.state().good.clear();
    assert_eq!(status(&layer, post(URL, "{}")).await, 200);
    assert_eq!(platform.counts(), (3, 2, 3));
}

#[tokio::test]
async fn what_a_platform_says_back_of_a_token_or_a_secret_does_not_pass() {
    let platform = Platform::new();
    let said = r#"{"error":"invalid_client","error_description":"not secret-of-the-client, nor a-refresh-token-of-old","refresh_token":"a-refresh-token-of-old"}"#;
    platform.state().in_place = Some(Ok(answer(401, &[], said)));
    let failure = layer(&platform).send(get(URL), &call()).await.unwrap_err();
    assert!(failure.error.message().ends_with("(not ***, nor ***)"), "{}", failure.error);
}
