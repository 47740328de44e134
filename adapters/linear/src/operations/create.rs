//! New issues.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Created, Draft, FieldName, Report},
};

use super::{
    compare, gaps,
    input::{self, Input, Variables},
    lookup::{self, Containers, Wanted},
    marker, relation,
};
use crate::{Linear, api, documents, key::Key};

/// Makes an issue, and says of every field whether Linear kept it.
pub(crate) async fn create(linear: &Linear, draft: &Draft) -> Result<Created> {
    let mut report = gaps::report(draft.asked());
    let relations = relation::of_draft(&draft.links)?;
    let wanted = wanted(linear, draft)?;
    let team = wanted.team.unwrap_or_default();
    let names = wanted.ask(linear).await?;
    let names: api::Names<'_> = linear.data(&names, &team)?.whole(&team)?;
    let input = input(draft, lookup::team(&names, team)?, &names, &mut report)?;
    let response = linear.ask(documents::ISSUE_CREATE, &Variables { id: None, input: &input }).await?;
    let payload = linear.data::<api::IssueCreated<'_>>(&response, &"the new issue")?.data.issue_create;
    let issue = payload.issue.filter(|_| payload.success).ok_or_else(unanswered)?;
    report.wrote();
    compare::settle(&mut report, &input, &issue);
    if !relations.is_empty() {
        relation::carry_out(linear, relation::steps_of_new(&relations, &issue.id), &mut report).await?;
    }
    Ok(report.created(&*issue.identifier).with_native_id(issue.id.to_string()).with_url(issue.url.map(String::from)))
}

/// Returns the error of a write that Linear answers without an issue and without an error.
pub(super) fn unanswered() -> Error {
    Error::new(ErrorKind::OutcomeUnknown, "Linear answers neither with the issue nor with an error")
        .with_hint("Look whether it was written before you repeat it.")
}

fn wanted<'a>(linear: &'a Linear, draft: &'a Draft) -> Result<Wanted<'a>> {
    if draft.assignees.len() > 1 {
        return Err(one_assignee());
    }
    Ok(Wanted {
        team: Some(lookup::team_name(linear, draft.project.as_deref())?),
        labels: draft.labels.iter().map(String::as_str).collect(),
        people: draft.assignees.iter().map(String::as_str).collect(),
        containers: draft.containers.iter().map(String::as_str).collect(),
        ..Wanted::default()
    })
}

/// Returns the error of a second assignee.
pub(super) fn one_assignee() -> Error {
    Error::validation("an issue has one assignee at most").with_field("assignees", "names several")
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
fn input(draft: &Draft, team: &api::TeamNames<'_>, names: &api::Names<'_>, report: &mut Report) -> Result<Input> {
    let Containers { project, milestone, cycle } = lookup::containers(names, team, &draft.containers)?;
    let assignee = draft.assignees.first().map(|name| lookup::person(names, name)).transpose()?;
    let state = draft.status.as_deref().map(|word| lookup::state(team, word)).transpose()?;
    let labels = lookup::labels(team, &draft.labels)?;
    Ok(Input {
        id: draft.marker.as_deref().map(marker::id).transpose()?.map(str::to_owned),
        team_id: Some(team.id.to_string()),
        title: Some(draft.title.clone()),
        description: draft.body.as_ref().map(|body| Some(body.markdown.clone())),
        state_id: state.and_then(|state| state.id.as_deref().map(str::to_owned)),
        priority: draft.priority.as_deref().map(input::priority).transpose()?,
        assignee_id: assignee.map(|user| Some(user.id.to_string())),
        label_ids: (!labels.is_empty()).then_some(labels),
        project_id: project.map(Some),
        project_milestone_id: milestone.map(Some),
        cycle_id: cycle.map(Some),
        parent_id: draft.parent.as_ref().map(Key::parse).transpose()?.map(|parent| Some(parent.to_string())),
        due_date: draft.due.as_ref().and_then(|due| report.take(&FieldName::Due, input::due_date(due))).map(Some),
        estimate: draft
            .estimate
            .as_ref()
            .and_then(|size| report.take(&FieldName::Estimate, input::estimate(size)))
            .map(Some),
        ..Input::default()
    })
}
