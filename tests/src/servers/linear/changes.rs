//! Where mutations begin, and what they do to issues.

use serde_json::Value;

use super::{
    details,
    fields::{Field, Node, View, leaf},
    input::{self, Writer},
    reply::{Refusal, Trouble},
    run::Run,
    state::{Issue, State},
};

/// Does what a field of `Mutation` says.
pub(super) fn field(run: &Run, name: &str, arguments: &Value) -> Result<Field, Trouble> {
    if !run.token.may_write {
        return Err(Refusal::forbidden("Invalid scope: `write` required").into());
    }
    let writer = Writer { viewer: run.viewer, token: run.token };
    let change: fn(&mut State, Writer, &Value) -> Result<Field, Trouble> = match name {
        "attachmentCreate" => details::create_attachment,
        "attachmentDelete" => details::delete_attachment,
        "attachmentLinkURL" => details::link_url,
        "commentCreate" => details::create_comment,
        "commentDelete" => details::delete_comment,
        "commentUpdate" => details::update_comment,
        "issueAddLabel" => add_label,
        "issueArchive" => archive,
        "issueCreate" => create,
        "issueDelete" => delete,
        "issueRelationCreate" => details::create_relation,
        "issueRelationDelete" => details::delete_relation,
        "issueRemoveLabel" => remove_label,
        "issueUnarchive" => unarchive,
        "issueUpdate" => update,
        other => return Err(Trouble::Missing(format!("Mutation.{other}"))),
    };
    run.change(|state| change(state, writer, arguments))
}

/// Returns what a mutation answers: that it was done, and the thing.
pub(super) fn done(name: &'static str, field: Field) -> Field {
    Field::Plain(vec![("success", leaf(true)), ("lastSyncId", leaf(1)), (name, field)])
}

/// Returns the place of an issue that the arguments name.
pub(super) fn issue_place(state: &State, writer: Writer, name: &Value) -> Result<usize, Refusal> {
    let view = View { state, viewer: writer.viewer };
    match view.issue_named(name.as_str().unwrap_or_default())? {
        Node::Issue(place) => Ok(place),
        other => unreachable!("{other:?} is no issue"),
    }
}

fn create(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = &arguments["input"];
    let team = input::team(state, writer, &input["teamId"])?;
    let title = input["title"].as_str().filter(|title| !title.trim().is_empty());
    let title = title.ok_or_else(|| Refusal::argument("title should not be empty".to_owned()))?;
    let taken = input["id"].as_str().filter(|id| state.issues.iter().any(|issue| issue.meta.id == **id));
    if let Some(id) = taken {
        return Err(
            Refusal::input(format!("conflict on insert of Issue: an entity with the id {id} exists already")).into()
        );
    }
    let mut issue = Issue::new(state, team, title);
    issue.creator = Some(writer.viewer);
    issue.subscribers.push(writer.viewer);
    input::own_id(&mut issue.meta, input)?;
    input::fill(state, writer, &mut issue, None, input)?;
    let place = state.add_issue(issue);
    Ok(done("issue", Field::One(Some(Node::Issue(place)))))
}

fn update(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let place = issue_place(state, writer, &arguments["id"])?;
    let input = &arguments["input"];
    let mut issue = state.issues[place].clone();
    if let Some(team) = moved_to(state, writer, &issue, input)? {
        // The state and the labels of an input belong to the new team, so they are looked at after the move.
        let mut trial = issue.clone();
        (trial.team, trial.state) = (team, state.teams[team].default_state);
        input::fill(state, writer, &mut trial, Some(place), input)?;
        state.move_issue(place, team, state.teams[team].default_state);
        issue = state.issues[place].clone();
    }
    input::fill(state, writer, &mut issue, Some(place), input)?;
    keep(state, place, issue);
    Ok(done("issue", Field::One(Some(Node::Issue(place)))))
}

/// Returns the team that an input moves an issue to, if it does.
fn moved_to(state: &State, writer: Writer, issue: &Issue, input: &Value) -> Result<Option<usize>, Refusal> {
    if input["teamId"].is_null() {
        return Ok(None);
    }
    let team = input::team(state, writer, &input["teamId"])?;
    Ok((team != issue.team).then_some(team))
}

/// Puts a changed issue in the place of the old one.
fn keep(state: &mut State, place: usize, mut issue: Issue) {
    issue.meta.updated_at = state.tick();
    let before = state.issues[place].parent;
    if before != issue.parent {
        if let Some(parent) = before {
            state.issues[parent].children.retain(|child| *child != place);
        }
        if let Some(parent) = issue.parent {
            state.issues[parent].children.push(place);
        }
    }
    state.issues[place] = issue;
}

fn add_label(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = serde_json::json!({ "addedLabelIds": [arguments["labelId"]] });
    update(state, writer, &serde_json::json!({ "id": arguments["id"], "input": input }))
}

fn remove_label(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    let input = serde_json::json!({ "removedLabelIds": [arguments["labelId"]] });
    update(state, writer, &serde_json::json!({ "id": arguments["id"], "input": input }))
}

fn archive(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    set_archived(state, writer, arguments, true, arguments["trash"] == true)
}

/// Linear keeps what was deleted for thirty days: in the trash, and still to be read by its id.
fn delete(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    if arguments["permanentlyDelete"] == true {
        return Err(Refusal::forbidden("Only workspace admins can permanently delete issues").into());
    }
    set_archived(state, writer, arguments, true, true)
}

fn unarchive(state: &mut State, writer: Writer, arguments: &Value) -> Result<Field, Trouble> {
    set_archived(state, writer, arguments, false, false)
}

fn set_archived(
    state: &mut State,
    writer: Writer,
    arguments: &Value,
    archived: bool,
    trashed: bool,
) -> Result<Field, Trouble> {
    let place = issue_place(state, writer, &arguments["id"])?;
    let now = state.tick();
    let issue = &mut state.issues[place];
    issue.meta.archived_at = archived.then_some(now);
    (issue.meta.updated_at, issue.trashed) = (now, trashed);
    Ok(done("entity", Field::One(Some(Node::Issue(place)))))
}
