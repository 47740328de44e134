//! What a team has: its states, labels and cycles, and who may know of it.

use serde_json::Value;

use super::{Field, Node, View, leaf, one, owned};
use crate::servers::linear::state::Label;

impl View<'_> {
    pub(super) fn team(&self, place: usize, name: &str) -> Option<Field> {
        let (state, team) = (self.state, &self.state.teams[place]);
        Some(match name {
            "activeCycle" => {
                let active = |cycle: &usize| {
                    state.cycles[*cycle].starts_at <= state.clock && state.clock < state.cycles[*cycle].ends_at
                };
                one(owned(&state.cycles, |cycle| cycle.team == place).find(active), Node::Cycle)
            }
            "color" => leaf("#5e6ad2"),
            "cycles" => self.here(owned(&state.cycles, |cycle| cycle.team == place).map(Node::Cycle)),
            "cyclesEnabled" => leaf(state.cycles.iter().any(|cycle| cycle.team == place)),
            "defaultIssueState" => Field::One(Some(Node::WorkflowState(team.default_state))),
            "description" | "icon" => leaf(Value::Null),
            "displayName" | "name" => leaf(team.name.as_str()),
            "issueCount" => leaf(state.issues.iter().filter(|issue| issue.team == place).count()),
            "issueEstimationType" => leaf("linear"),
            "issues" => self.issues(|issue| issue.team == place),
            "key" => leaf(team.key.as_str()),
            "labels" => {
                let ours = |label: &Label| label.team.is_none_or(|owner| owner == place);
                self.here(owned(&state.labels, ours).map(Node::Label))
            }
            "members" | "users" => self.here(team.members.iter().copied().map(Node::User)),
            "organization" => Field::One(Some(Node::Organization)),
            "parent" | "restrictedBy" => Field::One(None),
            "private" => leaf(team.private),
            "projects" => {
                self.here(owned(&state.projects, |project| project.teams.contains(&place)).map(Node::Project))
            }
            "retiredAt" => Field::Time(None),
            "states" => self.here(owned(&state.states, |state| state.team == place).map(Node::WorkflowState)),
            "timezone" => leaf("Europe/Berlin"),
            "triageEnabled" => {
                leaf(owned(&state.states, |state| state.team == place && state.kind == "triage").count() > 0)
            }
            "visibility" => leaf(if team.private { "private" } else { "public" }),
            _ => return None,
        })
    }

    /// Returns the teams that the viewer may see.
    pub(in super::super) fn teams(&self) -> Field {
        self.here((0..self.state.teams.len()).filter(|team| self.may_see(*team)).map(Node::Team))
    }

    /// Returns whether the viewer may see a team.
    pub(in super::super) fn may_see(&self, team: usize) -> bool {
        let team = &self.state.teams[team];
        !team.private || team.members.contains(&self.viewer)
    }

    pub(super) fn cycle(&self, place: usize, name: &str) -> Option<Field> {
        let (cycle, now) = (&self.state.cycles[place], self.state.clock);
        let active = cycle.starts_at <= now && now < cycle.ends_at;
        Some(match name {
            "completedAt" => Field::Time((cycle.ends_at <= now).then_some(cycle.ends_at)),
            "description" => leaf(Value::Null),
            "endsAt" => Field::Time(Some(cycle.ends_at)),
            "isActive" => leaf(active),
            "isFuture" => leaf(now < cycle.starts_at),
            "isPast" => leaf(cycle.ends_at <= now),
            "issues" => self.issues(|issue| issue.cycle == Some(place)),
            "name" => leaf(cycle.name.as_deref()),
            "number" => leaf(cycle.number),
            "progress" => leaf(0),
            "startsAt" => Field::Time(Some(cycle.starts_at)),
            "team" => Field::One(Some(Node::Team(cycle.team))),
            _ => return None,
        })
    }

    pub(super) fn label(&self, place: usize, name: &str) -> Option<Field> {
        let label = &self.state.labels[place];
        Some(match name {
            "children" => self.here(owned(&self.state.labels, |child| child.group == Some(place)).map(Node::Label)),
            "color" => leaf("#5e6ad2"),
            "creator" => Field::One(None),
            "description" => leaf(Value::Null),
            "isGroup" => leaf(label.is_group),
            "issues" => self.issues(|issue| issue.labels.contains(&place)),
            "name" => leaf(label.name.as_str()),
            "parent" => one(label.group, Node::Label),
            "retiredAt" | "lastAppliedAt" => Field::Time(None),
            "team" => one(label.team, Node::Team),
            _ => return None,
        })
    }

    pub(super) fn workflow_state(&self, place: usize, name: &str) -> Option<Field> {
        let state = &self.state.states[place];
        Some(match name {
            "color" => leaf("#e2e2e2"),
            "description" => leaf(Value::Null),
            "inheritedFrom" => Field::One(None),
            "issues" => self.issues(|issue| issue.state == place),
            "name" => leaf(state.name.as_str()),
            "position" => leaf(state.position),
            "team" => Field::One(Some(Node::Team(state.team))),
            "type" => leaf(state.kind.as_str()),
            _ => return None,
        })
    }
}
