//! Writing, and everything that can end it.

use super::super::testing::{Shared, failing, now, out, terminal};
use super::*;

#[test]
fn what_is_written_arrives_with_the_end() {
    let (mut out, written, messages) = out(View::plain(now()));
    out.line("one\x1b[2J").unwrap();
    out.text("two\nthree\n").unwrap();
    out.message("beside it");
    assert_eq!(written.text(), "", "buffered");
    assert_eq!(out.finish(), Ok(Outcome::Complete));
    assert_eq!(written.text(), "one␛[2J\ntwo\nthree\n");
    assert_eq!(messages.text(), "beside it\n");
}

#[test]
fn a_reader_that_went_away_is_a_quiet_end() {
    let mut out = failing(io::Error::from_raw_os_error(32));
    out.line("x").unwrap();
    assert_eq!(out.flush(), Err(Stop::Closed));
    assert_eq!(out.line("y"), Err(Stop::Closed), "and it stays closed");
    assert_eq!(out.finish(), Ok(Outcome::Closed));
}

#[test]
fn a_full_disk_is_an_error_even_if_it_shows_only_at_the_end() {
    let mut out = failing(io::Error::from_raw_os_error(28));
    out.line("x").unwrap();
    let error = out.finish().unwrap_err();
    assert_eq!(error.message, "cannot write output: No space left on device");
    assert_eq!(error.exit_code(), 1);
}

#[test]
fn an_error_that_the_caller_overlooked_comes_back_at_the_end() {
    let mut out = failing(io::Error::from_raw_os_error(28));
    let _ = out.line(&"x".repeat(2 * BUFFER));
    assert!(out.finish().is_err());
}

#[test]
fn json_is_one_line_in_a_pipe_and_spread_on_a_terminal() {
    let value = serde_json::json!({"a": "\u{9b}"});
    let (mut piped, written, _) = out(View::plain(now()));
    piped.json(&value).unwrap();
    assert_eq!(piped.finish(), Ok(Outcome::Complete));
    assert_eq!(written.text(), "{\"a\":\"\u{9b}\"}\n");

    let (mut shown, written, _) = out(terminal(80));
    shown.json(&value).unwrap();
    assert_eq!(shown.finish(), Ok(Outcome::Complete));
    assert_eq!(written.text(), "{\n  \"a\": \"\\u009b\"\n}\n");
}

#[test]
fn output_shorter_than_the_screen_needs_no_pager() {
    let (plain, written, messages) = out(View { height: Some(4), ..terminal(80) });
    let mut out = plain.paged_by(vec!["/no/such/pager".to_owned()]);
    out.line("one").unwrap();
    out.message("3 tickets");
    out.flush().unwrap();
    assert_eq!((written.text(), messages.text()), (String::new(), String::new()), "both wait");
    assert_eq!(out.finish(), Ok(Outcome::Complete));
    assert_eq!((written.text().as_str(), messages.text().as_str()), ("one\n", "3 tickets\n"));
}

#[test]
fn a_pager_that_cannot_start_leaves_plain_output() {
    let (plain, written, _) = out(View { height: Some(3), ..terminal(80) });
    let mut out = plain.paged_by(vec!["/no/such/pager".to_owned()]);
    for number in 0..5 {
        out.line(&number.to_string()).unwrap();
    }
    assert!(!out.is_paging());
    assert_eq!(out.finish(), Ok(Outcome::Complete));
    assert_eq!(written.text(), "0\n1\n2\n3\n4\n");
}

#[cfg(unix)]
#[test]
fn longer_output_goes_to_the_pager() {
    let file = std::env::temp_dir().join(format!("usher-pager-{}", std::process::id()));
    let script = format!("cat > '{}'", file.display());
    let (plain, written, messages) = out(View { height: Some(3), ..terminal(80) });
    let mut out = plain.paged_by(vec!["sh".to_owned(), "-c".to_owned(), script]);
    for number in 0..5 {
        out.line(&number.to_string()).unwrap();
    }
    out.message("after it");
    assert!(out.is_paging());
    assert_eq!(messages.text(), "", "the screen is the pager's");
    assert_eq!(out.finish(), Ok(Outcome::Complete));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "0\n1\n2\n3\n4\n");
    assert_eq!((written.text().as_str(), messages.text().as_str()), ("", "after it\n"));
    std::fs::remove_file(file).unwrap();
}

#[cfg(unix)]
#[test]
fn a_pager_that_is_quit_ends_the_output_quietly() {
    let (plain, _, messages) = out(View { height: Some(2), ..terminal(80) });
    let mut out = plain.paged_by(vec!["true".to_owned()]);
    out.message("37 tickets");
    let stop = (0..10_000).find_map(|_| out.line(&"x".repeat(200)).err());
    assert_eq!(stop, Some(Stop::Closed));
    assert_eq!(out.finish(), Ok(Outcome::Closed));
    assert_eq!(messages.text(), "37 tickets\n", "what waited is still said");
}

#[test]
fn long_lines_take_several_lines_of_the_screen() {
    assert_eq!(screen_lines(b"a\nb\n", Some(10)), 2);
    assert_eq!(screen_lines("x".repeat(25).as_bytes(), Some(10)), 2);
    assert_eq!(screen_lines(format!("{}\n", "x".repeat(20)).as_bytes(), Some(10)), 2);
}

#[test]
fn a_command_that_fails_before_the_end_loses_nothing() {
    let written = Shared::default();
    let mut out = Out::with_writers(written.clone(), io::sink(), View::plain(now()));
    out.line("x").unwrap();
    drop(out);
    assert_eq!(written.text(), "x\n");
}
