use std::{fs, sync::Mutex, time::Duration};

use usher_adapter_manifest::{AuthScheme, Manifest};

use super::*;
use crate::{
    config::{Auth, AuthField, Secret, SecretSource},
    http::{
        Reach,
        testing::{FakeNetwork, answer, call, get},
    },
    transport::{Deadline, Logger},
};

const MANIFEST: &str = r#"
manifest = 1
id = "acme"
name = "Acme"
operations = ["get"]

[base_url]
required = true
help = "Where it is."

[[auth]]
scheme = "basic"
fields.user = { secret = false }
fields.token = {}
headers.Authorization = "Basic {user}:{token|base64}"

[grants]
hosts = ["base_url"]
"#;

/// Keeps what was said.
#[derive(Default)]
struct Said(Mutex<Vec<String>>);

impl Logger for Said {
    fn line(&self, _: u32, _: &str, message: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }
}

fn scheme() -> AuthScheme {
    let manifest = Manifest::parse(MANIFEST).unwrap();
    manifest.auth[0].clone()
}

fn layer(token: SecretSource, network: FakeNetwork) -> (Authenticate<FakeNetwork, FakeNetwork>, Arc<Said>) {
    let field = |source| AuthField { source, shown: String::new(), literal: false };
    let mut auth = Auth::default();
    auth.fields.insert("user".to_owned(), field(SecretSource::Value(Secret::new("Ada Lovelace"))));
    auth.fields.insert("token".to_owned(), field(token));
    let own = url::Url::parse("https://acme.example.com").unwrap();
    let schemes = vec![(scheme(), Reach::new(vec![own], Vec::new()))];
    let said = Arc::new(Said::default());
    let credentials = Credentials::new("work", auth, schemes, said.clone());
    let tokens = Tokens::new(None, FakeNetwork::new([]));
    (Authenticate::new(Arc::new(credentials), Arc::new(tokens), network), said)
}

fn sent(network: &FakeNetwork) -> Vec<String> {
    let asked = network.requests().into_iter();
    asked.map(|request| request.headers["authorization"].to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_rotated_secret_is_read_once_more_after_a_401() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "first-token-of-all\n").unwrap();
    let network = FakeNetwork::new([Ok(answer(200, &[], "")), Ok(answer(401, &[], "")), Ok(answer(200, &[], "fine"))]);
    let (layer, _) = layer(SecretSource::File(file.clone()), network.clone());
    layer.send(get("https://acme.example.com/1"), &call()).await.unwrap();
    fs::write(&file, "second-token-of-all\r\n").unwrap();
    let response = layer.send(get("https://acme.example.com/2"), &call()).await.unwrap();
    assert_eq!((response.status.as_u16(), response.url.as_str()), (200, "https://acme.example.com/2"));
    let sent = sent(&network);
    assert_eq!(sent[0], sent[1]);
    assert_ne!(sent[1], sent[2]);
}

#[tokio::test]
async fn a_401_stays_where_the_secret_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "the-only-token").unwrap();
    let network = FakeNetwork::new([Ok(answer(401, &[], "no")), Ok(answer(401, &[], "no"))]);
    let (layer, _) = layer(SecretSource::File(file.clone()), network.clone());
    assert_eq!(layer.send(get("https://acme.example.com/"), &call()).await.unwrap().status, 401);
    // It was the same a moment ago: nobody is asked again so soon, whatever is there now.
    fs::write(&file, "another-token").unwrap();
    assert_eq!(layer.send(get("https://acme.example.com/"), &call()).await.unwrap().status, 401);
    assert_eq!(network.requests().len(), 2);
}

#[tokio::test]
async fn a_secret_that_is_said_back_does_not_pass() {
    let network = FakeNetwork::new([
        Ok(answer(403, &[], "you sent t0ken-of-the-echo and dDBrZW4tb2YtdGhlLWVjaG8=")),
        Ok(answer(200, &[], r#"{"sent": "t0ken-of-the-echo"}"#)),
    ]);
    let (layer, _) = layer(SecretSource::Value(Secret::new("t0ken-of-the-echo")), network);
    for expected in ["you sent *** and ***", r#"{"sent": "***"}"#] {
        let response = layer.send(get("https://acme.example.com/"), &call()).await.unwrap();
        assert_eq!(response.body, expected);
    }
}

#[tokio::test]
async fn another_host_gets_no_credentials_and_no_secret_is_read_for_it() {
    let network = FakeNetwork::new([Ok(answer(401, &[], ""))]);
    let (layer, _) = layer(SecretSource::File("/no/such/file".into()), network.clone());
    let response = layer.send(get("https://elsewhere.example.com/"), &call()).await.unwrap();
    assert_eq!(response.status, 401);
    assert!(network.requests()[0].headers.is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "an-open-token").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let (layer, said) = layer(SecretSource::File(file), FakeNetwork::new([Ok(answer(200, &[], ""))]));
    layer.send(get("https://acme.example.com/"), &call()).await.unwrap();
    let said = said.0.lock().unwrap();
    assert!(said[0].contains("can be read by others"), "{said:?}");
}

#[tokio::test]
async fn a_missing_secret_is_an_error_that_names_field_and_connection() {
    let (layer, _) = layer(SecretSource::File("/no/such/file".into()), FakeNetwork::new([]));
    let in_time = crate::http::Call { deadline: Deadline::after(Duration::from_secs(5)), ..call() };
    let failure = layer.send(get("https://acme.example.com/"), &in_time).await.unwrap_err();
    assert_eq!(failure.error.kind(), ErrorKind::CredentialMissing);
    assert!(failure.error.message().starts_with("`token` of connection `work`: /no/such/file"), "{}", failure.error);
}
