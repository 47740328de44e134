//! From the names in a path to what is meant, as far as the caller may see it.

use super::{reply::Refusal, service::Call, state::State};

/// Returns whether who asks may see a project.
pub(super) fn may_see(state: &State, user: usize, project: usize) -> bool {
    state.projects[project].members.as_ref().is_none_or(|members| members.contains(&user))
}

/// Returns the place of the project of a path, if the path has one.
pub(super) fn project(state: &State, call: &Call) -> Result<Option<usize>, Refusal> {
    match call.value("project") {
        "" => Ok(None),
        name => named(state, call.user, name).map(Some).ok_or_else(|| Refusal::no_project(name)),
    }
}

/// Returns the place of the project of a path that must have one.
pub(super) fn needed_project(state: &State, call: &Call) -> Result<usize, Refusal> {
    project(state, call)?.ok_or_else(|| Refusal::violation("the path names no project, and this operation needs one"))
}

/// Returns the place of a project by its name or id.
pub(super) fn named(state: &State, user: usize, name: &str) -> Option<usize> {
    let called = |project: &super::state::Project| project.name.eq_ignore_ascii_case(name) || project.id == name;
    state.projects.iter().position(called).filter(|project| may_see(state, user, *project))
}

/// Returns the number of the work item of a path. One of another project than the path's is not there.
pub(super) fn item(state: &State, call: &Call, parameter: &str) -> Result<u64, Refusal> {
    let text = call.value(parameter);
    let project = project(state, call)?;
    let id = text.parse().ok().filter(|id| is_visible(state, call.user, *id));
    let here = id.filter(|id| project.is_none_or(|project| state.items[id].project == project));
    here.ok_or_else(|| Refusal::no_item(text))
}

/// Returns whether a work item is there for somebody.
pub(super) fn is_visible(state: &State, user: usize, id: u64) -> bool {
    state.items.get(&id).is_some_and(|item| !item.deleted && may_see(state, user, item.project))
}
