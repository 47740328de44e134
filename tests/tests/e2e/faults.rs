//! A server that does one thing wrong, through the whole program: a clear sentence, the right code, and no more memory than
//! an answer may take. All of them at once are in `storm`.

use std::{collections::BTreeMap, process::Command};

use usher_tests::{
    Run, World,
    servers::{Answer, Certificate, Fault, FaultServer, Faults},
    world::finish,
};

/// What the token is: it must never be seen anywhere but at the platform itself.
const TOKEN: &str = "s3cret-token";

/// The memory that the program may address, in KiB. What does not stop would fill it.
const MEMORY: &str = "ulimit -v 3000000";

/// Returns a world whose only connection leads to that address.
fn world(url: &str) -> World {
    let world = World::new();
    world.config(&format!(
        "[connections.work]\nadapter = \"github\"\nbase_url = \"{url}\"\ndefault_project = \"acme/app\"\n\
         [connections.work.auth]\ntoken = \"{TOKEN}\"\n\
         [connections.work.http]\nconnect = \"5s\"\nread = \"5s\"\ntotal = \"20s\"\n\
         [connections.work.retry]\nmax_attempts = 2\ninitial_delay = \"1ms\"\n",
    ));
    world
}

/// Reads a ticket from that server, and returns how that ended: with that code, and all these words.
#[track_caller]
fn read(server: &FaultServer, arguments: &[&str], code: i32, words: &[&str]) -> Run {
    let arguments = [&["get", "acme/app#1"], arguments].concat();
    said(world(server.url()).run_below(MEMORY, &arguments).expect(code), words)
}

#[track_caller]
fn said(run: Run, words: &[&str]) -> Run {
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is missing in {run:#?}");
    }
    assert!(!run.stderr.contains(TOKEN) && !run.stderr.contains("panicked"), "{run:#?}");
    run
}

/// Returns how often the same was asked for, at most: a ticket and its notes are two requests.
fn most_often(server: &FaultServer) -> usize {
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    server.ledger().entries().into_iter().for_each(|entry| *asked.entry(entry.path).or_default() += 1);
    asked.into_values().max().unwrap_or_default()
}

fn always(fault: Fault) -> FaultServer {
    FaultServer::start(Faults::none().always(fault))
}

#[test]
fn a_page_in_place_of_json_is_an_answer_that_cannot_be_read() {
    read(&always(Fault::html()), &[], 7, &["the answer could not be read", "A page for people came in place of JSON"]);
}

#[test]
fn a_write_that_is_answered_by_a_page_is_in_doubt() {
    let server = always(Fault::html());
    said(world(server.url()).run(&["create", "A title"]).expect(11), &["Look at the ticket before you repeat this."]);
    assert_eq!(most_often(&server), 1, "it is not repeated");
}

#[test]
fn an_answer_that_ends_before_its_length_is_asked_for_again_and_then_an_error() {
    let server = always(Fault::CloseInBody(4));
    read(&server, &[], 7, &["127.0.0.1"]);
    assert_eq!(most_often(&server), 2);
}

#[test]
fn an_answer_longer_than_its_length_is_cut_there() {
    read(&always(Fault::LengthTooShort(3)), &[], 7, &["the answer could not be read"]);
}

#[test]
fn an_answer_that_waits_for_bytes_it_announced_ends_with_the_deadline() {
    read(&always(Fault::LengthTooLong(3)), &["--timeout", "2s"], 7, &["in time"]);
}

#[test]
fn a_gzip_bomb_is_refused_by_what_it_would_become() {
    let server = always(Fault::gzip_bomb(16 << 10));
    read(&server, &[], 7, &["127.0.0.1 answered with more than"]);
    assert_eq!(most_often(&server), 1, "it would be as large at the next time");
}

#[test]
fn a_body_without_end_is_refused() {
    let server = always(Fault::endless_body());
    read(&server, &[], 7, &["127.0.0.1 answered with more than"]);
    assert_eq!(most_often(&server), 1);
}

#[test]
fn headers_without_end_are_refused() {
    let server = always(Fault::endless_headers());
    read(&server, &[], 7, &["127.0.0.1 answered with more headers than are accepted"]);
    assert_eq!(most_often(&server), 1, "it would have as many at the next time");
}

#[test]
fn a_redirect_to_itself_is_followed_a_few_times_only() {
    let server = always(Fault::redirect_loop());
    read(&server, &[], 7, &["127.0.0.1 redirects in circles"]);
    assert_eq!(most_often(&server), 6);
}

#[test]
fn credentials_and_requests_do_not_follow_a_redirect_to_another_server() {
    let other = FaultServer::start(Faults::none());
    for status in [301, 302, 303, 307, 308] {
        let server = always(Fault::redirect(status, &format!("{}/elsewhere", other.url())));
        let run = world(server.url()).run(&["get", "acme/app#1"]);
        assert!(matches!(run.code, Some(5 | 7)), "{run:#?}");
        said(run, &[&status.to_string()]);
        assert_eq!(most_often(&server), 1);
    }
    assert!(other.ledger().is_empty(), "{:?}", other.ledger().entries());
}

#[test]
fn a_redirect_into_a_private_network_is_not_followed() {
    for place in ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[::1]/", "http://localhost/"] {
        let server = always(Fault::redirect(302, place));
        read(&server, &[], 7, &["302"]);
        assert_eq!(most_often(&server), 1);
    }
}

#[test]
fn a_page_to_sign_in_is_no_ticket() {
    let sign_in = Answer::html(200, "<!doctype html><title>Sign in</title>");
    let faults = Faults::none().when(|arrival| (arrival.request.path != "/login").then(Fault::login_page));
    let server = FaultServer::answering(sign_in, faults);
    read(&server, &[], 7, &["the answer could not be read", "A page for people came in place of JSON"]);
}

#[test]
fn a_server_that_never_answers_is_given_up_at_the_deadline() {
    for server in [
        always(Fault::silence()),
        FaultServer::start(Faults::none().when_connected(|_| Some(Fault::silence()))),
        always(Fault::Trickle(std::time::Duration::from_millis(100))),
    ] {
        read(&server, &["--timeout", "1s"], 7, &["in time"]);
    }
}

/// Runs the program with an authority that it believes.
fn read_securely(certificate: Certificate) -> (Run, FaultServer) {
    let authority = certificate.authority_pem().to_owned();
    let server = FaultServer::https(certificate, Faults::none());
    let world = world(server.url());
    std::fs::write(world.path("authority.pem"), authority).unwrap();
    let mut command: Command = world.usher();
    command.env("SSL_CERT_FILE", world.path("authority.pem")).args(["get", "acme/app#1"]);
    (finish(command, ""), server)
}

#[test]
fn a_wrong_certificate_is_named_and_nothing_is_sent() {
    let wrong = [
        (Certificate::expired(), "expired"),
        (Certificate::other_host(), "not valid for name"),
        (Certificate::self_signed(), "UnknownIssuer"),
    ];
    for (certificate, word) in wrong {
        let (run, server) = read_securely(certificate);
        said(run.expect(7), &["the certificate of 127.0.0.1 is not accepted", word]);
        assert!(server.ledger().is_empty());
    }
    // The same with a good one comes as far as the answer, which is no ticket.
    let (run, server) = read_securely(Certificate::good());
    assert!(!run.stderr.contains("certificate"), "{run:#?}");
    assert!(!server.ledger().is_empty(), "{run:#?}");
}
