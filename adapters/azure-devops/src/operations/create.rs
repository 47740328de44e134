//! New work items.

use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Clearable, Created, Draft, FieldName, Report},
};

use super::{
    changes::{self, Changes, GAPS},
    expected::Expected,
    lookup, marker,
    patch::{Operation, Texts},
};
use crate::{
    AzureDevOps, api,
    key::{Key, same},
    mapping,
    request::{of_item, with_patch},
};

/// The state that everything has before it is made.
const BEFORE: &str = "";

/// Makes a work item, and says of every field whether Azure DevOps kept it.
pub(crate) async fn create(azure: &AzureDevOps, draft: &Draft) -> Result<Created> {
    let project = lookup::project(azure, draft.project.as_deref())?;
    let types = azure.types_of(project).await?;
    let of = chosen_type(&types, draft.ticket_type.as_deref())?;
    let mut report = Report::of(draft.asked()).with_gaps(GAPS);
    let (changes, later) = plan(azure, project, of, draft, &mut report).await?;
    let type_segment = format!("${}", of.name);
    let request = azure.request(Method::Post, [project, "_apis", "wit", "workitems", &type_segment])?;
    let request = with_patch(request.query("$expand", "all"), &changes.operations)?;
    let response = azure.send(request, &format!("a new {} in {project}", of.name)).await?;
    report.wrote();
    let item: api::WorkItem<'_> = response.decode()?;
    changes.settle(&item, &mut report)?;
    if let Some(later) = later {
        follow(azure, item.id, later, &mut report).await?;
    }
    let project = mapping::project_name(&item, None).unwrap_or(project);
    Ok(report
        .created(crate::key::key_of(azure.site.organization(), project, item.id))
        .with_native_id(item.id.to_string())
        .with_url(azure.site.page(project, item.id)))
}

/// Returns the type that is named. Azure DevOps knows no default, and none is made up.
fn chosen_type<'t>(types: &'t [api::WorkItemType], named: Option<&str>) -> Result<&'t api::WorkItemType> {
    let Some(named) = named else {
        let choices = types.iter().filter(|it| it.is_disabled != Some(true)).map(|it| it.name.as_str());
        return Err(Error::validation("a work item needs a type")
            .with_field("type", format!("can be: {}", choices.collect::<Vec<_>>().join(", "))));
    };
    lookup::work_item_type(types, named)
}

/// Finds what names stand for; what is wrong with them is an error before anything is written.
///
/// A state that nothing begins in is set by a second request, which comes back beside the first.
async fn plan(
    azure: &AzureDevOps,
    project: &str,
    of: &api::WorkItemType,
    draft: &Draft,
    report: &mut Report,
) -> Result<(Changes, Option<Changes>)> {
    let set = |value: &Option<String>| value.clone().map_or(Clearable::Keep, Clearable::Set);
    let mut changes = Changes::default();
    changes.text(FieldName::Title, "System.Title", &draft.title)?;
    body(of, draft, &mut changes, report)?;
    changes.priority(of, &set(&draft.priority), false, report)?;
    if !draft.labels.is_empty() {
        changes.tags(draft.labels.clone())?;
    }
    if !draft.assignees.is_empty() {
        changes.assignee(lookup::assignee(azure, &draft.assignees).await?)?;
    }
    if !draft.containers.is_empty() {
        let places = lookup::places(azure, project).await?;
        for place in lookup::chosen(&places, &draft.containers)? {
            changes.text(FieldName::Containers, place.field(), &place.path)?;
        }
    }
    if let Some(parent) = &draft.parent {
        let number = Key::parse(azure.site.organization(), parent)?.number;
        let expected = Expected::Relations(vec![(mapping::PARENT.to_owned(), number, true)]);
        changes.push(FieldName::Parent, [Operation::link(azure, mapping::PARENT, number)?], expected);
    }
    if !draft.links.is_empty() {
        changes.links(azure, &draft.links)?;
    }
    changes.due(of, &draft.due.map_or(Clearable::Keep, Clearable::Set), None, report)?;
    changes.estimate(of, &draft.estimate.clone().map_or(Clearable::Keep, Clearable::Set), None, report)?;
    let html = lookup::HtmlFields::among(azure, project, of, &draft.fields).await?;
    let texts = |field: &str| if html.has(field) { Texts::Html } else { Texts::Plain };
    for (name, value) in &draft.fields {
        changes.custom(of, name, &Clearable::Set(value.clone()), |_| false, texts, report)?;
    }
    changes.expected.push((FieldName::Type, Expected::Text { field: "System.WorkItemType", text: of.name.clone() }));
    changes
        .expected
        .push((FieldName::Project, Expected::Text { field: "System.TeamProject", text: project.to_owned() }));
    let later = state(of, draft, &mut changes)?;
    Ok((changes, later))
}

/// Adds the text, with the marker at its end, to the field that the type shows.
fn body(of: &api::WorkItemType, draft: &Draft, changes: &mut Changes, report: &mut Report) -> Result<()> {
    let shows_steps = same(&of.name, mapping::BUG) && lookup::has_field(of, mapping::REPRO_STEPS);
    let field = if shows_steps { mapping::REPRO_STEPS } else { mapping::DESCRIPTION };
    let html = draft.body.as_ref().map(|body| changes::html(body, report));
    if let Some(html) = marker::marked(html, draft.marker.as_deref())? {
        let operation = Operation::field(field, &html)?;
        changes.push(FieldName::Body, [operation], Expected::Words { field, html });
    }
    Ok(())
}

/// Adds the state, or returns it where nothing begins in it.
fn state(of: &api::WorkItemType, draft: &Draft, changes: &mut Changes) -> Result<Option<Changes>> {
    let Some(name) = draft.status.as_deref() else { return Ok(None) };
    let name = lookup::state(of, name)?;
    let first = of.transitions.get(BEFORE);
    if first.is_none_or(|first| first.iter().any(|step| same(&step.to, name))) {
        changes.text(FieldName::Status, "System.State", name)?;
        return Ok(None);
    }
    let mut later = Changes::default();
    later.text(FieldName::Status, "System.State", name)?;
    Ok(Some(later))
}

/// Does what could not be done at once. The work item is there, so that a failure is one of single fields.
async fn follow(azure: &AzureDevOps, number: u64, later: Changes, report: &mut Report) -> Result<()> {
    let outcome = async {
        let request = azure.request(Method::Patch, of_item(number))?.query("$expand", "all");
        let response = azure.send(with_patch(request, &later.operations)?, &super::read::about(azure, number)).await?;
        let item: api::WorkItem<'_> = response.decode()?;
        later.settle(&item, report)
    };
    if let Err(error) = outcome.await {
        for (name, _) in &later.expected {
            report.fail(name, error.clone())?;
        }
    }
    Ok(())
}
