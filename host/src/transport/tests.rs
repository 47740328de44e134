//! The same adapter through both transports, and what only a lane has to survive.

use std::{
    borrow::Cow,
    io::Write,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use usher_adapter_sdk::{
    TicketSystemAdapter,
    boundary::{AdapterEntry, AdapterSet, EntryOf, abi},
    host::{Connection, FileSink, FileSource, Host, Level},
    message::{Include, NewAttachment, NoteDraft, Raw, Source},
    model::{Attachment, Json, Note, Ticket, TicketKey, Visibility},
    wire::{AddNote, AddNoteArgs, Attach, AttachArgs, Download, DownloadArgs, Get, GetArgs, WIRE_VERSION},
};

use super::*;
use crate::http::{self, testing};

#[derive(Deserialize)]
struct Config {}

/// Does what the key of the ticket says.
struct Probe(Host);

impl TicketSystemAdapter for Probe {
    type Config = Config;

    fn new(_: Config, host: Host) -> Result<Self> {
        Ok(Self(host))
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, _: &Source) -> Result<Ticket> {
        Ok(Ticket::new(key.map_or("?", TicketKey::as_str), raw.main_text()?))
    }

    async fn get(&self, key: &TicketKey, _: &Include) -> Result<Raw> {
        match key.as_str() {
            "remember" => {
                let before = self.0.kv().get("count").await?.map_or(0, |count| count.len());
                self.0.kv().set("count", vec![b'x'; before + 1]).await?;
                return Ok(Raw::main(format!("remembered {before}")));
            }
            "sleep" => self.0.sleep(Duration::from_millis(5)).await?,
            "sleep for ever" => self.0.sleep(Duration::from_secs(3600)).await?,
            "work" => std::thread::sleep(Duration::from_millis(300)),
            "block" => std::thread::sleep(Duration::from_secs(3)),
            "log" => self.0.log(Level::Warning, "a line"),
            "http" => {
                self.0.http(usher_adapter_sdk::host::Request::get("https://example.com")).await?;
            }
            _ => {}
        }
        Ok(Raw::main(format!("did {key}")))
    }

    async fn download(&self, _: &TicketKey, id: &str, sink: &FileSink) -> Result<Attachment> {
        sink.write("some bytes").await?;
        Ok(Attachment::new(id, "a.txt"))
    }

    async fn add_note(&self, key: &TicketKey, _: &NoteDraft) -> Result<Note> {
        for path in ["notes", "mails"] {
            let request = usher_adapter_sdk::host::Request::post(format!("https://example.com/{path}"));
            if !self.0.http(request).await?.is_success() {
                return Err(Error::validation("nobody listens to this ticket").with_status(422));
            }
        }
        Ok(Note::new(key.as_str(), "Hello."))
    }

    async fn attach(&self, _: &TicketKey, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
        let bytes = source.read(1 << 20).await?;
        Ok(Attachment::new("1", &file.name).with_size(Some(bytes.len() as u64)))
    }
}

struct Probes;

impl AdapterSet for Probes {
    const ADAPTERS: &'static [AdapterEntry] = &[AdapterEntry {
        id: "probe",
        record: b"",
        checked: b"",
        create: usher_adapter_sdk::boundary::create::<Probe>,
    }];
}

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Logger for Lines {
    fn line(&self, level: u32, connection: &str, message: &str) {
        self.0.lock().unwrap().push(format!("{level} {connection} {message}"));
    }
}

/// A host for one connection, with both transports to the same adapter.
struct World {
    folder: tempfile::TempDir,
    files: Arc<Files>,
    lines: Arc<Lines>,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), files: Arc::default(), lines: Arc::default() }
    }

    fn capabilities(&self) -> Arc<Capabilities> {
        let kv = Arc::new(KvStore::new(self.folder.path(), "work"));
        let runtime = tokio::runtime::Handle::current();
        Capabilities::new("work", runtime, self.lines.clone(), Some(kv), self.files.clone())
    }

    fn config() -> CreateConfig {
        CreateConfig {
            wire_version: WIRE_VERSION,
            host_version: "0".to_owned(),
            connection: Connection::new("work"),
            options: Json::parse("{}").unwrap(),
        }
    }

    async fn transports(&self) -> [Transport; 2] {
        let module = abi::linked::<EntryOf<Probes>>();
        let linked = Transport::linked(module, "probe", &Self::config(), self.capabilities()).unwrap();
        let lane = Lane::start("probe").unwrap();
        let (config, deadline) = (Self::config(), soon());
        let on_lane = Transport::on_lane(&lane, module, "probe", &config, self.capabilities(), deadline).await;
        [linked, on_lane.unwrap()]
    }

    async fn lane(&self) -> Arc<Transport> {
        let [_, lane] = self.transports().await;
        Arc::new(lane)
    }
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(10))
}

async fn get(transport: &Transport, key: &str, within: Duration) -> Result<String> {
    let args = GetArgs { key: Cow::Owned(TicketKey::from(key)), include: Include::default() };
    let answer = transport.call::<Get>(args, Vec::new(), Deadline::after(within)).await?;
    Ok(usher_adapter_sdk::decode::json::<Ticket>(&answer.body)?.title)
}

const LONG: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_transports_answer_alike_and_share_the_memory() {
    let world = World::new();
    for (number, transport) in world.transports().await.iter().enumerate() {
        assert_eq!(get(transport, "sleep", LONG).await.unwrap(), "did sleep");
        assert_eq!(get(transport, "remember", LONG).await.unwrap(), format!("remembered {number}"));
        get(transport, "log", LONG).await.unwrap();
        let error = get(transport, "http", LONG).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
    assert_eq!(*world.lines.0.lock().unwrap(), ["2 work a line", "2 work a line"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_go_through_handles_and_a_closed_handle_means_nothing() {
    #[derive(Clone, Default)]
    struct Taken(Arc<Mutex<Vec<u8>>>);
    impl Write for Taken {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let world = World::new();
    for transport in world.transports().await {
        let taken = Taken::default();
        let sink = world.files.open_sink(taken.clone());
        let key = || Cow::Owned(TicketKey::from("A-1"));
        let args = || DownloadArgs { key: key(), attachment_id: "7".into(), sink };
        transport.call::<Download>(args(), Vec::new(), soon()).await.unwrap();
        assert_eq!(*taken.0.lock().unwrap(), b"some bytes");
        world.files.close(sink);
        let error = transport.call::<Download>(args(), Vec::new(), soon()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);

        let source = world.files.open_source(&b"12345"[..]);
        let file = NewAttachment::new("a.txt");
        let args = AttachArgs { key: key(), file: Cow::Borrowed(&file), source };
        assert_eq!(transport.call::<Attach>(args, Vec::new(), soon()).await.unwrap().head.size, Some(5));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_ends_a_call_that_waits_and_the_next_one_works() {
    for transport in World::new().transports().await {
        let error = get(&transport, "sleep for ever", Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(get(&transport, "next", LONG).await.unwrap(), "did next");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_calls_at_once_are_all_answered() {
    let world = World::new();
    let lane = world.lane().await;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let lane = lane.clone();
            tokio::spawn(async move { get(&lane, "sleep", LONG).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "did sleep");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_honest_work_of_one_call_wedges_nothing_for_another() {
    let world = World::new();
    let lane = world.lane().await;
    let worker = lane.clone();
    let working = tokio::spawn(async move { get(&worker, "work", LONG).await });
    tokio::task::yield_now().await;
    let error = get(&lane, "short", Duration::from_millis(20)).await;
    // Either it came before the work, or it timed out behind it; it never says that the adapter hangs.
    assert!(error.is_ok() || error.unwrap_err().kind() == ErrorKind::Timeout);
    assert_eq!(working.await.unwrap().unwrap(), "did work");
    assert_eq!(get(&lane, "next", LONG).await.unwrap(), "did next");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lane_that_hangs_fails_every_call_at_once_and_is_free_when_it_comes_back() {
    let world = World::new();
    let lane = world.lane().await;
    let error = get(&lane, "block", Duration::from_millis(600)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AdapterHung);
    assert!(lane.is_wedged());
    let start = Instant::now();
    assert_eq!(get(&lane, "next", LONG).await.unwrap_err().kind(), ErrorKind::AdapterHung);
    assert!(start.elapsed() < Duration::from_secs(2));
    while lane.is_wedged() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(get(&lane, "next", LONG).await.unwrap(), "did next");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_its_end_an_adapter_may_ask_for_nothing() {
    for transport in World::new().transports().await {
        transport.shutdown(soon()).await.unwrap();
        assert!(get(&transport, "remember", LONG).await.is_err());
    }
}

/// Answers one request after the other with these statuses, and notes which ticket each is about.
struct Platform {
    statuses: Mutex<std::vec::IntoIter<u16>>,
    tickets: Arc<Mutex<Vec<Option<Arc<str>>>>>,
}

impl http::Exchange for Platform {
    async fn send(&self, _: http::Request, call: &http::Call) -> std::result::Result<http::Response, http::Failure> {
        self.tickets.lock().unwrap().push(call.ticket.clone());
        let status = self.statuses.lock().unwrap().next().expect("an answer was prepared");
        Ok(testing::answer(status, &[], ""))
    }
}

/// Writes a note of two requests, which are answered like that.
async fn note(statuses: impl Into<Vec<u16>>) -> (Result<Answer<AddNote>>, Vec<Option<Arc<str>>>) {
    let (files, tickets) = (Arc::<Files>::default(), Arc::<Mutex<Vec<_>>>::default());
    let platform = Platform { statuses: Mutex::new(statuses.into().into_iter()), tickets: tickets.clone() };
    let connection = Some(Arc::new(http::Connection::new(platform, files.clone(), false)));
    let runtime = tokio::runtime::Handle::current();
    let lines = Arc::new(Lines::default());
    let capabilities = Capabilities::with_http("work", runtime, lines, None, files, connection);
    let linked = Transport::linked(abi::linked::<EntryOf<Probes>>(), "probe", &World::config(), capabilities).unwrap();
    let draft = NoteDraft::new("Hello.", Visibility::Public);
    let args = AddNoteArgs { key: Cow::Owned(TicketKey::from("A-1")), note: Cow::Borrowed(&draft) };
    let outcome = linked.call::<AddNote>(args, Vec::new(), soon()).await;
    let tickets = tickets.lock().unwrap().clone();
    (outcome, tickets)
}

#[tokio::test]
async fn a_write_that_fails_after_its_first_request_is_a_partial_outcome() {
    let (outcome, _) = note([200, 422]).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable(), error.status()), (ErrorKind::OutcomeUnknown, false, Some(422)));
    assert_eq!(error.message(), "a part of it is written, and then: nobody listens to this ticket");
    let (outcome, _) = note([422]).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Validation, "nothing was written");
}

#[tokio::test]
async fn requests_know_the_ticket_that_their_call_is_about() {
    let (outcome, tickets) = note([200, 200]).await;
    outcome.unwrap();
    assert_eq!(tickets, [Some("A-1".into()), Some("A-1".into())]);
}
