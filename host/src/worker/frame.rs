//! What goes over the socket between host and worker: frames, each a header of JSON and a body of bytes.
//!
//! A frame is the header's length and the body's (32 bits each, the lowest byte first), the header, the body. Headers
//! are small and flat; everything that is passed on unread (messages, tickets, parts of files) is body. What the
//! frames mean is the business of whoever sends them.

use std::{borrow::Cow, io, os::fd::AsFd};

use rustix::{buffer::spare_capacity, io::Errno};
use serde::{Deserialize, Serialize};
use usher_adapter_abi::abi_stable::std_types::RVec;

use crate::transport::REPLY_CAP;

/// The version of the frames and of what they mean.
pub(crate) const PROTOCOL: u32 = 1;

/// The two lengths.
const PREFIX: usize = 8;

/// The greatest header: it holds a name and numbers.
const HEADER_CAP: usize = 64 << 10;

/// The greatest body: a reply, whose own header is part of it.
const BODY_CAP: usize = REPLY_CAP + (1 << 20);

/// How much is asked of the system at once, so that nothing is allocated on the word of a length.
const READ_AT_ONCE: usize = 256 << 10;

/// How much room is kept for the next frames: several pages of tickets.
const KEPT: usize = 4 << 20;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The first frame of both sides: who is there, and what is to be opened.
    Hello,
    /// An operation for the adapter; `head` bytes of the body are its message's header.
    Call,
    /// The answer to a call.
    Result,
    /// A request of the adapter's to the host.
    HostCall,
    /// The answer to that.
    HostResult,
    /// Whoever asked has gone away: of the host's a call, of the worker's a request to the host.
    Cancel,
    /// A line for the log; `status` is its level.
    Log,
    /// Is anybody there? The answer is a ping with the same number.
    Ping,
    /// The host needs this worker no longer.
    Bye,
}

/// The header of a frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header<'a> {
    /// What it is for.
    pub(crate) kind: Kind,
    /// Which call, request or ping it is about.
    #[serde(default)]
    pub(crate) id: u64,
    /// The operation, or the capability.
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Cow<'a, str>>,
    /// How an answer ends, or the level of a line.
    #[serde(default)]
    pub(crate) status: u32,
    /// How many bytes of the body are the header of the message in it.
    #[serde(default)]
    pub(crate) head: usize,
}

impl<'a> Header<'a> {
    /// Returns a header without a name.
    pub(crate) fn new(kind: Kind, id: u64) -> Self {
        Self { kind, id, name: None, status: 0, head: 0 }
    }

    /// Names the operation or the capability.
    pub(crate) fn named(mut self, name: &'a str) -> Self {
        self.name = Some(Cow::Borrowed(name));
        self
    }

    /// Sets the status.
    pub(crate) fn with_status(mut self, status: u32) -> Self {
        self.status = status;
        self
    }
}

/// A frame that has come.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Its header.
    pub(crate) header: Header<'static>,
    /// Its body, the message's header first.
    body: Vec<u8>,
}

impl Frame {
    /// Returns the header of the message and the rest of the body.
    pub(crate) fn into_message(self) -> (Vec<u8>, Vec<u8>) {
        let mut head = self.body;
        let body = head.split_off(self.header.head);
        (head, body)
    }

    /// Returns the operation or the capability.
    pub(crate) fn name(&self) -> &str {
        self.header.name.as_deref().unwrap_or_default()
    }

    /// Returns the body as a whole.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }
}

/// A frame that is about to go: what stands in front, and the rest of the body, which is not copied.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(super) front: Vec<u8>,
    pub(super) body: RVec<u8>,
}

impl Outgoing {
    /// Returns a frame with this message; whatever is too large for the other side to accept is the sender's to refuse.
    pub(crate) fn new(mut header: Header<'_>, message_head: &[u8], body: RVec<u8>) -> Self {
        header.head = message_head.len();
        let mut front = vec![0; PREFIX];
        front.reserve(128 + message_head.len());
        // A header of numbers and a name can always be written; one that could not be would be refused as empty.
        let _ = serde_json::to_writer(&mut front, &header);
        let header_length = front.len() - PREFIX;
        let body_length = message_head.len() + body.len();
        front[..4].copy_from_slice(&length(header_length));
        front[4..PREFIX].copy_from_slice(&length(body_length));
        front.extend_from_slice(message_head);
        Self { front, body }
    }

    /// Returns a frame that is nothing but its header.
    pub(crate) fn bare(header: Header<'_>) -> Self {
        Self::new(header, &[], RVec::new())
    }

    /// Returns how many bytes go.
    pub(super) fn len(&self) -> usize {
        self.front.len() + self.body.len()
    }
}

/// A length that does not fit says the greatest one, which no reader accepts.
fn length(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

/// Why what came is no frame; in words that follow "the worker".
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Violation(pub(crate) String);

/// What reading once came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Nothing will come any more.
    End,
    /// Everything that was there has been read.
    All,
    /// There may be more.
    Some,
}

/// What the socket has given so far.
pub(crate) struct Inbox {
    buffer: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
}

impl Inbox {
    /// Returns an empty one.
    pub(crate) fn new() -> Self {
        Self { buffer: Vec::with_capacity(READ_AT_ONCE), start: 0 }
    }

    /// Reads once.
    pub(crate) fn fill(&mut self, socket: impl AsFd) -> io::Result<Filled> {
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
        }
        if self.buffer.capacity() - self.buffer.len() < READ_AT_ONCE / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
            self.buffer.reserve(READ_AT_ONCE);
        }
        let room = self.buffer.capacity() - self.buffer.len();
        loop {
            match rustix::io::read(&socket, spare_capacity(&mut self.buffer)) {
                Ok(0) => return Ok(Filled::End),
                Ok(count) if count == room => return Ok(Filled::Some),
                Ok(_) => return Ok(Filled::All),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(Filled::All),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Returns the next frame, if the whole of it has come.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, Violation> {
        let there = &self.buffer[self.start..];
        let Some((prefix, rest)) = there.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let header_length = u32::from_le_bytes([prefix[0], prefix[1], prefix[2], prefix[3]]) as usize;
        let body_length = u32::from_le_bytes([prefix[4], prefix[5], prefix[6], prefix[7]]) as usize;
        if header_length > HEADER_CAP || body_length > BODY_CAP {
            return Err(Violation(format!(
                "announced a frame of {header_length} and {body_length} bytes; {HEADER_CAP} and {BODY_CAP} are accepted"
            )));
        }
        let Some((header, rest)) = rest.split_at_checked(header_length) else { return Ok(None) };
        let Some(body) = rest.get(..body_length) else { return Ok(None) };
        let header: Header<'_> =
            serde_json::from_slice(header).map_err(|error| Violation(format!("sent an unreadable frame: {error}")))?;
        if header.head > body_length {
            return Err(Violation("sent a frame whose message is longer than its body".to_owned()));
        }
        let name = header.name.map(|name| Cow::Owned(name.into_owned()));
        let frame = Frame { header: Header { name, ..header }, body: body.to_vec() };
        self.start += PREFIX + header_length + body_length;
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
            if self.buffer.capacity() > KEPT {
                // What one great frame needed is not kept for the small ones after it.
                self.buffer.shrink_to(READ_AT_ONCE);
            }
        }
        Ok(Some(frame))
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write, os::unix::net::UnixStream};

    use super::*;

    fn received(bytes: &[u8]) -> Result<Option<Frame>, Violation> {
        let (mut here, there) = UnixStream::pair().unwrap();
        here.write_all(bytes).unwrap();
        there.set_nonblocking(true).unwrap();
        let mut inbox = Inbox::new();
        inbox.fill(&there).unwrap();
        inbox.next()
    }

    fn bytes(frame: &Outgoing) -> Vec<u8> {
        [&frame.front[..], &frame.body[..]].concat()
    }

    #[test]
    fn a_frame_comes_as_it_went_and_a_part_of_one_does_not() {
        let header = Header::new(Kind::Call, 7).named("get").with_status(3);
        let sent = bytes(&Outgoing::new(header, b"{\"call\":1}", b"body".to_vec().into()));
        for end in 0..sent.len() {
            assert!(received(&sent[..end]).unwrap().is_none(), "{end}");
        }
        let frame = received(&sent).unwrap().unwrap();
        assert_eq!((frame.header.kind, frame.header.id, frame.header.status), (Kind::Call, 7, 3));
        assert_eq!(frame.name(), "get");
        assert_eq!(frame.into_message(), (b"{\"call\":1}".to_vec(), b"body".to_vec()));
    }

    #[test]
    fn several_frames_that_come_at_once_are_all_there() {
        let one = bytes(&Outgoing::bare(Header::new(Kind::Ping, 1)));
        let other = bytes(&Outgoing::new(Header::new(Kind::Log, 2), &[], vec![b'x'; 100].into()));
        let (mut here, there) = UnixStream::pair().unwrap();
        here.write_all(&[&one[..], &other[..], &one[..5]].concat()).unwrap();
        let mut inbox = Inbox::new();
        inbox.fill(&there).unwrap();
        assert_eq!(inbox.next().unwrap().unwrap().header.id, 1);
        assert_eq!(inbox.next().unwrap().unwrap().body().len(), 100);
        assert!(inbox.next().unwrap().is_none());
        here.write_all(&one[5..]).unwrap();
        inbox.fill(&there).unwrap();
        assert_eq!(inbox.next().unwrap().unwrap().header.id, 1);
    }

    #[test]
    fn what_is_no_frame_is_a_violation_before_anything_is_allocated_for_it() {
        let announced = |header: u32, body: u32| [header.to_le_bytes(), body.to_le_bytes()].concat();
        for (sent, expected) in [
            (announced(2, 1 << 30), "announced a frame"),
            (announced(1 << 20, 0), "announced a frame"),
            ([announced(2, 0), b"{}".to_vec()].concat(), "unreadable frame"),
            ([announced(3, 0), b"\xff\xfe\xfd".to_vec()].concat(), "unreadable frame"),
            ([announced(24, 1), br#"{"kind":"log","head":99}x"#.to_vec()].concat(), "longer than its body"),
        ] {
            let violation = received(&sent).unwrap_err();
            assert!(violation.0.contains(expected), "{violation:?}");
        }
    }
}
