//! What can be chosen: the words that everybody knows, and those that are in use.

use std::collections::{BTreeMap, BTreeSet};

use usher_adapter_sdk::{
    Result,
    message::{FieldOption, Options, OptionsScope, StateOption},
    model::{Container, ContainerKind, FieldType, Priority, Project, TicketType},
};

use super::scan::{Scan, Seen};
use crate::{
    Folder,
    front_matter::Text,
    key::{self, Key},
    mapping, words,
};

/// The words of the tickets that were looked at.
#[derive(Default)]
struct InUse {
    types: BTreeSet<String>,
    states: BTreeSet<String>,
    priorities: BTreeSet<String>,
    labels: BTreeSet<String>,
    milestones: BTreeSet<String>,
    fields: BTreeMap<String, FieldType>,
}

/// Returns what can be chosen in a project, or in all.
pub(crate) async fn options(folder: &Folder, scope: &OptionsScope) -> Result<Options> {
    let of_ticket = scope.ticket.as_ref().map(Key::asked).transpose()?.map(Key::project);
    let default = folder.host.connection().default_project.as_deref();
    let named = scope.project.as_deref().or(default).map(key::Project::named).transpose()?;
    let every_key = folder.store.keys(None)?;
    let project = of_ticket.or(named);
    let keys: Vec<Key> =
        every_key.iter().copied().filter(|key| project.is_none_or(|project| key.project() == project)).collect();
    let mut in_use = InUse::default();
    // A broken file has no words that could be offered.
    let take = |seen: Seen<'_>| {
        in_use.take(seen);
        Ok(())
    };
    Scan::new(folder).each(&keys, take).await;
    Ok(in_use.options().with_projects(projects(&every_key)))
}

fn projects(keys: &[Key]) -> Vec<Project> {
    let projects: BTreeSet<key::Project> = keys.iter().map(|key| key.project()).collect();
    projects.iter().map(|project| Project::new(project.as_str())).collect()
}

impl InUse {
    fn take(&mut self, seen: Seen<'_>) {
        let front = seen.front;
        take(&mut self.types, front.ticket_type);
        take(&mut self.states, front.status);
        take(&mut self.priorities, front.priority);
        take(&mut self.labels, front.labels.0);
        take(&mut self.milestones, front.milestone);
        for (name, value) in front.fields.into_iter().flat_map(|fields| fields.0) {
            self.fields.entry(name).or_insert_with(|| mapping::field_type(&value));
        }
    }

    fn options(self) -> Options {
        let states = with_known(self.states, words::known_states());
        let types = with_known(self.types, words::known_types());
        let priorities = with_known(self.priorities, words::known_priorities());
        let milestones = self.milestones.into_iter().map(|name| Container::new(ContainerKind::Milestone, name));
        Options::default()
            .with_states(states.map(|word| StateOption::new(word.clone(), words::status(&word))).collect::<Vec<_>>())
            .with_types(types.map(|word| TicketType::new(words::ticket_type(&word), word)).collect::<Vec<_>>())
            .with_priorities(priorities.map(|word| Priority::new(words::priority(&word), word)).collect::<Vec<_>>())
            .with_labels(self.labels.into_iter().collect::<Vec<_>>())
            .with_containers(milestones.collect::<Vec<_>>())
            .with_fields(fields(self.fields))
    }
}

fn take<'a>(set: &mut BTreeSet<String>, words: impl IntoIterator<Item = Text<'a>>) {
    for word in words {
        if !set.contains(word.0.as_ref()) {
            set.insert(word.0.into_owned());
        }
    }
}

/// Returns the words that everybody knows in their order, and after them those that only this folder uses.
fn with_known(in_use: BTreeSet<String>, known: impl Iterator<Item = &'static str>) -> impl Iterator<Item = String> {
    let known: Vec<String> = known.map(str::to_owned).collect();
    let own: Vec<String> = in_use.into_iter().filter(|word| !known.contains(word)).collect();
    known.into_iter().chain(own)
}

/// Returns the one field that must be filled, and the folder's own.
fn fields(own: BTreeMap<String, FieldType>) -> Vec<FieldOption> {
    let title = FieldOption::new("title", "title", FieldType::Text).with_required(true);
    let own = own.into_iter().map(|(name, kind)| FieldOption::new(name.clone(), name, kind));
    [title].into_iter().chain(own).collect()
}
