//! What a server sends when it does not keep to HTTP: bytes, pauses and ends, one after the other.

use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::connection::Stream;

/// One thing that a server does with a connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends bytes.
    Send(Bytes),
    /// Sends the same bytes again and again, as often as said.
    Repeat(Bytes, u64),
    /// Sends bytes one by one, with a pause before each.
    Trickle(Bytes, Duration),
    /// Waits.
    Wait(Duration),
    /// Says nothing more until the client goes away.
    Silence,
    /// Closes the connection with a reset (RST).
    Reset,
}

/// Steps in their order. After the last one the connection is closed in the ordinary way.
#[derive(Clone, Debug, Default)]
pub struct Script(pub Vec<Step>);

impl Script {
    /// Plays the script until it ends or the client goes away.
    pub(super) async fn play(self, mut stream: Box<dyn Stream>) {
        for step in self.0 {
            if step.play(&mut *stream).await.is_err() {
                return; // The client has gone: there is nobody to play to.
            }
        }
        // A client that has gone already does not need to be told.
        let _ = stream.shutdown().await;
    }
}

impl Step {
    async fn play(self, stream: &mut dyn Stream) -> std::io::Result<()> {
        match self {
            Self::Send(bytes) => send(stream, &bytes).await,
            Self::Repeat(bytes, times) => {
                for _ in 0..times {
                    stream.write_all(&bytes).await?;
                }
                stream.flush().await
            }
            Self::Trickle(bytes, pause) => {
                for byte in bytes {
                    tokio::time::sleep(pause).await;
                    send(stream, &[byte]).await?;
                }
                Ok(())
            }
            Self::Wait(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Self::Silence => until_gone(stream).await,
            Self::Reset => reset(stream),
        }
    }
}

async fn send(stream: &mut dyn Stream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

/// Reads and forgets until the client closes.
async fn until_gone(stream: &mut dyn Stream) -> std::io::Result<()> {
    let mut forgotten = [0; 4096];
    while stream.read(&mut forgotten).await? > 0 {}
    Err(std::io::ErrorKind::UnexpectedEof.into())
}

/// Lets the connection end with a reset once it is dropped, and has it dropped.
pub(super) fn reset(stream: &dyn Stream) -> std::io::Result<()> {
    stream.tcp().set_zero_linger()?;
    Err(std::io::ErrorKind::ConnectionReset.into())
}
