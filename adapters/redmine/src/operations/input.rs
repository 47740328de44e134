//! What a write sends, in Redmine's words, and what has become of it. Redmine answers 204 to what it drops, so that what a
//! write claims is compared with the issue as it then is.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, value::RawValue};
use usher_adapter_sdk::{
    Error, Result,
    message::{Clearable, FieldName, Report},
    model::{Due, Estimate, Json},
};

use super::{lookup, sent};
use crate::{api, mapping::BUILT_IN, text::unified};

/// Fields that issues do not have, or that Redmine sets itself, and what to do about it.
pub(super) const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Labels, "Redmine has no labels; a category is among the containers"),
    (FieldName::Reporter, "the author is whoever the key belongs to; an administrator acts for others with `act_as`"),
    (FieldName::Resolution, "Redmine has no resolutions; a status says how an issue ended"),
];

/// An issue to make or to change. What is absent stays; an empty text clears.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Input {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracker_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::person")]
    pub assigned_to_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::number")]
    pub category_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::number")]
    pub fixed_version_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::number")]
    pub parent_issue_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::date")]
    pub due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::number")]
    pub estimated_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::date")]
    pub start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::number")]
    pub done_ratio: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sent::truth")]
    pub is_private: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_fields: Vec<CustomInput>,
    /// The custom fields by the names that were asked for.
    #[serde(skip)]
    pub names: Vec<(String, u64)>,
}

/// The value of a custom field: a text, or several.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct CustomInput {
    id: u64,
    value: Value,
}

/// The body of a request that writes an issue.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    pub issue: &'a Input,
}

impl Input {
    /// Says whether nothing is to be written.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Says whether the issue comes under another workflow: that of another type or project.
    pub(super) fn moves(&self, issue: &api::Issue<'_>) -> bool {
        let is_other = |sent: Option<u64>, own: &Option<api::Named<'_>>| {
            sent.is_some_and(|id| own.as_ref().is_none_or(|own| own.id != id))
        };
        is_other(self.tracker_id, &issue.tracker) || is_other(self.project_id, &issue.project)
    }

    /// Takes custom fields, and those of Redmine's own that stand among them.
    pub(super) fn fields(&mut self, asked: &BTreeMap<String, Clearable<Json>>, known: &[(u64, String)]) -> Result<()> {
        for (name, value) in asked {
            let value = match value {
                Clearable::Keep => continue,
                Clearable::Clear => Value::String(String::new()),
                Clearable::Set(json) => plain(&json.decode()?),
            };
            if BUILT_IN.iter().any(|(known, _)| known == name) {
                self.built_in(name, &value)?;
                continue;
            }
            let is_called = |(id, known): &&(u64, String)| id.to_string() == *name || lookup::same(known, name);
            let mut found = known.iter().filter(is_called);
            let id = match (found.next(), found.next(), name.parse::<u64>()) {
                (Some((id, _)), None, _) => *id,
                (None, _, Ok(id)) => id,
                (None, ..) => return Err(lookup::unknown("field", name, known.iter().map(|(_, name)| name.as_str()))),
                (Some(_), Some(_), _) => {
                    return Err(Error::validation(format!("`{name}` is the name of several fields: take the id")));
                }
            };
            self.names.push((name.clone(), id));
            self.custom_fields.push(CustomInput { id, value });
        }
        Ok(())
    }

    fn built_in(&mut self, name: &str, value: &Value) -> Result<()> {
        let Value::String(text) = value else {
            return Err(Error::validation(format!("`{name}` has one value")).with_field(name, "is a list"));
        };
        let (place, text) = match (name, text.as_str()) {
            ("start_date", text) => (&mut self.start_date, text),
            // Neither can be empty: cleared they are as in a new issue.
            ("done_ratio", "") => (&mut self.done_ratio, "0"),
            ("done_ratio", text) => (&mut self.done_ratio, text),
            (_, "" | "false") => (&mut self.is_private, "0"),
            (_, "true") => (&mut self.is_private, "1"),
            (_, text) => (&mut self.is_private, text),
        };
        *place = Some(text.to_owned());
        Ok(())
    }

    /// Says of every field that was sent what the issue then has.
    pub(super) fn compare(&self, issue: &api::Issue<'_>, report: &mut Report) {
        for field in report.open() {
            if field != FieldName::Links {
                let reason = self.missing(&field, issue).map(|what| {
                    format!("Redmine dropped it without a word: {what}. The account's roles or the workflow forbid it")
                });
                report.settle(&field, reason);
            }
        }
    }

    /// Returns why a field is not as it was sent, if it is not.
    fn missing(&self, field: &FieldName, issue: &api::Issue<'_>) -> Option<String> {
        let id = |named: &Option<api::Named<'_>>| named.as_ref().map(|named| named.id.to_string()).unwrap_or_default();
        let (asked, own) = match field {
            FieldName::Title => (self.subject.clone(), issue.subject.trim().to_owned()),
            FieldName::Body => (self.description.clone(), text(issue.description.as_deref())),
            FieldName::Project => (self.project_id.map(|id| id.to_string()), id(&issue.project)),
            FieldName::Type => (self.tracker_id.map(|id| id.to_string()), id(&issue.tracker)),
            FieldName::Priority => (self.priority_id.map(|id| id.to_string()), id(&issue.priority)),
            FieldName::Status => {
                let own = issue.status.as_ref().map(|status| status.id.to_string());
                (self.status_id.map(|id| id.to_string()), own.unwrap_or_default())
            }
            FieldName::Assignees => (self.assigned_to_id.clone(), id(&issue.assigned_to)),
            FieldName::Parent => {
                (self.parent_issue_id.clone(), issue.parent.map(|parent| parent.id.to_string()).unwrap_or_default())
            }
            FieldName::Due => (self.due_date.clone(), text(issue.due_date.as_deref())),
            FieldName::Estimate => {
                (self.estimated_hours.clone(), issue.estimated_hours.map(|it| it.to_string()).unwrap_or_default())
            }
            FieldName::Containers => return self.missing_containers(issue),
            other => return self.missing_field(other, issue),
        };
        // What was as it should be was not sent.
        let asked = asked?;
        let asked = if *field == FieldName::Body { text(Some(&asked)) } else { asked.trim().to_owned() };
        let is_there = alike(&asked, &own);
        let shown = if *field == FieldName::Body { "another text".to_owned() } else { format!("`{own}`") };
        (!is_there).then(|| format!("it has {shown}"))
    }

    fn missing_containers(&self, issue: &api::Issue<'_>) -> Option<String> {
        let own = [&issue.fixed_version, &issue.category];
        let asked = [&self.fixed_version_id, &self.category_id];
        let id = |named: &Option<api::Named<'_>>| named.as_ref().map(|named| named.id.to_string()).unwrap_or_default();
        let mut both = asked.into_iter().zip(own);
        let other = both.find(|(asked, own)| asked.as_ref().is_some_and(|asked| *asked != id(own)));
        other.map(|(_, own)| format!("it has `{}`", id(own)))
    }

    fn missing_field(&self, field: &FieldName, issue: &api::Issue<'_>) -> Option<String> {
        let name = field.as_str().strip_prefix("fields.").unwrap_or(field.as_str());
        let built_in = match name {
            "start_date" => self.start_date.as_ref().map(|it| (it, text(issue.start_date.as_deref()))),
            "done_ratio" => self.done_ratio.as_ref().map(|it| (it, issue.done_ratio.unwrap_or_default().to_string())),
            "is_private" => {
                self.is_private.as_ref().map(|it| (it, u8::from(issue.is_private == Some(true)).to_string()))
            }
            _ => None,
        };
        if let Some((asked, own)) = built_in {
            return (!alike(asked, &own)).then(|| format!("it has `{own}`"));
        }
        let Some((_, id)) = self.names.iter().find(|(asked, _)| asked == name) else {
            return Some("it was not sent".to_owned());
        };
        let asked = self.custom_fields.iter().find(|field| field.id == *id).map(|field| texts(&field.value))?;
        let own = issue.custom_fields.iter().flatten().find(|field| field.id == *id);
        let Some(own) = own else { return Some("the issue has no such field".to_owned()) };
        let own = own.value.and_then(|raw: &RawValue| serde_json::from_str(raw.get()).ok()).map(|value| texts(&value));
        let own = own.unwrap_or_default();
        let is_same = asked.len() == own.len() && asked.iter().all(|one| own.iter().any(|other| alike(one, other)));
        (!is_same).then(|| format!("it has `{}`", own.join("`, `")))
    }
}

/// Returns a due date, or why it cannot be one.
pub(super) fn due_date(due: &Due) -> Result<String, String> {
    match due {
        Due::Date { .. } => Ok(due.to_string()),
        _ => Err("an issue of Redmine's is due on a day, not at a time".to_owned()),
    }
}

/// Returns an estimate in hours, or why it cannot be one.
pub(super) fn hours(estimate: &Estimate) -> Result<String, String> {
    let is_hours = estimate.unit.as_deref().is_none_or(|unit| matches!(unit, "h" | "hour" | "hours"));
    match is_hours && estimate.value.is_finite() && estimate.value >= 0.0 {
        true => Ok(estimate.value.to_string()),
        false => Err("Redmine's estimates are hours".to_owned()),
    }
}

/// Returns a value as Redmine holds it: texts, `1` and `0`, the id of whatever has one.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(list) => Value::Array(list.iter().map(plain).collect()),
        Value::Object(object) => {
            object.get("id").or_else(|| object.get("name")).map_or_else(|| Value::String(value.to_string()), plain)
        }
        Value::Bool(is_true) => Value::String(u8::from(*is_true).to_string()),
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(_) => value.clone(),
        Value::Null => Value::String(String::new()),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match plain(value) {
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![unified(&text)],
        other => vec![other.to_string()],
    }
}

fn text(text: Option<&str>) -> String {
    unified(text.unwrap_or_default()).trim_end().to_owned()
}

/// Compares texts, and numbers by what they are: Redmine writes `6.5` where `6.50` was sent.
fn alike(one: &str, other: &str) -> bool {
    one == other || one.parse::<f64>().is_ok_and(|one| other.parse::<f64>().is_ok_and(|other| one == other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_what_redmine_holds() {
        for (value, expected) in [
            ("true", r#""1""#),
            ("5", r#""5""#),
            ("null", r#""""#),
            (r#"["a",2]"#, r#"["a","2"]"#),
            (r#"{"id":"7","name":"Seven"}"#, r#""7""#),
        ] {
            assert_eq!(plain(&serde_json::from_str(value).unwrap()).to_string(), expected, "{value}");
        }
        assert!(alike("6.50", "6.5") && !alike("6", "7") && !alike("", "0"));
    }

    #[test]
    fn what_is_sent_has_the_types_of_redmine_s_own_and_what_is_cleared_is_null() {
        let text = |text: &str| Some(text.to_owned());
        let mut input = Input {
            assigned_to_id: text("9"),
            category_id: text(""),
            estimated_hours: text("6.5"),
            due_date: text("2026-02-03"),
            start_date: text(""),
            ..Input::default()
        };
        let fields = [("done_ratio", "\"\""), ("is_private", "true")];
        let fields = fields.map(|(name, value)| (name.to_owned(), Clearable::Set(Json::parse(value).unwrap())));
        input.fields(&fields.into_iter().collect(), &[]).unwrap();
        assert_eq!(
            serde_json::to_value(&input).unwrap(),
            serde_json::json!({"assigned_to_id": 9, "category_id": null, "estimated_hours": 6.5, "due_date": "2026-02-03",
                "start_date": null, "done_ratio": 0, "is_private": true})
        );
        input.done_ratio = text("half");
        input.assigned_to_id = text("");
        let sent = serde_json::to_value(&input).unwrap();
        assert_eq!((&sent["done_ratio"], &sent["assigned_to_id"]), (&"half".into(), &"".into()));
    }

    #[test]
    fn what_redmine_cannot_hold_has_a_reason() {
        assert_eq!(due_date(&Due::parse("2026-02-03").unwrap()).unwrap(), "2026-02-03");
        assert!(due_date(&Due::parse("2026-02-03T10:00:00Z").unwrap()).is_err());
        assert_eq!(hours(&Estimate::new(6.5, "hours")), Ok("6.5".to_owned()));
        assert!(hours(&Estimate::new(3.0, "points")).is_err());
        assert!(hours(&Estimate::new(-1.0, "hours")).is_err());
    }
}
