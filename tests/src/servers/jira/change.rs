//! What the fields of a create, an update or a transition do to an issue.

use serde_json::{Map, Value};

use super::{
    adf,
    jql::SPRINT,
    reply::Refusal,
    service::Call,
    state::{CustomField, Issue, Named, State},
};

/// Fields that every type of issue has on its screens.
const EVERYWHERE: &[&str] = &[
    "assignee",
    "components",
    "description",
    "duedate",
    "fixVersions",
    "issuetype",
    "labels",
    "parent",
    "priority",
    "project",
    "reporter",
    "summary",
];

/// The fields that can be set at some place, and those of them that must be.
pub(super) struct Screen {
    fields: Vec<String>,
    required: Vec<String>,
}

impl Screen {
    /// Returns the screen of a type, for a new issue or for one that is there.
    pub(super) fn of_type(state: &State, issue_type: usize, new: bool) -> Self {
        let own = &state.issue_types[issue_type].fields;
        let fields = EVERYWHERE.iter().map(|name| (*name).to_owned()).chain(own.iter().map(|(name, _)| name.clone()));
        let required = own.iter().filter(|(_, required)| *required).map(|(name, _)| name.clone());
        let summary = Some("summary".to_owned());
        let required = if new { required.chain(summary).collect() } else { Vec::new() };
        Self { fields: fields.collect(), required }
    }

    /// Returns a screen of its own.
    pub(super) fn new(fields: &[(String, bool)]) -> Self {
        let required = fields.iter().filter(|(_, required)| *required);
        Self {
            fields: fields.iter().map(|(name, _)| name.clone()).collect(),
            required: required.map(|(name, _)| name.clone()).collect(),
        }
    }

    fn check(&self, state: &State, given: &[&String]) -> Result<(), Refusal> {
        let mut wrong = Map::new();
        for name in given.iter().filter(|name| !self.fields.contains(name)) {
            let why = format!("Field '{name}' cannot be set. It is not on the appropriate screen, or unknown.");
            wrong.insert((*name).clone(), why.into());
        }
        for name in self.required.iter().filter(|name| !given.contains(name)) {
            wrong.insert(name.clone(), format!("{} is required.", field_name(state, name)).into());
        }
        if wrong.is_empty() { Ok(()) } else { Err(Refusal { message: None, fields: wrong, ..Refusal::new(400, "") }) }
    }
}

/// Changes an issue as `fields` and `update` say.
pub(super) fn apply(
    state: &State,
    call: &Call,
    issue: &mut Issue,
    screen: &Screen,
    fields: &Map<String, Value>,
    update: &Map<String, Value>,
) -> Result<(), Refusal> {
    if let Some(name) = fields.keys().find(|name| update.contains_key(*name)) {
        return Err(Refusal::field(name, format!("Field '{name}' cannot be set twice.")));
    }
    screen.check(state, &fields.keys().chain(update.keys()).collect::<Vec<_>>())?;
    for (name, value) in fields {
        set(state, call, issue, name, value)?;
    }
    for (name, operations) in update {
        for (verb, value) in operations.as_array().into_iter().flatten().filter_map(Value::as_object).flatten() {
            edit(state, call, issue, name, verb, value)?;
        }
    }
    Ok(())
}

/// Returns whom a body names as the assignee: nobody, the project's usual one, or somebody.
pub(super) fn assignee(state: &State, call: &Call, named: &Value) -> Result<Option<usize>, Refusal> {
    let member = if call.site.cloud { "accountId" } else { "name" };
    let wanted = &named[member];
    match wanted.as_str() {
        // The project's usual assignee is nobody here.
        Some("-1") => Ok(None),
        None if wanted.is_null() => Ok(None),
        Some(id) => user(state, call, "assignee", id).map(Some),
        None => Err(Refusal::field("assignee", "data was not a string")),
    }
}

/// Returns a type of a project's issues, by number or name.
pub(super) fn issue_type(state: &State, project: usize, named: &Value) -> Result<usize, Refusal> {
    let fits = |kind: &usize| is_called(named, state.issue_types[*kind].id, &state.issue_types[*kind].name);
    let known = state.projects[project].issue_types.iter().copied().find(fits);
    known.ok_or_else(|| Refusal::field("issuetype", "Specify a valid issue type"))
}

fn set(state: &State, call: &Call, issue: &mut Issue, name: &str, value: &Value) -> Result<(), Refusal> {
    let project = &state.projects[issue.project];
    match name {
        "summary" => issue.summary = summary(value)?,
        "description" => issue.description = adf::body(call, "description", value)?,
        "labels" => issue.labels = labels(value)?,
        "priority" => issue.priority = one_of(&state.priorities, "priority", value)?,
        "resolution" => issue.resolution = one_of(&state.resolutions, "resolution", value)?,
        "assignee" => issue.assignee = assignee(state, call, value)?,
        "reporter" => issue.reporter = assignee(state, call, value)?,
        "components" => issue.components = some_of(&project.components, "components", value)?,
        "fixVersions" => issue.fix_versions = some_of(&project.versions, "fixVersions", value)?,
        "duedate" => issue.due = due(value)?,
        "issuetype" => issue.issue_type = issue_type(state, issue.project, value)?,
        "parent" => issue.parent = parent(state, call, value)?,
        // Where it is was found before; an issue is moved elsewhere.
        "project" => {}
        custom => {
            let field = state.custom_fields.iter().find(|field| field.id == custom);
            let field = field.ok_or_else(|| Refusal::violation(format!("the fake cannot set the field {custom}")))?;
            let value = custom_value(state, call, field, value)?;
            issue.custom.insert(field.id.clone(), value);
        }
    }
    Ok(())
}

/// Carries one operation of `update` out.
fn edit(state: &State, call: &Call, issue: &mut Issue, name: &str, verb: &str, value: &Value) -> Result<(), Refusal> {
    let project = state.projects[issue.project].clone();
    match (name, verb) {
        (name, "set") => set(state, call, issue, name, value)?,
        ("labels", "add") => {
            for label in labels(&Value::Array(vec![value.clone()]))? {
                if !issue.labels.contains(&label) {
                    issue.labels.push(label);
                }
            }
        }
        ("labels", "remove") => issue.labels.retain(|label| value != label.as_str()),
        ("components" | "fixVersions", "add" | "remove") => {
            let (known, list) = match name {
                "components" => (&project.components, &mut issue.components),
                _ => (&project.versions, &mut issue.fix_versions),
            };
            let place = one_of(known, name, value)?;
            list.retain(|known| Some(*known) != place);
            list.extend(place.filter(|_| verb == "add"));
        }
        _ => return Err(Refusal::field(name, format!("Field '{name}' cannot be changed by the operation '{verb}'."))),
    }
    Ok(())
}

fn summary(value: &Value) -> Result<String, Refusal> {
    let text = value.as_str().filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| Refusal::field("summary", "You must specify a summary of the issue."))?;
    if text.contains('\n') {
        return Err(Refusal::field("summary", "The summary is invalid because it contains newline characters."));
    }
    if text.chars().count() > 255 {
        return Err(Refusal::field("summary", "Summary can't exceed 255 characters."));
    }
    Ok(text.to_owned())
}

fn labels(value: &Value) -> Result<Vec<String>, Refusal> {
    let labels = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut kept: Vec<String> = Vec::new();
    for label in labels {
        if label.contains(char::is_whitespace) {
            return Err(Refusal::field("labels", format!("The label '{label}' contains spaces which is invalid.")));
        }
        if !kept.iter().any(|known| known == label) {
            kept.push(label.to_owned());
        }
    }
    Ok(kept)
}

fn due(value: &Value) -> Result<Option<jiff::civil::Date>, Refusal> {
    let Some(text) = value.as_str() else { return Ok(None) };
    let day = text.parse().ok().filter(|_| text.len() == 10);
    let why = "Error parsing date string";
    day.map(Some).ok_or_else(|| Refusal::field("duedate", format!("{why}: {text}")))
}

fn parent(state: &State, call: &Call, value: &Value) -> Result<Option<u64>, Refusal> {
    if value.is_null() {
        return Ok(None);
    }
    let name = value["key"].as_str().or_else(|| value["id"].as_str()).unwrap_or_default();
    let found = super::place::named_issue(state, call, name);
    found.map(Some).map_err(|_| Refusal::field("parent", "Could not find issue by id or key."))
}

fn user(state: &State, call: &Call, field: &str, id: &str) -> Result<usize, Refusal> {
    let called = |user: &super::state::User| if call.site.cloud { user.account_id == id } else { user.name == id };
    let found = state.users.iter().position(called).filter(|place| state.users[*place].active);
    found.ok_or_else(|| Refusal::field(field, format!("User '{id}' cannot be assigned issues.")))
}

fn one_of(known: &[Named], field: &str, value: &Value) -> Result<Option<usize>, Refusal> {
    if value.is_null() {
        return Ok(None);
    }
    let place = known.iter().position(|named| is_called(value, named.id, &named.name));
    place.map(Some).ok_or_else(|| Refusal::field(field, format!("The {field} selected is invalid.")))
}

fn some_of(known: &[Named], field: &str, value: &Value) -> Result<Vec<usize>, Refusal> {
    let items = value.as_array().into_iter().flatten();
    items.map(|item| one_of(known, field, item)).filter_map(Result::transpose).collect()
}

/// Returns whether a value names something by its number or its name.
fn is_called(value: &Value, id: u64, name: &str) -> bool {
    value["id"].as_str().map_or_else(|| value["name"] == name, |wanted| wanted == id.to_string())
}

fn custom_value(state: &State, call: &Call, field: &CustomField, value: &Value) -> Result<Value, Refusal> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let wrong = |why: &str| Err(Refusal::field(&field.id, why));
    match field.kind {
        "number" if value.is_number() => Ok(value.clone()),
        "number" => wrong("Operation value must be a number"),
        "string" | "date" if value.is_string() => Ok(value.clone()),
        "string" | "date" => wrong("Operation value must be a string"),
        "option" => {
            let fits = |option: &&Named| match value["id"].as_str() {
                Some(id) => id == option.id.to_string(),
                None => value["value"] == option.name,
            };
            match field.options.iter().find(fits) {
                Some(option) => Ok(super::options::option(&call.site, option)),
                None => wrong("Option value is not valid"),
            }
        }
        "user" => {
            let user = assignee(state, call, value)?;
            Ok(call.site.user(state, user))
        }
        _ if field.id == SPRINT => match value.as_u64() {
            Some(id) => Ok(serde_json::json!([{ "id": id, "name": format!("Sprint {id}"), "state": "active" }])),
            None => wrong("Number value expected as the Sprint id."),
        },
        _ => Err(Refusal::violation(format!("the fake cannot set the field {}", field.id))),
    }
}

fn field_name(state: &State, id: &str) -> String {
    let known = super::render::names(state).remove(id);
    known.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_else(|| id.to_owned())
}
