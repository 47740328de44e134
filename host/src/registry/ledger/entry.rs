//! What stands in one file of the ledger, and what follows from it.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};
use usher_adapter_abi::{ABI_MAJOR, AdapterModuleRef, abi_stable::library::RootModule};
use usher_adapter_sdk::model::Time;

use super::{FailurePolicy, Standing};
use crate::{config::Isolation, whole_file::WholeFile};

/// The version of these files.
const VERSION: u32 = 1;

/// What is known about one file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    version: u32,
    /// The host's ABI for which it is known.
    abi: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ready: Option<Ready>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quarantined: Option<Quarantine>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Failure>,
    /// Who is opening it for the first time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) marks: Vec<Mark>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Ready {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sandbox: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Quarantine {
    reason: String,
    since: Time,
}

/// A crash, a hang, a violation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Failure {
    pub(super) at: Time,
    pub(super) what: String,
}

/// That a process is opening the file for the first time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The lock that the process holds while it lives.
    pub(super) name: String,
    pid: u32,
    started_at: Time,
    isolation: Isolation,
}

impl Entry {
    /// Reads an entry of this host's ABI; anything else is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let entry: Self = serde_json::from_slice(bytes).ok()?;
        // The name of a file is made of a mark's name.
        let is_plain = |mark: &Mark| !mark.name.contains(['/', '\\']) && mark.name.ends_with(".probing");
        (entry.version == VERSION && entry.abi == abi() && entry.marks.iter().all(is_plain)).then_some(entry)
    }

    /// Writes the entry whole or not at all.
    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        let entry = Self { version: VERSION, abi: abi(), ..self.clone() };
        let text = serde_json::to_vec_pretty(&entry)?;
        WholeFile::default().write(file, &text)
    }

    pub(super) fn standing(&self) -> Standing {
        if let Some(Quarantine { reason, since }) = &self.quarantined {
            return Standing::Quarantined { reason: reason.clone(), since: *since };
        }
        match (&self.refused, &self.ready) {
            (Some(reason), _) => Standing::Refused { reason: reason.clone() },
            (None, Some(Ready { sandbox })) => Standing::Ready { sandbox: sandbox.clone() },
            (None, None) => Standing::Unknown,
        }
    }

    pub(super) fn mark(&mut self, name: String, isolation: Isolation, started_at: Time) {
        self.marks.push(Mark { name, pid: std::process::id(), started_at, isolation });
    }

    /// Draws the conclusion from a mark that was left behind.
    pub(super) fn left_behind(&mut self, mark: &Mark, now: Time, policy: &FailurePolicy) {
        match mark.isolation {
            Isolation::InProcess => self.quarantine("the host ended while it was opened in-process", now),
            Isolation::Worker => {
                let what = "the host ended while it was opened for the first time".to_owned();
                self.failed(Failure { at: now, what }, policy);
            }
        }
    }

    pub(super) fn ready(&mut self, sandbox: Option<String>) {
        self.refused = None;
        self.ready = Some(Ready { sandbox });
    }

    pub(super) fn refused(&mut self, reason: &str) {
        self.ready = None;
        self.refused = Some(reason.to_owned());
    }

    /// Adds a failure, and returns the reason if that was once too often.
    pub(super) fn failed(&mut self, failure: Failure, policy: &FailurePolicy) -> Option<String> {
        let now = failure.at;
        let what = failure.what.clone();
        self.failures.push(failure);
        // A clock that was set back makes no failure young again, nor does it let one go.
        self.failures.retain(|failure| failure.at.until(now) <= policy.within);
        if self.failures.len() < policy.count {
            return None;
        }
        let minutes = policy.within.as_secs().div_ceil(60);
        let reason = format!("it failed {} times within {minutes} minutes, the last time so: {what}", policy.count);
        self.quarantine(&reason, now);
        Some(reason)
    }

    pub(super) fn quarantine(&mut self, reason: &str, since: Time) {
        // The first reason is the one to read.
        self.quarantined.get_or_insert_with(|| Quarantine { reason: reason.to_owned(), since });
        self.failures.clear();
    }

    pub(super) fn clear(&mut self) {
        (self.quarantined, self.refused) = (None, None);
        self.failures.clear();
    }
}

/// Returns the ABI that this host speaks.
fn abi() -> String {
    format!("{ABI_MAJOR}/{}", AdapterModuleRef::VERSION_STRINGS.version.as_str())
}
