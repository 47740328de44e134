//! A drop-in whose file changes while the host runs: the new one answers before the old one stops.
//!
//! Only what runs in a process of its own can be replaced. What is under way ends where it began.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::OnceCell;
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{Service, session::Session};
use crate::{registry::Stamp, route::Target, transport::Deadline};

/// How often is looked whether the calls of a replaced adapter are over.
const DRAINED_EVERY: Duration = Duration::from_millis(50);

/// How long a replaced adapter may take to end.
const ENDING: Duration = Duration::from_secs(5);

/// The file of a session, and what it was like when it was looked at last.
pub(super) struct Watch {
    file: PathBuf,
    look_every: Duration,
    seen: Mutex<Seen>,
}

struct Seen {
    at: Instant,
    stamp: Option<Stamp>,
}

impl Watch {
    /// Begins to watch; to be called before the file is read.
    pub(super) fn begin(file: PathBuf, look_every: Duration) -> Self {
        let seen = Mutex::new(Seen { at: Instant::now(), stamp: Stamp::of(&file) });
        Self { file, look_every, seen }
    }

    /// Says whether the file is another one than before; each change is told once.
    fn has_changed(&self) -> bool {
        let mut seen = self.seen();
        if seen.at.elapsed() < self.look_every {
            return false;
        }
        seen.at = Instant::now();
        let stamp = Stamp::of(&self.file);
        // A file that was taken away has nothing to offer in place of the one that runs.
        if stamp.is_none() || stamp == seen.stamp {
            return false;
        }
        seen.stamp = stamp;
        true
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Returns the session to ask: this one, or one of the adapter's new file.
    pub(super) async fn renewed(&self, session: Arc<Session>) -> Arc<Session> {
        if !session.watch.as_ref().is_some_and(Watch::has_changed) {
            return session;
        }
        let name = session.target.name.clone();
        match self.open_anew(&session.target).await {
            Ok(renewed) => {
                let cell = Arc::new(OnceCell::new_with(Some(renewed.clone())));
                self.sessions().insert(name, cell);
                self.end_when_drained(session);
                renewed
            }
            Err(error) => {
                let what = format!(
                    "the file of the adapter `{}` changed, and the one before goes on: {error}",
                    session.target.adapter.id()
                );
                self.settings.logger.line(2, &name, &what);
                session
            }
        }
    }

    async fn open_anew(&self, before: &Target) -> Result<Arc<Session>> {
        let adapter = self.registry.look_again(&before.adapter)?;
        if adapter.manifest.config != before.adapter.manifest.config {
            return Err(Error::new(ErrorKind::AdapterRefused, "it takes other options; start usher again"));
        }
        let mut target = before.clone();
        target.adapter = adapter;
        self.open(&target).await
    }

    fn end_when_drained(&self, session: Arc<Session>) {
        let logger = self.settings.logger.clone();
        self.runtime.spawn(async move {
            while Arc::strong_count(&session) > 1 {
                tokio::time::sleep(DRAINED_EVERY).await;
            }
            if let Err(error) = session.transport.shutdown(Deadline::after(ENDING)).await {
                logger.line(
                    2,
                    &session.target.name,
                    &format!("the adapter that was replaced did not end in order: {error}"),
                );
            }
        });
    }
}
