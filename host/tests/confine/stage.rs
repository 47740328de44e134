//! How a scene is set up, played in a child, and looked at afterwards.

use std::{
    env, fs,
    io::Read,
    os::{fd::OwnedFd, unix::process::ExitStatusExt},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;
use usher::worker::confine::{self, Confined, Limits, PathGrant, Plan};

use crate::scenes::SCENES;

/// What a child does, and how that ends.
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) play: fn(&Stage),
    pub(crate) end: End,
}

/// How a child ends.
pub(crate) enum End {
    Well,
    BySignal(i32),
}

const SCENE: &str = "USHER_CONFINE_SCENE";
const FOLDER: &str = "USHER_CONFINE_FOLDER";
/// A child that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with a library, a secret, and folders to be granted.
pub(crate) struct Stage {
    folder: PathBuf,
}

impl Stage {
    /// Returns the scene and the stage if this process is a child.
    pub(crate) fn of_child() -> Option<(&'static Scene, Self)> {
        let name = env::var(SCENE).ok()?;
        let folder = PathBuf::from(env::var_os(FOLDER)?);
        let scene = SCENES.iter().find(|scene| scene.name == name)?;
        Some((scene, Self { folder }))
    }

    fn build() -> (TempDir, Self) {
        let folder = TempDir::new().expect("a folder for the test");
        let stage = Self { folder: folder.path().canonicalize().expect("its real path") };
        fs::copy(a_library(), stage.library()).expect("the library is copied");
        fs::write(stage.secret(), SECRET).expect("the secret is written");
        for granted in [stage.reading(), stage.writing()] {
            fs::create_dir_all(granted.join("inner")).expect("a folder to grant");
            fs::write(granted.join("ticket.md"), TICKET).expect("a file in it");
        }
        (folder, stage)
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.folder.join("library.so")
    }

    pub(crate) fn secret(&self) -> PathBuf {
        self.folder.join("secret")
    }

    pub(crate) fn reading(&self) -> PathBuf {
        self.folder.join("reading")
    }

    pub(crate) fn writing(&self) -> PathBuf {
        self.folder.join("writing")
    }

    /// Returns a plan without grants.
    pub(crate) fn plan(&self) -> Plan {
        Plan { library: self.library(), grants: Vec::new(), network: false, limits: Limits::default() }
    }

    /// Returns a plan with one folder to read and one to write.
    pub(crate) fn plan_with_folders(&self) -> Plan {
        let reading = PathGrant { path: self.reading(), write: false };
        let writing = PathGrant { path: self.writing(), write: true };
        Plan { grants: vec![reading, writing], ..self.plan() }
    }

    /// Starts this program again, in another scene.
    pub(crate) fn command(&self, scene: &str) -> Command {
        let mut command = Command::new(env::current_exe().expect("this program"));
        command.env_clear().env(SCENE, scene).env(FOLDER, &self.folder);
        command
    }

    fn is_as_built(&self) -> bool {
        let ticket = self.reading().join("ticket.md");
        let count = |folder: &Path| fs::read_dir(folder).expect("the folder is there").count();
        fs::read_to_string(self.secret()).is_ok_and(|text| text == SECRET)
            && fs::read_to_string(ticket).is_ok_and(|text| text == TICKET)
            && count(&self.folder) == 4
            && count(&self.reading()) == 2
    }
}

pub(crate) const SECRET: &str = "do not tell";
pub(crate) const TICKET: &str = "a ticket";

/// Confines this process and says so if that was less than this machine can.
pub(crate) fn confine(plan: &Plan) -> Confined {
    let confined = confine::confine(plan).expect("the plan is sound");
    assert_eq!(confined.level, confine::Level::Full, "{:?}", confined.reasons);
    confined
}

/// Runs all scenes, or those that the arguments name.
pub(crate) fn run() -> ! {
    let trials = SCENES.iter().map(|scene| Trial::test(scene.name, || play(scene)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit()
}

fn play(scene: &'static Scene) -> Result<(), Failed> {
    let (_folder, stage) = Stage::build();
    let (status, printed) = watch(&mut stage.command(scene.name))?;
    print!("{printed}");
    let ended = match scene.end {
        End::Well => status.success(),
        End::BySignal(signal) => status.signal() == Some(signal),
    };
    match (ended, stage.is_as_built()) {
        (true, true) => Ok(()),
        (false, _) => Err(format!("the child ended with {status}:\n{printed}").into()),
        (true, false) => Err("the child changed what it must not".into()),
    }
}

/// Waits until nobody holds the child's output any more, and until it has ended.
fn watch(command: &mut Command) -> Result<(ExitStatus, String), Failed> {
    let (mut output, theirs) = std::io::pipe()?;
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(theirs.try_clone()?).stderr(OwnedFd::from(theirs)).spawn()?;
    // The command holds its ends of the pipe until it is told of others.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (done, waiting) = std::sync::mpsc::channel::<()>();
    let id = process_id(child.id());
    let watchdog = std::thread::spawn(move || {
        if waiting.recv_timeout(PATIENCE).is_err() {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    });
    let mut printed = String::new();
    output.read_to_string(&mut printed)?;
    let status = child.wait()?;
    let _ = done.send(());
    let _ = watchdog.join();
    match started.elapsed() < PATIENCE {
        true => Ok((status, printed)),
        false => Err(format!("the child was still there after {PATIENCE:?}:\n{printed}").into()),
    }
}

fn process_id(id: u32) -> rustix::process::Pid {
    rustix::process::Pid::from_raw(id as i32).expect("the number of a process")
}

/// Returns a library of this machine that nothing here has opened under its own path.
fn a_library() -> PathBuf {
    let maps = fs::read_to_string("/proc/self/maps").expect("the list of what is mapped");
    let mapped = maps.lines().filter_map(|line| line.split_whitespace().nth(5));
    let c_library = mapped.map(Path::new).find(|path| path.file_name().is_some_and(|name| name == "libc.so.6"));
    c_library.expect("the C library of this machine").with_file_name("libm.so.6")
}
