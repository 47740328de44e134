//! What the host does for an adapter: network, time, memory, files, log.
//!
//! Everything here is asked of the host with a message; an adapter itself touches nothing.

mod files;
mod http;
mod kv;

use std::{fmt, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use usher_adapter_abi::{
    HostObject,
    abi_stable::std_types::{RStr, RVec},
};

pub use files::{FileSink, FileSource};
pub use http::{Effect, FormPart, Method, Request, RequestHead, Response, ResponseHead};
pub use kv::{Kv, KvFound};

use crate::{
    Error, ErrorKind, Result,
    boundary::{self, CurrentCall},
    decode,
    model::{Time, word::with},
    wire::{self, CallHeader, SleepArgs, capability},
};

/// A connection as its adapter may know it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Connection {
    /// Its name in the configuration.
    pub name: String,
    /// Where the platform is, without a slash at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The project meant when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_project: Option<String>,
    /// The projects that are known to be there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<String>,
    /// Whether the host refuses every write.
    pub read_only: bool,
    /// The auth scheme in use, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_scheme: Option<String>,
}

impl Connection {
    /// Returns a connection of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

with!(Connection {
    /// Sets where the platform is.
    with_base_url: base_url: Option<String>,
    /// Sets the project meant when none is named.
    with_default_project: default_project: Option<String>,
    /// Sets the projects that are known.
    with_projects: projects: Vec<String>,
    /// Says whether every write is refused.
    with_read_only: read_only: bool,
    /// Sets the auth scheme.
    with_auth_scheme: auth_scheme: Option<String>,
});

/// How much a line of the log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u32)]
pub enum Level {
    /// Something failed.
    Error = 1,
    /// Something an operator should look at.
    Warning = 2,
    /// Something that happened.
    Information = 3,
    /// Something for whoever looks for a fault.
    Debug = 4,
    /// Everything.
    Trace = 5,
}

/// The host, as one connection's adapter sees it. Clones are the same host.
#[derive(Clone)]
pub struct Host(Arc<Inner>);

struct Inner {
    object: HostObject,
    connection: Connection,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("connection", &self.0.connection).finish_non_exhaustive()
    }
}

impl Host {
    pub(crate) fn new(object: HostObject, connection: Connection) -> Self {
        Self(Arc::new(Inner { object, connection }))
    }

    /// Returns the connection that the adapter was made for.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// Returns where the platform is, or says that the connection lacks it.
    pub fn base_url(&self) -> Result<&str> {
        self.connection().base_url.as_deref().ok_or_else(|| {
            let name = &self.connection().name;
            Error::new(ErrorKind::Configuration, format!("connection `{name}` has no base_url"))
                .with_hint(format!("Set `base_url` in `[connections.{name}]`."))
        })
    }

    /// Sends an HTTP request and returns the answer, whatever its status.
    ///
    /// The host limits, retries, signs and redirects; it refuses hosts that were not granted, and a request
    /// whose effect is a write during an operation that only reads. A redirect to a host that was not granted,
    /// such as a sign-in page, is not followed: the adapter gets the 3xx answer itself.
    pub async fn http(&self, request: Request) -> Result<Response> {
        let (head, body) = request.into_wire();
        let (head, body) = self.call(capability::HTTP, &head, body).await?;
        Response::from_wire(&head, body)
    }

    /// Waits.
    pub async fn sleep(&self, duration: Duration) -> Result<()> {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.call(capability::SLEEP, &SleepArgs { nanos }, Vec::new()).await.map(drop)
    }

    /// Lets other calls have a turn: an adapter with long work of its own does so now and then.
    pub async fn yield_now(&self) -> Result<()> {
        self.sleep(Duration::ZERO).await
    }

    /// Returns the time.
    pub fn now(&self) -> Time {
        Time::from_unix_nanos(self.0.object.now())
    }

    /// Returns when the operation that is being done must be over, if it must.
    pub fn deadline(&self) -> Option<Time> {
        boundary::current_call().and_then(|call| call.deadline_ms).and_then(Time::from_unix_millis)
    }

    /// Returns the connection's small memory.
    pub fn kv(&self) -> Kv<'_> {
        Kv::new(self)
    }

    /// Writes a line to the host's log.
    pub fn log(&self, level: Level, message: &str) {
        self.0.object.log(level as u32, RStr::from_str(message));
    }

    /// Says whether this host knows a capability by that name.
    pub fn supports(&self, capability: &str) -> bool {
        self.0.object.supports(RStr::from_str(capability))
    }

    /// Asks the host for something.
    async fn call<T: Serialize>(&self, capability: &str, args: &T, body: Vec<u8>) -> Result<(Body, Body)> {
        let CurrentCall { id, deadline_ms } = boundary::current_call().unwrap_or_default();
        let header = wire::to_json(&CallHeader { call: id, deadline_ms, args });
        let reply = self.0.object.invoke(RStr::from_str(capability), RVec::from(header), RVec::from(body)).await;
        let (header, body) = (Body(reply.header), Body(reply.body));
        match reply.status {
            usher_adapter_abi::STATUS_OK => Ok((header, body)),
            status => Err(boundary::error_of(status, &header)),
        }
    }
}

/// Bytes that the host gave, read in place.
#[derive(Clone, Default)]
pub struct Body(RVec<u8>);

impl Body {
    /// Returns the bytes as a vector of the adapter's own.
    pub fn into_vec(self) -> Vec<u8> {
        self.0.into_vec()
    }

    /// Reads the bytes as JSON into a type that may borrow from them.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        decode::json(self)
    }
}

impl std::ops::Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(RVec::from(bytes))
    }
}
