//! The command line: what users type and see. One file per command: arguments on top, the work below.
//!
//! Exit codes, for scripts: 0 done, 1 failure, 2 usage, 3 configuration, 4 authentication, 5 not found, 6 rate
//! limited, 7 platform or network, 8 partial read, 9 adapter, 10 validation, 11 a write whose outcome is unknown
//! or partial.

mod adapter;
mod app;
mod arguments;
mod attachment;
mod completions;
mod config;
mod connection;
mod create;
mod dry_run;
mod forms;
mod get;
mod list;
mod log;
mod man;
mod note;
mod observe;
mod open;
mod options;
pub mod output;
mod panic;
mod progress;
mod resolve;
mod search;
mod text_input;
mod update;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::Color;
use app::{App, Done, Extent};

/// What stands below every `--help`.
const AFTER_HELP: &str = "\
References: a ticket's link (https://…), its id (PROJ-12), or CONNECTION:ID.
Output: data goes to stdout, everything else to stderr.
Exit codes: 0 done · 1 failure · 2 usage · 3 configuration · 4 authentication · 5 not found · 6 rate limited · \
7 platform or network · 8 partial read · 9 adapter · 10 validation · 11 write with unknown or partial outcome";

/// One host for every ticket system.
#[derive(Debug, Parser)]
#[command(name = "usher", version, about, after_help = AFTER_HELP, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The configuration file, in place of USHER_CONFIG and the user's own
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A folder with drop-in adapters, before those of the configuration; may be repeated
    #[arg(long, global = true, value_name = "FOLDER")]
    adapter_path: Vec<PathBuf>,
    /// How long one operation may take, such as `5s` (default: 60s, or the connection's own)
    #[arg(long, global = true, value_name = "TIME", value_parser = arguments::duration)]
    timeout: Option<Duration>,
    /// Print JSON: a ticket, or {tickets, completeness, errors}
    #[arg(long, global = true)]
    json: bool,
    /// Print JSON, one ticket a line; what is missing goes to stderr
    #[arg(long, global = true)]
    jsonl: bool,
    /// Print lists as comma-separated values (RFC 4180), unchanged; a spreadsheet may take some for formulas
    #[arg(long, global = true)]
    csv: bool,
    /// Print lists as Markdown tables
    #[arg(long, global = true)]
    markdown: bool,
    /// Print what this expression makes of the JSON, texts without quotes; with --jsonl of each line by itself
    #[arg(long, global = true, value_name = "EXPRESSION")]
    jq: Option<String>,
    /// In JSON, put {ticket, answer} around each ticket: which connection answered, how, how fast
    #[arg(long, global = true)]
    envelope: bool,
    /// Print only these fields of tickets, such as `key,status.category,assignees.handle`
    #[arg(long, global = true, value_name = "PATHS")]
    fields: Option<String>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN")]
    color: Option<When>,
    /// Show neither progress nor how long a whole list is; what is missing and what fails is said all the same
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Show a line for each request, and what adapters log; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(flatten)]
    observe: observe::Observe,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<When> for Color {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Self::Auto,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Resolve(resolve::Resolve),
    Get(get::Get),
    List(list::List),
    Search(search::Search),
    Create(create::Create),
    Update(update::Update),
    Note(note::Note),
    Options(options::Options),
    Open(open::Open),
    #[command(subcommand)]
    Attachment(attachment::Attachment),
    #[command(subcommand)]
    Adapter(adapter::Adapter),
    #[command(subcommand)]
    Connection(connection::Connection),
    #[command(subcommand)]
    Config(config::Config),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the program and ends the process with its exit code.
pub fn main() -> ! {
    #[cfg(unix)]
    crate::worker::run_if_asked();
    panic::redact_messages();
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ! {
    let parsed = Cli::try_parse_from(arguments).and_then(|cli| match forms::conflict(&cli.global, &cli.command) {
        None => Ok(cli),
        Some((kind, message)) => Err(definition().error(kind, message)),
    });
    let Cli { global, command } = match parsed {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let mut app = App::new(global, command.extent());
    let outcome = app.read_filter().and_then(|()| command.run(&app));
    app.exit(outcome)
}

impl Command {
    /// Returns how many tickets this is about.
    fn extent(&self) -> Extent {
        match self {
            Self::List(_) | Self::Search(_) => Extent::Many,
            Self::Get(command) => command.extent(),
            _ => Extent::One,
        }
    }

    fn run(self, app: &App) -> Done {
        match self {
            Self::Resolve(command) => command.run(app),
            Self::Get(command) => command.run(app),
            Self::List(command) => command.run(app),
            Self::Search(command) => command.run(app),
            Self::Create(command) => command.run(app),
            Self::Update(command) => command.run(app),
            Self::Note(command) => command.run(app),
            Self::Options(command) => command.run(app),
            Self::Open(command) => command.run(app),
            Self::Attachment(command) => command.run(app),
            Self::Adapter(command) => command.run(app),
            Self::Connection(command) => command.run(app),
            Self::Config(command) => command.run(app),
            Self::Completions(command) => command.run(app),
            Self::Man(command) => command.run(app),
        }
    }
}

/// Returns the definition of the command line, for completions and man pages.
fn definition() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_searches_and_several_tickets_are_about_many_and_everything_else_about_one() {
        let extent = |line: &str| Cli::try_parse_from(line.split(' ')).unwrap().command.extent();
        for line in ["usher list", "usher search words", "usher get A-1 A-2"] {
            assert_eq!(extent(line), Extent::Many, "{line}");
        }
        for line in ["usher get A-1", "usher note A-1 text", "usher options", "usher connection check"] {
            assert_eq!(extent(line), Extent::One, "{line}");
        }
    }

    #[test]
    fn the_definition_of_the_command_line_holds_together() {
        definition().debug_assert();
    }
}
