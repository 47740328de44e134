//! Reading an answer: no more than was asked for, and complete or not at all.

use bytes::{Bytes, BytesMut};
use usher_adapter_sdk::{Error, ErrorKind};

use super::failure::{Peer, failure};
use crate::{
    http::{Again, Failure, Request, Response},
    transport::{Files, REPLY_CAP},
};

/// The greatest answer that is kept in memory, whatever an adapter asks for: what it may pass on, with room for its header.
pub(crate) const MOST_IN_MEMORY: u64 = REPLY_CAP as u64 - (1 << 20);

/// How many headers an answer may have.
pub(super) const MOST_HEADERS: usize = 200;

/// How long they may be together, in bytes.
pub(super) const HEADER_BYTES: u32 = 64 << 10;

/// Reads the rest of an answer: into memory, or into the file that the request names.
pub(super) async fn receive(
    mut response: reqwest::Response,
    request: &Request,
    peer: &Peer<'_>,
    files: &std::sync::Arc<Files>,
) -> Result<Response, Failure> {
    let (status, url) = (response.status(), response.url().clone());
    let headers = std::mem::take(response.headers_mut());
    // What is not a success is a message, and is read like one.
    let sink = request.sink.filter(|_| status.is_success());
    let cap = if sink.is_some() { request.body_cap } else { request.body_cap.min(MOST_IN_MEMORY) };
    let mut body = BytesMut::new();
    let mut received: u64 = 0;
    loop {
        let part = match response.chunk().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            // A file of which half is there cannot be begun anew.
            Err(error) if sink.is_some() && received > 0 => {
                return Err(Failure { again: Again::Never, ..failure(peer, &error) });
            }
            Err(error) => return Err(failure(peer, &error)),
        };
        received += part.len() as u64;
        request.trail.received(part.len() as u64);
        if received > cap {
            return Err(too_large(request, cap));
        }
        match sink {
            None => body.extend_from_slice(&part),
            Some(sink) => write(files, sink, part).await?,
        }
    }
    Ok(Response { status, url, headers, body: body.freeze(), from_cache: false })
}

async fn write(files: &std::sync::Arc<Files>, sink: u64, part: Bytes) -> Result<(), Failure> {
    let files = files.clone();
    let written = tokio::task::spawn_blocking(move || files.write(sink, &part)).await;
    let written = written.unwrap_or_else(|error| Err(Error::validation(format!("the file was not written: {error}"))));
    // Half of it is there: it cannot be begun anew.
    written.map_err(Failure::refused)
}

/// An answer that would not end; of a write it is known only that it was answered.
fn too_large(request: &Request, cap: u64) -> Failure {
    let host = request.url.host_str().unwrap_or_default();
    let message = format!("{host} answered with more than {cap} bytes");
    let failure = Failure::ambiguous(Error::new(ErrorKind::Platform, message).with_retryable(false));
    Failure { again: Again::Never, ..failure }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::http::testing::get;

    /// Receives an answer of that status and length for a request that writes into a file.
    async fn received(status: u16, length: u64) -> (Result<Response, Failure>, u64) {
        let files = Arc::new(Files::default());
        let sink = files.open_sink(std::io::sink());
        let request = Request { sink: Some(sink), body_cap: u64::MAX, ..get("https://tickets.example/file") };
        let body = vec![b'x'; usize::try_from(length).unwrap()];
        let response = http::Response::builder().status(status).body(body).unwrap();
        let peer = Peer { host: "tickets.example", proxy: None };
        let outcome = receive(reqwest::Response::from(response), &request, &peer, &files).await;
        (outcome, files.close(sink))
    }

    #[tokio::test]
    async fn a_file_may_be_of_any_length_and_a_message_in_its_place_may_not() {
        let length = MOST_IN_MEMORY + 1;
        let (response, written) = received(200, length).await;
        assert!(response.unwrap().body.is_empty());
        assert_eq!(written, length);
        let (response, written) = received(404, length).await;
        assert!(response.unwrap_err().error.message().contains("answered with more than"));
        assert_eq!(written, 0);
        let (response, _) = received(404, 3).await;
        assert_eq!(response.unwrap().body, "xxx");
    }
}
