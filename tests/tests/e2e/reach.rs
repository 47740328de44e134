//! How a platform is reached: authorities, certificates of our own, versions of TLS, proxies.

use std::fs;

use usher_tests::{
    Run, World,
    servers::{Certificate, FaultServer, Faults, ProxyServer},
    world::finish,
};

/// The password of the proxy, and the same in base64 behind `ada:`.
const CANARY: &str = "canary-of-the-proxy";
const IN_BASE64: &str = "YWRhOmNhbmFyeS1vZi10aGUtcHJveHk=";

/// Returns a world whose only connection leads to that address, with these settings of its HTTP.
fn world(url: &str, http: &str) -> World {
    let world = World::new();
    world.config(&format!(
        "[connections.work]\nadapter = \"github\"\nbase_url = \"{url}\"\nauth.token = \"s3cret-token\"\n\
         [connections.work.retry]\nmax_attempts = 1\n[connections.work.http]\ntotal = \"20s\"\n{http}\n",
    ));
    world
}

/// A server by https, and a world that has its authority and a certificate for it in files.
fn secure(certificate: Certificate, http: &str) -> (FaultServer, World) {
    let (authority, client) = (certificate.authority_pem().to_owned(), certificate.client().clone());
    let server = FaultServer::https(certificate, Faults::none());
    let world = world(server.url(), http);
    fs::write(world.path("authority.pem"), authority).unwrap();
    fs::write(world.path("client.pem"), &client.certificate).unwrap();
    fs::write(world.path("client.key"), &client.key).unwrap();
    fs::write(world.path("both.pem"), client.certificate + &client.key).unwrap();
    (server, world)
}

/// Asks for a ticket. What comes back is none: what counts is whether the server was asked.
fn ask(world: &World) -> Run {
    world.run(&["get", "acme/app#1"])
}

#[track_caller]
fn refused(server: &FaultServer, run: &Run, words: &[&str]) {
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is missing in {run:#?}");
    }
    assert!(server.ledger().is_empty(), "{:?}", server.ledger().entries());
}

#[track_caller]
fn asked(server: &FaultServer, run: &Run) {
    assert!(!server.ledger().is_empty(), "{run:#?}");
}

#[test]
fn an_authority_of_the_operators_own_is_believed_beside_the_systems() {
    let (server, world) = secure(Certificate::good(), "");
    refused(&server, &ask(&world), &["the certificate of 127.0.0.1 is not accepted", "http.ca_file"]);
    let (server, world) = secure(Certificate::good(), "ca_file = \"authority.pem\"");
    asked(&server, &ask(&world));
    let (server, world) = secure(Certificate::expired(), "ca_file = [\"authority.pem\"]");
    refused(&server, &ask(&world), &["not accepted", "expired"]);
}

#[test]
fn a_file_of_authorities_that_is_none_is_named() {
    let cases =
        [("absent.pem", "cannot be read"), ("client.key", "holds no certificate"), ("usher.toml", "no certificate")];
    for (file, word) in cases {
        let (server, world) = secure(Certificate::good(), &format!("ca_file = \"{file}\""));
        let run = ask(&world).expect(3);
        refused(&server, &run, &[file, "http.ca_file", "`work`", word, "-----BEGIN CERTIFICATE-----"]);
    }
}

#[test]
fn who_is_asked_for_a_certificate_shows_it() {
    for http in
        ["client_certificate = \"client.pem\"\nclient_key = \"file:client.key\"", "client_certificate = \"both.pem\""]
    {
        let http = format!("ca_file = \"authority.pem\"\n{http}");
        let (server, world) = secure(Certificate::good().asking_for_client(), &http);
        asked(&server, &ask(&world));
    }
    let (server, world) = secure(Certificate::good().asking_for_client(), "ca_file = \"authority.pem\"");
    refused(&server, &ask(&world).expect(4), &["asks for a certificate of ours", "client_certificate"]);
}

#[test]
fn a_key_that_does_not_go_with_its_certificate_is_refused_before_anybody_is_asked() {
    let http = "ca_file = \"authority.pem\"\nclient_certificate = \"client.pem\"\nclient_key = \"file:other.key\"";
    let (server, world) = secure(Certificate::good().asking_for_client(), http);
    fs::write(world.path("other.key"), &Certificate::good().client().key).unwrap();
    refused(
        &server,
        &ask(&world).expect(3),
        &["`http.client_key` of connection `work`", "does not go with", "client.pem"],
    );
    fs::write(world.path("other.key"), "no key").unwrap();
    refused(&server, &ask(&world).expect(3), &["`http.client_key` of connection `work`", "holds no private key"]);
}

#[test]
fn a_version_of_tls_that_is_too_old_is_refused() {
    let (server, world) = secure(Certificate::good().only_tls_1_2(), "ca_file = \"authority.pem\"\nmin_tls = \"1.3\"");
    refused(&server, &ask(&world).expect(7), &["speaks no version of TLS that is new enough", "http.min_tls"]);
    let (server, world) = secure(Certificate::good().only_tls_1_2(), "ca_file = \"authority.pem\"");
    asked(&server, &ask(&world));
}

#[test]
fn verification_is_off_only_by_a_word_that_says_so_and_that_is_seen_everywhere() {
    let (server, world) = secure(Certificate::self_signed(), "verify = \"danger-no-verification\"");
    let run = ask(&world);
    asked(&server, &run);
    assert!(run.stderr.contains("warning [work]: the platform's certificate is NOT checked"), "{run:#?}");
    let run = world.run(&["connection", "list"]).expect(0);
    assert!(run.stdout.contains("certificate NOT checked"), "{run:#?}");
    assert_eq!(world.run(&["connection", "list", "--json"]).expect(0).json()[0]["unverified"], true);
    let run = world.run(&["config", "validate"]);
    assert!((run.stdout + &run.stderr).contains("`connections.work.http.verify`"));
    let check = world.run(&["connection", "check", "--json"]);
    assert!(check.json()[0]["tls"].as_str().unwrap().starts_with("NOT verified"), "{check:#?}");
    let (_, world) = secure(Certificate::good(), "verify = \"off\"");
    ask(&world).expect(3);
    let run = world.run(&["config", "validate"]).expect(3);
    assert!(format!("{run:?}").contains("danger-no-verification"), "{run:#?}");
}

#[test]
fn everything_goes_through_the_proxy_and_names_are_left_to_it() {
    let certificate = Certificate::other_host();
    let authority = certificate.authority_pem().to_owned();
    let server = FaultServer::https(certificate, Faults::none());
    let proxy = ProxyServer::leading_to(server.server().address());
    let http = format!("proxy = \"{}\"\nca_file = \"authority.pem\"", proxy.url());
    let world = world("https://tickets.example", &http);
    fs::write(world.path("authority.pem"), authority).unwrap();
    let run = ask(&world);
    asked(&server, &run);
    assert!(proxy.heads()[0].starts_with("CONNECT tickets.example:443 HTTP/1.1\r\n"), "{:?}", proxy.heads());
    assert!(!format!("{:?}", proxy.heads()).contains("s3cret-token"));
    let check = world.run(&["connection", "check", "--json"]).json();
    assert_eq!(check[0]["proxy"], proxy.address().to_string(), "{check}");
}

#[test]
fn hosts_of_no_proxy_are_asked_straight() {
    let server = FaultServer::start(Faults::none());
    let proxy = ProxyServer::start();
    let through = world(server.url(), &format!("proxy = \"{}\"", proxy.url()));
    let run = ask(&through);
    asked(&server, &run);
    assert!(proxy.heads()[0].starts_with(&format!("GET {}/", server.url())), "{:?}", proxy.heads());
    let straight = FaultServer::start(Faults::none());
    for http in ["no_proxy = [\"127.0.0.0/8\"]", "no_proxy = [\"tickets.example\", \"127.0.0.1\"]"] {
        let before = proxy.heads().len();
        let run = ask(&world(straight.url(), &format!("proxy = \"{}\"\n{http}", proxy.url())));
        asked(&straight, &run);
        assert_eq!(proxy.heads().len(), before);
    }
}

#[test]
fn the_environment_names_the_proxy_where_the_file_does_not() {
    let server = FaultServer::start(Faults::none());
    let proxy = ProxyServer::start();
    let run = |http: &str, variables: &[(&str, &str)]| {
        let before = proxy.heads().len();
        let world = world(server.url(), http);
        let mut command = world.usher();
        command.env("HTTP_PROXY", proxy.url()).envs(variables.iter().copied()).args(["get", "acme/app#1"]);
        let run = finish(command, "");
        asked(&server, &run);
        proxy.heads().len() > before
    };
    assert!(run("", &[]));
    assert!(!run("", &[("NO_PROXY", "127.0.0.1")]));
    assert!(!run("proxy = \"none\"", &[]));
}

#[test]
fn a_proxy_of_the_environment_by_its_name_may_lie_in_a_private_network() {
    let server = FaultServer::start(Faults::none());
    let proxy = ProxyServer::start();
    let world = world(server.url(), "");
    let mut command = world.usher();
    command.env("HTTP_PROXY", format!("http://localhost:{}", proxy.address().port())).args(["get", "acme/app#1"]);
    let run = finish(command, "");
    asked(&server, &run);
    assert!(!proxy.heads().is_empty());
}

#[test]
fn the_password_of_a_proxy_is_told_to_the_proxy_alone() {
    let without_password = || {
        Faults::none().when(|arrival| {
            assert_eq!(arrival.request.header("proxy-authorization"), None);
            None
        })
    };
    let certificate = Certificate::good();
    let authority = certificate.authority_pem().to_owned();
    let (plain, straight) = (FaultServer::start(without_password()), FaultServer::start(without_password()));
    let secured = FaultServer::https(certificate, without_password());
    for (server, except) in [(&plain, "none.example"), (&secured, "none.example"), (&straight, "127.0.0.1")] {
        let proxy = ProxyServer::wanting(&format!("Basic {IN_BASE64}"));
        let http = format!(
            "proxy = \"{}\"\nproxy_user = \"ada\"\nproxy_password = \"file:password\"\nca_file = \"authority.pem\"\n\
             no_proxy = [\"{except}\"]",
            proxy.url()
        );
        let world = world(server.url(), &http);
        fs::write(world.path("authority.pem"), &authority).unwrap();
        fs::write(world.path("password"), CANARY).unwrap();
        let run = world.run(&["-v", "--trace-http", "get", "acme/app#1"]);
        asked(server, &run);
        let told = proxy.heads().first().is_some_and(|head| head.contains(IN_BASE64));
        assert_eq!(told, except != "127.0.0.1", "{:?}", proxy.heads());
        let check = world.run(&["connection", "check", "--json"]);
        assert_eq!(check.json()[0]["secrets"]["proxy_password"], "file:password");
        let show = world.run(&["config", "show"]).expect(0);
        for run in [&run, &check, &show] {
            is_clean(&format!("{run:?}"));
        }
        fs::remove_file(world.path("password")).unwrap();
        is_clean(&files(&world.path(".")));
    }
}

#[test]
fn a_proxy_that_does_not_believe_us_is_told_as_that_and_hears_no_request() {
    let plain = FaultServer::start(Faults::none());
    let secured = FaultServer::https(Certificate::good(), Faults::none());
    for server in [&plain, &secured] {
        let proxy = ProxyServer::wanting("Basic nothing");
        let world = world(server.url(), &format!("proxy = \"{}\"", proxy.url()));
        refused(server, &ask(&world).expect(4), &["the proxy 127.0.0.1", "asks who we are", "proxy_password"]);
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let server = FaultServer::start(Faults::none());
    let run = ask(&world(server.url(), "proxy = \"http://127.0.0.1:9\"")).expect(7);
    refused(&server, &run, &["127.0.0.1 cannot be reached through the proxy 127.0.0.1:9"]);
}

#[track_caller]
fn is_clean(text: &str) {
    for secret in [CANARY, IN_BASE64.trim_end_matches('=')] {
        assert!(!text.contains(secret), "`{secret}` in {text}");
    }
}

/// Returns what is in all files below a folder.
fn files(folder: &std::path::Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.is_dir() {
            true => files(&path),
            false => String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned(),
        })
        .collect()
}
