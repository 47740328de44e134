//! What a write sends for the columns of an item, and what has to be there afterwards.
//!
//! Each type of column takes its value in a form of its own:
//! <https://developer.monday.com/api-reference/reference/column-types-reference>

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use usher_adapter_plain_text::marks;
use usher_adapter_sdk::{
    Error, Result,
    message::{Altered, FieldName, Report},
    model::{Due, Estimate, Json, RichText, Time},
};

use super::{filter::is_named, options::is_writable, people::Somebody};
use crate::{
    api::{self, Column},
    mapping::{Columns, Label, Role, category, is, priority, same, type_level},
};

/// The values of columns, and for each field what its column must then hold.
#[derive(Debug, Default)]
pub(super) struct Values {
    json: Map<String, Value>,
    pub checks: Vec<(FieldName, Check)>,
}

/// What a column must hold after a write.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Check {
    /// The item's name.
    Name(String),
    /// The label of that number and name, or none.
    Label(String, Option<(i64, String)>),
    /// These people and nobody else.
    People(String, BTreeSet<String>),
    /// These labels and no other.
    Names(String, BTreeSet<String>),
    /// This text.
    Text(String, String),
    /// This day or time.
    Due(String, Option<Due>),
    /// This number.
    Number(String, Option<f64>),
    /// Something, or nothing.
    Filled(String, bool),
    /// The item's group.
    Group(String),
}

/// Where values are written to.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub columns: &'a Columns<'a, 'a>,
    pub tags: &'a [api::Named<'a>],
}

impl Values {
    /// Says whether nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        self.json.is_empty()
    }

    /// Returns the values as monday.com takes them: JSON in a string.
    pub(super) fn text(&self) -> String {
        Value::Object(self.json.clone()).to_string()
    }

    /// Sets the name, which is a column as well where an item is changed.
    pub(super) fn name(&mut self, name: &str) {
        self.json.insert("name".to_owned(), name.into());
        self.checks.push((FieldName::Title, Check::Name(name.to_owned())));
    }

    /// Sets or clears the label of a role: by name, by number, or by our word for it.
    pub(super) fn label(
        &mut self,
        target: Target<'_>,
        role: Role,
        field: FieldName,
        word: Option<&str>,
        report: &mut Report,
    ) -> Result<()> {
        let Some(column) = column(target, role, &field, report) else { return Ok(()) };
        let label = word.map(|word| label(target.columns.labels(&column.id), role, &field, word)).transpose()?;
        let value = label.map_or(Value::Null, |label| json!({ "index": label.id }));
        self.set(column, field, value, Check::Label(column.id.to_string(), label.map(numbered)));
        Ok(())
    }

    /// Sets the people of the column of assignees.
    pub(super) fn people(&mut self, target: Target<'_>, people: &[Somebody], report: &mut Report) {
        let Some(column) = column(target, Role::Assignee, &FieldName::Assignees, report) else { return };
        // The number of a person is one in these values, although it is a text everywhere else.
        let number = |id: &str| id.parse::<u64>().map_or_else(|_| json!(id), |id| json!(id));
        let people_json: Vec<Value> =
            people.iter().map(|one| json!({ "id": number(&one.id), "kind": one.kind })).collect();
        let value = if people.is_empty() { Value::Null } else { json!({ "personsAndTeams": people_json }) };
        let ids = people.iter().map(|one| one.id.clone()).collect();
        self.set(column, FieldName::Assignees, value, Check::People(column.id.to_string(), ids));
    }

    /// Sets the labels, which must be there already: nobody makes new ones by the way.
    pub(super) fn labels(&mut self, target: Target<'_>, names: &[String], report: &mut Report) -> Result<()> {
        let Some(column) = column(target, Role::Labels, &FieldName::Labels, report) else { return Ok(()) };
        let is_tags = is(column, &["tags"]);
        let mut ids = Vec::new();
        let mut own = BTreeSet::new();
        for name in names {
            let (id, name) = if is_tags { tag(target.tags, name)? } else { choice(target.columns, column, name)? };
            ids.push(id);
            own.insert(name);
        }
        let value = match (ids.is_empty(), is_tags) {
            (true, _) => Value::Null,
            (false, true) => json!({ "tag_ids": ids }),
            (false, false) => json!({ "ids": ids }),
        };
        self.set(column, FieldName::Labels, value, Check::Names(column.id.to_string(), own));
        Ok(())
    }

    /// Sets or clears the description.
    pub(super) fn body(&mut self, target: Target<'_>, body: Option<&RichText>, report: &mut Report) {
        let Some(column) = column(target, Role::Description, &FieldName::Body, report) else { return };
        let lost = body.map(marks).unwrap_or_default();
        report.alter(Altered::text(FieldName::Body, "monday.com's long text", &lost));
        let text = body.map(|body| body.markdown.clone()).filter(|text| !text.is_empty());
        let value = text.as_ref().map_or(Value::Null, |text| json!({ "text": text }));
        self.set(column, FieldName::Body, value, Check::Text(column.id.to_string(), text.unwrap_or_default()));
    }

    /// Sets or clears the due date; a time is written in UTC, as monday.com reads it.
    pub(super) fn due(&mut self, target: Target<'_>, due: Option<&Due>, report: &mut Report) {
        let Some(column) = column(target, Role::Due, &FieldName::Due, report) else { return };
        let value = due.map_or(Value::Null, date);
        let kept = due.map(|due| whole_seconds(*due));
        self.set(column, FieldName::Due, value, Check::Due(column.id.to_string(), kept));
    }

    /// Sets or clears the estimate; its unit is the column's.
    pub(super) fn estimate(&mut self, target: Target<'_>, estimate: Option<&Estimate>, report: &mut Report) {
        let Some(column) = column(target, Role::Estimate, &FieldName::Estimate, report) else { return };
        let number = estimate.map(|estimate| estimate.value);
        let value = number.map_or(Value::Null, |number| json!(number.to_string()));
        self.set(column, FieldName::Estimate, value, Check::Number(column.id.to_string(), number));
    }

    /// Sets or clears a column by its id or title.
    pub(super) fn custom(
        &mut self,
        target: Target<'_>,
        name: &str,
        value: Option<&Json>,
        report: &mut Report,
    ) -> Result<()> {
        let field = FieldName::custom(name);
        let Some(column) = target.columns.named(name) else {
            let known = target.columns.all().iter().map(|column| column.title.as_deref().unwrap_or(&column.id));
            let known = known.collect::<Vec<_>>().join(", ");
            return Err(Error::validation(format!("the board has no column `{name}`"))
                .with_field(format!("fields.{name}"), format!("can be: {known}")));
        };
        let kind = column.kind.as_deref().unwrap_or_default();
        if !is_writable(kind) || target.columns.role_of(&column.id).is_some() {
            let reason = if is_writable(kind) {
                "the ticket has a field of its own for this column"
            } else {
                "nobody can write this column"
            };
            report.refuse(&field, reason);
            return Ok(());
        }
        let value = value.map(|value| value.decode::<Value>()).transpose()?.unwrap_or_default();
        let (value, check) = formed(target.columns, column, &field, value)?;
        self.set(column, field, value, check);
        Ok(())
    }

    fn set(&mut self, column: &Column<'_>, field: FieldName, value: Value, check: Check) {
        self.json.insert(column.id.to_string(), value);
        self.checks.push((field, check));
    }
}

/// Returns the column of a role; where the board has none the field is refused, and the rest is written.
fn column<'a>(target: Target<'a>, role: Role, field: &FieldName, report: &mut Report) -> Option<&'a Column<'a>> {
    let column = target.columns.role(role);
    if column.is_none() {
        report.refuse(
            field,
            "the board has no such column; the option `columns` of the connection can name one that it has",
        );
    }
    column
}

/// Finds a label by its name or number, else the first one that our word stands for.
fn label<'a>(labels: &'a [Label], role: Role, field: &FieldName, word: &str) -> Result<&'a Label> {
    let active = || labels.iter().filter(|label| label.is_active && !label.name.trim().is_empty());
    let ours = |label: &&Label| match role {
        Role::Status => category(&label.name, label.is_done).as_str() == word,
        Role::Priority => priority(&label.name).as_str() == word,
        _ => type_level(&label.name).as_str() == word,
    };
    let found = active().find(|label| is_named(label, word));
    found.or_else(|| active().find(ours)).ok_or_else(|| {
        let known = active().map(|label| label.name.as_str()).collect::<Vec<_>>().join(", ");
        Error::validation(format!("the board has no label `{word}` for this"))
            .with_field(field.as_str(), format!("can be: {known}"))
    })
}

/// Returns number and name of a label: both are looked at afterwards, so that a number that means another is found out.
fn numbered(label: &Label) -> (i64, String) {
    (label.id, label.name.clone())
}

fn tag(tags: &[api::Named<'_>], name: &str) -> Result<(i64, String)> {
    let found = tags.iter().find(|tag| tag.name.as_deref().is_some_and(|own| same(own, name)) || *tag.id == *name);
    let known = found.and_then(|tag| Some((tag.id.parse().ok()?, tag.name.as_deref()?.to_owned())));
    known.ok_or_else(|| no_label(name, tags.iter().filter_map(|tag| tag.name.as_deref())))
}

fn choice(columns: &Columns<'_, '_>, column: &Column<'_>, name: &str) -> Result<(i64, String)> {
    let active = || columns.labels(&column.id).iter().filter(|label| label.is_active);
    let found = active().find(|label| is_named(label, name)).map(|label| (label.id, label.name.clone()));
    found.ok_or_else(|| no_label(name, active().map(|label| label.name.as_str())))
}

fn no_label<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    Error::validation(format!("there is no label `{name}`"))
        .with_field("labels", format!("can be: {}", known.collect::<Vec<_>>().join(", ")))
}

fn date(due: &Due) -> Value {
    match due {
        Due::Time(time) => {
            let text = Due::Time(*time).to_string();
            let (day, time) = text.split_once('T').unwrap_or((&text, "00:00:00Z"));
            json!({ "date": day, "time": time.get(..8).unwrap_or("00:00:00") })
        }
        day => json!({ "date": day.to_string() }),
    }
}

/// Columns of dates know no parts of a second.
fn whole_seconds(due: Due) -> Due {
    match due {
        Due::Time(time) => Time::from_unix_seconds(time.unix_seconds()).map_or(due, Due::Time),
        day => day,
    }
}

/// Returns a value in the form that the column takes; an object or a list is taken to be in that form already.
fn formed(columns: &Columns<'_, '_>, column: &Column<'_>, field: &FieldName, value: Value) -> Result<(Value, Check)> {
    let id = column.id.to_string();
    let filled = Check::Filled(id.clone(), true);
    Ok(match (column.kind.as_deref().unwrap_or_default(), value) {
        (_, Value::Null) => (Value::Null, Check::Filled(id, false)),
        ("status", Value::String(word)) => {
            let label = label(columns.labels(&column.id), Role::Status, field, &word)?;
            (json!({ "index": label.id }), Check::Label(id, Some(numbered(label))))
        }
        ("dropdown", Value::String(name)) => {
            let (label, name) = choice(columns, column, &name)?;
            (json!({ "ids": [label] }), Check::Names(id, BTreeSet::from([name])))
        }
        ("date", Value::String(text)) => {
            let due = whole_seconds(Due::parse(&text)?);
            (date(&due), Check::Due(id, Some(due)))
        }
        ("checkbox", Value::Bool(is_checked)) => match is_checked {
            true => (json!({ "checked": "true" }), filled),
            false => (Value::Null, Check::Filled(id, false)),
        },
        ("link", Value::String(url)) => (json!({ "url": url, "text": url }), filled),
        ("long_text", Value::String(text)) => (json!({ "text": text }), Check::Text(id, text)),
        ("numbers", Value::Number(number)) => (json!(number.to_string()), Check::Number(id, number.as_f64())),
        ("text", Value::String(text)) => (json!(text), Check::Text(id, text)),
        (_, value) => (value, filled),
    })
}
