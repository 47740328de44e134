//! A canary in each kind of place where secrets are kept: no output, no file, no process may hold it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver},
    thread,
};

use usher_tests::{Run, World};

/// Every encoding changes something in it.
const CANARY: &str = "k/n+r y?%&<\"tail-of-the-canary";

/// What is left of it in any encoding that keeps letters: nothing of this may be found.
const TAIL: &str = "tail-of-the-canary";

/// The same in base64, however it falls: alone and behind `ada:`, by three.
const IN_BASE64: &[&str] = &["dGFpbC1vZi10aGUtY2FuYXJ5", "YWlsLW9mLXRoZS1jYW5hcn", "aWwtb2YtdGhlLWNhbmFye"];

/// What one request looked like to the platform, and what the processes of the host looked like meanwhile.
struct Seen {
    head: String,
    processes: Vec<u8>,
}

/// A platform that says back what it was sent: in its address, its headers and its body.
struct Echo {
    address: String,
    seen: Receiver<Seen>,
}

impl Echo {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (seeing, seen) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = String::new();
                let mut lines = BufReader::new(stream.try_clone().unwrap());
                while !head.ends_with("\r\n\r\n") && lines.read_line(&mut head).unwrap() > 0 {}
                let first = head.lines().next().unwrap_or_default().to_owned();
                let authorization = head.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization"));
                let told = authorization.map_or(first, str::to_owned);
                let body = format!("you sent {told} and {CANARY}");
                let answer = format!(
                    "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\nconnection: close\r\nx-you-sent: {told}\r\n\r\n{body}",
                    body.len()
                );
                // The host waits for the answer: its worker lives.
                let processes = processes();
                stream.write_all(answer.as_bytes()).unwrap();
                if seeing.send(Seen { head, processes }).is_err() {
                    return;
                }
            }
        });
        Self { address, seen }
    }
}

/// Returns command lines and environments of all processes that may be looked at, but for this one and its own.
#[cfg(target_os = "linux")]
fn processes() -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let is_host = words.windows(5).any(|part| part == b"usher");
        all.extend(words);
        if is_host {
            all.extend(fs::read(entry.path().join("environ")).unwrap_or_default());
        }
    }
    all
}

#[cfg(not(target_os = "linux"))]
fn processes() -> Vec<u8> {
    Vec::new()
}

/// One after the other: each looks at every process of the machine while it runs.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// Returns every file below a folder with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => found.extend(files(&entry.path())),
            kind if kind.is_file() => found.push((entry.path(), fs::read(entry.path()).unwrap())),
            _ => {}
        }
    }
    found
}

#[track_caller]
fn is_clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for piece in [TAIL].iter().chain(IN_BASE64) {
        assert!(!text.contains(piece), "{what} holds `{piece}`: {text}");
    }
}

/// A world with the villain, a file and a program that hold the canary, and a connection with that login.
fn world(echo: &Echo, auth: &str) -> World {
    let world = World::new();
    world.drop_in("repeats_answers");
    fs::write(world.path("secret"), format!("{CANARY}\n")).unwrap();
    world.config(&format!(
        "[adapters]\npath = \"adapters\"\n\n[connections.work]\nadapter = \"villain-repeats-answers\"\n\
         base_url = \"{}\"\n\n[connections.work.auth]\n{auth}\n",
        echo.address
    ));
    world
}

/// Asks for a ticket, and looks for the canary everywhere.
#[track_caller]
fn no_canary_is_left(auth: &str, variable: Option<&str>) -> String {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let echo = Echo::start();
    let world = world(&echo, auth);
    let mut head = String::new();
    for arguments in [&["-vv", "get", "work:REPEATS-ANSWERS-1"][..], &["get", "work:REPEATS-ANSWERS-1", "--json"]] {
        let mut command = world.usher();
        command.args(arguments);
        if let Some(name) = variable {
            command.env(name, CANARY);
        }
        let run: Run = usher_tests::world::finish(command, "");
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains("you sent") && said.contains("***"), "the villain was not heard: {run:#?}");
        is_clean("stdout", run.stdout.as_bytes());
        is_clean("stderr", run.stderr.as_bytes());
        let seen = echo.seen.recv().unwrap();
        // The operator's own environment is where a variable comes from; no other process may have it.
        if variable.is_none() {
            is_clean("a process", &seen.processes);
        }
        head = seen.head;
    }
    for (path, content) in files(&world.path("")) {
        if path != world.path("secret") {
            is_clean(&path.display().to_string(), &content);
        }
    }
    head
}

#[test]
fn a_secret_from_a_file_stays_the_hosts() {
    let head = no_canary_is_left("user = \"ada\"\ntoken = \"file:secret\"", None);
    // `ada:` and the canary, as base64: the platform did get it.
    assert!(head.to_ascii_lowercase().contains("authorization: basic"), "{head}");
    assert!(IN_BASE64.iter().any(|piece| head.contains(piece)), "{head}");
}

#[test]
fn a_secret_from_a_command_stays_the_hosts() {
    let head = no_canary_is_left("bearer = \"command:cat secret\"", None);
    assert!(head.contains(TAIL), "{head}");
}

#[test]
fn a_secret_from_the_environment_stays_the_hosts() {
    let head = no_canary_is_left("bearer = \"${CANARY}\"", Some("CANARY"));
    assert!(head.contains(TAIL), "{head}");
}

#[test]
fn a_secret_in_the_address_stays_the_hosts() {
    let head = no_canary_is_left("key = \"file:secret\"", None);
    assert!(head.lines().next().unwrap().contains(TAIL), "{head}");
}

#[test]
fn a_keyring_that_cannot_be_reached_is_an_error_that_offers_other_places() {
    let echo = Echo::start();
    let run = world(&echo, "bearer = \"keyring:usher/work/bearer\"").run(&["get", "work:REPEATS-ANSWERS-1"]).expect(4);
    assert!(run.stderr.contains("the keyring cannot be asked") && run.stderr.contains("file:PATH"), "{run:#?}");
}

#[test]
fn a_connection_is_added_by_flags_alone() {
    let echo = Echo::start();
    let world = world(&echo, "bearer = \"file:secret\"");
    let adapter = "villain-repeats-answers";
    let url = ["--base-url", echo.address.as_str()];
    let add = |more: &[&str]| world.run(&[&["connection", "add", adapter, "second"], &url[..], more].concat());

    // Not the canary: other tests look for that in command lines meanwhile.
    let run = add(&["--set", "bearer=written-out"]).expect(2);
    assert!(run.stderr.contains("list of processes") && !run.stderr.contains("written-out"), "{run:#?}");
    let run = add(&["--scheme", "pair"]).expect(2);
    assert!(run.stderr.contains("--set user=…, --set token=…"), "{run:#?}");

    let before = fs::read_to_string(world.path("usher.toml")).unwrap();
    add(&["--scheme", "pair", "--set", "user=ada", "--set", "token=file:secret"]).expect(0);
    let after = fs::read_to_string(world.path("usher.toml")).unwrap();
    let added = after.strip_prefix(&before).unwrap();
    assert!(added.contains("[connections.second.auth]\nscheme = \"pair\"\nuser = \"ada\"\ntoken = \"file:secret\""));

    let run = add(&["--set", "bearer=file:secret"]).expect(3);
    assert!(run.stderr.contains("already") && run.stderr.contains("--force"), "{run:#?}");
    add(&["--set", "bearer=file:secret", "--force"]).expect(0);
    world.run(&["config", "validate"]).expect(0);
}
