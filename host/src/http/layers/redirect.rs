//! Redirects are followed by us, hop by hop, so that each is checked like a request of its own.

use http::{Method, StatusCode, header::LOCATION};
use usher_adapter_sdk::{Error, ErrorKind};

use super::AllowList;
use crate::http::{Body, Call, Exchange, Failure, Request, Response};

/// How many redirects are followed for one request.
const MOST: usize = 5;

/// Follows redirects to where the connection may go; others are the adapter's to read.
pub(crate) struct Redirect<N> {
    next: AllowList<N>,
}

impl<N> Redirect<N> {
    /// Returns the layer around the allow-list.
    pub(crate) fn new(next: AllowList<N>) -> Self {
        Self { next }
    }
}

impl<N: Exchange> Exchange for Redirect<N> {
    async fn send(&self, mut request: Request, call: &Call) -> Result<Response, Failure> {
        for _ in 0..=MOST {
            let response = self.next.send(request.clone(), call).await?;
            let Some(onward) = onward(&request, &response) else { return Ok(response) };
            // Where it may not go, such as a sign-in page, tells the adapter something.
            if self.next.check(&onward.url).is_err() || !onward.body.is_repeatable() {
                return Ok(response);
            }
            request = onward;
        }
        let host = request.url.host_str().unwrap_or_default();
        Err(Failure::refused(Error::new(
            ErrorKind::Platform,
            format!("{host} redirects in circles: more than {MOST} times for one request"),
        )))
    }
}

/// Returns the request that a redirect asks for, if it is one that may be followed.
fn onward(request: &Request, response: &Response) -> Option<Request> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let method = match response.status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => request.method.clone(),
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER if reads => request.method.clone(),
        // The answer to something that was sent stands elsewhere.
        StatusCode::SEE_OTHER => Method::GET,
        // Whether a POST that moved becomes a GET, nobody agrees on.
        _ => return None,
    };
    let location = response.header(&LOCATION)?;
    let mut url = response.url.join(location).ok()?;
    if request.url.scheme() == "https" && url.scheme() != "https" {
        return None;
    }
    if url.fragment().is_none() {
        url.set_fragment(request.url.fragment());
    }
    let body = if method == request.method { request.body.clone() } else { Body::Bytes(bytes::Bytes::new()) };
    // Credentials are not among its headers: they are added last, for each host anew.
    Some(Request { method, url, body, ..request.clone() })
}
