//! The network at the end of the stack: one reqwest client per connection and kind of address, made when it is needed.

mod answer;
mod resolver;
mod tls;

use std::{error::Error as _, sync::OnceLock, time::Duration};

use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Body, Call, Exchange, Failure, Reach, Request, Response, body::Upload};
use crate::{config, transport::Files};
use resolver::Resolver;

/// What names us to a platform.
const USER_AGENT: &str = concat!("usher/", env!("CARGO_PKG_VERSION"));

/// Sends requests over the network.
pub(crate) struct Client {
    settings: config::Http,
    reach: Reach,
    files: std::sync::Arc<Files>,
    /// For http: TLS and the system's certificates cost time that nobody needs there.
    plain: OnceLock<Result<reqwest::Client>>,
    secure: OnceLock<Result<reqwest::Client>>,
}

impl Client {
    /// Returns a client that has opened nothing yet.
    pub(crate) fn new(settings: config::Http, reach: Reach, files: std::sync::Arc<Files>) -> Self {
        Self { settings, reach, files, plain: OnceLock::new(), secure: OnceLock::new() }
    }

    fn client(&self, is_secure: bool) -> Result<&reqwest::Client> {
        let cell = if is_secure { &self.secure } else { &self.plain };
        cell.get_or_init(|| self.build(is_secure)).as_ref().map_err(Error::clone)
    }

    fn build(&self, is_secure: bool) -> Result<reqwest::Client> {
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(self.settings.connect)
            .read_timeout(self.settings.read)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(Duration::from_secs(50))
            .http1_max_headers(answer::MOST_HEADERS)
            .http2_max_header_list_size(answer::HEADER_BYTES)
            .dns_resolver(Resolver::new(self.reach.clone()));
        let builder = tls::configure(builder, &self.settings, is_secure)?;
        builder.build().map_err(|error| {
            Error::new(ErrorKind::Configuration, format!("no HTTP client could be made: {}", reasons(&error)))
        })
    }
}

impl Exchange for Client {
    async fn send(&self, request: Request, _call: &Call) -> Result<Response, Failure> {
        let client = self.client(request.url.scheme() == "https").map_err(Failure::refused)?;
        let mut outgoing = client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        outgoing = match &request.body {
            Body::Bytes(bytes) if bytes.is_empty() => outgoing,
            Body::Bytes(bytes) => outgoing.body(bytes.clone()),
            Body::File(upload) => outgoing.body(stream(upload)),
            Body::Form { parts, upload } => outgoing.multipart(form(parts, upload)?),
        };
        let response = outgoing.send().await.map_err(|error| failure(&request, &error))?;
        answer::receive(response, &request, &self.files).await
    }
}

fn stream(upload: &Upload) -> reqwest::Body {
    reqwest::Body::wrap_stream(upload.clone().into_stream())
}

/// Returns the form that the parts make; files are read while it is sent.
fn form(parts: &[usher_adapter_sdk::host::FormPart], upload: &Upload) -> Result<reqwest::multipart::Form, Failure> {
    use reqwest::multipart::{Form, Part};
    let mut form = Form::new();
    for part in parts {
        let mut made = match (part.from_source, &part.value) {
            (Some(handle), _) => Part::stream(stream(&upload.with_handle(handle))),
            (None, value) => Part::text(value.clone().unwrap_or_default()),
        };
        if let Some(name) = &part.file_name {
            made = made.file_name(name.clone());
        }
        if let Some(media_type) = &part.media_type {
            made = made
                .mime_str(media_type)
                .map_err(|_| Failure::refused(Error::validation(format!("`{media_type}` is not a media type"))))?;
        }
        form = form.part(part.name.clone(), made);
    }
    Ok(form)
}

/// Returns why a request has no answer. The address is left out: its query may hold anything.
fn failure(request: &Request, error: &reqwest::Error) -> Failure {
    let host = request.url.host_str().unwrap_or_default();
    let reasons = reasons(error);
    if error.is_builder() || error.is_request() && resolver::was_refused(error) {
        return Failure::refused(Error::new(ErrorKind::Configuration, format!("{host} cannot be asked: {reasons}")));
    }
    if tls::is_certificate_refused(error) {
        let message = format!("the certificate of {host} is not accepted: {reasons}");
        return Failure::refused(Error::new(ErrorKind::Network, message).with_retryable(false).with_hint(
            "The system's authorities must vouch for it, for this host and now: look at the clock, at `base_url`, and at who \
             is in between.",
        ));
    }
    if error.is_connect() {
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Network };
        let error = Error::new(kind, format!("{host} cannot be reached: {reasons}"));
        return Failure::unsent(error.with_hint("Look at the address, the network and the proxy."));
    }
    let (kind, what) = match error.is_timeout() {
        true => (ErrorKind::Timeout, "did not answer in time"),
        false => (ErrorKind::Network, "ended the connection before it had answered"),
    };
    Failure::ambiguous(Error::new(kind, format!("{host} {what}: {reasons}")))
}

/// Returns the reasons of an error, the outer one (which names the whole address) left out.
fn reasons(error: &reqwest::Error) -> String {
    let mut reasons = Vec::new();
    let mut cause = error.source();
    while let Some(reason) = cause {
        let text = reason.to_string();
        // Each wrapper repeats what is below it.
        if reasons.last() != Some(&text) {
            reasons.push(text);
        }
        cause = reason.source();
    }
    match reasons.last() {
        Some(last) => last.clone(),
        None => "no reason is known".to_owned(),
    }
}
