//! `usher man`

use std::path::PathBuf;

use clap::Args;

use super::{
    app::{App, Done, Trouble, finish},
    definition,
    output::{ErrorReport, exit_code},
};

/// Print a man page, or write all of them into a folder
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command whose page it is, such as `attachment get` (default: the program's own)
    #[arg(conflicts_with = "folder")]
    command: Vec<String>,
    /// Write the pages of all commands into this folder, such as ~/.local/share/man/man1
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self, app: &App) -> Done {
        let mut out = app.out_plain();
        match &self.folder {
            Some(folder) => {
                let unwritable = |error: std::io::Error| {
                    ErrorReport::failure(format!("no man pages can be written into {}: {error}", folder.display()))
                };
                std::fs::create_dir_all(folder).map_err(unwritable)?;
                clap_mangen::generate_to(pages(), folder).map_err(unwritable)?;
                out.line(&folder.display().to_string())?;
            }
            None => {
                let mut page = Vec::new();
                clap_mangen::Man::new(page_of(&self.command)?)
                    .source(concat!("usher ", env!("CARGO_PKG_VERSION")))
                    .render(&mut page)
                    .map_err(|error| ErrorReport::failure(format!("the man page cannot be made: {error}")))?;
                out.write(&page)?;
            }
        }
        finish(out, exit_code::DONE)
    }
}

/// Returns the command line as it is described: `help` is what the pages are themselves.
fn pages() -> clap::Command {
    let mut command = definition().disable_help_subcommand(true);
    command.build();
    command
}

/// Returns the command with these names, one below the other.
fn page_of(names: &[String]) -> Result<clap::Command, Trouble> {
    let mut command = pages();
    for name in names {
        let parent = command.get_bin_name().unwrap_or("usher").to_owned();
        let known: Vec<String> = described(&command).map(|command| command.get_name().to_owned()).collect();
        let found = described(&command).find(|below| below.get_name() == name).cloned();
        command = found.ok_or_else(|| {
            let report = ErrorReport::usage(format!("`{parent}` has no command `{name}`"));
            match known.is_empty() {
                true => report,
                false => report.with_hint(format!("It has: {}.", known.join(", "))),
            }
        })?;
    }
    // A page is called like its file.
    let name = command.get_bin_name().unwrap_or("usher").replace(' ', "-");
    Ok(command.display_name(name))
}

fn described(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|command| !command.is_hide_set())
}
