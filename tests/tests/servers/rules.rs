//! Rules choose the requests that they are about.

use std::net::TcpStream;

use usher_tests::servers::{Fault, FaultServer, Faults};

use crate::client::{Answer, Ask};

fn statuses(server: &FaultServer, asks: &[Ask]) -> Vec<u16> {
    let answer = |ask: &Ask| {
        let stream = TcpStream::connect(server.server().address()).expect("the server listens");
        Answer::parse(&ask.exchange(stream).expect("the server answers")).status
    };
    asks.iter().map(answer).collect()
}

#[test]
fn first_requests_fail_and_later_ones_do_not() {
    let server = FaultServer::start(Faults::none().first(2, Fault::status(503)));
    assert_eq!(statuses(&server, &vec![Ask::get("/"); 4]), [503, 503, 200, 200]);
}

#[test]
fn rule_can_be_about_a_method_and_the_end_of_a_path() {
    let server = FaultServer::start(Faults::none().first_of(1, "POST", "/comments", Fault::status(502)));
    let asks = ["/issues/1/comments", "/issues", "/issues/1/comments"].map(|path| Ask::new("POST", path));
    let asks: Vec<_> = [Ask::get("/issues/1/comments")].into_iter().chain(asks).collect();
    assert_eq!(statuses(&server, &asks), [200, 502, 200, 200]);
}

#[test]
fn rule_can_count_the_requests_of_each_path() {
    let faults = Faults::none().when(|arrival| (arrival.nth == 1).then(|| Fault::status(500)));
    let server = FaultServer::start(faults);
    let asks = ["/a", "/b", "/a", "/b", "/a"].map(Ask::get);
    assert_eq!(statuses(&server, &asks), [200, 200, 500, 500, 200]);
}

#[test]
fn chance_is_the_same_for_the_same_seed() {
    let run = |seed| {
        let faults = vec![Fault::status(500), Fault::status(503)];
        let server = FaultServer::start(Faults::none().random(seed, 0.5, faults));
        statuses(&server, &vec![Ask::get("/"); 32])
    };
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
    for status in [200, 500, 503] {
        assert!(first.contains(&status), "{first:?}");
    }
}

#[test]
fn fault_for_the_next_request_comes_before_every_rule() {
    let server = FaultServer::start(Faults::none().always(Fault::status(500)));
    server.server().faults().next(Fault::status(410));
    server.server().faults().next(Fault::status(429));
    assert_eq!(statuses(&server, &vec![Ask::get("/"); 3]), [410, 429, 500]);
}

#[test]
#[should_panic(expected = "the test server panicked")]
fn rule_that_makes_no_sense_fails_the_test() {
    let server = FaultServer::start(Faults::none().when_connected(|_| Some(Fault::status(500))));
    let stream = TcpStream::connect(server.server().address()).expect("the server listens");
    // Whether the connection is reset or closed: the server is no more.
    let _ = Ask::get("/").exchange(stream);
}
