//! Criteria as encoded queries.
//!
//! What the instance compares exactly is named as applied, and looked at again on every record. All else is narrowed where
//! that loses nothing, and left to the host: a wrong term of a query is passed over in silence.

use usher_adapter_sdk::{
    Result,
    message::{Criteria, Criterion},
    model::{PriorityLevel, Time, TypeLevel},
};

use super::{
    lookup::{self, People},
    states::{self, Values, is_value},
};
use crate::{
    ServiceNow,
    api::Record,
    mapping::{self, PRIORITIES, REPORTED_BY, STATES, TYPES, Who, closed},
    query::{self, Encoded},
};

/// The columns that words are looked for in.
const TEXT: &[&str] = &["short_description", "description"];

/// How far the zone of whoever asks, in which the instance may read a time, can be from UTC.
const EAST: i64 = 14 * 3600;
const WEST: i64 = 12 * 3600;

/// Whether a record is one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    No,
    /// An access rule hides what it depends on.
    Hidden,
    /// What it depends on is not in the table that was asked.
    NotAsked,
    Yes,
}

/// Which records of which tables are wanted.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub tables: Vec<String>,
    pub pushed_down: Vec<Criterion>,
    /// A query in ServiceNow's own words, in place of all terms.
    pub native: Option<String>,
    terms: Vec<String>,
    assignee: Option<People>,
    reporter: Option<People>,
    states: Values,
}

impl Filter {
    /// Reads criteria, and asks for the people whom they name.
    pub(super) async fn of(snow: &ServiceNow, criteria: &Criteria) -> Result<Self> {
        let mut filter = Self { tables: tables(snow, criteria)?, ..Self::default() };
        filter.pushed_down.extend((!criteria.project.is_empty()).then_some(Criterion::Project));
        if !criteria.assignee.is_empty() {
            filter.assignee = Some(lookup::people(snow, &criteria.assignee).await?);
            filter.pushed_down.push(Criterion::Assignee);
        }
        if !criteria.reporter.is_empty() {
            filter.reporter = Some(lookup::people(snow, &criteria.reporter).await?);
            filter.pushed_down.push(Criterion::Reporter);
        }
        if !criteria.status.is_empty() {
            filter.states = states::values(snow, &filter.tables, &criteria.status).await?;
        }
        if let Some(text) = &criteria.text {
            let exact = filter.look_for(text);
            filter.pushed_down.extend(exact.then_some(Criterion::Text));
        }
        Ok(filter)
    }

    /// Adds words to look for, and says whether that is exactly what the host would do.
    pub(super) fn look_for(&mut self, text: &str) -> bool {
        let (terms, exact) = query::words(TEXT, text);
        self.terms.extend(terms);
        exact
    }

    /// Returns the query for a table.
    pub(super) fn query(&self, criteria: &Criteria, table: &str) -> Result<Encoded> {
        if let Some(native) = &self.native {
            return Ok(Encoded::default().and(native));
        }
        let query = self.terms.iter().fold(Encoded::default(), Encoded::and);
        let query = match &self.assignee {
            Some(people) => query.and(query::is_in("assigned_to", &people.ids, people.nobody)?),
            None => query,
        };
        let query = match &self.reporter {
            Some(people) => query.and(reporter(people, table)?),
            None => query,
        };
        let narrowed = [open(criteria, table), self.states(criteria, table)?, priorities(criteria)?, times(criteria)];
        Ok(narrowed.into_iter().fold(query, Encoded::and))
    }

    /// Narrows to states: by value, or by category where the table's states are known.
    fn states(&self, criteria: &Criteria, table: &str) -> Result<String> {
        if !criteria.status.is_empty() && criteria.status.iter().all(|word| is_value(word)) {
            return query::is_in("state", &criteria.status, false);
        }
        if let Some(values) = self.states.get(table) {
            return query::is_in("state", values, false);
        }
        let own = STATES.iter().filter(|(known, ..)| *known == table);
        let is_known = own.clone().next().is_some() && criteria.status_category.iter().all(|asked| !asked.is_unknown());
        if criteria.status_category.is_empty() || !is_known {
            return Ok(String::new());
        }
        let fitting = own.filter(|(.., category)| criteria.status_category.contains(category));
        let values: Vec<&str> = fitting.map(|(_, value, ..)| *value).collect();
        if values.is_empty() { Ok(String::new()) } else { query::is_in("state", &values, false) }
    }

    /// Says whether a record is one that was asked for, as far as this is not left to the host.
    pub(super) fn fits(&self, record: &Record<'_>, listed: &str) -> Fit {
        let is_one = |people: &Option<People>, who: Who| {
            let fits = |is_one: bool| if is_one { Fit::Yes } else { Fit::No };
            match (people, who) {
                (None, _) => Fit::Yes,
                (Some(_), Who::Hidden) => Fit::Hidden,
                (Some(_), Who::NotAsked) => Fit::NotAsked,
                (Some(people), Who::Nobody) => fits(people.nobody),
                (Some(people), Who::In(column)) => fits(people.ids.iter().any(|id| id == record.value(column))),
            }
        };
        let reporter = mapping::reporter(record, mapping::table(record, None), listed);
        is_one(&self.assignee, mapping::assignee(record)).min(is_one(&self.reporter, reporter))
    }
}

/// Returns the tables to go through; one that is of no type that was asked for is left out.
fn tables(snow: &ServiceNow, criteria: &Criteria) -> Result<Vec<String>> {
    let mut tables = match &criteria.project[..] {
        [] => lookup::tables(snow)?,
        projects => projects.iter().map(|project| lookup::table(project)).collect::<Result<_>>()?,
    };
    let level = |table: &str| TYPES.iter().find(|(known, ..)| *known == table).map(|(.., level)| level);
    if criteria.type_name.is_empty() && !criteria.type_level.is_empty() {
        let may_be = |table: &String| level(table).is_none_or(|level: &TypeLevel| criteria.type_level.contains(level));
        // A table is a class and all that extend it: only of those that nothing extends it is known what is in them.
        if tables.iter().any(may_be) {
            tables.retain(|table| table == crate::config::BASE_TABLE || may_be(table));
        }
    }
    let mut seen = Vec::new();
    tables.retain(|table| {
        !seen.contains(table) && {
            seen.push(table.clone());
            true
        }
    });
    Ok(tables)
}

fn reporter(people: &People, table: &str) -> Result<String> {
    let Some((_, columns)) = REPORTED_BY.iter().find(|(known, _)| *known == table) else { return Ok(String::new()) };
    if people.nobody {
        return Ok(String::new());
    }
    let terms = columns.iter().map(|column| query::is_in(column, &people.ids, false)).collect::<Result<Vec<_>>>()?;
    Ok(terms.join("^OR"))
}

/// Narrows to open or to closed records, as a ticket tells them apart: what is not `active` is not open, and what is may be closed
/// by its state. A table whose states are not known may hold records of other classes, whose states are.
fn open(criteria: &Criteria, table: &str) -> String {
    let closed = closed(table).join(",");
    match criteria.is_open {
        Some(true) => "active=true".to_owned(),
        Some(false) if closed.is_empty() => String::new(),
        Some(false) => format!("active=false^ORstateIN{closed}"),
        None => String::new(),
    }
}

fn priorities(criteria: &Criteria) -> Result<String> {
    let value = |level: &PriorityLevel| PRIORITIES.iter().find(|(_, _, own, _)| own == level).map(|(value, ..)| *value);
    let values: Option<Vec<&str>> = criteria.priority.iter().map(value).collect();
    match values {
        Some(values) if !values.is_empty() => query::is_in("priority", &values, false),
        _ => Ok(String::new()),
    }
}

/// Narrows to times, by more than a day: nobody can say in which zone the instance reads them.
fn times(criteria: &Criteria) -> String {
    let moved =
        |time: Option<Time>, by: i64| query::time(Time::from_unix_seconds(time?.unix_seconds().checked_add(by)?)?);
    let mut terms = Vec::new();
    for (column, range) in [("sys_created_on", criteria.created), ("sys_updated_on", criteria.updated)] {
        terms.extend(moved(range.from, -WEST).map(|from| format!("{column}>={from}")));
        terms.extend(moved(range.to, EAST + 1).map(|to| format!("{column}<{to}")));
    }
    terms.join("^")
}
