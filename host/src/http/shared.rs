//! What the HTTP of all connections has in common.

use std::{path::PathBuf, sync::Arc};

use super::cache::Store;

/// What the HTTP of all connections has in common; the default keeps nothing and tells nobody.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    pub(super) cache: Option<Arc<Store>>,
    pub(super) job_id: Option<Arc<str>>,
}

impl Shared {
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

    pub(crate) fn job_id(&self) -> Option<Arc<str>> {
        self.job_id.clone()
    }
}
