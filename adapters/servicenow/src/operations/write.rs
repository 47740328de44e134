//! What is written into columns, and what became of each.
//!
//! ServiceNow passes over a column that it does not have or that may not be written, and answers with a success. So what is
//! claimed is compared with the record of the answer.

use std::collections::BTreeMap;

use serde_json::Value;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Request, Response},
    message::{FieldName, Report},
    model::{Due, Json},
};

use super::{lookup, read};
use crate::{
    ServiceNow,
    api::{Answer, Record},
    key::is_table,
    mapping::{JOURNAL, PRIORITIES, impact_and_urgency},
};

/// The columns to write, and what is to be seen in the answer.
#[derive(Debug, Default)]
pub(super) struct Write {
    body: BTreeMap<String, String>,
    checks: Vec<(FieldName, String, String)>,
}

impl Write {
    /// Says whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// Returns what is written into a column.
    pub(super) fn value(&self, column: &str) -> Option<&str> {
        self.body.get(column).map(String::as_str)
    }

    /// Writes a column for a field.
    pub(super) fn set(&mut self, field: FieldName, column: &str, value: impl Into<String>) {
        let value = value.into();
        self.body.insert(column.to_owned(), value.clone());
        self.checks.push((field, column.to_owned(), value));
    }

    /// Writes a column that nobody asked for by itself.
    pub(super) fn add(&mut self, column: &str, value: impl Into<String>) {
        self.body.insert(column.to_owned(), value.into());
    }

    /// Writes a priority: of a table that calculates it, what it is calculated from.
    pub(super) fn priority(&mut self, table: &str, value: &str) {
        match impact_and_urgency(table, value) {
            None => self.set(FieldName::Priority, "priority", value),
            Some((impact, urgency)) => {
                self.add("impact", impact);
                self.add("urgency", urgency);
                self.checks.push((FieldName::Priority, "priority".to_owned(), value.to_owned()));
            }
        }
    }

    /// Writes a column under its own name, or refuses it with a reason.
    pub(super) fn column(&mut self, report: &mut Report, column: &str, value: Option<&Json>) -> Result<()> {
        let field = FieldName::custom(column);
        if JOURNAL.contains(&column) || column == "comments_and_work_notes" {
            report.refuse(&field, "the journal is no field: write a note");
        } else if !is_table(column) {
            report.refuse(&field, "ServiceNow has no column of that name: they are written like `u_cost_center`");
        } else {
            self.set(field, column, value.map_or(Ok(String::new()), |value| text(column, value))?);
        }
        Ok(())
    }

    /// Sends the columns, and returns the answer, in which each of them is asked for by name.
    pub(super) async fn send(
        &self,
        snow: &ServiceNow,
        request: Request,
        about: &(dyn std::fmt::Display + Sync),
    ) -> Result<Response> {
        let known = read::columns(false);
        let is_known = |column: &&str| known.split(',').any(|own| own == *column);
        let others = self.checks.iter().map(|(_, column, _)| column.as_str()).filter(|column| !is_known(column));
        let columns = std::iter::once(known.as_str()).chain(others).collect::<Vec<_>>().join(",");
        snow.send(request.query("sysparm_fields", columns).json(&self.body)?, about).await
    }

    /// Says of every field whether the record shows it as it was written.
    pub(super) fn compare(&self, record: &Record<'_>, report: &mut Report) {
        let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
        for (field, column, value) in &self.checks {
            if let Some(reason) = difference(record, column, value) {
                wrong.entry(field.as_str()).or_insert(reason);
            }
        }
        for (field, ..) in &self.checks {
            report.settle(field, wrong.get(field.as_str()).cloned());
        }
    }
}

/// Returns the record that a write is answered with. Without one nobody can say what was written.
pub(super) fn written<'a, 'b>(answer: &'a Result<Answer<'b>>) -> Result<&'a Record<'b>> {
    let record = answer.as_ref().ok().and_then(|answer| answer.result.0.first());
    record.filter(|record| record.filled("sys_id").is_some()).ok_or_else(|| {
        Error::new(ErrorKind::OutcomeUnknown, "ServiceNow answers the write without the record")
            .with_hint("Look whether it was written before you repeat it.")
    })
}

/// Finds the value of a priority: by its number, its label, or one of our words.
pub(super) fn priority(choices: &[lookup::Choice], word: &str) -> Result<String> {
    let level = |(_, _, level, _): &&(&str, &str, usher_adapter_sdk::model::PriorityLevel, _)| level.as_str() == word;
    if let Some((value, ..)) = PRIORITIES.iter().find(level) {
        return Ok((*value).to_owned());
    }
    let delivered = PRIORITIES.iter().find(|(_, label, ..)| label.eq_ignore_ascii_case(word));
    match lookup::choice(choices, "priority", word) {
        Ok(value) if value != word || word.parse::<i32>().is_ok() => Ok(value),
        other => delivered.map(|(value, ..)| (*value).to_owned()).map_or_else(|| unknown_priority(other, word), Ok),
    }
}

/// Returns when something is due as a column has it, in UTC.
pub(super) fn due(due: &Due) -> Result<String> {
    let text = match due {
        Due::Date { .. } => Some(format!("{due} 00:00:00")),
        Due::Time(time) => crate::query::time(*time),
        _ => None,
    };
    text.ok_or_else(|| Error::validation(format!("`{due}` cannot be written as a time of ServiceNow's")))
}

fn unknown_priority(other: Result<String>, word: &str) -> Result<String> {
    other.and_then(|_| {
        let known = PRIORITIES.iter().map(|(_, label, ..)| *label).collect::<Vec<_>>().join(", ");
        Err(Error::validation(format!("`{word}` is no priority"))
            .with_hint(format!("As delivered there are: {known}.")))
    })
}

/// Returns a value as a column takes it, which is always as a text.
fn text(column: &str, value: &Json) -> Result<String> {
    match value.decode::<Value>()? {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Object(choice) if choice.get("id").is_some_and(Value::is_string) => {
            Ok(choice.get("id").and_then(Value::as_str).unwrap_or_default().to_owned())
        }
        plain @ (Value::Bool(_) | Value::Number(_)) => Ok(plain.to_string()),
        Value::Array(_) | Value::Object(_) => Err(Error::validation(format!("`{value:?}` is no value of a column"))
            .with_field(column, "takes a text, a number, `true` or `false`, or an object with `id`")),
    }
}

/// Returns how a column differs from what was written into it.
fn difference(record: &Record<'_>, column: &str, value: &str) -> Option<String> {
    let Some(field) = record.field(column) else {
        return Some(format!(
            "ServiceNow does not show `{column}`: the table has no such column, or the account may not read it"
        ));
    };
    let is_kept =
        is_same(&field.value, value) || field.display.as_deref().is_some_and(|display| is_same(display, value));
    match (is_kept, field.value.is_empty()) {
        (true, _) => None,
        (false, true) => {
            Some(format!("`{column}` is empty after writing: an access rule or a business rule keeps it so"))
        }
        (false, false) => Some(format!("`{column}` is `{}` after writing", field.label())),
    }
}

fn is_same(kept: &str, written: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let zone = |text: &str| text.replace('T', " ").trim_end_matches('Z').to_owned();
    kept == written
        || plain(kept) == plain(written)
        || (crate::mapping::utc(kept).is_some() && zone(kept) == zone(written))
        || (kept.len() == 10 && written.strip_suffix(" 00:00:00") == Some(kept))
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::decode;

    use super::*;

    #[test]
    fn what_is_not_in_the_answer_was_not_written() {
        let record: Record<'_> = decode::json(
            br#"{"a":"x","b":"","c":{"value":"1","display_value":"One"},"d":"line\r\nend","e":"2026-01-02 00:00:00"}"#,
        )
        .unwrap();
        for (column, value) in
            [("a", "x"), ("b", ""), ("c", "1"), ("c", "One"), ("d", "line\nend\n"), ("e", "2026-01-02T00:00:00Z")]
        {
            assert_eq!(difference(&record, column, value), None, "{column}");
        }
        for (column, value, word) in
            [("z", "x", "does not show"), ("b", "x", "is empty"), ("a", "y", "is `x`"), ("c", "2", "is `One`")]
        {
            assert!(difference(&record, column, value).unwrap().contains(word), "{column}");
        }
    }

    #[test]
    fn values_become_texts_and_lists_are_refused() {
        for (json, expected) in
            [(r#""a""#, "a"), ("7", "7"), ("true", "true"), ("null", ""), (r#"{"id":"b0","name":"x"}"#, "b0")]
        {
            assert_eq!(text("u_x", &Json::parse(json).unwrap()).unwrap(), expected);
        }
        for json in ["[1]", "{}", r#"{"id":1}"#] {
            assert_eq!(text("u_x", &Json::parse(json).unwrap()).unwrap_err().kind(), ErrorKind::Validation, "{json}");
        }
    }

    #[test]
    fn a_priority_is_found_by_number_label_and_our_words() {
        for (word, expected) in [("1", "1"), ("critical", "1"), ("urgent", "1"), ("Moderate", "3"), ("lowest", "5")] {
            assert_eq!(priority(&[], word).unwrap(), expected, "{word}");
        }
        assert!(priority(&[], "soon").is_err());
    }
}
