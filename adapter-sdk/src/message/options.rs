//! What can be chosen when a ticket is made or changed.

use serde::{Deserialize, Serialize};

use crate::model::{Container, FieldType, Named, Priority, Project, StatusCategory, TicketKey, TicketType, word::with};

/// What the options are asked for: a project, one type in it, or one ticket (for its transitions).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OptionsScope {
    /// The project; absent: the connection's default, or all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// One type, by native name or id, where fields differ by type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<String>,
    /// One ticket, whose transitions are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketKey>,
}

with!(OptionsScope {
    /// Asks for a project.
    with_project: project: Option<String>,
    /// Asks for one type.
    with_type: ticket_type: Option<String>,
    /// Asks for one ticket.
    with_ticket: ticket: Option<TicketKey>,
});

/// What can be chosen. A list that the platform does not have is absent; an empty one is empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Options {
    /// The projects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<Project>>,
    /// The types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<TicketType>>,
    /// The states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<Vec<StateOption>>,
    /// The transitions that the asked ticket can make now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transitions: Option<Vec<Transition>>,
    /// The priorities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priorities: Option<Vec<Priority>>,
    /// The labels in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// The containers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub containers: Option<Vec<Container>>,
    /// The fields, required ones and custom ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<FieldOption>>,
}

with!(Options {
    /// Sets the projects.
    with_projects: projects: Option<Vec<Project>>,
    /// Sets the types.
    with_types: types: Option<Vec<TicketType>>,
    /// Sets the states.
    with_states: states: Option<Vec<StateOption>>,
    /// Sets the transitions.
    with_transitions: transitions: Option<Vec<Transition>>,
    /// Sets the priorities.
    with_priorities: priorities: Option<Vec<Priority>>,
    /// Sets the labels.
    with_labels: labels: Option<Vec<String>>,
    /// Sets the containers.
    with_containers: containers: Option<Vec<Container>>,
    /// Sets the fields.
    with_fields: fields: Option<Vec<FieldOption>>,
});

/// A state that tickets can be in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StateOption {
    /// The platform's own state.
    pub native: Named,
    /// The step it falls into.
    pub category: StatusCategory,
    /// The types that know it, by name; empty: all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
}

impl StateOption {
    /// Returns a state and the step it falls into.
    pub fn new(native: impl Into<Named>, category: StatusCategory) -> Self {
        Self { native: native.into(), category, types: Vec::new() }
    }
}

with!(StateOption {
    /// Names the types that know it; none: all of them.
    with_types: types: Vec<String>,
});

/// A way from one state to another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Transition {
    /// The transition itself, whose name is not that of the state.
    pub native: Named,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<StateOption>,
    /// The fields that it asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldOption>,
}

impl Transition {
    /// Returns a transition.
    pub fn new(native: impl Into<Named>) -> Self {
        Self { native: native.into(), ..Self::default() }
    }
}

with!(Transition {
    /// Says where it leads.
    with_to: to: Option<StateOption>,
    /// Names the fields that it asks for.
    with_fields: fields: Vec<FieldOption>,
});

/// A field that can or must be filled.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FieldOption {
    /// The platform's own id.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// The type of its value.
    #[serde(rename = "type")]
    pub value_type: FieldType,
    /// Whether it must be filled.
    pub required: bool,
    /// The values it can take, where they are a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<Named>>,
    /// The greatest length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// The regular expression that a text must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The types that know it, by name; empty: all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
}

impl FieldOption {
    /// Returns an optional field.
    pub fn new(id: impl Into<String>, name: impl Into<String>, value_type: FieldType) -> Self {
        Self { id: id.into(), name: name.into(), value_type, ..Self::default() }
    }
}

with!(FieldOption {
    /// Says whether it must be filled.
    with_required: required: bool,
    /// Sets the values it can take.
    with_choices: choices: Option<Vec<Named>>,
    /// Sets the greatest length.
    with_max_length: max_length: Option<u64>,
    /// Sets the regular expression.
    with_pattern: pattern: Option<String>,
    /// Names the types that know it; none: all of them.
    with_types: types: Vec<String>,
});
