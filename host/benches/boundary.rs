//! What one call through the boundary costs, and what finding and loading a drop-in does.
//!
//! `cargo bench --bench boundary`. The adapter of `adapter/` is linked in here, and is loaded a second time from
//! a drop-in of the same source (`drop-ins.sh`), so that the way of a call is all that differs.

use std::{
    borrow::Cow,
    env,
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use criterion::{Bencher, BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};
use usher::{
    config::AdapterFolder,
    registry::{FailurePolicy, Ledger, Loaded, Registry, Search, exit_without_cleanup},
    transport::{Capabilities, Deadline, KvStore, Logger, Supervision, Transport, WorkerSpec},
    worker::run_if_asked,
};
use usher_adapter_abi::AdapterModuleRef;
use usher_adapter_sdk::{
    decode,
    host::Connection,
    message::{Criteria, Include},
    model::{Json, TicketKey},
    wire::{self, CreateConfig, WIRE_VERSION},
};
use usher_bench_adapter::{ISSUE, PAGE, ticket};

/// The adapter that is linked into this program.
const LINKED: &str = "bench";
/// The drop-in that is called.
const DROP_IN: &str = "bench-01";
/// How many calls are under way at once.
const AT_ONCE: u32 = 100;
/// In the environment of a fresh process: the folder of copies, from which it loads one drop-in.
const LOAD_ONCE: &str = "USHER_BENCH_LOAD_ONCE";

fn main() {
    // The drop-in's own process is this program, started again.
    run_if_asked();
    if let Some(store) = env::var_os(LOAD_ONCE) {
        load_once(Path::new(&store));
    }
    let setup = Setup::new();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    get(&mut criterion.benchmark_group("get one ticket"), &setup);
    get_in_task(&mut criterion.benchmark_group("get one ticket from a task"), &setup);
    get_many(&mut criterion.benchmark_group("get, 100 at once, per call"), &setup);
    fetch(&mut criterion.benchmark_group("fetch 100 tickets"), &setup);
    ask(&mut criterion.benchmark_group("get with one request to the host"), &setup);
    start(&mut criterion.benchmark_group("worker"), &setup);
    discover(&mut criterion.benchmark_group("registry"), &setup);
    criterion.final_summary();
    exit_without_cleanup(0);
}

/// One ticket: the adapter's own work, and the ways to ask for it.
fn get(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    group.bench_function("no boundary", |bencher| bencher.iter(|| line(black_box(ISSUE))));
    for (name, transport) in setup.transports("nothing") {
        group.bench_function(name, |bencher| bencher.to_async(&setup.runtime).iter(|| get_one(&transport)));
    }
}

/// The same from a task of the runtime, as a server asks: the thread that hears the answer is the one that asked.
fn get_in_task(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    for (name, transport) in setup.transports("nothing") {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|calls| {
                let transport = transport.clone();
                let asking = setup.runtime.spawn(async move {
                    let start = Instant::now();
                    for _ in 0..calls {
                        black_box(get_one(&transport).await);
                    }
                    start.elapsed()
                });
                setup.runtime.block_on(asking).expect("the task does not panic")
            });
        });
    }
}

/// The same with many callers, of which each waits for its own answer.
fn get_many(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    for (name, transport) in setup.transports("nothing") {
        group.bench_function(name, |bencher| at_once(bencher, &setup.runtime, &transport));
    }
}

/// A page, whose bytes outweigh everything else.
fn fetch(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    group.throughput(Throughput::Elements(PAGE as u64));
    for (name, transport) in setup.transports("nothing") {
        group.bench_function(name, |bencher| bencher.to_async(&setup.runtime).iter(|| fetch_page(&transport)));
    }
}

/// One ticket for which the adapter asks the host for something first.
fn ask(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    for asks in ["sleep", "kv"] {
        for (name, transport) in setup.transports(asks) {
            group.bench_function(format!("{asks}, {name}"), |bencher| {
                bencher.to_async(&setup.runtime).iter(|| get_one(&transport));
            });
        }
    }
}

/// From nothing to the first answer of a process, and from the death of one to the next answer.
fn start(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    group.sample_size(50);
    let killed = setup
        .runtime
        .block_on(setup.worker(CreateConfig { connection: Connection::new("killed"), ..config("nothing") }));
    let killed = killed.expect("the adapter can be made");
    group.bench_function("kill -9 to next answer", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| recover(setup, &killed)).sum());
    });
    group.bench_function("start to first answer", |bencher| {
        bencher.to_async(&setup.runtime).iter(async || {
            let worker = setup.worker(config("nothing")).await.expect("the adapter can be made");
            get_one(&worker).await
        });
    });
}

/// Kills the one worker that answers, and returns how long the next answer takes, the wait before a restart included.
fn recover(setup: &Setup, transport: &Transport) -> Duration {
    setup.runtime.block_on(async {
        get_one(transport).await;
        let start = Instant::now();
        let this = std::process::id().to_string();
        let worker = format!("__worker {this} {DROP_IN} killed");
        Command::new("pkill").args(["-KILL", "-f", &worker]).status().expect("pkill is there");
        get_one(transport).await;
        start.elapsed()
    })
}

/// Finding drop-ins, and loading one, which a process can do only once.
fn discover(group: &mut BenchmarkGroup<'_, WallTime>, setup: &Setup) {
    let search = search(&setup.drop_ins, None);
    group.bench_function("discover 20 drop-ins", |bencher| bencher.iter(|| Registry::discover(&search)));

    group.sample_size(20);
    let kept = tempfile::tempdir().expect("a folder can be made");
    load_in_fresh_process(setup, kept.path());
    group.bench_function("load one drop-in", |bencher| {
        bencher.iter_custom(|loads| (0..loads).map(|_| load_in_fresh_process(setup, kept.path())).sum());
    });
    group.bench_function("load one drop-in for the first time", |bencher| {
        bencher.iter_custom(|loads| {
            let load = |_| load_in_fresh_process(setup, tempfile::tempdir().expect("a folder can be made").path());
            (0..loads).map(load).sum()
        });
    });
}

/// Says where drop-ins are looked for.
fn search(folder: &Path, store: Option<&Path>) -> Search {
    Search { folders: vec![AdapterFolder::open(folder)], store: store.map(Path::to_owned), ..Search::default() }
}

/// Everything that calls need.
struct Setup {
    runtime: Runtime,
    drop_ins: PathBuf,
    registry: Registry,
    linked: AdapterModuleRef,
    dropped_in: Arc<Loaded>,
    state: TempDir,
}

impl Setup {
    fn new() -> Self {
        let runtime = runtime();
        let drop_ins = build_drop_ins();
        let state = tempfile::tempdir().expect("a folder can be made");
        let registry = Registry::discover(&search(&drop_ins, Some(&state.path().join("adapters"))));
        let registry = registry.expect("there is no lock file that could be broken");
        let linked = registry.require(LINKED).and_then(|adapter| registry.linked(adapter));
        let linked = linked.expect("the adapter is linked in");
        let dropped_in = load(&runtime, &registry, DROP_IN);
        Self { runtime, drop_ins, registry, linked, dropped_in, state }
    }

    /// Returns the four ways of a call. The second is no way of the host's: it shows what the library alone
    /// costs, without a thread or a process of its own.
    fn transports(&self, asks: &str) -> [(&'static str, Arc<Transport>); 4] {
        let Loaded { lane, module } = &*self.dropped_in;
        let (config, module) = (config(asks), *module);
        let on_lane = Transport::on_lane(lane, module, DROP_IN, &config, self.capabilities(), soon());
        let ways = [
            ("linked in", Transport::linked(self.linked, LINKED, &config, self.capabilities())),
            ("dlopened, same executor", Transport::linked(module, DROP_IN, &config, self.capabilities())),
            ("dlopened, on its lane", self.runtime.block_on(on_lane)),
            ("worker", self.runtime.block_on(self.worker(config.clone()))),
        ];
        ways.map(|(name, transport)| (name, Arc::new(transport.expect("the adapter can be made"))))
    }

    /// Starts a process for the drop-in and makes the adapter in it.
    async fn worker(&self, config: CreateConfig) -> usher_adapter_sdk::Result<Transport> {
        let adapter = self.registry.require(DROP_IN)?;
        // It is killed more often than anybody would bear with it.
        let lenient = FailurePolicy { count: usize::MAX, ..FailurePolicy::default() };
        let spec = WorkerSpec {
            program: env::current_exe().expect("this program has a path"),
            adapter: DROP_IN.to_owned(),
            library: self.registry.prepare(adapter)?,
            config,
            grants: Vec::new(),
            places: Vec::new(),
            network: false,
            require_sandbox: false,
            supervision: Supervision::default(),
            ledger: Arc::new(Ledger::new(None).with_policy(lenient)),
            logger: Arc::new(Silence),
        };
        Transport::on_worker(spec, self.capabilities(), soon()).await
    }

    fn capabilities(&self) -> Arc<Capabilities> {
        let kv = Arc::new(KvStore::new(self.state.path(), "bench"));
        let runtime = self.runtime.handle().clone();
        Capabilities::new("bench", runtime, Arc::new(Silence), Some(kv), Arc::default())
    }
}

/// Nobody reads the log here.
struct Silence;

impl Logger for Silence {
    fn line(&self, _level: u32, _connection: &str, _message: &str) {}
}

/// Returns a runtime like the program's own.
fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads can be started")
}

fn build_drop_ins() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/drop-ins.sh");
    let output = Command::new("bash").arg(script).stderr(std::process::Stdio::inherit()).output();
    let output = output.expect("bash can be started");
    assert!(output.status.success(), "the drop-ins could not be built");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path is text").trim_end())
}

fn load(runtime: &Runtime, registry: &Registry, id: &str) -> Arc<Loaded> {
    let adapter = registry.require(id).expect("the adapter is there");
    let library = registry.prepare(adapter).expect("the library can be copied");
    runtime.block_on(registry.load(adapter, &library, soon())).expect("the adapter can be loaded")
}

fn config(asks: &str) -> CreateConfig {
    CreateConfig {
        wire_version: WIRE_VERSION,
        host_version: env!("CARGO_PKG_VERSION").to_owned(),
        connection: Connection::new("bench"),
        options: Json::parse(&format!(r#"{{"asks":"{asks}"}}"#)).expect("this is JSON"),
    }
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(60))
}

/// Does what is behind the boundary: reads the issue and writes the ticket's line.
fn line(issue: &str) -> Vec<u8> {
    let ticket = ticket(decode::json(issue.as_bytes()).expect("this is an issue"));
    let mut line = Vec::new();
    wire::write_ticket(&mut line, &ticket).expect("a ticket can be written");
    line
}

async fn get_one(transport: &Transport) -> Vec<u8> {
    let key = TicketKey::new("BENCH-1");
    let args = wire::GetArgs { key: Cow::Borrowed(&key), include: Include::default() };
    transport.call::<wire::Get>(args, Vec::new(), soon()).await.expect("the adapter answers").body
}

async fn fetch_page(transport: &Transport) -> Vec<u8> {
    let criteria = Criteria::default();
    let args = wire::FetchArgs { criteria: Cow::Borrowed(&criteria), include: Include::default(), cursor: None };
    transport.call::<wire::Fetch>(args, Vec::new(), soon()).await.expect("the adapter answers").body
}

/// Measures one call of many callers' calls.
fn at_once(bencher: &mut Bencher<'_>, runtime: &Runtime, transport: &Arc<Transport>) {
    bencher.iter_custom(|calls| {
        let each = calls.div_ceil(AT_ONCE.into());
        let all = each * u64::from(AT_ONCE);
        let time = runtime.block_on(async {
            let start = Instant::now();
            let mut callers = JoinSet::new();
            for _ in 0..AT_ONCE {
                let transport = transport.clone();
                callers.spawn(async move {
                    for _ in 0..each {
                        black_box(get_one(&transport).await);
                    }
                });
            }
            callers.join_all().await;
            start.elapsed()
        });
        time.mul_f64(calls as f64 / all as f64)
    });
}

/// Returns how long loading took in a process of its own.
fn load_in_fresh_process(setup: &Setup, store: &Path) -> Duration {
    let this = env::current_exe().expect("this program has a path");
    let output = Command::new(this).arg(&setup.drop_ins).env(LOAD_ONCE, store).output();
    let output = output.expect("this program can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let nanos = String::from_utf8_lossy(&output.stdout).trim().parse().expect("the process prints nanoseconds");
    Duration::from_nanos(nanos)
}

/// Loads one drop-in and prints how many nanoseconds that took.
fn load_once(store: &Path) -> ! {
    let folder = env::args_os().nth(1).expect("the folder of the drop-ins is named");
    let registry = Registry::discover(&search(Path::new(&folder), Some(store)));
    let registry = registry.expect("there is no lock file that could be broken");
    let runtime = runtime();
    let start = Instant::now();
    load(&runtime, &registry, DROP_IN);
    println!("{}", start.elapsed().as_nanos());
    exit_without_cleanup(0)
}
