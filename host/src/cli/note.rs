//! `usher note`

use clap::{ArgGroup, Args};
use usher_adapter_sdk::{
    message::NoteDraft,
    model::{self, Visibility},
};

use super::{
    app::{App, Done, finish, show_written},
    dry_run::{self, DryRun},
    output::{self, ErrorReport, Facts, exit_code},
    text_input,
};
use crate::service::Attempt;

/// Add a note to a ticket: internal where the platform has that, unless `--public`
#[derive(Debug, Args)]
// A group that is required would stand in front of the reference.
#[command(group = ArgGroup::new("note").required(true), override_usage = "usher note [OPTIONS] <REF> <TEXT|--edit>")]
pub(crate) struct Note {
    /// The ticket's link or id
    #[arg(value_name = "REF")]
    reference: String,
    /// The note: a text, @FILE, or - for stdin
    #[arg(group = "note")]
    text: Option<String>,
    /// Write the note in your editor
    #[arg(long, group = "note")]
    edit: bool,
    /// Only this connection, or the connections of this adapter
    #[arg(long = "in", value_name = "CONNECTION")]
    within: Option<String>,
    /// Only for the people who work on tickets
    #[arg(long, conflicts_with = "public")]
    internal: bool,
    /// For everybody who sees the ticket
    #[arg(long)]
    public: bool,
    /// The id of the note that it answers
    #[arg(long, value_name = "NOTE")]
    reply_to: Option<String>,
    #[command(flatten)]
    dry_run: DryRun,
}

impl Note {
    pub(super) fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let ticket = service.resolve(&self.reference, self.within.as_deref())?;
        ticket.require_connection()?;
        let text = match &self.text {
            Some(text) => text_input::text(text)?,
            None => text_input::edit("")?,
        };
        if text.trim().is_empty() {
            return Err(ErrorReport::usage("the note is empty; nothing was written").into());
        }
        let visibility = match (self.internal, self.public) {
            (true, _) => Some(Visibility::Internal),
            (_, true) => Some(Visibility::Public),
            _ => None,
        };
        let draft = NoteDraft::new(text, Visibility::UNKNOWN).with_in_reply_to(self.reply_to);
        let mode = self.dry_run.mode();
        let attempt = self.dry_run.run(app, async { Ok(service.add_note(&ticket, draft, visibility, mode).await?) })?;
        let written = match attempt {
            Attempt::Done(written) => written,
            Attempt::HeldBack(held) => return dry_run::show(app, &held),
            Attempt::NothingToWrite(_) => return dry_run::show_nothing(app, &[], &[]),
        };
        let note = written.answer;
        let name = format!("{}:{}", written.connection, ticket.key);
        show_written(|| format!("{name} has the note {}", note.id), || show(app, &name, &note))
    }
}

fn show(app: &App, name: &str, note: &model::Note) -> Done {
    let mut out = app.out()?;
    if app.format().is_json() {
        out.json(note)?;
        return finish(out, exit_code::DONE);
    }
    let mut facts = Facts::new();
    facts.push("noted", name);
    facts.push("note", &note.id);
    facts.push("visibility", note.visibility.as_str());
    facts.push_known("url", note.url.as_deref());
    out.facts(&facts)?;
    output::say_altered(&mut out, &note.altered);
    finish(out, exit_code::DONE)
}
