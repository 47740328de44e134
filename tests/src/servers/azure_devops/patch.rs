//! JSON Patch, and the rules of fields that stand in its way.

use serde_json::{Value, json};

use super::{
    fields::{self, Kind, Known},
    items::no_field,
    place,
    render::PARENT,
    reply::Refusal,
    service::Call,
    state::{Comment, Field, Relation, State, Target, WorkItem},
};

/// How much a text can have, and how many tags there can be.
const LONGEST_TEXT: usize = 1_000_000;
const MOST_TAGS: usize = 100;

/// Relations and what they are from the other end.
pub(super) const BOTH_ENDS: &[(&str, &str)] = &[
    ("System.LinkTypes.Dependency-Forward", "System.LinkTypes.Dependency-Reverse"),
    ("System.LinkTypes.Dependency-Reverse", "System.LinkTypes.Dependency-Forward"),
    ("System.LinkTypes.Duplicate-Forward", "System.LinkTypes.Duplicate-Reverse"),
    ("System.LinkTypes.Duplicate-Reverse", "System.LinkTypes.Duplicate-Forward"),
    ("System.LinkTypes.Hierarchy-Forward", PARENT),
    (PARENT, "System.LinkTypes.Hierarchy-Forward"),
    ("System.LinkTypes.Related", "System.LinkTypes.Related"),
];

/// What a patch did to relations, of which the other ends must hear.
#[derive(Debug, Default)]
pub(super) struct Saved {
    added: Vec<Relation>,
    removed: Vec<Relation>,
}

/// Carries a patch out on a work item that is not kept yet.
pub(super) fn apply(state: &mut State, call: &Call, item: &mut WorkItem) -> Result<Saved, Refusal> {
    let operations = call.body.as_array().cloned().unwrap_or_default();
    if operations.is_empty() {
        return Err(Refusal::argument("You must pass a valid patch document in the body of the request."));
    }
    let state_before = item.text("System.State").to_owned();
    let mut saved = Saved::default();
    for operation in &operations {
        let path = operation["path"].as_str().unwrap_or_default();
        let (verb, value) = (operation["op"].as_str().unwrap_or_default(), &operation["value"]);
        if path == "/rev" {
            check_revision(item, verb, value)?;
        } else if let Some(name) = path.strip_prefix("/fields/") {
            set_field(state, call, item, name, verb, value)?;
        } else if let Some(name) = path.strip_prefix("/multilineFieldsFormat/") {
            set_format(item, name, value)?;
        } else if let Some(place) = path.strip_prefix("/relations/") {
            set_relation(state, call, item, place, verb, value, &mut saved)?;
        } else {
            return Err(Refusal::argument(format!("The path '{path}' is not valid.")));
        }
    }
    if item.text("System.Title").trim().is_empty() {
        return Err(Refusal::rule("System.Title", "Title", "Required, InvalidEmpty"));
    }
    stamp(state, call, item, &state_before);
    Ok(saved)
}

impl Saved {
    /// Lets the other ends of relations know. They are changed by it, too.
    pub(super) fn mirror(self, state: &mut State, id: u64) {
        let now = state.clock;
        let other_end = |relation: &Relation| {
            let (_, rel) = BOTH_ENDS.iter().find(|(rel, _)| *rel == relation.rel)?;
            match relation.target {
                Target::Item(target) => Some((target, (*rel).to_owned())),
                Target::File(_) | Target::Address(_) => None,
            }
        };
        for (target, rel) in self.added.iter().filter_map(other_end) {
            let item = state.item(target);
            item.relations.push(Relation { rel, target: Target::Item(id), attributes: json!({ "isLocked": false }) });
            touch(item, now);
        }
        for (target, rel) in self.removed.iter().filter_map(other_end) {
            let item = state.item(target);
            item.relations.retain(|relation| relation.rel != rel || relation.target != Target::Item(id));
            touch(item, now);
        }
    }
}

fn touch(item: &mut WorkItem, now: jiff::Timestamp) {
    item.rev += 1;
    item.fields.insert("System.ChangedDate".to_owned(), Field::Time(now));
}

/// The new revision is one more than the one that must hold.
fn check_revision(item: &WorkItem, verb: &str, value: &Value) -> Result<(), Refusal> {
    if verb != "test" {
        return Err(Refusal::argument("The path '/rev' can only be tested."));
    }
    if value.as_u64() == Some(item.rev - 1) {
        return Ok(());
    }
    let message = "TF26071: This work item has been changed by someone else since you opened it. You will need to refresh it and discard your changes.";
    Err(Refusal::new(412, "WorkItemRevisionMismatchException", message))
}

fn set_field(
    state: &mut State,
    call: &Call,
    item: &mut WorkItem,
    name: &str,
    verb: &str,
    value: &Value,
) -> Result<(), Refusal> {
    let field = fields::known(name).ok_or_else(|| no_field(name))?;
    if field.read_only {
        return Err(Refusal::rule(field.reference, field.name, "ReadOnly"));
    }
    match verb {
        "test" => {
            let holds = item.fields.get(field.reference) == Some(&Field::Value(value.clone()));
            let message = "VS402624: The value of the field is not the one that was tested for.";
            return if holds { Ok(()) } else { Err(Refusal::new(412, "VssPropertyValidationException", message)) };
        }
        "remove" => {
            item.fields.remove(field.reference);
            return Ok(());
        }
        "add" | "replace" => {}
        other => return Err(Refusal::argument(format!("The operation '{other}' is not supported."))),
    }
    if field.kind == Kind::History {
        let (id, created) = (state.next_number_of_comment(), state.tick());
        let text = value.as_str().unwrap_or_default().to_owned();
        item.comments.push(Comment { id, text, markdown: false, author: call.user, created });
        return Ok(());
    }
    let value = checked(state, item, field, value)?;
    match value {
        Field::Value(Value::String(text)) if text.is_empty() => drop(item.fields.remove(field.reference)),
        value => drop(item.fields.insert(field.reference.to_owned(), value)),
    }
    Ok(())
}

/// Returns a value as a field keeps it, if its rules allow it.
fn checked(state: &State, item: &WorkItem, field: &Known, value: &Value) -> Result<Field, Refusal> {
    let invalid = |code: &str| Refusal::rule(field.reference, field.name, code);
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let project = &state.projects[item.project];
    let kind = project.work_item_type(item.text("System.WorkItemType"));
    let kind = kind.ok_or_else(|| Refusal::no_type(item.text("System.WorkItemType")))?;
    match (field.reference, field.kind) {
        ("System.State", _) => {
            let known = kind.states.iter().any(|(name, _)| *name == text);
            if !known {
                return Err(invalid("Required, HasValues, LimitedToValues, AllowsOldValue, InvalidListValue"));
            }
        }
        ("System.Title", _) if text.chars().count() > 255 => return Err(invalid("InvalidTooLong")),
        ("System.WorkItemType", _) if project.work_item_type(&text).is_none() => return Err(Refusal::no_type(&text)),
        ("Microsoft.VSTS.Common.Priority", _) if !["1", "2", "3", "4"].contains(&text.as_str()) => {
            return Err(invalid("HasValues, LimitedToValues, AllowsOldValue, InvalidListValue"));
        }
        ("System.AreaPath", _) if !is_path(&project.areas, &text) => return Err(no_path(field)),
        ("System.IterationPath", _) if !is_path(&project.iterations, &text) => return Err(no_path(field)),
        ("System.Tags", _) => return tags(&text),
        (_, Kind::Identity) if !text.is_empty() => {
            return person(state, &text).map(Field::Person).ok_or_else(|| invalid("InvalidListValue, UnknownIdentity"));
        }
        (_, Kind::DateTime) if !text.is_empty() => {
            return text.parse().map(Field::Time).map_err(|_| invalid("InvalidDate"));
        }
        (_, Kind::Integer | Kind::Double) => {
            let number: f64 = text.parse().map_err(|_| invalid("InvalidType"))?;
            let whole = field.kind == Kind::Integer;
            let value =
                if whole { json!(text.parse::<i64>().map_err(|_| invalid("InvalidType"))?) } else { json!(number) };
            return Ok(Field::Value(value));
        }
        (_, Kind::Html) if text.len() > LONGEST_TEXT => return Err(invalid("InvalidTooLong")),
        _ => {}
    }
    Ok(Field::Value(text.into()))
}

/// Returns the place of somebody by the name to sign in with, the full name, or both.
pub(super) fn person(state: &State, name: &str) -> Option<usize> {
    let inner = name.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(name);
    let called = |user: &super::state::User| {
        user.unique_name.eq_ignore_ascii_case(inner) || user.display_name.eq_ignore_ascii_case(name)
    };
    state.users.iter().position(called)
}

fn is_path(known: &[String], path: &str) -> bool {
    known.iter().any(|known| known.eq_ignore_ascii_case(path))
}

fn no_path(field: &Known) -> Refusal {
    let message = format!("TF401347: Invalid tree name given for work item -1, field '{}'.", field.reference);
    Refusal::new(400, "WorkItemTrackingTreeNodeNotFoundException", message)
}

/// Returns tags as they are kept: in order of the alphabet, each once whatever the case of its letters.
fn tags(text: &str) -> Result<Field, Refusal> {
    let mut tags: Vec<&str> = text.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty()).collect();
    tags.sort_by_key(|tag| tag.to_lowercase());
    tags.dedup_by_key(|tag| tag.to_lowercase());
    if tags.len() > MOST_TAGS {
        return Err(Refusal::argument(format!("TF401353: A work item can have {MOST_TAGS} tags at most.")));
    }
    Ok(Field::Value(tags.join("; ").into()))
}

/// Says that a long field is Markdown. There is no way back.
fn set_format(item: &mut WorkItem, name: &str, value: &Value) -> Result<(), Refusal> {
    let field = fields::known(name).filter(|field| field.kind == Kind::Html).ok_or_else(|| no_field(name))?;
    let known = item.markdown.iter().any(|known| known == field.reference);
    match value.as_str().map(str::to_lowercase).as_deref() {
        Some("markdown") if known => {}
        Some("markdown") => item.markdown.push(field.reference.to_owned()),
        Some("html") if !known => {}
        Some("html") => return Err(Refusal::argument("A field cannot be converted from Markdown to HTML.")),
        _ => return Err(Refusal::argument("The format of a field must be 'Markdown' or 'Html'.")),
    }
    Ok(())
}

fn set_relation(
    state: &State,
    call: &Call,
    item: &mut WorkItem,
    place: &str,
    verb: &str,
    value: &Value,
    saved: &mut Saved,
) -> Result<(), Refusal> {
    let wrong = || Refusal::argument(format!("The relation '{place}' cannot be changed by '{verb}'."));
    if verb == "remove" {
        let place = place.parse().ok().filter(|place: &usize| *place < item.relations.len()).ok_or_else(wrong)?;
        saved.removed.push(item.relations.remove(place));
        return Ok(());
    }
    if (verb, place) != ("add", "-") {
        return Err(wrong());
    }
    let relation = relation(state, call, value)?;
    let same = |known: &Relation| known.rel == relation.rel && known.target == relation.target;
    if item.relations.iter().any(same) {
        let message = "VS402625: Relation already exists.";
        return Err(Refusal::new(400, "RelationAlreadyExistsException", message));
    }
    let has_parent = relation.rel == PARENT && item.relations.iter().any(|known| known.rel == PARENT);
    if has_parent || relation.target == Target::Item(item.id) {
        let message = "TF201036: You cannot add a Parent link to this work item because a work item can have only one Parent link.";
        return Err(Refusal::new(400, "WorkItemLinkInvalidException", message));
    }
    saved.added.push(relation.clone());
    item.relations.push(relation);
    Ok(())
}

fn relation(state: &State, call: &Call, value: &Value) -> Result<Relation, Refusal> {
    let (rel, url) = (value["rel"].as_str().unwrap_or_default(), value["url"].as_str().unwrap_or_default());
    let last = url.rsplit('/').next().unwrap_or_default().split('?').next().unwrap_or_default();
    let target = match rel {
        "Hyperlink" | "ArtifactLink" => Target::Address(url.to_owned()),
        "AttachedFile" if state.files.contains_key(last) => Target::File(last.to_owned()),
        "AttachedFile" => return Err(Refusal::argument("TF401391: The attachment does not exist.")),
        _ if BOTH_ENDS.iter().any(|(known, _)| *known == rel) => {
            let id = last.parse().ok().filter(|id| place::is_visible(state, call.user, *id));
            Target::Item(id.ok_or_else(|| Refusal::no_item(last))?)
        }
        _ => return Err(Refusal::argument(format!("VS402633: The relation type '{rel}' does not exist."))),
    };
    let mut attributes = if value["attributes"].is_object() { value["attributes"].clone() } else { json!({}) };
    if let Target::File(id) = &target {
        let file = &state.files[id];
        attributes["name"] = json!(file.name);
        attributes["resourceSize"] = json!(file.content.len());
        attributes["resourceCreatedDate"] = json!(state.clock.to_string());
    }
    Ok(Relation { rel: rel.to_owned(), target, attributes })
}

/// Writes down who changed it and when, and what follows from a new state.
fn stamp(state: &mut State, call: &Call, item: &mut WorkItem, state_before: &str) {
    let now = state.tick();
    let mut set = |name: &str, field: Field| item.fields.insert(name.to_owned(), field);
    set("System.ChangedBy", Field::Person(call.user));
    set("System.ChangedDate", Field::Time(now));
    set("System.AuthorizedDate", Field::Time(now));
    set("System.RevisedDate", Field::Value(json!("9999-01-01T00:00:00Z")));
    set("System.Watermark", Field::Value(json!(item.rev + 600)));
    if item.rev == 1 {
        item.fields.insert("System.CreatedBy".to_owned(), Field::Person(call.user));
        item.fields.insert("System.CreatedDate".to_owned(), Field::Time(now));
    }
    let now_in = item.text("System.State").to_owned();
    if now_in == state_before {
        return;
    }
    item.fields.insert("Microsoft.VSTS.Common.StateChangeDate".to_owned(), Field::Time(now));
    item.set("System.Reason", format!("Moved to state {now_in}"));
    let kind = state.projects[item.project].work_item_type(item.text("System.WorkItemType"));
    let category = kind.and_then(|kind| kind.states.iter().find(|(name, _)| *name == now_in));
    match category {
        Some((_, "Completed")) => {
            drop(item.fields.insert("Microsoft.VSTS.Common.ClosedDate".to_owned(), Field::Time(now)))
        }
        _ => drop(item.fields.remove("Microsoft.VSTS.Common.ClosedDate")),
    }
}
