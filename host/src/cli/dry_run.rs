//! `--dry-run`, and what is shown of it.

use clap::Args;
use serde::Serialize;
use usher_adapter_sdk::message::Refused;

use super::{
    app::{App, Done, Trouble, finish},
    output::exit_code,
    update,
};
use crate::service::{Attempt, HeldBack, HeldBody, HeldPart, WriteMode};

/// The flag of commands that write.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct DryRun {
    /// Write nothing: show the first request that would write, with secrets as stars. Reads go out
    #[arg(long)]
    dry_run: bool,
}

/// What is printed as JSON.
#[derive(Serialize)]
struct Shown<'a> {
    /// Nothing, if it would not write anything.
    dry_run: Option<&'a HeldBack>,
    #[serde(skip_serializing_if = "<[Refused]>::is_empty")]
    refused: &'a [Refused],
    #[serde(skip_serializing_if = "<[Refused]>::is_empty")]
    unknown: &'a [Refused],
}

impl DryRun {
    /// Returns whether the write is meant.
    pub(super) fn mode(self) -> WriteMode {
        if self.dry_run { WriteMode::DryRun } else { WriteMode::Real }
    }

    /// Runs a write; after Ctrl-C nobody knows whether it did, unless it is only rehearsed.
    pub(super) fn run<T>(
        self,
        app: &App,
        work: impl Future<Output = Result<Attempt<T>, Trouble>>,
    ) -> Result<Attempt<T>, Trouble> {
        match self.mode() {
            WriteMode::Real => app.write(work),
            WriteMode::DryRun => app.read(work),
        }
    }
}

/// Shows the request that was held back.
pub(super) fn show(app: &App, held: &HeldBack) -> Done {
    let mut out = app.out()?;
    match app.format().is_json() {
        true => out.json(&Shown { dry_run: Some(held), refused: &[], unknown: &[] })?,
        false => out.text(&text(held))?,
    }
    out.message("dry run: this request was held back and nothing was written; what would follow depends on its answer");
    finish(out, exit_code::DONE)
}

/// Says that no request would write, and which fields would not be written although they were named.
pub(super) fn show_nothing(app: &App, refused: &[Refused], unknown: &[Refused]) -> Done {
    let mut out = app.out()?;
    if app.format().is_json() {
        out.json(&Shown { dry_run: None, refused, unknown })?;
    }
    out.message("dry run: there is nothing to write; no request would change anything");
    update::say_refused(&mut out, "would not be written", refused);
    update::say_refused(&mut out, "not known whether it would be written", unknown);
    let code = if refused.is_empty() && unknown.is_empty() { exit_code::DONE } else { exit_code::VALIDATION };
    finish(out, code)
}

/// Returns a request as HTTP writes it down.
fn text(held: &HeldBack) -> String {
    let mut text = format!("{} {}\n", held.method, held.url);
    for (name, value) in &held.headers {
        text += &format!("{}: {value}\n", capitalized(name));
    }
    if let Some(body) = body(&held.body) {
        text += &format!("\n{body}\n");
    }
    text
}

fn body(body: &HeldBody) -> Option<String> {
    match body {
        HeldBody::Nothing => None,
        // JSON that cannot be laid out, such as one with a number of too many digits, is shown as it is.
        HeldBody::Json(json) => Some(laid_out(json.as_str()).unwrap_or_else(|| json.as_str().to_owned())),
        HeldBody::Text(text) => Some(text.clone()),
        HeldBody::Bytes { bytes } => Some(format!("({bytes} bytes)")),
        HeldBody::File { .. } => Some("(the file, as it is)".to_owned()),
        HeldBody::Form { form } => Some(form.iter().map(part).collect::<Vec<_>>().join("\n")),
    }
}

fn laid_out(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    serde_json::to_string_pretty(&value).ok()
}

fn part(part: &HeldPart) -> String {
    let value = part.value.as_deref().unwrap_or_default();
    match (part.file, &part.file_name) {
        (true, Some(name)) => format!("{}: (the file {name})", part.name),
        (true, None) => format!("{}: (the file)", part.name),
        (false, _) => format!("{}: {value}", part.name),
    }
}

/// Returns a header's name as people write it.
fn capitalized(name: &str) -> String {
    let word = |word: &str| word.get(..1).map(|first| first.to_ascii_uppercase() + &word[1..]).unwrap_or_default();
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}
