//! Queries in WIQL: their words, and what they find.
//!
//! <https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax>

use std::collections::HashSet;

use serde::Serialize;
use usher_adapter_sdk::{
    Result,
    host::{Effect, Method},
    model::Time,
};

use crate::{AzureDevOps, api};

/// How many work items a query finds at most; beyond that it is an error, or cut without a word.
pub(super) const MOST: usize = 20_000;

/// A query that is put together.
#[derive(Debug, Clone, Default)]
pub(super) struct Wiql {
    conditions: Vec<String>,
    order: Option<String>,
}

impl Wiql {
    /// Adds something that must hold.
    pub(super) fn and(&mut self, condition: impl Into<String>) {
        self.conditions.push(condition.into());
    }

    /// Keeps to the numbers of a window.
    pub(super) fn between(&mut self, after: u64, to: Option<u64>) {
        if after > 0 {
            self.and(format!("[System.Id] > {after}"));
        }
        if let Some(to) = to {
            self.and(format!("[System.Id] <= {to}"));
        }
    }

    /// Sets the order.
    pub(super) fn order_by(&mut self, field: &str, is_descending: bool) {
        let direction = if is_descending { "DESC" } else { "ASC" };
        let then = if field == "System.Id" { "" } else { ", [System.Id] ASC" };
        self.order = Some(format!("[{field}] {direction}{then}"));
    }

    /// Returns the text.
    pub(super) fn text(&self) -> String {
        let conditions = if self.conditions.is_empty() { String::new() } else { self.conditions.join(" AND ") };
        let filter = if conditions.is_empty() { String::new() } else { format!(" WHERE {conditions}") };
        let order = self.order.as_deref().unwrap_or("[System.Id] ASC");
        format!("SELECT [System.Id] FROM WorkItems{filter} ORDER BY {order}")
    }
}

/// Returns a text as a literal: whatever it holds, it ends where it should.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns that a field is any of these.
pub(super) fn any_of<'a>(field: &str, values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.into_iter().map(literal).collect();
    format!("[{field}] IN ({})", values.join(", "))
}

/// Returns a time as a literal.
pub(super) fn time(time: Time) -> String {
    literal(&time.to_string())
}

/// The body of the request: <https://learn.microsoft.com/rest/api/azure/devops/wit/wiql/query-by-wiql>
#[derive(Serialize)]
struct Body<'a> {
    query: &'a str,
}

/// What a query has found.
#[derive(Debug)]
pub(super) struct Found {
    /// The numbers of the work items, each once.
    pub numbers: Vec<u64>,
    /// Whether there were as many rows as were asked for: then there may be more. A query for links has other rows than work items.
    pub is_full: bool,
}

/// Says whether a query finds pairs of work items: how many it finds says nothing of how many work items these are.
pub(super) fn is_for_links(query: &str) -> bool {
    query.to_ascii_lowercase().contains("workitemlinks")
}

/// Asks for the numbers of what a query for work items finds, so many at most.
pub(super) async fn ask(azure: &AzureDevOps, query: &str, most: usize) -> Result<Vec<u64>> {
    Ok(ask_in(azure, None, query, most).await?.numbers)
}

/// Asks for the numbers of what any query finds, so many rows at most, in a project, which is what `@project` then stands for.
pub(super) async fn ask_in(azure: &AzureDevOps, project: Option<&str>, query: &str, most: usize) -> Result<Found> {
    let path = project.into_iter().chain(["_apis", "wit", "wiql"]);
    let request = azure.request(Method::Post, path)?.effect(Effect::Read);
    let request = request.query("$top", most.to_string()).query("timePrecision", "true").json(&Body { query })?;
    let response = azure.send(request, &"the query").await?;
    let found: api::QueryResult = response.decode()?;
    let mut numbers: Vec<u64> = found.work_items.iter().flatten().map(|reference| reference.id).collect();
    let pairs = found.work_item_relations.unwrap_or_default();
    let is_full = numbers.len().max(pairs.len()) >= most;
    // A query for links finds pairs, and a work item stands in many of them.
    let mut seen: HashSet<u64> = numbers.iter().copied().collect();
    for reference in pairs.into_iter().flat_map(|pair| [pair.source, pair.target]).flatten() {
        if seen.insert(reference.id) {
            numbers.push(reference.id);
        }
    }
    Ok(Found { numbers, is_full })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_query_says_what_must_hold_and_in_which_order() {
        let mut wiql = Wiql::default();
        assert_eq!(wiql.text(), "SELECT [System.Id] FROM WorkItems ORDER BY [System.Id] ASC");
        wiql.and(any_of("System.State", ["To Do", "Won't do"]));
        wiql.and("[System.Id] > 5");
        wiql.order_by("System.ChangedDate", true);
        assert_eq!(
            wiql.text(),
            "SELECT [System.Id] FROM WorkItems WHERE [System.State] IN ('To Do', 'Won''t do') AND [System.Id] > 5 \
             ORDER BY [System.ChangedDate] DESC, [System.Id] ASC"
        );
    }

    /// Reads a literal as WIQL does, and returns what it stands for and what is left behind it.
    fn read(text: &str) -> Option<(String, &str)> {
        let mut value = String::new();
        let mut rest = text.strip_prefix('\'')?;
        loop {
            let (part, behind) = rest.split_once('\'')?;
            value.push_str(part);
            match behind.strip_prefix('\'') {
                Some(behind) => {
                    value.push('\'');
                    rest = behind;
                }
                None => return Some((value, behind)),
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_a_literal_holds_it_stays_one_literal(text in "(?s).*", quotes in "['\\] OR\\[]{0,12}") {
            for text in [text.as_str(), quotes.as_str()] {
                let rest = " OR [System.Id] > 0";
                let written = format!("{}{rest}", literal(text));
                prop_assert_eq!(read(&written), Some((text.to_owned(), rest)));
            }
        }
    }
}
