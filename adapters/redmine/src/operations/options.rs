//! What can be chosen: in a project, or for an issue.

use usher_adapter_sdk::{
    Result,
    message::{FieldOption, Options, OptionsScope, Transition},
    model::{FieldType, Named, Project},
};

use super::{lookup, read};
use crate::{Redmine, api, key::Key, mapping};

/// Returns statuses, trackers and priorities; of a project its versions, categories, members and fields; of an issue the
/// statuses that the account may set now.
pub(crate) async fn options(redmine: &Redmine, scope: &OptionsScope) -> Result<Options> {
    redmine.known().await?;
    let statuses = redmine.read(["issue_statuses.json"]).await?;
    let statuses: api::Lists<'_> = statuses.decode()?;
    let priorities = redmine.read(["enumerations", "issue_priorities.json"]).await?;
    let priorities: api::Lists<'_> = priorities.decode()?;
    let mut options = Options::default()
        .with_states(statuses.issue_statuses.iter().map(mapping::state).collect::<Vec<_>>())
        .with_priorities(priorities.issue_priorities.iter().map(mapping::priority).collect::<Vec<_>>());
    let mut project = scope.project.clone().or(redmine.host.connection().default_project.clone());
    if let Some(key) = &scope.ticket {
        let response = read::issue(redmine, Key::parse(key)?, "allowed_statuses").await?;
        let api::One { issue } = response.decode()?;
        options = options.with_transitions(
            issue.allowed_statuses.as_ref().map(|all| all.iter().map(transition).collect::<Vec<_>>()),
        );
        project = issue.project.map(|project| project.id.to_string());
    }
    match project {
        Some(project) => of_project(redmine, &project, options).await,
        None => of_server(redmine, options).await,
    }
}

async fn of_server(redmine: &Redmine, options: Options) -> Result<Options> {
    let trackers = redmine.read(["trackers.json"]).await?;
    let trackers: api::Lists<'_> = trackers.decode()?;
    let mut projects = Vec::new();
    for page in lookup::pages(redmine, &["projects.json"], &[]).await? {
        let lists: api::Lists<'_> = page.decode()?;
        projects.extend(lists.projects.iter().map(named_project));
    }
    let types: Vec<_> = trackers.trackers.iter().map(mapping::tracker).collect();
    Ok(options.with_projects(projects).with_types(types))
}

async fn of_project(redmine: &Redmine, name: &str, options: Options) -> Result<Options> {
    let response = lookup::project_of(redmine, name).await?;
    let api::OneProject { project } = response.decode()?;
    let id = project.id.to_string();
    let versions = redmine.read(["projects", &id, "versions.json"]).await?;
    let versions: api::Lists<'_> = versions.decode()?;
    let mut members = Vec::new();
    for page in lookup::pages(redmine, &["projects", &id, "memberships.json"], &[]).await? {
        let lists: api::Lists<'_> = page.decode()?;
        members.extend(lists.memberships.iter().flat_map(|it| [&it.user, &it.group]).flatten().map(mapping::named));
    }
    let containers = versions.versions.iter().map(mapping::version);
    let containers: Vec<_> = containers.chain(project.issue_categories.iter().map(mapping::category)).collect();
    let mut fields = vec![FieldOption::new("assignees", "Assignee", FieldType::User).with_choices(members)];
    fields.extend(mapping::BUILT_IN.iter().map(|(name, kind)| FieldOption::new(*name, *name, kind.clone())));
    fields.extend(custom(redmine, &project).await?);
    Ok(options
        .with_projects(vec![named_project(&project)])
        .with_types(project.trackers.iter().map(mapping::tracker).collect::<Vec<_>>())
        .with_containers(containers)
        .with_fields(fields))
}

/// Returns the custom fields: what they are made for only administrators may read.
async fn custom(redmine: &Redmine, project: &api::Project<'_>) -> Result<Vec<FieldOption>> {
    if redmine.me.get().is_some_and(|me| me.is_admin) {
        let response = redmine.read(["custom_fields.json"]).await?;
        let lists: api::Lists<'_> = response.decode()?;
        return Ok(lists.custom_fields.iter().filter(|it| &*it.customized_type == "issue").map(defined).collect());
    }
    if redmine.host.connection().auth_scheme.is_none() {
        return Ok(Vec::new());
    }
    let known = lookup::custom_fields(redmine, project).await?;
    Ok(known.into_iter().map(|(id, name)| FieldOption::new(id.to_string(), name, FieldType::UNKNOWN)).collect())
}

fn defined(definition: &api::Definition<'_>) -> FieldOption {
    let choice = |choice: &api::PossibleValue<'_>| match &choice.label {
        Some(label) => Named::new(&**label).with_id(choice.value.to_string()),
        None => Named::new(&*choice.value),
    };
    let choices: Vec<Named> = definition.possible_values.iter().map(choice).collect();
    let kind = mapping::field_type(&definition.field_format, definition.multiple);
    let mut field = FieldOption::new(definition.id.to_string(), &*definition.name, kind)
        .with_required(definition.is_required)
        .with_choices(Some(choices).filter(|choices| !choices.is_empty()))
        .with_max_length(definition.max_length)
        .with_pattern(definition.regexp.as_deref().filter(|pattern| !pattern.is_empty()).map(str::to_owned));
    field.types = definition.trackers.iter().map(|tracker| tracker.name.to_string()).collect();
    field
}

fn named_project(project: &api::Project<'_>) -> Project {
    Project::new(&*project.identifier).with_id(project.id.to_string()).with_name(project.name.to_string())
}

fn transition(status: &api::Status<'_>) -> Transition {
    let to = mapping::state(status);
    Transition::new(to.native.clone()).with_to(to)
}
