//! New issues.

use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Clearable, Created, Draft, FieldName, ListChange, Report},
};

use super::{
    input::{self, GAPS, Input, Written},
    links, lookup, read,
};
use crate::{Redmine, api, key::Key, mapping};

/// Makes an issue, and says of every field whether Redmine kept it.
pub(crate) async fn create(redmine: &Redmine, draft: &Draft) -> Result<Created> {
    redmine.known().await?;
    let mut report = Report::of(draft.asked()).with_gaps(GAPS);
    let steps = links::steps(&ListChange::delta(draft.links.iter().cloned(), []), None)?;
    let input = input(redmine, draft, &mut report).await?;
    let request = redmine.request(Method::Post, ["issues.json"])?.json(&Written { issue: &input })?;
    let response = redmine.send(request, &"the new issue").await?;
    report.wrote();
    let api::One { issue } = response.decode()?;
    input.compare(&issue, &mut report);
    let key = Key(issue.id);
    links::carry_out(redmine, key, steps, &mut report).await?;
    Ok(report.created(key).with_url(mapping::page(read::known(redmine)?.base_url, issue.id)))
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
async fn input(redmine: &Redmine, draft: &Draft, report: &mut Report) -> Result<Input> {
    let response = lookup::project_of(redmine, lookup::project(redmine, draft.project.as_deref())?).await?;
    let api::OneProject { project } = response.decode()?;
    let mut input = Input { project_id: Some(project.id), subject: Some(draft.title.clone()), ..Input::default() };
    if let Some(body) = &draft.body {
        input.description = Some(redmine.config.text_format.body(body, report));
    }
    if let Some(name) = &draft.ticket_type {
        input.tracker_id = Some(lookup::tracker(name, &project.trackers)?.id);
    }
    if let Some(name) = &draft.status {
        let response = redmine.read(["issue_statuses.json"]).await?;
        input.status_id = Some(lookup::status(name, &response.decode::<api::Lists<'_>>()?.issue_statuses)?.id);
    }
    if let Some(name) = &draft.priority {
        input.priority_id = Some(priority(redmine, name).await?);
    }
    match &draft.assignees[..] {
        [] => {}
        [name] => input.assigned_to_id = Some(lookup::person(redmine, project.id, name).await?.to_string()),
        _ => return Err(one_assignee()),
    }
    containers(redmine, &project, &draft.containers, &mut input).await?;
    input.parent_issue_id = draft.parent.as_ref().map(Key::parse).transpose()?.map(|parent| parent.to_string());
    input.due_date = taken(report, &FieldName::Due, draft.due.as_ref().map(input::due_date));
    input.estimated_hours = taken(report, &FieldName::Estimate, draft.estimate.as_ref().map(input::hours));
    if !draft.fields.is_empty() {
        let known = lookup::custom_fields(redmine, &project).await?;
        let fields = draft.fields.iter().map(|(name, value)| (name.clone(), Clearable::Set(value.clone()))).collect();
        input.fields(&fields, &known)?;
    }
    Ok(input)
}

/// Returns the id of a priority.
pub(super) async fn priority(redmine: &Redmine, name: &str) -> Result<u64> {
    let response = redmine.read(["enumerations", "issue_priorities.json"]).await?;
    Ok(lookup::priority(name, &response.decode::<api::Lists<'_>>()?.issue_priorities)?.id)
}

/// Returns the error of a second assignee.
pub(super) fn one_assignee() -> Error {
    Error::validation("an issue has one assignee at most").with_field("assignees", "names several")
}

/// Finds the version and the category that names stand for.
pub(super) async fn containers(
    redmine: &Redmine,
    project: &api::Project<'_>,
    names: &[String],
    input: &mut Input,
) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let response = redmine.read(["projects", &project.id.to_string(), "versions.json"]).await?;
    let lists: api::Lists<'_> = response.decode()?;
    for name in names {
        let is_version = lists.versions.iter().any(|version| lookup::is_called(version, name));
        let (place, id) = if is_version {
            (&mut input.fixed_version_id, lookup::one("version", name, &lists.versions)?.id)
        } else {
            (&mut input.category_id, lookup::one("version or category", name, &project.issue_categories)?.id)
        };
        if place.as_ref().is_some_and(|other| !other.is_empty() && *other != id.to_string()) {
            return Err(Error::validation("an issue has one version and one category")
                .with_field("containers", "names several"));
        }
        *place = Some(id.to_string());
    }
    Ok(())
}

/// Takes a value; where Redmine cannot hold it the field is refused, and the rest is written.
pub(super) fn taken<T>(report: &mut Report, field: &FieldName, value: Option<Result<T, String>>) -> Option<T> {
    match value? {
        Ok(value) => Some(value),
        Err(reason) => {
            report.refuse(field, reason);
            None
        }
    }
}
