//! Azure DevOps' words into ours: tables, and what follows from them. No network, no clock.
//!
//! Words (states, types, priorities) are in `mapping/words`, links and files in `mapping/relations`, people in
//! `mapping/people`, other fields in `mapping/fields`, texts in `mapping/html`.

mod fields;
mod html;
mod people;
mod relations;
mod words;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    decode::Text,
    message::Include,
    model::{
        Container, ContainerKind, Due, Estimate, Note, Project, RichText, TextFormat, Ticket, TicketKey, Visibility,
    },
};

pub(crate) use fields::{field_type, is_text_of_html, is_type_of_html};
pub(crate) use html::{from_markdown, marker, to_markdown, words};
pub(crate) use people::{directory, me, somebody, user};
pub(crate) use relations::{FILE, PARENT, attachments, known_link, link_type};
pub(crate) use words::{category, named_type, priority, priority_number, type_levels};

use crate::{api, key, request::Site};

/// The reference name of the description.
pub(crate) const DESCRIPTION: &str = "System.Description";
/// The reference name of what a bug shows in its place.
pub(crate) const REPRO_STEPS: &str = "Microsoft.VSTS.TCM.ReproSteps";
/// The type that shows the steps to reproduce it in place of a description.
pub(crate) const BUG: &str = "Bug";

/// What else was asked of a work item, beside itself; absent where it was not.
#[derive(Debug, Default)]
pub(crate) struct Beside<'a> {
    pub states: Option<&'a [api::State]>,
    pub comments: Option<Vec<api::Comment<'a>>>,
    /// Whether relations were asked for: then a work item without a list of them has none.
    pub has_relations: bool,
}

/// Returns the ticket of a work item, with everything of it that is asked for.
pub(crate) fn ticket(
    site: &Site,
    item: &api::WorkItem<'_>,
    asked: Option<key::Key<'_>>,
    beside: &Beside<'_>,
    include: &Include,
) -> Result<Ticket> {
    let fields = &item.fields;
    let project = project_name(item, asked)?;
    let key = key::key_of(site.organization(), project, item.id);
    let moved_from = asked.and_then(|asked| asked.project).filter(|asked| !key::same(asked, project));
    let aliases = moved_from.map(|from| key::key_of(site.organization(), from, item.id).as_str().to_owned());
    let notes = beside.comments.as_ref().map(|comments| notes(comments));
    let has_files = include.attachments && (beside.has_relations || item.relations.is_some());
    let custom_fields = include.fields.then(|| fields::of(item)).transpose()?;
    Ok(Ticket::new(key, fields.title.as_deref().unwrap_or_default())
        .with_native_id(item.id.to_string())
        .with_aliases(Vec::from_iter(aliases))
        .with_url(site.page(project, item.id))
        .with_body(include.body.then(|| body(item)).flatten())
        .with_type(words::ticket_type(fields))
        .with_status(words::status(fields, beside.states))
        .with_resolution(words::resolution(fields, beside.states))
        .with_priority(words::priority_of(fields))
        .with_labels(tags(fields).map(str::to_owned).collect::<Vec<_>>())
        .with_assignees(Vec::from_iter(somebody(fields.assigned_to.as_ref())))
        .with_reporter(somebody(fields.created_by.as_ref()))
        .with_project(project_of(site, project))
        .with_containers(containers(fields, project))
        .with_parent(relations::parent(site, item))
        .with_children(relations::children(site, item))
        .with_links(relations::links(site, item))
        .with_created_at(fields.created_date)
        .with_updated_at(fields.changed_date)
        .with_closed_at(fields.closed_date)
        .with_due(due(fields))
        .with_estimate(estimate(fields).map(|(_, estimate)| estimate))
        .with_notes(notes)
        .with_attachments(has_files.then(|| attachments(item)))
        .with_custom_fields(custom_fields)
        .with_revision(item.rev.map(|rev| rev.to_string())))
}

/// Returns the project that a work item says to be in, else the one it was asked in.
pub(crate) fn project_name<'a>(item: &'a api::WorkItem<'_>, asked: Option<key::Key<'a>>) -> Result<&'a str> {
    let asked = || asked.and_then(|asked| asked.project);
    item.fields.team_project.as_deref().or_else(asked).ok_or_else(|| {
        Error::new(ErrorKind::ResponseParse, "the answer does not say of which project the work item is")
    })
}

/// Returns a project, known by its name.
pub(crate) fn project_of(site: &Site, name: &str) -> Project {
    Project::new(format!("{}/{name}", site.organization())).with_name(name.to_owned()).with_url(site.project_page(name))
}

/// Returns the key of a work item.
pub(crate) fn key_of(site: &Site, item: &api::WorkItem<'_>, asked: Option<key::Key<'_>>) -> Result<TicketKey> {
    Ok(key::key_of(site.organization(), project_name(item, asked)?, item.id))
}

/// Returns the tags, each alone.
pub(crate) fn tags<'a>(fields: &'a api::Fields<'_>) -> impl Iterator<Item = &'a str> {
    fields.tags.as_deref().unwrap_or_default().split(';').map(str::trim).filter(|tag| !tag.is_empty())
}

/// Returns which field is the text that people read first, by its reference name, and what is in it.
///
/// A bug shows the steps to reproduce it, every other type the description; where one is empty and the other is not,
/// it is the one that says something.
pub(crate) fn body_field<'a>(fields: &'a api::Fields<'_>) -> (&'static str, Option<&'a str>) {
    let is_bug = fields.work_item_type.as_deref().is_some_and(|name| key::same(name, BUG));
    let said = |text: &'a Option<Text<'_>>| text.as_deref().filter(|text| !text.is_empty());
    match (said(&fields.description), said(&fields.repro_steps)) {
        (description, Some(steps)) if is_bug || description.is_none() => (REPRO_STEPS, Some(steps)),
        (None, None) if is_bug => (REPRO_STEPS, None),
        (description, _) => (DESCRIPTION, description),
    }
}

/// Says whether a text of a work item is Markdown; without a word it is HTML.
pub(crate) fn is_markdown(item: &api::WorkItem<'_>, field: &str) -> bool {
    format_of(item, field).is_some_and(|format| format.eq_ignore_ascii_case("markdown"))
}

/// Says whether a work item tells in which of the two languages a field is.
fn says_format(item: &api::WorkItem<'_>, field: &str) -> bool {
    format_of(item, field).is_some_and(|format| ["html", "markdown"].iter().any(|it| format.eq_ignore_ascii_case(it)))
}

fn format_of<'a>(item: &'a api::WorkItem<'_>, field: &str) -> Option<&'a str> {
    let formats = item.multiline_fields_format.iter().flatten();
    formats.filter(|(name, _)| ***name == *field).map(|(_, format)| &**format).next()
}

/// Returns the text that people read first.
pub(crate) fn body(item: &api::WorkItem<'_>) -> Option<RichText> {
    let (field, text) = body_field(&item.fields);
    text.map(|text| rich_text(text, is_markdown(item, field)))
}

/// Returns the notes, oldest first.
pub(crate) fn notes(comments: &[api::Comment<'_>]) -> Vec<Note> {
    let mut notes: Vec<_> = comments.iter().filter(|comment| comment.is_deleted != Some(true)).map(note).collect();
    notes.sort_by_key(|note| note.created_at);
    notes
}

/// Returns a comment as a note; everybody who sees the work item reads it.
pub(crate) fn note(comment: &api::Comment<'_>) -> Note {
    let is_markdown = comment.format.as_deref().is_some_and(|format| format.eq_ignore_ascii_case("markdown"));
    let body = comment.text.as_deref().map(|text| rich_text(text, is_markdown)).unwrap_or_default();
    Note::new(comment.id.to_string(), body)
        .with_author(somebody(comment.created_by.as_ref()))
        .with_visibility(Visibility::Public)
        .with_created_at(comment.created_date)
        .with_updated_at(comment.modified_date)
}

/// Returns where a work item is due: the end that is set, which for larger ones is the target date.
fn due(fields: &api::Fields<'_>) -> Option<Due> {
    fields.due_date.or(fields.target_date).map(Due::Time)
}

/// Returns how much work it is thought to be, and the field that says so: each process has another one.
pub(crate) fn estimate(fields: &api::Fields<'_>) -> Option<(&'static str, Estimate)> {
    ESTIMATES.iter().find_map(|(name, unit, value)| {
        let value = value(fields)?;
        Some((*name, unit.map_or_else(|| Estimate::without_unit(value), |unit| Estimate::new(value, unit))))
    })
}

/// A field that holds an estimate: its reference name, its unit, and how it is read.
type EstimateField = (&'static str, Option<&'static str>, fn(&api::Fields<'_>) -> Option<f64>);

/// Fields that hold an estimate, the first that is there counts.
///
/// <https://learn.microsoft.com/azure/devops/boards/queries/query-numeric>
pub(crate) const ESTIMATES: &[EstimateField] = &[
    ("Microsoft.VSTS.Scheduling.StoryPoints", Some("points"), |fields| fields.story_points),
    ("Microsoft.VSTS.Scheduling.Effort", None, |fields| fields.effort),
    ("Microsoft.VSTS.Scheduling.Size", None, |fields| fields.size),
    ("Microsoft.VSTS.Scheduling.OriginalEstimate", Some("hours"), |fields| fields.original_estimate),
];

/// Returns area, iteration and column. The root of either tree is the project itself, and no container.
fn containers(fields: &api::Fields<'_>, project: &str) -> Vec<Container> {
    let node = |kind: ContainerKind, path: &Option<Text<'_>>, id: Option<u64>| {
        let path = path.as_deref().filter(|path| !key::same(path, project))?;
        Some(Container::new(kind, path).with_id(id.map(|id| id.to_string())))
    };
    let area = node(ContainerKind::Component, &fields.area_path, fields.area_id);
    let iteration = node(ContainerKind::Sprint, &fields.iteration_path, fields.iteration_id);
    let column = fields.board_column.as_deref().map(|column| Container::new(ContainerKind::List, column));
    area.into_iter().chain(iteration).chain(column).collect()
}

fn rich_text(text: &str, is_markdown: bool) -> RichText {
    if !is_markdown {
        return to_markdown(text);
    }
    if text.contains('\r') {
        return RichText::converted(text.replace("\r\n", "\n"), TextFormat::Markdown, text);
    }
    RichText::markdown(text)
}
