//! What this machine knows about a file of drop-ins by its sha256: that it works, that it does not fit, that it failed.
//!
//! One small JSON file for each sha256 in the state folder, written whole or not at all. What is known holds for one
//! version of the host's ABI: an entry of another is as good as none, and so is one that cannot be read. Several
//! processes may write at once and lose nothing.
//!
//! What is not here: what the operator decides, which is the lock file's (`trust/lock.rs`).

mod entry;
mod mark;

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use usher_adapter_sdk::model::Time;

use super::unwritten;
use crate::config::Isolation;
use entry::{Entry, Failure};
use mark::Held;

/// What is known about a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Nothing that speaks for or against it.
    Unknown,
    /// It was opened and made an adapter.
    Ready {
        /// How far its process was confined; nothing for one that was opened in-process.
        sandbox: Option<String>,
    },
    /// Its code says that it does not fit this host.
    Refused {
        /// Why.
        reason: String,
    },
    /// It failed too often, or too badly, and is not opened until somebody says so.
    Quarantined {
        /// What it did.
        reason: String,
        /// When it was quarantined.
        since: Time,
    },
}

/// How many failures are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailurePolicy {
    /// That many …
    pub count: usize,
    /// … within that time quarantine a file.
    pub within: Duration,
}

impl Default for FailurePolicy {
    fn default() -> Self {
        Self { count: 5, within: Duration::from_secs(10 * 60) }
    }
}

/// Where the time comes from.
type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// What is known about files, by their sha256.
pub struct Ledger {
    folder: Option<PathBuf>,
    policy: FailurePolicy,
    clock: Clock,
    memory: Mutex<Memory>,
}

/// What one process keeps beside the files.
#[derive(Default)]
struct Memory {
    /// Entries that could not be written, or need not be.
    entries: BTreeMap<String, Entry>,
    /// The marks of files that this process is opening for the first time.
    held: BTreeMap<String, Held>,
    /// Why something could not be written.
    trouble: Option<String>,
}

impl Ledger {
    /// Returns the ledger in a state folder; without one it is kept in memory and forgotten at the end.
    pub fn new(state: Option<&Path>) -> Self {
        Self {
            folder: state.map(|state| state.join("adapters")),
            policy: FailurePolicy::default(),
            clock: Arc::new(SystemTime::now),
            memory: Mutex::default(),
        }
    }

    /// Sets how many failures are too many.
    #[must_use]
    pub fn with_policy(self, policy: FailurePolicy) -> Self {
        Self { policy, ..self }
    }

    /// Takes the time from elsewhere.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// Returns what is known about a file. A mark that a process has left behind which lives no longer is settled first.
    pub fn standing(&self, sha256: &str) -> Standing {
        let entry = self.read(&self.memory(), sha256);
        if entry.marks.is_empty() {
            return entry.standing();
        }
        self.change(sha256, |_, entry| entry.standing())
    }

    /// Marks a file as being opened for the first time, before it is: should this process end over it, the next one knows
    /// which file it was.
    pub fn probing(&self, sha256: &str, how: Isolation) {
        self.change(sha256, |change, entry| {
            change.release(sha256, entry);
            let name = format!("{sha256}-{}-{}.probing", std::process::id(), change.now.unix_nanos());
            match change.hold(&name) {
                Ok(held) => {
                    change.memory.held.insert(sha256.to_owned(), held);
                    entry.mark(name, how, change.now);
                }
                Err(error) => change.memory.trouble = Some(error),
            }
        });
    }

    /// Takes this process's own mark away where opening a file has shown nothing that speaks for or against it.
    pub fn unmark(&self, sha256: &str) {
        let has_mark = self.memory().held.contains_key(sha256);
        if has_mark {
            self.change(sha256, |change, entry| change.release(sha256, entry));
        }
    }

    /// Says that a file was opened and made an adapter. An empty level means that nothing confines it.
    pub fn ready(&self, sha256: &str, sandbox: &str) {
        let sandbox = (!sandbox.is_empty()).then(|| sandbox.to_owned());
        let is_known = Standing::Ready { sandbox: sandbox.clone() };
        let has_mark = self.memory().held.contains_key(sha256);
        // This is said at every start, and is new at the first one only.
        if !has_mark && self.standing(sha256) == is_known {
            return;
        }
        self.change(sha256, |change, entry| {
            change.release(sha256, entry);
            entry.ready(sandbox);
        });
    }

    /// Says that a file's code does not fit this host.
    pub fn refused(&self, sha256: &str, reason: &str) {
        self.change(sha256, |change, entry| {
            change.release(sha256, entry);
            entry.refused(reason);
        });
    }

    /// Says that a file's code crashed, hung or broke the rules, and returns the reason if that was once too often.
    pub fn failed(&self, sha256: &str, what: &str) -> Option<String> {
        self.change(sha256, |change, entry| {
            change.release(sha256, entry);
            entry.failed(Failure { at: change.now, what: what.to_owned() }, &change.policy)
        })
    }

    /// Says that a file is not to be opened again until somebody says so.
    pub fn quarantine(&self, sha256: &str, reason: &str) {
        self.change(sha256, |change, entry| {
            change.release(sha256, entry);
            entry.quarantine(reason, change.now);
        });
    }

    /// Forgets what speaks against a file, and says whether something did.
    pub fn clear(&self, sha256: &str) -> bool {
        self.change(sha256, |_, entry| {
            let was_held_back = matches!(entry.standing(), Standing::Quarantined { .. } | Standing::Refused { .. });
            entry.clear();
            was_held_back
        })
    }

    /// Returns the sha256 of every file that something is known about.
    pub fn known(&self) -> Vec<String> {
        let memory = self.memory();
        let files = self.folder.as_deref().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten();
        let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        let from_files = names.filter_map(|name| name.strip_suffix(".json").map(str::to_owned));
        let mut known: Vec<String> = from_files.chain(memory.entries.keys().cloned()).collect();
        known.retain(|name| super::store::is_sha256(name));
        known.sort();
        known.dedup();
        known
    }

    /// Returns why something could not be written down, if so: this process knows it, the next one will not.
    pub fn trouble(&self) -> Option<String> {
        self.memory().trouble.clone()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, sha256: &str) -> Option<PathBuf> {
        // The name of a file is made of it: nothing else may be in it.
        let folder = self.folder.as_deref().filter(|_| super::store::is_sha256(sha256))?;
        Some(folder.join(format!("{sha256}.json")))
    }

    /// Returns the entry; what cannot be read as one is as good as none.
    fn read(&self, memory: &Memory, sha256: &str) -> Entry {
        let known = memory.entries.get(sha256).cloned();
        let from_file = || Entry::parse(&fs::read(self.file(sha256)?).ok()?);
        known.or_else(from_file).unwrap_or_default()
    }

    /// Changes an entry while no other process does, and writes it down.
    fn change<T>(&self, sha256: &str, work: impl FnOnce(&mut Change<'_>, &mut Entry) -> T) -> T {
        let mut memory = self.memory();
        let lock = self.file(sha256).and(self.folder.as_deref()).map(lock);
        let before = self.read(&memory, sha256);
        let mut entry = before.clone();
        let now = now(&self.clock);
        let mut change = Change { folder: self.folder.as_deref(), memory: &mut memory, policy: self.policy, now };
        change.settle(&mut entry);
        let outcome = work(&mut change, &mut entry);
        if entry == before && !memory.entries.contains_key(sha256) {
            return outcome;
        }
        match (self.file(sha256), lock) {
            (Some(file), Some(Ok(_lock))) => match entry.write(&file) {
                Ok(()) => drop(memory.entries.remove(sha256)),
                Err(error) => memory.keep(sha256, entry, Some(failure(&file, &error))),
            },
            (Some(file), Some(Err(error))) => memory.keep(sha256, entry, Some(failure(&file, &error))),
            _ => memory.keep(sha256, entry, None),
        }
        outcome
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("folder", &self.folder).field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Memory {
    fn keep(&mut self, sha256: &str, entry: Entry, trouble: Option<String>) {
        self.entries.insert(sha256.to_owned(), entry);
        self.trouble = trouble.or(self.trouble.take());
    }
}

/// What a change to an entry may look at.
struct Change<'a> {
    folder: Option<&'a Path>,
    memory: &'a mut Memory,
    policy: FailurePolicy,
    now: Time,
}

impl Change<'_> {
    /// Takes a mark that is free again as soon as this process ends, however it ends.
    fn hold(&self, name: &str) -> Result<Held, String> {
        match self.folder {
            Some(folder) => {
                let file = folder.join(name);
                Held::take(&file).map_err(|error| failure(&file, &error))
            }
            None => Ok(Held::in_memory()),
        }
    }

    /// Gives back this process's own mark.
    fn release(&mut self, sha256: &str, entry: &mut Entry) {
        if let Some(held) = self.memory.held.remove(sha256) {
            entry.marks.retain(|mark| !held.is(&mark.name));
        }
    }

    /// Draws the conclusion from marks whose process ended before it could take them away.
    fn settle(&mut self, entry: &mut Entry) {
        let Some(folder) = self.folder else { return };
        let is_own = |name: &str| self.memory.held.values().any(|held| held.is(name));
        let (kept, left): (Vec<_>, Vec<_>) = std::mem::take(&mut entry.marks)
            .into_iter()
            .partition(|mark| is_own(&mark.name) || mark::is_held(&folder.join(&mark.name)));
        entry.marks = kept;
        for mark in left {
            entry.left_behind(&mark, self.now, &self.policy);
            // A file of that name says nothing once its mark is gone.
            let _ = fs::remove_file(folder.join(&mark.name));
        }
    }
}

fn failure(file: &Path, error: &io::Error) -> String {
    format!("{} cannot be written: {error}. {}", file.display(), unwritten::help(error))
}

/// Locks the ledger against other processes.
fn lock(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let lock = File::create(folder.join("ledger.lock"))?;
    lock.lock()?;
    Ok(lock)
}

fn now(clock: &Clock) -> Time {
    let since = clock().duration_since(UNIX_EPOCH).unwrap_or_default();
    // The year 2262 is when nanoseconds no longer fit; until then nothing is cut.
    Time::from_unix_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
