//! A host that runs for long: workers that are replaced, retired and swapped, driven through the library.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::runtime::Handle;
use usher::{
    config::{AdapterFolder, Config, Flags, PinnedEnvironment},
    registry::{FailurePolicy, Ledger, Registry, Search},
    route::Resolved,
    service::{HttpSettings, Service, Settings, Unwatched},
    transport::{Logger, Supervision},
};
use usher_adapter_sdk::{ErrorKind, message::Include};
use usher_tests::{plugins, world::workers_of};

/// Keeps the lines of the log.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Logger for Lines {
    fn line(&self, _level: u32, _connection: &str, message: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }
}

/// A host of its own in this process. Its workers are found by the number of this process, so tests with one run one by one.
pub(crate) struct Host {
    folder: tempfile::TempDir,
    pub(crate) service: Arc<Service>,
    lines: Arc<Lines>,
}

pub(crate) static ONE_BY_ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

impl Host {
    fn new(libraries: &[&str], supervision: Supervision) -> Self {
        Self::configured(tempfile::tempdir().unwrap(), "", libraries, supervision)
    }

    /// Returns a host whose configuration lies in that folder.
    pub(crate) fn configured(
        folder: tempfile::TempDir,
        config: &str,
        libraries: &[&str],
        supervision: Supervision,
    ) -> Self {
        let adapters = folder.path().join("adapters");
        fs::create_dir(&adapters).unwrap();
        for library in libraries {
            drop_in(library, &adapters, library);
        }
        let search = Search {
            folders: vec![AdapterFolder::open(adapters)],
            store: Some(folder.path().join("store")),
            ..Search::default()
        };
        let lenient = FailurePolicy { count: usize::MAX, ..FailurePolicy::default() };
        let registry = Registry::discover(&search).unwrap().with_ledger(Ledger::new(None).with_policy(lenient));
        let file = folder.path().join("usher.toml");
        fs::write(&file, config).unwrap();
        let flags = Flags { config: Some(file), ..Flags::default() };
        let environment = PinnedEnvironment::new(folder.path());
        let config = Config::load(&environment, &flags).unwrap();
        let lines = Arc::new(Lines::default());
        let settings = Settings {
            state: Some(folder.path().join("state")),
            timeout: Some(Duration::from_secs(30)),
            logger: lines.clone(),
            progress: Arc::new(Unwatched),
            program: plugins::program(),
            supervision,
            http: HttpSettings::default(),
        };
        let service = Arc::new(Service::new(registry, &config, &environment, settings, Handle::current()));
        Self { folder, service, lines }
    }

    /// Returns a path in its folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn resolve(&self, key: &str) -> Resolved {
        self.service.resolve(key, None).unwrap()
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, ErrorKind> {
        let answered = self.service.get(&self.resolve(key), Include::default()).await;
        answered.map(|answered| answered.ticket).map_err(|failure| failure.error.kind())
    }

    fn adapters(&self) -> PathBuf {
        self.folder.path().join("adapters")
    }

    pub(crate) fn workers(&self) -> Vec<u32> {
        workers_of(std::process::id())
    }

    pub(crate) async fn close(self) {
        assert!(self.service.close(Duration::from_secs(5)).await.is_empty());
        assert!(workers_of(std::process::id()).is_empty());
    }
}

fn drop_in(library: &str, folder: &Path, name: &str) {
    let file = folder.join(format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX));
    let new = folder.join("new");
    fs::copy(plugins::library(library), &new).unwrap();
    fs::rename(new, file).unwrap();
}

pub(crate) fn quick() -> Supervision {
    Supervision {
        first_delay: Duration::from_millis(1),
        longest_delay: Duration::from_millis(5),
        ..Supervision::default()
    }
}

/// Returns how many descriptors this process has, and how much memory it uses, in KiB.
fn used() -> (usize, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let memory = memory.trim().trim_end_matches(" kB").parse().unwrap();
    (fs::read_dir("/proc/self/fd").unwrap().count(), memory)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_calls_through_a_worker_that_crashes_every_thousandth_lose_nothing_in_silence() {
    const CALLS: u32 = 100_000;
    const AT_ONCE: u32 = 8;
    let _one = ONE_BY_ONE.lock().await;
    let host = Arc::new(Host::new(&["crashes_every_thousandth"], quick()));
    host.get("CRASHES-EVERY-THOUSANDTH-1").await.unwrap();
    let mut before = None;
    for part in 0..10 {
        let mut callers = tokio::task::JoinSet::new();
        for caller in 0..AT_ONCE {
            let host = host.clone();
            callers.spawn(async move {
                let (first, last) = (part * CALLS / 10 + 1, (part + 1) * CALLS / 10);
                let mut failed = BTreeSet::new();
                for number in (first..=last).filter(|number| number % AT_ONCE == caller) {
                    match host.get(&format!("CRASHES-EVERY-THOUSANDTH-{number}")).await {
                        Ok(line) => assert!(String::from_utf8(line).unwrap().contains(&format!("-{number}\""))),
                        Err(kind) => {
                            assert_eq!(kind, ErrorKind::AdapterCrashed, "{number}");
                            failed.insert(number);
                        }
                    }
                }
                failed
            });
        }
        let failed: BTreeSet<u32> = callers.join_all().await.into_iter().flatten().collect();
        let crashing = (part * CALLS / 10 + 1..=(part + 1) * CALLS / 10).filter(|number| number % 1000 == 0);
        let crashing: BTreeSet<u32> = crashing.collect();
        assert!(failed.is_superset(&crashing), "{failed:?}");
        // A call beside two crashes in a row is lost with them, and that is said as well.
        assert!(failed.len() < crashing.len() + 20 * AT_ONCE as usize, "{failed:?}");
        let now = used();
        let (descriptors, memory) = *before.get_or_insert(now);
        assert!(now.0 <= descriptors + 5, "descriptors: {descriptors}, then {}", now.0);
        assert!(now.1 <= memory + 20_000, "KiB: {memory}, then {}", now.1);
        assert!(host.workers().len() <= 1);
    }
    Arc::into_inner(host).unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_without_work_is_retired_and_comes_back() {
    let _one = ONE_BY_ONE.lock().await;
    let host = Host::new(&["usher_example_minimal"], Supervision { idle: Duration::from_millis(200), ..quick() });
    host.get("MINIMAL-1").await.unwrap();
    let first = host.workers();
    assert_eq!(first.len(), 1);
    until("it is retired", || host.workers().is_empty()).await;
    host.get("MINIMAL-1").await.unwrap();
    assert_ne!(host.workers(), first);
    assert!(!host.lines.0.lock().unwrap().iter().any(|line| line.contains("crashed")), "being idle is no failure");
    host.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_changes_is_swapped_and_what_is_under_way_ends_where_it_began() {
    let _one = ONE_BY_ONE.lock().await;
    let host = Arc::new(Host::new(&["older_a"], Supervision { look_every: Duration::ZERO, ..quick() }));
    let old = String::from_utf8(host.get("AGED-1").await.unwrap()).unwrap();
    assert!(old.contains("1.0.0"), "{old}");
    let before = host.workers();
    drop_in("newer_a", &host.adapters(), "older_a");
    let new = String::from_utf8(host.get("AGED-1").await.unwrap()).unwrap();
    assert!(new.contains("2.0.0"), "{new}");
    until("the old one is gone", || !host.workers().contains(&before[0])).await;
    assert_eq!(host.workers().len(), 1);

    // A file that is no adapter changes nothing.
    fs::write(host.adapters().join("broken"), "no library").unwrap();
    let file = format!("{}older_a{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    fs::rename(host.adapters().join("broken"), host.adapters().join(file)).unwrap();
    let still = String::from_utf8(host.get("AGED-1").await.unwrap()).unwrap();
    assert!(still.contains("2.0.0"), "{still}");
    assert!(host.lines.0.lock().unwrap().iter().any(|line| line.contains("the one before goes on")));
    Arc::into_inner(host).unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_kill_the_next_answer_comes_within_a_second() {
    let _one = ONE_BY_ONE.lock().await;
    let host = Host::new(&["usher_example_minimal"], Supervision::default());
    host.get("MINIMAL-1").await.unwrap();
    let worker = host.workers()[0];
    std::process::Command::new("kill").args(["-KILL", &worker.to_string()]).status().unwrap();
    let start = Instant::now();
    host.get("MINIMAL-1").await.unwrap();
    // The least that is promised; the figures are in ARCHITECTURE.md.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    host.close().await;
}

pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
