//! One connection's HTTP: an adapter's request becomes ours, passes the layers, and its answer goes back.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;
use usher_adapter_manifest::HostGrant;
use usher_adapter_sdk::{
    Error, Result,
    host::{self, Effect, RequestHead, ResponseHead},
};

use super::{
    Body, Call, Credentials, Exchange, Failure, Reach, Request, Response, Settings, Trail,
    body::Upload,
    client::{self, Client},
    layers::Observed,
    limits::{Ledgers, Limits, Place, SystemClock, Waiting, Waits},
    secrets::WARNING,
    stack::{Parts, stack},
};
use crate::{
    config::Verify,
    route::Target,
    service::Progress,
    transport::{Files, Logger},
};

/// What is said, each time that a connection is opened, where nobody has to prove anything.
const UNVERIFIED: &str = "the platform's certificate is NOT checked (`http.verify`): whoever is in between can read and \
     change everything, credentials included";

/// What all connections of a process have in common.
pub(crate) struct Shared {
    /// The files that adapters may fill and read.
    pub(crate) files: Arc<Files>,
    /// Where lines of the log go.
    pub(crate) logger: Arc<dyn Logger>,
    /// Who is told of waits.
    pub(crate) progress: Arc<dyn Progress>,
    /// What the operator wants of all requests.
    pub(crate) settings: Settings,
}

/// Tells people that a connection waits.
struct Told {
    connection: String,
    progress: Arc<dyn Progress>,
}

impl Waits for Told {
    fn waiting(&self, wait: &Waiting<'_>) {
        self.progress.waiting(&self.connection, wait);
    }
}

/// One connection's way to its platform.
pub(crate) struct Connection {
    stack: Box<dyn Stack>,
    files: Arc<Files>,
    read_only: bool,
}

/// The layers of a connection, whatever their types.
trait Stack: Send + Sync {
    fn send<'a>(&'a self, request: Request, call: &'a Call) -> Sending<'a>;
}

type Sending<'a> = std::pin::Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send + 'a>>;

impl<T: Exchange> Stack for T {
    fn send<'a>(&'a self, request: Request, call: &'a Call) -> Sending<'a> {
        Box::pin(Exchange::send(self, request, call))
    }
}

impl Connection {
    /// Returns the way to a connection's platform; nothing for an adapter that asks for no host.
    pub(crate) fn of(target: &Target, granted: Vec<HostGrant>, shared: &Shared) -> Result<Option<Self>> {
        let manifest = &target.adapter.manifest;
        if manifest.grants.hosts.is_empty() {
            return Ok(None);
        }
        let reach = reach(target, &granted);
        let schemes = manifest.auth.iter().map(|scheme| {
            let hosts: Vec<HostGrant> =
                scheme.hosts.iter().map(|host| target.meant(host)).filter(|host| granted_for(&granted, host)).collect();
            (scheme.clone(), self::reach(target, &hosts))
        });
        let credentials = Credentials::new(&target.name, target.auth.clone(), schemes.collect(), shared.logger.clone());
        let credentials = Arc::new(credentials.with_certificate(client::certificate_digest(&target.network.tls)));
        let client = Client::new(client::Parts {
            connection: target.name.clone(),
            http: target.http.clone(),
            network: target.network.clone(),
            reach: reach.clone(),
            files: shared.files.clone(),
            logger: shared.logger.clone(),
        });
        if target.network.tls.verify == Verify::DangerNoVerification {
            shared.logger.own_line(WARNING, &target.name, UNVERIFIED);
        }
        let settings = &shared.settings;
        let observed = Observed {
            platform: target.adapter.id().into(),
            connection: target.name.as_str().into(),
            job_id: settings.job_id(),
        };
        let place = Place {
            platform: &manifest.name,
            connection: &target.name,
            host: target.base_url.as_ref().and_then(Url::host_str).unwrap_or_default(),
        };
        let limits =
            Limits::new(place, &manifest.limits, &target.limits, Ledgers::of_process(), Arc::new(SystemClock))?;
        let waits = Arc::new(Told { connection: target.name.clone(), progress: shared.progress.clone() });
        let parts = Parts {
            observed,
            reach,
            base_url: target.base_url.clone(),
            credentials,
            secrets: manifest.answers.secrets.clone().into(),
            cache: settings.cache().filter(|_| target.cache.enabled),
            retry: target.retry.clone(),
            limits,
            waits,
            tape: settings.tape.clone(),
            files: shared.files.clone(),
        };
        Ok(Some(Self::new(stack(parts, client), shared.files.clone(), target.read_only)))
    }

    /// Returns a connection over these layers.
    pub(crate) fn new(stack: impl Exchange + 'static, files: Arc<Files>, read_only: bool) -> Self {
        Self { stack: Box::new(stack), files, read_only }
    }

    /// Sends what an adapter asks for.
    pub(crate) async fn send(&self, head: RequestHead, body: Vec<u8>, call: &Call) -> Result<(ResponseHead, Bytes)> {
        let request = self.request(head, body)?;
        let writes = request.writes();
        if writes {
            self.may_write(&request, call)?;
        }
        call.written.sets_out();
        let outcome = self.stack.send(request, call).await;
        if writes {
            call.written.answered(outcome.as_ref().is_ok_and(|response| response.status.is_success()));
        }
        let response = outcome.map_err(|failure| failure.into_error(writes))?;
        Ok((head_of(&response), response.body))
    }

    /// Refuses a write where nothing may be written, whatever the adapter says.
    fn may_write(&self, request: &Request, call: &Call) -> Result<()> {
        let method = &request.method;
        if self.read_only {
            return Err(Error::validation(format!("the connection is read-only; a {method} that writes was refused")));
        }
        if !call.writes {
            let operation = call.operation;
            return Err(Error::validation(format!("`{operation}` only reads; a {method} that writes was refused"))
                .with_hint("The adapter says `effect(Effect::Read)` where a request by that method changes nothing."));
        }
        Ok(())
    }

    fn request(&self, head: RequestHead, body: Vec<u8>) -> Result<Request> {
        let method = Method::from_bytes(head.method.as_str().as_bytes())
            .map_err(|_| Error::validation(format!("`{}` is not an HTTP method", head.method)))?;
        if head.method.is_unknown() {
            return Err(Error::validation(format!("the HTTP method `{method}` is not allowed")));
        }
        let mut url =
            Url::parse(&head.url).map_err(|error| Error::validation(format!("a request's address: {error}")))?;
        if !head.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&head.query);
        }
        Ok(Request {
            effect: effect(&head, &method),
            method,
            url,
            headers: headers(&head.headers)?,
            body: self.body(&head, body),
            class: head.class,
            auth: head.auth,
            body_cap: head.body_cap.unwrap_or(u64::MAX),
            timeout: head.timeout_ms.map(std::time::Duration::from_millis),
            sink: head.into_sink,
            trail: Trail::default(),
        })
    }

    fn body(&self, head: &RequestHead, body: Vec<u8>) -> Body {
        match head.from_source {
            Some(handle) => Body::File(Upload::new(self.files.clone(), handle)),
            None if !head.form.is_empty() => {
                Body::Form { parts: head.form.as_slice().into(), upload: Upload::new(self.files.clone(), 0) }
            }
            None => Body::Bytes(Bytes::from(body)),
        }
    }
}

/// Returns where a connection's requests may go: its own addresses, and the hosts that were granted.
fn reach(target: &Target, hosts: &[HostGrant]) -> Reach {
    let own = hosts.iter().filter_map(|host| target.address(host));
    Reach::new(own.collect(), hosts.to_vec())
}

fn granted_for(granted: &[HostGrant], asked: &HostGrant) -> bool {
    granted.iter().any(|granted| granted.covers(asked))
}

/// Returns what a request does; one that does not say it, or says it in words of a later version, may write.
///
/// Only a POST is a read because the adapter says so, as some searches are: other methods write, whatever it says of them.
fn effect(head: &RequestHead, method: &Method) -> Effect {
    let may_read = [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST].contains(method);
    match &head.effect {
        Effect::Read if may_read => Effect::Read,
        _ => Effect::Write,
    }
}

/// Headers that are not an adapter's to set, sorted: they are ours, the connection's, credentials, or another method in disguise.
const REFUSED: &[&str] = &[
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let unusable = || Error::validation(format!("`{name}` cannot be a header of a request"));
        let parsed = HeaderName::try_from(name).map_err(|_| unusable())?;
        if REFUSED.binary_search(&parsed.as_str()).is_ok() {
            return Err(unusable().with_hint("The host sets it; credentials are named by `auth`."));
        }
        headers.append(parsed, HeaderValue::try_from(value).map_err(|_| unusable())?);
    }
    Ok(headers)
}

fn head_of(response: &Response) -> ResponseHead {
    // A value that is not text in UTF-8 is of no use to an adapter.
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut head = host::ResponseHead::default();
    head.status = response.status.as_u16();
    head.url = response.url.to_string();
    head.headers = response.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    head
}
