//! Encoded queries, as far as they are used.

use std::collections::BTreeSet;

use super::{Row, time};

/// The operators, the longer before those that they begin with.
const OPERATORS: &[&str] = &["ISEMPTY", "ISNOTEMPTY", "LIKE", "IN", ">=", "<=", "!=", "=", ">", "<"];

/// A query: several of which one must fit (`^NQ`), each of terms that must all hold, each of which one way must (`^OR`).
pub(super) struct Query<'a> {
    parts: Vec<Vec<Vec<Term<'a>>>>,
    order: Vec<(&'a str, bool)>,
}

struct Term<'a> {
    column: &'a str,
    operator: &'static str,
    value: &'a str,
}

impl<'a> Query<'a> {
    /// Reads a query; what cannot be one is told in words.
    pub(super) fn read(text: &'a str) -> Result<Self, String> {
        let mut query = Self { parts: vec![Vec::new()], order: Vec::new() };
        for term in text.split('^').filter(|term| !term.is_empty()) {
            if let Some(column) = term.strip_prefix("ORDERBYDESC") {
                query.order.push((column, true));
            } else if let Some(column) = term.strip_prefix("ORDERBY") {
                query.order.push((column, false));
            } else if let Some(term) = term.strip_prefix("NQ") {
                query.parts.push(vec![vec![read(term)?]]);
            } else if let Some(term) = term.strip_prefix("OR") {
                let last = query.parts.last_mut().and_then(|part| part.last_mut());
                last.ok_or("`^OR` has nothing before it")?.push(read(term)?);
            } else {
                query.parts.last_mut().ok_or("no part")?.push(vec![read(term)?]);
            }
        }
        Ok(query)
    }

    /// Says whether a row fits. A term of a column that is not there is passed over.
    pub(super) fn fits(&self, row: &Row, columns: &BTreeSet<String>, user: &str, zone_hours: i64) -> bool {
        let holds = |terms: &Vec<Term<'_>>| {
            let known: Vec<_> = terms.iter().filter(|term| columns.contains(term.column)).collect();
            known.is_empty() || known.iter().any(|term| term.holds(row, user, zone_hours))
        };
        self.parts.iter().any(|part| part.iter().all(holds))
    }

    /// Sorts rows, and says whether there was an order.
    pub(super) fn order(&self, rows: &mut [Row]) -> bool {
        for (column, descending) in self.order.iter().rev() {
            let value = |row: &Row| row.get(*column).cloned().unwrap_or_default();
            rows.sort_by(|one, other| {
                let order = value(one).cmp(&value(other));
                if *descending { order.reverse() } else { order }
            });
        }
        !self.order.is_empty()
    }
}

impl Term<'_> {
    fn holds(&self, row: &Row, user: &str, zone_hours: i64) -> bool {
        let own = row.get(self.column).map_or("", String::as_str);
        let value = if self.value == "javascript:gs.getUserID()" { user } else { self.value };
        // A time in a query is read in the zone of whoever asks.
        let shifted = time::seconds(value).map(|seconds| time::text(seconds - zone_hours * 3_600));
        let value = shifted.as_deref().unwrap_or(value);
        match self.operator {
            "ISEMPTY" => own.is_empty(),
            "ISNOTEMPTY" => !own.is_empty(),
            "LIKE" => own.to_lowercase().contains(&value.to_lowercase()),
            "IN" => value.split(',').any(|value| value == own),
            ">=" => own >= value,
            "<=" => own <= value,
            ">" => own > value,
            "<" => own < value,
            "!=" => !own.eq_ignore_ascii_case(value),
            _ => own.eq_ignore_ascii_case(value),
        }
    }
}

fn read(term: &str) -> Result<Term<'_>, String> {
    let end = term.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | '.')).unwrap_or(term.len());
    let (column, rest) = term.split_at(end);
    let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
    let operator = *operator.ok_or_else(|| format!("`{term}` is no term of a query"))?;
    let value = &rest[operator.len()..];
    if value.trim_start().to_lowercase().starts_with("javascript:") && value != "javascript:gs.getUserID()" {
        return Err(format!("`{term}` runs a program"));
    }
    Ok(Term { column, operator, value })
}
