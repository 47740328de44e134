//! What the HTTP of all connections has in common.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use usher_adapter_sdk::Result;

use super::{
    cache::Store,
    tape::{Recorder, Redact, Replayer, Tape},
};

/// What the HTTP of all connections has in common; the default keeps nothing and tells nobody.
#[derive(Clone, Default)]
pub struct Settings {
    cache: Option<Arc<Store>>,
    job_id: Option<Arc<str>>,
    redact: Option<Redact>,
    pub(super) tape: Tape,
}

impl Settings {
    /// Keeps answers in that folder, to ask whether they still hold.
    #[must_use]
    pub fn with_cache(self, folder: PathBuf) -> Self {
        Self { cache: Some(Arc::new(Store::new(folder))), ..self }
    }

    /// Names the job on whose behalf this process runs, for its log lines.
    #[must_use]
    pub fn with_job_id(self, job_id: &str) -> Self {
        Self { job_id: Some(job_id.into()), ..self }
    }

    /// Sets what puts stars in place of the secrets that are known by value, for recordings that begin after this.
    #[must_use]
    pub fn with_redactor(self, redact: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self { redact: Some(Arc::new(redact)), ..self }
    }

    /// Records requests and answers into a folder that is empty.
    pub fn recording(self, folder: &Path) -> Result<Self> {
        let recorder = Recorder::begin(folder, self.redact.clone())?;
        Ok(Self { tape: Tape::Record(Arc::new(recorder)), ..self })
    }

    /// Answers requests from a recording.
    pub fn replaying(self, folder: &Path) -> Result<Self> {
        Ok(Self { tape: Tape::Replay(Arc::new(Replayer::open(folder)?)), ..self })
    }

    /// Returns where answers are kept. What is recorded must stand by itself, and what is replayed is known already.
    pub(super) fn cache(&self) -> Option<Arc<Store>> {
        self.cache.clone().filter(|_| matches!(self.tape, Tape::Off))
    }

    /// Waits until the answers that are being kept are on the disk, but not for ever.
    pub(crate) async fn settle(&self, within: Duration) {
        if let Some(cache) = self.cache() {
            // What is not there then is asked for anew the next time.
            let _ = tokio::time::timeout(within, cache.settle()).await;
        }
    }

    pub(crate) fn job_id(&self) -> Option<Arc<str>> {
        self.job_id.clone()
    }
}
