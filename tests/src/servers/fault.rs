//! Everything that a server can do wrong, each by its name.
//!
//! A fault says what happens to one request. Whether the work is done before is part of it: after a fault that leaves the
//! work undone a client may ask again, after the other kind it must not.

use std::{io::Write as _, time::Duration};

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, write::GzEncoder};

use super::{
    Answer,
    script::{Script, Step},
};

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The connection is reset when its first byte comes, before anything is read. For connections only.
    ResetUnread,
    /// Another answer comes in place of the true one. Nothing is done.
    Instead(Answer),
    /// Bytes come in place of an answer. Nothing is done.
    Script(Script),
    /// The connection is reset after the request was read. Nothing is done.
    ResetBeforeWork,
    /// The work is done, and the true answer comes this much later.
    Late(Duration),
    /// The work is done, and the connection is reset before any byte of the answer.
    ResetAfterWork,
    /// The work is done; the head and so many bytes of the body arrive, and then the connection is reset.
    CutAfterWork(usize),
    /// The work is done; the head and so many bytes of the body arrive, and then the connection is closed as if that were all.
    CloseInBody(usize),
    /// The work is done and answered, and the connection is closed although nothing said so.
    CloseAfterAnswer,
    /// The work is done; the announced length is so many bytes less than what comes.
    LengthTooShort(usize),
    /// The work is done; the announced length is so many bytes more than what comes, and the connection stays open.
    LengthTooLong(usize),
    /// The work is done, and the true answer comes byte by byte with this pause.
    Trickle(Duration),
}

/// What the server does then.
pub(super) enum Course {
    /// Answers.
    Answer(Answer),
    /// Answers after some time.
    Late(Duration, Answer),
    /// Takes the connection from HTTP.
    Play(Script),
}

impl Fault {
    /// Returns an answer without a body, in place of the true one.
    pub fn status(status: u16) -> Self {
        Self::Instead(Answer::new(status))
    }

    /// Returns an answer that says when to ask again: seconds, a date, or nonsense.
    pub fn retry_after(status: u16, when: &str) -> Self {
        Self::Instead(Answer::new(status).header("retry-after", when))
    }

    /// Returns a redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::Instead(Answer::new(status).header("location", location))
    }

    /// Returns a redirect that leads to the same place again. It loops for as long as the rule gives it.
    pub fn redirect_loop() -> Self {
        Self::redirect(302, "?again=1")
    }

    /// Returns a redirect to a page for people, as a gateway in front of a server sends it.
    pub fn login_page() -> Self {
        let page = "<!doctype html><title>Sign in</title><p>Please <a href=\"/login\">sign in</a>.";
        Self::Instead(Answer::html(302, page).header("location", "/login"))
    }

    /// Returns a page for people with status 200, where JSON was asked for.
    pub fn html() -> Self {
        Self::Instead(Answer::html(200, "<!doctype html><title>Maintenance</title><p>We will be back soon."))
    }

    /// Returns a server that accepts, reads, and never answers.
    pub fn silence() -> Self {
        Self::Script(Script(vec![Step::Silence]))
    }

    /// Returns an answer of so many mebibytes, a thousandth of that on the wire.
    pub fn gzip_bomb(mebibytes: u64) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n\r\n";
        let (start, block) = bomb();
        Self::Script(Script(vec![
            Step::Send(head.into()),
            Step::Send(start),
            Step::Repeat(block, mebibytes),
            // An empty last block; the checksum after it is missing, since it is the size that must be refused.
            Step::Send(Bytes::from_static(&[0x03, 0x00])),
        ]))
    }

    /// Returns an answer whose headers do not end.
    pub fn endless_headers() -> Self {
        let line = "x-more: and more and more and more and more and more and more\r\n".repeat(64);
        Self::Script(Script(vec![Step::Send("HTTP/1.1 200 OK\r\n".into()), Step::Repeat(line.into(), u64::MAX)]))
    }

    /// Returns an answer whose body does not end.
    pub fn endless_body() -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[";
        let items = "{\"number\":1},".repeat(512);
        Self::Script(Script(vec![Step::Send(head.into()), Step::Repeat(items.into(), u64::MAX)]))
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::ResetUnread => "reset unread",
            Self::Instead(_) => "instead",
            Self::Script(_) => "script",
            Self::ResetBeforeWork => "reset before work",
            Self::Late(_) => "late",
            Self::ResetAfterWork => "reset after work",
            Self::CutAfterWork(_) => "cut after work",
            Self::CloseInBody(_) => "close in body",
            Self::CloseAfterAnswer => "close after answer",
            Self::LengthTooShort(_) => "length too short",
            Self::LengthTooLong(_) => "length too long",
            Self::Trickle(_) => "trickle",
        }
    }

    /// Says what happens. The work is done by whoever calls `work`, and only by them.
    pub(super) fn course(self, work: impl FnOnce() -> Answer) -> Course {
        let steps = match self {
            Self::Instead(answer) => return Course::Answer(answer),
            Self::Late(time) => return Course::Late(time, work()),
            Self::ResetUnread => panic!("a request that came this far was read: give this fault to a connection"),
            Self::Script(script) => return Course::Play(script),
            Self::ResetBeforeWork => vec![Step::Reset],
            Self::ResetAfterWork => {
                work();
                vec![Step::Reset]
            }
            Self::CutAfterWork(bytes) => vec![Step::Send(part(&work(), bytes)), Step::Reset],
            Self::CloseInBody(bytes) => vec![Step::Send(part(&work(), bytes))],
            Self::CloseAfterAnswer => vec![Step::Send(whole(&work(), |length| length))],
            Self::LengthTooShort(bytes) => {
                vec![Step::Send(whole(&work(), |length| length.saturating_sub(bytes))), Step::Silence]
            }
            Self::LengthTooLong(bytes) => vec![Step::Send(whole(&work(), |length| length + bytes)), Step::Silence],
            Self::Trickle(pause) => vec![Step::Trickle(whole(&work(), |length| length), pause)],
        };
        Course::Play(Script(steps))
    }
}

/// Returns the head, with the true length, and the beginning of the body.
fn part(answer: &Answer, bytes: usize) -> Bytes {
    let mut sent = answer.head(answer.body.len()).into_bytes();
    sent.extend_from_slice(&answer.body[..bytes.min(answer.body.len())]);
    sent.into()
}

/// Returns the whole answer with a length that may be made up.
fn whole(answer: &Answer, length: impl FnOnce(usize) -> usize) -> Bytes {
    let mut sent = answer.head(length(answer.body.len())).into_bytes();
    sent.extend_from_slice(&answer.body);
    sent.into()
}

/// Returns the beginning of a gzip stream, and a block that stands for a mebibyte and can be repeated.
fn bomb() -> (Bytes, Bytes) {
    let mut empty = GzEncoder::new(Vec::new(), Compression::best());
    empty.flush().expect("a vector takes everything");
    let mut start = empty.get_ref().clone();
    start.truncate(10); // The header of a gzip stream without a name has ten bytes.

    let spaces = vec![b' '; 1 << 20];
    let mut block = Vec::with_capacity(1 << 16);
    let mut compress = Compress::new(Compression::best(), false);
    // A full flush ends at a byte, and what comes after it refers to nothing before it.
    compress.compress_vec(&spaces, &mut block, FlushCompress::Full).expect("spaces can be compressed");
    (start.into(), block.into())
}
