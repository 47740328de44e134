//! What Jira is asked for in a list, and which criteria it then has applied exactly.
//!
//! Everything that narrows is asked for; what Jira compares in another way than the host (names of projects, precision of times)
//! is compared again by the host.

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, Criterion, ME, NOBODY, Sort, SortField, TimeRange},
    model::{StatusCategory, Time},
};

use crate::{
    Jira,
    jql::{self, Jql},
    operations::people,
};

/// By how much a range of times is widened: an index may hold less than milliseconds.
const SLACK_MILLIS: i64 = 60_000;

/// Returns the search for criteria.
pub(super) async fn jql(jira: &Jira, criteria: &Criteria) -> Result<Jql> {
    let mut jql = Jql::default();
    narrow(jira, criteria, &mut jql).await?;
    jql.order_by(order(criteria));
    Ok(jql)
}

/// Adds what criteria ask for.
pub(in crate::operations) async fn narrow(jira: &Jira, criteria: &Criteria, jql: &mut Jql) -> Result<()> {
    let projects = if criteria.project.is_empty() { &jira.host.connection().projects } else { &criteria.project };
    for (field, values) in [("project", projects), ("status", &criteria.status)] {
        if !values.is_empty() {
            jql.and(jql::any_of(field, values));
        }
    }
    if criteria.type_level.is_empty() && !criteria.type_name.is_empty() {
        jql.and(jql::any_of("issuetype", &criteria.type_name));
    }
    for label in &criteria.labels {
        jql.and(format!("labels = {}", jql::quoted(label)));
    }
    if let Some(is_done) = is_done(criteria) {
        jql.and(if is_done { "statusCategory = Done" } else { "statusCategory != Done" });
    }
    for (field, names) in [("assignee", &criteria.assignee), ("reporter", &criteria.reporter)] {
        if !names.is_empty() {
            jql.and(somebody(jira, field, names).await?);
        }
    }
    for (field, range) in [("created", criteria.created), ("updated", criteria.updated)] {
        within(field, range).into_iter().for_each(|clause| jql.and(clause));
    }
    if let Some(text) = &criteria.text {
        jql.and(jql::words(text)?);
    }
    Ok(())
}

/// Returns which criteria Jira applies exactly.
pub(in crate::operations) fn pushed_down(criteria: &Criteria) -> Vec<Criterion> {
    let is_sorted = criteria.sort.as_ref().is_some_and(|sort| sort_field(sort).is_some());
    [
        (!criteria.assignee.is_empty(), Criterion::Assignee),
        (!criteria.reporter.is_empty(), Criterion::Reporter),
        (criteria.text.is_some(), Criterion::Text),
        (is_sorted, Criterion::Sort),
    ]
    .into_iter()
    .filter_map(|(is_exact, criterion)| is_exact.then_some(criterion))
    .collect()
}

/// Says whether issues come as they were made, oldest first.
pub(super) fn is_by_creation(criteria: &Criteria) -> bool {
    order(criteria).starts_with("created ASC")
}

/// Returns the order: the one that is asked for, else the newest first where only some are wanted.
pub(in crate::operations) fn order(criteria: &Criteria) -> String {
    let asked = criteria.sort.as_ref().and_then(|sort| Some((sort_field(sort)?, sort.descending)));
    let (field, descending) = asked.unwrap_or(("created", criteria.limit.is_some() && criteria.sort.is_none()));
    let direction = if descending { "DESC" } else { "ASC" };
    match field {
        "key" => format!("key {direction}"),
        field => format!("{field} {direction}, key {direction}"),
    }
}

/// Jira's order of priorities is that of an administrator's list, and not ours.
fn sort_field(sort: &Sort) -> Option<&'static str> {
    match sort.by {
        SortField::Created => Some("created"),
        SortField::Updated => Some("updated"),
        SortField::Key => Some("key"),
        _ => None,
    }
}

/// Returns whether only what has ended can fit, or only what has not.
fn is_done(criteria: &Criteria) -> Option<bool> {
    let ended = |category: &StatusCategory| category.is_open().map(|is_open| !is_open);
    let mut categories = criteria.status_category.iter().map(ended);
    let by_category = match categories.next() {
        Some(first) if categories.all(|ended| ended == first) => first,
        _ => None,
    };
    criteria.is_open.map(|is_open| !is_open).or(by_category)
}

async fn somebody(jira: &Jira, field: &str, names: &[String]) -> Result<String> {
    let mut alternatives = Vec::new();
    let mut ids = Vec::new();
    for name in names {
        match name.as_str() {
            ME if jira.host.connection().auth_scheme.is_none() => {
                return Err(Error::validation("`@me` is nobody without credentials")
                    .with_hint("Configure `auth` of the connection."));
            }
            ME => alternatives.push(format!("{field} = currentUser()")),
            NOBODY => alternatives.push(format!("{field} IS EMPTY")),
            name => ids.extend(people::ids(jira, name).await?),
        }
    }
    if !ids.is_empty() {
        alternatives.push(jql::any_of(field, &ids));
    }
    Ok(format!("({})", alternatives.join(" OR ")))
}

fn within(field: &str, range: TimeRange) -> Vec<String> {
    let from = range.from.map(|from| format!("{field} >= {}", jql::millis(from).saturating_sub(SLACK_MILLIS)));
    let to = range.to.map(|to: Time| format!("{field} <= {}", jql::millis(to).saturating_add(SLACK_MILLIS)));
    from.into_iter().chain(to).collect()
}
