//! What is asked of an issue into the values of Jira's fields. Names are looked up here, and whatever a field cannot take is an error
//! or a refusal before anything is written. Versions, components and sprints are in `fill/containers`.

mod containers;

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, Result,
    message::{Altered, Change, Clearable, FieldName, ListChange, Report},
    model::{Due, Estimate, PriorityLevel, TicketKey, TypeLevel, User},
};

use super::{
    memory,
    plan::{Plan, TIME_TRACKING},
    screen::{Field, Screen},
    value,
};
use crate::{
    Jira, PLATFORM, api,
    key::Key,
    mapping::{self, Body, Role},
    text::Written,
};

/// The screens on which the fields of a write may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screens<'a> {
    /// That of the issue itself.
    pub own: &'a Screen,
    /// That of the transition it makes.
    pub way: Option<&'a Screen>,
}

impl<'a> Screens<'a> {
    fn get(&self, id: &str) -> Option<&'a Field> {
        self.own.get(id).or_else(|| self.way?.get(id))
    }

    fn find(&self, name: &str) -> Result<Option<&'a Field>> {
        match (self.own.find(name)?, self.way) {
            (None, Some(way)) => way.find(name),
            (found, _) => Ok(found),
        }
    }
}

/// Returns what is to be written. A field that stands on no screen is refused; `status` and `links` are not written by fields.
pub(super) async fn plan(
    jira: &Jira,
    change: &Change,
    screens: Screens<'_>,
    current: Option<&api::Fields<'_>>,
    report: &mut Report,
) -> Result<Plan> {
    let mut filled = Filling { jira, screens, plan: Plan::default(), report };
    filled.text(change).await?;
    filled.words(change)?;
    filled.labels(&change.labels)?;
    filled.people(change, current).await?;
    filled.containers(&change.containers, current).await?;
    filled.parent(&change.parent, current).await?;
    filled.times(change).await?;
    filled.others(change).await?;
    Ok(filled.plan)
}

struct Filling<'a, 'r> {
    jira: &'a Jira,
    screens: Screens<'a>,
    plan: Plan,
    report: &'r mut Report,
}

impl<'a> Filling<'a, '_> {
    /// Returns a field that stands on a screen; the one that does not is refused.
    fn on_screen(&mut self, field: &FieldName, id: &str) -> Option<&'a Field> {
        let found = self.screens.get(id);
        if found.is_none() {
            self.report
                .refuse(field, format!("`{id}` is not on the screen for this project and type, or may not be edited"));
        }
        found
    }

    fn set(&mut self, field: FieldName, id: &str, value: Value) {
        if self.on_screen(&field, id).is_some() {
            self.plan.set(field, id, value);
        }
    }

    async fn text(&mut self, change: &Change) -> Result<()> {
        if let Some(title) = &change.title {
            if title.trim().is_empty() || title.contains(['\n', '\r']) {
                return Err(
                    Error::validation("a summary is one line that is not empty").with_field("title", "is not one line")
                );
            }
            self.set(FieldName::Title, "summary", json!(title));
        }
        match &change.body {
            Clearable::Keep => {}
            Clearable::Clear => self.set(FieldName::Body, "description", Value::Null),
            Clearable::Set(body) => {
                let Written { text, lost } = Body::of(body, self.jira.edition().await?)?;
                self.report.alter(Altered::text(FieldName::Body, PLATFORM, &lost));
                let body = serde_json::to_value(&text).map_err(|error| Error::validation(error.to_string()))?;
                self.set(FieldName::Body, "description", body);
            }
        }
        Ok(())
    }

    /// Fills what is one of Jira's words, or of ours.
    fn words(&mut self, change: &Change) -> Result<()> {
        if let Some(word) = &change.ticket_type
            && let Some(field) = self.on_screen(&FieldName::Type, "issuetype")
        {
            let level = TypeLevel::from_word(word);
            let by_level = |name: &str| !level.is_unknown() && level == mapping::type_level(name);
            let id = chosen(field, "type", word, &by_level)?;
            self.plan.set(FieldName::Type, "issuetype", id);
        }
        for (name, id, asked) in [
            (FieldName::Priority, "priority", &change.priority),
            (FieldName::Resolution, "resolution", &change.resolution),
        ] {
            let value = match asked {
                Clearable::Keep => continue,
                Clearable::Clear => Value::Null,
                Clearable::Set(word) => {
                    let Some(field) = self.on_screen(&name, id) else { continue };
                    let level = PriorityLevel::from_word(word);
                    let by_level =
                        |own: &str| id == "priority" && !level.is_unknown() && level == mapping::priority_level(own);
                    chosen(field, id, word, &by_level)?
                }
            };
            self.set(name, id, value);
        }
        Ok(())
    }

    fn labels(&mut self, change: &ListChange<String>) -> Result<()> {
        let all = change.set.iter().flatten().chain(&change.add);
        if let Some(label) = all.into_iter().find(|label| label.is_empty() || label.contains(char::is_whitespace)) {
            return Err(Error::validation(format!("`{label}` cannot be a label: Jira's have no spaces"))
                .with_field("labels", "have no spaces")
                .with_hint("Join its words with `-` or `_`."));
        }
        if change.is_empty() || self.on_screen(&FieldName::Labels, "labels").is_none() {
            return Ok(());
        }
        match &change.set {
            Some(set) => self.plan.set(FieldName::Labels, "labels", json!(set)),
            None => {
                let values = |labels: &[String]| labels.iter().map(|label| json!(label)).collect();
                self.plan.delta(FieldName::Labels, "labels", values(&change.add), values(&change.remove));
            }
        }
        Ok(())
    }

    async fn people(&mut self, change: &Change, current: Option<&api::Fields<'_>>) -> Result<()> {
        if let Some(reporter) = &change.reporter {
            let person = value::person(self.jira, reporter).await?;
            self.set(FieldName::Reporter, "reporter", person);
        }
        match self.assignee(&change.assignees, current).await? {
            Some(person) => self.set(FieldName::Assignees, "assignee", person),
            // Who has it already, or is not there to be removed, needs no write; what is refused is so already.
            None => self.report.settle(&FieldName::Assignees, None),
        }
        Ok(())
    }

    /// Returns whom the issue is to get; nothing where nothing is to be written.
    async fn assignee(
        &mut self,
        people: &ListChange<String>,
        current: Option<&api::Fields<'_>>,
    ) -> Result<Option<Value>> {
        let own = current.and_then(|fields| fields.assignee.as_ref()).map(mapping::user);
        let several = || {
            Error::validation("an issue of Jira's has one assignee at most").with_field("assignees", "names several")
        };
        match (&people.set, &people.add[..]) {
            (Some(set), _) => match &set[..] {
                [] => Ok(Some(Value::Null)),
                [one] => value::person(self.jira, one).await.map(Some),
                _ => Err(several()),
            },
            (None, []) => Ok(self.is_one_of(own.as_ref(), &people.remove).await?.then_some(Value::Null)),
            (None, [one]) => {
                let person = value::person(self.jira, one).await?;
                let Some(own) = own else { return Ok(Some(person)) };
                let is_free = self.is_one_of(Some(&own), std::slice::from_ref(one)).await?
                    || self.is_one_of(Some(&own), &people.remove).await?;
                if is_free {
                    return Ok(Some(person));
                }
                // Whoever has it would lose it without a word.
                let reason = format!("an issue has one assignee, and this one is {}'s: set it instead", own.label());
                self.report.refuse(&FieldName::Assignees, reason);
                Ok(None)
            }
            _ => Err(several()),
        }
    }

    async fn is_one_of(&self, own: Option<&User>, names: &[String]) -> Result<bool> {
        let Some(own) = own else { return Ok(false) };
        for name in names {
            let id = super::people::id_of(self.jira, name).await?;
            if own.id == id || own.handle.as_ref() == Some(&id) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Fills the parent: Jira's own field, or on servers that know none for this type the link to an epic.
    async fn parent(&mut self, parent: &Clearable<TicketKey>, current: Option<&api::Fields<'_>>) -> Result<()> {
        let key = match parent {
            Clearable::Keep => return Ok(()),
            Clearable::Clear => None,
            Clearable::Set(key) => Some(Key::parse(key)?.as_str()),
        };
        let catalogue = memory::roles(self.jira).await?;
        let epics = || catalogue.ids_of(Role::EpicLink);
        let on_screen = epics().find(|id| self.screens.get(id).is_some());
        let has = |id: &str| current.is_some_and(|fields| fields.others.iter().any(|(other, _)| **other == *id));
        let has_parent = current.is_some_and(|fields| fields.parent.is_some());
        // What is cleared is what the issue has, whatever else could stand on its screen.
        let own_epic = epics().find(|id| has(id)).filter(|_| key.is_none() && !has_parent);
        let epic = own_epic.or(on_screen.filter(|_| self.screens.get("parent").is_none()));
        match epic {
            _ if key.is_none() && current.is_some() && !has_parent && own_epic.is_none() => {
                self.report.settle(&FieldName::Parent, None);
            }
            Some(epic) => self.set(FieldName::Parent, epic, json!(key)),
            None => self.set(FieldName::Parent, "parent", key.map_or(Value::Null, |key| json!({ "key": key }))),
        }
        Ok(())
    }

    async fn times(&mut self, change: &Change) -> Result<()> {
        match &change.due {
            Clearable::Keep => {}
            Clearable::Clear => self.set(FieldName::Due, "duedate", Value::Null),
            Clearable::Set(day @ Due::Date { .. }) => self.set(FieldName::Due, "duedate", json!(day.to_string())),
            Clearable::Set(_) => self.report.refuse(&FieldName::Due, "Jira's due dates are days, without a time"),
        }
        let (value, unit) = match &change.estimate {
            Clearable::Keep => return Ok(()),
            Clearable::Clear => (None, None),
            Clearable::Set(Estimate { value, unit, .. }) => (Some(*value), unit.as_deref()),
        };
        let catalogue = memory::roles(self.jira).await?;
        let points = catalogue.ids_of(Role::StoryPoints).find_map(|id| self.screens.get(id));
        match (unit, points, value) {
            (None | Some("points"), Some(points), value) => {
                self.plan.set(FieldName::Estimate, &*points.id, json!(value))
            }
            (Some("hours"), _, Some(hours)) if hours >= 0.0 => {
                let minutes = format!("{}m", (hours * 60.0).round() as u64);
                self.set(FieldName::Estimate, TIME_TRACKING, json!({ "originalEstimate": minutes }));
            }
            (unit, ..) => {
                let unit = unit.unwrap_or("points");
                self.report.refuse(&FieldName::Estimate, format!("no field of this issue holds an estimate in {unit}"));
            }
        }
        Ok(())
    }

    async fn others(&mut self, change: &Change) -> Result<()> {
        for (name, asked) in &change.fields {
            let field_name = FieldName::custom(name);
            let Some(field) = self.screens.find(name)? else {
                self.report
                    .refuse(&field_name, "no field of that name or id is on the screen for this project and type");
                continue;
            };
            let value = match asked {
                Clearable::Keep => continue,
                Clearable::Clear => Value::Null,
                Clearable::Set(json) => {
                    let mut lost = Vec::new();
                    let value = value::of(self.jira, field, json, &mut lost).await?;
                    self.report.alter(Altered::text(field_name.clone(), PLATFORM, &lost));
                    value
                }
            };
            self.plan.set(field_name, &*field.id, value);
        }
        Ok(())
    }
}

/// Returns a choice by name or id, or by our word for it if it fits just one.
fn chosen(field: &Field, name: &str, word: &str, by_level: &dyn Fn(&str) -> bool) -> Result<Value> {
    if field.choice(word).is_some() {
        return value::choice(field, name, word);
    }
    let fitting: Vec<_> = field.allowed.iter().flatten().filter(|choice| by_level(&choice.name)).collect();
    match fitting[..] {
        [one] => value::choice(field, name, one.id.as_deref().unwrap_or(&one.name)),
        _ => Err(field.no_choice(name, word)),
    }
}
