//! What the input of a create or an update does to an issue, member by member.

use jiff::civil::Date;
use serde_json::Value;

use super::{
    access::{Token, TokenKind},
    fields::View,
    reply::{Refusal, Trouble},
    state::{Issue, Meta, State},
};

/// Who writes.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    /// The place of the user.
    pub(super) viewer: usize,
    pub(super) token: &'a Token,
}

/// Members that change nothing that the fake shows.
const WITHOUT_EFFECT: &[&str] = &[
    "autoClosedByParentClosing",
    "createdAt",
    "id",
    "preserveSortOrderOnCreate",
    "prioritySortOrder",
    "sortOrder",
    "subIssueSortOrder",
    "teamId",
];

/// Changes an issue as an input says. `place` is where it is kept, if it is not new.
pub(super) fn fill(
    state: &State,
    writer: Writer,
    issue: &mut Issue,
    place: Option<usize>,
    input: &Value,
) -> Result<(), Trouble> {
    for (name, value) in input.as_object().into_iter().flatten() {
        match name.as_str() {
            "title" => issue.title = title(value)?,
            "description" => issue.description = value.as_str().filter(|text| !text.is_empty()).map(str::to_owned),
            "priority" => issue.priority = priority(value)?,
            "estimate" => issue.estimate = value.as_u64().and_then(|estimate| u32::try_from(estimate).ok()),
            "dueDate" => issue.due_date = day(value)?,
            "stateId" => set_state(state, issue, value)?,
            "assigneeId" => issue.assignee = assignee(state, value)?,
            "labelIds" => issue.labels = labels(state, issue, value)?,
            "addedLabelIds" => {
                for label in labels(state, issue, value)? {
                    if !issue.labels.contains(&label) {
                        issue.labels.push(label);
                    }
                }
            }
            "removedLabelIds" => {
                let removed = labels(state, issue, value)?;
                issue.labels.retain(|label| !removed.contains(label));
            }
            "projectId" => {
                issue.project = find(value, state.projects.iter().map(|project| &project.meta), "Project")?;
                issue.milestone = None;
            }
            // After the project, whatever the order of the members.
            "projectMilestoneId" => {}
            "cycleId" => {
                issue.cycle = find(value, state.cycles.iter().map(|cycle| &cycle.meta), "Cycle")?;
                if issue.cycle.is_some_and(|cycle| state.cycles[cycle].team != issue.team) {
                    return Err(Refusal::input("Cycle is not of the issue's team").into());
                }
            }
            "parentId" => issue.parent = parent(state, writer, value, place)?,
            "subscriberIds" => issue.subscribers = subscribers(state, value)?,
            "slaBreachesAt" => issue.sla_breaches_at = value.as_str().map(time).transpose()?,
            "trashed" => issue.trashed = value == &Value::Bool(true),
            "createAsUser" | "displayIconUrl" => app_only(writer, name)?,
            name if WITHOUT_EFFECT.contains(&name) => {}
            other => return Err(Trouble::Missing(format!("the input `{other}` of an issue"))),
        }
    }
    if let Some(wanted) = input.get("projectMilestoneId") {
        issue.milestone = find(wanted, state.milestones.iter().map(|milestone| &milestone.meta), "ProjectMilestone")?;
        if issue.milestone.is_some_and(|milestone| Some(state.milestones[milestone].project) != issue.project) {
            return Err(Refusal::input("Project milestone is not of the issue's project").into());
        }
    }
    exclusive(state, issue)?;
    Ok(())
}

/// Gives something new the id that its input has, which must be a UUID.
pub(super) fn own_id(meta: &mut Meta, input: &Value) -> Result<(), Refusal> {
    let Some(id) = input["id"].as_str() else { return Ok(()) };
    let groups = id.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if !groups || !id.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit()) {
        return Err(Refusal::argument("id must be a UUID".to_owned()));
    }
    id.clone_into(&mut meta.id);
    Ok(())
}

/// Returns the team that an input names, by id; a key is no id.
pub(super) fn team(state: &State, writer: Writer, name: &Value) -> Result<usize, Refusal> {
    let team = find(name, state.teams.iter().map(|team| &team.meta), "Team")?;
    let visible = |team: &usize| View { state, viewer: writer.viewer }.may_see(*team);
    team.filter(visible).ok_or_else(|| Refusal::not_found("Team"))
}

/// Refuses what only an app may say.
pub(super) fn app_only(writer: Writer, name: &str) -> Result<(), Refusal> {
    if writer.token.kind == TokenKind::OAuth {
        return Ok(());
    }
    Err(Refusal::argument(format!("{name} can only be used by OAuth applications in `actor=app` mode")))
}

/// Returns the place of a thing by its id; null is nothing.
fn find<'a>(id: &Value, mut metas: impl Iterator<Item = &'a Meta>, kind: &str) -> Result<Option<usize>, Refusal> {
    let Some(id) = id.as_str() else { return Ok(None) };
    let found = metas.position(|meta| meta.id == id && !meta.deleted);
    found.map(Some).ok_or_else(|| Refusal::not_found(kind))
}

fn title(value: &Value) -> Result<String, Refusal> {
    let title = value.as_str().filter(|title| !title.trim().is_empty());
    title.map(str::to_owned).ok_or_else(|| Refusal::argument("title should not be empty".to_owned()))
}

fn priority(value: &Value) -> Result<u8, Refusal> {
    let number = value.as_u64().unwrap_or_default();
    let known = u8::try_from(number).ok().filter(|number| *number <= 4);
    known.ok_or_else(|| Refusal::argument("priority must not be greater than 4".to_owned()))
}

fn day(value: &Value) -> Result<Option<Date>, Refusal> {
    let Some(text) = value.as_str() else { return Ok(None) };
    let day = text.parse().ok().filter(|_| text.len() == 10);
    day.map(Some).ok_or_else(|| Refusal::argument(format!("`{text}` is not a date")))
}

fn time(text: &str) -> Result<jiff::Timestamp, Refusal> {
    text.parse().map_err(|_| Refusal::argument(format!("`{text}` is not a time")))
}

fn set_state(state: &State, issue: &mut Issue, id: &Value) -> Result<(), Refusal> {
    let wanted = find(id, state.states.iter().map(|state| &state.meta), "WorkflowState")?;
    let wanted = wanted.ok_or_else(|| Refusal::argument("stateId must not be null".to_owned()))?;
    if state.states[wanted].team != issue.team {
        return Err(Refusal::input("Workflow state is not of the issue's team"));
    }
    if issue.state == wanted {
        return Ok(());
    }
    issue.state = wanted;
    let kind = state.states[wanted].kind.as_str();
    let now = state.clock;
    issue.completed_at = (kind == "completed").then_some(now);
    issue.canceled_at = ["canceled", "duplicate"].contains(&kind).then_some(now);
    if kind == "started" {
        issue.started_at.get_or_insert(now);
    }
    Ok(())
}

fn assignee(state: &State, id: &Value) -> Result<Option<usize>, Refusal> {
    let user = find(id, state.users.iter().map(|user| &user.meta), "User")?;
    match user {
        Some(user) if !state.users[user].active => Err(Refusal::input("Cannot assign to a deactivated user")),
        user => Ok(user),
    }
}

fn subscribers(state: &State, ids: &Value) -> Result<Vec<usize>, Refusal> {
    let ids = ids.as_array().into_iter().flatten();
    let found = ids.map(|id| find(id, state.users.iter().map(|user| &user.meta), "User"));
    found.filter_map(Result::transpose).collect()
}

fn labels(state: &State, issue: &Issue, ids: &Value) -> Result<Vec<usize>, Refusal> {
    let mut found = Vec::new();
    for id in ids.as_array().into_iter().flatten() {
        let place = find(id, state.labels.iter().map(|label| &label.meta), "IssueLabel")?;
        let place = place.ok_or_else(|| Refusal::not_found("IssueLabel"))?;
        let label = &state.labels[place];
        if label.is_group {
            return Err(Refusal::input("A label group cannot stand on an issue"));
        }
        if label.team.is_some_and(|team| team != issue.team) {
            return Err(Refusal::input("Label is not of the issue's team"));
        }
        if !found.contains(&place) {
            found.push(place);
        }
    }
    Ok(found)
}

/// An issue has at most one label of a group.
fn exclusive(state: &State, issue: &Issue) -> Result<(), Refusal> {
    let mut groups: Vec<_> = issue.labels.iter().filter_map(|label| state.labels[*label].group).collect();
    let count = groups.len();
    groups.sort_unstable();
    groups.dedup();
    if groups.len() == count { Ok(()) } else { Err(Refusal::input("Labels of one group exclude each other")) }
}

fn parent(state: &State, writer: Writer, name: &Value, place: Option<usize>) -> Result<Option<usize>, Refusal> {
    if name.is_null() {
        return Ok(None);
    }
    let parent = super::changes::issue_place(state, writer, name)?;
    let mut above = Some(parent);
    while let Some(issue) = above {
        if Some(issue) == place {
            return Err(Refusal::input("An issue cannot be a part of itself"));
        }
        above = state.issues[issue].parent;
    }
    Ok(Some(parent))
}
