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
        Some(acceptor) => match acceptor.accept(socket).await {
            Ok(stream) => Box::new(stream),
            Err(_) => return, // The client did not like the certificate: that is what such a test is about.
        },
    };
    speak(shared, number, stream).await;
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
