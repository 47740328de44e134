//! New records.

use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Created, Draft, FieldName, Report},
};

use super::{
    lookup, marker,
    write::{self, Write},
};
use crate::{ServiceNow, api::Answer, key::Key, mapping, text};

/// The fields that ServiceNow does not have, and what to do about it.
pub(super) const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Labels, "the Table API writes no tags: give them on the page of the record"),
    (FieldName::Links, "relations are columns: write `problem_id`, `rfc`, `caused_by` or `parent_incident` as a field"),
    (FieldName::Estimate, "ServiceNow has no estimate: write a column of your own as a field"),
];

/// The choices that are looked up by their labels.
pub(super) const CHOICES: &[&str] = &["state", "priority", "close_code", "category"];

/// Makes a record, and says of every field whether ServiceNow kept it.
pub(crate) async fn create(snow: &ServiceNow, draft: &Draft) -> Result<Created> {
    let table = table(snow, draft)?;
    let mut report = Report::of(draft.asked()).with_gaps(GAPS);
    let write = columns(snow, draft, &table, &mut report).await?;
    let request = snow.table(Method::Post, [&table])?;
    let response = write.send(snow, request, &format!("a new record of `{table}`")).await?;
    report.wrote();
    let answer: Result<Answer<'_>> = response.decode();
    let record = write::written(&answer)?;
    let own = mapping::table(record, None).to_owned();
    let is_there = record.field("sys_class_name").is_none() || own == table;
    let elsewhere = (!is_there).then(|| format!("the new record is one of `{own}`"));
    report.settle(&FieldName::Type, elsewhere.clone());
    report.settle(&FieldName::Project, elsewhere);
    write.compare(record, &mut report);
    let sys_id = record.value("sys_id");
    Ok(report.created(mapping::key(record, None)?).with_native_id(sys_id.to_owned()).with_url(snow.page(&own, sys_id)))
}

/// Returns the table for a draft. Project and type are two words for it, and must not differ.
fn table(snow: &ServiceNow, draft: &Draft) -> Result<String> {
    let project = draft.project.as_deref().map(lookup::table).transpose()?;
    let of_type = draft.ticket_type.as_deref().map(lookup::table).transpose()?;
    match (project, of_type) {
        (Some(project), Some(of_type)) if project != of_type => {
            Err(Error::validation(format!("a record of `{project}` is none of `{of_type}`"))
                .with_field("type", "names another table than the project")
                .with_hint("Projects and types of ServiceNow's are both tables: name one of the two."))
        }
        (Some(table), _) | (None, Some(table)) => Ok(table),
        (None, None) => lookup::default_table(snow),
    }
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
async fn columns(snow: &ServiceNow, draft: &Draft, table: &str, report: &mut Report) -> Result<Write> {
    let mut write = Write::default();
    write.set(FieldName::Title, "short_description", &draft.title);
    if let Some(body) = &draft.body {
        report.alter(text::altered(body));
        write.set(FieldName::Body, "description", &body.markdown);
    }
    let choices = if needs_choices(draft) { lookup::choices(snow, table, CHOICES).await? } else { Vec::new() };
    if let Some(word) = &draft.status {
        write.set(FieldName::Status, "state", lookup::state(&choices, table, word)?);
    }
    if let Some(word) = &draft.priority {
        write.priority(table, &write::priority(&choices, word)?);
    }
    match &draft.assignees[..] {
        [] => {}
        [name] => write.set(FieldName::Assignees, "assigned_to", lookup::person(snow, name).await?),
        _ => return Err(one_assignee()),
    }
    if let Some(name) = &draft.reporter {
        write.set(FieldName::Reporter, reporter(table), lookup::person(snow, name).await?);
    }
    for name in &draft.containers {
        let (column, value) = container(snow, &choices, name).await?;
        write.set(FieldName::Containers, column, value);
    }
    if let Some(parent) = &draft.parent {
        write.set(FieldName::Parent, "parent", lookup::record(snow, Key::parse(parent)?).await?);
    }
    if let Some(due) = &draft.due {
        write.set(FieldName::Due, "due_date", write::due(due)?);
    }
    for (column, value) in &draft.fields {
        write.column(report, column, Some(value))?;
    }
    if let Some(marker) = &draft.marker {
        write.add(marker::COLUMN, marker);
    }
    Ok(write)
}

fn needs_choices(draft: &Draft) -> bool {
    draft.status.is_some() || draft.priority.is_some() || !draft.containers.is_empty()
}

/// Returns the error of a second assignee.
pub(super) fn one_assignee() -> Error {
    Error::validation("a record has one assignee at most").with_field("assignees", "names several")
}

/// Returns the column that says who reported a record.
pub(super) fn reporter(table: &str) -> &'static str {
    match table {
        "incident" => "caller_id",
        "change_request" => "requested_by",
        _ => "opened_by",
    }
}

/// Finds the column and the value of a container: a group, or else a category.
pub(super) async fn container(
    snow: &ServiceNow,
    choices: &[lookup::Choice],
    name: &str,
) -> Result<(&'static str, String)> {
    if let Some(group) = lookup::group(snow, name).await? {
        return Ok(("assignment_group", group));
    }
    let is_known = choices.iter().any(|choice| choice.column == "category");
    if is_known && let Ok(value) = lookup::choice(choices, "category", name) {
        return Ok(("category", value));
    }
    Err(Error::not_found(format_args!("a group or a category called `{name}`"))
        .with_hint("`usher options` lists those that the account sees."))
}
