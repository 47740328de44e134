//! `usher resolve`

use clap::Args;

use super::{
    app::{App, Done, finish},
    output::{Facts, exit_code},
};

/// Say which adapter, connection and key a reference means; nothing is asked of any platform
#[derive(Debug, Args)]
pub(crate) struct Resolve {
    /// A ticket's link or id
    #[arg(value_name = "REF")]
    reference: String,
    /// Only this connection, or the connections of this adapter
    #[arg(long = "in", value_name = "CONNECTION")]
    within: Option<String>,
}

impl Resolve {
    pub(super) fn run(self, app: &App) -> Done {
        let catalog = app.catalog()?;
        let resolved =
            crate::route::resolve(&catalog.registry, &catalog.connections, &self.reference, self.within.as_deref())?;
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&resolved)?;
            return finish(out, exit_code::DONE);
        }
        let mut facts = Facts::new();
        facts.push("adapter", &resolved.adapter);
        facts.push("connection", resolved.connection.as_deref().unwrap_or("none is configured"));
        facts.push("key", resolved.key.as_str());
        if resolved.native {
            facts.push("", "(the platform's own id: the key has to be asked for)");
        }
        facts.push_known("project", resolved.project.as_deref());
        facts.push_known("note", resolved.note.as_deref());
        out.facts(&facts)?;
        finish(out, exit_code::DONE)
    }
}
