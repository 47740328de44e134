//! WIQL, as far as clients use it: read by the parser, answered from the state by the evaluator.
//!
//! Queries for links go one link far: trees are not among that. Whatever they do not know is refused with 400 as Azure DevOps
//! refuses it.

mod evaluate;
mod lexer;
mod links;
mod parser;

pub(super) use evaluate::Search;
pub(super) use links::Pair;
pub(super) use parser::{Query, parse};

use super::reply::Refusal;

/// Returns the refusal of a query.
fn refusal(why: impl std::fmt::Display) -> Refusal {
    Refusal::new(400, "WorkItemTrackingQueryException", format!("TF51006: The query statement is not valid: {why}."))
}
