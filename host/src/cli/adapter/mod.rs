//! `usher adapter`

mod approve;
mod list;
mod row;
mod show;
mod unquarantine;

use clap::Subcommand;

use super::app::{App, Done};

/// Show the adapters that are installed, and decide what may be loaded
#[derive(Debug, Subcommand)]
pub(crate) enum Adapter {
    List(list::List),
    Show(show::Show),
    Approve(approve::Approve),
    Unquarantine(unquarantine::Unquarantine),
}

impl Adapter {
    pub(super) fn run(self, app: &App) -> Done {
        match self {
            Self::List(command) => command.run(app),
            Self::Show(command) => command.run(app),
            Self::Approve(command) => command.run(app),
            Self::Unquarantine(command) => command.run(app),
        }
    }
}

/// Says whether a text on the command line means a file: ids have neither dots nor slashes.
fn is_file(target: &str) -> bool {
    target.contains(['.', '/', '\\'])
}
