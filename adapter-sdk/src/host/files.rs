//! Files of the host's that an adapter fills or reads without knowing where they are.

use super::{Body, Host};
use crate::{
    Result,
    wire::{SinkArgs, SourceArgs, capability},
};

/// Where the bytes of a download go.
#[derive(Debug, Clone)]
pub struct FileSink {
    host: Host,
    handle: u64,
}

impl FileSink {
    pub(crate) fn new(host: Host, handle: u64) -> Self {
        Self { host, handle }
    }

    /// Writes bytes at the end of the file.
    pub async fn write(&self, bytes: impl Into<Vec<u8>>) -> Result<()> {
        let args = SinkArgs { sink: self.handle };
        self.host.call(capability::SINK_WRITE, &args, bytes.into()).await.map(drop)
    }

    pub(crate) fn handle(&self) -> u64 {
        self.handle
    }
}

/// Where the bytes of an upload come from.
#[derive(Debug, Clone)]
pub struct FileSource {
    host: Host,
    handle: u64,
}

impl FileSource {
    pub(crate) fn new(host: Host, handle: u64) -> Self {
        Self { host, handle }
    }

    /// Reads the next bytes, so many at most; none are left when the answer is empty.
    pub async fn read(&self, most: u64) -> Result<Body> {
        let args = SourceArgs { source: self.handle, most };
        self.host.call(capability::SOURCE_READ, &args, Vec::new()).await.map(|(_, body)| body)
    }

    pub(crate) fn handle(&self) -> u64 {
        self.handle
    }
}
