//! Jira's query language, as far as clients use it: read by the parser, answered from the state by the evaluator.
//!
//! Whatever they do not know is refused with 400 as Jira refuses what it does not know.

mod dates;
mod evaluate;
mod fields;
mod lexer;
mod order;
mod parser;

pub(super) use evaluate::Search;
pub(super) use fields::SPRINT;
pub(super) use order::SortKey;
pub(super) use parser::{Query, parse};
