//! The README's example is a manifest.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use usher_adapter_manifest::{ClientAuthentication, Manifest, Operation, TokenGrant};

fn example() -> Manifest {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    Manifest::parse(example).unwrap_or_else(|error| panic!("{error}\n{}", error.excerpt()))
}

#[test]
fn annotated_example_is_a_manifest() {
    let manifest = example();
    assert_eq!(manifest.operations, Operation::ALL);
    assert_eq!(manifest.limits[0].exceeded[0].wait.len(), 6);
}

#[test]
fn every_key_survives_the_binary_form() {
    let manifest = example();
    assert_eq!(Manifest::from_binary(&manifest.to_binary().unwrap()), Ok(manifest));
    assert!(Manifest::from_binary(b"nonsense").is_err());
}

#[test]
fn a_token_request_is_read_with_its_defaults_and_leaves_out_what_is_absent() {
    let manifest = example();
    let token = manifest.auth_scheme(Some("oauth-client-credentials")).unwrap().token.as_ref().unwrap();
    assert_eq!((token.url.to_string().as_str(), token.grant), ("/oauth/token", TokenGrant::ClientCredentials));
    assert_eq!(token.client_authentication, ClientAuthentication::ClientSecretBasic);
    let parameters = |scope: Option<&str>| token.parameters(|_| scope.map(str::to_owned));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let audience = pair("audience", "https://api.acme.example");
    assert_eq!(parameters(Some("read")), [audience.clone(), pair("scope", "read")]);
    assert_eq!(parameters(None), [audience]);
}

#[test]
fn a_scheme_without_a_token_request_says_nothing_of_one_in_json() {
    let json = serde_json::to_value(example()).unwrap();
    assert!(json["auth"][0].get("token").is_none());
    let token = serde_json::json!({
        "url": "/oauth/token",
        "grant": "client_credentials",
        "client_authentication": "client_secret_basic",
        "form": { "audience": "https://api.acme.example", "scope": "{scope}" },
    });
    assert_eq!(json["auth"][2]["token"], token);
}
