//! What a panic of the host says on stderr: what Rust says by itself, without secrets.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, Write},
    panic::{self, PanicHookInfo},
    thread,
};

use crate::redact;

/// Takes secrets out of what panics say, from here on.
pub(super) fn redact_messages() {
    panic::set_hook(Box::new(|info| {
        // Nobody can be told that stderr is closed.
        let _ = io::stderr().write_all(message(info).as_bytes());
    }));
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let thread = thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let backtrace = Backtrace::capture();
    let trace = match backtrace.status() {
        BacktraceStatus::Captured => format!("{backtrace}"),
        _ => "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n".to_owned(),
    };
    redact::text(&format!("thread '{name}' {info}\n{trace}")).into_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::config::Secret;

    /// Takes a message; the hook is the whole process's, and other tests may panic meanwhile.
    static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[test]
    fn a_panic_says_where_it_was_and_keeps_secrets() {
        redact::learn(&Secret::new("t0ken-of-a-panic"));
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            SAID.lock().unwrap().push(message(info));
            previous(info);
        }));
        let outcome = thread::spawn(|| panic!("sent t0ken-of-a-panic")).join();
        assert!(outcome.is_err());
        let said = SAID.lock().unwrap();
        assert!(said.iter().any(|said| said.contains("panic.rs") && said.contains("sent ***")), "{said:?}");
        assert!(!said.iter().any(|said| said.contains("t0ken")), "{said:?}");
    }
}
