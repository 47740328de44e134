//! What people and their workspace have.

use serde_json::{Value, json};

use super::{Field, Node, View, leaf, owned};

impl View<'_> {
    pub(super) fn organization(&self, name: &str) -> Option<Field> {
        let state = self.state;
        Some(match name {
            "id" => leaf("0a0a0a0a-0000-4a53-9d8a-000000000000"),
            "createdAt" | "updatedAt" => Field::Time("2024-01-01T00:00:00Z".parse().ok()),
            "archivedAt" => Field::Time(None),
            "name" => leaf(state.workspace.as_str()),
            "urlKey" => leaf(state.url_key.as_str()),
            "previousUrlKeys" => leaf(json!([])),
            "labels" => self.here((0..state.labels.len()).map(Node::Label)),
            "teams" => self.teams(),
            "userCount" => leaf(state.users.len()),
            "users" => self.here((0..state.users.len()).map(Node::User)),
            "logoUrl" | "gitBranchFormat" => leaf(Value::Null),
            _ => return None,
        })
    }

    pub(super) fn user(&self, place: usize, name: &str) -> Option<Field> {
        let user = &self.state.users[place];
        Some(match name {
            "active" => leaf(user.active),
            "admin" | "guest" | "owner" | "invited" | "isInvited" => leaf(false),
            "app" => leaf(user.app),
            "assignedIssues" => self.issues(|issue| issue.assignee == Some(place)),
            "avatarUrl" | "description" | "timezone" | "title" => leaf(Value::Null),
            "createdIssues" => self.issues(|issue| issue.creator == Some(place)),
            "displayName" => leaf(user.display_name.as_str()),
            "email" => leaf(user.email.as_str()),
            "initials" => leaf(user.name.chars().take(1).collect::<String>()),
            "isAssignable" | "isMentionable" => leaf(user.active),
            "isMe" => leaf(place == self.viewer),
            "name" => leaf(user.name.as_str()),
            "organization" => Field::One(Some(Node::Organization)),
            "teams" => self.here(owned(&self.state.teams, |team| team.members.contains(&place)).map(Node::Team)),
            "url" => leaf(format!("https://linear.app/{}/profiles/{}", self.state.url_key, user.display_name)),
            _ => return None,
        })
    }
}
