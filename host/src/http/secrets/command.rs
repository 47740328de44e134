//! `command:LINE`: what a program prints, such as a password manager.

use std::{process::Stdio, time::Instant};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::{Child, Command},
};
use usher_adapter_sdk::{Error, ErrorKind, Result};

use super::{LARGEST, secret};
use crate::{config::Secret, redact};

/// How much of what a program says on stderr is repeated.
const COMPLAINT: usize = 1 << 10;

/// Runs a command line, without a shell and without stdin, and returns what it prints.
pub(super) async fn run(line: &str, until: Instant) -> Result<Secret> {
    let words = shlex::split(line).filter(|words| !words.is_empty()).ok_or_else(|| {
        Error::new(ErrorKind::Configuration, "the command line for a secret cannot be split into words")
            .with_hint("Each quote needs its other one. There is no shell: write `sh -c '…'` for pipes and variables.")
    })?;
    let program = words[0].as_str();
    let mut command = Command::new(program);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // In a group of its own, so that whatever it starts ends with it.
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn().map_err(|error| {
        Error::new(ErrorKind::CredentialMissing, format!("`{program}` cannot be started: {error}"))
            .with_hint("Install it, or write its whole path after `command:`.")
    })?;
    let mut running = Running::new(child);
    let ended = tokio::time::timeout_at(until.into(), running.finish()).await;
    let (status, printed, complaint) = match ended {
        Ok(Ok(ended)) => ended,
        Ok(Err(error)) => {
            return Err(Error::new(ErrorKind::CredentialMissing, format!("`{program}` cannot be heard: {error}")));
        }
        Err(_) => {
            return Err(Error::new(ErrorKind::CredentialMissing, format!("`{program}` took too long and was ended"))
                .with_hint("Try it at a prompt: it must end by itself, and nobody is there to answer a question."));
        }
    };
    if !status.success() {
        let said = String::from_utf8_lossy(&complaint);
        let hint = match said.trim() {
            "" => "It said nothing. Try it at a prompt.".to_owned(),
            said => format!("It said: {}", redact::text(said)),
        };
        return Err(Error::new(ErrorKind::CredentialMissing, format!("`{program}` failed: {status}")).with_hint(hint));
    }
    secret(printed, &format!("what `{program}` prints"))
}

/// A program that runs; dropped, it is ended with everything that it has started.
struct Running {
    child: Child,
    /// The number of its group, until it has ended.
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Running {
    fn new(child: Child) -> Self {
        #[cfg(unix)]
        let group = child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
        Self {
            child,
            #[cfg(unix)]
            group,
        }
    }

    /// Waits for its end, and returns how it ended, what it printed and what it complained.
    async fn finish(&mut self) -> std::io::Result<(std::process::ExitStatus, Vec<u8>, Vec<u8>)> {
        let (stdout, stderr) = (self.child.stdout.take(), self.child.stderr.take());
        // One byte more than is allowed tells that there was more.
        let (printed, complaint) = tokio::try_join!(beginning(stdout, LARGEST + 1), beginning(stderr, COMPLAINT))?;
        let status = self.child.wait().await?;
        // From here on the number may be another group's.
        #[cfg(unix)]
        {
            self.group = None;
        }
        Ok((status, printed, complaint))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group {
            // Whoever has ended already cannot be ended.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

/// Returns the beginning of what a program writes, and lets it write the rest to nobody.
async fn beginning(pipe: Option<impl AsyncRead + Unpin>, most: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Some(mut pipe) = pipe else { return Ok(bytes) };
    (&mut pipe).take(most as u64).read_to_end(&mut bytes).await?;
    tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    Ok(bytes)
}
