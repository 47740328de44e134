//! Writes what was asked and answered, a file each.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{
    form::{Answered, Asked, Body, FORMAT, Headers, Manifest, Recorded},
    scrub,
};
use crate::{
    http::{self, Call, Request, Response},
    private_folder,
};

/// The file that says what a folder is.
pub(super) const MANIFEST: &str = "recording.json";

/// Puts stars in place of every secret that is known by value.
pub(crate) type Redact = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Writes into one folder, for all connections.
pub(crate) struct Recorder {
    folder: PathBuf,
    redact: Option<Redact>,
    count: AtomicU32,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorder").field(&self.folder).finish()
    }
}

impl Recorder {
    /// Begins a recording in a folder that holds none yet.
    pub(crate) fn begin(folder: &Path, redact: Option<Redact>) -> Result<Self> {
        let failed = |error: io::Error| {
            let message = format!("{} cannot be recorded into: {error}", folder.display());
            Error::new(ErrorKind::Configuration, message)
        };
        private_folder::make(folder).map_err(failed)?;
        let is_taken = fs::read_dir(folder).map_err(failed)?.next().is_some();
        if is_taken {
            let message = format!("{} is not empty, and a recording must be", folder.display());
            return Err(
                Error::new(ErrorKind::Configuration, message).with_hint("Name another folder, or empty this one.")
            );
        }
        let program = format!("usher {}", env!("CARGO_PKG_VERSION"));
        let manifest = usher_adapter_sdk::wire::to_json(&Manifest { format: FORMAT, program });
        write_new(&folder.join(MANIFEST), &manifest).map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), redact, count: AtomicU32::new(0) })
    }

    /// Writes one exchange. That it cannot is said, and is no failure of the request, which has been done.
    pub(crate) fn keep(&self, connection: &str, call: &Call, request: &Request, response: &Response) {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let file = self.folder.join(format!("{number:04}.json"));
        let written = serde_json::to_string_pretty(&recorded(connection, call, request, response))
            .map_err(io::Error::from)
            .and_then(|text| {
                let text = self.redact.as_ref().map_or_else(|| text.clone(), |redact| redact(&text));
                write_new(&file, format!("{text}\n").as_bytes())
            });
        if let Err(error) = written {
            tracing::error!("{} cannot be written: {error}; the recording lacks this exchange", file.display());
        }
    }
}

fn recorded(connection: &str, call: &Call, request: &Request, response: &Response) -> Recorded {
    let body = match &request.body {
        http::Body::Bytes(bytes) => Body::of(bytes),
        http::Body::File(_) => Some(Body::Omitted("a file".to_owned())),
        http::Body::Form { .. } => Some(Body::Omitted("a form with a file".to_owned())),
    };
    Recorded {
        connection: connection.to_owned(),
        operation: call.operation.to_owned(),
        request: Asked {
            method: request.method.as_str().to_owned(),
            url: scrub::url(&request.url).to_string(),
            headers: Headers::of(&scrub::headers(&request.headers)),
            body,
        },
        response: Answered {
            status: response.status.as_u16(),
            headers: Headers::of(&scrub::headers(&response.headers)),
            body: Body::of(&response.body),
        },
    }
}

/// Writes a file that is not there yet and that only its owner may read.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}
