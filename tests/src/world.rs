//! A home of its own for every test: nothing of the machine's configuration reaches the program.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::plugins;

/// A home, a folder for drop-ins, and a configuration.
pub struct World {
    home: TempDir,
    program: PathBuf,
}

/// What a run of the program came to.
#[derive(Debug)]
pub struct Run {
    /// The number of its process.
    pub id: u32,
    /// The exit code; absent if a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it said beside.
    pub stderr: String,
    /// How long it took.
    pub time: Duration,
}

impl Run {
    /// Returns stdout as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }

    /// Checks the exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

impl World {
    /// Returns a world with an empty configuration and no drop-ins.
    pub fn new() -> Self {
        Self::with_program(plugins::program())
    }

    /// Returns a world for another build of the program.
    pub fn with_program(program: PathBuf) -> Self {
        let home = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(home.path().join("adapters")).expect("a folder can be made");
        Self { home, program }
    }

    /// Returns a world with the sample tickets, copied, behind the connection `work`.
    pub fn with_samples() -> Self {
        let world = Self::new();
        world.drop_in("usher_example_folder");
        world.samples();
        world
    }

    /// Copies the sample tickets, and configures the connection `work` for them.
    pub fn samples(&self) {
        let samples = plugins::workspace().join("examples/folder/tickets");
        copy_folder(&samples, &self.path("tickets"));
        self.config(
            "[adapters]\npath = \"adapters\"\n\n[adapters.folder.grants]\nfilesystem = [\"tickets:rw\"]\n\n[connections.work]\nadapter = \"folder\"\n\n\
             [connections.work.options]\npath = \"tickets\"\nme = \"mara\"\n",
        );
    }

    /// Returns a path in this world.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.home.path().join(path)
    }

    /// Writes the configuration.
    pub fn config(&self, text: &str) {
        fs::write(self.path("usher.toml"), text).expect("a file can be written");
    }

    /// Drops an adapter in.
    pub fn drop_in(&self, name: &str) {
        let library = plugins::library(name);
        let file = library.file_name().expect("a library has a name");
        fs::copy(&library, self.path("adapters").join(file)).expect("a library can be copied");
    }

    /// Drops a built-in adapter in with a version that is higher than the built-in's: nothing else of the file is changed.
    ///
    /// Its record is five texts, each after its length; the version comes after the package's name.
    pub fn drop_in_newer(&self, package: &str) {
        let library = plugins::library(&package.replace('-', "_"));
        let mut bytes = fs::read(&library).expect("a library can be read");
        let name = package.as_bytes();
        let places: Vec<usize> =
            bytes.windows(name.len()).enumerate().filter(|(_, it)| *it == name).map(|(at, _)| at).collect();
        let mut raised = 0;
        for place in places {
            let length = place + name.len();
            let version = length + 4;
            // The name stands in other places too, where no version follows it.
            let is_version = bytes.get(length..version).is_some_and(|length| matches!(length, [3..=20, 0, 0, 0]))
                && bytes.get(version..version + 2).is_some_and(|text| text[0].is_ascii_digit() && text[1] == b'.');
            if is_version {
                bytes[version] = b'9';
                raised += 1;
            }
        }
        assert!(raised > 0, "the library has a record");
        let file = library.file_name().expect("a library has a name");
        fs::write(self.path("adapters").join(file), bytes).expect("a library can be written");
    }

    /// Returns the program, ready to be run in this world.
    pub fn usher(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().current_dir(self.home.path());
        command.env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin").env("NO_COLOR", "1");
        command.args(["--adapter-path"]).arg(self.path("adapters"));
        if self.path("usher.toml").exists() {
            command.arg("--config").arg(self.path("usher.toml"));
        }
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.usher();
        command.args(arguments);
        finish(command, "")
    }

    /// Runs the program below a shell that has been told this first, such as a limit.
    pub fn run_below(&self, shell: &str, arguments: &[&str]) -> Run {
        let program = self.usher();
        let mut command = Command::new("/bin/sh");
        command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(self.home.path());
        command.arg("-c").arg(format!("{shell}; exec \"$@\"")).arg("sh").arg(program.get_program());
        command.args(program.get_args()).args(arguments);
        finish(command, "")
    }

    /// Runs the program with something on its stdin.
    pub fn run_with(&self, arguments: &[&str], stdin: &str) -> Run {
        let mut command = self.usher();
        command.args(arguments);
        finish(command, stdin)
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the worker processes that a host has started and that still live, those that nobody waits for included.
#[cfg(target_os = "linux")]
pub fn workers_of(host: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("there is a list of processes");
    let numbers = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let is_worker = |process: &u32| {
        let words = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let mut words = words.split(|byte| *byte == 0).skip(1);
        words.next() == Some(b"__worker") && words.next() == Some(host.to_string().as_bytes())
    };
    numbers.filter(is_worker).collect()
}

/// Returns the worker processes that live on although their host has ended. One that is killed with it needs a moment to go.
#[cfg(target_os = "linux")]
pub fn left_behind_by(host: u32) -> Vec<u32> {
    let start = Instant::now();
    loop {
        let left = workers_of(host);
        if left.is_empty() || start.elapsed() > Duration::from_secs(10) {
            return left;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Runs a command to its end.
pub fn finish(mut command: Command, stdin: &str) -> Run {
    let start = Instant::now();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let id = child.id();
    let mut pipe = child.stdin.take().expect("stdin is a pipe");
    // A program that does not read its stdin may be gone already.
    let _ = pipe.write_all(stdin.as_bytes());
    drop(pipe);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    Run {
        id,
        code: status.code(),
        stdout: String::from_utf8(stdout).expect("stdout is text"),
        stderr: String::from_utf8(stderr).expect("stderr is text"),
        time: start.elapsed(),
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("an entry has a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
