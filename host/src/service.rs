//! The only door for command line, REST and agents: from a reference to an answer.
//!
//! What lives here: who is asked, in which order, and what must hold of an answer. How a call travels is
//! `transport`'s, which adapter is meant `route`'s, what users see `cli`'s.

mod answer;
mod filter;
mod levels;
mod list;
mod open;
mod progress;
mod renew;
mod seen;
mod session;
mod splice;
mod writes;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{runtime::Handle, sync::OnceCell};
use usher_adapter_manifest::Operation as ManifestOperation;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Cursor, Identity, Include, NotePage, Options, OptionsScope},
    model::Attachment,
    wire,
};

pub use crate::http::{HeldBack, HeldBody, HeldPart, Settings as HttpSettings, Waiting};
pub use answer::{AnswerFacts, Answered, Asked};
pub use list::{ListItem, ListOutcome, ListRequest, Listing};
pub use progress::{Progress, Unwatched};
pub use writes::{Attempt, WriteMode, Written};

use crate::{
    config::{Adapters, Config, Environment},
    registry::Registry,
    route::{Connections, Resolved, Target},
    transport::{Deadline, Files, Logger, Supervision},
};
use session::Session;

/// An error, and what was being done with whom when it happened.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The error.
    pub error: Error,
    /// The operation.
    pub operation: Option<&'static str>,
    /// The connection.
    pub connection: Option<String>,
}

impl Failure {
    /// Returns an error that belongs to no operation.
    pub fn new(error: Error) -> Self {
        Self { error, operation: None, connection: None }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Failure {}

/// The result of everything that the service does.
pub type Outcome<T> = std::result::Result<T, Failure>;

/// Where the service keeps things, and how it behaves.
#[derive(Clone)]
pub struct Settings {
    /// Where adapters remember things; without it they cannot.
    pub state: Option<PathBuf>,
    /// How long an operation may take, in place of the connections' own times.
    pub timeout: Option<Duration>,
    /// Where adapters' log lines go.
    pub logger: Arc<dyn Logger>,
    /// Who is told how far long work has come.
    pub progress: Arc<dyn Progress>,
    /// The program that becomes a worker when it is started again: one that calls `worker::run_if_asked`.
    pub program: PathBuf,
    /// How workers are watched.
    pub supervision: Supervision,
    /// What the HTTP of all connections has in common.
    pub http: HttpSettings,
}

/// One host: its adapters, its connections, and what is open of them.
pub struct Service {
    registry: Registry,
    connections: Connections,
    adapters: Adapters,
    settings: Settings,
    runtime: Handle,
    files: Arc<Files>,
    sessions: Mutex<Sessions>,
}

/// The open connections by name.
type Sessions = BTreeMap<String, Arc<OnceCell<Arc<Session>>>>;

impl Service {
    /// Returns the service over these adapters and this configuration.
    pub fn new(
        registry: Registry,
        config: &Config,
        environment: &dyn Environment,
        settings: Settings,
        runtime: Handle,
    ) -> Self {
        let connections = Connections::new(config, &registry, environment);
        let (adapters, files, sessions) = (config.adapters.clone(), Arc::default(), Mutex::default());
        Self { registry, connections, adapters, settings, runtime, files, sessions }
    }

    /// Returns the adapters.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Returns the connections.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// Returns the files that adapters may fill and read.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Says what a reference means; nothing is asked of any platform.
    pub fn resolve(&self, text: &str, within: Option<&str>) -> Outcome<Resolved> {
        Ok(crate::route::resolve(&self.registry, &self.connections, text, within)?)
    }

    /// Returns one ticket as a line of JSON, and how it was obtained.
    pub async fn get(&self, ticket: &Resolved, include: Include) -> Outcome<Answered> {
        self.with(ticket, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Get)?;
            let args = wire::GetArgs { key: Cow::Borrowed(&ticket.key), include };
            let start = Instant::now();
            let answer = session.call::<wire::Get>(args, self.deadline(&session.target)).await?;
            let facts = AnswerFacts::direct(&session.target.name, start.elapsed(), answer.asked);
            let ticket = session.splice.ticket(&answer.body, answer.head.etag.as_deref())?;
            Ok(Answered { ticket, answer: facts })
        })
        .await
        .map_err(|failure| failure.during("get"))
    }

    /// Returns one page of a ticket's notes.
    pub async fn notes(&self, ticket: &Resolved, cursor: Option<&Cursor>) -> Outcome<NotePage> {
        self.with(ticket, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Notes)?;
            let args = wire::NotesArgs { key: Cow::Borrowed(&ticket.key), cursor: cursor.map(Cow::Borrowed) };
            Ok(session.call::<wire::Notes>(args, self.deadline(&session.target)).await?.head)
        })
        .await
        .map_err(|failure| failure.during("notes"))
    }

    /// Says what can be chosen at a connection.
    pub async fn options(&self, connection: &str, scope: &OptionsScope) -> Outcome<Options> {
        self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Options)?;
            let args = wire::OptionsArgs { scope: Cow::Borrowed(scope) };
            Ok(session.call::<wire::GetOptions>(args, self.deadline(&session.target)).await?.head)
        })
        .await
        .map_err(|failure| failure.during("options"))
    }

    /// Lists a ticket's attachments.
    pub async fn attachments(&self, ticket: &Resolved) -> Outcome<Vec<Attachment>> {
        self.with(ticket, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Attachments)?;
            let args = wire::AttachmentsArgs { key: Cow::Borrowed(&ticket.key) };
            Ok(session.call::<wire::Attachments>(args, self.deadline(&session.target)).await?.head)
        })
        .await
        .map_err(|failure| failure.during("attachments"))
    }

    /// Writes the bytes of an attachment into something.
    pub async fn download(
        &self,
        ticket: &Resolved,
        attachment_id: &str,
        sink: impl std::io::Write + Send + 'static,
    ) -> Outcome<Attachment> {
        let handle = self.files.open_sink(sink);
        let outcome = self.with(ticket, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Download)?;
            let (key, attachment_id) = (Cow::Borrowed(&ticket.key), Cow::Borrowed(attachment_id));
            let args = wire::DownloadArgs { key, attachment_id, sink: handle };
            Ok(session.call::<wire::Download>(args, self.deadline(&session.target)).await?.head)
        });
        let outcome = outcome.await;
        let written = self.files.close(handle);
        let whole = outcome.and_then(|attachment| {
            let whole = whole(attachment, written);
            whole.map_err(|error| Failure { connection: ticket.connection.clone(), ..Failure::new(error) })
        });
        whole.map_err(|failure| failure.during("download"))
    }

    /// Asks a connection's platform who we are there.
    pub async fn check(&self, connection: &str) -> Outcome<Identity> {
        self.at(connection, async |session: Arc<Session>| {
            session.supports(ManifestOperation::Check)?;
            Ok(session.call::<wire::Check>(wire::CheckArgs {}, self.deadline(&session.target)).await?.head)
        })
        .await
        .map_err(|failure| failure.during("check"))
    }

    /// Ends every adapter, and returns what went wrong in that.
    pub async fn close(&self, within: Duration) -> Vec<Failure> {
        let sessions = std::mem::take(&mut *self.sessions());
        let deadline = Deadline::after(within);
        // One that hangs has been reported already. They end at the same time.
        let sessions = sessions.into_values().filter_map(|session| session.get().cloned());
        let ending = sessions.filter(|session| !session.transport.is_wedged()).map(|session| {
            self.runtime.spawn(async move {
                let ended = session.transport.shutdown(deadline).await;
                ended.err().map(|error| Failure {
                    error,
                    operation: Some("shutdown"),
                    connection: Some(session.target.name.clone()),
                })
            })
        });
        let mut failures = Vec::new();
        for ended in ending.collect::<Vec<_>>() {
            failures.extend(ended.await.ok().flatten());
        }
        self.settings.http.settle(within).await;
        failures
    }

    /// Does something with the connection of a ticket.
    async fn with<T>(&self, ticket: &Resolved, work: impl AsyncFnOnce(Arc<Session>) -> Result<T>) -> Outcome<T> {
        let outcome = self.at(ticket.require_connection()?, work).await;
        outcome.map_err(|failure| Failure { error: ticket.doubted(failure.error), ..failure })
    }

    /// Does something with a connection, opening it if it is not open yet.
    async fn at<T>(&self, connection: &str, work: impl AsyncFnOnce(Arc<Session>) -> Result<T>) -> Outcome<T> {
        let outcome = match self.session(connection).await {
            Ok(session) => work(session).await,
            Err(error) => Err(error),
        };
        outcome.map_err(|error| Failure { error, operation: None, connection: Some(connection.to_owned()) })
    }

    async fn session(&self, connection: &str) -> Result<Arc<Session>> {
        let target = self.connections.require(connection)?;
        let cell = self.sessions().entry(connection.to_owned()).or_default().clone();
        let session = cell.get_or_try_init(|| self.open(target)).await?.clone();
        // The cell would keep a session that is about to be replaced.
        drop(cell);
        Ok(self.renewed(session).await)
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deadline(&self, target: &Target) -> Deadline {
        Deadline::after(self.settings.timeout.unwrap_or(target.http.total))
    }
}

impl Failure {
    fn during(mut self, operation: &'static str) -> Self {
        self.operation = Some(operation);
        self
    }
}

/// Returns an attachment of which all bytes came: without a length a connection that ends early looks like the end of the file.
fn whole(attachment: Attachment, written: u64) -> Result<Attachment> {
    match attachment.size {
        Some(size) if written < size => {
            let message = format!("`{}` has {size} bytes, and {written} came", attachment.name);
            Err(Error::new(ErrorKind::Network, message).with_hint("Try again; `--output -` gives whatever comes."))
        }
        _ => Ok(attachment),
    }
}

fn unsupported(adapter: &str, operation: &str, supported: &[&str]) -> Error {
    Error::new(ErrorKind::Unsupported, format!("the adapter `{adapter}` does not do `{operation}`"))
        .with_hint(format!("It does: {}.", supported.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_shorter_than_the_platform_says_is_not_whole() {
        let sized = |size| Attachment::new("7", "log.txt").with_size(size);
        for (size, written, is_whole) in
            [(Some(5), 5, true), (Some(5), 4, false), (Some(5), 0, false), (None, 0, true), (Some(5), 6, true)]
        {
            assert_eq!(whole(sized(size), written).is_ok(), is_whole, "{size:?} {written}");
        }
    }
}
