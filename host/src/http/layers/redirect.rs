//! Redirects are followed by us, hop by hop, so that each is checked like a request of its own.

use http::{Method, StatusCode, header::LOCATION};
use usher_adapter_sdk::{Error, ErrorKind};

use super::AllowList;
use crate::http::{Again, Body, Call, Exchange, Failure, Request, Response, Seen};

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
        // Once the answer to what was sent stands elsewhere, it was sent: no failure on the way there says that it was not.
        let mut was_taken = false;
        let seen = |failure: Failure, was_taken| match was_taken {
            true => Failure { seen: Seen::Maybe, again: Again::Never, ..failure },
            false => failure,
        };
        for _ in 0..=MOST {
            let response = self.next.send(request.clone(), call).await.map_err(|failure| seen(failure, was_taken))?;
            let Some(onward) = onward(&request, &response) else { return Ok(response) };
            // Where it may not go, such as a sign-in page, tells the adapter something.
            if self.next.check(&onward.url).is_err() || !onward.body.is_repeatable() {
                return Ok(response);
            }
            was_taken |= onward.method != request.method;
            request = onward;
        }
        let host = request.url.host_str().unwrap_or_default();
        let message = format!("{host} redirects in circles: more than {MOST} times for one request");
        Err(seen(Failure::refused(Error::new(ErrorKind::Platform, message)), was_taken))
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

#[cfg(test)]
mod tests {
    use http::Method;
    use url::Url;

    use super::*;
    use crate::http::{
        Reach,
        testing::{FakeNetwork, answer, call, get, post},
    };

    async fn sent(
        request: Request,
        answers: Vec<Result<Response, Failure>>,
    ) -> (Result<Response, Failure>, Vec<Method>) {
        let network = FakeNetwork::new(answers);
        let reach = Reach::new(vec![Url::parse("https://tickets.example/").unwrap()], Vec::new());
        let outcome = Redirect::new(AllowList::new(reach, network.clone())).send(request, &call()).await;
        (outcome, network.requests().into_iter().map(|request| request.method).collect())
    }

    fn unsent() -> Result<Response, Failure> {
        Err(Failure::unsent(Error::new(ErrorKind::Network, "no connection")))
    }

    #[tokio::test]
    async fn once_a_write_was_taken_no_failure_on_the_way_to_its_answer_says_that_it_was_not() {
        let url = "https://tickets.example/";
        let see_other = || Ok(answer(303, &[("location", "/done")], ""));
        let elsewhere = || Ok(answer(307, &[("location", "/there")], ""));
        let (outcome, methods) = sent(post(url, "{}"), vec![see_other(), unsent()]).await;
        let failure = outcome.unwrap_err();
        assert_eq!((failure.seen, failure.again), (Seen::Maybe, Again::Never));
        assert_eq!(methods, [Method::POST, Method::GET]);
        let (outcome, methods) = sent(post(url, "{}"), vec![see_other()]).await;
        assert_eq!((outcome.unwrap_err().seen, methods.len()), (Seen::Maybe, MOST + 1), "in circles");
        // One that was only shown the way was not taken.
        let (outcome, methods) = sent(post(url, "{}"), vec![elsewhere(), unsent()]).await;
        assert_eq!((outcome.unwrap_err().seen, methods), (Seen::No, vec![Method::POST, Method::POST]));
        let (outcome, _) = sent(get(url), vec![see_other(), unsent()]).await;
        assert_eq!(outcome.unwrap_err().seen, Seen::No);
    }
}
