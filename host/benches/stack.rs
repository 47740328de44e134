//! What everything between a caller and the network adds to a request that the network needs a millisecond for.
//!
//! `cargo bench --bench stack`. A server on loopback answers every request after a millisecond with one issue of GitHub's;
//! the issue is read by the bare client that the host uses too, and by the whole service: adapter, boundary, every layer.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use usher::{
    config::{Config, Flags, PinnedEnvironment},
    registry::{Registry, Search},
    service::{HttpSettings, Service, Settings, Unwatched},
    transport::{Logger, Supervision},
};
use usher_adapter_sdk::message::Include;

/// GitHub's own example of an issue, see `adapters/github/tests/fixtures/README.md`.
const ISSUE: &str = include_str!("../../adapters/github/tests/fixtures/openapi/issue.json");
/// What a request takes at the server.
const DELAY: Duration = Duration::from_millis(1);

/// Says nothing.
struct Silent;

impl Logger for Silent {
    fn line(&self, _level: u32, _connection: &str, _message: &str) {}
}

/// Serves until the program ends, and returns its address.
fn serve() -> io::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = format!("http://{}", listener.local_addr()?);
    let mut issue: Value = serde_json::from_str(ISSUE).expect("the example is JSON");
    // Its relations would be requests of their own.
    for relation in ["issue_dependencies_summary", "parent_issue_url", "sub_issues_summary"] {
        issue.as_object_mut().expect("an issue is an object").remove(relation);
    }
    let body = issue.to_string().replace("https://api.github.com", &address);
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\netag: \"1\"\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            // A client that goes away ends it.
            thread::spawn(move || answer_all(&stream, &answer).ok());
        }
    });
    Ok(address)
}

fn answer_all(stream: &TcpStream, answer: &str) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    let mut line = String::new();
    while reader.read_line(&mut line)? != 0 {
        if line == "\r\n" {
            thread::sleep(DELAY);
            writer.write_all(answer.as_bytes())?;
        }
        line.clear();
    }
    Ok(())
}

/// Returns a service with one connection to that server; with a folder, answers are kept there.
fn service(address: &str, folder: &TempDir, runtime: &Runtime, http: HttpSettings) -> Arc<Service> {
    let file = folder.path().join("usher.toml");
    // GitHub's own limits would slow this down on purpose.
    let limits = ["core", "secondary"].map(|limit| {
        format!("[connections.work.limits.{limit}]\nrequests = 1000000\npoints = 1000000\nper = \"1s\"\n")
    });
    let config = format!("[connections.work]\nadapter = \"github\"\nbase_url = \"{address}\"\n{}", limits.concat());
    fs::write(&file, config).expect("the folder can be written to");
    let environment = PinnedEnvironment::new(folder.path());
    let config = Config::load(&environment, &Flags { config: Some(file), ..Flags::default() }).expect("it is right");
    let settings = Settings {
        state: None,
        timeout: None,
        logger: Arc::new(Silent),
        progress: Arc::new(Unwatched),
        http,
        // Built-in adapters have no worker: nothing starts it.
        program: std::env::current_exe().expect("a program has a path"),
        supervision: Supervision::default(),
    };
    let registry = Registry::discover(&Search::default()).expect("the built-in adapters are there");
    Arc::new(Service::new(registry, &config, &environment, settings, runtime.handle().clone()))
}

fn stack(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let address = serve().expect("a port is free");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let kept = HttpSettings::default().with_cache(folder.path().join("http"));
    let mut group = criterion.benchmark_group("a request of a millisecond");
    group.measurement_time(Duration::from_secs(10));

    // As the host makes its own for addresses without TLS. It fails where somebody has chosen before: the host chooses the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().tcp_nodelay(true).tls_certs_only([]).build().expect("a client can be made");
    let url = format!("{address}/repos/octocat/Hello-World/issues/1347");
    group.bench_function("the bare client", |bencher| {
        bencher.to_async(&runtime).iter(async || {
            let answer = client.get(&url).send().await.expect("the server answers");
            answer.bytes().await.expect("the answer is whole")
        });
    });
    for (name, http) in [("the service", HttpSettings::default()), ("the service, answers kept", kept)] {
        let service = service(&address, &folder, &runtime, http);
        let ticket = service.resolve("octocat/Hello-World#1347", Some("work")).expect("it is a ticket's name");
        group.bench_function(name, |bencher| {
            bencher
                .to_async(&runtime)
                .iter(async || service.get(&ticket, Include::SUMMARY).await.expect("the ticket is read"));
        });
    }
    group.finish();
}

criterion_group!(benches, stack);
criterion_main!(benches);
