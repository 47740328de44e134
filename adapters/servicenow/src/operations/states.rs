//! Which values of `state` the words of a filter can stand for, as the choices of each table say.
//!
//! A filter by these values loses nothing: every language counts, and choices that are inactive, since records keep them.
//! Where that cannot be said of a word, the table is not narrowed, and the host compares the labels alone.

use std::{collections::BTreeMap, sync::PoisonError, time::Duration};

use usher_adapter_sdk::{Result, model::Time};

use super::{lookup::MOST_CHOICES, read::unless_refused};
use crate::{
    ServiceNow,
    api::{Answer, Found, Record},
    config::BASE_TABLE,
    mapping::STATES,
    query::{self, Encoded},
};

/// How long an answer is believed: a list asks for it with every page.
const MEMORY: Duration = Duration::from_secs(60);

/// What the choices said when they were asked last, and of which tables.
#[derive(Debug)]
pub(crate) struct Remembered {
    at: Time,
    tables: Vec<String>,
    states: Vec<State>,
}

/// One value of `state`, as a table calls it in some language.
#[derive(Debug, Clone)]
struct State {
    table: String,
    value: String,
    label: String,
}

/// The values that a filter's words can stand for, by table; of tables that are not in it nobody can say.
pub(super) type Values = BTreeMap<String, Vec<String>>;

/// Says whether a word is a value itself.
pub(super) fn is_value(word: &str) -> bool {
    word.parse::<i32>().is_ok()
}

/// Finds the values that words can stand for. Nothing is asked where all are values already.
pub(super) async fn values(snow: &ServiceNow, tables: &[String], words: &[String]) -> Result<Values> {
    if words.iter().all(|word| is_value(word)) {
        return Ok(Values::new());
    }
    // Only of these it is known that a record of the table has the states of the table.
    let is_known = |table: &&String| STATES.iter().any(|(known, ..)| *known == table.as_str());
    let tables: Vec<String> = tables.iter().filter(is_known).cloned().collect();
    if tables.is_empty() {
        return Ok(Values::new());
    }
    let states = states(snow, &tables).await?;
    let of = |table: &String| Some((table.clone(), meant(&states, table, words)?));
    Ok(tables.iter().filter_map(of).collect())
}

/// Returns the values of a table for these words, if there are some for each.
fn meant(states: &[State], table: &str, words: &[String]) -> Option<Vec<String>> {
    let own: Vec<&State> = states.iter().filter(|state| state.table == table || state.table == BASE_TABLE).collect();
    let mut values = Vec::new();
    for word in words {
        let fitting = own.iter().filter(|state| state.value == *word || is_same(&state.label, word));
        let mut fitting: Vec<String> = fitting.map(|state| state.value.clone()).collect();
        if fitting.is_empty() && is_value(word) {
            fitting.push(word.clone());
        }
        if fitting.is_empty() || !fitting.iter().all(|value| is_value(value)) {
            return None;
        }
        values.append(&mut fitting);
    }
    values.sort_unstable();
    values.dedup();
    Some(values)
}

/// Compares as the host does, which looks at the records in the end.
fn is_same(label: &str, word: &str) -> bool {
    label.trim().to_lowercase() == word.trim().to_lowercase()
}

/// Returns the states of tables, from memory where they were asked for a moment ago; none if they may not be read.
async fn states(snow: &ServiceNow, tables: &[String]) -> Result<Vec<State>> {
    let remembered = || snow.states.lock().unwrap_or_else(PoisonError::into_inner);
    let now = snow.host.now();
    if let Some(known) = remembered().as_ref().filter(|known| known.tables == tables && known.at.until(now) < MEMORY) {
        return Ok(known.states.clone());
    }
    let names: Vec<&str> = tables.iter().map(String::as_str).chain([BASE_TABLE]).collect();
    let query = Encoded::default().and(query::is_in("name", &names, false)?).and("element=state");
    let query = query.ordered("sys_id", false).into_text();
    let request = snow.rows("sys_choice", query, "name,element,value,label", MOST_CHOICES)?;
    let mut states = Vec::new();
    if let Some(response) = unless_refused(snow, "the states", snow.send(request, &"the states").await)? {
        let Answer { result: Found(rows) } = response.decode()?;
        // Of a list that was cut nobody knows what it lacks.
        let is_whole = (rows.len() as u64) < MOST_CHOICES;
        let is_state = |row: &&Record<'_>| row.value("element") == "state" && names.contains(&row.value("name"));
        states = rows.iter().filter(|row| is_whole && is_state(row)).map(state).collect();
    }
    *remembered() = Some(Remembered { at: now, tables: tables.to_vec(), states: states.clone() });
    Ok(states)
}

fn state(row: &Record<'_>) -> State {
    let text = |column: &str| row.value(column).to_owned();
    State { table: text("name"), value: text("value"), label: text("label") }
}
