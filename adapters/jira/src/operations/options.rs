//! What can be chosen: on the site, in a project, for a type, for one issue.

use futures_util::{StreamExt, TryStreamExt, future, stream};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Level, Response},
    message::{Options, OptionsScope, StateOption},
    model::{Container, ContainerKind, Project},
};

use super::{create, paging, read, screen::Screen, transition};
use crate::{
    Jira, api,
    key::Key,
    mapping::{self, same},
    site::Edition,
};

/// How many types are asked for their fields at once.
const AT_ONCE: usize = 4;
/// How many labels are asked for at once: the most that Jira gives.
const LABELS: u64 = 1_000;

/// Returns types, states, priorities, labels, versions, components and fields; for an issue its transitions as well.
pub(crate) async fn options(jira: &Jira, scope: &OptionsScope) -> Result<Options> {
    let ticket = scope.ticket.as_ref().map(Key::parse).transpose()?;
    let of_ticket = match ticket {
        Some(key) if key.project().is_none() => Some(project_of(jira, key).await?),
        Some(key) => key.project().map(str::to_owned),
        None => None,
    };
    let project =
        of_ticket.as_deref().or(scope.project.as_deref()).or(jira.host.connection().default_project.as_deref());
    let Some(project) = project else { return of_site(jira).await };
    let (options, transitions) =
        future::try_join(of_project(jira, project, scope.ticket_type.as_deref()), transitions(jira, ticket)).await?;
    Ok(options.with_transitions(transitions))
}

async fn project_of(jira: &Jira, key: Key<'_>) -> Result<String> {
    let response = read::issue(jira, key, "project").await?;
    let issue: api::Issue<'_> = response.decode()?;
    let project = issue.fields.project.as_ref().map(|project| project.key.to_string());
    project.ok_or_else(|| Error::new(ErrorKind::ResponseParse, format!("{key}: Jira does not name its project")))
}

async fn transitions(
    jira: &Jira,
    ticket: Option<Key<'_>>,
) -> Result<Option<Vec<usher_adapter_sdk::message::Transition>>> {
    let Some(key) = ticket else { return Ok(None) };
    let response = transition::of_issue(jira, key).await?;
    Ok(Some(transition::options(&response.decode()?)))
}

async fn of_site(jira: &Jira) -> Result<Options> {
    let (projects, priorities) =
        future::try_join(projects(jira), jira.send(&"the priorities", |api| api.get(["priority"]))).await?;
    let priorities: Vec<api::Named<'_>> = priorities.decode()?;
    Ok(Options::default()
        .with_projects(projects)
        .with_priorities(priorities.iter().map(mapping::priority).collect::<Vec<_>>()))
}

async fn projects(jira: &Jira) -> Result<Vec<Project>> {
    let about = "the projects";
    if jira.edition().await? == Edition::DataCenter {
        let response = jira.send(&about, |api| api.get(["project"])).await?;
        let projects: Vec<api::Project<'_>> = response.decode()?;
        return Ok(projects.iter().map(|project| mapping::project_of(project, jira.site())).collect());
    }
    let mut projects = Vec::new();
    for page in paging::all(jira, &about, |api| api.get(["project", "search"])).await? {
        let page: api::Values<api::Project<'_>> = page.decode()?;
        projects.extend(page.values.iter().map(|project| mapping::project_of(project, jira.site())));
    }
    if projects.is_empty() {
        jira.prove().await?;
    }
    Ok(projects)
}

async fn of_project(jira: &Jira, project: &str, ticket_type: Option<&str>) -> Result<Options> {
    let about = &project;
    let (itself, statuses, versions, components, priorities) = future::try_join5(
        jira.send(about, |api| api.get(["project", project])),
        jira.send(about, |api| api.get(["project", project, "statuses"])),
        jira.send(about, |api| api.get(["project", project, "versions"])),
        jira.send(about, |api| api.get(["project", project, "components"])),
        jira.send(about, |api| api.get(["priority"])),
    )
    .await?;
    let types = paging::all(jira, about, |api| api.get(["issue", "createmeta", project, "issuetypes"]));
    let (types, labels) = future::try_join(types, labels(jira)).await?;
    let itself: api::Project<'_> = itself.decode()?;
    let versions: Vec<api::Named<'_>> = versions.decode()?;
    let components: Vec<api::Named<'_>> = components.decode()?;
    let priorities: Vec<api::Named<'_>> = priorities.decode()?;
    let versions = versions.iter().filter_map(|it| mapping::container(ContainerKind::Milestone, it));
    let components = components.iter().filter_map(|it| mapping::container(ContainerKind::Component, it));
    let mut offered = Vec::new();
    for page in &types {
        offered.extend(page.decode::<api::IssueTypePage<'_>>()?.issue_types);
    }
    let types: Vec<_> = offered.iter().map(mapping::issue_type).collect();
    Ok(Options::default()
        .with_projects(vec![mapping::project_of(&itself, jira.site())])
        .with_fields(fields(jira, project, ticket_type, &offered).await?)
        .with_types(types)
        .with_states(states(&statuses)?)
        .with_priorities(priorities.iter().map(mapping::priority).collect::<Vec<_>>())
        .with_labels(labels)
        .with_containers(versions.chain(components).collect::<Vec<Container>>()))
}

/// Returns the states of a project, each with the types that know it.
fn states(response: &Response) -> Result<Vec<StateOption>> {
    let types: Vec<api::IssueTypeStatuses<'_>> = response.decode()?;
    let mut states: Vec<StateOption> = Vec::new();
    for (issue_type, status) in types.iter().flat_map(|it| it.statuses.iter().map(move |status| (it, status))) {
        let status = mapping::status(status);
        match states.iter_mut().find(|state| state.native == status.native) {
            Some(state) => state.types.push(issue_type.name.to_string()),
            None => {
                let mut state = StateOption::new(status.native, status.category);
                state.types.push(issue_type.name.to_string());
                states.push(state);
            }
        }
    }
    // What every type knows needs no list of types.
    for state in &mut states {
        if state.types.len() == types.len() {
            state.types.clear();
        }
    }
    Ok(states)
}

/// Returns the labels in use; Data Center has no list of them.
async fn labels(jira: &Jira) -> Result<Option<Vec<String>>> {
    if jira.edition().await? == Edition::DataCenter {
        return Ok(None);
    }
    let mut labels = Vec::new();
    for page in paging::all_by(jira, &"the labels", LABELS, |api| api.get(["label"])).await? {
        labels.extend(page.decode::<api::Values<String>>()?.values);
    }
    Ok(Some(labels))
}

/// Returns the fields of one type, or of all, each with the types that know it.
async fn fields(
    jira: &Jira,
    project: &str,
    ticket_type: Option<&str>,
    offered: &[api::IssueType<'_>],
) -> Result<Vec<usher_adapter_sdk::message::FieldOption>> {
    if let Some(word) = ticket_type {
        let (id, _) = create::issue_type(jira, project, Some(word)).await?;
        let screen = Screen::of_new(jira, project, &id).await?;
        return Ok(screen.fields().iter().map(super::screen::Field::option).collect());
    }
    let known: Vec<(&str, &str)> = offered.iter().filter_map(|it| Some((it.id.as_deref()?, &*it.name))).collect();
    let mut wanted = Vec::with_capacity(known.len());
    for (id, name) in &known {
        wanted.push(async move { Ok::<_, Error>((*name, screen_or_none(jira, project, id).await?)) });
    }
    let screens: Vec<(&str, Screen)> = stream::iter(wanted).buffered(AT_ONCE).try_collect().await?;
    let mut fields: Vec<usher_adapter_sdk::message::FieldOption> = Vec::new();
    for (name, field) in
        screens.iter().flat_map(|(name, screen)| screen.fields().iter().map(move |field| (name, field)))
    {
        let option = field.option();
        let known = fields.iter_mut().find(|it| {
            it.id == option.id
                && it.required == option.required
                && it.choices == option.choices
                && same(&it.name, &option.name)
        });
        match known {
            Some(known) => known.types.push((*name).to_owned()),
            None => {
                let mut option = option;
                option.types.push((*name).to_owned());
                fields.push(option);
            }
        }
    }
    for field in &mut fields {
        if field.types.len() == screens.len() {
            field.types.clear();
        }
    }
    Ok(fields)
}

async fn screen_or_none(jira: &Jira, project: &str, type_id: &str) -> Result<Screen> {
    match Screen::of_new(jira, project, type_id).await {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission) => {
            jira.host.log(Level::Warning, &format!("the fields of type {type_id} are left out: {error}"));
            Ok(Screen::default())
        }
        outcome => outcome,
    }
}
