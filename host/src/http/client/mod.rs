//! The network at the end of the stack: reqwest clients per connection and kind of address, made when they are needed.

mod answer;
mod failure;
mod proxy;
mod resolver;
mod tls;

use std::{sync::Arc, time::Duration};

use http::StatusCode;
use tokio::sync::OnceCell;
use url::Url;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Body, Call, Exchange, Failure, Reach, Request, Response, body::Upload};
use crate::{
    config,
    transport::{Deadline, Files, Logger},
};
use failure::{Peer, failure, reasons};
use proxy::Proxy;
pub(crate) use proxy::before;
use resolver::Resolver;
use tls::Trusted;
pub(crate) use tls::certificate_digest;

/// What names us to a platform.
const USER_AGENT: &str = concat!("usher/", env!("CARGO_PKG_VERSION"));

/// What a connection's clients are made of.
pub(crate) struct Parts {
    /// The connection's name, for what is said of its settings.
    pub(crate) connection: String,
    /// Time allowed for a request.
    pub(crate) http: config::Http,
    /// Certificates and proxy.
    pub(crate) network: config::Network,
    /// Where requests may go.
    pub(crate) reach: Reach,
    /// The files that adapters fill.
    pub(crate) files: Arc<Files>,
    /// Who hears of secrets that others can read.
    pub(crate) logger: Arc<dyn Logger>,
}

/// Sends requests over the network.
pub(crate) struct Client {
    parts: Parts,
    proxy: OnceCell<Arc<Proxy>>,
    /// One for each kind of address.
    clients: [OnceCell<reqwest::Client>; 3],
}

/// The kinds of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// By http: TLS and the system's certificates cost time that nobody needs there.
    Plain,
    /// By https, to the operator's own addresses.
    Own,
    /// By https, to other hosts: they are not shown a certificate of ours, and always have to prove who they are.
    Granted,
}

impl Client {
    /// Returns a client that has opened nothing yet.
    pub(crate) fn new(parts: Parts) -> Self {
        Self { parts, proxy: OnceCell::new(), clients: Default::default() }
    }

    fn kind(&self, url: &Url) -> Kind {
        match url.scheme() {
            "https" if tls::is_for_own_alone(&self.parts.network.tls) && !self.parts.reach.is_own(url) => Kind::Granted,
            "https" => Kind::Own,
            _ => Kind::Plain,
        }
    }

    /// Returns the proxy, whose password is read first.
    async fn proxy(&self, deadline: Deadline) -> Result<&Arc<Proxy>> {
        let Parts { network, connection, logger, .. } = &self.parts;
        self.proxy
            .get_or_try_init(async || Proxy::of(&network.proxy, connection, &**logger, deadline).await.map(Arc::new))
            .await
    }

    async fn client(&self, kind: Kind, proxy: &Arc<Proxy>, deadline: Deadline) -> Result<&reqwest::Client> {
        self.clients[kind as usize].get_or_try_init(|| self.build(kind, proxy, deadline)).await
    }

    async fn build(&self, kind: Kind, proxy: &Arc<Proxy>, deadline: Deadline) -> Result<reqwest::Client> {
        let Parts { connection, http, network, reach, logger, .. } = &self.parts;
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(http.connect)
            .read_timeout(http.read)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .tcp_nodelay(true)
            .pool_idle_timeout(Duration::from_secs(50))
            .http1_max_headers(answer::MOST_HEADERS)
            .http2_max_header_list_size(answer::HEADER_BYTES)
            .dns_resolver(Resolver::new(reach.clone(), proxy.clone()));
        let builder = proxy.configure(builder)?;
        tls::use_ring();
        let builder = match kind {
            // The system's certificates are read while a client is made: one that encrypts nothing goes without.
            Kind::Plain if !proxy.is_secure() => builder.tls_certs_only([]),
            Kind::Plain => Trusted::read(&network.tls, connection).await?.believe(builder),
            Kind::Own => {
                let builder = Trusted::read(&network.tls, connection).await?.believe(builder).https_only(true);
                tls::prove(tls::doubt(builder, &network.tls), &network.tls, connection, &**logger, deadline).await?
            }
            Kind::Granted => Trusted::read(&network.tls, connection).await?.believe(builder).https_only(true),
        };
        builder.build().map_err(|error| {
            Error::new(ErrorKind::Configuration, format!("no HTTP client could be made: {}", reasons(&error)))
        })
    }
}

impl Exchange for Client {
    async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let proxy = self.proxy(call.deadline).await.map_err(Failure::refused)?;
        let client = self.client(self.kind(&request.url), proxy, call.deadline).await.map_err(Failure::refused)?;
        let peer = Peer { host: request.url.host_str().unwrap_or_default(), proxy: proxy.before(&request.url) };
        let mut outgoing = client.request(request.method.clone(), request.url.clone()).headers(request.headers.clone());
        outgoing = match &request.body {
            Body::Bytes(bytes) if bytes.is_empty() => outgoing,
            Body::Bytes(bytes) => outgoing.body(bytes.clone()),
            Body::File(upload) => outgoing.body(stream(upload)),
            Body::Form { parts, upload } => outgoing.multipart(form(parts, upload)?),
        };
        let response = outgoing.send().await.map_err(|error| failure(&peer, &error))?;
        // Only a proxy may say this, and by https it says it before there is a request.
        if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED && peer.proxy.is_some() {
            return Err(failure::proxy_wants_credentials(&peer));
        }
        answer::receive(response, &request, &peer, &self.parts.files).await
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
