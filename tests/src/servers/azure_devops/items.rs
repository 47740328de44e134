//! Work items themselves: one, many, a new one, a changed one.

use serde_json::{Value, json};

use super::{
    fields, patch, place,
    render::Wanted,
    reply::{self, Refusal, Reply},
    service::Call,
    state::{State, WorkItem},
    wiql,
};

/// How many work items can be asked for at once.
const MOST_AT_ONCE: usize = 200;

pub(super) fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let id = place::item(state, call, "id")?;
    let fields = call.asked("fields").map(|names| names.split(',').map(str::to_owned).collect());
    let wanted = wanted(fields, call.asked("$expand"))?;
    Ok(Reply::read(&call.site.item(state, &state.items[&id], &wanted)))
}

/// Returns work items by their numbers. With `omit` one that cannot be had is null, without it is an error.
pub(super) fn batch(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let ids: Vec<_> = call.body["ids"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    if ids.len() > MOST_AT_ONCE {
        let message = format!(
            "VS403474: You are requesting {} work items, which exceeds the limit of {MOST_AT_ONCE}.",
            ids.len()
        );
        return Err(Refusal::argument(message));
    }
    let project = place::project(state, call)?;
    let names = call.body["fields"].as_array();
    let names = names.map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let wanted = wanted(names, call.body["$expand"].as_str())?;
    let omit = call.body["errorPolicy"] == "omit";
    let mut values = Vec::new();
    for id in ids {
        let visible = place::is_visible(state, call.user, id);
        let here = visible && project.is_none_or(|project| state.items[&id].project == project);
        match here {
            true => values.push(call.site.item(state, &state.items[&id], &wanted)),
            false if omit => values.push(Value::Null),
            false => return Err(Refusal::no_item(&id.to_string())),
        }
    }
    Ok(reply::list(&values))
}

pub(super) fn create(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    call.writes()?;
    let project = place::needed_project(state, call)?;
    let name = call.value("type");
    let kind = state.projects[project].work_item_type(name).ok_or_else(|| Refusal::no_type(name))?.clone();
    let mut item = WorkItem {
        id: 0,
        project,
        rev: 1,
        fields: std::collections::BTreeMap::new(),
        markdown: Vec::new(),
        relations: Vec::new(),
        comments: Vec::new(),
        deleted: false,
    };
    item.set("System.WorkItemType", kind.name);
    item.set("System.State", kind.states[0].0);
    item.set("System.Reason", "New");
    for field in ["System.AreaPath", "System.IterationPath"] {
        item.set(field, state.projects[project].name.as_str());
    }
    let saved = patch::apply(state, call, &mut item)?;
    answer(state, call, saved, item, true)
}

pub(super) fn update(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    call.writes()?;
    let id = place::item(state, call, "id")?;
    let mut item = state.items[&id].clone();
    item.rev += 1;
    let saved = patch::apply(state, call, &mut item)?;
    answer(state, call, saved, item, false)
}

/// Returns the numbers of what a query finds.
pub(super) fn query(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let project = place::project(state, call)?;
    let query = wiql::parse(call.body["query"].as_str().unwrap_or_default())?;
    let precise = call.asked("timePrecision") == Some("true");
    let search = wiql::Search { state, user: call.user, project, precise };
    if let Some(mode) = query.links {
        return Ok(links(call, &search.pairs(&query, mode)?, columns(call, &query), state));
    }
    let found = search.find(&query)?;
    let top = call.number("$top");
    if found.len() > call.query_cap && top.is_none_or(|top| top >= call.query_cap) {
        let message = format!(
            "VS402337: The number of work items returned exceeds the size limit of {}. Change the query to return fewer items.",
            call.query_cap
        );
        return Err(Refusal::new(400, "WorkItemTrackingQueryResultSizeLimitExceededException", message));
    }
    let shown = found.iter().take(top.unwrap_or(call.query_cap));
    let items: Vec<_> = shown.map(|id| reference(call, *id)).collect();
    let body = json!({
        "queryType": "flat", "queryResultType": "workItem", "asOf": state.clock.to_string(),
        "columns": columns(call, &query), "workItems": items,
    });
    Ok(Reply::read(&body))
}

/// Returns the answer to a query for links.
fn links(call: &Call, found: &[wiql::Pair], columns: Vec<Value>, state: &State) -> Reply {
    let shown = found.iter().take(call.number("$top").unwrap_or(call.query_cap));
    let relations = shown.map(|pair| {
        let (rel, source) = pair.link.as_ref().map(|(rel, source)| (rel, reference(call, *source))).unzip();
        json!({ "rel": rel, "source": source, "target": reference(call, pair.target) })
    });
    Reply::read(&json!({
        "queryType": "oneHop", "queryResultType": "workItemLink", "asOf": state.clock.to_string(), "columns": columns,
        "workItemRelations": relations.collect::<Vec<_>>(),
    }))
}

fn reference(call: &Call, id: u64) -> Value {
    json!({ "id": id, "url": format!("{}/_apis/wit/workItems/{id}", call.site.url()) })
}

fn columns(call: &Call, query: &wiql::Query) -> Vec<Value> {
    let known = query.columns.iter().filter_map(|name| fields::known(name));
    let url = |reference: &str| format!("{}/_apis/wit/fields/{reference}", call.site.url());
    known
        .map(|field| json!({ "referenceName": field.reference, "name": field.name, "url": url(field.reference) }))
        .collect()
}

/// Keeps a work item, unless it was only to be tried, and returns it.
fn answer(
    state: &mut State,
    call: &Call,
    saved: patch::Saved,
    mut item: WorkItem,
    new: bool,
) -> Result<Reply, Refusal> {
    let wanted = wanted(None, call.asked("$expand"))?;
    if call.asked("validateOnly") == Some("true") {
        return Ok(Reply::read(&call.site.item(state, &item, &wanted)));
    }
    if new {
        item.id = state.next_number();
    }
    let id = item.id;
    state.items.insert(id, item);
    saved.mirror(state, id);
    Ok(Reply::written(200, &call.site.item(state, &state.items[&id], &wanted)))
}

/// Reads what is wanted. Fields and an expansion exclude each other.
fn wanted(names: Option<Vec<String>>, expand: Option<&str>) -> Result<Wanted, Refusal> {
    if names.is_some() && expand.is_some_and(|expand| !expand.eq_ignore_ascii_case("none")) {
        return Err(Refusal::argument("The expand parameter can not be used with the fields parameter."));
    }
    if let Some(name) = names.iter().flatten().find(|name| fields::known(name).is_none()) {
        return Err(no_field(name));
    }
    let names =
        names.map(|names| names.iter().filter_map(|name| Some(fields::known(name)?.reference.to_owned())).collect());
    let expand = expand.unwrap_or_default().to_lowercase();
    let relations = ["relations", "all"].contains(&expand.as_str());
    Ok(Wanted { fields: names, relations, links: ["links", "all"].contains(&expand.as_str()) })
}

/// Returns the refusal of a field that is not there.
pub(super) fn no_field(name: &str) -> Refusal {
    Refusal::new(400, "WorkItemTrackingFieldDefinitionNotFoundException", format!("TF51535: Cannot find field {name}."))
}
