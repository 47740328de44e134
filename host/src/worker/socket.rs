//! One end of the socket: frames go out in their order without anybody waiting, and come in one by one.

use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    os::{fd::OwnedFd, unix::net},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rustix::io::Errno;
use tokio::{io::Interest, net::UnixStream, sync::Notify};

use super::frame::{Filled, Frame, Inbox, Outgoing, Violation};

/// How many bytes may wait for the other side to read them, before it is told nothing more.
pub(crate) const MOST_WAITING: usize = 256 << 20;

/// One end of the socket, for sending; it can be used from any thread.
#[derive(Clone)]
pub(crate) struct Outbox(Arc<Shared>);

struct Shared {
    /// Read and written with the plain system calls: a worker has no others for sockets.
    socket: UnixStream,
    queue: Mutex<Queue>,
    /// Something is left that the socket did not take at once.
    left: Notify,
    /// Everything has gone.
    empty: Notify,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Outgoing>,
    /// How much of the first one has gone.
    gone: usize,
    bytes: usize,
    closed: bool,
}

/// The other half of that end, for receiving.
pub(crate) struct Receiver {
    shared: Arc<Shared>,
    inbox: Inbox,
}

/// Why nothing more will come.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The other side has closed its end.
    Closed,
    /// What came is no frame.
    Violation(Violation),
    /// The system has refused to read.
    Failed(io::Error),
}

/// Takes one end of a socket into this runtime.
pub(crate) fn open(socket: OwnedFd) -> io::Result<(Outbox, Receiver)> {
    let socket = net::UnixStream::from(socket);
    socket.set_nonblocking(true)?;
    let shared = Arc::new(Shared {
        socket: UnixStream::from_std(socket)?,
        queue: Mutex::default(),
        left: Notify::new(),
        empty: Notify::new(),
    });
    Ok((Outbox(shared.clone()), Receiver { shared, inbox: Inbox::new() }))
}

impl Outbox {
    /// Sends a frame: at once as far as the socket takes it, the rest when it does. Says whether it can still go.
    pub(crate) fn send(&self, frame: Outgoing) -> bool {
        let mut queue = self.0.queue();
        if queue.closed {
            return false;
        }
        queue.bytes += frame.len();
        let was_empty = queue.frames.is_empty();
        queue.frames.push_back(frame);
        if was_empty && !queue.write(&self.0.socket) {
            self.0.left.notify_one();
        }
        !queue.closed
    }

    /// Returns how many bytes wait for the other side to read them.
    pub(crate) fn waiting(&self) -> usize {
        self.0.queue().bytes
    }

    /// Sends what the socket did not take at once, for as long as this is polled.
    pub(crate) async fn pump(&self) {
        loop {
            self.0.left.notified().await;
            loop {
                if self.0.socket.writable().await.is_err() {
                    return;
                }
                let written = self.0.socket.try_io(Interest::WRITABLE, || match self.0.queue().write(&self.0.socket) {
                    true => Ok(()),
                    false => Err(io::ErrorKind::WouldBlock.into()),
                });
                if written.is_ok() {
                    break;
                }
            }
            self.0.empty.notify_waiters();
        }
    }

    /// Waits until everything has gone.
    pub(crate) async fn flushed(&self) {
        loop {
            let empty = self.0.empty.notified();
            if self.waiting() == 0 {
                return;
            }
            empty.await;
        }
    }

    /// Sends nothing any more, and tells the other side so.
    pub(crate) fn close(&self) {
        let mut queue = self.0.queue();
        queue.close();
        // The other side may have gone already.
        let _ = rustix::net::shutdown(&self.0.socket, rustix::net::Shutdown::Both);
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Writes what the socket takes, and says whether nothing is left.
    fn write(&mut self, socket: &UnixStream) -> bool {
        while let Some(frame) = self.frames.front() {
            let front = frame.front.get(self.gone..).unwrap_or_default();
            let body = &frame.body[self.gone.saturating_sub(frame.front.len())..];
            match rustix::io::writev(socket, &[IoSlice::new(front), IoSlice::new(body)]) {
                Ok(count) => {
                    self.gone += count;
                    self.bytes = self.bytes.saturating_sub(count);
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return false,
                Err(_) => {
                    // The reader of this end will see why.
                    self.close();
                    return true;
                }
            }
            if self.frames.front().is_some_and(|frame| self.gone >= frame.len()) {
                self.gone = 0;
                self.frames.pop_front();
            }
        }
        true
    }

    fn close(&mut self) {
        self.closed = true;
        self.frames.clear();
        (self.bytes, self.gone) = (0, 0);
    }
}

impl Receiver {
    /// Waits for the next frame.
    pub(crate) async fn next(&mut self) -> Result<Frame, Ended> {
        loop {
            if let Some(frame) = self.inbox.next().map_err(Ended::Violation)? {
                return Ok(frame);
            }
            self.shared.socket.readable().await.map_err(Ended::Failed)?;
            let mut filled = Filled::All;
            let read = self.shared.socket.try_io(Interest::READABLE, || {
                filled = self.inbox.fill(&self.shared.socket)?;
                // Everything has been read: the next thing to do is to wait.
                if filled == Filled::All { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
            });
            match read {
                Ok(()) if filled == Filled::End => return Err(Ended::Closed),
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Err(Ended::Closed),
                Err(error) => return Err(Ended::Failed(error)),
            }
        }
    }
}
