//! What can be chosen in a project.

use futures_util::future;
use usher_adapter_sdk::{
    ErrorKind, Result,
    host::{Level, Method, Response},
    message::{FieldOption, Options, OptionsScope, StateOption, Transition},
    model::{Container, FieldType, Named, Priority, Project},
};

use super::{lookup, read};
use crate::{AzureDevOps, api, key::same, mapping};

/// How many projects are asked for at once.
const PROJECTS: u64 = 500;

/// How many pages of projects are believed.
const MOST_PAGES: u64 = 1_000;

/// Returns types, states, priorities, tags, areas and iterations, fields, and what a work item can become.
///
/// Without any project only the projects are there to choose.
pub(crate) async fn options(azure: &AzureDevOps, scope: &OptionsScope) -> Result<Options> {
    let ticket = scope.ticket.as_ref().map(|key| azure.key(key)).transpose()?;
    let (project, item) = match ticket {
        Some(key) => {
            let response = read::item(azure, key.number).await?;
            let item: api::WorkItem<'_> = response.decode()?;
            let project = mapping::project_name(&item, Some(key))?.to_owned();
            let fields = item.fields;
            (project, fields.work_item_type.map(String::from).zip(fields.state.map(String::from)))
        }
        None => match lookup::project(azure, scope.project.as_deref()) {
            Ok(project) => (project.to_owned(), None),
            Err(_) if scope.project.is_none() => return Ok(Options::default().with_projects(projects(azure).await?)),
            Err(error) => return Err(error),
        },
    };
    let named = item.as_ref().map(|(type_name, _)| type_name.as_str()).or(scope.ticket_type.as_deref());
    let types = azure.types_of(&project).await?;
    let of = named.map(|name| lookup::work_item_type(&types, name)).transpose()?;
    let (fields, places, tags) =
        future::try_join3(fields(azure, &project, &types, of), lookup::places(azure, &project), tags(azure, &project))
            .await?;
    let transitions = item.as_ref().zip(of).map(|((_, state), of)| transitions(of, state));
    let offered: Vec<&api::WorkItemType> = types.iter().filter(|it| it.is_disabled != Some(true)).collect();
    let containers = places.iter().map(|it| Container::new(it.kind.clone(), &*it.path).with_id(it.id.to_string()));
    let types = offered.iter().map(|it| mapping::named_type(&it.name, it.reference_name.as_deref()));
    Ok(Options::default()
        .with_projects(vec![mapping::project_of(&azure.site, &project)])
        .with_types(types.collect::<Vec<_>>())
        .with_states(states(&offered, of))
        .with_transitions(transitions)
        .with_priorities(priorities(&fields))
        .with_labels(tags)
        .with_containers(containers.collect::<Vec<_>>())
        .with_fields(fields))
}

/// Returns every project that the account may see.
async fn projects(azure: &AzureDevOps) -> Result<Vec<Project>> {
    let mut projects = Vec::new();
    let mut token: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let request = azure.get(["_apis", "projects"])?.query("$top", PROJECTS.to_string());
        let request = token.iter().fold(request, |request, token| request.query("continuationToken", token));
        let response = azure.send(request, &"the projects").await?;
        for project in response.decode::<api::List<api::Project<'_>>>()?.value {
            projects.push(mapping::project_of(&azure.site, &project.name).with_id(project.id.map(String::from)));
        }
        token = response.header("x-ms-continuationtoken").filter(|token| !token.is_empty()).map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    Ok(projects)
}

/// Returns the states, each once with the types that know it.
fn states(types: &[&api::WorkItemType], of: Option<&api::WorkItemType>) -> Vec<StateOption> {
    let mut states: Vec<StateOption> = Vec::new();
    for it in types.iter().filter(|it| of.is_none_or(|of| of.name == it.name)) {
        for state in &it.states {
            let category = mapping::category(state);
            let known =
                states.iter_mut().find(|known| same(&known.native.name, &state.name) && known.category == category);
            match known {
                Some(known) => known.types.push(it.name.clone()),
                None => {
                    let mut option = StateOption::new(state.name.as_str(), category);
                    option.types.push(it.name.clone());
                    states.push(option);
                }
            }
        }
    }
    states
}

/// Returns what a work item in that state can become. Steps have no names of their own.
fn transitions(of: &api::WorkItemType, state: &str) -> Vec<Transition> {
    let steps = of.transitions.iter().find(|(from, _)| same(from, state)).map(|(_, steps)| &steps[..]);
    let others = steps.unwrap_or_default().iter().filter(|step| !same(&step.to, state));
    let option = |step: &api::Transition| {
        let known = of.states.iter().find(|known| same(&known.name, &step.to));
        let category = known.map(mapping::category).unwrap_or_default();
        Transition::new(step.to.as_str()).with_to(StateOption::new(step.to.as_str(), category))
    };
    others.map(option).collect()
}

/// Returns the fields with their types; what they can be is only known for one type of work items.
async fn fields(
    azure: &AzureDevOps,
    project: &str,
    types: &[api::WorkItemType],
    of: Option<&api::WorkItemType>,
) -> Result<Vec<FieldOption>> {
    let all = azure.send(azure.get([project, "_apis", "wit", "fields"])?, &"the fields").await?;
    let all: api::List<api::Field<'_>> = all.decode()?;
    let kind = |name: &str| {
        let own = all.value.iter().find(|field| &*field.reference_name == name);
        own.and_then(|own| own.field_type.as_deref()).map(mapping::field_type).unwrap_or_default()
    };
    let Some(of) = of else {
        return Ok(merged(types, kind));
    };
    let path = [project, "_apis", "wit", "workitemtypes", &of.name, "fields"];
    let response = azure.send(azure.get(path)?.query("$expand", "allowedValues"), &format!("a {}", of.name)).await?;
    let own: api::List<api::TypeField> = response.decode()?;
    Ok(own.value.iter().map(|field| option(field, &kind(&field.reference_name))).collect())
}

/// Returns the fields of all types, each once with the types that know it.
fn merged(types: &[api::WorkItemType], kind: impl Fn(&str) -> FieldType) -> Vec<FieldOption> {
    let mut fields: Vec<FieldOption> = Vec::new();
    for it in types {
        for field in &it.fields {
            match fields.iter_mut().find(|known| known.id == field.reference_name) {
                Some(known) => known.types.push(it.name.clone()),
                None => {
                    let mut option = option(field, &kind(&field.reference_name));
                    option.types.push(it.name.clone());
                    fields.push(option);
                }
            }
        }
    }
    fields
}

fn option(field: &api::TypeField, kind: &FieldType) -> FieldOption {
    let choices = field.allowed_values.iter().map(|value| match value {
        serde_json::Value::String(text) => Named::new(text.as_str()),
        other => Named::new(other.to_string()),
    });
    let choices: Vec<Named> = choices.collect();
    let name = field.name.as_deref().unwrap_or(&field.reference_name);
    let mut option = FieldOption::new(field.reference_name.as_str(), name, kind.clone());
    option.required = field.always_required == Some(true);
    if choices.is_empty() { option } else { option.with_choices(choices) }
}

/// Returns the priorities: those that the field can have, where they are known.
fn priorities(fields: &[FieldOption]) -> Option<Vec<Priority>> {
    let field = fields.iter().find(|field| field.id == "Microsoft.VSTS.Common.Priority")?;
    let choices = field.choices.as_ref()?.iter();
    Some(choices.map(|choice| mapping::priority(&choice.name)).collect())
}

/// Returns the tags of a project; none where the token may not list them.
async fn tags(azure: &AzureDevOps, project: &str) -> Result<Option<Vec<String>>> {
    let request = azure.versioned(Method::Get, [project, "_apis", "wit", "tags"], azure.site.version.tags)?;
    let names = |response: Response| -> Result<Vec<String>> {
        let tags: api::List<api::Tag<'_>> = response.decode()?;
        Ok(tags.value.iter().map(|tag| tag.name.to_string()).collect())
    };
    match azure.send(request, &format!("the tags of {project}")).await {
        Ok(response) => names(response).map(Some),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission) => {
            azure.host.log(Level::Warning, &format!("tags are left out: {error}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_merged_by_name_and_category_and_steps_lead_elsewhere() {
        let read = |json: &str| serde_json::from_str::<api::WorkItemType>(json).unwrap();
        let bug = read(
            r#"{"name":"Bug","states":[{"name":"New","category":"Proposed"},{"name":"Closed","category":"Completed"}],
            "transitions":{"":[{"to":"New"}],"New":[{"to":"New"},{"to":"Closed"}]}}"#,
        );
        let task = read(
            r#"{"name":"Task","states":[{"name":"New","category":"Proposed"},{"name":"Closed","category":"Removed"}]}"#,
        );
        let states = states(&[&bug, &task], None);
        let names: Vec<_> = states.iter().map(|it| (it.native.name.as_str(), it.types.join("+"))).collect();
        let expected = [("New", "Bug+Task"), ("Closed", "Bug"), ("Closed", "Task")];
        assert_eq!(names, expected.map(|(name, types)| (name, types.to_owned())));
        let steps = transitions(&bug, "new");
        assert_eq!(steps.iter().map(|it| it.native.name.as_str()).collect::<Vec<_>>(), ["Closed"]);
        assert!(transitions(&bug, "Gone").is_empty());
    }
}
