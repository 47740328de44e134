//! Criteria as Linear's `IssueFilter`, and which of them it then applies exactly.
//!
//! Linear compares names without regard to case, and does not say what that means beyond ASCII, nor whether `%` and `_`
//! stand for other characters there. So names with letters beyond ASCII are left to the host, and names with these two
//! only narrow the list.

use serde_json::{Value, json};
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    message::{Criteria, Criterion, ME, NOBODY, TimeRange},
    model::Time,
};

use crate::{Linear, key, mapping};

/// What of criteria is said to Linear.
#[derive(Debug, Default)]
pub(super) struct Filter {
    conditions: Vec<Value>,
    pub pushed_down: Vec<Criterion>,
    /// The keys of the teams that are named: Linear says nothing of one that is not there.
    pub teams: Vec<String>,
}

/// How Linear compares a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// As we do.
    Exact,
    /// It may find more.
    Wider,
    /// It may find less.
    Other,
}

impl Filter {
    /// Returns what is said to Linear; where no team is named, those of the connection are meant.
    pub(super) fn of(linear: &Linear, criteria: &Criteria) -> Result<Self> {
        let mut filter = Self::default();
        filter.teams(linear, criteria)?;
        filter.states(criteria);
        filter.people("assignee", &criteria.assignee, Criterion::Assignee);
        filter.reporters(&criteria.reporter);
        filter.labels(&criteria.labels);
        filter.containers(&criteria.containers);
        filter.priorities(criteria);
        filter.text(criteria.text.as_deref());
        filter.range("createdAt", &criteria.created, Criterion::Created);
        filter.range("updatedAt", &criteria.updated, Criterion::Updated);
        Ok(filter)
    }

    /// Adds a filter in Linear's own words.
    pub(super) fn native(&mut self, filter: Value) {
        self.conditions.push(filter);
    }

    /// Returns the filter of one window of the list.
    pub(super) fn within(&self, from: Option<i64>, to: Option<i64>) -> Value {
        let mut conditions = self.conditions.clone();
        conditions.extend(range("createdAt", from, to));
        json!({ "and": conditions })
    }

    fn add(&mut self, condition: Value, criterion: Criterion, comparison: Comparison) {
        self.conditions.push(condition);
        if comparison == Comparison::Exact && !self.pushed_down.contains(&criterion) {
            self.pushed_down.push(criterion);
        }
    }

    /// Adds that one of several must hold.
    fn any(&mut self, alternatives: Vec<Value>, criterion: Criterion, comparison: Comparison) {
        self.add(json!({ "or": alternatives }), criterion, comparison);
    }

    fn teams(&mut self, linear: &Linear, criteria: &Criteria) -> Result<()> {
        let connection = linear.host.connection();
        let known = || connection.projects.iter().chain(&connection.default_project).collect::<Vec<_>>();
        let named = if criteria.project.is_empty() { known() } else { criteria.project.iter().collect() };
        for name in named {
            if !key::is_team(name) {
                return Err(Error::new(ErrorKind::InvalidReference, format!("`{name}` is not the key of a team"))
                    .with_hint("Write it like `ENG`, as it stands in front of the number of an issue."));
            }
            let key = name.to_ascii_uppercase();
            if !self.teams.contains(&key) {
                self.teams.push(key);
            }
        }
        if !self.teams.is_empty() {
            let condition = json!({ "team": { "key": { "in": self.teams } } });
            let is_asked = !criteria.project.is_empty();
            self.add(condition, Criterion::Project, if is_asked { Comparison::Exact } else { Comparison::Wider });
        }
        Ok(())
    }

    fn states(&mut self, criteria: &Criteria) {
        if let Some(is_open) = criteria.is_open {
            let types = mapping::STATE_TYPES.iter().filter(|(_, category)| category.is_open() == Some(is_open));
            let types: Vec<&str> = types.map(|(kind, _)| *kind).collect();
            self.add(json!({ "state": { "type": { "in": types } } }), Criterion::IsOpen, Comparison::Exact);
        }
        let types: Vec<&str> = criteria.status_category.iter().flat_map(mapping::state_types).collect();
        // What has no type here is found nowhere, and what is unknown may be anything.
        let is_known = criteria.status_category.iter().all(|category| !category.is_unknown());
        if !types.is_empty() && is_known {
            self.add(json!({ "state": { "type": { "in": types } } }), Criterion::StatusCategory, Comparison::Exact);
        }
        let alternatives = |name: &str| -> Vec<Value> {
            let name_filter = json!({ "state": { "name": { "eqIgnoreCase": name } } });
            let id = key::is_uuid(name).then(|| json!({ "state": { "id": { "eq": name } } }));
            std::iter::once(name_filter).chain(id).collect()
        };
        self.names(&criteria.status, Criterion::Status, alternatives);
    }

    /// Adds that one of several names must fit, unless one of them may be compared otherwise than by us.
    fn names(&mut self, names: &[String], criterion: Criterion, alternatives: impl Fn(&str) -> Vec<Value>) {
        let Some(comparison) = comparison(names) else { return };
        self.any(names.iter().flat_map(|name| alternatives(name)).collect(), criterion, comparison);
    }

    fn people(&mut self, field: &str, names: &[String], criterion: Criterion) {
        self.names(names, criterion, |name| person(field, name));
    }

    /// Whoever is asked for by name may be somebody outside, whom Linear's filter does not know as the creator.
    fn reporters(&mut self, names: &[String]) {
        if names.iter().any(|name| name == NOBODY) {
            return;
        }
        if names.iter().all(|name| name == ME) {
            return self.people("creator", names, Criterion::Reporter);
        }
        let Some(_) = comparison(names) else { return };
        let outside = json!({ "creator": { "null": true } });
        let alternatives = names.iter().flat_map(|name| person("creator", name)).chain([outside]).collect();
        self.any(alternatives, Criterion::Reporter, Comparison::Wider);
    }

    fn labels(&mut self, names: &[String]) {
        let is_whole = comparison(names) == Some(Comparison::Exact);
        // All of them must be there, so that each that can be said narrows the list.
        for name in names.iter().filter(|name| compared(name) != Comparison::Other) {
            let condition = json!({ "labels": { "some": { "name": { "eqIgnoreCase": name } } } });
            self.add(condition, Criterion::Labels, if is_whole { Comparison::Exact } else { Comparison::Wider });
        }
    }

    fn containers(&mut self, names: &[String]) {
        let Some(comparison) = comparison(names) else { return };
        let mut is_exact = comparison == Comparison::Exact;
        let mut alternatives = Vec::new();
        for name in names {
            for field in ["project", "projectMilestone", "cycle"] {
                alternatives.push(json!({ field: { "name": { "eqIgnoreCase": name } } }));
                alternatives.extend(key::is_uuid(name).then(|| json!({ field: { "id": { "eq": name } } })));
            }
            // Only a cycle without a name is called by its number, and that cannot be said.
            if let Some(number) = mapping::cycle_number(name) {
                alternatives.push(json!({ "cycle": { "number": { "eq": number } } }));
                is_exact = false;
            }
        }
        self.any(alternatives, Criterion::Containers, if is_exact { Comparison::Exact } else { Comparison::Wider });
    }

    fn priorities(&mut self, criteria: &Criteria) {
        let number = |level| mapping::PRIORITIES.iter().position(|known| known == level);
        let numbers: Vec<usize> = criteria.priority.iter().filter_map(number).collect();
        let is_known = criteria.priority.iter().all(|level| !level.is_unknown());
        if !numbers.is_empty() && is_known {
            self.add(json!({ "priority": { "in": numbers } }), Criterion::Priority, Comparison::Exact);
        }
    }

    /// Every word must be there; how a word is looked for is Linear's own.
    fn text(&mut self, text: Option<&str>) {
        for word in text.unwrap_or_default().split_whitespace() {
            let alternatives = ["title", "description"].map(|field| json!({ field: { "containsIgnoreCase": word } }));
            self.any(alternatives.to_vec(), Criterion::Text, Comparison::Exact);
        }
    }

    /// Linear shows whole milliseconds: a bound between two of them is moved to the later one, which changes nothing.
    fn range(&mut self, field: &str, asked: &TimeRange, criterion: Criterion) {
        if let Some(condition) = range(field, asked.from.map(up), asked.to.map(up)) {
            self.add(condition, criterion, Comparison::Exact);
        }
    }
}

fn up(time: Time) -> i64 {
    let is_whole = time.unix_nanos() % 1_000_000 == 0;
    time.unix_nanos().div_euclid(1_000_000) as i64 + i64::from(!is_whole)
}

fn range(field: &str, from: Option<i64>, to: Option<i64>) -> Option<Value> {
    let written = |millis: i64| Time::from_unix_millis(millis).map(|time| time.to_string());
    match (from.and_then(written), to.and_then(written)) {
        (None, None) => None,
        (Some(from), None) => Some(json!({ field: { "gte": from } })),
        (None, Some(to)) => Some(json!({ field: { "lt": to } })),
        (Some(from), Some(to)) => Some(json!({ field: { "gte": from, "lt": to } })),
    }
}

fn person(field: &str, name: &str) -> Vec<Value> {
    match name {
        ME => vec![json!({ field: { "isMe": { "eq": true } } })],
        NOBODY => vec![json!({ field: { "null": true } })],
        name => {
            let names = ["displayName", "email", "name"].map(|own| json!({ field: { own: { "eqIgnoreCase": name } } }));
            let id = key::is_uuid(name).then(|| json!({ field: { "id": { "eq": name.to_ascii_lowercase() } } }));
            names.into_iter().chain(id).collect()
        }
    }
}

/// Returns how Linear compares the names, taken together; none where there is none, or it may find less.
fn comparison(names: &[String]) -> Option<Comparison> {
    let all: Vec<Comparison> = names.iter().map(|name| compared(name)).collect();
    match (all.is_empty() || all.contains(&Comparison::Other), all.contains(&Comparison::Wider)) {
        (true, _) => None,
        (false, true) => Some(Comparison::Wider),
        (false, false) => Some(Comparison::Exact),
    }
}

fn compared(name: &str) -> Comparison {
    if !name.is_ascii() || name.contains('\\') {
        return Comparison::Other;
    }
    if name.contains(['%', '_']) { Comparison::Wider } else { Comparison::Exact }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_left_to_the_host_where_linear_may_compare_them_otherwise() {
        for (name, expected) in [
            ("In Progress", Comparison::Exact),
            ("100%", Comparison::Wider),
            ("mara_l@shop.example", Comparison::Wider),
            ("Übergabe", Comparison::Other),
            ("a\\b", Comparison::Other),
        ] {
            assert_eq!(compared(name), expected, "{name}");
        }
        let names = |names: &[&str]| comparison(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&[]), None);
        assert_eq!(names(&["a", "b_"]), Some(Comparison::Wider));
        assert_eq!(names(&["a", "ü"]), None);
    }

    #[test]
    fn a_bound_between_two_milliseconds_is_moved_to_the_later_one() {
        let millis = |text: &str| up(Time::parse(text).unwrap()) % 1_000;
        assert_eq!(millis("2026-01-02T03:04:05.678Z"), 678);
        assert_eq!(millis("2026-01-02T03:04:05.678000001Z"), 679);
        assert_eq!(up(Time::parse("1969-12-31T23:59:59.9995Z").unwrap()), 0);
    }
}
