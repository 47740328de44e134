//! What crosses the boundary, seen from a host.
#![cfg(feature = "testkit")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::time::Duration;

use serde::Deserialize;
use usher_adapter_sdk::{
    host::{FileSink, FileSource},
    host::{Level, Request},
    message::{Altered, Criteria, FieldName, Include, MarkerKind, NewAttachment, NoteDraft, Page},
    model::{Attachment, Note, Ticket, Visibility},
    prelude::*,
    testkit::{Kit, TestHost},
};

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    panic: Option<String>,
}

struct Probe {
    panic: Option<String>,
    host: Host,
}

impl Probe {
    fn panic_at(&self, place: &str) {
        assert!(self.panic.as_deref() != Some(place), "asked to panic at {place}");
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.panic_at("drop");
    }
}

struct PanicsAtItsEnd(bool);

impl Drop for PanicsAtItsEnd {
    fn drop(&mut self) {
        assert!(!self.0, "asked to panic at the future's end");
    }
}

impl TicketSystemAdapter for Probe {
    type Config = Config;

    fn new(config: Config, host: Host) -> Result<Self> {
        let probe = Self { panic: config.panic, host };
        if probe.panic.as_deref() == Some("create") {
            panic!("asked to panic at create");
        }
        Ok(probe)
    }

    fn normalize(&self, key: Option<&TicketKey>, raw: &Raw, source: &Source) -> Result<Ticket> {
        self.panic_at("normalize");
        let key = key.map_or("PROBE-0", TicketKey::as_str);
        Ok(Ticket::new(key, format!("{} over {source}", raw.main_text()?)))
    }

    async fn get(&self, key: &TicketKey, _include: &Include) -> Result<Raw> {
        self.panic_at("call");
        let _end = PanicsAtItsEnd(self.panic.as_deref() == Some("future"));
        self.host.sleep(Duration::from_secs(3)).await?;
        self.panic_at("poll");
        self.host.log(Level::Debug, "asked");
        let seen = self.host.kv().get("seen").await?;
        self.host.kv().set("seen", key.as_str()).await?;
        let deadline = self.host.deadline().is_some();
        Ok(Raw::main(format!("seen {seen:?}, deadline {deadline}")))
    }

    async fn fetch(&self, _: &Criteria, _: &Include, _: Option<&usher_adapter_sdk::message::Cursor>) -> Result<Page> {
        let mut page = Page::new().with_total(Some(2));
        for key in ["PROBE-1", "PROBE-2"] {
            page.push(&Ticket::new(key, "two\nlines"))?;
        }
        page.push_error(Error::not_found("PROBE-3"));
        Ok(page)
    }

    async fn add_note(&self, _: &TicketKey, note: &NoteDraft) -> Result<Note> {
        let altered = Altered::text(FieldName::Body, "Probe", &["table"]);
        Ok(Note::new("1", note.body.clone()).with_altered(Vec::from_iter(altered)))
    }

    async fn download(&self, _: &TicketKey, id: &str, sink: &FileSink) -> Result<Attachment> {
        sink.write("first ").await?;
        sink.write("second").await?;
        Ok(Attachment::new(id, "file.txt"))
    }

    async fn attach(&self, _: &TicketKey, file: &NewAttachment, source: &FileSource) -> Result<Attachment> {
        let mut size = 0;
        loop {
            let part = source.read(4).await?;
            if part.is_empty() {
                return Ok(Attachment::new("1", &file.name).with_size(Some(size)));
            }
            size += part.len() as u64;
        }
    }

    async fn check(&self) -> Result<usher_adapter_sdk::message::Identity> {
        let answer = self.host.http(Request::get("https://probe.example/me").query("a", "b")).await?;
        Err(Error::new(ErrorKind::Authentication, "no").with_status(answer.status).with_hint("log in"))
    }
}

fn kit(options: &str, host: &TestHost) -> Kit {
    Kit::new::<Probe>(options, host).unwrap()
}

#[test]
fn a_ticket_crosses_with_the_hosts_capabilities_on_the_way() {
    let host = TestHost::new();
    let kit = kit("{}", &host);
    let first = kit.get("PROBE-1", Include::default()).unwrap();
    assert_eq!(first.title, "seen None, deadline false over direct");
    assert_eq!(host.remembered("seen").as_deref(), Some(&b"PROBE-1"[..]));
    assert!(host.has_logged(Level::Debug, "asked"));
    assert_eq!(host.now().to_string(), "2026-01-01T00:00:03Z");
}

#[test]
fn raw_documents_come_along_when_they_are_asked_for() {
    let kit = kit("{}", &TestHost::new());
    let mut include = Include::default();
    include.raw = true;
    let ticket = kit.get("PROBE-1", include).unwrap();
    assert_eq!(ticket.raw.unwrap()["main"].as_str(), r#""seen None, deadline false""#);
}

#[test]
fn panics_come_back_as_errors_with_message_and_place() {
    let host = TestHost::new();
    for (place, message) in [
        ("call", "asked to panic at call"),
        ("poll", "asked to panic at poll"),
        ("normalize", "asked to panic at normalize"),
        ("future", "asked to panic at the future's end"),
    ] {
        let error = kit(&format!(r#"{{"panic":"{place}"}}"#), &host).get("PROBE-1", Include::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AdapterPanicked, "{place}");
        assert!(error.message().contains(message), "{error}");
        assert!(error.message().contains("boundary.rs:"), "{error}");
    }
    let error = Kit::new::<Probe>(r#"{"panic":"create"}"#, &host).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::AdapterPanicked);
    // Nobody is left to hear of this one; that the test goes on is the point.
    drop(kit(r#"{"panic":"drop"}"#, &host));
}

#[test]
fn a_page_holds_one_ticket_a_line_and_its_errors_beside_them() {
    let kit = kit("{}", &TestHost::new());
    let page = kit.fetch(&Criteria::default(), Include::default(), None).unwrap();
    assert_eq!((page.len(), page.head().total, page.head().errors.len()), (2, Some(2), 1));
    assert_eq!(page.lines().iter().filter(|byte| **byte == b'\n').count(), 2);
    assert_eq!(page.tickets().unwrap()[1].title, "two\nlines");
}

#[test]
fn a_new_note_says_what_of_it_was_altered() {
    let note = kit("{}", &TestHost::new()).add_note("PROBE-1", &NoteDraft::new("Text", Visibility::Public)).unwrap();
    let said: Vec<_> = note.altered.iter().map(|altered| (altered.field.as_str(), altered.reason.as_str())).collect();
    assert_eq!(said, [("body", "Probe has no exact form for: table")]);
}

#[test]
fn files_go_through_the_hosts_handles() {
    let kit = kit("{}", &TestHost::new());
    assert_eq!(kit.download("PROBE-1", "7").unwrap().1, b"first second");
    let attached = kit.attach("PROBE-1", &NewAttachment::new("a.bin"), b"ten  bytes").unwrap();
    assert_eq!(attached.size, Some(10));
}

#[test]
fn an_error_keeps_its_kind_status_and_hint() {
    let host = TestHost::new().on_http(|request, _| {
        assert_eq!(request.query, [("a".to_owned(), "b".to_owned())]);
        Ok(TestHost::response(401, "no"))
    });
    let error = kit("{}", &host).check().unwrap_err();
    assert_eq!((error.kind(), error.status(), error.hint()), (ErrorKind::Authentication, Some(401), Some("log in")));
}

#[test]
fn an_operation_that_was_not_written_is_unsupported() {
    let error = kit("{}", &TestHost::new()).find_by_marker(MarkerKind::Ticket, "m", None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[test]
fn wrong_options_are_a_configuration_error_that_names_the_table() {
    let error = Kit::new::<Probe>(r#"{"panic": 3}"#, &TestHost::new()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.hint().unwrap().contains("[connections.test.options]"));
}
