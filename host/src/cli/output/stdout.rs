//! The process's stdout, kept for the program's own data.
//!
//! A drop-in in this process may print, and what it prints must not stand between the tickets that a script
//! reads. So before one is loaded the program's own stdout is put aside, and whatever else prints goes to
//! stderr.

use std::{
    fs::File,
    io::{self, IsTerminal, Write},
    process::Stdio,
    sync::OnceLock,
};

/// The stdout that was put aside.
static OWN: OnceLock<File> = OnceLock::new();

/// Keeps stdout for the program: from here on, other code in this process prints to stderr.
#[cfg(unix)]
pub(crate) fn keep() -> io::Result<()> {
    use rustix::{io::fcntl_dupfd_cloexec, stdio};
    if OWN.get().is_none() {
        let own = fcntl_dupfd_cloexec(stdio::stdout(), 3)?;
        stdio::dup2_stdout(stdio::stderr())?;
        let _ = OWN.set(File::from(own));
    }
    Ok(())
}

/// Elsewhere drop-ins share the program's stdout.
#[cfg(not(unix))]
pub(crate) fn keep() -> io::Result<()> {
    Ok(())
}

/// Returns the program's own stdout.
///
/// It is the one descriptor that was put aside, never a copy of it: by the end a drop-in in this process may have used up all
/// that there are.
pub(crate) fn writer() -> Box<dyn Write + Send> {
    match OWN.get() {
        Some(own) => Box::new(own),
        None => Box::new(io::stdout()),
    }
}

/// Returns the program's own stdout for a child process.
pub(crate) fn for_child() -> io::Result<Stdio> {
    match OWN.get() {
        Some(own) => Ok(Stdio::from(own.try_clone()?)),
        None => Ok(Stdio::inherit()),
    }
}

/// Says whether the program's own stdout is a terminal.
pub(super) fn is_terminal() -> bool {
    OWN.get().map_or_else(|| io::stdout().is_terminal(), IsTerminal::is_terminal)
}

/// Returns the size of the terminal behind the program's own stdout.
#[cfg(unix)]
pub(super) fn size() -> Option<(terminal_size::Width, terminal_size::Height)> {
    match OWN.get() {
        Some(own) => terminal_size::terminal_size_of(own),
        None => terminal_size::terminal_size(),
    }
}

/// Returns the size of the terminal.
#[cfg(not(unix))]
pub(super) fn size() -> Option<(terminal_size::Width, terminal_size::Height)> {
    terminal_size::terminal_size()
}
