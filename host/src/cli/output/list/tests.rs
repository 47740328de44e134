//! Lists in every form, narrow and wide, hostile and broken off.

use usher_adapter_sdk::model::CutReason;

use super::super::style::View;
use super::super::testing::{SMALL, Shared, failing, now, out, terminal};
use super::super::width;
use super::*;

fn partial() -> ListCompleteness {
    let connection = "oss".to_owned();
    ListCompleteness { connection, loaded: 0, total: None, next: None, reason: Some(CutReason::Error) }
}

fn refused() -> ErrorReport {
    ErrorReport::new(ErrorKind::Permission, "no").with_connection("oss")
}

/// Writes tickets in a form, and returns what arrives on stdout and on stderr.
fn written(
    view: View,
    format: Format,
    fields: Option<&str>,
    tickets: &[&str],
    completeness: &[ListCompleteness],
    errors: &[ErrorReport],
) -> (String, String) {
    let (mut out, written, messages) = out(view);
    let fields = fields.map(|fields| Fields::parse(fields).unwrap());
    let mut list = ListWriter::new(format, fields, &mut out);
    tickets.iter().for_each(|ticket| list.ticket(ticket.as_bytes()).unwrap());
    list.finish(completeness, errors).unwrap();
    out.finish().unwrap();
    (written.text(), messages.text())
}

fn table(width: usize, tickets: &[&str]) -> String {
    written(terminal(width), Format::Table, None, tickets, &[], &[]).0
}

const LONG: &str = r#"{"uid":"work:SHOP-10234","key":"SHOP-10234","title":"日本語のとても長いタイトル 👩‍👩‍👧 and then some more words that go on until the terminal ends","type":{"level":"task"},"status":{"category":"done","native":{"name":"Closed (by the door, at night)"}},"priority":{"level":"none"},"labels":[],"assignees":[]}"#;

#[test]
fn json_is_one_document_of_the_hosts_own_bytes() {
    let odd = r#"{ "key" : "A-1", "title":"\u00fc\/", "x": 1.50 }"#;
    let (document, messages) = written(
        View::plain(now()),
        Format::Json,
        None,
        &[SMALL, &format!("{odd}\n")],
        &[ListCompleteness::whole("work", 2), partial()],
        &[refused()],
    );
    assert_eq!(
        document,
        format!(
            "{{\"tickets\":[\n{SMALL},\n{odd}\n],{}{}\n",
            r#""completeness":[{"connection":"work","loaded":2,"total":2,"next":null,"reason":null},{"connection":"oss","loaded":0,"total":null,"next":null,"reason":"error"}],"#,
            r#""errors":[{"kind":"permission","message":"no","retryable":false,"connection":"oss"}]}"#
        )
    );
    assert_eq!(messages, "");
    assert!(serde_json::from_str::<serde_json::Value>(&document).is_ok());
}

#[test]
fn an_empty_list_is_still_a_document() {
    let view = View::plain(now());
    let (document, _) = written(view, Format::Json, None, &[], &[], &[]);
    assert_eq!(document, "{\"tickets\":[],\"completeness\":[],\"errors\":[]}\n");
    assert_eq!(written(view, Format::Jsonl, None, &[], &[], &[]).0, "");
    let (rows, messages) = written(view, Format::Table, None, &[], &[ListCompleteness::whole("work", 0)], &[]);
    assert_eq!((rows.as_str(), messages.as_str()), ("", "0 tickets\n"));
}

#[test]
fn jsonl_is_a_ticket_a_line_and_everything_else_beside_it() {
    let (lines, messages) =
        written(View::plain(now()), Format::Jsonl, None, &[SMALL, LONG], &[partial()], &[refused()]);
    assert_eq!(lines, format!("{SMALL}\n{LONG}\n"));
    assert_eq!(
        messages,
        concat!(
            r#"{"completeness":{"connection":"oss","loaded":0,"total":null,"next":null,"reason":"error"}}"#,
            "\n",
            r#"{"error":{"kind":"permission","message":"no","retryable":false,"connection":"oss"}}"#,
            "\n"
        )
    );
}

#[test]
fn asked_fields_come_in_every_form() {
    let view = View::plain(now());
    let fields = Some("status.category,key,assignees.handle");
    let object =
        r#"{"status":{"category":"in_progress"},"key":"SHOP-1","assignees":[{"handle":null},{"handle":"bob"}]}"#;
    assert_eq!(written(view, Format::Jsonl, fields, &[SMALL], &[], &[]).0, format!("{object}\n"));
    assert_eq!(
        written(view, Format::Json, fields, &[SMALL], &[], &[]).0,
        format!("{{\"tickets\":[\n{object}\n],\"completeness\":[],\"errors\":[]}}\n")
    );
    let expected = "\
STATUS.CATEGORY  KEY         ASSIGNEES.HANDLE
in_progress      SHOP-1      bob
done             SHOP-10234
";
    assert_eq!(written(view, Format::Table, fields, &[SMALL, LONG], &[], &[]).0, expected);
}

#[test]
fn a_wide_terminal_shows_everything() {
    let expected = "\
KEY         TYPE  STATUS            PRIORITY  ASSIGNEE          UPDATED  TITLE
SHOP-1      Bug   In Progress       high      Ada Lovelace, b…  3d ago   Fix the till
SHOP-10234  task  Closed (by the…   none      -                 -        日本語のとても長いタイトル 👩‍👩‍👧 and then some more words that go on until the terminal ends
";
    assert_eq!(table(200, &[SMALL, LONG]), expected);
}

#[test]
fn narrower_terminals_keep_key_and_title() {
    let at_80 = "\
KEY         STATUS            ASSIGNEE          UPDATED  TITLE
SHOP-1      In Progress       Ada Lovelace, b…  3d ago   Fix the till
SHOP-10234  Closed (by the…   -                 -        日本語のとても長いタイ…
";
    assert_eq!(table(80, &[SMALL, LONG]), at_80);
    let at_40 = "\
KEY         TITLE
SHOP-1      Fix the till
SHOP-10234  日本語のとても長いタイトル…
";
    assert_eq!(table(40, &[SMALL, LONG]), at_40);
    for columns in [40, 80, 200] {
        assert!(table(columns, &[SMALL, LONG]).lines().all(|line| width::of(line) <= columns));
    }
}

#[test]
fn a_pipe_gets_whole_titles_and_times() {
    let (rows, _) = written(View::plain(now()), Format::Table, None, &[SMALL, LONG], &[], &[]);
    assert!(rows.contains("2026-11-18T12:00:00Z  Fix the till\n"), "{rows}");
    assert!(rows.contains("Closed (by the door, at night)") && rows.contains("terminal ends\n"));
}

#[test]
fn tickets_of_several_connections_are_named_with_theirs() {
    let (mut out, written, messages) = out(terminal(80));
    let mut list = ListWriter::new(Format::Table, None, &mut out).several_connections(true);
    list.ticket(SMALL.as_bytes()).unwrap();
    list.finish(&[ListCompleteness::whole("work", 1), partial()], &[refused()]).unwrap();
    out.finish().unwrap();
    assert!(written.text().starts_with("UID          ") && written.text().contains("work:SHOP-1"));
    assert_eq!(
        messages.text(),
        "error: no\n  connection: oss\nwork: 1 ticket\noss: 0 of unknown total: cut by an error\n"
    );
}

#[test]
fn a_hostile_title_stays_a_title() {
    let hostile = r#"{"key":"A-1\u001b[1m","title":"\u001b[2J\u001b]8;;https://evil.example\u0007pay\u202e\u009b1A\r\nA-2  forged","status":{"category":"done","native":{"name":"\u001b[5m"}}}"#;
    let expected = "\
KEY       TYPE  STATUS  TITLE
A-1␛[1m   -     ␛[5m    ␛[2J␛]8;;https://evil.example␇pay<U+202E><U+009B>1A  A-2  forged
";
    let rows = table(200, &[hostile]);
    assert_eq!(rows.lines().count(), 2);
    let squeezed: Vec<_> = rows.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(squeezed[1].last(), Some(&"forged"));
    assert!(!rows.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'));
    for part in expected.lines().nth(1).unwrap().split("  ").filter(|part| !part.is_empty()) {
        assert!(rows.contains(part.trim()), "{part}");
    }
}

#[test]
fn json_on_a_terminal_cannot_give_orders_and_means_the_same() {
    let hostile = "{\"key\":\"A-1\",\"title\":\"\u{9b}2J\u{202e}\"}";
    let (mut out, written, _) = out(terminal(80));
    write_ticket(Format::Json, None, hostile.as_bytes(), None, &mut out).unwrap();
    out.finish().unwrap();
    assert_eq!(written.text(), "{\"key\":\"A-1\",\"title\":\"\\u009b2J\\u202e\"}\n");
}

#[test]
fn one_ticket_is_the_object_itself() {
    let single = |format, fields: Option<&str>| {
        let (mut out, written, _) = out(View::plain(now()));
        let fields = fields.map(|fields| Fields::parse(fields).unwrap());
        write_ticket(format, fields.as_ref(), SMALL.as_bytes(), None, &mut out).unwrap();
        out.finish().unwrap();
        written.text()
    };
    assert_eq!(single(Format::Json, None), format!("{SMALL}\n"));
    assert_eq!(single(Format::Jsonl, Some("key")), "{\"key\":\"SHOP-1\"}\n");
    assert_eq!(single(Format::Table, Some("key,labels")), "key     SHOP-1\nlabels  till, münchen\n");
    assert!(single(Format::Table, None).starts_with("SHOP-1  Fix the till\n\nType       Bug\n"));
}

#[test]
fn several_tickets_in_full_stand_apart() {
    let (mut out, written, _) = out(View::plain(now()));
    let mut list = ListWriter::new(Format::Table, None, &mut out).in_full();
    list.ticket(br#"{"key":"A-1","title":"one"}"#).unwrap();
    list.ticket(br#"{"key":"A-2","title":"two"}"#).unwrap();
    list.finish(&[], &[]).unwrap();
    out.finish().unwrap();
    assert_eq!(written.text(), "A-1  one\n\nA-2  two\n");
}

#[test]
fn a_ticket_that_cannot_be_read_leaves_the_list_whole() {
    for (format, expected) in [
        (Format::Json, "{\"tickets\":[\n{\"key\":\"A-1\"}\n],\"completeness\":[],\"errors\":[]}\n"),
        (Format::Jsonl, "{\"key\":\"A-1\"}\n"),
        (Format::Table, "KEY\nA-1\n"),
    ] {
        let (mut out, written, _) = out(View::plain(now()));
        let fields = Fields::parse("key").unwrap();
        let mut list = ListWriter::new(format, Some(fields), &mut out);
        let stop = list.ticket(br#"{"key":"A-0""#).unwrap_err();
        assert!(matches!(stop, Stop::Failed(report) if report.kind == ErrorKind::ResponseParse.into()));
        list.ticket(br#"{"key":"A-1"}"#).unwrap();
        list.finish(&[], &[]).unwrap();
        out.finish().unwrap();
        assert_eq!(written.text(), expected);
    }
}

#[test]
fn memory_stays_flat_however_long_the_list() {
    for format in [Format::Table, Format::Json, Format::Jsonl] {
        let (mut out, written, _) = out(View::plain(now()));
        let mut list = ListWriter::new(format, None, &mut out);
        for _ in 0..5_000 {
            list.ticket(SMALL.as_bytes()).unwrap();
            assert!(list.rows.waiting.len() < BATCH && list.scratch.is_empty());
        }
        let before_the_end = written.text().len();
        list.finish(&[], &[]).unwrap();
        out.finish().unwrap();
        assert!(written.text().len() - before_the_end <= 2 * 64 * 1024, "the rest had gone already");
    }
}

#[test]
fn a_page_is_shown_when_it_is_there() {
    let (mut out, written, _) = out(View::plain(now()));
    let mut list = ListWriter::new(Format::Table, None, &mut out);
    list.ticket(SMALL.as_bytes()).unwrap();
    list.flush().unwrap();
    assert_eq!(written.text().lines().count(), 2);
    list.ticket(LONG.as_bytes()).unwrap();
    list.flush().unwrap();
    assert_eq!(written.text().lines().count(), 3, "and the headings stay the only ones");
}

#[test]
fn a_reader_that_went_away_stops_the_list() {
    let mut out = failing(std::io::Error::from_raw_os_error(32));
    let mut list = ListWriter::new(Format::Jsonl, None, &mut out);
    let stop = (0..1_000).find_map(|_| list.ticket(SMALL.as_bytes()).err());
    assert_eq!(stop, Some(Stop::Closed));
    assert_eq!(list.finish(&[], &[]), Err(Stop::Closed));
}

#[test]
fn a_full_disk_is_told_although_the_errors_were_said_already() {
    let mut out = failing(std::io::Error::from_raw_os_error(28));
    let mut list = ListWriter::new(Format::Json, None, &mut out);
    list.ticket(SMALL.as_bytes()).unwrap();
    assert!(list.finish(&[], &[]).is_err());
    assert_eq!(out.finish().unwrap_err().message, "cannot write output: No space left on device");
}

#[test]
fn colours_follow_the_status() {
    let view = View { color: true, ..terminal(80) };
    let (rows, _) = written(view, Format::Table, None, &[SMALL], &[], &[]);
    assert!(rows.contains("\x1b[33mIn Progress\x1b[0m"), "{rows:?}");
}

#[test]
fn the_end_says_in_colour_that_something_is_missing() {
    let messages = Shared::default();
    let view = View { color: true, ..terminal(80) };
    let mut out = Out::with_writers(std::io::sink(), messages.clone(), view);
    ListWriter::new(Format::Table, None, &mut out).finish(&[partial()], &[]).unwrap();
    out.finish().unwrap();
    assert_eq!(messages.text(), "\x1b[33m0 of unknown total: cut by an error\x1b[0m\n");
}
