//! From the names in a path to what is meant, as far as the caller may see it.

use super::{
    reply::Refusal,
    service::Call,
    state::{Issue, State},
};

/// Returns the id of the issue that the first value of the path names.
pub(super) fn issue(state: &State, call: &Call) -> Result<u64, Refusal> {
    named_issue(state, call, &call.values[0])
}

/// Returns the id of an issue that the caller may see.
pub(super) fn named_issue(state: &State, call: &Call, name: &str) -> Result<u64, Refusal> {
    let found = state.find_issue(name);
    let visible = found.filter(|id| call.search(state).may_see(state.issues[id].project));
    visible.ok_or_else(Refusal::no_issue)
}

/// Returns the place of the project that the first value of the path names.
pub(super) fn project(state: &State, call: &Call) -> Result<usize, Refusal> {
    let name = &call.values[0];
    named_project(state, call, name).ok_or_else(|| Refusal::no_project(name))
}

/// Returns the place of a project that the caller may see, by key or number.
pub(super) fn named_project(state: &State, call: &Call, name: &str) -> Option<usize> {
    let called = |place: &usize| {
        let project = &state.projects[*place];
        project.key.eq_ignore_ascii_case(name) || project.id.to_string() == name
    };
    (0..state.projects.len()).filter(called).find(|place| call.search(state).may_see(*place))
}

/// Returns who writes; nobody in particular may not.
pub(super) fn writer(call: &Call) -> Result<usize, Refusal> {
    let nobody = || Refusal::new(401, "You do not have the permission to see the specified issue.");
    call.caller.user().ok_or_else(nobody)
}

/// Returns an issue that is about to change, with its new time.
pub(super) fn changing(state: &mut State, id: u64) -> &mut Issue {
    state.before_write(id);
    let now = state.tick();
    let issue = state.issues.get_mut(&id).expect("it was found a moment ago");
    issue.updated = now;
    issue
}
