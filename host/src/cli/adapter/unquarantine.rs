//! `usher adapter unquarantine`

use std::{collections::BTreeMap, path::Path};

use clap::Args;
use serde::Serialize;

use super::{is_file, list::SHORT};
use crate::cli::{
    app::{App, Done, Trouble, finish},
    output::{ErrorReport, exit_code},
};
use crate::registry::Registry;

/// What helps where a target was not found.
const WHAT_TO_NAME: &str = "Name an adapter by its id, a file, or a sha256; `usher adapter list` shows all three.";

/// Let a file be tried again that failed too often
#[derive(Debug, Args)]
pub(crate) struct Unquarantine {
    /// The adapter's id, its file, or the file's sha256 (12 digits are enough)
    #[arg(value_name = "ID|FILE|SHA256")]
    target: String,
}

/// One file that may be tried again.
#[derive(Serialize)]
struct Cleared {
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Whether something spoke against it.
    cleared: bool,
}

impl Unquarantine {
    pub(super) fn run(self, app: &App) -> Done {
        let registry = app.catalog()?.registry;
        let ledger = registry.ledger();
        let files = self.files(&registry)?;
        let cleared = files.into_iter().map(|(sha256, file)| Cleared { cleared: ledger.clear(&sha256), sha256, file });
        let cleared: Vec<Cleared> = cleared.collect();
        if let Some(trouble) = ledger.trouble() {
            return Err(ErrorReport::failure(format!("nothing has changed: {trouble}")).into());
        }
        let mut out = app.out_plain();
        if app.format().is_json() {
            out.json(&cleared)?;
            return finish(out, exit_code::DONE);
        }
        for Cleared { sha256, file, cleared } in &cleared {
            let name = file.as_deref().unwrap_or(sha256);
            match cleared {
                true => out.message(&format!("{name} may be tried again")),
                false => out.message(&format!("{name} was not held back")),
            }
        }
        finish(out, exit_code::DONE)
    }

    /// Returns the digests that are meant, with their files where those are known.
    fn files(&self, registry: &Registry) -> Result<BTreeMap<String, Option<String>>, Trouble> {
        if is_file(&self.target) {
            let digest = registry.digest(Path::new(&self.target));
            let digest = digest
                .map_err(|reason| ErrorReport::usage(format!("{} {reason}", self.target)).with_hint(WHAT_TO_NAME))?;
            return Ok(BTreeMap::from([(digest, Some(self.target.clone()))]));
        }
        let used = registry.adapters().filter_map(|adapter| Some((adapter.id(), adapter.file()?)));
        let pending = registry.pending().iter().map(|pending| (pending.adapter.id(), pending.file()));
        let shadows = registry.shadows().iter();
        let shadows = shadows.filter_map(|shadow| Some((shadow.adapter.as_str(), shadow.file.as_deref()?)));
        let known: Vec<(&str, &Path)> = used.chain(pending).chain(shadows).collect();
        let mut found = BTreeMap::new();
        for (_, file) in known.iter().filter(|(id, _)| *id == self.target) {
            let digest = registry.digest(file);
            let digest = digest.map_err(|reason| ErrorReport::failure(format!("{} {reason}", file.display())))?;
            found.insert(digest, Some(file.display().to_string()));
        }
        if found.is_empty() && self.is_digest() {
            let ledger = registry.ledger().known();
            found.extend(
                ledger.into_iter().filter(|sha256| sha256.starts_with(&self.target)).map(|sha256| (sha256, None)),
            );
        }
        match found.is_empty() {
            false => Ok(found),
            true => Err(ErrorReport::usage(format!("nothing is known about `{}`", self.target))
                .with_hint(WHAT_TO_NAME)
                .into()),
        }
    }

    fn is_digest(&self) -> bool {
        self.target.len() >= SHORT && self.target.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}
