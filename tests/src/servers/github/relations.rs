//! Parents and sub-issues. Here both are in one repository, where the real ones may be in two.

use super::{
    details::to_change,
    issues::{body, keep, single},
    pages::Page,
    place::Found,
    render::list,
    reply::{Refusal, Reply},
    service::Call,
    state::State,
};

pub(super) fn parent(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, number) = Found::issue(state, call)?;
    let parent = found.its_issue(state, number).parent.ok_or_else(Refusal::not_found)?;
    Ok(single(state, call, found, parent))
}

pub(super) fn sub_issues(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, number) = Found::issue(state, call)?;
    let repository = found.of(state);
    let children = &found.its_issue(state, number).sub_issues;
    let page = Page::of(call);
    let link = page.link(call, &format!("/repositories/{}/issues/{number}/sub_issues", repository.id), children.len());
    let shown = children[page.range(children.len())].iter();
    let shown = shown.map(|child| call.site.issue(state, repository, found.its_issue(state, *child)));
    Ok(Reply { link, ..Reply::read(list(shown)) })
}

pub(super) fn add_sub_issue(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, mut issue) = to_change(state, call)?;
    found.needs_push()?;
    let body = body(call);
    let child = named(state, found, body["sub_issue_id"].as_u64())?;
    let parent = found.its_issue(state, child).parent;
    if child == issue.number || parent == Some(issue.number) || (parent.is_some() && body["replace_parent"] != true) {
        let message = "An error occurred while adding the sub-issue to the parent issue. Issue may not contain duplicate \
                       sub-issues and Sub issue may only have one parent";
        return Err(Refusal::new(422, message));
    }
    if let Some(parent) = parent {
        let old = state.repositories[found.repository].issue(parent);
        old.sub_issues.retain(|number| *number != child);
    }
    set_parent(state, found, child, Some(issue.number));
    issue.sub_issues.push(child);
    Ok(Reply { status: 201, ..keep(state, call, found, issue) })
}

pub(super) fn remove_sub_issue(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let (found, mut issue) = to_change(state, call)?;
    found.needs_push()?;
    let child = named(state, found, body(call)["sub_issue_id"].as_u64())?;
    let place = issue.sub_issues.iter().position(|number| *number == child).ok_or_else(Refusal::not_found)?;
    issue.sub_issues.remove(place);
    set_parent(state, found, child, None);
    Ok(keep(state, call, found, issue))
}

/// Returns the number of the issue with this id, which is not the number that people see.
fn named(state: &State, found: Found, id: Option<u64>) -> Result<u64, Refusal> {
    let issue = found.of(state).issues().find(|issue| Some(issue.id) == id);
    issue.map(|issue| issue.number).ok_or_else(Refusal::not_found)
}

fn set_parent(state: &mut State, found: Found, child: u64, parent: Option<u64>) {
    let now = state.tick();
    let child = state.repositories[found.repository].issue(child);
    (child.parent, child.updated_at) = (parent, now);
}
