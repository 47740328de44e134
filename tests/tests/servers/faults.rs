//! Every fault is what its name says, seen by a client that sees bytes.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::TcpStream,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use flate2::read::GzDecoder;
use usher_tests::servers::{
    Answer as Prepared, Fault, FaultServer, Faults,
    script::{Script, Step},
};

use crate::client::{Answer, Ask};

/// Asks a server that has this fault for every request.
fn met(fault: Fault) -> (FaultServer, std::io::Result<Vec<u8>>) {
    let server = FaultServer::start(Faults::none().always(fault));
    let bytes = Ask::get("/thing?a=1").exchange(connected(&server));
    (server, bytes)
}

fn answer(fault: Fault) -> Answer {
    Answer::parse(&met(fault).1.expect("the server answers"))
}

fn connected(server: &FaultServer) -> TcpStream {
    let stream = TcpStream::connect(server.server().address()).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
    stream
}

/// Sends a request and returns the connection, to read from it what comes.
fn asked(server: &FaultServer) -> TcpStream {
    let mut stream = connected(server);
    stream.write_all(Ask::get("/thing").wire("keep-alive").as_bytes()).expect("the server reads");
    stream
}

/// Waits until something is so, for as long as a slow machine may need.
#[track_caller]
fn eventually(so: impl Fn() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < Duration::from_secs(20), "it never came to that");
        thread::yield_now();
    }
}

#[test]
fn server_without_faults_answers() {
    let server = FaultServer::start(Faults::none());
    let answer = Answer::parse(&Ask::get("/").exchange(connected(&server)).expect("the server answers"));
    assert_eq!((answer.status, answer.text().as_str()), (200, "{\"ok\":true}"));
}

#[test]
fn reset_unread_resets_before_the_request_is_read() {
    let server = FaultServer::start(Faults::none().when_connected(|_| Some(Fault::ResetUnread)));
    let error = Ask::get("/").exchange(connected(&server)).expect_err("the connection is reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(server.ledger().is_empty());
}

#[test]
fn reset_before_work_resets_and_does_nothing() {
    let (server, result) = met(Fault::ResetBeforeWork);
    assert_eq!(result.expect_err("the connection is reset").kind(), ErrorKind::ConnectionReset);
    assert_eq!((server.ledger().len(), server.work_done()), (1, 0));
}

#[test]
fn reset_after_work_resets_without_a_byte_although_the_work_is_done() {
    let (server, result) = met(Fault::ResetAfterWork);
    assert_eq!(result.expect_err("the connection is reset").kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.work_done(), 1);
}

#[test]
fn cut_after_work_resets_in_the_middle_of_the_body() {
    let (server, result) = met(Fault::CutAfterWork(4));
    // A reset may overtake the bytes that were sent before it.
    assert_eq!(result.expect_err("the connection is reset").kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.work_done(), 1);
}

#[test]
fn close_in_body_ends_before_the_announced_length() {
    let answer = answer(Fault::CloseInBody(4));
    assert_eq!((answer.header("content-length"), answer.text().as_str()), (Some("11"), "{\"ok"));
}

#[test]
fn close_after_answer_ends_a_connection_that_seemed_to_stay() {
    let server = FaultServer::start(Faults::none().always(Fault::CloseAfterAnswer));
    let mut bytes = Vec::new();
    asked(&server).read_to_end(&mut bytes).expect("the connection is closed");
    let answer = Answer::parse(&bytes);
    assert_eq!((answer.text().as_str(), answer.header("connection")), ("{\"ok\":true}", None));
}

#[test]
fn late_answer_comes_after_the_work_was_done() {
    let server = FaultServer::start(Faults::none().always(Fault::Late(Duration::from_millis(300))));
    let start = Instant::now();
    let mut stream = asked(&server);
    eventually(|| server.work_done() == 1);
    assert_eq!(server.ledger().entries()[0].status, None);
    stream.read_exact(&mut [0]).expect("the answer comes");
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn status_comes_in_place_of_the_answer() {
    for status in [410, 429, 500, 503] {
        let (server, result) = met(Fault::status(status));
        let answer = Answer::parse(&result.expect("the server answers"));
        assert_eq!((answer.status, answer.header("retry-after"), server.work_done()), (status, None, 0));
    }
}

#[test]
fn retry_after_says_what_the_test_says() {
    for when in
        ["0", "3", "Wed, 21 Oct 2065 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999", "soon"]
    {
        assert_eq!(answer(Fault::retry_after(503, when)).header("retry-after"), Some(when));
    }
}

#[test]
fn redirect_leads_where_the_test_says() {
    for place in ["http://127.0.0.1:9/", "https://other.example/thing", "/elsewhere"] {
        let answer = answer(Fault::redirect(302, place));
        assert_eq!((answer.status, answer.header("location")), (302, Some(place)));
    }
    assert_eq!(answer(Fault::redirect_loop()).header("location"), Some("?again=1"));
}

#[test]
fn pages_for_people_come_where_json_was_asked_for() {
    let page = answer(Fault::html());
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let login = answer(Fault::login_page());
    assert_eq!((login.status, login.header("location")), (302, Some("/login")));
    assert!(login.text().starts_with("<!doctype html>"));
}

#[test]
fn too_short_a_length_leaves_bytes_behind() {
    let server = FaultServer::start(Faults::none().always(Fault::LengthTooShort(3)));
    let mut stream = asked(&server);
    let answer = Answer::parse(&read_until(&mut stream, b"true}"));
    assert_eq!((answer.header("content-length"), answer.body.len()), (Some("8"), 11));
}

#[test]
fn too_long_a_length_lets_the_client_wait() {
    let server = FaultServer::start(Faults::none().always(Fault::LengthTooLong(3)));
    let mut stream = asked(&server);
    let answer = Answer::parse(&read_until(&mut stream, b"true}"));
    assert_eq!((answer.header("content-length"), answer.body.len()), (Some("14"), 11));
    assert_silent(stream);
}

#[test]
fn silence_reads_and_never_answers() {
    let server = FaultServer::start(Faults::none().always(Fault::silence()));
    let stream = asked(&server);
    eventually(|| server.ledger().len() == 1);
    assert_silent(stream);
    assert_eq!(server.work_done(), 0);
}

#[test]
fn server_can_accept_and_never_read() {
    let server = FaultServer::start(Faults::none().when_connected(|_| Some(Fault::silence())));
    assert_silent(asked(&server));
    assert!(server.ledger().is_empty());
}

#[test]
fn trickle_sends_byte_by_byte() {
    let server = FaultServer::start(Faults::none().always(Fault::Trickle(Duration::from_millis(5))));
    let mut stream = asked(&server);
    let start = Instant::now();
    read_until(&mut stream, b"HTTP/1.1 200 OK\r\n");
    assert!(start.elapsed() >= Duration::from_millis(5 * 17));
}

#[test]
fn gzip_bomb_is_small_on_the_wire_and_large_behind_it() {
    const MEBIBYTES: usize = 64;
    let bytes = met(Fault::gzip_bomb(MEBIBYTES as u64)).1.expect("the server answers");
    assert!(bytes.len() < MEBIBYTES << 11, "{} bytes", bytes.len());
    let answer = Answer::parse(&bytes);
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let (mut decoder, mut block, mut size) = (GzDecoder::new(&*answer.body), vec![0; 1 << 20], 0);
    // The checksum is missing, so the stream ends with an error, after everything was there.
    while let Ok(read @ 1..) = decoder.read(&mut block) {
        size += read;
    }
    assert_eq!(size, MEBIBYTES << 20);
}

#[test]
fn endless_headers_and_an_endless_body_go_on_until_the_client_leaves() {
    for (fault, sign) in [(Fault::endless_headers(), "\r\n\r\n"), (Fault::endless_body(), "]")] {
        let server = FaultServer::start(Faults::none().always(fault));
        let mut bytes = vec![0; 4 << 20];
        asked(&server).read_exact(&mut bytes).expect("there is no end");
        let text = String::from_utf8(bytes).expect("it is text");
        let (_, rest) = text.split_once("\r\n\r\n[").unwrap_or(("", &text));
        assert!(!rest.contains(sign));
    }
}

#[test]
fn client_that_leaves_is_no_fault_of_the_server() {
    let server = FaultServer::start(Faults::none().first(1, Fault::endless_body()));
    let stream = asked(&server);
    eventually(|| server.ledger().len() == 1);
    drop(stream);
    Ask::get("/").exchange(connected(&server)).expect("the server still answers");
}

#[test]
fn script_sends_what_no_http_server_would() {
    let steps = vec![
        Step::Send("HTTP/1.1 200".into()),
        Step::Wait(Duration::from_millis(1)),
        Step::Send(" FINE\r\n\r\nno".into()),
    ];
    let answer = answer(Fault::Script(Script(steps)));
    assert_eq!((answer.status, answer.text().as_str()), (200, "no"));
}

#[test]
fn answer_can_be_replaced_while_the_server_runs() {
    let server = FaultServer::start(Faults::none());
    server.answer(Prepared::json(202, "[]"));
    let answer = Answer::parse(&Ask::get("/").exchange(connected(&server)).expect("the server answers"));
    assert_eq!((answer.status, answer.text().as_str()), (202, "[]"));
}

fn read_until(stream: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(end) {
        stream.read_exact(&mut byte).expect("more comes");
        bytes.push(byte[0]);
    }
    bytes
}

/// Checks that nothing comes, by asking the other side to close: only what was sent before can still arrive.
#[track_caller]
fn assert_silent(mut stream: TcpStream) {
    let (done, ended) = mpsc::channel();
    let mut other = stream.try_clone().expect("a socket can be shared");
    let reader = thread::spawn(move || {
        let mut rest = Vec::new();
        let result = other.read_to_end(&mut rest);
        done.send((result.is_ok(), rest)).expect("somebody waits");
    });
    stream.flush().expect("nothing is buffered");
    stream.shutdown(std::net::Shutdown::Write).expect("the connection is open");
    let (_, rest) = ended.recv_timeout(Duration::from_secs(20)).expect("the server closes when the client does");
    reader.join().expect("the reader ends");
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
}
