//! `usher adapter`

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{
    app::{App, Done, finish},
    output::{Cell, Facts, Table, exit_code},
};
use crate::registry::{Adapter as Installed, Origin, Refused, Registry, Shadow};

/// Show the adapters that are installed
#[derive(Debug, Subcommand)]
pub(crate) enum Adapter {
    List(List),
    Show(Show),
}

/// List adapters, and files that are not used with the reason
#[derive(Debug, Args)]
pub(crate) struct List {}

/// Show what an adapter does, needs and may reach
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The adapter's id
    id: String,
}

impl Adapter {
    pub(super) fn run(self, app: &App) -> Done {
        match self {
            Self::List(command) => command.run(app),
            Self::Show(command) => command.run(app),
        }
    }
}

/// One line of the list.
#[derive(Serialize)]
struct Row<'a> {
    id: Option<&'a str>,
    version: Option<&'a str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    isolation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl<'a> Row<'a> {
    fn used(adapter: &'a Installed) -> Self {
        Self {
            id: Some(adapter.id()),
            version: Some(&adapter.version),
            state: "ready",
            origin: Some(adapter.origin_name()),
            isolation: Some("in-process"),
            file: file(adapter),
            reason: None,
        }
    }

    fn shadow(shadow: &'a Shadow) -> Self {
        Self {
            id: Some(&shadow.adapter),
            version: Some(&shadow.version),
            state: "shadowed",
            origin: Some(if shadow.file.is_some() { "drop-in" } else { "built-in" }),
            isolation: None,
            file: shadow.file.as_ref().map(|file| file.display().to_string()),
            reason: Some(format!("{} is used in its place", shadow.by)),
        }
    }

    fn refused(refused: &'a Refused) -> Self {
        Self {
            id: refused.adapter.as_deref(),
            version: None,
            state: "refused",
            origin: Some(if refused.file.is_some() { "drop-in" } else { "built-in" }),
            isolation: None,
            file: refused.file.as_ref().map(|file| file.display().to_string()),
            reason: Some(refused.reason.clone()),
        }
    }
}

fn file(adapter: &Installed) -> Option<String> {
    match &adapter.origin {
        Origin::DropIn { file, .. } => Some(file.display().to_string()),
        Origin::BuiltIn => None,
    }
}

fn rows(registry: &Registry) -> Vec<Row<'_>> {
    let used = registry.adapters().map(|adapter| Row::used(adapter));
    let shadows = registry.shadows().iter().map(Row::shadow);
    used.chain(shadows).chain(registry.refused().iter().map(Row::refused)).collect()
}

impl List {
    fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        let rows = rows(&catalog.registry);
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&rows)?;
            return finish(out, exit_code::DONE);
        }
        let mut table = Table::new(["ADAPTER", "VERSION", "STATE", "ISOLATION", "WHERE"]);
        for row in &rows {
            let place = row.file.as_deref().or(row.origin).unwrap_or_default();
            table.push([
                row.id.map_or(Cell::absent(), Cell::new),
                row.version.map_or(Cell::absent(), Cell::new),
                state(row.state),
                row.isolation.map_or(Cell::absent(), Cell::new),
                Cell::new(place),
            ]);
        }
        out.table(&table)?;
        for row in &rows {
            if let (Some(reason), Some(file)) = (&row.reason, row.file.as_deref().or(row.id)) {
                out.message(&format!("{}: {file} {reason}", row.state));
            }
        }
        if rows.is_empty() {
            out.message(&catalog.registry.installed());
        }
        finish(out, exit_code::DONE)
    }
}

fn state(state: &str) -> Cell {
    match state {
        "ready" => Cell::new(state).good(),
        "refused" => Cell::new(state).bad(),
        _ => Cell::new(state).quiet(),
    }
}

/// Everything about one adapter.
#[derive(Serialize)]
struct Details<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    sdk_version: &'a str,
    manifest: &'a usher_adapter_manifest::Manifest,
}

impl Show {
    fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        let adapter = catalog.registry.require(&self.id)?;
        let mut out = app.out()?;
        if app.format().is_json() {
            let row = Row::used(adapter);
            out.json(&Details { row, sdk_version: &adapter.sdk_version, manifest: &adapter.manifest })?;
            return finish(out, exit_code::DONE);
        }
        out.facts(&facts(adapter))?;
        let mut options = Table::new(["OPTION", "TYPE", "REQUIRED", "DEFAULT", "MEANING"]);
        for field in &adapter.manifest.config {
            let default = field.default.as_ref().map(|value| serde_json::to_string(value).unwrap_or_default());
            options.push([
                Cell::new(&field.name),
                Cell::new(field.kind.as_str()),
                Cell::new(if field.required { "yes" } else { "" }),
                default.as_ref().map_or(Cell::absent(), Cell::new),
                Cell::new(field.help.as_deref().unwrap_or_default()),
            ]);
        }
        if !options.is_empty() {
            out.line("")?;
            out.table(&options)?;
        }
        finish(out, exit_code::DONE)
    }
}

fn facts(adapter: &Installed) -> Facts {
    let manifest = &adapter.manifest;
    let list = |items: Vec<String>| (!items.is_empty()).then(|| items.join(", "));
    let mut facts = Facts::new();
    facts.push("adapter", Cell::new(&manifest.id).strong());
    facts.push("name", &manifest.name);
    facts.push_known("about", manifest.description.as_deref());
    facts.push_known("documentation", manifest.documentation.as_deref());
    facts.push("version", format!("{} (SDK {})", adapter.version, adapter.sdk_version));
    facts.push("where", file(adapter).unwrap_or_else(|| adapter.origin_name().to_owned()));
    facts.push("isolation", "in-process");
    facts.push_known("operations", list(manifest.operations.iter().map(|own| own.as_str().to_owned()).collect()));
    let notes = [(manifest.notes.internal, "internal"), (manifest.notes.public, "public")];
    facts.push_known("notes", list(notes.iter().filter(|(has, _)| *has).map(|(_, name)| (*name).to_owned()).collect()));
    if let Some(base_url) = &manifest.base_url {
        facts.push("base_url", base_url.default.as_deref().unwrap_or("required"));
    }
    facts.push_known("auth", list(manifest.auth.iter().map(|scheme| scheme.scheme.clone()).collect()));
    let grants = grants(adapter);
    facts.push_known("may reach", list(grants));
    facts
}

/// Says what the manifest asks to touch.
fn grants(adapter: &Installed) -> Vec<String> {
    let value = serde_json::to_value(&adapter.manifest.grants).unwrap_or_default();
    let texts = |name: &str| {
        let items = value.get(name).and_then(|items| items.as_array()).cloned().unwrap_or_default();
        items.into_iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect::<Vec<_>>()
    };
    let hosts = texts("hosts").into_iter().map(|host| format!("host {host}"));
    hosts.chain(texts("filesystem").into_iter().map(|folder| format!("files {folder}"))).collect()
}
