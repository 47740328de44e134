//! What writes put into columns: each type takes a form of its own, and refuses every other.
//!
//! <https://developer.monday.com/api-reference/reference/column-types-reference>

use jiff::civil::{Date, Time};
use serde_json::{Map, Value, json};

use super::{
    reply::{Refusal, Trouble},
    state::{Column, State},
};

/// The values of a write, which come as JSON in a text.
pub(super) fn read(values: &Value) -> Result<Map<String, Value>, Refusal> {
    let Some(text) = values.as_str() else { return Ok(Map::new()) };
    let wrong = || Refusal::new("JsonParseException", "We were unable to parse the JSON of column_values");
    serde_json::from_str(text).map_err(|_| wrong())
}

/// Puts values into the columns of an item; the name is one of them where an item is there already.
pub(super) fn write(state: &mut State, item: usize, values: Map<String, Value>) -> Result<(), Trouble> {
    let board = state.items[item].board;
    let mut changed = state.items[item].clone();
    for (id, value) in values {
        let column = state.boards[board].column(&id).ok_or_else(|| Refusal::no_column(&id))?;
        if column.kind == "name" {
            changed.name = name(&value)?;
            continue;
        }
        match kept(state, column, &value)? {
            None => changed.values.remove(&id),
            Some(value) => changed.values.insert(id, value),
        };
    }
    state.items[item] = changed;
    Ok(())
}

/// Reads a name.
pub(super) fn name(value: &Value) -> Result<String, Refusal> {
    let name = value.as_str().map(str::trim).unwrap_or_default();
    match name.chars().count() {
        0 => Err(Refusal::argument("item_name must not be empty")),
        1..=255 => Ok(name.to_owned()),
        _ => Err(Refusal::new("ItemNameIsTooLongException", "The item name has more than 255 characters")),
    }
}

/// Returns what a column keeps of a value; nothing where it is cleared.
fn kept(state: &State, column: &Column, value: &Value) -> Result<Option<Value>, Trouble> {
    let wrong = |why: &str| Refusal::value(&column.id, why);
    if value.is_null() || value.as_str() == Some("") || value.as_object().is_some_and(Map::is_empty) {
        return Ok(None);
    }
    let kept = match column.kind {
        "board_relation" | "dependency" => items(state, value).ok_or_else(|| wrong("it names no items"))?,
        "checkbox" if value["checked"] == "true" => json!({ "checked": "true" }),
        "date" => date(value).ok_or_else(|| wrong("it is no date"))?,
        "dropdown" => labels(column, value).ok_or_else(|| wrong("this label is not one of the column's"))?,
        "link" if value["url"].is_string() && value["text"].is_string() => value.clone(),
        "long_text" if value["text"].is_string() => json!({ "text": value["text"] }),
        "numbers" => number(value).ok_or_else(|| wrong("it is no number"))?,
        "people" => people(state, value).ok_or_else(|| wrong("it names nobody"))?,
        "status" => label(column, value).ok_or_else(|| wrong("this status label doesn't exist"))?,
        "tags" => tags(state, value).ok_or_else(|| wrong("it names no tags"))?,
        "text" if value.is_string() => value.clone(),
        _ => return Err(wrong("the column does not take it").into()),
    };
    Ok(Some(kept))
}

/// A label is named by its number, or by its text: then the first counts that has it.
fn label(column: &Column, value: &Value) -> Option<Value> {
    let found = match value.get("index") {
        Some(index) => column.label(index.as_i64()?)?,
        None => column.labels().iter().find(|label| label["label"] == value["label"])?,
    };
    (found["is_deactivated"] != true).then(|| json!({ "index": found["id"] }))
}

fn labels(column: &Column, value: &Value) -> Option<Value> {
    let ids = value["ids"].as_array()?.iter();
    let ids: Option<Vec<Value>> = ids.map(|id| column.label(id.as_i64()?).map(|label| label["id"].clone())).collect();
    Some(json!({ "ids": ids? }))
}

fn people(state: &State, value: &Value) -> Option<Value> {
    let is_known = |one: &Value| {
        let id = one["id"].to_string();
        match one["kind"].as_str() {
            Some("person") => state.users.iter().any(|user| user.id == id),
            Some("team") => state.teams.iter().any(|team| team.id == id),
            _ => false,
        }
    };
    let people = value["personsAndTeams"].as_array()?;
    people.iter().all(is_known).then(|| json!({ "personsAndTeams": people }))
}

fn tags(state: &State, value: &Value) -> Option<Value> {
    let ids = value["tag_ids"].as_array()?;
    let is_known = |id: String| state.tags.iter().any(|tag| tag.id == id);
    ids.iter().map(Value::to_string).all(is_known).then(|| json!({ "tag_ids": ids }))
}

fn items(state: &State, value: &Value) -> Option<Value> {
    let ids = value["item_ids"].as_array()?;
    let is_known = |id: &Value| id.as_str().is_some_and(|id| state.find_item(id).is_some());
    ids.iter().all(is_known).then(|| json!({ "item_ids": ids }))
}

fn date(value: &Value) -> Option<Value> {
    let day: Date = value["date"].as_str().filter(|day| day.len() == 10)?.parse().ok()?;
    let Some(time) = value["time"].as_str() else { return Some(json!({ "date": day.to_string() })) };
    let time: Time = time.parse().ok()?;
    Some(json!({ "date": day.to_string(), "time": time.to_string() }))
}

fn number(value: &Value) -> Option<Value> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| text.into())
}
