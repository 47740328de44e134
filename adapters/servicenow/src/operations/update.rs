//! Changes of a record: only the columns that change are written.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Method,
    message::{Change, Clearable, FieldName, Report, Updated},
    model::StatusCategory,
};

use super::{
    create::{self, CHOICES, GAPS},
    lookup, read,
    write::{self, Write},
};
use crate::{
    ServiceNow,
    api::{Answer, Record},
    key::Key,
    mapping::{self, CLOSING},
    text,
};

/// The fields of a change that ServiceNow cannot change.
const FIXED: &[(FieldName, &str)] = &[
    (FieldName::Type, "a record stays in its table: make one in the other table"),
    (FieldName::Project, "a record stays in its table: make one in the other table"),
];

/// Changes a record, and says of every field whether ServiceNow kept it.
pub(crate) async fn update(snow: &ServiceNow, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = Report::of(change.asked()).with_gaps(GAPS).with_gaps(FIXED);
    let main = read::main(snow, key, false).await?;
    let answer: Answer<'_> = main.decode()?;
    let record = read::only(&answer, &main, key)?;
    still(record, key, change)?;
    let table = mapping::table(record, Some(key));
    let write = columns(snow, change, record, table, &mut report).await?;
    if write.is_empty() {
        let revision = record.value("sys_mod_count").to_owned();
        return Ok(report.updated(mapping::key(record, Some(key))?).with_revision(revision));
    }
    let request = snow.table(Method::Patch, [table, record.value("sys_id")])?;
    let response = write.send(snow, request, &key).await.map_err(|error| explained(error, table, &write, change))?;
    report.wrote();
    let answer: Result<Answer<'_>> = response.decode();
    let record = write::written(&answer)?;
    write.compare(record, &mut report);
    let revision = record.filled("sys_mod_count").map(|count| count.value.to_string());
    Ok(report.updated(mapping::key(record, Some(key))?).with_revision(revision))
}

/// Says whether a record is still what it was. ServiceNow itself compares nothing: between this and the write is a gap.
fn still(record: &Record<'_>, key: Key<'_>, change: &Change) -> Result<()> {
    let count = record.value("sys_mod_count");
    match change.if_revision.as_deref() {
        Some(asked) if asked != count => {
            Err(Error::new(ErrorKind::Conflict, format!("{key} has revision {count}, and not {asked}"))
                .with_hint("Somebody else changed it: read it again."))
        }
        _ => Ok(()),
    }
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
async fn columns(
    snow: &ServiceNow,
    change: &Change,
    record: &Record<'_>,
    table: &str,
    report: &mut Report,
) -> Result<Write> {
    let mut write = Write::default();
    let choices = if needs_choices(change) { lookup::choices(snow, table, CHOICES).await? } else { Vec::new() };
    if let Some(title) = &change.title {
        write.set(FieldName::Title, "short_description", title);
    }
    if let Some(body) = set(&change.body) {
        report.alter(body.and_then(text::altered));
        write.set(FieldName::Body, "description", body.map_or("", |body| &body.markdown));
    }
    if let Some(word) = &change.status {
        write.set(FieldName::Status, "state", lookup::state(&choices, table, word)?);
    }
    match set(&change.resolution) {
        Some(Some(word)) => {
            write.set(FieldName::Resolution, "close_code", lookup::choice(&choices, "close_code", word)?)
        }
        Some(None) => write.set(FieldName::Resolution, "close_code", ""),
        None => {}
    }
    match set(&change.priority) {
        Some(Some(word)) => write.priority(table, &write::priority(&choices, word)?),
        Some(None) => report.refuse(&FieldName::Priority, "every record has a priority"),
        None => {}
    }
    if !change.assignees.is_empty() {
        match assignee(snow, change, record).await? {
            Assigned::To(id) => write.set(FieldName::Assignees, "assigned_to", id),
            Assigned::Refused(reason) => report.refuse(&FieldName::Assignees, reason),
        }
    }
    if let Some(name) = &change.reporter {
        write.set(FieldName::Reporter, create::reporter(table), lookup::person(snow, name).await?);
    }
    for (column, value) in containers(snow, &choices, change, record).await? {
        write.set(FieldName::Containers, column, value);
    }
    match set(&change.parent) {
        Some(Some(parent)) => {
            write.set(FieldName::Parent, "parent", lookup::record(snow, Key::parse(parent)?).await?);
        }
        Some(None) => write.set(FieldName::Parent, "parent", ""),
        None => {}
    }
    if let Some(due) = set(&change.due) {
        write.set(FieldName::Due, "due_date", due.map_or(Ok(String::new()), write::due)?);
    }
    for (column, value) in &change.fields {
        match set(value) {
            Some(value) => write.column(report, column, value)?,
            None => report.settle(&FieldName::custom(column), None),
        }
    }
    Ok(write)
}

fn needs_choices(change: &Change) -> bool {
    let words = change.status.is_some() || !change.resolution.is_keep() || !change.priority.is_keep();
    words || !change.containers.is_empty()
}

/// Returns what a field becomes: nothing where it stays, and nothing inside where it is emptied.
fn set<T>(change: &Clearable<T>) -> Option<Option<&T>> {
    match change {
        Clearable::Keep => None,
        Clearable::Clear => Some(None),
        Clearable::Set(value) => Some(Some(value)),
    }
}

/// Who works on a record after a change, or why that is not changed.
enum Assigned {
    To(String),
    Refused(String),
}

/// Finds who works on a record after the change, of whom there is one at most.
async fn assignee(snow: &ServiceNow, change: &Change, record: &Record<'_>) -> Result<Assigned> {
    let mut ids: Vec<String> = record.filled("assigned_to").map(|own| own.value.to_string()).into_iter().collect();
    if let Some(set) = &change.assignees.set {
        ids.clear();
        for name in set {
            ids.push(lookup::person(snow, name).await?);
        }
    } else if record.field("assigned_to").is_none() {
        let reason =
            "the account may not read who works on it, and nobody shall lose it without a word: set it instead";
        return Ok(Assigned::Refused(reason.to_owned()));
    }
    for name in &change.assignees.remove {
        let gone = lookup::person(snow, name).await?;
        ids.retain(|id| *id != gone);
    }
    let kept = ids.len();
    for name in &change.assignees.add {
        let id = lookup::person(snow, name).await?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    match (&ids[..], record.filled("assigned_to")) {
        ([], _) => Ok(Assigned::To(String::new())),
        ([id], _) => Ok(Assigned::To(id.clone())),
        // Whoever has it would lose it without a word.
        ([_, _], Some(holder)) if change.assignees.set.is_none() && kept == 1 => Ok(Assigned::Refused(format!(
            "a record has one assignee, and this one is {}'s: set it instead",
            holder.label()
        ))),
        _ => Err(create::one_assignee()),
    }
}

/// Returns the columns of the containers that change.
async fn containers(
    snow: &ServiceNow,
    choices: &[lookup::Choice],
    change: &Change,
    record: &Record<'_>,
) -> Result<Vec<(&'static str, String)>> {
    let mut columns: Vec<(&'static str, String)> = Vec::new();
    if change.containers.set.is_some() {
        columns.extend([("assignment_group", String::new()), ("category", String::new())]);
    }
    for name in &change.containers.remove {
        let (column, value) = create::container(snow, choices, name).await?;
        if record.value(column) == value {
            columns.push((column, String::new()));
        }
    }
    for name in change.containers.set.iter().flatten().chain(&change.containers.add) {
        let (column, value) = create::container(snow, choices, name).await?;
        columns.retain(|(own, _)| *own != column);
        columns.push((column, value));
    }
    Ok(columns)
}

/// Says what closing needs, where a refusal may be about that.
fn explained(error: Error, table: &str, write: &Write, change: &Change) -> Error {
    let closes = write.value("state").is_some_and(|state| {
        matches!(mapping::state_category(table, state), StatusCategory::Done | StatusCategory::Canceled)
    });
    let is_whole = !change.resolution.is_keep() && change.fields.contains_key("close_notes");
    let is_refusal = matches!(error.kind(), ErrorKind::Permission | ErrorKind::Validation);
    if closes && is_refusal && !is_whole { error.with_hint(CLOSING) } else { error }
}
