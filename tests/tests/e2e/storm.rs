//! A platform that fails in every way at once: no write is done twice, none is lost, and nothing takes longer than it may.
//!
//! What the host says is compared with the server's own ledger. Each kind of failure by itself is in `faults`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::runtime::Handle;
use usher::{
    cli::output::exit_code,
    config::{Config, Flags, PinnedEnvironment},
    registry::{Registry, Search},
    service::{Attempt, Failure, HttpSettings, ListItem, ListRequest, Service, Settings, Unwatched, WriteMode},
    transport::{Logger, Supervision},
};
use usher_adapter_sdk::{
    ErrorKind,
    message::{Change, Criteria, Draft, FieldName, Include, NoteDraft},
    model::Visibility,
};
use usher_tests::{
    World,
    servers::{
        Fault, Faults,
        github::{FakeGithub, Issue, Limit, Resource, Seed, access::Access, access::Token},
    },
};

/// How many operations there are in all.
const CALLS: usize = 10_000;
/// How many of them are under way at once.
const AT_ONCE: usize = 64;
/// How many issues there are to begin with; each is changed at most once.
const ISSUES: usize = CALLS / 5;
/// What a call may take; `configuration` says it to the host.
const TOTAL: Duration = Duration::from_secs(4);
/// How long after its deadline a call may come back: a busy machine needs a moment to notice.
const MARGIN: Duration = Duration::from_secs(1);
/// Longer than the host waits for an answer. That has room for a busy machine: what times out is asked again, and a storm
/// of repetitions is another test.
const TOO_LATE: Duration = Duration::from_millis(1_500);
/// After that something hangs.
const HARD_STOP: Duration = Duration::from_secs(300);

/// Says nothing: what adapters log is not what is looked at here.
struct Silent;

impl Logger for Silent {
    fn line(&self, _level: u32, _connection: &str, _message: &str) {}
}

/// Returns a repository that is written to, and a small one that is listed.
fn seed() -> Seed {
    let mut seed = Seed::empty().organization("acme").user("octocat");
    for repository in ["app", "small"] {
        seed = seed.repository("acme", repository, false, &["octocat"]);
    }
    for number in 1..=ISSUES {
        seed.add("acme/app", Issue::new(&format!("issue {number}")));
    }
    seed.add("acme/small", Issue::new("the only one"));
    seed.token(Token::classic("octocat").may(Access::Push, "acme/app").may(Access::Push, "acme/small"))
}

/// Everything that goes wrong, in equal parts; `reset unread` is a matter of connections.
fn faults() -> Vec<Fault> {
    vec![
        Fault::ResetBeforeWork,
        Fault::ResetAfterWork,
        Fault::CutAfterWork(20),
        Fault::Late(TOO_LATE),
        Fault::status(429),
        Fault::status(503),
        // Also these stop a whole connection, though only for a moment.
        Fault::retry_after(503, "0"),
    ]
}

/// An answer that stops a whole connection for a second, as it should: were it frequent, the storm would be a lull.
fn lulls() -> Vec<Fault> {
    vec![Fault::retry_after(429, "1")]
}

/// Returns faults for that share of the requests; the others are a few milliseconds late at most.
fn storm(seed: u64, share: f64) -> Faults {
    let moments = [0, 1, 3, 8].map(|milliseconds| Fault::Late(Duration::from_millis(milliseconds)));
    let mut connections = fastrand::Rng::with_seed(seed);
    Faults::none()
        .when_connected(move |_| (connections.f64() < 0.2).then_some(Fault::ResetUnread))
        .random(seed + 2, share / 200.0, lulls())
        .random(seed, share, faults())
        .random(seed + 1, 1.0, moments.to_vec())
}

fn github(faults: Faults) -> FakeGithub {
    let github = FakeGithub::build(seed()).with_faults(faults).start();
    github.set_limit(Resource::Core, Limit::plenty());
    github.set_limit(Resource::Search, Limit::plenty());
    github
}

/// Returns a configuration for that GitHub, with limits that nothing reaches.
fn configuration(github: &FakeGithub) -> String {
    let limits = ["core", "search", "content", "content-hour"]
        .map(|limit| format!("[connections.work.limits.{limit}]\nrequests = 1000000\nper = \"1s\"\nburst = 1000000\n"));
    format!(
        "[connections.work]\nadapter = \"github\"\nbase_url = \"{}\"\ndefault_project = \"acme/app\"\n\
         [connections.work.auth]\ntoken = \"{}\"\n\
         [connections.work.http]\nconnect = \"2s\"\nread = \"1s\"\ntotal = \"{}s\"\n\
         [connections.work.retry]\nmax_attempts = 4\ninitial_delay = \"20ms\"\nmax_delay = \"100ms\"\n\
         [connections.work.limits.secondary]\npoints = 1000000\nper = \"1s\"\nburst = 1000000\nconcurrency = 1000\n{}",
        github.url(),
        github.token("octocat"),
        TOTAL.as_secs(),
        limits.concat(),
    )
}

/// A host in this process.
struct Host {
    service: Arc<Service>,
    _folder: tempfile::TempDir,
}

impl Host {
    fn new(github: &FakeGithub) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("usher.toml");
        fs::write(&file, configuration(github)).unwrap();
        let environment = PinnedEnvironment::new(folder.path());
        let flags = Flags { config: Some(file), ..Flags::default() };
        let config = Config::load(&environment, &flags).unwrap();
        let registry = Registry::discover(&Search::default()).unwrap();
        let settings = Settings {
            state: None,
            timeout: None,
            logger: Arc::new(Silent),
            progress: Arc::new(Unwatched),
            http: HttpSettings::default(),
            // Built-in adapters have no worker: nothing starts it.
            program: std::env::current_exe().unwrap(),
            supervision: Supervision::default(),
        };
        let service = Service::new(registry, &config, &environment, settings, Handle::current());
        Self { service: Arc::new(service), _folder: folder }
    }
}

/// One operation of the storm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operation {
    Create,
    Note,
    Update,
    Get,
    List,
}

impl Operation {
    fn of(number: usize) -> Self {
        match number % 10 {
            0 | 1 => Self::Create,
            2 | 3 => Self::Note,
            4 | 5 => Self::Update,
            9 => Self::List,
            _ => Self::Get,
        }
    }

    fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Note | Self::Update)
    }
}

/// What the host said of an operation.
#[derive(Debug)]
struct Report {
    operation: Operation,
    /// What it wrote; no other operation writes the same.
    text: String,
    said: Result<(), ErrorKind>,
    took: Duration,
}

/// Does one operation, and returns what the host said of it.
async fn call(service: &Arc<Service>, number: usize) -> Report {
    let operation = Operation::of(number);
    let text = format!("{operation:?} {number}");
    // Of ten operations in a row two are updates: each finds an issue of its own.
    let issue = number / 10 * 2 + number % 10 % 2 + 1;
    let ticket = service.resolve(&format!("acme/app#{issue}"), Some("work")).unwrap();
    let start = Instant::now();
    let said = match operation {
        Operation::Create => service.create("work", Draft::new(&text), WriteMode::Real).await.map(drop),
        Operation::Note => {
            let note = NoteDraft::new(text.as_str(), Visibility::Public);
            service.add_note(&ticket, note, None, WriteMode::Real).await.map(drop)
        }
        Operation::Update => {
            let change = Change::new().with_title(Some(text.clone()));
            service.update(&ticket, &change, WriteMode::Real).await.map(|attempt| {
                let Attempt::Done(written) = attempt else { panic!("{text}: {attempt:?}") };
                assert_eq!(written.answer.applied, [FieldName::Title], "{text}");
            })
        }
        Operation::Get => service.get(&ticket, Include::default()).await.map(drop),
        Operation::List => list(service).await,
    };
    let took = start.elapsed();
    Report { operation, text, said: said.map_err(|failure| failure.error.kind()), took }
}

/// Lists the repository with one issue.
async fn list(service: &Arc<Service>) -> Result<(), Failure> {
    let mut criteria = Criteria::default();
    criteria.project = vec!["acme/small".to_owned()];
    let request = ListRequest { query: None, criteria, include: Include::default() };
    let mut listing = service.list(&["work".to_owned()], &request);
    let mut tickets = 0;
    while let Some(item) = listing.next().await {
        match item {
            ListItem::Tickets(part, _) => tickets += part.len(),
            ListItem::End(outcome) => {
                if let Some(failure) = outcome.errors.into_iter().next() {
                    return Err(failure);
                }
            }
        }
    }
    assert_eq!(tickets, 1, "a list without an error is whole");
    Ok(())
}

/// Returns how often each text stands at the platform.
fn written(github: &FakeGithub) -> BTreeMap<String, usize> {
    let mut written = BTreeMap::new();
    github.with_state(|state| {
        for issue in state.repository("acme/app").issues() {
            let notes = issue.comments.iter().map(|comment| &comment.body);
            for text in notes.chain([&issue.title]).filter(|text| !text.starts_with("issue ")) {
                *written.entry(text.clone()).or_default() += 1;
            }
        }
    });
    written
}

/// Compares what was said of writes with what stands at the platform.
fn compare<'a>(github: &FakeGithub, writes: impl IntoIterator<Item = (&'a str, Result<(), ErrorKind>)>) {
    let written = written(github);
    let doubled = github.ledger().doubled();
    assert!(doubled.is_empty(), "done twice: {doubled:#?}");
    let twice: Vec<_> = written.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "done twice: {twice:?}");
    let mut known = BTreeSet::new();
    for (text, said) in writes {
        known.insert(text.to_owned());
        let is_there = written.contains_key(text);
        match said {
            Ok(()) => assert!(is_there, "`{text}` was reported as done and is not there"),
            Err(ErrorKind::OutcomeUnknown) => {}
            Err(kind) => assert!(!is_there, "`{text}` was reported as failed ({kind}) and is there"),
        }
    }
    let invented: Vec<_> = written.keys().filter(|text| !known.contains(*text)).collect();
    assert!(invented.is_empty(), "nobody asked for these: {invented:?}");
    assert_eq!(github.ledger().committed().len(), written.len(), "the ledger and the state tell the same");
}

/// Prints how often each fault was met, and what the host said.
fn print(github: &FakeGithub, reports: &[Report]) {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for entry in github.ledger().entries() {
        let name = entry.fault.unwrap_or("none");
        let status = entry.status.filter(|_| name == "instead").map(|status| format!(" {status}"));
        *met.entry(format!("{name}{}", status.unwrap_or_default())).or_default() += 1;
    }
    let connections: BTreeSet<u64> = github.ledger().entries().iter().map(|entry| entry.connection).collect();
    println!("connections that were spoken on: {}, the last one's number: {:?}", connections.len(), connections.last());
    let mut said: BTreeMap<(Operation, &str), usize> = BTreeMap::new();
    for report in reports {
        let word = report.said.map_or_else(|kind| kind.name(), |()| "done");
        *said.entry((report.operation, word)).or_default() += 1;
    }
    println!("{} requests for {} operations; faults: {met:?}", github.ledger().len(), reports.len());
    println!("said: {said:?}");
    let longest = reports.iter().map(|report| report.took).max();
    println!("at once, at most: {}; the longest took {longest:?}", github.ledger().most_at_once());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_storm_no_write_is_doubled_none_is_lost_and_nothing_outlives_its_deadline() {
    let github = github(storm(20_260_211, 0.12));
    let host = Host::new(&github);
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = tokio::task::JoinSet::new();
    let start = Instant::now();
    for _ in 0..AT_ONCE {
        let (service, next) = (host.service.clone(), next.clone());
        callers.spawn(async move {
            let mut reports = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= CALLS {
                    return reports;
                }
                reports.push(call(&service, number).await);
            }
        });
    }
    let reports = tokio::time::timeout(HARD_STOP, callers.join_all()).await.expect("the storm ends");
    let reports: Vec<Report> = reports.into_iter().flatten().collect();
    println!("{CALLS} operations, {AT_ONCE} at once, in {:?}", start.elapsed());
    print(&github, &reports);

    assert_eq!(reports.len(), CALLS);
    let writes = reports.iter().filter(|report| report.operation.writes());
    compare(&github, writes.map(|report| (report.text.as_str(), report.said)));
    let late: Vec<_> = reports.iter().filter(|report| report.took > TOTAL + MARGIN).collect();
    assert!(late.is_empty(), "later than their deadline: {late:#?}");
    // Reads change nothing, and are never in doubt.
    let doubtful = |report: &&Report| !report.operation.writes() && report.said == Err(ErrorKind::OutcomeUnknown);
    assert!(!reports.iter().any(|report| doubtful(&report)));
    // The storm was one, and most came through it.
    for fault in ["reset before work", "reset after work", "cut after work", "late", "instead"] {
        assert!(github.ledger().entries().iter().filter(|entry| entry.fault == Some(fault)).count() > 50, "{fault}");
    }
    assert!(reports.iter().filter(|report| report.said.is_ok()).count() > CALLS * 8 / 10);
    assert!(host.service.close(Duration::from_secs(5)).await.is_empty());
}

#[test]
fn a_hundred_creates_at_once_end_with_the_code_of_what_became_of_each() {
    let github = github(storm(42, 0.2));
    let world = World::new();
    world.config(&configuration(&github));
    let titles: Vec<String> = (0..100).map(|number| format!("Create {number}")).collect();
    let runs: Vec<_> = thread::scope(|scope| {
        let running = titles.iter().map(|title| scope.spawn(|| world.run(&["create", title])));
        running.collect::<Vec<_>>().into_iter().map(|running| running.join().unwrap()).collect()
    });
    let said = runs.iter().map(|run| match run.code.and_then(|code| u8::try_from(code).ok()) {
        Some(exit_code::DONE) => Ok(()),
        Some(exit_code::OUTCOME_UNKNOWN) => Err(ErrorKind::OutcomeUnknown),
        Some(exit_code::RATE_LIMITED) => Err(ErrorKind::RateLimited),
        Some(exit_code::PLATFORM) => Err(ErrorKind::Platform),
        _ => panic!("not what became of it: {run:#?}"),
    });
    let said: Vec<_> = said.collect();
    let mut counts: BTreeMap<Option<i32>, usize> = BTreeMap::new();
    runs.iter().for_each(|run| *counts.entry(run.code).or_default() += 1);
    println!("exit codes: {counts:?}; written: {}", written(&github).len());
    compare(&github, titles.iter().map(String::as_str).zip(said.iter().copied()));
    assert!(said.contains(&Ok(())) && said.contains(&Err(ErrorKind::OutcomeUnknown)), "{counts:?}");
    for (run, said) in runs.iter().zip(&said) {
        let hint = run.stderr.contains("Look at the ticket before you repeat this.");
        assert_eq!(hint, *said == Err(ErrorKind::OutcomeUnknown), "{run:#?}");
    }
}
