//! `usher config`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{
    app::{App, Done, Trouble, config_report, finish},
    output::exit_code,
};
use crate::config::{self, Finding, Severity};

/// Write, show and check the configuration
#[derive(Debug, Subcommand)]
pub(crate) enum Config {
    Init(Init),
    Show(Show),
    Validate(Validate),
    Schema(Schema),
}

/// Write a commented configuration file to start from
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The file to make (default: --config, USHER_CONFIG or the user's own)
    file: Option<PathBuf>,
    /// Overwrite a file that is there
    #[arg(long)]
    force: bool,
}

/// Show every setting that holds, defaults included, secrets as stars
#[derive(Debug, Args)]
pub(crate) struct Show {}

/// Check the configuration, and name file and line of what is wrong
#[derive(Debug, Args)]
pub(crate) struct Validate {}

/// Print the JSON schema of the configuration, for editors
#[derive(Debug, Args)]
pub(crate) struct Schema {}

impl Config {
    pub(super) fn run(self, app: &App) -> Done {
        match self {
            Self::Init(command) => command.run(app),
            Self::Show(command) => command.run(app),
            Self::Validate(command) => command.run(app),
            Self::Schema(command) => command.run(app),
        }
    }
}

fn trouble(error: &config::ConfigError) -> Trouble {
    config_report(error).into()
}

impl Init {
    fn run(self, app: &App) -> Done {
        let environment = app.environment();
        let named = environment.variable("USHER_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        let file = match self.file.or_else(|| app.global.config.clone()).or(named) {
            Some(file) => file,
            None => config::default_path(environment).map_err(|error| trouble(&error))?,
        };
        config::init(&file, self.force).map_err(|error| trouble(&error))?;
        println!("{}", file.display());
        Ok(exit_code::DONE)
    }
}

impl Show {
    fn run(self, app: &App) -> Done {
        let config = app.config()?;
        let mut out = app.out()?;
        if app.format().is_json() {
            out.json(&config::show(config))?;
        } else {
            out.text(&config::show_toml(config).map_err(|error| trouble(&error))?)?;
        }
        finish(out, exit_code::DONE)
    }
}

impl Validate {
    fn run(self, app: &App) -> Done {
        let mut findings = config::validate(app.environment(), &app.flags());
        // What only the adapters' manifests can say: unknown adapters, wrong options, missing addresses.
        let mut from_adapters = Vec::new();
        if findings.iter().all(|finding| finding.severity != Severity::Error) {
            let catalog = app.catalog()?;
            let wrong = catalog.connections.all().filter_map(|(_, target)| target.as_ref().err());
            from_adapters.extend(wrong.cloned());
        }
        let has_errors =
            !from_adapters.is_empty() || findings.iter().any(|finding| finding.severity == Severity::Error);
        let code = if has_errors { exit_code::CONFIGURATION } else { exit_code::DONE };
        findings.sort_by_key(|finding| finding.line);
        let mut out = app.out_plain();
        if app.format().is_json() {
            let errors: Vec<_> = from_adapters
                .iter()
                .map(|error| {
                    serde_json::json!({
                        "severity": "error", "message": error.message(), "hint": error.hint(),
                    })
                })
                .collect();
            let findings = serde_json::to_value(&findings).unwrap_or_default();
            let all = findings.as_array().cloned().unwrap_or_default().into_iter().chain(errors);
            out.json(&all.collect::<Vec<_>>())?;
            return finish(out, code);
        }
        for finding in &findings {
            out.line(&line(finding))?;
            if let Some(hint) = &finding.hint {
                out.line(&format!("  hint: {hint}"))?;
            }
        }
        for error in &from_adapters {
            out.line(&format!("error: {error}"))?;
            if let Some(hint) = error.hint() {
                out.line(&format!("  hint: {hint}"))?;
            }
        }
        if findings.is_empty() && from_adapters.is_empty() {
            out.line("the configuration is right")?;
        }
        finish(out, code)
    }
}

/// Returns a finding as `FILE:LINE:COLUMN: error: MESSAGE`, which editors understand.
fn line(finding: &Finding) -> String {
    let Finding { severity, file, line, column, message, .. } = finding;
    let place = [line, column].into_iter().flatten().map(|number| format!("{number}:"));
    format!("{}:{} {severity}: {message}", file.display(), place.collect::<String>())
}

impl Schema {
    fn run(self, app: &App) -> Done {
        let mut out = app.out_plain();
        out.json(&config::schema())?;
        finish(out, exit_code::DONE)
    }
}
