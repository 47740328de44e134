//! Outputs that tests can look into, and a small ticket.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use usher_adapter_sdk::model::Time;

use super::{Out, View};

/// Bytes that a test reads while an output writes them.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    /// Returns what has arrived so far.
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The time at which all tests happen.
pub(super) fn now() -> Time {
    Time::parse("2026-11-21T12:00:00Z").unwrap()
}

/// A terminal of so many columns, without colours.
pub(super) fn terminal(width: usize) -> View {
    View { width: Some(width), height: Some(24), ..View::plain(now()) }
}

/// An output, what arrives on stdout and what on stderr.
pub(super) fn out(view: View) -> (Out, Shared, Shared) {
    let (written, messages) = (Shared::default(), Shared::default());
    (Out::with_writers(written.clone(), messages.clone(), view), written, messages)
}

/// An output whose every write fails like that.
pub(super) fn failing(error: io::Error) -> Out {
    struct Failing(i32);
    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from_raw_os_error(self.0))
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::Error::from_raw_os_error(self.0))
        }
    }
    Out::with_writers(Failing(error.raw_os_error().unwrap()), io::sink(), View::plain(now()))
}

/// A small ticket as the host keeps it.
pub(super) const SMALL: &str = concat!(
    r#"{"schema_version":1,"uid":"work:SHOP-1","platform":"folder","connection":"work","#,
    r#""key":"SHOP-1","title":"Fix the till","type":{"level":"bug","native":{"name":"Bug"}},"#,
    r#""status":{"category":"in_progress","is_open":true,"native":{"id":"3","name":"In Progress"}},"#,
    r#""priority":{"level":"high"},"labels":["till","münchen"],"#,
    r#""assignees":[{"id":"u1","display_name":"Ada Lovelace","kind":"person"},{"id":"u2","handle":"bob","kind":"person"}],"#,
    r#""updated_at":"2026-11-18T12:00:00Z","branch_summary":"fix-the-till"}"#
);
