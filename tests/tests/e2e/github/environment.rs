//! Where the account comes from: variables alone, an Enterprise Server, or nobody at all.

use std::fs;

use usher_tests::{
    World,
    servers::{
        Certificate,
        github::{FakeGithub, Seed},
    },
};

use super::Site;

/// A world without a configuration, and an Enterprise Server that speaks TLS.
fn enterprise() -> (Site, Vec<(&'static str, String)>) {
    let certificate = Certificate::good();
    let world = World::new();
    fs::write(world.path("authority.pem"), certificate.authority_pem()).unwrap();
    let github = FakeGithub::build(Seed::small()).enterprise().https(certificate).start();
    let host = github.server().address().to_string();
    let authority = world.path("authority.pem").display().to_string();
    (Site { github, world }, vec![("GH_HOST", host), ("SSL_CERT_FILE", authority)])
}

#[test]
fn variables_alone_are_an_account() {
    for name in ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"] {
        let (site, mut variables) = enterprise();
        variables.push((name, site.github.token("octocat")));
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let run = site.run_with_variables(&variables, &["connection", "check", "--json"]).expect(0);
        assert_eq!(run.json()[0]["identity"]["user"]["handle"], "octocat", "{run:#?}");
        assert_eq!(run.json()[0]["identity"]["version"], "3.19.0", "{run:#?}");
        let run = site.run_with_variables(&variables, &["get", "acme/secret#1", "--json"]).expect(0);
        assert_eq!(run.json()["title"], "A secret");
        assert!(site.github.ledger().entries().iter().all(|entry| entry.authorized));
        assert!(!format!("{run:?}").contains(&site.github.token("octocat")));
    }
}

#[test]
fn a_token_for_github_com_is_not_shown_to_an_enterprise_server() {
    let (site, mut variables) = enterprise();
    variables.push(("GITHUB_TOKEN", site.github.token("octocat")));
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let run = site.run_with_variables(&variables, &["connection", "list", "--json"]).expect(0);
    assert_eq!(run.json()[0]["base_url"], "https://api.github.com/", "{run:#?}");
    assert!(site.github.ledger().is_empty());
}

#[test]
fn a_server_that_nobody_vouches_for_gets_no_token() {
    let certificate = Certificate::self_signed();
    let github = FakeGithub::build(Seed::small()).enterprise().https(certificate).start();
    let site = Site::of(github, "octocat", "");
    site.run(&["get", "#1"]).expect(7);
    assert!(site.github.ledger().is_empty());
}

#[test]
fn an_enterprise_server_is_asked_below_its_path_and_at_its_port() {
    let github = FakeGithub::build(Seed::small()).enterprise().start();
    let site = Site::of(github, "octocat", "");
    let page = format!("{}/acme/app/issues/1", site.github.url().trim_end_matches("/api/v3"));
    for address in [&page, &format!("{page}#issuecomment-5"), &format!("{}/repos/acme/app/issues/1", site.github.url())]
    {
        let ticket = site.run(&["get", address, "--json"]).expect(0).json();
        assert_eq!((&ticket["key"], &ticket["url"]), (&"acme/app#1".into(), &page.as_str().into()), "{address}");
    }
    let asked = site.asked();
    assert!(asked.contains(&"GET /api/v3/repos/acme/app/issues/1".to_owned()), "{asked:#?}");
    assert!(asked.iter().all(|asked| asked.starts_with("GET /api/v3/repos/acme/app/issues/1")), "{asked:#?}");
    assert_eq!(site.run(&["open", "#1", "--print"]).expect(0).stdout.trim(), page);
    assert_eq!(site.keys(&["list", "--open"]).len(), 6);
    site.run(&["options", "--in", "work"]).expect(0);
    let run = site.run(&["update", "#1", "--title", "Newer", "--type", "Bug"]).expect(11);
    assert!(run.stderr.contains("not written: type: acme/app has no issue types"), "{run:#?}");
    assert_eq!(site.github.issue("acme/app", 1).title, "Newer");
}

#[test]
fn a_public_repository_needs_no_token() {
    let site = Site::anonymous();
    assert_eq!(site.run(&["get", "#1", "--json"]).expect(0).json()["key"], "acme/app#1");
    assert_eq!(site.keys(&["list", "--open"]).len(), 6);
    assert!(site.github.ledger().entries().iter().all(|entry| !entry.authorized));
    let run = site.run(&["connection", "check"]).expect(0);
    assert!((run.stdout + &run.stderr).contains("there is no token"));
    let run = site.run(&["note", "#1", "Hello."]).expect(4);
    assert!(run.stderr.contains("hint:"), "{run:#?}");
    assert!(site.github.ledger().committed().is_empty());
}

#[test]
fn a_variable_of_the_environment_can_be_named_in_the_file() {
    let site = Site::anonymous();
    site.config("work", "auth.token = \"${GITHUB_TOKEN}\"");
    let token = site.github.token("octocat");
    let run = site.run_with_variables(&[("GITHUB_TOKEN", &token)], &["get", "acme/secret#1", "--in", "work", "--json"]);
    assert_eq!(run.expect(0).json()["title"], "A secret");
    let run = site.run(&["get", "#1", "--in", "work"]).expect(3);
    assert!(run.stderr.contains("`${GITHUB_TOKEN}` is not set"), "{run:#?}");
}

#[test]
fn a_connection_that_names_no_token_takes_the_one_that_the_environment_has_for_its_server() {
    let (site, mut variables) = enterprise();
    let token = site.github.token("octocat");
    site.config("work", "");
    variables.push(("GH_ENTERPRISE_TOKEN", token.clone()));
    let run = |variables: &[(&str, String)], arguments: &[&str]| {
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        site.run_with_variables(&variables, arguments)
    };
    assert_eq!(run(&variables, &["get", "acme/secret#1", "--json"]).expect(0).json()["title"], "A secret");
    let check = run(&variables, &["connection", "check", "--json"]).expect(0);
    let source = check.json()[0]["secrets"]["token"].as_str().unwrap().to_owned();
    assert!(source.contains("GH_ENTERPRISE_TOKEN"), "{check:#?}");
    assert!(!format!("{check:?}").contains(&token));
    assert!(site.github.ledger().entries().iter().all(|entry| entry.authorized));
    // A token for github.com is none for this server, and neither is one for another server.
    let before = site.github.ledger().entries().len();
    variables.retain(|(name, _)| *name == "SSL_CERT_FILE");
    variables.push(("GITHUB_TOKEN", token.clone()));
    variables.push(("GH_ENTERPRISE_TOKEN", token.clone()));
    variables.push(("GH_HOST", "other.example".to_owned()));
    run(&variables, &["get", "acme/app#1", "--in", "work"]).expect(0);
    let later = &site.github.ledger().entries()[before..];
    assert!(!later.is_empty() && later.iter().all(|entry| !entry.authorized), "{later:#?}");
}
