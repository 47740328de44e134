//! `usher adapter list`

use clap::Args;

use super::row::{Row, rows};
use crate::cli::{
    app::{App, Done, finish},
    output::{Cell, Table, exit_code},
};

/// List the adapters, and the files that are not used, each with its reason
#[derive(Debug, Args)]
pub(crate) struct List {}

impl List {
    pub(super) fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        let rows = rows(&catalog.registry, &app.config()?.adapters);
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&rows)?;
        } else {
            let headings = ["ADAPTER", "VERSION", "STATE", "ISOLATION", "SANDBOX", "GRANTS", "SHA256", "WHERE"];
            let mut table = Table::new(headings);
            for row in &rows {
                table.push(cells(row));
            }
            out.list(app.format(), &table)?;
            for row in &rows {
                if let (Some(reason), Some(name)) = (&row.reason, row.file.as_deref().or(row.id.as_deref())) {
                    out.message(&format!("{}: {name} {reason}", row.state));
                }
            }
            if rows.is_empty() {
                out.message(&catalog.registry.installed());
            }
        }
        if let Some(trouble) = catalog.registry.ledger().trouble() {
            out.message(&format!("what is known about adapters cannot be kept: {trouble}"));
        }
        finish(out, exit_code::DONE)
    }
}

fn cells(row: &Row) -> [Cell; 8] {
    [
        row.id.as_deref().into(),
        row.version.as_deref().into(),
        state(row.state),
        row.isolation.into(),
        row.sandbox.into(),
        grants(row),
        row.sha256.as_deref().map(|sha256| Cell::new(&sha256[..SHORT]).with_value(sha256)).into(),
        Cell::new(row.file.as_deref().unwrap_or(row.origin)),
    ]
}

/// How many digits of a digest tell files apart for people; `adapter unquarantine` takes as many.
pub(super) const SHORT: usize = 12;

pub(super) fn state(state: &str) -> Cell {
    match state {
        "ready" => Cell::new(state).good(),
        "pending" => Cell::new(state).warning(),
        "refused" | "quarantined" => Cell::new(state).bad(),
        _ => Cell::new(state).quiet(),
    }
}

fn grants(row: &Row) -> Cell {
    let Some(grants) = row.grants.as_ref().filter(|grants| !grants.lines().is_empty()) else { return Cell::absent() };
    let cell = Cell::new(grants.lines().join(", "));
    // What is past the host's sight: nothing of it can be limited or seen.
    if grants.network { cell.bad() } else { cell }
}
