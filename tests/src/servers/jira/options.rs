//! The words of a site: who asks, what there is to choose from, and what the server is.

use serde_json::{Map, Value, json};

use super::{
    place,
    render::{FIELDS, Site, time},
    reply::{Refusal, Reply},
    service::{CLOUD_ID, Call},
    state::{CustomField, Named, State},
};

pub(super) fn tenant(_: &State, _: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::read(&json!({ "cloudId": CLOUD_ID })))
}

pub(super) fn server(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let (kind, version, numbers) = if call.site.cloud {
        ("Cloud", "1001.0.0-SNAPSHOT", [1_001, 0, 0])
    } else {
        ("Server", "10.3.24", [10, 3, 24])
    };
    let body = json!({
        "baseUrl": call.site.base, "version": version, "versionNumbers": numbers, "deploymentType": kind, "buildNumber": 100_287,
        "buildDate": "2026-01-01T00:00:00.000+0200", "serverTime": time(state.clock), "serverTitle": "Jira",
    });
    Ok(Reply::read(&body))
}

pub(super) fn myself(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let nobody = || Refusal::new(401, "Client must be authenticated to access this resource.");
    let user = call.caller.user().ok_or_else(nobody)?;
    Ok(Reply::read(&call.site.myself(state, user)))
}

pub(super) fn permissions(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let wanted =
        call.query.get("permissions").map_or("BROWSE_PROJECTS,CREATE_ISSUES,EDIT_ISSUES,ADD_COMMENTS", String::as_str);
    let project = call.query.get("projectKey").map(|key| place::named_project(state, call, key));
    let have = call.caller.user().is_some() && project != Some(None);
    let one = |key: &str| {
        let json = json!({ "id": "10", "key": key, "name": key, "type": "PROJECT", "description": "", "havePermission": have });
        (key.to_owned(), json)
    };
    Ok(Reply::read(&json!({ "permissions": wanted.split(',').map(one).collect::<Map<_, _>>() })))
}

pub(super) fn fields(state: &State, _: &Call) -> Result<Reply, Refusal> {
    let system = FIELDS.iter().map(|(id, name, kind, navigable)| {
        let clauses = json!([id.to_lowercase()]);
        json!({
            "id": id, "key": id, "name": name, "custom": false, "orderable": true, "navigable": navigable, "searchable": true,
            "clauseNames": clauses, "schema": schema(id, kind),
        })
    });
    let own = state.custom_fields.iter().map(|field| {
        let clauses = json!([format!("cf[{}]", &field.id["customfield_".len()..]), field.name]);
        json!({
            "id": field.id, "key": field.id, "name": field.name, "custom": true, "orderable": true, "navigable": true,
            "searchable": true, "clauseNames": clauses, "schema": custom_schema(field),
        })
    });
    Ok(Reply::read(&system.chain(own).collect()))
}

pub(super) fn issue_types(state: &State, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::read(&state.issue_types.iter().map(|kind| call.site.issue_type(kind)).collect()))
}

pub(super) fn statuses(state: &State, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::read(&state.statuses.iter().map(|status| call.site.status(status)).collect()))
}

pub(super) fn priorities(state: &State, call: &Call) -> Result<Reply, Refusal> {
    Ok(Reply::read(&state.priorities.iter().map(|one| call.site.named("priority", one)).collect()))
}

pub(super) fn search_priorities(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let all: Vec<_> = state.priorities.iter().map(|one| call.site.named("priority", one)).collect();
    Ok(page(call, "priority/search", &all))
}

pub(super) fn resolutions(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let json = |one: &Named| {
        let mut json = call.site.named("resolution", one);
        json["description"] = json!("");
        json
    };
    Ok(Reply::read(&state.resolutions.iter().map(json).collect()))
}

pub(super) fn link_types(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let types: Vec<_> = state.link_types.iter().map(|kind| call.site.link_type(kind)).collect();
    Ok(Reply::read(&json!({ "issueLinkTypes": types })))
}

pub(super) fn labels(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let mut labels: Vec<_> = state.issues.values().flat_map(|issue| &issue.labels).collect();
    labels.sort();
    labels.dedup();
    let labels: Vec<_> = labels.into_iter().map(|label| json!(label)).collect();
    Ok(page(call, "label", &labels))
}

/// Returns the projects that the caller may see, as Data Center lists them.
pub(super) fn projects(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let search = call.search(state);
    let visible = (0..state.projects.len()).filter(|project| search.may_see(*project));
    Ok(Reply::read(&visible.map(|project| call.site.project_in_issue(state, project)).collect()))
}

pub(super) fn search_projects(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let search = call.search(state);
    let query = call.query.get("query").map(|query| query.to_lowercase());
    let keys = call.query.get("keys");
    let fits = |project: &usize| {
        let project = &state.projects[*project];
        let named =
            |query: &String| project.key.to_lowercase().contains(query) || project.name.to_lowercase().contains(query);
        query.as_ref().is_none_or(named) && keys.is_none_or(|keys| keys.split(',').any(|key| key == project.key))
    };
    let visible = (0..state.projects.len()).filter(|project| search.may_see(*project)).filter(fits);
    let all: Vec<_> = visible.map(|project| call.site.project_in_issue(state, project)).collect();
    Ok(page(call, "project/search", &all))
}

pub(super) fn project(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::project(state, call)?;
    Ok(Reply::read(&call.site.project(state, project)))
}

pub(super) fn components(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::project(state, call)?;
    let components = &state.projects[project].components;
    Ok(Reply::read(&components.iter().map(|one| call.site.component(project, state, one)).collect()))
}

pub(super) fn versions(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::project(state, call)?;
    Ok(Reply::read(&state.projects[project].versions.iter().map(|one| call.site.version(one)).collect()))
}

pub(super) fn statuses_by_type(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = &state.projects[place::project(state, call)?];
    let mut reached: Vec<_> = project.transitions.iter().map(|way| way.to).collect();
    reached.sort_unstable();
    reached.dedup();
    let statuses: Vec<_> = reached.iter().map(|status| call.site.status(&state.statuses[*status])).collect();
    let types = project.issue_types.iter().map(|kind| {
        let kind = &state.issue_types[*kind];
        json!({
            "self": call.site.api(&format!("issuetype/{}", kind.id)), "id": kind.id.to_string(), "name": kind.name,
            "subtask": kind.subtask, "statuses": statuses,
        })
    });
    Ok(Reply::read(&types.collect()))
}

/// Returns the people whom an issue can be assigned to.
pub(super) fn assignable(state: &State, call: &Call) -> Result<Reply, Refusal> {
    let project = match (call.query.get("project"), call.query.get("issueKey")) {
        (Some(key), _) => place::named_project(state, call, key).ok_or_else(|| Refusal::no_project(key))?,
        (None, Some(key)) => state.issues[&place::named_issue(state, call, key)?].project,
        (None, None) => return Err(Refusal::new(400, "Either 'project' or 'issueKey' must be given.")),
    };
    let members = state.projects[project].members.clone();
    let member = |user: usize| members.as_ref().is_none_or(|members| members.contains(&user));
    Ok(found_people(state, call, member))
}

pub(super) fn users(state: &State, call: &Call) -> Result<Reply, Refusal> {
    Ok(found_people(state, call, |_| true))
}

/// Returns a choice of a field.
pub(super) fn option(site: &Site, option: &Named) -> Value {
    json!({ "self": site.api(&format!("customFieldOption/{}", option.id)), "value": option.name, "id": option.id.to_string() })
}

/// Returns what a field of every site holds.
pub(super) fn schema(id: &str, kind: &str) -> Value {
    let items = match id {
        "attachment" => "attachment",
        "components" => "component",
        "fixVersions" | "versions" => "version",
        "issuelinks" | "subtasks" => "issuelinks",
        "labels" => "string",
        "worklog" => "worklog",
        _ => return json!({ "type": kind, "system": id }),
    };
    json!({ "type": kind, "items": items, "system": id })
}

/// Returns what a field of this site holds.
pub(super) fn custom_schema(field: &CustomField) -> Value {
    let types = "com.atlassian.jira.plugin.system.customfieldtypes";
    let number: u64 = field.id["customfield_".len()..].parse().expect("a custom field has a number");
    let (kind, custom) = match field.kind {
        "number" => ("number", format!("{types}:float")),
        "option" => ("option", format!("{types}:select")),
        "date" => ("date", format!("{types}:datepicker")),
        "user" => ("user", format!("{types}:userpicker")),
        "array" => {
            return json!({ "type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint", "customId": number });
        }
        _ => ("string", format!("{types}:textfield")),
    };
    json!({ "type": kind, "custom": custom, "customId": number })
}

fn found_people(state: &State, call: &Call, fits: impl Fn(usize) -> bool) -> Reply {
    if call.caller.user().is_none() {
        return Reply::read(&json!([]));
    }
    let (start, size) = call.page(50, 1_000);
    let wanted = call.query.get("query").or_else(|| call.query.get("username")).map(|query| query.to_lowercase());
    let id = call.query.get("accountId");
    let named = |place: &usize| {
        let user = &state.users[*place];
        let names = [&user.display_name, &user.email, &user.name].map(|name| name.to_lowercase());
        let by_query =
            wanted.as_ref().is_none_or(|wanted| names.iter().any(|name| name.contains(wanted.trim_matches('.'))));
        user.active && by_query && id.is_none_or(|id| *id == user.account_id)
    };
    let found = (0..state.users.len()).filter(|place| fits(*place)).filter(named).skip(start).take(size);
    Reply::read(&found.map(|user| call.site.user(state, Some(user))).collect())
}

/// Returns a page of Cloud's kind.
fn page(call: &Call, path: &str, all: &[Value]) -> Reply {
    let (start, size) = call.page(50, 1_000);
    let part: Vec<_> = all.iter().skip(start).take(size).collect();
    let last = start + part.len() >= all.len();
    let mut json = json!({
        "self": call.site.api(path), "startAt": start, "maxResults": size, "total": all.len(), "isLast": last, "values": part,
    });
    if !last {
        json["nextPage"] = json!(call.site.api(&format!("{path}?startAt={}&maxResults={size}", start + size)));
    }
    Reply::read(&json)
}
