//! `usher adapter show`

use clap::Args;
use serde::Serialize;
use usher_adapter_manifest::{Effect, Limit, LimitScope, Manifest};

use super::{list::state, row::Row};
use crate::cli::{
    app::{App, Done, finish},
    output::{Cell, Facts, Table, exit_code},
};
use crate::{config::written, registry::Adapter};

/// Show what an adapter does, asks for and is granted
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The adapter's id
    id: String,
}

/// Everything about one adapter.
#[derive(Serialize)]
struct Details<'a> {
    #[serde(flatten)]
    row: Row,
    sdk_version: &'a str,
    manifest: &'a Manifest,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        let (registry, config) = (&catalog.registry, &app.config()?.adapters);
        // One that waits is shown as well: how else could anybody decide about it?
        let waiting = registry.pending().iter().find(|pending| pending.adapter.id() == self.id);
        let (adapter, row) = match (registry.get(&self.id), waiting) {
            (None, Some(pending)) => (&pending.adapter, Row::pending(pending, registry, config)),
            _ => {
                let adapter: &Adapter = registry.require(&self.id)?;
                (adapter, Row::used(adapter, registry, config))
            }
        };
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&Details { row, sdk_version: &adapter.sdk_version, manifest: &adapter.manifest })?;
            return finish(out, exit_code::DONE);
        }
        out.facts(&facts(adapter, &row))?;
        for table in [options(&adapter.manifest), limits(&adapter.manifest)].iter().filter(|table| !table.is_empty()) {
            out.line("")?;
            out.table(table)?;
        }
        if let Some(reason) = &row.reason {
            out.message(&format!("{}: {} {reason}", row.state, adapter.id()));
        }
        finish(out, exit_code::DONE)
    }
}

fn options(manifest: &Manifest) -> Table {
    let mut options = Table::new(["OPTION", "TYPE", "REQUIRED", "DEFAULT", "MEANING"]);
    for field in &manifest.config {
        let default = field.default.as_ref().map(|value| serde_json::to_string(value).unwrap_or_default());
        options.push([
            Cell::new(&field.name),
            Cell::new(field.kind.as_str()),
            Cell::new(if field.required { "yes" } else { "" }),
            default.as_ref().map_or(Cell::absent(), Cell::new),
            Cell::new(field.help.as_deref().unwrap_or_default()),
        ]);
    }
    options
}

/// Returns the rate limits; `[connections.NAME.limits]` has them under these names.
fn limits(manifest: &Manifest) -> Table {
    let mut limits = Table::new(["LIMIT", "ALLOWS", "FOR EACH", "OF", "MEANING"]);
    for limit in &manifest.limits {
        limits.push([
            Cell::new(&limit.name),
            Cell::new(allows(limit)),
            Cell::new(shared_by(limit.scope)),
            Cell::new(spent_by(limit)),
            Cell::new(limit.help.as_deref().unwrap_or_default()),
        ]);
    }
    limits
}

fn allows(limit: &Limit) -> String {
    let per = limit.per.map(|per| format!(" in {}", written(per))).unwrap_or_default();
    let counted = [
        limit.requests.map(|count| format!("{count} requests{per}")),
        limit.points.map(|count| format!("{count} points{per}")),
        limit.concurrency.map(|count| format!("{count} at once")),
    ];
    let counted: Vec<String> = counted.into_iter().flatten().collect();
    if counted.is_empty() { "what the platform says".to_owned() } else { counted.join(", ") }
}

fn shared_by(scope: LimitScope) -> &'static str {
    match scope {
        LimitScope::Class => "kind of request",
        LimitScope::Method => "kind of request and method",
        LimitScope::Ticket => "ticket",
        LimitScope::Address => "machine",
        // A scope of a later manifest counts as the widest of a connection.
        _ => "connection",
    }
}

fn spent_by(limit: &Limit) -> String {
    let effect = match limit.effect {
        Some(Effect::Read) => "reads",
        Some(_) => "writes",
        None => "all",
    };
    match (limit.classes.is_empty(), limit.except.is_empty()) {
        (false, _) => format!("{effect}: {}", limit.classes.join(", ")),
        (true, false) => format!("{effect} but {}", limit.except.join(", ")),
        (true, true) => effect.to_owned(),
    }
}

fn facts(adapter: &Adapter, row: &Row) -> Facts {
    let manifest = &adapter.manifest;
    let list = |items: Vec<String>| (!items.is_empty()).then(|| items.join(", "));
    let mut facts = Facts::new();
    facts.push("adapter", Cell::new(&manifest.id).strong());
    facts.push("name", &manifest.name);
    facts.push_known("about", manifest.description.as_deref());
    facts.push_known("documentation", manifest.documentation.as_deref());
    facts.push("version", format!("{} (SDK {})", adapter.version, adapter.sdk_version));
    facts.push("state", state(row.state));
    facts.push("where", row.file.as_deref().unwrap_or(row.origin));
    facts.push_known("sha256", row.sha256.as_deref());
    facts.push_known("signer", row.signer.as_deref());
    facts.push_known("trust", row.trust.map(|trust| trust.as_str()));
    facts.push_known("approved", row.approved_at.as_deref());
    facts.push_known("isolation", row.isolation);
    facts.push_known("sandbox", row.sandbox);
    facts.push_known("operations", list(manifest.operations.iter().map(|own| own.as_str().to_owned()).collect()));
    let notes = [(manifest.notes.internal, "internal"), (manifest.notes.public, "public")];
    facts.push_known("notes", list(notes.iter().filter(|(has, _)| *has).map(|(_, name)| (*name).to_owned()).collect()));
    if let Some(base_url) = &manifest.base_url {
        facts.push("base_url", base_url.default.as_deref().unwrap_or("required"));
    }
    facts.push_known("auth", list(manifest.auth.iter().map(|scheme| scheme.scheme.clone()).collect()));
    for line in row.asks.iter().flat_map(|asks| asks.lines()) {
        facts.push("asks for", line);
    }
    for line in row.grants.iter().flat_map(|grants| grants.lines()) {
        let is_network = line.starts_with("network");
        facts.push("granted", if is_network { Cell::new(line).bad() } else { Cell::new(line) });
    }
    facts
}
