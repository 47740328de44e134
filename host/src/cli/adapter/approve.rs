//! `usher adapter approve`

use std::{
    collections::BTreeMap,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;

use super::is_file;
use crate::cli::{
    app::{App, Done, Trouble, finish},
    output::{Cell, ErrorReport, Facts, exit_code},
};
use crate::registry::{
    Adapter, Registry,
    trust::{Approval, Candidate, Difference, LockFile, Request, Waiting},
};

/// Show what an adapter asks for, and let its file be loaded as it is now
///
/// The file's digest and what it asks for are written to the lock file beside the configuration. In a pinned folder only files
/// that stand there are loaded; in every folder the file is granted by it what it asks for. In a signed folder that goes for
/// its updates too, as long as they ask for no more.
#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The adapter's id, or its file
    #[arg(value_name = "ID|FILE")]
    target: String,
    /// Approve without being asked
    #[arg(long)]
    yes: bool,
}

/// What was approved, as programs read it.
#[derive(Serialize)]
struct Report<'a> {
    approved: bool,
    file: String,
    sha256: &'a str,
    signer: Option<&'a str>,
    lock_file: Option<String>,
    adapters: Vec<ReportedAdapter<'a>>,
}

#[derive(Serialize)]
struct ReportedAdapter<'a> {
    id: &'a str,
    version: &'a str,
    asks: Request,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Difference>,
}

impl Approve {
    pub(super) fn run(self, app: &App) -> Done {
        let registry = app.catalog()?.registry;
        let candidate = self.candidate(app, &registry)?;
        let mut lock = registry.lock().clone();
        let is_new = candidate.adapters.iter().any(|adapter| candidate.waiting(adapter, &lock).is_some());
        let report = Report::of(&candidate, &lock);
        let is_json = app.format().is_json();
        if !is_json {
            show(app, &candidate, &lock)?;
        }
        if is_new {
            self.ask(is_json)?;
            approve(&mut lock, candidate.approvals())?;
        }
        let mut out = app.out_plain();
        if is_json {
            out.json(&report)?;
        } else {
            let place = lock.place().map(|place| place.display().to_string()).unwrap_or_default();
            for adapter in &candidate.adapters {
                let already = if is_new { "approved" } else { "approved already" };
                out.message(&format!("{already}: {} {} in {place}", adapter.id(), adapter.version));
            }
        }
        finish(out, exit_code::DONE)
    }

    /// Reads the file that is meant, with the adapters in it that are.
    fn candidate(&self, app: &App, registry: &Registry) -> Result<Candidate, Trouble> {
        let folders = app.search()?.folders;
        if is_file(&self.target) {
            return Ok(Candidate::read(Path::new(&self.target), &folders)?);
        }
        let mut candidate = Candidate::read(&self.file_of(registry)?, &folders)?;
        candidate.adapters.retain(|adapter| adapter.id() == self.target);
        match candidate.adapters.is_empty() {
            true => Err(ErrorReport::failure(format!("{} changed while it was read; try again", self.target)).into()),
            false => Ok(candidate),
        }
    }

    /// Returns the file of an adapter: the one that waits, or the one that is used.
    fn file_of(&self, registry: &Registry) -> Result<PathBuf, Trouble> {
        let pending = registry.pending().iter().filter(|pending| pending.adapter.id() == self.target);
        // Copies of one file are one.
        let by_digest = pending.map(|pending| (pending.adapter.seal.sha256.clone(), pending.file().to_owned()));
        let by_digest: BTreeMap<Option<String>, PathBuf> = by_digest.collect();
        let files: Vec<&PathBuf> = by_digest.values().collect();
        match files[..] {
            [file] => return Ok(file.clone()),
            [] => {}
            _ => {
                let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
                let message = format!("several files of `{}` wait: {}", self.target, names.join(", "));
                return Err(ErrorReport::usage(message).with_hint("Name the file in place of the id.").into());
            }
        }
        let used = registry.require(&self.target)?;
        used.file().map(Path::to_owned).ok_or_else(|| {
            ErrorReport::usage(format!("the adapter `{}` is linked in: there is nothing to approve", self.target))
                .into()
        })
    }

    /// Asks whoever sits at the terminal.
    fn ask(&self, is_json: bool) -> Result<(), Trouble> {
        if self.yes {
            return Ok(());
        }
        let stdin = io::stdin();
        if is_json || !stdin.is_terminal() {
            return Err(ErrorReport::usage("nothing was approved: there is nobody to ask")
                .with_hint("Look at what it asks for (`usher adapter show`), then add `--yes`.")
                .into());
        }
        let failed = |error: io::Error| ErrorReport::failure(format!("nothing was approved: {error}"));
        let mut stderr = io::stderr();
        write!(stderr, "Approve? [y/N] ").and_then(|()| stderr.flush()).map_err(failed)?;
        let mut answer = String::new();
        stdin.lock().read_line(&mut answer).map_err(failed)?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(ErrorReport::failure("nothing was approved").into()),
        }
    }
}

fn approve(lock: &mut LockFile, approvals: Vec<Approval>) -> Result<(), Trouble> {
    Ok(lock.approve(approvals)?)
}

impl<'a> Report<'a> {
    fn of(candidate: &'a Candidate, lock: &LockFile) -> Self {
        let adapters = candidate.adapters.iter().map(|adapter| ReportedAdapter {
            id: adapter.id(),
            version: &adapter.version,
            asks: Request::of(&adapter.manifest),
            before: match candidate.waiting(adapter, lock) {
                Some(Waiting::Changed { difference, .. }) => Some(difference),
                Some(Waiting::New) | None => None,
            },
        });
        Self {
            approved: true,
            file: candidate.file.display().to_string(),
            sha256: &candidate.sha256,
            signer: candidate.signer.as_deref(),
            lock_file: lock.place().map(|place| place.display().to_string()),
            adapters: adapters.collect(),
        }
    }
}

/// Shows what there is to decide about. Not through the pager: the question comes below it.
fn show(app: &App, candidate: &Candidate, lock: &LockFile) -> Result<(), Trouble> {
    let mut out = app.out_plain();
    for (index, adapter) in candidate.adapters.iter().enumerate() {
        if index > 0 {
            out.line("")?;
        }
        out.facts(&facts(adapter, candidate, lock))?;
    }
    out.finish()?;
    Ok(())
}

fn facts(adapter: &Adapter, candidate: &Candidate, lock: &LockFile) -> Facts {
    let asks = Request::of(&adapter.manifest);
    let list = |items: Vec<String>| if items.is_empty() { "none".to_owned() } else { items.join(", ") };
    let mut facts = Facts::new();
    facts.push("adapter", Cell::new(adapter.id()).strong());
    facts.push("name", &adapter.manifest.name);
    facts.push("version", &adapter.version);
    facts.push("file", candidate.file.display().to_string());
    facts.push("sha256", &candidate.sha256);
    facts.push("signer", candidate.signer.as_deref().unwrap_or("nobody"));
    facts.push("hosts", list(asks.hosts.iter().map(ToString::to_string).collect()));
    facts.push("secrets", list(asks.secrets.clone()));
    facts.push("files", list(asks.filesystem.iter().map(ToString::to_string).collect()));
    match asks.network {
        usher_adapter_manifest::Network::Direct => facts.push("network", Cell::new("direct").bad()),
        _ => facts.push("network", "none"),
    }
    match candidate.waiting(adapter, lock) {
        Some(Waiting::New) => facts.push("before", "never approved"),
        Some(Waiting::Changed { approved_at, difference }) => {
            let is_more = !difference.more.is_empty();
            let cell = Cell::new(format!("approved on {approved_at}; {difference}"));
            facts.push("before", if is_more { cell.warning() } else { cell });
        }
        None => facts.push("before", "this very file is approved"),
    }
    facts
}
