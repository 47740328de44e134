//! `connection add` with somebody at a terminal: a pseudo-terminal here, which echoes like a real one.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::Child,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use pty_process::blocking::{Command, Pty, open};
use rustix::termios::{LocalModes, tcgetattr};
use usher_tests::World;

/// What is typed where nobody may see it.
const SECRET: &str = "typed-s3cret";

/// How long a question may take to appear. Nothing waits so long unless it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program at a terminal, and what stands on that.
struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    parts: Receiver<Vec<u8>>,
    shown: String,
}

impl Terminal {
    fn start(world: &World, arguments: &[&str]) -> Self {
        let program = world.usher();
        let (pty, pts) = open().unwrap();
        let command = Command::new(program.get_program()).args(program.get_args()).args(arguments).env_clear();
        let command = command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // Nobody's own keyring is asked, whoever runs the tests.
        let command = command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").current_dir(world.path("."));
        let child = command.spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let (read, parts) = mpsc::channel();
        let reading = Arc::clone(&pty);
        thread::spawn(move || {
            let mut part = [0; 4096];
            // It ends with an error once the program has gone.
            while let Ok(count @ 1..) = (&*reading).read(&mut part) {
                if read.send(part[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { pty, child, parts, shown: String::new() }
    }

    /// Waits for a question whose answer is not shown, and answers it.
    ///
    /// The question is there a moment before the terminal stops to show what is typed.
    #[track_caller]
    fn answer_unseen(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        let begin = Instant::now();
        while tcgetattr(&*self.pty).unwrap().local_modes.contains(LocalModes::ECHO) {
            assert!(begin.elapsed() < PATIENCE, "what is typed is shown: {}", self.shown);
            thread::yield_now();
        }
        self.write(answer);
    }

    /// Waits for a question and answers it.
    #[track_caller]
    fn answer(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        self.write(answer);
    }

    #[track_caller]
    fn wait_for(&mut self, question: &str) {
        while !self.shown.contains(question) {
            match self.parts.recv_timeout(PATIENCE) {
                Ok(part) => self.shown += &String::from_utf8_lossy(&part),
                Err(error) => panic!("`{question}` was not asked: {error}; {}", self.shown),
            }
        }
    }

    fn write(&self, answer: &str) {
        (&*self.pty).write_all(format!("{answer}\n").as_bytes()).unwrap();
    }

    /// Waits for the end, and returns the exit code and all that was shown.
    fn end(mut self) -> (Option<i32>, String) {
        while let Ok(part) = self.parts.recv_timeout(PATIENCE) {
            self.shown += &String::from_utf8_lossy(&part);
        }
        (self.child.wait().unwrap().code(), self.shown)
    }
}

/// A world with an adapter that has a login, and no connection.
fn world() -> World {
    let world = World::new();
    world.drop_in("repeats_answers");
    world.config("[adapters]\npath = \"adapters\"\n");
    world
}

/// The arguments of a new connection, of which only the secret is missing.
const ADD: &[&str] = &[
    "connection",
    "add",
    "villain-repeats-answers",
    "work",
    "--base-url",
    "http://127.0.0.1:9",
    "--scheme",
    "bearer",
    "--no-check",
];

#[test]
fn a_secret_is_asked_for_without_an_echo_and_without_a_keyring_nothing_is_written() {
    let world = world();
    let before = fs::read_to_string(world.path("usher.toml")).unwrap();
    let mut terminal = Terminal::start(&world, ADD);
    terminal.answer_unseen("(is not shown): ", SECRET);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(4), "{shown}");
    assert!(shown.contains("the keyring cannot be asked") && shown.contains("--no-keyring"), "{shown}");
    assert!(!shown.contains(SECRET), "{shown}");
    assert_eq!(fs::read_to_string(world.path("usher.toml")).unwrap(), before);
}

#[test]
fn with_no_keyring_a_reference_is_asked_for_and_written() {
    let world = world();
    let mut terminal = Terminal::start(&world, &[ADD, &["--no-keyring"]].concat());
    terminal.answer("bearer", "file:secret");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains("is not shown"), "{shown}");
    let written = fs::read_to_string(world.path("usher.toml")).unwrap();
    assert!(written.contains("[connections.work.auth]") && written.contains("bearer = \"file:secret\""), "{written}");
}

#[test]
fn a_secret_in_place_of_a_reference_is_not_written() {
    let world = world();
    let before = fs::read_to_string(world.path("usher.toml")).unwrap();
    let mut terminal = Terminal::start(&world, &[ADD, &["--no-keyring"]].concat());
    terminal.answer("bearer", SECRET);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("give a reference to it"), "{shown}");
    assert_eq!(fs::read_to_string(world.path("usher.toml")).unwrap(), before);
}
