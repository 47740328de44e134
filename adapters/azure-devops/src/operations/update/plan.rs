//! What a change comes to: every name looked up, every operation ready, before anything is written.

use usher_adapter_sdk::{
    Error, Result,
    message::{Change, Clearable, FieldName, LinkDraft, ListChange, Report},
    model::ContainerKind,
};

use crate::{
    AzureDevOps, api,
    key::{Key, number_of_url, project_of, same},
    mapping,
    operations::{
        changes::{self, Changes, relation},
        expected::{self, Expected},
        lookup,
        patch::{Operation, Texts},
    },
};

/// Says whether a change is only right for the work item as it was looked at.
pub(super) fn depends_on_what_is_there(change: &Change) -> bool {
    !change.labels.is_empty()
        || !change.links.is_empty()
        || !change.parent.is_keep()
        || !change.body.is_keep()
        || change.assignees.set.is_none() && !change.assignees.is_empty()
        || !change.containers.remove.is_empty()
}

/// Returns what is to be done to a work item as it is.
pub(super) async fn of(
    azure: &AzureDevOps,
    key: Key<'_>,
    change: &Change,
    item: &api::WorkItem<'_>,
    report: &mut Report,
) -> Result<Changes> {
    let own_project = mapping::project_name(item, Some(key))?;
    let target = change.project.as_deref().map(|name| project_of(azure.site.organization(), name)).transpose()?;
    let project = target.unwrap_or(own_project);
    let mut changes = Changes::default();
    if let Some(target) = target.filter(|target| !same(target, own_project)) {
        move_to(&mut changes, target)?;
    } else if let Some(target) = target {
        let expected = Expected::Text { field: "System.TeamProject", text: target.to_owned() };
        changes.push(FieldName::Project, [], expected);
    }
    if let Some(title) = &change.title {
        changes.text(FieldName::Title, "System.Title", title)?;
    }
    typed(azure, project, change, item, &mut changes, report).await?;
    body(change, item, &mut changes, report)?;
    resolution(change, &mut changes, report)?;
    if !change.labels.is_empty() {
        changes.tags(tags(&change.labels, item))?;
    }
    assignees(azure, change, item, &mut changes).await?;
    containers(azure, project, change, item, &mut changes).await?;
    relations(azure, change, item, &mut changes)?;
    Ok(changes)
}

/// Moves it to another project, where area and iteration begin at the root.
///
/// <https://learn.microsoft.com/azure/devops/boards/backlogs/move-change-type>
fn move_to(changes: &mut Changes, project: &str) -> Result<()> {
    changes.text(FieldName::Project, "System.TeamProject", project)?;
    changes.operations.push(Operation::field("System.AreaPath", project)?);
    changes.operations.push(Operation::field("System.IterationPath", project)?);
    Ok(())
}

/// Adds what depends on the type: itself, the state, and the fields that not every type has.
async fn typed(
    azure: &AzureDevOps,
    project: &str,
    change: &Change,
    item: &api::WorkItem<'_>,
    changes: &mut Changes,
    report: &mut Report,
) -> Result<()> {
    let is_asked = change.ticket_type.is_some()
        || change.status.is_some()
        || !change.priority.is_keep()
        || !change.due.is_keep()
        || !change.estimate.is_keep()
        || !change.fields.is_empty();
    if !is_asked {
        return Ok(());
    }
    let types = azure.types_of(project).await?;
    let own = item.fields.work_item_type.as_deref().unwrap_or_default();
    let of = lookup::work_item_type(&types, change.ticket_type.as_deref().unwrap_or(own))?;
    if change.ticket_type.is_some() {
        changes.text(FieldName::Type, "System.WorkItemType", &of.name)?;
    }
    if let Some(status) = &change.status {
        changes.text(FieldName::Status, "System.State", lookup::state(of, status)?)?;
    }
    let fields = &item.fields;
    changes.priority(of, &change.priority, fields.priority.is_some(), report)?;
    changes.due(of, &change.due, Some(fields), report)?;
    changes.estimate(of, &change.estimate, Some(fields), report)?;
    let written = change.fields.iter().filter_map(|(name, value)| match value {
        Clearable::Set(value) => Some((name, value)),
        _ => None,
    });
    let html = lookup::HtmlFields::among(azure, project, of, written).await?;
    let texts = |field: &str| match (mapping::is_markdown(item, field), html.has(field)) {
        (true, _) => Texts::Markdown,
        (false, true) => Texts::Html,
        (false, false) => Texts::Plain,
    };
    for (name, value) in &change.fields {
        changes.custom(of, name, value, |field| expected::has_value(item, field), texts, report)?;
    }
    Ok(())
}

/// Adds the text, in the language that the field is written in; what would be lost unseen is an error.
fn body(change: &Change, item: &api::WorkItem<'_>, changes: &mut Changes, report: &mut Report) -> Result<()> {
    let (field, own) = mapping::body_field(&item.fields);
    match &change.body {
        Clearable::Keep => {}
        Clearable::Clear => {
            let operation = own.map(|_| Operation::clear(field));
            changes.push(FieldName::Body, operation, Expected::Words { field, html: String::new() });
        }
        Clearable::Set(text) if mapping::is_markdown(item, field) => {
            let operations = [Operation::is_markdown(field)?, Operation::field(field, &text.markdown)?];
            changes.push(FieldName::Body, operations, Expected::Words { field, html: text.markdown.clone() });
        }
        Clearable::Set(text) => {
            let lost = own.map(mapping::to_markdown).map(|own| own.lossy).unwrap_or_default();
            let keeps_html = text.native.is_some();
            if !lost.is_empty() && !keeps_html && !change.force_lossy {
                return Err(Error::validation(format!(
                    "the text holds what Markdown cannot say, and would lose it: {}",
                    lost.join(", ")
                ))
                .with_field("body", format!("would lose: {}", lost.join(", ")))
                .with_hint("Change it on its page, or write it all the same with `force_lossy`."));
            }
            let html = changes::html(text, report);
            changes.push(FieldName::Body, [Operation::field(field, &html)?], Expected::Words { field, html });
        }
    }
    Ok(())
}

/// Why a state was reached is the reason, which stands beside it.
fn resolution(change: &Change, changes: &mut Changes, report: &mut Report) -> Result<()> {
    match &change.resolution {
        Clearable::Keep => Ok(()),
        Clearable::Clear => {
            report.refuse(&FieldName::Resolution, "a reason stands beside every state: set another one");
            Ok(())
        }
        Clearable::Set(reason) => changes.text(FieldName::Resolution, "System.Reason", reason),
    }
}

/// Returns the tags that shall be there; Azure DevOps does not tell them apart by case.
fn tags(change: &ListChange<String>, item: &api::WorkItem<'_>) -> Vec<String> {
    let mut tags: Vec<String> = match &change.set {
        Some(set) => set.clone(),
        None => mapping::tags(&item.fields).map(str::to_owned).collect(),
    };
    tags.retain(|tag| !change.remove.iter().any(|removed| same(removed, tag)));
    for tag in &change.add {
        if !tags.iter().any(|own| same(own, tag)) {
            tags.push(tag.clone());
        }
    }
    tags
}

async fn assignees(
    azure: &AzureDevOps,
    change: &Change,
    item: &api::WorkItem<'_>,
    changes: &mut Changes,
) -> Result<()> {
    let asked = &change.assignees;
    if asked.is_empty() {
        return Ok(());
    }
    if let Some(set) = &asked.set {
        return changes.assignee(lookup::assignee(azure, set).await?);
    }
    let own = mapping::somebody(item.fields.assigned_to.as_ref());
    let is_own = |name: &str| {
        own.as_ref().is_some_and(|own| {
            let names = [&own.handle, &own.display_name, &own.email];
            same(&own.id, name) || names.into_iter().flatten().any(|known| same(known, name))
        })
    };
    let mut is_removed = false;
    for name in &asked.remove {
        is_removed |= is_own(&lookup::person(azure, name).await?) || is_own(name);
    }
    let added = lookup::assignee(azure, &asked.add).await?;
    match (added, own.as_ref().filter(|_| !is_removed)) {
        (Some(added), Some(own)) if !is_own(&added) => Err(Error::validation(format!(
            "it is assigned to {}, and a work item has one assignee at most",
            own.label()
        ))
        .with_field("assignees", "remove that one in the same change, or set the list")),
        (Some(added), _) => changes.assignee(Some(added)),
        (None, Some(own)) => {
            changes.push(FieldName::Assignees, [], Expected::Assignee(Some(own.id.clone())));
            Ok(())
        }
        (None, None) => changes.assignee(None),
    }
}

async fn containers(
    azure: &AzureDevOps,
    project: &str,
    change: &Change,
    item: &api::WorkItem<'_>,
    changes: &mut Changes,
) -> Result<()> {
    let asked = &change.containers;
    if asked.is_empty() {
        return Ok(());
    }
    let places = lookup::places(azure, project).await?;
    let added = lookup::chosen(&places, asked.set.as_ref().unwrap_or(&asked.add))?;
    let removed = lookup::chosen(&places, &asked.remove)?;
    changes.push(FieldName::Containers, [], Expected::Nothing);
    for kind in [ContainerKind::Component, ContainerKind::Sprint] {
        let (field, own) = match kind {
            ContainerKind::Sprint => ("System.IterationPath", &item.fields.iteration_path),
            _ => ("System.AreaPath", &item.fields.area_path),
        };
        let is_removed =
            removed.iter().any(|place| place.kind == kind && own.as_deref().is_some_and(|own| same(own, &place.path)));
        // Everything lies somewhere: what is taken away lies at the root again.
        let path = match added.iter().find(|place| place.kind == kind) {
            Some(place) => Some(place.path.as_str()),
            None => (asked.set.is_some() || is_removed).then_some(project),
        };
        if let Some(path) = path {
            changes.text(FieldName::Containers, field, path)?;
        }
    }
    Ok(())
}

/// Adds parent and links: what ends goes first and from behind, since relations are known by their places.
fn relations(azure: &AzureDevOps, change: &Change, item: &api::WorkItem<'_>, changes: &mut Changes) -> Result<()> {
    let own: Vec<(usize, &str, u64)> = item
        .relations
        .iter()
        .flatten()
        .enumerate()
        .filter_map(|(place, own)| Some((place, &*own.rel, number_of_url(&own.url)?)))
        .collect();
    let mut wanted: Vec<(FieldName, &str, u64)> = Vec::new();
    let mut ended: Vec<(FieldName, usize, &str, u64)> = Vec::new();
    let parent = match &change.parent {
        Clearable::Keep => None,
        Clearable::Clear => Some(None),
        Clearable::Set(key) => Some(Some(Key::parse(azure.site.organization(), key)?.number)),
    };
    if let Some(parent) = parent {
        let others = own.iter().filter(|(_, rel, number)| *rel == mapping::PARENT && Some(*number) != parent);
        ended.extend(others.map(|(place, rel, number)| (FieldName::Parent, *place, *rel, *number)));
        wanted.extend(parent.map(|number| (FieldName::Parent, mapping::PARENT, number)));
    }
    let links = |links: &[LinkDraft]| links.iter().map(|link| relation(azure, link)).collect::<Result<Vec<_>>>();
    let removed = links(&change.links.remove)?;
    let added = links(change.links.set.as_ref().unwrap_or(&change.links.add))?;
    wanted.extend(added.iter().map(|(rel, number)| (FieldName::Links, *rel, *number)));
    let is_ended = |rel: &str, number: u64| match &change.links.set {
        Some(_) => mapping::known_link(rel).is_some_and(|rel| !added.contains(&(rel, number))),
        None => removed.iter().any(|(own, target)| *own == rel && *target == number),
    };
    let others = own.iter().filter(|(_, rel, number)| is_ended(rel, *number));
    ended.extend(others.map(|(place, rel, number)| (FieldName::Links, *place, *rel, *number)));
    ended.sort_by_key(|(_, place, ..)| std::cmp::Reverse(*place));
    let mut expected: Vec<(FieldName, (String, u64, bool))> = Vec::new();
    for (name, place, rel, number) in ended {
        changes.operations.push(Operation::unlink(place));
        expected.push((name, (rel.to_owned(), number, false)));
    }
    for (name, rel, number) in wanted {
        if !own.iter().any(|(_, own_rel, own_number)| *own_rel == rel && *own_number == number) {
            changes.operations.push(Operation::link(azure, rel, number)?);
        }
        expected.push((name, (rel.to_owned(), number, true)));
    }
    for (name, is_asked) in [(FieldName::Parent, parent.is_some()), (FieldName::Links, !change.links.is_empty())] {
        if is_asked {
            let seen = expected.iter().filter(|(own, _)| *own == name).map(|(_, seen)| seen.clone()).collect();
            changes.push(name, [], Expected::Relations(seen));
        }
    }
    Ok(())
}
