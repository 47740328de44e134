//! What an item has in a column: the same for all types, and what each type has beside.

use serde_json::{Value, json};

use super::{Field, Node, View, leaf};
use crate::servers::monday::state::{Column, State};

/// Types of columns and of their values, sorted.
const TYPES: &[(&str, &str)] = &[
    ("board_relation", "BoardRelationValue"),
    ("checkbox", "CheckboxValue"),
    ("date", "DateValue"),
    ("dependency", "DependencyValue"),
    ("dropdown", "DropdownValue"),
    ("file", "FileValue"),
    ("formula", "FormulaValue"),
    ("link", "LinkValue"),
    ("long_text", "LongTextValue"),
    ("mirror", "MirrorValue"),
    ("numbers", "NumbersValue"),
    ("people", "PeopleValue"),
    ("status", "StatusValue"),
    ("subtasks", "SubtasksValue"),
    ("tags", "TagsValue"),
    ("text", "TextValue"),
];

/// Returns the name of the type that a column's values have.
pub(super) fn type_name(kind: &str) -> &'static str {
    let place = TYPES.binary_search_by_key(&kind, |(known, _)| *known);
    TYPES[place.unwrap_or_else(|_| panic!("the fake has no columns of the type {kind}"))].1
}

impl View<'_> {
    pub(super) fn value(&self, item: usize, column: usize, name: &str) -> Option<Field> {
        let state = self.state;
        let board = state.items[item].board;
        let own = self.column_of(item, column);
        let value = state.items[item].values.get(&own.id).unwrap_or(&Value::Null);
        Some(match name {
            "column" => Field::One(Some(Node::Column(board, column))),
            "id" => leaf(own.id.as_str()),
            "is_leaf" => leaf(self.subitems_of(item).next().is_none()),
            "text" => leaf(text(state, own, value)),
            "type" => leaf(own.kind),
            // The value's own JSON comes as a text.
            "value" => leaf((!value.is_null()).then(|| value.to_string())),
            name => match own.kind {
                "board_relation" | "dependency" => self.linked(value, name)?,
                "checkbox" if name == "checked" => leaf(value["checked"] == "true"),
                "date" if matches!(name, "date" | "time") => leaf(value[name].as_str().unwrap_or_default()),
                "dropdown" if name == "values" => {
                    let chosen = labels(own, value).map(|label| {
                        vec![("id", leaf(label["id"].to_string())), ("label", leaf(label["label"].clone()))]
                    });
                    Field::Plains(chosen.collect())
                }
                "formula" | "mirror" if name == "display_value" => leaf(value["display"].as_str().unwrap_or_default()),
                "link" if name == "url" => leaf(value["url"].clone()),
                "link" if name == "url_text" => leaf(value["text"].clone()),
                "numbers" if name == "number" => leaf(value.as_str().and_then(|text| text.parse::<f64>().ok())),
                "numbers" if name == "symbol" => leaf(own.settings["unit"].clone()),
                "people" if name == "persons_and_teams" => {
                    let people = people(value)
                        .map(|one| vec![("id", leaf(one["id"].to_string())), ("kind", leaf(one["kind"].clone()))]);
                    Field::Plains(people.collect())
                }
                "status" => status(own, value, name)?,
                "subtasks" if name == "subitems" => Field::Many(self.subitems_of(item).map(Node::Item).collect()),
                "tags" if name == "tags" => Field::Many(tags(state, value).map(Node::Tag).collect()),
                "tags" if name == "tag_ids" => leaf(value["tag_ids"].as_array().cloned().unwrap_or_default()),
                _ => return None,
            },
        })
    }

    fn linked(&self, value: &Value, name: &str) -> Option<Field> {
        let ids = || value["item_ids"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let found = || ids().filter_map(|id| self.state.find_item(id));
        Some(match name {
            "display_value" => {
                let names: Vec<_> = found().map(|item| self.state.items[item].name.as_str()).collect();
                leaf(names.join(", "))
            }
            "linked_item_ids" => leaf(ids().map(Value::from).collect::<Vec<_>>()),
            "linked_items" => Field::Many(found().map(Node::Item).collect()),
            _ => return None,
        })
    }
}

/// Returns what people read in a column. Some columns have nothing to read, and some nothing where they are empty.
fn text(state: &State, column: &Column, value: &Value) -> Value {
    let text = |text: &Value| text.as_str().unwrap_or_default().to_owned();
    let empty = value.is_null();
    match column.kind {
        "board_relation" | "dependency" | "mirror" => Value::Null,
        "status" | "dropdown" if empty => Value::Null,
        "checkbox" => json!(if value["checked"] == "true" { "v" } else { "" }),
        "date" => {
            let day = text(&value["date"]);
            let time = value["time"].as_str().and_then(|time| time.get(..5));
            json!(time.map_or(day.clone(), |time| format!("{day} {time}")))
        }
        "dropdown" => json!(labels(column, value).map(|label| text(&label["label"])).collect::<Vec<_>>().join(", ")),
        "file" => json!(text(&value["text"])),
        "formula" | "subtasks" => json!(""),
        "link" if empty => json!(""),
        "link" => json!(format!("{} - {}", text(&value["text"]), text(&value["url"]))),
        "long_text" => json!(text(&value["text"])),
        "people" => json!(people(value).map(|one| person(state, one)).collect::<Vec<_>>().join(", ")),
        "status" => status_label(column, value).map_or(Value::Null, |label| label["label"].clone()),
        "tags" => {
            let names = tags(state, value).map(|tag| state.tags[tag].name.as_str());
            json!(names.collect::<Vec<_>>().join(", "))
        }
        _ => json!(text(value)),
    }
}

fn status(column: &Column, value: &Value, name: &str) -> Option<Field> {
    let label = status_label(column, value);
    Some(match name {
        "index" => leaf(label.map(|label| label["id"].clone())),
        "is_done" => leaf(label.is_some_and(|label| label["is_done"] == true)),
        "label" => leaf(label.map(|label| label["label"].clone())),
        "update_id" => leaf(Value::Null),
        _ => return None,
    })
}

fn status_label<'a>(column: &'a Column, value: &Value) -> Option<&'a Value> {
    column.label(value["index"].as_i64()?)
}

fn labels<'a>(column: &'a Column, value: &'a Value) -> impl Iterator<Item = &'a Value> {
    value["ids"].as_array().into_iter().flatten().filter_map(|id| column.label(id.as_i64()?))
}

fn people(value: &Value) -> impl Iterator<Item = &Value> {
    value["personsAndTeams"].as_array().into_iter().flatten()
}

fn person(state: &State, one: &Value) -> String {
    let id = one["id"].to_string();
    let user = state.users.iter().find(|user| user.id == id && one["kind"] == "person").map(|user| &user.name);
    let team = || state.teams.iter().find(|team| team.id == id).map(|team| &team.name);
    user.or_else(team).cloned().unwrap_or_default()
}

fn tags<'a>(state: &'a State, value: &'a Value) -> impl Iterator<Item = usize> {
    let ids = value["tag_ids"].as_array().into_iter().flatten();
    ids.map(Value::to_string).filter_map(|id| state.tags.iter().position(|tag| tag.id == id))
}
