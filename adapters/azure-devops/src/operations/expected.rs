//! What a write is expected to have made of a field, compared with what came back.

use usher_adapter_sdk::{
    Result,
    model::{Json, Time},
};

use crate::{api, key::same, mapping};

/// What a field shall be, and how that shows in the work item that comes back.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expected {
    /// The field of that name has this text, whatever its case.
    Text { field: &'static str, text: String },
    /// The text of that name says these words, whatever markup holds them.
    Words { field: &'static str, html: String },
    /// The field of that name, which has no place of its own, says these words in HTML.
    Html { field: String, html: String },
    /// Exactly these tags are there.
    Tags(Vec<String>),
    /// That is the assignee, by any name; none is nobody.
    Assignee(Option<String>),
    /// Each of these relations is there, or is not.
    Relations(Vec<(String, u64, bool)>),
    /// The field of that name has this value; none is empty.
    Value { field: String, value: Option<Json> },
    /// Nothing has to be looked at.
    Nothing,
}

impl Expected {
    /// Returns why it is not so, if it is not.
    pub(super) fn missing(&self, item: &api::WorkItem<'_>) -> Result<Option<String>> {
        let kept = |own: Option<&str>| format!("Azure DevOps kept `{}`", own.unwrap_or_default());
        Ok(match self {
            Self::Nothing => None,
            Self::Text { field, text } => {
                let own = text_of(item, field);
                (!own.is_some_and(|own| same(own, text))).then(|| kept(own))
            }
            Self::Words { field, html } => {
                let own = text_of(item, field).unwrap_or_default();
                (mapping::words(own) != mapping::words(html)).then(|| "Azure DevOps kept another text".to_owned())
            }
            Self::Html { field, html } => {
                let own = value_of(item, field)?;
                let text = own.as_ref().and_then(|own| serde_json::from_str::<String>(own.as_str()).ok());
                (mapping::words(&text.unwrap_or_default()) != mapping::words(html))
                    .then(|| kept(own.as_ref().map(Json::as_str)))
            }
            Self::Tags(tags) => {
                let own: Vec<&str> = mapping::tags(&item.fields).collect();
                let is_there = tags.iter().all(|tag| own.iter().any(|own| same(own, tag)));
                (!is_there || own.len() != tags.len()).then(|| kept(Some(&own.join("; "))))
            }
            Self::Assignee(name) => {
                let own = mapping::somebody(item.fields.assigned_to.as_ref());
                let is_it = match (&own, name) {
                    (None, None) => true,
                    (Some(own), Some(name)) => {
                        let names = [&own.handle, &own.display_name, &own.email];
                        same(&own.id, name) || names.into_iter().flatten().any(|own| same(own, name))
                    }
                    _ => false,
                };
                (!is_it).then(|| kept(own.as_ref().map(|own| own.label())))
            }
            Self::Relations(wanted) => {
                let has = |rel: &str, number: u64| {
                    item.relations
                        .iter()
                        .flatten()
                        .any(|own| &*own.rel == rel && crate::key::number_of_url(&own.url) == Some(number))
                };
                let other = wanted.iter().find(|(rel, number, is_wanted)| has(rel, *number) != *is_wanted);
                other.map(|(rel, number, _)| format!("Azure DevOps kept its `{rel}` to {number} as it was"))
            }
            Self::Value { field, value } => {
                let own = value_of(item, field)?;
                let is_it = match (&own, value) {
                    (None, None) => true,
                    (None, Some(value)) => value.as_str() == "\"\"",
                    (Some(own), None) => own.as_str() == "\"\"",
                    (Some(own), Some(value)) => is_same(own.as_str(), value.as_str()),
                };
                (!is_it).then(|| kept(own.as_ref().map(Json::as_str)))
            }
        })
    }
}

/// Compares two values as JSON: numbers as numbers, times as points in time, people by any of their names.
fn is_same(own: &str, asked: &str) -> bool {
    if own == asked {
        return true;
    }
    let text = |json: &str| serde_json::from_str::<String>(json).ok();
    let number = |json: &str| serde_json::from_str::<f64>(json).ok().or_else(|| text(json)?.parse().ok());
    if let (Some(own), Some(asked)) = (number(own), number(asked)) {
        return (own - asked).abs() < f64::EPSILON * own.abs().max(1.0);
    }
    if let (Some(own), Some(asked)) = (text(own), text(asked)) {
        let times = (Time::parse(&own), Time::parse(&asked));
        return match times {
            (Ok(own), Ok(asked)) => own == asked,
            _ => same(&own, &asked),
        };
    }
    match (serde_json::from_str::<api::Identity<'_>>(own), text(asked)) {
        (Ok(own), Some(asked)) => {
            let own = mapping::user(&own);
            let names = [&own.handle, &own.display_name, &own.email];
            same(&own.id, &asked) || names.into_iter().flatten().any(|own| same(own, &asked))
        }
        _ => false,
    }
}

fn text_of<'a>(item: &'a api::WorkItem<'_>, field: &str) -> Option<&'a str> {
    let fields = &item.fields;
    match field {
        "System.Title" => fields.title.as_deref(),
        "System.State" => fields.state.as_deref(),
        "System.Reason" => fields.reason.as_deref(),
        "System.WorkItemType" => fields.work_item_type.as_deref(),
        "System.TeamProject" => fields.team_project.as_deref(),
        "System.AreaPath" => fields.area_path.as_deref(),
        "System.IterationPath" => fields.iteration_path.as_deref(),
        mapping::DESCRIPTION => fields.description.as_deref(),
        mapping::REPRO_STEPS => fields.repro_steps.as_deref(),
        _ => None,
    }
}

/// Says whether a field has a value.
pub(super) fn has_value(item: &api::WorkItem<'_>, field: &str) -> bool {
    value_of(item, field).is_ok_and(|value| value.is_some())
}

/// Returns the value of a field by its reference name, whether the ticket has a place for it or not.
fn value_of(item: &api::WorkItem<'_>, field: &str) -> Result<Option<Json>> {
    let fields = &item.fields;
    let text = text_of(item, field).map(Json::of);
    let known = match field {
        "Microsoft.VSTS.Common.Priority" => fields.priority.map(|raw| Json::parse(raw.get())),
        "Microsoft.VSTS.Scheduling.DueDate" => fields.due_date.map(|time| Json::of(&time)),
        "Microsoft.VSTS.Scheduling.TargetDate" => fields.target_date.map(|time| Json::of(&time)),
        "Microsoft.VSTS.Common.ResolvedReason" => fields.resolved_reason.as_deref().map(Json::of),
        "System.Tags" => fields.tags.as_deref().map(Json::of),
        "System.AssignedTo" => mapping::somebody(fields.assigned_to.as_ref()).map(|own| Json::of(own.label())),
        _ => mapping::ESTIMATES
            .iter()
            .find(|(name, ..)| *name == field)
            .and_then(|(_, _, value)| value(fields))
            .map(|value| Json::of(&value)),
    };
    known.or(text).or_else(|| fields.other(field).map(Json::parse)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_write_claims_is_compared_with_what_came_back() {
        let item: api::WorkItem<'_> = serde_json::from_str(
            r#"{"id":5,"fields":{"System.Title":"Login","System.Tags":"a; B","System.Description":"<div>x <b>y</b></div>",
            "System.AssignedTo":{"displayName":"Mara","uniqueName":"mara@acme.example","id":"7"},
            "Microsoft.VSTS.Common.Priority":2,"Custom.Effort":8.0,"Custom.Why":"<div>Because <i>so</i></div>","Custom.When":"2026-01-01T00:00:00Z"},
            "relations":[{"rel":"System.LinkTypes.Related","url":"https://dev.azure.com/acme/_apis/wit/workItems/9"}]}"#,
        )
        .unwrap();
        let value = |field: &str, value: &str| Expected::Value {
            field: field.to_owned(),
            value: Some(Json::parse(value).unwrap()),
        };
        let related = |number: u64, is_wanted: bool| {
            Expected::Relations(vec![("System.LinkTypes.Related".to_owned(), number, is_wanted)])
        };
        for (expected, is_so) in [
            (Expected::Text { field: "System.Title", text: "login".to_owned() }, true),
            (Expected::Text { field: "System.State", text: "Active".to_owned() }, false),
            (Expected::Words { field: mapping::DESCRIPTION, html: "<p>x <strong>y</strong></p>".to_owned() }, true),
            (Expected::Words { field: mapping::DESCRIPTION, html: "<p>z</p>".to_owned() }, false),
            (Expected::Html { field: "Custom.Why".to_owned(), html: "<p>Because <em>so</em></p>".to_owned() }, true),
            (Expected::Html { field: "Custom.Why".to_owned(), html: "<p>Because</p>".to_owned() }, false),
            (Expected::Html { field: "Custom.Gone".to_owned(), html: "<p>Because</p>".to_owned() }, false),
            (Expected::Tags(vec!["A".to_owned(), "b".to_owned()]), true),
            (Expected::Tags(vec!["a".to_owned()]), false),
            (Expected::Assignee(Some("MARA@acme.example".to_owned())), true),
            (Expected::Assignee(None), false),
            (related(9, true), true),
            (related(9, false), false),
            (related(8, true), false),
            (value("Microsoft.VSTS.Common.Priority", "2"), true),
            (value("Custom.Effort", "8"), true),
            (value("Custom.Effort", "\"8\""), true),
            (value("Custom.When", "\"2026-01-01T01:00:00+01:00\""), true),
            (value("System.AssignedTo", "\"Mara\""), true),
            (Expected::Value { field: "Custom.Gone".to_owned(), value: None }, true),
            (Expected::Value { field: "Custom.Effort".to_owned(), value: None }, false),
            (Expected::Nothing, true),
        ] {
            assert_eq!(expected.missing(&item).unwrap().is_none(), is_so, "{expected:?}");
        }
    }
}
