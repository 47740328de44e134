//! A host that lives in the test.

use std::{
    collections::BTreeMap,
    future::ready,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use usher_adapter_abi::{
    Host as AbiHost, Host_TO, HostObject, Reply,
    abi_stable::{
        erased_types::TD_Opaque,
        std_types::{RStr, RVec},
    },
    async_ffi::{FfiFuture, FutureExt},
};

use super::{Recording, tape::Replay};
use crate::{
    Error, Result, boundary, decode,
    host::{Connection, Level, RequestHead, Response, ResponseHead},
    model::Time,
    wire::{self, CallHeader, KvArgs, SinkArgs, SleepArgs, SourceArgs, capability},
};

type OnHttp = dyn Fn(&RequestHead, &[u8]) -> Result<Response> + Send + Sync;

/// A host for tests. Clones are the same host.
#[derive(Clone)]
pub struct TestHost {
    pub(super) connection: Connection,
    on_http: Option<Arc<OnHttp>>,
    state: Arc<Mutex<State>>,
}

struct State {
    now: Time,
    kv: BTreeMap<String, Vec<u8>>,
    sinks: BTreeMap<u64, Vec<u8>>,
    sources: BTreeMap<u64, Vec<u8>>,
    log: Vec<(u32, String)>,
    requests: Vec<RequestHead>,
}

impl Default for TestHost {
    fn default() -> Self {
        Self::new()
    }
}

impl TestHost {
    /// Returns a host for a connection named `test`, at 2026-01-01T00:00:00Z, that refuses every request.
    pub fn new() -> Self {
        let state = State {
            now: Time::from_unix_nanos(1_767_225_600_000_000_000),
            kv: BTreeMap::new(),
            sinks: BTreeMap::new(),
            sources: BTreeMap::new(),
            log: Vec::new(),
            requests: Vec::new(),
        };
        Self { connection: Connection::new("test"), on_http: None, state: Arc::new(Mutex::new(state)) }
    }

    /// Sets the connection that the adapter is made for.
    #[must_use]
    pub fn with_connection(mut self, connection: Connection) -> Self {
        self.connection = connection;
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        self.state().now = now;
        self
    }

    /// Answers HTTP requests.
    #[must_use]
    pub fn on_http(mut self, answer: impl Fn(&RequestHead, &[u8]) -> Result<Response> + Send + Sync + 'static) -> Self {
        self.on_http = Some(Arc::new(answer));
        self
    }

    /// Returns a host that answers from a folder that `usher --record` has filled, and refuses every other request.
    ///
    /// A request gets the next answer that was recorded for it, and the last one again.
    pub fn replaying(folder: impl AsRef<Path>) -> Result<Self> {
        let replay = Replay::new(Recording::open(folder)?);
        Ok(Self::new().on_http(move |request, body| replay.answer(request, body)))
    }

    /// Returns an answer with a status and a body.
    pub fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
        Response { status, body: body.into().into(), ..Response::default() }
    }

    /// Returns the time that the adapter sees.
    pub fn now(&self) -> Time {
        self.state().now
    }

    /// Returns what was logged: level and line.
    pub fn log(&self) -> Vec<(u32, String)> {
        self.state().log.clone()
    }

    /// Returns the requests that were made.
    pub fn requests(&self) -> Vec<RequestHead> {
        self.state().requests.clone()
    }

    /// Returns what is remembered under a key.
    pub fn remembered(&self, key: &str) -> Option<Vec<u8>> {
        self.state().kv.get(key).cloned()
    }

    pub(super) fn object(&self) -> HostObject {
        Host_TO::from_value(self.clone(), TD_Opaque)
    }

    pub(super) fn put_source(&self, bytes: &[u8]) -> u64 {
        let mut state = self.state();
        let handle = state.sources.len() as u64 + 1;
        state.sources.insert(handle, bytes.to_vec());
        handle
    }

    pub(super) fn new_sink(&self) -> u64 {
        let mut state = self.state();
        let handle = state.sinks.len() as u64 + 1;
        state.sinks.insert(handle, Vec::new());
        handle
    }

    pub(super) fn sink(&self, handle: u64) -> Vec<u8> {
        self.state().sinks.get(&handle).cloned().unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, capability: &str, header: &[u8], body: &[u8]) -> Result<Reply> {
        fn args<'a, T: Deserialize<'a>>(header: &'a [u8]) -> Result<T> {
            decode::json::<CallHeader<T>>(header).map(|header| header.args)
        }

        let done = || boundary::reply_ok(b"{}".to_vec(), Vec::new());
        match capability {
            capability::HTTP => self.http(&args::<RequestHead>(header)?, body),
            capability::SLEEP => {
                let mut state = self.state();
                let nanos = i128::from(args::<SleepArgs>(header)?.nanos) + state.now.unix_nanos();
                state.now = Time::from_unix_nanos(i64::try_from(nanos).unwrap_or(i64::MAX));
                Ok(done())
            }
            capability::KV_GET => {
                let value = self.state().kv.get(&*args::<KvArgs<'_>>(header)?.key).cloned();
                let head = wire::to_json(&crate::host::KvFound { found: value.is_some() });
                Ok(boundary::reply_ok(head, value.unwrap_or_default()))
            }
            capability::KV_SET => {
                self.state().kv.insert(args::<KvArgs<'_>>(header)?.key.into_owned(), body.to_vec());
                Ok(done())
            }
            capability::KV_REMOVE => {
                self.state().kv.remove(&*args::<KvArgs<'_>>(header)?.key);
                Ok(done())
            }
            capability::SINK_WRITE => {
                let handle = args::<SinkArgs>(header)?.sink;
                let mut state = self.state();
                let sink = state.sinks.get_mut(&handle).ok_or_else(|| Error::not_found("the sink"))?;
                sink.extend_from_slice(body);
                Ok(done())
            }
            capability::SOURCE_READ => {
                let SourceArgs { source, most } = args(header)?;
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                let mut state = self.state();
                let left = state.sources.get_mut(&source).ok_or_else(|| Error::not_found("the source"))?;
                let part = left.drain(..most.min(left.len())).collect();
                Ok(boundary::reply_ok(b"{}".to_vec(), part))
            }
            unknown => Err(Error::unsupported(format_args!("the capability `{unknown}`"))),
        }
    }

    fn http(&self, request: &RequestHead, body: &[u8]) -> Result<Reply> {
        self.state().requests.push(request.clone());
        let answer = self.on_http.as_ref().ok_or_else(|| {
            Error::unsupported("HTTP in this test").with_hint("Answer requests with `TestHost::on_http`.")
        })?;
        let Response { status, url, headers, body } = answer(request, body)?;
        let url = if url.is_empty() { request.url.clone() } else { url };
        let head = ResponseHead { status, url, headers };
        Ok(boundary::reply_ok(wire::to_json(&head), body.to_vec()))
    }
}

impl AbiHost for TestHost {
    fn invoke(&self, capability: RStr<'_>, header: RVec<u8>, body: RVec<u8>) -> FfiFuture<Reply> {
        let reply = self.answer(capability.as_str(), &header, &body);
        ready(reply.unwrap_or_else(|error| boundary::reply_of(&error))).into_ffi()
    }

    fn log(&self, level: u32, message: RStr<'_>) {
        self.state().log.push((level, message.as_str().to_owned()));
    }

    fn now(&self) -> i64 {
        i64::try_from(self.state().now.unix_nanos()).unwrap_or(i64::MAX)
    }

    fn supports(&self, capability: RStr<'_>) -> bool {
        match capability.as_str() {
            capability::HTTP => self.on_http.is_some(),
            name => [
                capability::SLEEP,
                capability::KV_GET,
                capability::KV_SET,
                capability::KV_REMOVE,
                capability::SINK_WRITE,
                capability::SOURCE_READ,
            ]
            .contains(&name),
        }
    }
}

impl TestHost {
    /// Says whether a line of at least that level holds a text.
    pub fn has_logged(&self, level: Level, text: &str) -> bool {
        self.state().log.iter().any(|(line, message)| *line <= level as u32 && message.contains(text))
    }

    /// Moves the clock on.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        let nanos = state.now.unix_nanos() + duration.as_nanos() as i128;
        state.now = Time::from_unix_nanos(i64::try_from(nanos).unwrap_or(i64::MAX));
    }
}
