//! One worker process: how it is started, what it says on stderr, how it ends.
//!
//! A thread stands beside each process for as long as it lives: it starts it, reads its stderr and takes its end.
//! That the thread lives so long is needed: the system's signal for the death of a parent is about the thread that
//! started the child, not about the process.

use std::{
    fmt,
    io::{self, Read},
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::CommandExt, process::ExitStatusExt},
    },
    path::PathBuf,
    process::{self, Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};
use tokio::sync::{oneshot, watch};

use crate::{
    transport::{
        Logger,
        flood::{Admission, FloodGate, missing},
    },
    worker::ARGUMENT,
};

/// A line of stderr that is longer is cut.
const LONGEST_LINE: usize = 4096;

/// How many of the last lines are kept for the report of a crash.
const TAIL: usize = 10;

/// The level at which a drop-in's stderr is logged: like a warning, since nobody knows what it is.
const STDERR_LEVEL: u32 = 2;

/// How a process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exit {
    /// In words that follow "its process".
    pub(super) how: String,
    /// The last lines that it wrote to stderr.
    pub(super) tail: Vec<String>,
}

/// A process that was started; dropping this ends it.
pub(super) struct Process {
    control: Arc<Control>,
    exit: watch::Receiver<Option<Exit>>,
}

/// What can be done to it; the number of a process that has been waited for may be somebody else's.
#[derive(Default)]
struct Control(Mutex<Option<Pid>>);

impl Control {
    fn pid(&self) -> MutexGuard<'_, Option<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kill(&self) {
        if let Some(pid) = *self.pid() {
            // It may have ended by itself just now.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.control.kill();
    }
}

impl Process {
    /// Starts a worker, and returns it with the host's end of the socket.
    pub(super) async fn start(
        program: PathBuf,
        adapter: &str,
        connection: &str,
        logger: Arc<dyn Logger>,
    ) -> io::Result<(Self, OwnedFd)> {
        let (ours, theirs) = UnixStream::pair()?;
        for end in [&ours, &theirs] {
            // As much as the system allows: a page of tickets then goes at once, and nobody has to wake anybody for its rest.
            rustix::net::sockopt::set_socket_send_buffer_size(end, 1 << 20)?;
        }
        let control = Arc::new(Control::default());
        let (started, has_started) = oneshot::channel();
        let (ended, exit) = watch::channel(None);
        let (watched, adapter, connection) = (control.clone(), adapter.to_owned(), connection.to_owned());
        let thread = thread::Builder::new().name(format!("worker {adapter}"));
        thread.spawn(move || {
            let spawned = spawn(program, &adapter, &connection, theirs);
            let (child, stderr) = match spawned {
                Ok(spawned) => spawned,
                Err(error) => return drop(started.send(Err(error))),
            };
            *watched.pid() = Pid::from_raw(child.id().cast_signed());
            if started.send(Ok(())).is_err() {
                // Whoever wanted it has gone away.
                watched.kill();
            }
            let tail = follow(stderr, &connection, &*logger);
            let how = reap(child, &watched);
            ended.send_replace(Some(Exit { how, tail }));
        })?;
        has_started.await.unwrap_or_else(|_| Err(io::Error::other("the thread beside the process has ended")))?;
        Ok((Self { control, exit }, ours.into()))
    }

    /// Ends the process and everything that it has started, at once.
    pub(super) fn kill(&self) {
        self.control.kill();
    }

    /// Returns how it ended, when it has.
    pub(super) async fn exit(&self) -> Exit {
        let mut exit = self.exit.clone();
        match exit.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(exit)) => exit.clone(),
            _ => Exit { how: "ended, and nobody saw how".to_owned(), tail: Vec::new() },
        }
    }
}

/// Starts the process: its stdin is the socket, and what it prints is stderr, also what goes to stdout.
fn spawn(program: PathBuf, adapter: &str, connection: &str, socket: UnixStream) -> io::Result<(Child, impl Read)> {
    let (stderr, theirs) = io::pipe()?;
    let mut command = Command::new(program);
    // Adapter and connection are for those who look at the list of processes.
    command.arg0("usher").arg(ARGUMENT).arg(process::id().to_string()).args([adapter, connection]);
    command.env_clear().process_group(0);
    command.stdin(Stdio::from(OwnedFd::from(socket))).stdout(theirs.try_clone()?).stderr(theirs);
    Ok((command.spawn()?, stderr))
}

/// Passes on what a process writes to stderr, line by line, and returns the last ones.
fn follow(mut stderr: impl Read, connection: &str, logger: &dyn Logger) -> Vec<String> {
    let mut lines = Lines { gate: FloodGate::default(), tail: Vec::new(), connection, logger };
    let (mut part, mut line, mut is_cut) = ([0; 16 << 10], Vec::new(), false);
    loop {
        let count = match stderr.read(&mut part) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        for piece in part[..count].split_inclusive(|byte| *byte == b'\n') {
            let (text, is_end) = piece.strip_suffix(b"\n").map_or((piece, false), |text| (text, true));
            let room = LONGEST_LINE.saturating_sub(line.len());
            is_cut |= text.len() > room;
            line.extend_from_slice(&text[..text.len().min(room)]);
            if is_end {
                lines.take(&line, is_cut);
                line.clear();
                is_cut = false;
            }
        }
    }
    if !line.is_empty() {
        lines.take(&line, is_cut);
    }
    lines.end()
}

struct Lines<'a> {
    gate: FloodGate,
    tail: Vec<String>,
    connection: &'a str,
    logger: &'a dyn Logger,
}

impl Lines<'_> {
    fn take(&mut self, line: &[u8], is_cut: bool) {
        let mut text = String::from_utf8_lossy(line).into_owned();
        if is_cut {
            text.push('…');
        }
        match self.gate.line(Instant::now()) {
            Admission::Pass => self.log(&text),
            Admission::PassAfter(count) => {
                self.log(&missing(count));
                self.log(&text);
            }
            Admission::HoldBack => {}
        }
        if self.tail.len() == TAIL {
            self.tail.remove(0);
        }
        self.tail.push(text);
    }

    fn log(&self, text: &str) {
        self.logger.line(STDERR_LEVEL, self.connection, &format!("stderr: {text}"));
    }

    fn end(mut self) -> Vec<String> {
        match self.gate.held_back() {
            0 => {}
            count => self.log(&missing(count)),
        }
        self.tail
    }
}

/// Waits for the end of a process, and says how it came.
fn reap(mut child: Child, control: &Control) -> String {
    let pid = *control.pid();
    if let Some(pid) = pid {
        // Its number stays its own until it is waited for below, so nobody else's can be hit in between.
        while matches!(waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT), Err(Errno::INTR)) {}
        control.kill();
    }
    let mut pid = control.pid();
    let status = child.wait();
    *pid = None;
    match status {
        Ok(status) => Ended(status).to_string(),
        Err(error) => format!("cannot be waited for: {error}"),
    }
}

/// Says how a process ended, in words that follow "its process".
struct Ended(ExitStatus);

/// The signals that tell something, and what.
const SIGNALS: &[(Signal, &str)] = &[
    (Signal::ABORT, "SIGABRT (it gave up by itself)"),
    (Signal::BUS, "SIGBUS (memory that is not there)"),
    (Signal::FPE, "SIGFPE (arithmetic)"),
    (Signal::ILL, "SIGILL (an illegal instruction)"),
    (Signal::KILL, "SIGKILL (somebody else, or the system for want of memory)"),
    (Signal::SEGV, "SIGSEGV (memory that is not its own)"),
    (Signal::SYS, "SIGSYS (a forbidden system call)"),
    (Signal::TERM, "SIGTERM (somebody else)"),
    (Signal::XCPU, "SIGXCPU (it used up its CPU time)"),
    (Signal::XFSZ, "SIGXFSZ (it wrote too large a file)"),
];

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.signal(), self.0.code()) {
            (Some(number), _) => match SIGNALS.iter().find(|(signal, _)| signal.as_raw() == number) {
                Some((_, name)) => write!(f, "was ended by {name}"),
                None => write!(f, "was ended by signal {number}"),
            },
            (None, Some(code)) => write!(f, "ended by itself with exit code {code}"),
            (None, None) => f.write_str("ended, and the system does not say how"),
        }
    }
}
