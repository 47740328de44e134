//! Versions, components and the sprint, which are all containers to us.
//!
//! Versions and components change item by item. An issue is in one open sprint at most: one that is added takes it out of the one
//! before, and only the one that is named is left. Sprints that are over stay in the list whatever is written.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, Result,
    message::{FieldName, ListChange},
};

use super::Filling;
use crate::{
    api,
    mapping::{self, Catalogue, Role, same},
    operations::{memory, screen::Field, value},
};

impl Filling<'_, '_> {
    /// Fills versions, components and the sprint. What cannot be done of it is why nothing of it is.
    pub(super) async fn containers(
        &mut self,
        change: &ListChange<String>,
        current: Option<&api::Fields<'_>>,
    ) -> Result<()> {
        if change.is_empty() {
            return Ok(());
        }
        let catalogue = memory::roles(self.jira).await?;
        let screens = self.screens;
        let on_screen = |id: &str| screens.get(id);
        let mut asked = Asked {
            lists: [
                List::of("fixVersions", on_screen("fixVersions"), current.map(|fields| &fields.fix_versions)),
                List::of("components", on_screen("components"), current.map(|fields| &fields.components)),
            ],
            sprints: Sprints::of(&catalogue, on_screen, current),
            refused: None,
        };
        for name in change.set.as_ref().unwrap_or(&change.add) {
            asked.add(name)?;
        }
        for name in change.remove.iter().filter(|_| change.set.is_none()) {
            asked.remove(name)?;
        }
        let is_set = change.set.is_some();
        match asked.refusal(is_set)? {
            Some(reason) => self.report.refuse(&FieldName::Containers, reason),
            None => self.write_containers(asked, is_set),
        }
        Ok(())
    }

    fn write_containers(&mut self, asked: Asked<'_>, is_set: bool) {
        let sprint = asked.sprints.target(is_set);
        for List { field, own, add, remove, .. } in asked.lists {
            let Some(field) = field else { continue };
            match is_set {
                true if !own.is_empty() || !add.is_empty() => {
                    self.plan.set(FieldName::Containers, &*field.id, Value::Array(add));
                }
                true => {}
                false => self.plan.delta(FieldName::Containers, &*field.id, add, remove),
            }
        }
        if let (Some(field), Some(sprint)) = (asked.sprints.field, sprint) {
            self.plan.sprint(&*field.id, sprint);
        }
        if !self.plan.writes.iter().any(|write| write.field == FieldName::Containers) {
            self.report.settle(&FieldName::Containers, None);
        }
    }
}

/// What was asked of each kind of container.
struct Asked<'a> {
    lists: [List<'a>; 2],
    sprints: Sprints<'a>,
    /// Why it cannot be done.
    refused: Option<String>,
}

impl Asked<'_> {
    fn add(&mut self, name: &str) -> Result<()> {
        for list in &mut self.lists {
            if let Some(value) = list.value(name)? {
                list.add.push(value);
                return Ok(());
            }
        }
        let has_field = self.sprints.field.is_some();
        match (self.sprints.own(name), name.parse::<u64>()) {
            // The issue was in it, and stays in its list.
            (Some(sprint), _) if sprint.is_closed => {}
            (Some(mapping::Sprint { id: Some(id), .. }), _) if id.parse::<u64>().is_ok() => {
                self.sprints.wanted.extend(id.parse::<u64>());
            }
            (_, Ok(id)) if has_field => self.sprints.wanted.push(id),
            _ => return Err(self.no_container(name)),
        }
        Ok(())
    }

    /// Removes what the issue has by that name or id. What it has not need not be removed.
    fn remove(&mut self, name: &str) -> Result<()> {
        let sprint = self.sprints.own(name).cloned();
        let holders = self.lists.iter().filter(|list| list.own(name).is_some()).count();
        if holders + usize::from(sprint.is_some()) > 1 {
            return Err(Error::validation(format!("the issue is in several containers called `{name}`"))
                .with_field("containers", "name it by its id, or by its name if this is an id"));
        }
        match sprint {
            Some(sprint) if sprint.is_closed => {
                let reason =
                    format!("`{}` is closed: an issue stays in the list of a sprint that is over", sprint.name);
                self.refused.get_or_insert(reason);
            }
            Some(_) => self.sprints.is_left = true,
            None => {
                // Those that have it go first: a version and a component may share a name.
                self.lists.sort_by_key(|list| list.own(name).is_none());
                for list in &mut self.lists {
                    if let Some(value) = list.value(name)? {
                        list.remove.push(value);
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns why nothing of it can be done, if something cannot.
    fn refusal(&mut self, is_set: bool) -> Result<Option<String>> {
        self.sprints.wanted.sort_unstable();
        self.sprints.wanted.dedup();
        if self.sprints.wanted.len() > 1 {
            return Err(Error::validation("an issue of Jira's is in one open sprint at most")
                .with_field("containers", "names several sprints"));
        }
        let off_screen =
            self.lists.iter().find(|list| list.field.is_none() && list.changes(is_set)).map(|list| list.id);
        let sprint = (self.sprints.field.is_none() && self.sprints.target(is_set).is_some()).then_some("the sprint");
        let reason =
            |what: &str| format!("{what} is not on the screen for this project and type, or may not be edited");
        Ok(self.refused.take().or_else(|| off_screen.or(sprint).map(reason)))
    }

    fn no_container(&self, name: &str) -> Error {
        let fields = self.lists.iter().filter_map(|list| list.field);
        let choices = fields.flat_map(|field| field.allowed.iter().flatten()).map(|choice| choice.name.as_str());
        let names: Vec<&str> = choices.collect();
        let sprint = if self.sprints.field.is_some() { "; a sprint by its id" } else { "" };
        Error::validation(format!("`{name}` is no version and no component of the project"))
            .with_field("containers", format!("can be: {}{sprint}", names.join(", ")))
    }
}

/// Versions, or components.
struct List<'a> {
    id: &'static str,
    /// None where it stands on no screen.
    field: Option<&'a Field>,
    /// What the issue has.
    own: &'a [api::Named<'a>],
    add: Vec<Value>,
    remove: Vec<Value>,
}

impl<'a> List<'a> {
    fn of(id: &'static str, field: Option<&'a Field>, own: Option<&'a Vec<api::Named<'a>>>) -> Self {
        Self { id, field, own: own.map(Vec::as_slice).unwrap_or_default(), add: Vec::new(), remove: Vec::new() }
    }

    /// Returns what the issue has by that name or id.
    fn own(&self, name: &str) -> Option<&'a api::Named<'a>> {
        let is_called = |named: &&api::Named<'_>| named.name.as_deref().is_some_and(|own| same(own, name));
        let by_name = self.own.iter().find(is_called);
        by_name.or_else(|| self.own.iter().find(|named| named.id.as_deref() == Some(name)))
    }

    /// Returns how Jira takes one of the choices, or one that the issue has and that is no choice any more, as an archived version.
    fn value(&self, name: &str) -> Result<Option<Value>> {
        if let Some(field) = self.field.filter(|field| field.choice(name).is_some()) {
            return value::choice(field, "containers", name).map(Some);
        }
        let id = self.own(name).and_then(|own| own.id.as_deref());
        Ok(id.map(|id| json!({ "id": id })))
    }

    /// Says whether what was asked is something else than what the issue has.
    fn changes(&self, is_set: bool) -> bool {
        let is_wanted = |own: &api::Named<'_>| self.add.iter().any(|value| value["id"].as_str() == own.id.as_deref());
        match is_set {
            true => !self.own.iter().all(is_wanted),
            false => !self.remove.is_empty(),
        }
    }
}

/// The field of sprints.
struct Sprints<'a> {
    /// None where it stands on no screen.
    field: Option<&'a Field>,
    /// Those that the issue is or was in.
    own: Vec<mapping::Sprint>,
    wanted: Vec<u64>,
    /// Whether the one that the issue is in is to be left.
    is_left: bool,
}

impl<'a> Sprints<'a> {
    fn of(
        catalogue: &Catalogue,
        on_screen: impl Fn(&str) -> Option<&'a Field>,
        current: Option<&api::Fields<'_>>,
    ) -> Self {
        let others = current.iter().flat_map(|fields| &fields.others);
        let own = others.filter(|(id, _)| catalogue.ids_of(Role::Sprint).any(|sprint| *sprint == **id));
        Self {
            field: catalogue.ids_of(Role::Sprint).find_map(on_screen),
            own: own.flat_map(|(_, value)| mapping::sprints(value)).collect(),
            wanted: Vec::new(),
            is_left: false,
        }
    }

    /// Returns the issue's own sprint of that name or id; the open one, where one that is over has the same name.
    fn own(&self, name: &str) -> Option<&mapping::Sprint> {
        let called = || self.own.iter().filter(|sprint| sprint.is_called(name));
        called().find(|sprint| !sprint.is_closed).or_else(|| called().next())
    }

    /// Returns what is to be written; nothing where the issue is there already.
    fn target(&self, is_set: bool) -> Option<Value> {
        let mut open = self.own.iter().filter(|sprint| !sprint.is_closed);
        match self.wanted.first() {
            Some(id) if open.any(|sprint| sprint.id == Some(id.to_string())) => None,
            Some(id) => Some(json!(id)),
            None => ((self.is_left || is_set) && open.next().is_some()).then_some(Value::Null),
        }
    }
}
