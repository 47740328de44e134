//! `usher create`

use clap::Args;
use usher_adapter_sdk::{
    message::{Created, Draft, LinkDraft},
    model::{Due, Estimate, Json, LinkKind, RichText, TicketKey},
};

use super::{
    app::{App, Done, finish, show_written},
    arguments::{self, Place},
    dry_run::{self, DryRun},
    output::{self, Facts, exit_code},
    text_input,
};
use crate::service::{Attempt, Written};

/// Make a ticket
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The title
    title: String,
    /// Where: a connection, or a project at one (CONNECTION:PROJECT)
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<Place>,
    /// The description: a text, @FILE, or - for stdin
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// Write the description in your editor
    #[arg(long, conflicts_with = "body")]
    edit: bool,
    /// The type: bug, feature, task, … or the platform's own word
    #[arg(long = "type", value_name = "TYPE")]
    ticket_type: Option<String>,
    /// The state: todo, in_progress, … or the platform's own word
    #[arg(long)]
    status: Option<String>,
    /// The priority: urgent, high, medium, low, … or the platform's own word
    #[arg(long)]
    priority: Option<String>,
    /// A label; may be repeated
    #[arg(long)]
    label: Vec<String>,
    /// Who shall work on it, or @me; may be repeated
    #[arg(long, value_name = "WHO")]
    assignee: Vec<String>,
    /// Who reports it, if it is not you
    #[arg(long, value_name = "WHO")]
    reporter: Option<String>,
    /// A board, list, sprint, cycle, milestone or queue; may be repeated
    #[arg(long, value_name = "NAME")]
    container: Vec<String>,
    /// The ticket that it is a part of
    #[arg(long, value_name = "KEY")]
    parent: Option<String>,
    /// A relation, such as `blocks=SHOP-3`; may be repeated
    #[arg(long, value_name = "KIND=KEY", value_parser = link)]
    link: Vec<LinkDraft>,
    /// When it is due: a day, or a time with a zone
    #[arg(long, value_name = "TIME", value_parser = arguments::due)]
    due: Option<Due>,
    /// How much work it is, in the unit of the platform
    #[arg(long, value_name = "NUMBER", value_parser = arguments::estimate)]
    estimate: Option<f64>,
    /// A custom field; the value is JSON, or else text; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = arguments::field)]
    custom_fields: Vec<(String, Json)>,
    #[command(flatten)]
    dry_run: DryRun,
}

impl Create {
    pub(super) fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let place = Place::or_only(self.place.clone(), &service)?;
        service.connections().require(&place.connection)?;
        let body = match (&self.body, self.edit) {
            (Some(body), _) => Some(text_input::text(body)?),
            (None, true) => Some(text_input::edit("")?),
            (None, false) => None,
        };
        let draft = Draft::new(self.title)
            .with_project(place.project)
            .with_body(body.map(RichText::markdown))
            .with_type(self.ticket_type)
            .with_status(self.status)
            .with_priority(self.priority)
            .with_labels(self.label)
            .with_assignees(self.assignee)
            .with_reporter(self.reporter)
            .with_containers(self.container)
            .with_parent(self.parent.map(TicketKey::from))
            .with_links(self.link)
            .with_due(self.due)
            .with_estimate(self.estimate.map(Estimate::without_unit))
            .with_fields(self.custom_fields.into_iter().collect::<std::collections::BTreeMap<_, _>>());
        let mode = self.dry_run.mode();
        let attempt = self.dry_run.run(app, async { Ok(service.create(&place.connection, draft, mode).await?) })?;
        let written = match attempt {
            Attempt::Done(written) => written,
            Attempt::HeldBack(held) => return dry_run::show(app, &held),
            Attempt::NothingToWrite(Written { answer, .. }) => {
                return dry_run::show_nothing(app, &answer.refused, &answer.unknown);
            }
        };
        let created = written.answer;
        let name = format!("{}:{}", written.connection, created.key);
        show_written(|| format!("{name} was created"), || show(app, &name, &created))
    }
}

fn show(app: &App, name: &str, created: &Created) -> Done {
    let code = exit_code::of_write(&created.refused, &created.unknown);
    let mut out = app.out()?;
    if app.format().is_json() {
        out.json(created)?;
        return finish(out, code);
    }
    let mut facts = Facts::new();
    facts.push("created", name);
    facts.push_known("url", created.url.as_deref());
    out.facts(&facts)?;
    output::say_refused(&mut out, "not written", &created.refused);
    output::say_refused(&mut out, "not known whether written", &created.unknown);
    output::say_altered(&mut out, &created.altered);
    finish(out, code)
}

/// Reads a relation.
pub(super) fn link(text: &str) -> Result<LinkDraft, String> {
    let (kind, key) = text.split_once('=').ok_or("expected KIND=KEY, such as blocks=SHOP-3")?;
    let kind = LinkKind::from_word(kind);
    if kind.is_unknown() {
        let words: Vec<&str> = LinkKind::ALL.iter().map(LinkKind::as_str).collect();
        return Err(format!("expected one of {}", words.join(", ")));
    }
    Ok(LinkDraft::new(kind, key))
}
