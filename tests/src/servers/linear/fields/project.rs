//! What projects and their milestones have.

use serde_json::Value;

use super::{Field, Node, PRIORITIES, View, issue::slug, leaf, one, owned};

impl View<'_> {
    pub(super) fn project(&self, place: usize, name: &str) -> Option<Field> {
        let (state, project) = (self.state, &self.state.projects[place]);
        let slug_id = &project.meta.id[24..];
        Some(match name {
            "canceledAt" | "completedAt" | "startedAt" => Field::Time(None),
            "color" => leaf("#bec2c8"),
            "content" | "health" | "icon" => leaf(Value::Null),
            "creator" => Field::One(None),
            "description" => leaf(project.description.as_str()),
            "issues" => self.issues(|issue| issue.project == Some(place)),
            "lead" => one(project.lead, Node::User),
            "members" => self.here(project.lead.into_iter().map(Node::User)),
            "name" => leaf(project.name.as_str()),
            "priority" | "progress" | "scope" | "sortOrder" => leaf(0),
            "priorityLabel" => leaf(PRIORITIES[0]),
            "projectMilestones" => {
                self.here(owned(&state.milestones, |milestone| milestone.project == place).map(Node::Milestone))
            }
            "slugId" => leaf(slug_id),
            "startDate" => Field::Day(None),
            "state" => leaf(project.state.as_str()),
            "targetDate" => Field::Day(project.target_date),
            "teams" | "accessibleTeams" => self.here(project.teams.iter().copied().map(Node::Team)),
            "trashed" => leaf(Value::Null),
            "url" => leaf(format!("https://linear.app/{}/project/{}-{slug_id}", state.url_key, slug(&project.name))),
            _ => return None,
        })
    }

    pub(super) fn milestone(&self, place: usize, name: &str) -> Option<Field> {
        let milestone = &self.state.milestones[place];
        Some(match name {
            "description" => leaf(Value::Null),
            "issues" => self.issues(|issue| issue.milestone == Some(place)),
            "name" => leaf(milestone.name.as_str()),
            "project" => Field::One(Some(Node::Project(milestone.project))),
            "progress" | "sortOrder" => leaf(0),
            "targetDate" => Field::Day(milestone.target_date),
            _ => return None,
        })
    }
}
