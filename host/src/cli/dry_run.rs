//! `--dry-run`, and what is shown of it.

use clap::Args;
use serde::Serialize;
use usher_adapter_sdk::message::Refused;

use super::{
    app::{App, Done, Trouble, finish},
    output::{self, exit_code},
};
use crate::service::{Attempt, HeldBack, HeldBody, HeldPart, WriteMode};

/// The flag of commands that write.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct DryRun {
    /// Write nothing: show the first request that would write, with secrets as stars
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
    output::say_refused(&mut out, "would not be written", refused);
    output::say_refused(&mut out, "not known whether it would be written", unknown);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use usher_adapter_sdk::model::Json;

    use super::*;

    fn held(body: HeldBody) -> HeldBack {
        let headers = [("authorization", "***"), ("x-api-version", "1")];
        let headers: BTreeMap<_, _> =
            headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        HeldBack { method: "POST".to_owned(), url: "https://a.example/x".to_owned(), headers, body }
    }

    #[test]
    fn a_request_is_written_as_http_writes_it_and_json_is_laid_out() {
        let head = "POST https://a.example/x\nAuthorization: ***\nX-Api-Version: 1\n";
        assert_eq!(text(&held(HeldBody::Nothing)), head);
        let json = HeldBody::Json(Json::parse(r#"{"title":"b"}"#).unwrap());
        assert_eq!(text(&held(json)), format!("{head}\n{{\n  \"title\": \"b\"\n}}\n"));
    }

    #[test]
    fn files_of_a_form_are_named_and_not_shown() {
        let part = |name: &str, value: Option<&str>, file_name: Option<&str>| HeldPart {
            name: name.to_owned(),
            value: value.map(str::to_owned),
            file: value.is_none(),
            file_name: file_name.map(str::to_owned),
            media_type: None,
        };
        let form = vec![part("note", Some("x"), None), part("file", None, Some("a.txt")), part("other", None, None)];
        let shown = body(&HeldBody::Form { form }).unwrap();
        assert_eq!(shown, "note: x\nfile: (the file a.txt)\nother: (the file)");
    }
}
