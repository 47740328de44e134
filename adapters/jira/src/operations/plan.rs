//! What a write comes to: which of Jira's fields get which values, and afterwards whether Jira kept them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json, value::to_raw_value};
use usher_adapter_sdk::{
    message::{FieldName, Report},
    model::Time,
};

use crate::mapping::{self, same};

/// Fields of an issue as they are, for comparison.
pub(super) type Current = BTreeMap<String, Value>;

/// What is to be written, in the order in which it was asked for.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub writes: Vec<Write>,
}

/// One field that is to be written.
#[derive(Debug, Clone)]
pub(super) struct Write {
    /// The field that it is for; several of Jira's may be for one of ours.
    pub field: FieldName,
    /// Jira's own name of the field.
    pub id: String,
    pub what: What,
}

/// What is done to a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// It gets this value; `null` empties it.
    Set(Value),
    /// It goes into this open sprint, or for `null` into none: the closed ones stay in the field.
    Sprint(Value),
    /// A list loses and gains items.
    Delta { add: Vec<Value>, remove: Vec<Value> },
}

/// The body of a request that makes or changes an issue.
#[derive(Debug, Default, Serialize)]
pub(super) struct Body<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<&'a str, &'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub update: BTreeMap<&'a str, Vec<Value>>,
}

impl Plan {
    /// Adds a field that gets a value.
    pub(super) fn set(&mut self, field: FieldName, id: impl Into<String>, value: Value) {
        self.writes.push(Write { field, id: id.into(), what: What::Set(value) });
    }

    /// Adds the open sprint that the issue goes into; `null` is none.
    pub(super) fn sprint(&mut self, id: impl Into<String>, sprint: Value) {
        self.writes.push(Write { field: FieldName::Containers, id: id.into(), what: What::Sprint(sprint) });
    }

    /// Adds a list that changes, if it does.
    pub(super) fn delta(&mut self, field: FieldName, id: impl Into<String>, add: Vec<Value>, remove: Vec<Value>) {
        if !add.is_empty() || !remove.is_empty() {
            self.writes.push(Write { field, id: id.into(), what: What::Delta { add, remove } });
        }
    }

    /// Returns the body of the request for some of the fields.
    pub(super) fn body(&self, wanted: impl Fn(&Write) -> bool) -> Body<'_> {
        let mut body = Body::default();
        for write in self.writes.iter().filter(|write| wanted(write)) {
            match &write.what {
                What::Set(value) | What::Sprint(value) => drop(body.fields.insert(&write.id, value)),
                What::Delta { add, remove } => {
                    let removed = remove.iter().map(|value| json!({ "remove": value }));
                    let added = add.iter().map(|value| json!({ "add": value }));
                    body.update.entry(&write.id).or_default().extend(removed.chain(added));
                }
            }
        }
        body
    }

    /// Compares what was written with what the issue has become.
    pub(super) fn settle(&self, report: &mut Report, current: &Current) {
        for write in &self.writes {
            let own = current.get(&write.id).unwrap_or(&Value::Null);
            if !write.what.is_kept(&write.id, own) {
                report.refuse(&write.field, format!("Jira has kept `{}` of {}", shown(own), write.id));
            }
        }
        for write in &self.writes {
            report.settle(&write.field, None);
        }
    }
}

impl Body<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.update.is_empty()
    }
}

impl What {
    fn is_kept(&self, id: &str, own: &Value) -> bool {
        match self {
            Self::Set(value) if id == TIME_TRACKING => minutes(value) == minutes(own),
            Self::Set(value) => holds(own, value),
            Self::Sprint(value) => is_in_sprint(own, value),
            Self::Delta { add, remove } => {
                let items = own.as_array().map(Vec::as_slice).unwrap_or_default();
                let has = |wanted: &Value| items.iter().any(|item| holds(item, wanted));
                add.iter().all(has) && !remove.iter().any(has)
            }
        }
    }
}

/// Sprints are written as one number and read as a list, in which those that are over stand as well.
fn is_in_sprint(own: &Value, written: &Value) -> bool {
    let sprints = to_raw_value(own).map(|own| mapping::sprints(&own)).unwrap_or_default();
    let mut open = sprints.iter().filter(|sprint| !sprint.is_closed);
    match written {
        Value::Null => open.next().is_none(),
        written => open.any(|sprint| sprint.id == Some(written.to_string())),
    }
}

/// The field that is written in words and read in seconds.
pub(super) const TIME_TRACKING: &str = "timetracking";

fn minutes(value: &Value) -> Option<u64> {
    let seconds = value["originalEstimateSeconds"].as_u64().map(|seconds| seconds / 60);
    seconds.or_else(|| value["originalEstimate"].as_str()?.strip_suffix('m')?.parse().ok())
}

/// Says whether what is there is what was written; an object may have more than was written.
fn holds(own: &Value, written: &Value) -> bool {
    match (own, written) {
        (own, Value::Null) => own.is_null() || own.as_array().is_some_and(Vec::is_empty),
        // A document is kept in a form of Jira's own.
        (Value::Object(own), Value::Object(written)) if written.get("type").is_some_and(|kind| kind == "doc") => {
            own.get("type").is_some_and(|kind| kind == "doc") || written["content"].as_array().is_none_or(Vec::is_empty)
        }
        (Value::Object(own), Value::Object(written)) => {
            written.iter().all(|(name, value)| own.get(name).is_some_and(|own| holds(own, value)))
        }
        (Value::Array(own), Value::Array(written)) => {
            own.len() == written.len() && written.iter().all(|value| own.iter().any(|own| holds(own, value)))
        }
        (Value::Number(own), Value::Number(written)) => own.as_f64() == written.as_f64(),
        (Value::String(own), Value::String(written)) => {
            let both = (Time::parse(own).ok(), Time::parse(written).ok());
            let is_same_time = matches!(both, (Some(own), Some(written)) if own == written);
            is_same_time || same(&own.replace("\r\n", "\n"), &written.replace("\r\n", "\n"))
        }
        (own, written) => own == written,
    }
}

/// Returns a value in a few words.
fn shown(value: &Value) -> String {
    let name = ["name", "value", "displayName", "key"].into_iter().find_map(|member| value[member].as_str());
    let text = name.or(value.as_str()).map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_jira_shows_in_another_form_is_kept_all_the_same() {
        for (own, written, is_kept) in [
            (json!({"id": "3", "name": "High"}), json!({"id": "3"}), true),
            (json!({"id": "2", "name": "Low"}), json!({"id": "3"}), false),
            (json!(null), json!(null), true),
            (json!([]), json!(null), true),
            (json!("x"), json!(null), false),
            (json!(["a", "b"]), json!(["b", "a"]), true),
            (json!(["a"]), json!(["a", "b"]), false),
            (json!("2026-01-02T03:04:05.000+0200"), json!("2026-01-02T01:04:05.000+0000"), true),
            (json!("a\r\nb "), json!("a\nb"), true),
            (json!(3.0), json!(3), true),
            (
                json!({"type": "doc", "content": [{"type": "paragraph", "attrs": {"localId": "1"}}]}),
                json!({"type": "doc", "content": [1]}),
                true,
            ),
        ] {
            assert_eq!(holds(&own, &written), is_kept, "{own} {written}");
        }
        let set = What::Set(json!({"originalEstimate": "90m"}));
        assert!(set.is_kept(TIME_TRACKING, &json!({"originalEstimate": "1h 30m", "originalEstimateSeconds": 5400})));
        assert!(!set.is_kept(TIME_TRACKING, &json!({"originalEstimateSeconds": 60})));
        let closed = json!({"id": 6, "name": "One", "state": "closed"});
        for (own, written, is_kept) in [
            (json!([{"id": 7, "name": "Two"}]), json!(7), true),
            (json!(["Sprint@1[id=7,state=ACTIVE,name=Two]"]), json!(7), true),
            (json!(["Sprint@1[id=7,state=ACTIVE,name=Two]"]), json!(8), false),
            (json!([closed, {"id": 7, "name": "Two", "state": "active"}]), json!(null), false),
            (json!([closed]), json!(null), true),
            (json!([closed]), json!(6), false),
            (json!(null), json!(null), true),
        ] {
            assert_eq!(What::Sprint(written.clone()).is_kept("customfield_1", &own), is_kept, "{own} {written}");
        }
        let delta = What::Delta { add: vec![json!("a")], remove: vec![json!("b")] };
        assert!(delta.is_kept("labels", &json!(["a", "c"])) && !delta.is_kept("labels", &json!(["a", "b"])));
    }
}
