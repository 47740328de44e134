//! `usher completions`

use clap::Args;
use clap_complete::Shell;

use super::{
    app::{App, Done, finish},
    definition,
    output::exit_code,
};

/// Print the completions of a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, app: &App) -> Done {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut definition(), "usher", &mut script);
        let mut out = app.out_plain();
        out.write(&script)?;
        finish(out, exit_code::DONE)
    }
}
