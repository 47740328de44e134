//! `usher options`

use clap::Args;
use usher_adapter_sdk::{
    message::{Options as Answer, OptionsScope},
    model::Named,
};

use super::{
    app::{App, Done, finish},
    arguments::Place,
    output::{Cell, Facts, Out, Stop, Table, exit_code},
};

/// Show what can be chosen: states, transitions, types, priorities, labels, fields
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A ticket, whose transitions are then shown too
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Where: a connection, or a project at one (CONNECTION:PROJECT)
    #[arg(long = "in", value_name = "PLACE")]
    place: Option<Place>,
    /// Only what one type of ticket has
    #[arg(long = "type", value_name = "TYPE")]
    ticket_type: Option<String>,
}

impl Options {
    pub(super) fn run(self, app: &App) -> Done {
        let service = app.service()?.clone();
        let within = self.place.as_ref().map(|place| place.connection.as_str());
        let ticket = self.reference.as_deref().map(|reference| service.resolve(reference, within)).transpose()?;
        let place = match (&ticket, self.place) {
            (Some(ticket), place) => Place {
                connection: ticket.require_connection()?.to_owned(),
                project: place.and_then(|place| place.project).or_else(|| ticket.project.clone()),
            },
            (None, place) => Place::or_only(place, &service)?,
        };
        let scope = OptionsScope::default()
            .with_project(place.project)
            .with_type(self.ticket_type)
            .with_ticket(ticket.map(|ticket| ticket.key));
        let options = app.read(async { Ok(service.options(&place.connection, &scope).await?) })?;
        let mut out = app.out()?;
        match app.format() {
            format if format.is_json() => out.json(&options)?,
            format if format.is_rows() => out.list(format, &choices(&options))?,
            _ => show(&mut out, &options)?,
        }
        finish(out, exit_code::DONE)
    }
}

fn show(out: &mut Out, options: &Answer) -> Result<(), Stop> {
    let mut facts = Facts::new();
    if let Some(projects) = &options.projects {
        facts.push("projects", joined(projects.iter().map(|project| project.key.clone())));
    }
    if let Some(types) = &options.types {
        let names =
            types.iter().map(|kind| kind.native.as_ref().map_or(kind.level.to_string(), |own| own.name.clone()));
        facts.push("types", joined(names));
    }
    if let Some(priorities) = &options.priorities {
        let names = priorities.iter();
        let names = names.map(|kind| kind.native.as_ref().map_or(kind.level.to_string(), |own| own.name.clone()));
        facts.push("priorities", joined(names));
    }
    if let Some(labels) = &options.labels {
        facts.push("labels", joined(labels.iter().cloned()));
    }
    if let Some(containers) = &options.containers {
        facts.push("containers", joined(containers.iter().map(|own| format!("{} ({})", own.name, own.kind))));
    }
    out.facts(&facts)?;
    if let Some(states) = &options.states {
        let mut table = Table::new(["STATE", "STEP"]);
        for state in states {
            table.push([Cell::status(&state.category, &state.native.name), Cell::new(state.category.as_str())]);
        }
        section(out, &table)?;
    }
    if let Some(transitions) = &options.transitions {
        let mut table = Table::new(["TRANSITION", "LEADS TO", "ASKS FOR"]);
        for transition in transitions {
            let to = transition.to.as_ref().map_or(Cell::absent(), |to| Cell::status(&to.category, &to.native.name));
            let required = transition.fields.iter().filter(|field| field.required);
            let fields = joined(required.map(|field| field.name.clone()));
            table.push([Cell::new(&transition.native.name), to, Cell::new(fields)]);
        }
        section(out, &table)?;
    }
    if let Some(fields) = &options.fields {
        let mut table = Table::new(["FIELD", "NAME", "TYPE", "REQUIRED", "CHOICES"]);
        for field in fields {
            let choices = field.choices.as_deref().unwrap_or_default();
            table.push([
                Cell::new(&field.id),
                Cell::new(&field.name),
                Cell::new(field.value_type.as_str()),
                Cell::new(if field.required { "yes" } else { "" }),
                Cell::new(joined(choices.iter().map(|choice| choice.name.clone()))),
            ]);
        }
        section(out, &table)?;
    }
    Ok(())
}

/// Returns everything that can be chosen as rows of one table: what it is, its names, and what it means to us.
fn choices(options: &Answer) -> Table {
    let mut table = Table::new(["WHAT", "ID", "NAME", "MEANS", "REQUIRED", "CHOICES", "ASKS FOR"]);
    for project in options.projects.iter().flatten() {
        let name = project.name.as_deref().unwrap_or(&project.key);
        table.push(choice("project", Cell::new(&project.key), name, Cell::absent()));
    }
    for (what, native, word) in levels(options) {
        let (id, name) = native.map_or((Cell::absent(), word), |own| (own.id.as_deref().into(), own.name.as_str()));
        table.push(choice(what, id, name, Cell::new(word)));
    }
    for label in options.labels.iter().flatten() {
        table.push(choice("label", Cell::absent(), label, Cell::absent()));
    }
    for container in options.containers.iter().flatten() {
        let id = container.id.as_deref().into();
        table.push(choice("container", id, &container.name, Cell::new(container.kind.as_str())));
    }
    for state in options.states.iter().flatten() {
        let id = state.native.id.as_deref().into();
        table.push(choice("state", id, &state.native.name, Cell::new(state.category.as_str())));
    }
    for transition in options.transitions.iter().flatten() {
        let id = transition.native.id.as_deref().into();
        let to = transition.to.as_ref().map(|to| &to.native.name).into();
        let mut row = choice("transition", id, &transition.native.name, to);
        let required = transition.fields.iter().filter(|field| field.required);
        row[6] = Cell::new(joined(required.map(|field| field.name.clone())));
        table.push(row);
    }
    for field in options.fields.iter().flatten() {
        let mut row = choice("field", Cell::new(&field.id), &field.name, Cell::new(field.value_type.as_str()));
        row[4] = Cell::new(if field.required { "yes" } else { "no" });
        row[5] = Cell::new(joined(field.choices.iter().flatten().map(|choice| choice.name.clone())));
        table.push(row);
    }
    table
}

fn choice(what: &str, id: Cell, name: &str, means: Cell) -> [Cell; 7] {
    [Cell::new(what), id, Cell::new(name), means, Cell::absent(), Cell::absent(), Cell::absent()]
}

/// Returns types and priorities: what it is, the platform's own, and our word.
fn levels(options: &Answer) -> impl Iterator<Item = (&'static str, Option<&Named>, &str)> {
    let types = options.types.iter().flatten().map(|kind| ("type", kind.native.as_ref(), kind.level.as_str()));
    let priorities = options.priorities.iter().flatten();
    types.chain(priorities.map(|kind| ("priority", kind.native.as_ref(), kind.level.as_str())))
}

fn section(out: &mut Out, table: &Table) -> Result<(), Stop> {
    if table.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.table(table)
}

fn joined(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
