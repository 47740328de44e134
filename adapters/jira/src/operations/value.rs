//! Values as Jira's fields take them.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, Result,
    model::{Due, FieldType, Json, Time},
};

use super::{people, screen::Field};
use crate::{Jira, mapping::Body, site::Edition};

/// Returns what a field is given for a value that was asked for; one that it cannot take is an error that says what it can.
/// The kinds of what a text loses are added to `lost`.
pub(super) async fn of(jira: &Jira, field: &Field, asked: &Json, lost: &mut Vec<&'static str>) -> Result<Value> {
    let asked: Value = asked.decode()?;
    if field.kind != "array" {
        return one(jira, field, &field.kind, asked, lost).await;
    }
    let items = match asked {
        Value::Null => return Ok(json!([])),
        Value::Array(items) => items,
        single => vec![single],
    };
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        values.push(one(jira, field, &field.items, item, lost).await?);
    }
    Ok(Value::Array(values))
}

/// Returns somebody as Jira takes people.
pub(super) async fn person(jira: &Jira, name: &str) -> Result<Value> {
    let id = people::id_of(jira, name).await?;
    Ok(match jira.edition().await? {
        Edition::Cloud => json!({ "accountId": id }),
        Edition::DataCenter => json!({ "name": id }),
    })
}

/// Returns a choice of a field, by its id where there is one.
pub(super) fn choice(field: &Field, name: &str, text: &str) -> Result<Value> {
    let choice = field.choice(text).ok_or_else(|| field.no_choice(name, text))?;
    Ok(match &choice.id {
        Some(id) => json!({ "id": id }),
        None => json!({ "value": choice.name }),
    })
}

/// Returns a time as Jira writes them.
fn time(time: Time) -> Result<String> {
    // Without a colon in the offset, and always with milliseconds.
    let text = Time::from_unix_millis(time.unix_millis()).unwrap_or(time).to_string();
    let text = text.trim_end_matches('Z');
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    Ok(format!("{seconds}.{fraction:0<3}+0000"))
}

async fn one(jira: &Jira, field: &Field, kind: &str, asked: Value, lost: &mut Vec<&'static str>) -> Result<Value> {
    let name = &field.name;
    let text = match &asked {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let wrong = |expected: &str| Error::validation(format!("`{asked}` does not fit {name}")).with_field(name, expected);
    match (kind, text) {
        // Whoever writes an object, or nothing, writes what Jira takes.
        (_, None) if asked.is_object() || asked.is_null() => Ok(asked),
        ("user", Some(text)) => person(jira, &text).await,
        (
            "option" | "priority" | "resolution" | "version" | "component" | "issuetype" | "option-with-child",
            Some(text),
        ) => match field.allowed.is_some() {
            true => choice(field, name, &text),
            false if kind == "option" => Ok(json!({ "value": text })),
            false => Ok(json!({ "name": text })),
        },
        ("number", Some(text)) => {
            let number: Option<serde_json::Number> = text.trim().parse().ok();
            number.map(Value::Number).ok_or_else(|| wrong("is a number"))
        }
        ("date", Some(text)) => match Due::parse(&text) {
            Ok(Due::Date { .. }) => Ok(Value::String(text)),
            _ => Err(wrong("is a day like `2026-11-21`")),
        },
        ("datetime", Some(text)) => Ok(Value::String(time(Time::parse(&text)?)?)),
        ("string", Some(text)) if field.value_type == FieldType::RichText => {
            let written = Body::of_markdown(&text, jira.edition().await?)?;
            lost.extend(written.lost);
            serde_json::to_value(&written.text).map_err(|error| Error::validation(error.to_string()))
        }
        ("string", Some(text)) => Ok(Value::String(text)),
        ("string", None) => Err(wrong("is a text")),
        // A type that is not known takes what it is given: Jira itself says if it is wrong.
        _ => Ok(asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_jira_reads_it() {
        for (text, written) in [
            ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000+0000"),
            ("2026-01-02T03:04:05.7+02:00", "2026-01-02T01:04:05.700+0000"),
            ("2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.123+0000"),
        ] {
            assert_eq!(time(Time::parse(text).unwrap()).unwrap(), written);
        }
    }
}
