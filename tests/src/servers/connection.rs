//! One connection: hyper speaks HTTP on it, until a fault takes it over.

use std::{future::pending, sync::Arc};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::mpsc,
};
use tokio_rustls::server::TlsStream;

use super::{
    Answer, Fault, Request,
    fault::Course,
    rule::Arrival,
    script::{self, Script},
    server::{Outcome, Shared},
};

/// A connection's bytes, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {
    /// Returns the socket below.
    fn tcp(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Stream for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// Serves a connection to its end.
pub(super) async fn serve(shared: Arc<Shared>, number: u64, socket: TcpStream) {
    // Answers are small and written whole; waiting for more to send would only slow them down.
    let _ = socket.set_nodelay(true);
    match shared.faults.at_connection(number) {
        Some(Fault::ResetUnread) => return reset_unread(socket).await,
        Some(Fault::Script(script)) => return script.play(Box::new(socket)).await,
        Some(other) => panic!("{other:?} needs a request: give it to a rule about requests"),
        None => {}
    }
    let stream: Box<dyn Stream> = match &shared.tls {
        None => Box::new(socket),
        Some(acceptor) => match acceptor.accept(socket).into_fallible().await {
            Ok(stream) => Box::new(stream),
            // One of the two did not like the other's certificate: that is what such a test is about. The rest of what the
            // client has sent is read, or a reset would overtake the alert that says so.
            Err((_, socket)) => return until_gone(socket).await,
        },
    };
    speak(shared, number, stream).await;
}

/// Reads and forgets until the client has gone.
async fn until_gone(mut socket: TcpStream) {
    // Whichever way the client goes, it has gone.
    let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
}

/// Waits for the first byte, so that the client is in the middle of its request, and resets.
async fn reset_unread(socket: TcpStream) {
    // Whether a byte came or the client has gone: the connection ends now.
    let _ = socket.readable().await;
    let _ = script::reset(&socket);
}

async fn speak(shared: Arc<Shared>, number: u64, stream: Box<dyn Stream>) {
    let (take_over, mut scripts) = mpsc::channel(1);
    let service = service_fn(|request| exchange(&shared, number, &take_over, request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let script = tokio::select! {
        // A client that goes away in the middle of a request is a client's right.
        _ = &mut connection => return,
        script = scripts.recv() => script,
    };
    let stream = connection.into_parts().io.into_inner();
    script.unwrap_or_default().play(stream).await;
}

async fn exchange(
    shared: &Shared,
    connection: u64,
    take_over: &mpsc::Sender<Script>,
    request: hyper::Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let request = Request::read(request).await?;
    let (number, nth) = shared.ledger.arrived(connection, &request);
    let _present = shared.ledger.enter();
    let delay = shared.delay();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let work = || work(shared, number, &request);
    let course = match shared.faults.at_request(&Arrival { number, nth, request: &request }) {
        None => Course::Answer(work()),
        Some(fault) => {
            shared.ledger.met(number, fault.name());
            fault.course(work)
        }
    };
    let answer = match course {
        Course::Answer(answer) => answer,
        Course::Late(time, answer) => {
            tokio::time::sleep(time).await;
            answer
        }
        Course::Play(script) => {
            // The other end of the channel lives as long as this future does.
            let _ = take_over.send(script).await;
            return pending().await;
        }
    };
    shared.ledger.answered(number, answer.status.as_u16());
    Ok(answer.into_response())
}

/// Does what the request asks for, and writes down that it was done before anybody hears of it.
fn work(shared: &Shared, number: usize, request: &Request) -> Answer {
    let Outcome { answer, committed } = shared.handler.answer(request);
    shared.ledger.done(number, committed);
    answer
}
