//! `usher search`

use clap::Args;
use usher_adapter_sdk::message::Query;

use super::{
    app::{App, Done},
    arguments::Filter,
    list,
    output::ErrorReport,
};

/// Search tickets by words, or in the platform's own language
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What to look for
    #[arg(value_name = "TEXT")]
    words: String,
    /// TEXT is in the platform's own language: JQL, WIQL, search syntax, TicketSQL
    #[arg(long)]
    native: bool,
    #[command(flatten)]
    filter: Filter,
}

impl Search {
    pub(super) fn run(self, app: &App) -> Done {
        if self.words.trim().is_empty() {
            return Err(ErrorReport::usage("what shall be searched for?")
                .with_hint("Give some words, or list everything with `usher list`.")
                .into());
        }
        let query = if self.native { Query::native(self.words) } else { Query::text(self.words) };
        list::run(app, &self.filter, Some(query))
    }
}
