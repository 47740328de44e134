//! People, projects and the words of a site, as Jira's JSON.

use serde_json::{Value, json};

use super::{
    render::Site,
    state::{IssueType, LinkType, Named, State, Status},
};

impl Site {
    /// Returns a person; nobody is null.
    pub(super) fn user(&self, state: &State, user: Option<usize>) -> Value {
        let Some(user) = user else { return Value::Null };
        let user = &state.users[user];
        let id = if self.cloud { &user.account_id } else { &user.name };
        let avatar = format!("https://avatars.example.com/{id}");
        let mut json = json!({
            "active": user.active,
            "avatarUrls": { "48x48": avatar, "24x24": avatar, "16x16": avatar, "32x32": avatar },
            "displayName": user.display_name,
        });
        if self.cloud {
            json["accountId"] = json!(user.account_id);
            json["accountType"] = json!("atlassian");
            json["self"] = json!(self.api(&format!("user?accountId={id}")));
            json["timeZone"] = json!(zone_name(&user.time_zone));
        } else {
            json["name"] = json!(user.name);
            json["key"] = json!(user.key);
            json["self"] = json!(self.api(&format!("user?username={id}")));
            json["timeZone"] = json!(zone_name(&user.time_zone));
        }
        if user.shows_email {
            json["emailAddress"] = json!(user.email);
        }
        json
    }

    /// Returns a person as they see themselves.
    pub(super) fn myself(&self, state: &State, user: usize) -> Value {
        let mut json = self.user(state, Some(user));
        json["emailAddress"] = json!(state.users[user].email);
        json["locale"] = json!("en_US");
        json
    }

    pub(super) fn project_in_issue(&self, state: &State, project: usize) -> Value {
        let known = &state.projects[project];
        json!({
            "self": self.api(&format!("project/{}", known.id)),
            "id": known.id.to_string(),
            "key": known.key,
            "name": known.name,
            "projectTypeKey": project_type(known.service),
            "simplified": false,
        })
    }

    /// Returns a project on its own.
    pub(super) fn project(&self, state: &State, project: usize) -> Value {
        let known = &state.projects[project];
        let types: Vec<_> = known.issue_types.iter().map(|kind| self.issue_type(&state.issue_types[*kind])).collect();
        let mut json = self.project_in_issue(state, project);
        json["description"] = json!("");
        json["lead"] = self.user(state, Some(0));
        json["issueTypes"] = json!(types);
        json["components"] =
            known.components.iter().map(|component| self.component(project, state, component)).collect();
        json["versions"] = known.versions.iter().map(|version| self.version(version)).collect();
        json["assigneeType"] = json!("UNASSIGNED");
        if self.cloud {
            json["isPrivate"] = json!(known.members.is_some());
            json["style"] = json!("classic");
        }
        json
    }

    pub(super) fn issue_type(&self, kind: &IssueType) -> Value {
        json!({
            "self": self.api(&format!("issuetype/{}", kind.id)),
            "id": kind.id.to_string(),
            "description": format!("What is called {}", kind.name),
            "iconUrl": format!("{}/icons/{}.svg", self.base, kind.id),
            "name": kind.name,
            "subtask": kind.subtask,
        })
    }

    pub(super) fn status(&self, status: &Status) -> Value {
        let (id, name, color) = match status.category.as_str() {
            "new" => (2, "To Do", "blue-gray"),
            "indeterminate" => (4, "In Progress", "yellow"),
            _ => (3, "Done", "green"),
        };
        json!({
            "self": self.api(&format!("status/{}", status.id)),
            "description": "",
            "iconUrl": format!("{}/", self.base),
            "name": status.name,
            "id": status.id.to_string(),
            "statusCategory": {
                "self": self.api(&format!("statuscategory/{id}")), "id": id, "key": status.category, "colorName": color, "name": name,
            },
        })
    }

    /// Returns something that has a number and a name, under the address of its kind.
    pub(super) fn named(&self, kind: &str, named: &Named) -> Value {
        json!({ "self": self.api(&format!("{kind}/{}", named.id)), "id": named.id.to_string(), "name": named.name })
    }

    pub(super) fn component(&self, project: usize, state: &State, component: &Named) -> Value {
        let mut json = self.named("component", component);
        json["project"] = json!(state.projects[project].key);
        json["projectId"] = json!(state.projects[project].id);
        json
    }

    pub(super) fn version(&self, version: &Named) -> Value {
        let mut json = self.named("version", version);
        json["archived"] = json!(false);
        json["released"] = json!(false);
        json
    }

    pub(super) fn link_type(&self, kind: &LinkType) -> Value {
        json!({
            "self": self.api(&format!("issueLinkType/{}", kind.id)),
            "id": kind.id.to_string(),
            "name": kind.name,
            "inward": kind.inward,
            "outward": kind.outward,
        })
    }
}

/// Returns the word for a kind of project.
fn project_type(service: bool) -> &'static str {
    if service { "service_desk" } else { "software" }
}

/// Returns the name that Jira has for the zones of this fake's people.
fn zone_name(posix: &str) -> &'static str {
    match posix {
        "JST-9" => "Asia/Tokyo",
        "EST5" => "America/Panama",
        _ => "Etc/UTC",
    }
}
