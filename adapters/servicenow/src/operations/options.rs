//! What can be chosen: tables, states, priorities, groups, columns.

use futures_util::future;
use usher_adapter_sdk::{
    Result,
    message::{FieldOption, Options, OptionsScope, StateOption},
    model::{Container, ContainerKind, FieldType, Named, Priority, Project},
};

use super::{
    attachments,
    lookup::{self, Choice},
    read::unless_refused,
};
use crate::{
    ServiceNow,
    api::{Answer, Field, Found, Record},
    config::BASE_TABLE,
    key::Key,
    mapping,
    query::{self, Encoded},
};

/// How many groups and columns are asked for.
const MOST: u64 = 2_000;

/// Columns of the dictionary that are written in other ways, or not at all.
const NO_FIELDS: &[&str] = &["collection", "journal", "journal_input", "journal_list"];

/// Types of the dictionary, and what their values are; sorted. Of others nobody can say.
const TYPES: &[(&str, FieldType)] = &[
    ("boolean", FieldType::Boolean),
    ("choice", FieldType::Choice),
    ("decimal", FieldType::Number),
    ("float", FieldType::Number),
    ("glide_date", FieldType::Date),
    ("glide_date_time", FieldType::DateTime),
    ("integer", FieldType::Number),
    ("reference", FieldType::Choice),
    ("string", FieldType::Text),
    ("url", FieldType::Url),
];

/// Says what can be chosen in a table; a list that the account may not read is absent.
pub(crate) async fn options(snow: &ServiceNow, scope: &OptionsScope) -> Result<Options> {
    let table = match (&scope.ticket, scope.project.as_deref().or(scope.ticket_type.as_deref())) {
        (Some(ticket), _) => attachments::record(snow, Key::parse(ticket)?).await?.0,
        (None, Some(word)) => lookup::table(word)?,
        (None, None) => lookup::default_table(snow)?,
    };
    let (choices, groups, columns) =
        future::try_join3(lookup::choices(snow, &table, &[]), groups(snow), columns(snow, &table)).await?;
    let tables = lookup::tables(snow)?;
    let types = tables.iter().map(|table| mapping::ticket_type(table, None)).collect::<Vec<_>>();
    let projects = tables.iter().map(|table| {
        let name = mapping::ticket_type(table, None).native.map(|native| native.name);
        Project::new(table.clone()).with_name(name)
    });
    Ok(Options::default()
        .with_projects(projects.collect::<Vec<_>>())
        .with_types(types)
        .with_states(states(&choices, &table))
        .with_priorities(priorities(&choices))
        .with_containers(groups)
        .with_fields(
            columns.map(|columns| columns.into_iter().map(|field| with_choices(field, &choices)).collect::<Vec<_>>()),
        ))
}

fn of<'a>(choices: &'a [Choice], column: &'a str) -> impl Iterator<Item = &'a Choice> {
    choices.iter().filter(move |choice| choice.column == column)
}

fn states(choices: &[Choice], table: &str) -> Option<Vec<StateOption>> {
    let own = of(choices, "state")
        .map(|choice| StateOption::new(named(choice), mapping::state_category(table, &choice.value)));
    Some(own.collect::<Vec<_>>()).filter(|states| !states.is_empty())
}

fn priorities(choices: &[Choice]) -> Option<Vec<Priority>> {
    let own = of(choices, "priority").map(|choice| {
        let label = (!choice.label.is_empty()).then(|| choice.label.clone().into());
        mapping::priority(&Field { value: choice.value.clone().into(), display: label })
    });
    Some(own.collect::<Vec<_>>()).filter(|priorities| !priorities.is_empty())
}

fn named(choice: &Choice) -> Named {
    Named::new(choice.label.clone()).with_id(choice.value.clone())
}

async fn groups(snow: &ServiceNow) -> Result<Option<Vec<Container>>> {
    let query = Encoded::default().and("active=true").ordered("name", false).ordered("sys_id", false);
    let request = snow.rows("sys_user_group", query.into_text(), "sys_id,name", MOST)?;
    let Some(response) = unless_refused(snow, "the groups", snow.send(request, &"the groups").await)? else {
        return Ok(None);
    };
    let Answer { result: Found(rows) } = response.decode()?;
    let group = |row: &Record<'_>| {
        Container::new(ContainerKind::Queue, row.value("name")).with_id(row.value("sys_id").to_owned())
    };
    Ok(Some(rows.iter().map(group).collect()))
}

async fn columns(snow: &ServiceNow, table: &str) -> Result<Option<Vec<FieldOption>>> {
    let query = Encoded::default().and(query::is_in("name", &[table, BASE_TABLE], false)?).and("active=true");
    let query = query.ordered("element", false).ordered("sys_id", false).into_text();
    let names = "name,element,column_label,internal_type,mandatory,max_length,read_only";
    let request = snow.rows("sys_dictionary", query, names, MOST)?;
    let Some(response) = unless_refused(snow, "the dictionary", snow.send(request, &"the dictionary").await)? else {
        return Ok(None);
    };
    let Answer { result: Found(rows) } = response.decode()?;
    let own = |row: &&Record<'_>| [table, BASE_TABLE].contains(&row.value("name"));
    let written = rows.iter().filter(own).filter(|row| {
        let is_column = !row.value("element").is_empty() && !row.value("element").starts_with("sys_");
        is_column && row.value("read_only") != "true" && !NO_FIELDS.contains(&row.value("internal_type"))
    });
    let mut fields: Vec<FieldOption> = Vec::new();
    for row in written {
        if !fields.iter().any(|field| field.id == row.value("element")) {
            fields.push(column(row));
        }
    }
    Ok(Some(fields))
}

fn column(row: &Record<'_>) -> FieldOption {
    let kind = TYPES.iter().find(|(name, _)| *name == row.value("internal_type"));
    let label = row.filled("column_label").map_or(row.value("element"), |label| &label.value);
    FieldOption::new(row.value("element"), label, kind.map_or(FieldType::UNKNOWN, |(_, kind)| kind.clone()))
        .with_required(row.value("mandatory") == "true")
        .with_max_length(row.value("max_length").parse::<u64>().ok())
}

fn with_choices(field: FieldOption, choices: &[Choice]) -> FieldOption {
    let own: Vec<Named> = of(choices, &field.id).map(named).collect();
    if own.is_empty() { field } else { field.with_choices(own) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_types_are_sorted() {
        assert!(super::TYPES.is_sorted_by(|one, other| one.0 < other.0));
    }
}
