//! What a request carries: bytes, or files that are read while they are sent.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use futures_util::stream;
use usher_adapter_sdk::{Error, host::FormPart};

use crate::transport::Files;

/// How much of a file is read at once.
const PART: u64 = 256 << 10;

/// What a request carries; clones share it.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// These bytes.
    Bytes(Bytes),
    /// A file, as it is.
    File(Upload),
    /// A form (`multipart/form-data`).
    Form { parts: Arc<[FormPart]>, upload: Upload },
}

impl Body {
    /// Says whether it can be sent once more: a file is read only once.
    pub(crate) fn is_repeatable(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::File(upload) | Self::Form { upload, .. } => !upload.begun.load(Ordering::Acquire),
        }
    }
}

/// Files of the host's, to be read by their numbers.
#[derive(Clone)]
pub(crate) struct Upload {
    files: Arc<Files>,
    handle: u64,
    begun: Arc<AtomicBool>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file {}", self.handle)
    }
}

impl Upload {
    /// Returns the file with that number.
    pub(crate) fn new(files: Arc<Files>, handle: u64) -> Self {
        Self { files, handle, begun: Arc::default() }
    }

    /// Returns another file that is sent together with this one.
    pub(crate) fn with_handle(&self, handle: u64) -> Self {
        Self { handle, ..self.clone() }
    }

    /// Reads the file part by part, away from the threads that must not wait.
    pub(crate) fn into_stream(self) -> impl stream::Stream<Item = Result<Bytes, Error>> + Send + 'static {
        stream::try_unfold(self, async |upload| {
            upload.begun.store(true, Ordering::Release);
            let (files, handle) = (upload.files.clone(), upload.handle);
            let part = tokio::task::spawn_blocking(move || files.read(handle, PART)).await;
            let part =
                part.unwrap_or_else(|error| Err(Error::validation(format!("the file was not read: {error}"))))?;
            Ok(if part.is_empty() { None } else { Some((Bytes::from(part), upload)) })
        })
    }
}
