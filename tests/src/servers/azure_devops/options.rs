//! The words of an organisation: who asks, which projects, types, states, fields, areas and people there are.

use serde_json::{Value, json};

use super::{
    fields::{FIELDS, Kind, Known},
    patch::BOTH_ENDS,
    place,
    reply::{self, Refusal, Reply},
    service::Call,
    state::{Project, State, WorkItemType},
};

/// Fields that every type has.
const EVERYWHERE: &[&str] = &[
    "Microsoft.VSTS.Common.Priority",
    "System.AreaPath",
    "System.AssignedTo",
    "System.Description",
    "System.IterationPath",
    "System.Reason",
    "System.State",
    "System.Tags",
    "System.Title",
];

pub(super) fn connection(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let user = &state.users[call.user];
    let me = json!({
        "id": user.id,
        "descriptor": format!("Microsoft.IdentityModel.Claims.ClaimsIdentity;{}", user.unique_name),
        "subjectDescriptor": format!("aad.{}", user.id.replace('-', "")),
        "providerDisplayName": user.display_name,
        "properties": { "Account": { "$type": "System.String", "$value": user.unique_name } },
    });
    let kind = if call.site.services { "hosted" } else { "onPremises" };
    let body = json!({ "authenticatedUser": me, "authorizedUser": me, "deploymentType": kind, "instanceId": "0" });
    Ok(Reply::read(&body))
}

/// Returns projects, a page of them; where the next one begins is said in a header.
pub(super) fn projects(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let visible = (0..state.projects.len()).filter(|project| place::may_see(state, call.user, *project));
    let all: Vec<_> = visible.map(|project| project_json(call, &state.projects[project])).collect();
    let start = call.number("continuationToken").or_else(|| call.number("$skip")).unwrap_or(0).min(all.len());
    let end = (start + call.number("$top").unwrap_or(100)).min(all.len());
    let mut reply = reply::list(&all[start..end]);
    if end < all.len() {
        reply.answer = reply.answer.header("x-ms-continuationtoken", &end.to_string());
    }
    Ok(reply)
}

pub(super) fn identities(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let wanted: Vec<_> = call.asked("identityIds").unwrap_or_default().split(',').collect();
    let search = call.asked("filterValue").map(str::to_lowercase);
    let found = state.users.iter().filter(|user| {
        let named = |search: &String| {
            user.display_name.to_lowercase().contains(search) || user.unique_name.to_lowercase() == *search
        };
        search.as_ref().map_or_else(|| wanted.contains(&user.id.as_str()), named)
    });
    let json = found.map(|user| {
        json!({
            "id": user.id,
            "providerDisplayName": user.display_name,
            "isActive": true,
            "properties": { "Account": { "$type": "System.String", "$value": user.unique_name } },
        })
    });
    Ok(reply::list(&json.collect::<Vec<_>>()))
}

pub(super) fn types(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::needed_project(state, call)?;
    let types = state.projects[project].types.iter().map(|kind| {
        let fields: Vec<_> = fields_of(kind).into_iter().map(field_of_type).collect();
        json!({
            "name": kind.name,
            "referenceName": kind.reference_name,
            "description": format!("What is called {}", kind.name),
            "color": "CC293D",
            "isDisabled": false,
            "fields": fields,
            "fieldInstances": fields,
            "states": kind.states.iter().map(state_json).collect::<Vec<_>>(),
            "transitions": {},
            "url": format!("{}/_apis/wit/workItemTypes/{}", call.site.url(), kind.name),
        })
    });
    Ok(reply::list(&types.collect::<Vec<_>>()))
}

pub(super) fn states(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let kind = type_of_path(state, call)?;
    Ok(reply::list(&kind.states.iter().map(state_json).collect::<Vec<_>>()))
}

pub(super) fn fields_of_type(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::needed_project(state, call)?;
    let kind = type_of_path(state, call)?;
    let with_values =
        call.asked("$expand").is_some_and(|expand| ["allowedvalues", "all"].contains(&expand.to_lowercase().as_str()));
    let fields = fields_of(kind).into_iter().map(|field| {
        let mut json = field_of_type(field);
        if with_values {
            json["allowedValues"] = json!(allowed_values(&state.projects[project], kind, field));
        }
        json
    });
    Ok(reply::list(&fields.collect::<Vec<_>>()))
}

pub(super) fn fields(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    place::project(state, call)?;
    let fields = FIELDS.iter().map(|field| {
        json!({
            "name": field.name,
            "referenceName": field.reference,
            "type": field.kind.word(),
            "usage": "workItem",
            "readOnly": field.read_only,
            "canSortBy": true,
            "isQueryable": true,
            "isIdentity": field.kind == Kind::Identity,
            "isPicklist": false,
            "url": format!("{}/_apis/wit/fields/{}", call.site.url(), field.reference),
        })
    });
    Ok(reply::list(&fields.collect::<Vec<_>>()))
}

pub(super) fn tags(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::needed_project(state, call)?;
    let items = state.items.values().filter(|item| item.project == project && !item.deleted);
    let mut tags: Vec<_> = items.flat_map(|item| item.tags()).collect();
    tags.sort_unstable();
    tags.dedup();
    let json = tags.iter().zip(1..).map(|(tag, number)| {
        let id = format!("18090594-b371-4140-99d2-{number:012x}");
        json!({ "id": id, "name": tag, "url": format!("{}/_apis/wit/tags/{id}", call.site.url()) })
    });
    Ok(reply::list(&json.collect::<Vec<_>>()))
}

pub(super) fn relation_types(_: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let others = ["AttachedFile", "Hyperlink", "ArtifactLink"];
    let types = BOTH_ENDS.iter().map(|(rel, _)| *rel).chain(others).map(|rel| {
        let usage = if others.contains(&rel) { "resourceLink" } else { "workItemLink" };
        json!({
            "referenceName": rel,
            "name": rel.rsplit('.').next(),
            "attributes": { "usage": usage, "editable": false, "enabled": true },
            "url": format!("{}/_apis/wit/workItemRelationTypes/{rel}", call.site.url()),
        })
    });
    Ok(reply::list(&types.collect::<Vec<_>>()))
}

/// Returns the two trees of a project; what is below their roots only as deep as was asked.
pub(super) fn classification(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let project = &state.projects[place::needed_project(state, call)?];
    let depth = call.number("$depth").unwrap_or(0);
    let trees = [("area", "Area", &project.areas), ("iteration", "Iteration", &project.iterations)];
    let trees = trees.map(|(kind, word, paths)| tree(call, kind, word, paths, &paths[0], depth));
    Ok(reply::list(&trees))
}

fn tree(call: &Call, kind: &str, word: &str, paths: &[String], path: &str, depth: usize) -> Value {
    let below = |candidate: &&String| candidate.rsplit_once('\\').is_some_and(|(parent, _)| parent == path);
    let children: Vec<_> = paths.iter().filter(below).collect();
    let name = path.rsplit('\\').next().unwrap_or_default();
    let (root, rest) = path.split_once('\\').map_or((path, String::new()), |(root, rest)| (root, format!("\\{rest}")));
    let number = paths.iter().position(|known| known == path).unwrap_or_default();
    let mut json = json!({
        "id": number + 1,
        "identifier": format!("a5c68379-3258-4d62-971c-{:012x}", number + 1),
        "name": name,
        "structureType": kind,
        "hasChildren": !children.is_empty(),
        "path": format!("\\{root}\\{word}{rest}"),
        "url": format!("{}/_apis/wit/classificationNodes/{kind}", call.site.url()),
    });
    if depth > 0 && !children.is_empty() {
        json["children"] = children.iter().map(|child| tree(call, kind, word, paths, child, depth - 1)).collect();
    }
    json
}

fn type_of_path<'a>(state: &'a State, call: &Call) -> Result<&'a WorkItemType, Refusal> {
    let project = place::needed_project(state, call)?;
    let name = call.value("type");
    state.projects[project].work_item_type(name).ok_or_else(|| Refusal::no_type(name))
}

fn project_json(call: &Call, project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "url": format!("{}/_apis/projects/{}", call.site.url(), project.id),
        "state": "wellFormed",
        "revision": 7,
        "visibility": "private",
        "lastUpdateTime": "2026-01-01T00:00:00Z",
    })
}

fn state_json((name, category): &(&str, &str)) -> Value {
    json!({ "name": name, "color": "b2b2b2", "category": category })
}

fn fields_of(kind: &WorkItemType) -> Vec<&'static Known> {
    let fits = |field: &&Known| EVERYWHERE.contains(&field.reference) || kind.fields.contains(&field.reference);
    FIELDS.iter().filter(fits).collect()
}

fn field_of_type(field: &Known) -> Value {
    let required = ["System.Title", "System.State"].contains(&field.reference);
    json!({
        "name": field.name,
        "referenceName": field.reference,
        "alwaysRequired": required,
        "dependentFields": [],
        "helpText": "",
        "url": format!("/_apis/wit/fields/{}", field.reference),
    })
}

fn allowed_values(project: &Project, kind: &WorkItemType, field: &Known) -> Vec<String> {
    match field.reference {
        "System.State" => kind.states.iter().map(|(name, _)| (*name).to_owned()).collect(),
        "System.AreaPath" => project.areas.clone(),
        "System.IterationPath" => project.iterations.clone(),
        "Microsoft.VSTS.Common.Priority" => (1..=4).map(|number| number.to_string()).collect(),
        "Microsoft.VSTS.Common.Severity" => {
            ["1 - Critical", "2 - High", "3 - Medium", "4 - Low"].map(str::to_owned).into()
        }
        _ => Vec::new(),
    }
}
