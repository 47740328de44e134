//! Names into what Azure DevOps' requests take: projects, types, fields, people, areas and iterations.

use std::{collections::HashSet, sync::Arc};

use usher_adapter_sdk::{
    Error, Result,
    message::ME,
    model::{ContainerKind, Json},
};

use super::check;
use crate::{
    AzureDevOps, api,
    key::{project_of, same},
    mapping,
};

/// How deep areas and iterations lie in one another at most.
///
/// <https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits>
const DEPTH: &str = "14";

/// Returns the one project that is meant: the one that is named, else the connection's default.
pub(super) fn project<'a>(azure: &'a AzureDevOps, named: Option<&'a str>) -> Result<&'a str> {
    let connection = azure.host.connection();
    let only = || if let [only] = &connection.projects[..] { Some(only.as_str()) } else { None };
    let named = named.or(connection.default_project.as_deref()).or_else(only).ok_or_else(|| {
        Error::validation("no project is named, and the connection has none").with_hint(format!(
            "Name one, as in `--in CONNECTION:{}/My Project`, or set `default_project` of the connection.",
            azure.site.organization()
        ))
    })?;
    project_of(azure.site.organization(), named)
}

/// Returns the type that is named: by name, by reference name, or by our word where only one type answers to it.
pub(super) fn work_item_type<'t>(types: &'t [api::WorkItemType], name: &str) -> Result<&'t api::WorkItemType> {
    let offered = || types.iter().filter(|it| it.is_disabled != Some(true));
    let by_name = types.iter().find(|it| same(&it.name, name));
    let by_reference = || types.iter().find(|it| it.reference_name.as_deref().is_some_and(|own| own == name));
    let by_level = || {
        let mut fitting =
            offered().filter(|it| mapping::type_levels(&it.name).is_some_and(|level| level.as_str() == name));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    by_name.or_else(by_reference).or_else(by_level).ok_or_else(|| {
        let choices: Vec<&str> = offered().map(|it| it.name.as_str()).collect();
        Error::validation(format!("`{name}` means none of the types that there are, or several"))
            .with_field("type", format!("can be: {}", choices.join(", ")))
    })
}

/// Returns the state that is named: by name, or by our word where only one state answers to it.
pub(super) fn state<'t>(of: &'t api::WorkItemType, name: &str) -> Result<&'t str> {
    let by_name = of.states.iter().find(|state| same(&state.name, name));
    let by_category = || {
        let mut fitting = of.states.iter().filter(|state| mapping::category(state).as_str() == name);
        fitting.next().filter(|_| fitting.next().is_none())
    };
    by_name.or_else(by_category).map(|state| state.name.as_str()).ok_or_else(|| {
        let choices: Vec<&str> = of.states.iter().map(|state| state.name.as_str()).collect();
        Error::validation(format!("`{name}` means none of the states of a {}, or several", of.name))
            .with_field("status", format!("can be: {}", choices.join(", ")))
    })
}

/// Says whether a type has a field.
pub(super) fn has_field(of: &api::WorkItemType, reference_name: &str) -> bool {
    of.fields.iter().any(|field| field.reference_name == reference_name)
}

/// Returns the reference name of a field that is named, by either of its names.
pub(super) fn field<'t>(of: &'t api::WorkItemType, name: &str) -> Result<&'t str> {
    let is_it = |field: &&api::TypeField| {
        same(&field.reference_name, name) || field.name.as_deref().is_some_and(|own| same(own, name))
    };
    let mut fitting = of.fields.iter().filter(is_it);
    match (fitting.next(), fitting.next()) {
        (Some(field), None) => Ok(&field.reference_name),
        (Some(_), Some(_)) => Err(Error::validation(format!("a {} has several fields `{name}`", of.name))
            .with_field(format!("fields.{name}"), "name it by its reference name")),
        (None, _) => Err(Error::validation(format!("a {} has no field `{name}`", of.name))
            .with_field(format!("fields.{name}"), "is none of the type's fields: `usher options` lists them")),
    }
}

/// The fields that hold HTML: those that do in every process, and those of which the project's description says so.
pub(super) struct HtmlFields {
    described: Option<Arc<HashSet<String>>>,
}

impl HtmlFields {
    /// Looks for those among the fields that are written; the description is asked for where a text goes into one that is not known.
    pub(super) async fn among<'a>(
        azure: &AzureDevOps,
        project: &str,
        of: &api::WorkItemType,
        written: impl IntoIterator<Item = (&'a String, &'a Json)>,
    ) -> Result<Self> {
        let mut is_asked = false;
        for (name, value) in written {
            is_asked |= !mapping::is_text_of_html(field(of, name)?) && value.as_str().starts_with('"');
        }
        let described = if is_asked { Some(azure.html_fields_of(project).await?) } else { None };
        Ok(Self { described })
    }

    /// Says whether a field holds HTML.
    pub(super) fn has(&self, field: &str) -> bool {
        mapping::is_text_of_html(field) || self.described.as_ref().is_some_and(|described| described.contains(field))
    }
}

/// Returns what is written for somebody: the name that they sign in with for `@me` and ids, else the name as it is.
pub(super) async fn person(azure: &AzureDevOps, name: &str) -> Result<String> {
    if name == ME {
        let user = mapping::me(check::me(azure).await?);
        return Ok(user.handle.or(user.display_name).unwrap_or(user.id));
    }
    if !is_guid(name) {
        return Ok(name.trim_start_matches('@').to_owned());
    }
    let response = azure.send(azure.people(name)?, &format!("the person {name}")).await?;
    let found: api::List<Option<api::Directory>> = response.decode()?;
    let person = found.value.into_iter().flatten().find(|person| same(&person.id, name));
    person.as_ref().and_then(mapping::directory).map(str::to_owned).ok_or_else(|| {
        Error::validation(format!("nobody has the id `{name}`"))
            .with_hint("Name them by the mail address they sign in with.")
    })
}

/// Returns the one person who is named; a work item is assigned to no more than one.
pub(super) async fn assignee(azure: &AzureDevOps, names: &[String]) -> Result<Option<String>> {
    match names {
        [] => Ok(None),
        [name] => person(azure, name).await.map(Some),
        _ => Err(Error::validation("a work item has one assignee at most").with_field("assignees", "names several")),
    }
}

/// An area or an iteration, by the path that work items hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub kind: ContainerKind,
    pub id: u64,
    pub name: String,
    pub path: String,
}

impl Place {
    /// Returns the field that holds its path.
    pub(super) fn field(&self) -> &'static str {
        if self.kind == ContainerKind::Sprint { "System.IterationPath" } else { "System.AreaPath" }
    }

    /// Says whether it is what somebody names: by path, by name, or by number.
    fn answers_to(&self, name: &str) -> bool {
        same(&self.path, name) || same(&self.name, name) || self.id.to_string() == name
    }
}

/// Returns the areas and iterations of a project, those that hold others first.
pub(super) async fn places(azure: &AzureDevOps, project: &str) -> Result<Vec<Place>> {
    let request = azure.get([project, "_apis", "wit", "classificationnodes"])?.query("$depth", DEPTH);
    let response = azure.send(request, &format!("the areas and iterations of {project}")).await?;
    let roots: api::List<api::Node> = response.decode()?;
    let mut places = Vec::new();
    for root in roots.value {
        let kind = match root.structure_type.as_deref() {
            Some("iteration") => ContainerKind::Sprint,
            _ => ContainerKind::Component,
        };
        let mut open = vec![(root.name.clone(), root)];
        while let Some((path, node)) = open.pop() {
            open.extend(node.children.into_iter().rev().map(|child| (format!("{path}\\{}", child.name), child)));
            places.push(Place { kind: kind.clone(), id: node.id, name: node.name, path });
        }
    }
    Ok(places)
}

/// Returns the area and the iteration that are named, one of each at most.
pub(super) fn chosen<'p>(places: &'p [Place], names: &[String]) -> Result<Vec<&'p Place>> {
    let mut chosen: Vec<&Place> = Vec::new();
    for name in names {
        // A whole path is meant before a name that another place may have as well.
        let by_path: Vec<&Place> = places.iter().filter(|place| same(&place.path, name)).collect();
        let fitting =
            if by_path.is_empty() { places.iter().filter(|place| place.answers_to(name)).collect() } else { by_path };
        let [place] = fitting[..] else {
            let choices: Vec<&str> = places.iter().map(|place| place.path.as_str()).collect();
            return Err(Error::validation(format!("`{name}` means none of the areas and iterations, or several"))
                .with_field("containers", format!("can be: {}", choices.join(", "))));
        };
        if chosen.iter().any(|known| known.kind == place.kind) {
            return Err(Error::validation("a work item has one area and one iteration at most")
                .with_field("containers", "names several of a kind"));
        }
        chosen.push(place);
    }
    Ok(chosen)
}

/// Says whether a name is an id: 32 digits in five groups.
pub(super) fn is_guid(name: &str) -> bool {
    let groups: Vec<&str> = name.split('-').collect();
    let is_group =
        |(group, length): (&&str, usize)| group.len() == length && group.bytes().all(|it| it.is_ascii_hexdigit());
    groups.len() == 5 && groups.iter().zip([8, 4, 4, 4, 12]).all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bug() -> api::WorkItemType {
        usher_adapter_sdk::decode::json(
            br#"{"name":"Bug","referenceName":"Microsoft.VSTS.WorkItemTypes.Bug","states":[{"name":"New","category":"Proposed"},
            {"name":"Active","category":"InProgress"},{"name":"Testing","category":"InProgress"},
            {"name":"Closed","category":"Completed"}],"fields":[{"referenceName":"Custom.Team","name":"Team"},
            {"referenceName":"Other.Team","name":"Team"},{"referenceName":"System.Title","name":"Title"}]}"#,
        )
        .unwrap()
    }

    #[test]
    fn names_are_looked_up_and_what_is_not_there_is_answered_with_what_is() {
        let types = [bug()];
        for name in ["bug", "Microsoft.VSTS.WorkItemTypes.Bug"] {
            assert_eq!(work_item_type(&types, name).unwrap().name, "Bug");
        }
        assert!(work_item_type(&types, "Saga").unwrap_err().fields()[0].message.contains("Bug"));
        let bug = &types[0];
        assert_eq!((state(bug, "active").unwrap(), state(bug, "done").unwrap()), ("Active", "Closed"));
        assert!(state(bug, "in_progress").unwrap_err().fields()[0].message.contains("Testing"), "two answer to it");
        assert_eq!(field(bug, "title").unwrap(), "System.Title");
        assert_eq!(field(bug, "custom.team").unwrap(), "Custom.Team");
        assert!(field(bug, "Team").unwrap_err().message().contains("several"));
        assert!(field(bug, "Nothing").is_err());
    }

    #[test]
    fn a_place_is_chosen_by_path_name_or_number_and_one_of_each_kind() {
        let place = |kind: ContainerKind, id: u64, path: &str| Place {
            kind,
            id,
            name: path.rsplit('\\').next().unwrap().to_owned(),
            path: path.to_owned(),
        };
        let places = [
            place(ContainerKind::Component, 1, "Web"),
            place(ContainerKind::Sprint, 2, "Web\\Sprint 1"),
            place(ContainerKind::Sprint, 3, "Web\\Sprint 2"),
            place(ContainerKind::Component, 4, "Web\\Shop"),
        ];
        let chosen = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            chosen(&places, &names).map(|chosen| chosen.iter().map(|place| place.id).collect::<Vec<_>>())
        };
        assert_eq!(chosen(&["web\\sprint 1", "Shop"]).unwrap(), [2, 4]);
        assert_eq!(chosen(&["3"]).unwrap(), [3]);
        assert!(chosen(&["Sprint 1", "Sprint 2"]).is_err());
        assert!(chosen(&["Sprint 9"]).unwrap_err().fields()[0].message.contains("Web\\Sprint 1"));
    }

    #[test]
    fn an_id_is_told_from_a_name() {
        assert!(is_guid("d291b0c4-a05c-4ea6-8df1-4b41d5f39eff"));
        for name in ["mara", "mara@acme.example", "d291b0c4-a05c-4ea6-8df1", "x291b0c4-a05c-4ea6-8df1-4b41d5f39eff"] {
            assert!(!is_guid(name));
        }
    }
}
