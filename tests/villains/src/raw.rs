//! Adapters written by hand against the ABI, without the SDK between them and the host.

use std::sync::Arc;

use serde::Deserialize;
use usher_adapter_sdk::{
    Error, ErrorKind,
    boundary::{
        self,
        abi::{
            Adapter, Adapter_TO, AdapterObject, HostObject,
            abi_stable::{
                erased_types::TD_Opaque,
                std_types::{RStr, RVec},
            },
            async_ffi::{FfiFuture, FutureExt},
        },
    },
    decode,
    wire::{self, CallHeader, CreateConfig, FetchArgs, GetArgs},
};

use crate::{
    tries::{self, Tried},
    villain::ticket,
};

pub use usher_adapter_sdk::boundary::abi::Reply;

/// The status of a success.
pub const OK: u32 = usher_adapter_sdk::boundary::abi::STATUS_OK;

/// One call as it came over the boundary.
pub struct Call {
    /// The host, for asking it what the SDK would not ask.
    pub host: Arc<HostObject>,
    /// The operation's name; `shutdown` for the end.
    pub operation: String,
    /// The header, unread.
    pub header: Vec<u8>,
    /// Where the connection's platform is said to be.
    pub base_url: String,
    /// The adapter's option `path`; empty where it has none.
    pub path: String,
}

impl Call {
    /// Returns the key of a `get`; other operations have none.
    pub fn key(&self) -> String {
        let header = decode::json::<CallHeader<GetArgs<'_>>>(&self.header);
        header.map_or_else(|_| "UNREADABLE-1".to_owned(), |header| header.args.key.to_string())
    }

    /// Returns the number that the host has given this call.
    pub fn number(&self) -> u64 {
        decode::json::<CallHeader<GetArgs<'_>>>(&self.header).map_or(0, |header| header.call)
    }

    /// Returns the number at the end of the key, 1 where there is none.
    pub fn number_of_key(&self) -> u64 {
        self.key().rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(1)
    }

    /// Returns the row of a table that the number at the end of the key names, counted from 1.
    pub fn pick<'a, T: ?Sized>(&self, table: &[&'a T]) -> &'a T {
        let key = self.key();
        let number = key.rsplit('-').next().and_then(|number| number.parse::<usize>().ok()).unwrap_or(1);
        table[(number - 1) % table.len()]
    }

    /// Returns the cursor of a `fetch`.
    pub fn cursor(&self) -> Option<String> {
        let header = decode::json::<CallHeader<FetchArgs<'_>>>(&self.header).ok()?;
        header.args.cursor.map(|cursor| cursor.as_str().to_owned())
    }

    /// Asks the host for something, in any words.
    pub fn ask(&self, capability: &str, header: &str, body: &[u8]) -> FfiFuture<Reply> {
        let (header, body) = (header.as_bytes().to_vec(), body.to_vec());
        self.host.invoke(RStr::from_str(capability), RVec::from(header), RVec::from(body))
    }

    /// Asks for every row of a table, and answers a ticket whose title is `all refused`, or else names what was not.
    pub async fn refused(&self, questions: Vec<Question>) -> Reply {
        let mut through = Vec::new();
        for Question { name, capability, header } in questions {
            if self.ask(capability, &header.replace("{base}", &self.base_url), b"nonsense").await.status == OK {
                through.push(name);
            }
        }
        match through.as_slice() {
            [] => self.titled("all refused"),
            through => self.titled(&format!("got through: {}", through.join(", "))),
        }
    }

    /// Answers what came of a list of tries: a ticket whose title is `all refused`, or else names those that got
    /// through, and whose body has a line `name=ending` for each. Where there is nothing to try it is `unsupported`.
    pub fn tried(&self, tried: &[Tried]) -> Reply {
        if tried.is_empty() {
            return self.unsupported();
        }
        self.described(&tries::title(tried), tries::lines(tried))
    }

    /// Answers that this villain is none on this system.
    pub fn unsupported(&self) -> Reply {
        boundary::reply_of(&Error::new(ErrorKind::Unsupported, "this villain needs another system"))
    }

    /// Answers as an honest adapter would.
    pub fn honest(&self) -> Reply {
        match self.operation.as_str() {
            "get" => self.titled("An honest ticket"),
            "fetch" => reply(OK, r#"{"count":1}"#, line("FETCHED-1", "An honest ticket") + "\n"),
            _ => reply(OK, "{}", ""),
        }
    }

    /// Answers the ticket that was asked for, with a title.
    pub fn titled(&self, title: &str) -> Reply {
        reply(OK, "{}", line(&self.key(), title))
    }

    /// Answers the ticket that was asked for, with a title and a text.
    pub fn described(&self, title: &str, text: String) -> Reply {
        let mut ticket = ticket(&self.key()).with_body(Some(text.into()));
        ticket.title = title.to_owned();
        reply(OK, "{}", wire::to_json(&ticket))
    }
}

/// What a villain asks of the host; `{base}` in the header is the connection's base URL.
pub struct Question {
    /// How the answer speaks of it.
    pub name: String,
    /// The capability.
    pub capability: &'static str,
    /// The header.
    pub header: String,
}

/// Returns an answer of any status, header and body.
pub fn reply(status: u32, header: &str, body: impl Into<Vec<u8>>) -> Reply {
    Reply { status, header: header.as_bytes().to_vec().into(), body: body.into().into() }
}

/// Returns the line of a ticket.
pub fn line(key: &str, title: &str) -> String {
    format!(r#"{{"key":{key:?},"native_id":{key:?},"title":{title:?}}}"#)
}

struct Raw<F> {
    host: Arc<HostObject>,
    base_url: String,
    path: String,
    answer: fn(Call) -> F,
}

/// The one option that some villains have.
#[derive(Default, Deserialize)]
struct Options {
    #[serde(default)]
    path: String,
}

impl<F: Future<Output = Reply> + Send + 'static> Raw<F> {
    fn call(&self, operation: &str, header: RVec<u8>) -> FfiFuture<Reply> {
        let host = Arc::clone(&self.host);
        let (base_url, path) = (self.base_url.clone(), self.path.clone());
        let call = Call { host, operation: operation.to_owned(), header: header.into_vec(), base_url, path };
        (self.answer)(call).into_ffi()
    }
}

impl<F: Future<Output = Reply> + Send + 'static> Adapter for Raw<F> {
    fn invoke(&self, operation: RStr<'_>, header: RVec<u8>, _body: RVec<u8>) -> FfiFuture<Reply> {
        self.call(operation.as_str(), header)
    }

    fn shutdown(&self) -> FfiFuture<Reply> {
        self.call("shutdown", RVec::new())
    }
}

/// Makes an adapter that answers every call with a function.
pub fn adapter<F>(config: &[u8], host: HostObject, answer: fn(Call) -> F) -> AdapterObject
where
    F: Future<Output = Reply> + Send + 'static,
{
    let config = decode::json::<CreateConfig>(config).ok();
    let options = config.as_ref().and_then(|config| config.options.decode::<Options>().ok()).unwrap_or_default();
    let base_url = config.and_then(|config| config.connection.base_url).unwrap_or_default();
    Adapter_TO::from_value(Raw { host: Arc::new(host), base_url, path: options.path, answer }, TD_Opaque)
}
