//! Jira's words into ours: tables, and what follows from them. No network, no clock.
//!
//! Words (states, types, priorities, kinds of accounts and links) are in `mapping/words`, custom fields in `mapping/fields`, what
//! is known of fields in `mapping/catalogue`, sprints in `mapping/sprint`, bodies in `mapping/body`, and notes, files and people in
//! `mapping/people`.

mod body;
mod catalogue;
mod fields;
mod people;
mod sprint;
mod words;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    model::{
        Container, ContainerKind, CutReason, Due, Estimate, Link, LinkKind, Named, Part, Project, Ticket, TicketRef,
    },
};

pub(crate) use body::{Body, rich_text};
pub(crate) use catalogue::{Catalogue, Role};
pub(crate) use fields::{choice_of, field_type};
pub(crate) use people::{attachment, is_service_project, note, user};
pub(crate) use sprint::{Sprint, sprints};
pub(crate) use words::{is_link_kind, issue_type, priority, priority_level, same, status, type_level};

use crate::api;

/// What an issue is read with, beside the issue.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context<'c> {
    /// Where people read issues, without a slash at the end.
    pub site: Option<&'c str>,
    /// What is known of fields, where the issue itself does not say it.
    pub catalogue: Option<&'c Catalogue>,
    /// Which comments customers see, where the platform tells that elsewhere.
    pub public_notes: Option<&'c [(String, bool)]>,
}

/// What else was asked of an issue, beside the issue itself.
#[derive(Debug, Default)]
pub(crate) struct Beside<'a> {
    /// Every comment, where those inside of the issue are not all.
    pub comments: Option<Vec<api::Comment<'a>>>,
    /// The whole work log, likewise.
    pub worklogs: Option<Vec<api::Worklog<'a>>>,
}

/// Returns the ticket of an issue, with everything that is known of it.
pub(crate) fn ticket(
    issue: &api::Issue<'_>,
    asked: Option<&str>,
    beside: &Beside<'_>,
    context: Context<'_>,
) -> Result<Ticket> {
    let fields = &issue.fields;
    let known = fields::Known::of(issue, context.catalogue);
    let alias = asked.filter(|asked| !asked.eq_ignore_ascii_case(&issue.key) && crate::key::split(asked).is_some());
    let ticket = Ticket::new(&*issue.key, fields.summary.as_deref().unwrap_or_default())
        .with_native_id(issue.id.as_deref().map(str::to_owned))
        .with_aliases(Vec::from_iter(alias.map(str::to_uppercase)))
        .with_url(page(context.site, &issue.key))
        .with_body(fields.description.map(rich_text).transpose()?)
        .with_type(fields.issue_type.as_ref().map(words::issue_type).unwrap_or_default())
        .with_status(words::status_of(fields))
        .with_resolution(fields.resolution.as_ref().and_then(named))
        .with_priority(fields.priority.as_ref().map(words::priority).unwrap_or_default())
        .with_labels(fields.labels.iter().map(ToString::to_string).collect::<Vec<_>>())
        .with_assignees(fields.assignee.iter().map(user).collect::<Vec<_>>())
        .with_reporter(fields.reporter.as_ref().map(user))
        .with_project(fields.project.as_ref().map(|project| project_of(project, context.site)))
        .with_containers(containers(fields, &known))
        .with_parent(parent(fields, &known, context.site))
        .with_children(fields.subtasks.iter().filter_map(|child| reference(child, context.site)).collect::<Vec<_>>())
        .with_links(links(fields, context.site))
        .with_created_at(fields.created)
        .with_updated_at(fields.updated)
        .with_closed_at(fields.resolved)
        .with_due(fields.due.as_deref().map(due).transpose()?)
        .with_estimate(estimate(fields, &known))
        .with_notes(notes(issue, beside, context)?)
        .with_attachments(fields.attachments.as_ref().map(|files| files.iter().map(attachment).collect::<Vec<_>>()))
        .with_custom_fields(fields::of(issue, beside, &known)?)
        .with_revision(fields.updated.map(|time| time.to_string()));
    Ok(with_cuts(ticket, fields, beside))
}

/// Returns the page on which people read an issue.
pub(crate) fn page(site: Option<&str>, key: &str) -> Option<String> {
    site.map(|site| format!("{site}/browse/{key}"))
}

/// Returns a name with its id; nothing where there is no name.
pub(crate) fn named(named: &api::Named<'_>) -> Option<Named> {
    let name = named.name.as_deref()?;
    Some(Named::new(name).with_id(named.id.as_deref().map(str::to_owned)))
}

/// Returns a project.
pub(crate) fn project_of(project: &api::Project<'_>, site: Option<&str>) -> Project {
    Project::new(&*project.key)
        .with_id(project.id.as_deref().map(str::to_owned))
        .with_name(project.name.as_deref().map(str::to_owned))
        .with_url(page(site, &project.key))
}

/// Returns versions and components as containers.
pub(crate) fn container(kind: ContainerKind, it: &api::Named<'_>) -> Option<Container> {
    let name = it.name.as_deref().or(it.id.as_deref())?;
    Some(Container::new(kind, name).with_id(it.id.as_deref().map(str::to_owned)))
}

/// Reads a day.
fn due(text: &str) -> Result<Due> {
    Due::parse(text).map_err(|error| Error::new(ErrorKind::ResponseParse, format!("fields.duedate: {error}")))
}

fn containers(fields: &api::Fields<'_>, known: &fields::Known<'_>) -> Vec<Container> {
    let sprints = fields.others.iter().filter(|(id, _)| known.role(id) == Some(Role::Sprint));
    let sprints = sprints.flat_map(|(_, value)| sprint::containers(value));
    let versions = fields.fix_versions.iter().filter_map(|it| container(ContainerKind::Milestone, it));
    let components = fields.components.iter().filter_map(|it| container(ContainerKind::Component, it));
    sprints.chain(versions).chain(components).collect()
}

/// Returns what an issue is a part of: its parent, or on servers that know none the epic that a field names.
fn parent(fields: &api::Fields<'_>, known: &fields::Known<'_>, site: Option<&str>) -> Option<TicketRef> {
    if let Some(parent) = &fields.parent {
        return reference(parent, site);
    }
    let (_, epic) = fields.others.iter().find(|(id, _)| known.role(id) == Some(Role::EpicLink))?;
    let key: String = serde_json::from_str(epic.get()).ok()?;
    let url = page(site, &key);
    Some(TicketRef::new(key).with_url(url))
}

fn reference(issue: &api::LinkedIssue<'_>, site: Option<&str>) -> Option<TicketRef> {
    let key = issue.key.as_deref()?;
    let title = issue.fields.as_ref().and_then(|fields| fields.summary.as_deref()).map(str::to_owned);
    Some(TicketRef::new(key).with_title(title).with_url(page(site, key)))
}

fn links(fields: &api::Fields<'_>, site: Option<&str>) -> Vec<Link> {
    let link = |link: &api::IssueLink<'_>| {
        let (target, words) = match (&link.outward_issue, &link.inward_issue) {
            (Some(target), _) => (target, link.link_type.as_ref().and_then(|it| it.outward.as_deref())),
            (None, target) => (target.as_ref()?, link.link_type.as_ref().and_then(|it| it.inward.as_deref())),
        };
        let kind = words.and_then(words::link_kind).unwrap_or(LinkKind::UNKNOWN);
        Some(Link::new(kind, reference(target, site)?).with_native(words.map(str::to_owned)))
    };
    fields.links.iter().filter_map(link).collect()
}

fn estimate(fields: &api::Fields<'_>, known: &fields::Known<'_>) -> Option<Estimate> {
    let points = fields.others.iter().find(|(id, _)| known.role(id) == Some(Role::StoryPoints));
    let points = points.and_then(|(_, value)| serde_json::from_str::<f64>(value.get()).ok());
    let seconds = fields.time_tracking.and_then(|it| it.original_estimate_seconds);
    points
        .map(|points| Estimate::new(points, "points"))
        .or_else(|| seconds.map(|seconds| Estimate::new(seconds as f64 / 3_600.0, "hours")))
}

fn notes(
    issue: &api::Issue<'_>,
    beside: &Beside<'_>,
    context: Context<'_>,
) -> Result<Option<Vec<usher_adapter_sdk::model::Note>>> {
    let own = issue.fields.comments.as_ref().map(|comments| &comments.items);
    let Some(comments) = beside.comments.as_ref().or(own) else { return Ok(None) };
    let project = issue.fields.project.as_ref();
    comments.iter().map(|comment| note(comment, &issue.key, project, context)).collect::<Result<_>>().map(Some)
}

/// Names the parts of which Jira says that there is more than is here.
fn with_cuts(ticket: Ticket, fields: &api::Fields<'_>, beside: &Beside<'_>) -> Ticket {
    let cut = |ticket: Ticket, part: &str, loaded: usize, total: Option<u64>| {
        let loaded = loaded as u64;
        match total {
            Some(total) if total > loaded => {
                ticket.with_cut(part, Part::new(loaded, Some(total), CutReason::NotLoaded))
            }
            _ => ticket,
        }
    };
    let comments = fields.comments.as_ref().filter(|_| beside.comments.is_none());
    let worklogs = fields.worklogs.as_ref().filter(|_| beside.worklogs.is_none());
    let ticket = cut(ticket, "notes", comments.map_or(0, |it| it.items.len()), comments.and_then(|it| it.total));
    cut(ticket, "custom_fields", worklogs.map_or(0, |it| it.items.len()), worklogs.and_then(|it| it.total))
}
