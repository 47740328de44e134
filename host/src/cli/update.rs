//! `usher update`

use std::collections::BTreeMap;

use clap::Args;
use usher_adapter_sdk::{
    message::{Change, Clearable, LinkDraft, ListChange, Updated},
    model::{Due, Estimate, Json, RichText, TicketKey},
};

use super::{
    app::{App, Done, finish, show_written},
    arguments, create,
    dry_run::{self, DryRun},
    output::{self, Facts, exit_code},
    text_input,
};
use crate::service::{Attempt, Written};

/// Change a ticket; what is not named stays as it is
#[derive(Debug, Args)]
pub(crate) struct Update {
    /// The ticket's link or id
    #[arg(value_name = "REF")]
    reference: String,
    /// Only this connection, or the connections of this adapter
    #[arg(long = "in", value_name = "CONNECTION")]
    within: Option<String>,
    /// The new title
    #[arg(long)]
    title: Option<String>,
    /// The new description: a text, @FILE, or - for stdin
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// The new type: bug, feature, task, … or the platform's own word
    #[arg(long = "type", value_name = "TYPE")]
    ticket_type: Option<String>,
    /// The new state: todo, in_progress, done, … or the platform's own word
    #[arg(long)]
    status: Option<String>,
    /// How it ended, in the platform's words
    #[arg(long)]
    resolution: Option<String>,
    /// The new priority: urgent, high, medium, low, … or the platform's own word
    #[arg(long)]
    priority: Option<String>,
    /// Add a label; may be repeated
    #[arg(long, value_name = "LABEL")]
    add_label: Vec<String>,
    /// Remove a label; may be repeated
    #[arg(long, value_name = "LABEL")]
    remove_label: Vec<String>,
    /// Add somebody who works on it, or @me; may be repeated
    #[arg(long, value_name = "WHO")]
    add_assignee: Vec<String>,
    /// Remove somebody who works on it; may be repeated
    #[arg(long, value_name = "WHO")]
    remove_assignee: Vec<String>,
    /// Who works on it, in place of everybody before; may be repeated
    #[arg(long, value_name = "WHO", conflicts_with_all = ["add_assignee", "remove_assignee"])]
    assignee: Vec<String>,
    /// The new reporter
    #[arg(long, value_name = "WHO")]
    reporter: Option<String>,
    /// Move it to another project
    #[arg(long, value_name = "KEY")]
    project: Option<String>,
    /// Put it into a board, list, sprint, cycle, milestone or queue; may be repeated
    #[arg(long, value_name = "NAME")]
    add_container: Vec<String>,
    /// Take it out of one; may be repeated
    #[arg(long, value_name = "NAME")]
    remove_container: Vec<String>,
    /// The ticket that it is a part of
    #[arg(long, value_name = "KEY")]
    parent: Option<String>,
    /// Add a relation, such as `blocks=SHOP-3`; may be repeated
    #[arg(long, value_name = "KIND=KEY", value_parser = create::link)]
    add_link: Vec<LinkDraft>,
    /// Remove a relation; may be repeated
    #[arg(long, value_name = "KIND=KEY", value_parser = create::link)]
    remove_link: Vec<LinkDraft>,
    /// When it is due: a day, or a time with a zone
    #[arg(long, value_name = "TIME", value_parser = arguments::due)]
    due: Option<Due>,
    /// How much work it is, in the unit of the platform
    #[arg(long, value_name = "NUMBER", value_parser = arguments::estimate)]
    estimate: Option<f64>,
    /// A custom field; the value is JSON, or else text; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = arguments::field)]
    custom_fields: Vec<(String, Json)>,
    /// Empty a field: body, resolution, priority, assignees, parent, due, estimate, or a custom field's name
    #[arg(long, value_name = "FIELD")]
    clear: Vec<String>,
    /// Only if the ticket still has this revision (its `revision` in `--json`)
    #[arg(long, value_name = "REVISION")]
    if_revision: Option<String>,
    /// Write the description although parts of the old one cannot survive
    #[arg(long)]
    force_lossy: bool,
    #[command(flatten)]
    dry_run: DryRun,
}

impl Update {
    pub(super) fn run(mut self, app: &App) -> Done {
        let service = app.service()?.clone();
        let ticket = service.resolve(&self.reference, self.within.as_deref())?;
        ticket.require_connection()?;
        let body = self.body.take().map(|body| text_input::text(&body)).transpose()?;
        let dry_run = self.dry_run;
        let (change, mode) = (self.change(body), dry_run.mode());
        let attempt = dry_run.run(app, async { Ok(service.update(&ticket, &change, mode).await?) })?;
        let written = match attempt {
            Attempt::Done(written) => written,
            Attempt::HeldBack(held) => return dry_run::show(app, &held),
            Attempt::NothingToWrite(Written { answer, .. }) => {
                return dry_run::show_nothing(app, &answer.refused, &answer.unknown);
            }
        };
        let updated = written.answer;
        let name = format!("{}:{}", written.connection, updated.key);
        show_written(|| format!("{name} was updated ({})", applied(&updated)), || show(app, &name, &updated))
    }

    fn change(self, body: Option<String>) -> Change {
        let assignees = match self.assignee.is_empty() {
            true => ListChange::delta(self.add_assignee, self.remove_assignee),
            false => ListChange::set(self.assignee),
        };
        let fields = self.custom_fields.into_iter().map(|(name, value)| (name, Clearable::Set(value)));
        let change = Change::new()
            .with_title(self.title)
            .with_body(set(body.map(RichText::markdown)))
            .with_type(self.ticket_type)
            .with_status(self.status)
            .with_resolution(set(self.resolution))
            .with_priority(set(self.priority))
            .with_labels(ListChange::delta(self.add_label, self.remove_label))
            .with_assignees(assignees)
            .with_reporter(self.reporter)
            .with_project(self.project)
            .with_containers(ListChange::delta(self.add_container, self.remove_container))
            .with_parent(set(self.parent.map(TicketKey::from)))
            .with_links(ListChange::delta(self.add_link, self.remove_link))
            .with_due(set(self.due))
            .with_estimate(set(self.estimate.map(Estimate::without_unit)))
            .with_fields(fields.collect::<BTreeMap<_, _>>())
            .with_if_revision(self.if_revision)
            .with_force_lossy(self.force_lossy);
        self.clear.into_iter().fold(change, clear)
    }
}

fn show(app: &App, name: &str, updated: &Updated) -> Done {
    let code = exit_code::of_write(&updated.refused, &updated.unknown);
    let mut out = app.out()?;
    if app.format().is_json() {
        out.json(updated)?;
        return finish(out, code);
    }
    out.facts(&Facts::new().with("updated", name).with("changed", applied(updated)))?;
    output::say_refused(&mut out, "not written", &updated.refused);
    output::say_refused(&mut out, "not known whether written", &updated.unknown);
    output::say_altered(&mut out, &updated.altered);
    finish(out, code)
}

fn applied(updated: &Updated) -> String {
    let applied: Vec<&str> = updated.applied.iter().map(|field| field.as_str()).collect();
    if applied.is_empty() { "nothing".to_owned() } else { applied.join(", ") }
}

fn set<T>(value: Option<T>) -> Clearable<T> {
    value.map_or(Clearable::Keep, Clearable::Set)
}

fn clear(mut change: Change, field: String) -> Change {
    match field.as_str() {
        "body" => change.body = Clearable::Clear,
        "resolution" => change.resolution = Clearable::Clear,
        "priority" => change.priority = Clearable::Clear,
        "assignees" => change.assignees = ListChange::set([]),
        "parent" => change.parent = Clearable::Clear,
        "due" => change.due = Clearable::Clear,
        "estimate" => change.estimate = Clearable::Clear,
        _ => {
            change.fields.insert(field, Clearable::Clear);
        }
    }
    change
}
