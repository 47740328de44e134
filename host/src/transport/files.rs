//! Files that the host opens and adapters fill or read by a number.

use std::{
    collections::HashMap,
    io::{Read, Write},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use usher_adapter_sdk::{Error, ErrorKind, Result};

/// The greatest part that is read at once.
const LARGEST_PART: u64 = 1 << 20;

type Sink = Arc<Mutex<Counted<dyn Write + Send>>>;
type Source = Arc<Mutex<dyn Read + Send>>;

/// Something to write into, and how many bytes it has taken.
struct Counted<W: ?Sized> {
    bytes: u64,
    file: W,
}

/// The files that are open for adapters.
#[derive(Default)]
pub struct Files {
    next: AtomicU64,
    sinks: Mutex<HashMap<u64, Sink>>,
    sources: Mutex<HashMap<u64, Source>>,
}

impl Files {
    /// Opens something to write into, and returns its number.
    pub fn open_sink(&self, sink: impl Write + Send + 'static) -> u64 {
        let handle = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        lock(&self.sinks).insert(handle, Arc::new(Mutex::new(Counted { bytes: 0, file: sink })));
        handle
    }

    /// Opens something to read from, and returns its number.
    pub fn open_source(&self, source: impl Read + Send + 'static) -> u64 {
        let handle = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        lock(&self.sources).insert(handle, Arc::new(Mutex::new(source)));
        handle
    }

    /// Closes a file: from here on its number means nothing. Returns how many bytes were written into it.
    pub fn close(&self, handle: u64) -> u64 {
        lock(&self.sources).remove(&handle);
        let sink = lock(&self.sinks).remove(&handle);
        sink.map_or(0, |sink| lock(&sink).bytes)
    }

    pub(crate) fn write(&self, handle: u64, bytes: &[u8]) -> Result<()> {
        let sink = lock(&self.sinks).get(&handle).cloned().ok_or_else(|| closed("sink", handle))?;
        let mut sink = lock(&sink);
        let written = sink.file.write_all(bytes);
        sink.bytes += bytes.len() as u64;
        written.map_err(|error| {
            Error::new(ErrorKind::Configuration, format!("the file cannot be written: {error}"))
                .with_hint("Make room, or name another place with `--output`.")
        })
    }

    pub(crate) fn read(&self, handle: u64, most: u64) -> Result<Vec<u8>> {
        let source = lock(&self.sources).get(&handle).cloned().ok_or_else(|| closed("source", handle))?;
        let mut part = Vec::new();
        let read = Read::take(&mut *lock(&source), most.min(LARGEST_PART)).read_to_end(&mut part);
        read.map_err(|error| Error::new(ErrorKind::Validation, format!("the file cannot be read: {error}")))?;
        Ok(part)
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed(what: &str, handle: u64) -> Error {
    Error::not_found(format_args!("the open {what} {handle}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_file_is_not_found_and_an_open_one_is_read_in_parts() {
        let files = Files::default();
        let handle = files.open_source(&b"hello"[..]);
        assert_eq!(files.read(handle, 4).unwrap(), b"hell");
        assert_eq!(files.read(handle, 4).unwrap(), b"o");
        assert_eq!(files.read(handle, 4).unwrap(), b"");
        files.close(handle);
        assert_eq!(files.read(handle, 4).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(files.write(handle, b"x").unwrap_err().kind(), ErrorKind::NotFound);
    }
}
