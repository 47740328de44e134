//! What can be set: by project and type for a new issue, by issue for one that is there.

use serde_json::{Map, Value, json};

use super::{
    options::{custom_schema, option, schema},
    place,
    render::{FIELDS, Site},
    reply::{Refusal, Reply},
    service::Call,
    state::{IssueType, Named, State},
};

/// Fields that every screen has, and whether a new issue must have them.
const EVERYWHERE: &[(&str, bool)] = &[
    ("assignee", false),
    ("components", false),
    ("description", false),
    ("duedate", false),
    ("fixVersions", false),
    ("issuetype", true),
    ("labels", false),
    ("parent", false),
    ("priority", false),
    ("project", true),
    ("reporter", false),
    ("summary", true),
];

pub(super) fn issue_types(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::project(state, call)?;
    let types: Vec<_> = state.projects[project].issue_types.iter().map(|kind| &state.issue_types[*kind]).collect();
    let types: Vec<_> = types.iter().map(|kind| call.site.issue_type(kind)).collect();
    Ok(paged(call, "issueTypes", &types))
}

pub(super) fn fields(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::project(state, call)?;
    let types = state.projects[project].issue_types.iter().copied();
    let mut types = types.filter(|kind| state.issue_types[*kind].id.to_string() == call.values[1]);
    let missing = || Refusal::new(404, format!("Issue type with id '{}' was not found.", call.values[1]));
    let kind = types.next().ok_or_else(missing)?;
    let fields: Vec<_> = on_screen(&state.issue_types[kind])
        .into_iter()
        .map(|(id, required)| {
            let mut field = field(&call.site, state, project, &id, required);
            field["fieldId"] = json!(id);
            field
        })
        .collect();
    Ok(paged(call, "fields", &fields))
}

pub(super) fn edit(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::issue(state, call)?;
    let issue = &state.issues[&id];
    let known = on_screen(&state.issue_types[issue.issue_type]).into_iter().filter(|(id, _)| id != "project");
    let fields: Map<_, _> =
        known.map(|(id, required)| (id.clone(), field(&call.site, state, issue.project, &id, required))).collect();
    Ok(Reply::read(&json!({ "fields": fields })))
}

/// Returns what a field of a screen takes.
pub(super) fn field(site: &Site, state: &State, project: usize, id: &str, required: bool) -> Value {
    let own = state.custom_fields.iter().find(|field| field.id == id);
    let system = FIELDS.iter().find(|field| field.0 == id);
    let (name, schema) = match (own, system) {
        (Some(field), _) => (field.name.as_str(), custom_schema(field)),
        (None, Some((id, name, kind, _))) => (*name, schema(id, kind)),
        (None, None) => panic!("the fake has no field {id}"),
    };
    let verbs =
        if ["components", "fixVersions", "labels"].contains(&id) { vec!["add", "set", "remove"] } else { vec!["set"] };
    let mut json = json!({
        "required": required, "schema": schema, "name": name, "key": id, "hasDefaultValue": id == "priority", "operations": verbs,
    });
    let project = &state.projects[project];
    let named = |kind: &str, list: &[Named]| list.iter().map(|one| site.named(kind, one)).collect::<Value>();
    let allowed = match id {
        "components" => named("component", &project.components),
        "fixVersions" => named("version", &project.versions),
        "priority" => named("priority", &state.priorities),
        "resolution" => named("resolution", &state.resolutions),
        "issuetype" => project.issue_types.iter().map(|kind| site.issue_type(&state.issue_types[*kind])).collect(),
        _ => match own {
            Some(field) if !field.options.is_empty() => field.options.iter().map(|one| option(site, one)).collect(),
            _ => return json,
        },
    };
    json["allowedValues"] = allowed;
    json
}

fn on_screen(kind: &IssueType) -> Vec<(String, bool)> {
    let everywhere = EVERYWHERE.iter().map(|(id, required)| ((*id).to_owned(), *required));
    everywhere.chain(kind.fields.iter().cloned()).collect()
}

/// Returns a page: Cloud calls what is in it by its kind, Data Center `values`.
fn paged(call: &Call, name: &str, all: &[Value]) -> Reply {
    let (start, size) = call.page(50, 200);
    let part: Vec<_> = all.iter().skip(start).take(size).collect();
    let mut json = json!({ "startAt": start, "maxResults": size, "total": all.len() });
    if call.site.cloud {
        json[name] = json!(part);
    } else {
        json["isLast"] = json!(start + part.len() >= all.len());
        json["values"] = json!(part);
    }
    Reply::read(&json)
}
