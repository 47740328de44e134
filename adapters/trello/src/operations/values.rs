//! Values of custom fields as Trello takes them, and of the two fields that are a card's own.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, Result,
    message::{Clearable, FieldName},
    model::{Due, Json, Time},
};

use super::lookup::listed;
use crate::{
    api,
    boards::same,
    mapping::{POSITION, START},
};

/// What becomes of the fields that somebody asks for.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Requests of their own, a field each.
    pub items: Vec<Item>,
    /// When work begins.
    pub start: Clearable<String>,
    /// Where on its list the card shall be: a number, `top` or `bottom`.
    pub position: Option<Value>,
    /// Names under which the two were asked for.
    names: BTreeMap<&'static str, FieldName>,
}

/// A custom field and the body of the request that sets it.
#[derive(Debug)]
pub(super) struct Item {
    pub name: FieldName,
    pub id: String,
    pub body: Value,
}

/// A value as people write it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Plain {
    Boolean(bool),
    Number(f64),
    Text(String),
    Named { id: Option<String>, name: Option<String> },
}

impl Values {
    /// Finds the fields; an unknown one, or a value that does not fit, is an error that says what does.
    pub(super) fn of<'a>(
        board: &api::Board,
        fields: impl IntoIterator<Item = (&'a String, Clearable<&'a Json>)>,
    ) -> Result<Self> {
        let mut values = Self::default();
        for (name, asked) in fields {
            let field_name = FieldName::custom(name);
            match (name.as_str(), asked) {
                (_, Clearable::Keep) => {}
                (START, asked) => {
                    values.start = match asked {
                        Clearable::Set(value) => Clearable::Set(instant(name, &plain(name, value)?)?),
                        _ => Clearable::Clear,
                    };
                    values.names.insert(START, field_name);
                }
                (POSITION, Clearable::Set(value)) => {
                    values.position = Some(position(&plain(name, value)?)?);
                    values.names.insert(POSITION, field_name);
                }
                (POSITION, _) => {
                    return Err(wrong(POSITION, "a card is always somewhere: `top`, `bottom` or a number"));
                }
                (_, asked) => {
                    let field = field(board, name)?;
                    let body = match asked {
                        Clearable::Set(value) => body(field, name, &plain(name, value)?)?,
                        _ => json!({ "value": "", "idValue": "" }),
                    };
                    values.items.push(Item { name: field_name, id: field.id.clone(), body });
                }
            }
        }
        Ok(values)
    }

    /// Returns what became of the card's own fields: a reason against each that is not as it was asked to be.
    pub(super) fn of_card(&self, card: &api::Card<'_>) -> Vec<(FieldName, Option<String>)> {
        let start = match &self.start {
            Clearable::Keep => true,
            Clearable::Clear => card.start.is_none(),
            Clearable::Set(asked) => Time::parse(asked).ok() == card.start,
        };
        let position = self.position.as_ref().and_then(Value::as_f64).is_none_or(|asked| card.pos == Some(asked));
        let reason = |name: &str| match name {
            START if !start => Some("Trello kept another start".to_owned()),
            POSITION if !position => Some("Trello put the card elsewhere".to_owned()),
            _ => None,
        };
        self.names.iter().map(|(name, field)| (field.clone(), reason(name))).collect()
    }
}

impl Item {
    /// Returns why a card does not have the value, if it does not.
    pub(super) fn missing(&self, card: &api::Card<'_>) -> Option<String> {
        let own = card.custom_field_items.iter().flatten().find(|item| *item.id_custom_field == *self.id);
        let choice = own.and_then(|item| item.id_value.as_deref()).unwrap_or_default();
        let value = own.and_then(|item| item.value.as_ref());
        let is_there = match (self.body["idValue"].as_str(), &self.body["value"]) {
            // Emptied: no value is left.
            (_, Value::String(_)) => value.is_none() && choice.is_empty(),
            (Some(asked), _) => choice == asked,
            (None, Value::Object(asked)) => asked.iter().all(|(kind, asked)| {
                let own = value.and_then(|value| match kind.as_str() {
                    "text" => value.text.as_deref(),
                    "number" => value.number.as_deref(),
                    "checked" => value.checked.as_deref(),
                    _ => value.date.as_deref(),
                });
                let (own, asked) = (own.unwrap_or_default(), asked.as_str().unwrap_or_default());
                let same_number = || own.parse::<f64>().is_ok_and(|own| asked.parse() == Ok(own));
                let same_time = || Time::parse(own).is_ok_and(|own| Time::parse(asked) == Ok(own));
                own == asked || kind == "number" && same_number() || kind == "date" && same_time()
            }),
            _ => false,
        };
        (!is_there).then(|| "Trello kept another value".to_owned())
    }
}

fn field<'a>(board: &'a api::Board, name: &str) -> Result<&'a api::CustomField> {
    let is_meant =
        |field: &&api::CustomField| field.id == name || field.name.as_deref().is_some_and(|own| same(own, name));
    let found: Vec<&api::CustomField> = board.custom_fields.iter().filter(is_meant).collect();
    if let [field] = found[..] {
        return Ok(field);
    }
    let known: Vec<&str> = board.custom_fields.iter().filter_map(|field| field.name.as_deref()).collect();
    let known: Vec<&str> = known.into_iter().chain([START, POSITION]).collect();
    Err(Error::validation(format!("`{name}` is no custom field of the board, or the name of several"))
        .with_field(format!("fields.{name}"), format!("can be: {}", listed(&known))))
}

fn body(field: &api::CustomField, name: &str, value: &Plain) -> Result<Value> {
    let value = match (field.kind.as_deref(), value) {
        (Some("text"), Plain::Text(text)) => json!({ "text": text }),
        (Some("number"), Plain::Number(number)) => json!({ "number": number.to_string() }),
        (Some("number"), Plain::Text(text)) if text.trim().parse::<f64>().is_ok() => json!({ "number": text.trim() }),
        (Some("number"), _) => return Err(wrong(name, "takes a number")),
        (Some("checkbox"), Plain::Boolean(checked)) => json!({ "checked": checked.to_string() }),
        (Some("checkbox"), Plain::Text(text)) if text.parse::<bool>().is_ok() => json!({ "checked": text }),
        (Some("checkbox"), _) => return Err(wrong(name, "takes `true` or `false`")),
        (Some("date"), value) => json!({ "date": instant(name, value)? }),
        (Some("list"), value) => return choice(field, name, value).map(|id| json!({ "idValue": id })),
        (Some("text"), _) => return Err(wrong(name, "takes a text")),
        (kind, _) => {
            let kind = kind.unwrap_or("unknown");
            return Err(wrong(name, &format!("is of the type `{kind}`, which this adapter does not write")));
        }
    };
    Ok(json!({ "value": value }))
}

fn choice(field: &api::CustomField, name: &str, value: &Plain) -> Result<String> {
    let (id, text) = match value {
        Plain::Text(text) => (Some(text), Some(text)),
        Plain::Named { id, name } => (id.as_ref(), name.as_ref()),
        _ => (None, None),
    };
    let called = |option: &&api::FieldChoice| {
        let own = option.value.text.as_deref().unwrap_or_default();
        id == Some(&option.id) || text.is_some_and(|text| same(own, text))
    };
    let known: Vec<&str> = field.options.iter().filter_map(|option| option.value.text.as_deref()).collect();
    let found = field.options.iter().find(called).map(|option| option.id.clone());
    found.ok_or_else(|| wrong(name, &format!("can be: {}", listed(&known))))
}

fn instant(name: &str, value: &Plain) -> Result<String> {
    let Plain::Text(text) = value else { return Err(wrong(name, "takes a date, as in `2026-11-27`")) };
    let due = Due::parse(text).map_err(|_| wrong(name, "takes a date, as in `2026-11-27`"))?;
    Ok(time_of(&due))
}

/// Returns a day as Trello has it: the first instant of it. Trello keeps points in time, and no days.
pub(super) fn time_of(due: &Due) -> String {
    match due {
        Due::Time(time) => time.to_string(),
        day => format!("{day}T00:00:00Z"),
    }
}

fn position(value: &Plain) -> Result<Value> {
    match value {
        Plain::Number(number) if *number > 0.0 => Ok(json!(number)),
        Plain::Text(text) if matches!(text.as_str(), "top" | "bottom") => Ok(json!(text)),
        Plain::Text(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() && number > 0.0 => Ok(json!(number)),
            _ => Err(wrong(POSITION, "takes `top`, `bottom` or a number")),
        },
        _ => Err(wrong(POSITION, "takes `top`, `bottom` or a number")),
    }
}

fn plain(name: &str, value: &Json) -> Result<Plain> {
    value.decode().map_err(|_| wrong(name, "takes one value"))
}

fn wrong(name: &str, what: &str) -> Error {
    Error::validation(format!("the value of `{name}` does not fit")).with_field(format!("fields.{name}"), what)
}
