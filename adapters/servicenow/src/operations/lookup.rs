//! What names stand for: people, groups, choices, other records, tables.

use std::sync::PoisonError;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Response,
    message::{ME, NOBODY},
    model::{StatusCategory, TypeLevel},
};

use super::read::{self, unless_refused};
use crate::{
    ServiceNow,
    api::{Answer, Found, Record},
    config::BASE_TABLE,
    key::{Key, is_sys_id, is_table},
    mapping::{self, STATES, TYPES},
    query::{self, Encoded},
};

const PEOPLE: &str = "sys_id,user_name,email,name,time_zone";
/// How many rows are asked for where one is meant.
const FEW: u64 = 20;
/// How many choices a table can have in all its columns.
pub(super) const MOST_CHOICES: u64 = 5_000;

/// People of a filter.
#[derive(Debug, Default, Clone)]
pub(super) struct People {
    pub ids: Vec<String>,
    /// Whether nobody is meant as well.
    pub nobody: bool,
}

/// A choice of a column.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub column: String,
    pub value: String,
    pub label: String,
}

/// Finds all people that the names of a filter can mean.
pub(super) async fn people(snow: &ServiceNow, names: &[String]) -> Result<People> {
    let mut people = People::default();
    for name in names {
        match name.as_str() {
            NOBODY => people.nobody = true,
            name => people.ids.extend(ids(snow, name).await?),
        }
    }
    Ok(people)
}

/// Finds the one person that a name means.
pub(super) async fn person(snow: &ServiceNow, name: &str) -> Result<String> {
    if name == ME || is_sys_id(name) {
        return ids(snow, name).await?.into_iter().next().ok_or_else(|| Error::not_found(format_args!("`{name}`")));
    }
    let response = rows_of_people(snow, name).await?;
    let Answer { result: Found(rows) } = response.decode()?;
    // Who signs in with it comes before whose address it is, and then before who is merely called so.
    for column in ["user_name", "email", "name"] {
        let found: Vec<_> = rows.iter().filter(|row| row.value(column).eq_ignore_ascii_case(name)).collect();
        match found[..] {
            [] => {}
            [one] => return Ok(one.value("sys_id").to_owned()),
            _ => {
                let names = found.iter().map(|row| row.value("user_name")).collect::<Vec<_>>().join(", ");
                return Err(Error::validation(format!("`{name}` is the name of several people"))
                    .with_hint(format!("Name one of them: {names}.")));
            }
        }
    }
    Err(unknown_person(name))
}

/// Asks for the row of the account itself.
pub(super) async fn myself(snow: &ServiceNow) -> Result<Response> {
    let response = snow.send(snow.rows("sys_user", query::MYSELF.to_owned(), PEOPLE, 2)?, &"the account").await?;
    let answer: Answer<'_> = response.decode()?;
    // Where the instance passes over the program, everybody comes.
    if answer.result.0.len() > 1 {
        return Err(Error::unsupported("asking whose account it is, since the instance runs no scripts in queries,")
            .with_hint("Name yourself in place of `@me`."));
    }
    Ok(response)
}

/// Returns the choices of some columns of a table, or none where they may not be read.
pub(super) async fn choices(snow: &ServiceNow, table: &str, columns: &[&str]) -> Result<Vec<Choice>> {
    let query = Encoded::default().and(query::is_in("name", &[table, BASE_TABLE], false)?).and("inactive=false");
    let query = if columns.is_empty() { query } else { query.and(query::is_in("element", columns, false)?) };
    let query = query.ordered("sequence", false).ordered("sys_id", false).into_text();
    let request = snow.rows("sys_choice", query, "name,element,value,label,sequence", MOST_CHOICES)?;
    let Some(response) = unless_refused(snow, "the choices", snow.send(request, &"the choices").await)? else {
        return Ok(Vec::new());
    };
    let Answer { result: Found(rows) } = response.decode()?;
    let of = |name: &str, row: &Record<'_>| {
        let is_asked = columns.is_empty() || columns.contains(&row.value("element"));
        (row.value("name") == name && is_asked).then(|| Choice {
            column: row.value("element").to_owned(),
            value: row.value("value").to_owned(),
            label: row.value("label").to_owned(),
        })
    };
    let mut choices: Vec<Choice> = rows.iter().filter_map(|row| of(table, row)).collect();
    // A column has the choices of the table of all unless its own table has some.
    let inherited: Vec<Choice> = rows.iter().filter_map(|row| of(BASE_TABLE, row)).collect();
    let own: Vec<String> = choices.iter().map(|choice| choice.column.clone()).collect();
    choices.extend(inherited.into_iter().filter(|choice| table != BASE_TABLE && !own.contains(&choice.column)));
    Ok(choices)
}

/// Finds the value of a column by its value or its label. Where the choices may not be read, the word itself is sent.
pub(super) fn choice(choices: &[Choice], column: &str, word: &str) -> Result<String> {
    let known: Vec<&Choice> = choices.iter().filter(|choice| choice.column == column).collect();
    let found = known.iter().find(|choice| choice.value == word);
    let found = found.or_else(|| known.iter().find(|choice| choice.label.eq_ignore_ascii_case(word)));
    match found {
        Some(choice) => Ok(choice.value.clone()),
        None if known.is_empty() => Ok(word.to_owned()),
        None => Err(unknown_choice(column, word, known.iter().map(|choice| &*choice.label))),
    }
}

/// Finds the value of a state: by value, by label, or by one of our words.
pub(super) fn state(choices: &[Choice], table: &str, word: &str) -> Result<String> {
    let own: Vec<(&str, &str)> = choices
        .iter()
        .filter(|choice| choice.column == "state")
        .map(|choice| (&*choice.value, &*choice.label))
        .collect();
    let delivered = STATES.iter().filter(|(known, ..)| *known == table).map(|(_, value, label, _)| (*value, *label));
    let states: Vec<(&str, &str)> = if own.is_empty() { delivered.collect() } else { own };
    let found = states.iter().find(|(value, _)| *value == word);
    let found = found.or_else(|| states.iter().find(|(_, label)| label.eq_ignore_ascii_case(word)));
    let category = StatusCategory::from_word(word);
    let found = found.or_else(|| {
        let fits = |value: &str| !category.is_unknown() && mapping::state_category(table, value) == category;
        states.iter().find(|(value, _)| fits(value))
    });
    match found {
        Some((value, _)) => Ok((*value).to_owned()),
        None if states.is_empty() => Ok(word.to_owned()),
        None => Err(unknown_choice("state", word, states.iter().map(|(_, label)| *label))),
    }
}

/// Finds a group by its name or id.
pub(super) async fn group(snow: &ServiceNow, name: &str) -> Result<Option<String>> {
    if is_sys_id(name) {
        return Ok(Some(name.to_owned()));
    }
    let request = snow.rows("sys_user_group", query::is("name", name)?, "sys_id,name", FEW)?;
    let response = snow.send(request, &"the groups").await?;
    let Answer { result: Found(rows) } = response.decode()?;
    let own: Vec<_> = rows.iter().filter(|row| row.value("name").eq_ignore_ascii_case(name)).collect();
    match own[..] {
        [] => Ok(None),
        [one] => Ok(Some(one.value("sys_id").to_owned())),
        _ => Err(Error::validation(format!("several groups are called `{name}`")).with_hint("Name one by its sys_id.")),
    }
}

/// Finds the id of another record.
pub(super) async fn record(snow: &ServiceNow, key: Key<'_>) -> Result<String> {
    let response = read::main(snow, key, false).await?;
    let answer: Answer<'_> = response.decode()?;
    Ok(read::only(&answer, &response, key)?.value("sys_id").to_owned())
}

/// Returns the table that a project or a type means: by its name, its label, or what its records are.
pub(super) fn table(word: &str) -> Result<String> {
    let level = TypeLevel::from_word(word);
    let known = TYPES.iter().find(|(table, label, _)| *table == word || label.eq_ignore_ascii_case(word));
    let known = known.or_else(|| TYPES.iter().find(|(.., own)| !level.is_unknown() && *own == level));
    match known {
        Some((table, ..)) => Ok((*table).to_owned()),
        None if is_table(word) => Ok(word.to_owned()),
        None => Err(Error::new(ErrorKind::Validation, format!("`{word}` is not the name of a table"))
            .with_hint("Write it as in the address of a list, such as `change_request`.")),
    }
}

/// Returns the tables that lists go through where none is named.
pub(super) fn tables(snow: &ServiceNow) -> Result<Vec<String>> {
    let connection = snow.host.connection();
    if !connection.projects.is_empty() {
        return connection.projects.iter().map(|project| table(project)).collect();
    }
    Ok(vec![default_table(snow)?])
}

/// Returns the table of new tickets where none is named.
pub(super) fn default_table(snow: &ServiceNow) -> Result<String> {
    table(snow.host.connection().default_project.as_deref().unwrap_or(&snow.config.table))
}

/// Returns the ids of all people that a name can mean, from memory where it was asked before.
async fn ids(snow: &ServiceNow, name: &str) -> Result<Vec<String>> {
    if is_sys_id(name) {
        return Ok(vec![name.to_owned()]);
    }
    let known = || snow.people.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ids) = known().get(name) {
        return Ok(ids.clone());
    }
    let response = if name == ME { myself(snow).await? } else { rows_of_people(snow, name).await? };
    let Answer { result: Found(rows) } = response.decode()?;
    let is_meant = |row: &&Record<'_>| {
        name == ME || ["user_name", "email", "name"].iter().any(|column| row.value(column).eq_ignore_ascii_case(name))
    };
    let ids: Vec<String> = rows.iter().filter(is_meant).map(|row| row.value("sys_id").to_owned()).collect();
    if ids.is_empty() {
        return Err(unknown_person(name));
    }
    known().insert(name.to_owned(), ids.clone());
    Ok(ids)
}

async fn rows_of_people(snow: &ServiceNow, name: &str) -> Result<Response> {
    let query = query::any_is(&["user_name", "email", "name"], name)?;
    snow.send(snow.rows("sys_user", query, PEOPLE, FEW)?, &"the people").await
}

fn unknown_person(name: &str) -> Error {
    Error::not_found(format_args!("a person called `{name}`"))
        .with_hint("Name people by what they sign in with, their mail address, their full name or their sys_id.")
}

fn unknown_choice<'a>(column: &str, word: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let known = known.collect::<Vec<_>>().join(", ");
    Error::validation(format!("`{word}` is no choice of `{column}`")).with_hint(format!("There are: {known}."))
}
