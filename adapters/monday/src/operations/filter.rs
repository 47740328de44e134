//! Criteria as the rules of monday.com's `ItemsQuery`, and which of them it then applies exactly.
//!
//! Labels are compared by their numbers, so that what a name means is decided here, and exactly. Whether rules about labels
//! find items without one is not said, so that both is asked for where these are meant as well. People by name, labels of
//! tickets, and times (which monday.com compares by days, in the reader's zone) are left to the host.
//!
//! <https://developer.monday.com/api-reference/reference/items-page#queries>

use serde_json::{Map, Value, json};
use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Criterion, SortField},
};

use crate::{
    api,
    mapping::{self, Columns, Label, Role, same},
};

/// What is said to monday.com.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// The argument `query_params`; `null` where nothing is said.
    pub query: Value,
    pub applied: Vec<Criterion>,
}

/// Rules in monday.com's own words: an `ItemsQuery`.
#[derive(Debug, Default)]
pub(super) struct Native(Map<String, Value>);

impl Native {
    /// Reads an `ItemsQuery`.
    pub(super) fn read(text: &str) -> Result<Self> {
        let refused = |why: String| {
            Error::validation(why).with_hint(
                r#"Write an ItemsQuery as JSON: {"rules":[{"column_id":"status","compare_value":[1],"operator":"any_of"}]}"#,
            )
        };
        let value: Value =
            serde_json::from_str(text).map_err(|error| refused(format!("the query is not JSON: {error}")))?;
        let Value::Object(members) = value else { return Err(refused("the query is not an object".to_owned())) };
        const KNOWN: &[&str] = &["groups", "ids", "operator", "order_by", "rules"];
        match members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            Some(name) => Err(refused(format!("an ItemsQuery has no `{name}`; it has: {}", KNOWN.join(", ")))),
            None => Ok(Self(members)),
        }
    }
}

/// Conditions that must all hold, and the criteria that they say whole.
#[derive(Default)]
struct Conditions {
    all: Vec<Value>,
    applied: Vec<Criterion>,
}

impl Filter {
    /// Returns what of criteria is said about a board; without the board nothing but what it is itself.
    pub(super) fn of(
        criteria: &Criteria,
        native: &Native,
        board: Option<(&api::Board<'_>, &Columns<'_, '_>)>,
        is_ordered: bool,
    ) -> Self {
        let mut conditions = Conditions::default();
        if !criteria.project.is_empty() {
            conditions.applied.push(Criterion::Project);
        }
        if let Some((board, columns)) = board {
            conditions.states(criteria, columns);
            conditions.priorities(criteria, columns);
            conditions.groups(criteria, board);
            conditions.text(criteria, columns);
        }
        let mut query = Map::new();
        let mut own = native.0.clone();
        for name in ["ids", "order_by"] {
            query.extend(own.remove(name).map(|value| (name.to_owned(), value)));
        }
        if !own.is_empty() {
            conditions.all.push(Value::Object(own));
        }
        if let Some(order) = order(criteria).filter(|_| is_ordered && !query.contains_key("order_by")) {
            query.insert("order_by".to_owned(), order);
            conditions.applied.push(Criterion::Sort);
        }
        if !conditions.all.is_empty() {
            query.insert("operator".to_owned(), "and".into());
            query.insert("groups".to_owned(), conditions.all.into());
        }
        let query = if query.is_empty() { Value::Null } else { query.into() };
        Self { query, applied: conditions.applied }
    }
}

impl Conditions {
    fn add(&mut self, criterion: Criterion, rules: Vec<Value>) {
        self.all.push(json!({ "operator": "or", "rules": rules }));
        self.applied.push(criterion);
    }

    fn states(&mut self, criteria: &Criteria, columns: &Columns<'_, '_>) {
        let Some(column) = columns.role(Role::Status) else { return };
        let labels = columns.labels(&column.id);
        // Where the board does not say which labels mean done, nobody can tell which items are open.
        if let Some(is_open) = criteria.is_open.filter(|_| labels.iter().any(|label| label.is_done == Some(true))) {
            let done = ids(labels, |label| label.is_done == Some(true));
            let rules = if is_open { open(&column.id, &done) } else { vec![any_of(&column.id, &done)] };
            self.add(Criterion::IsOpen, rules);
        }
        let wanted = &criteria.status_category;
        if !wanted.is_empty() && wanted.iter().all(|category| !category.is_unknown()) {
            let fitting = ids(labels, |label| wanted.contains(&mapping::category(&label.name, label.is_done)));
            self.labels(Criterion::StatusCategory, &column.id, &fitting);
        }
        if !criteria.status.is_empty() && criteria.status.iter().all(|name| !name.trim().is_empty()) {
            let fitting = ids(labels, |label| criteria.status.iter().any(|name| is_named(label, name)));
            self.labels(Criterion::Status, &column.id, &fitting);
        }
    }

    /// What no label stands for is found nowhere, which is the host's to say.
    fn labels(&mut self, criterion: Criterion, column: &str, fitting: &[i64]) {
        if !fitting.is_empty() {
            self.add(criterion, vec![any_of(column, fitting)]);
        }
    }

    fn priorities(&mut self, criteria: &Criteria, columns: &Columns<'_, '_>) {
        let Some(column) = columns.role(Role::Priority) else { return };
        let wanted = &criteria.priority;
        if !wanted.is_empty() && wanted.iter().all(|level| !level.is_unknown()) {
            let fitting = ids(columns.labels(&column.id), |label| wanted.contains(&mapping::priority(&label.name)));
            self.labels(Criterion::Priority, &column.id, &fitting);
        }
    }

    fn groups(&mut self, criteria: &Criteria, board: &api::Board<'_>) {
        let groups = board.groups.iter().flatten().flatten();
        let is_named = |group: &&api::Group<'_>| {
            let title = group.title.as_deref().unwrap_or(&group.id);
            criteria.containers.iter().any(|name| *group.id == **name || same(title, name))
        };
        let fitting: Vec<&str> = groups.filter(is_named).map(|group| &*group.id).collect();
        if !fitting.is_empty() {
            let rule = json!({ "column_id": "group", "compare_value": fitting, "operator": "any_of" });
            self.add(Criterion::Containers, vec![rule]);
        }
    }

    /// Every word must be in the name or in the description.
    fn text(&mut self, criteria: &Criteria, columns: &Columns<'_, '_>) {
        let Some(text) = criteria.text.as_deref() else { return };
        let description = columns.role(Role::Description).map(|column| &*column.id);
        let contains = |word: &str| {
            let places = std::iter::once("name").chain(description);
            let rule = |column| json!({ "column_id": column, "compare_value": [word], "operator": "contains_text" });
            json!({ "operator": "or", "rules": places.map(rule).collect::<Vec<_>>() })
        };
        self.all.extend(text.split_whitespace().map(contains));
        self.applied.push(Criterion::Text);
    }
}

fn ids(labels: &[Label], is_wanted: impl Fn(&Label) -> bool) -> Vec<i64> {
    labels.iter().filter(|label| !label.name.trim().is_empty() && is_wanted(label)).map(|label| label.id).collect()
}

/// Says whether a label is meant by a name or a number.
pub(super) fn is_named(label: &Label, name: &str) -> bool {
    same(&label.name, name) || label.id.to_string() == name.trim()
}

fn any_of(column: &str, labels: &[i64]) -> Value {
    json!({ "column_id": column, "compare_value": labels, "operator": "any_of" })
}

/// Whatever is not done: other labels, and none.
fn open(column: &str, done: &[i64]) -> Vec<Value> {
    vec![
        json!({ "column_id": column, "compare_value": done, "operator": "not_any_of" }),
        json!({ "column_id": column, "compare_value": [], "operator": "is_empty" }),
    ]
}

/// Returns the order that monday.com applies, if it is what was asked for.
fn order(criteria: &Criteria) -> Option<Value> {
    let sort = criteria.sort.as_ref()?;
    let column = match sort.by {
        SortField::Created => "__creation_log__",
        SortField::Updated => "__last_updated__",
        _ => return None,
    };
    Some(json!([{ "column_id": column, "direction": if sort.descending { "desc" } else { "asc" } }]))
}
