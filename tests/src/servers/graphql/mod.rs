//! What every fake needs that speaks GraphQL: a schema that requests are checked against, an executor that asks the platform
//! for each field, and budgets that run out.
//!
//! What a platform keeps, what its refusals say and what it counts are in the platform's own folder.

mod budget;
mod check;
mod cost;
mod execute;
mod field;
mod held;

pub use budget::Limit;
pub(super) use budget::{Bucket, Budgets};
pub(super) use check::{Api, Body, Checked};
pub(super) use cost::{number, total};
pub(super) use execute::{Asked, Platform, Refuse, execute};
pub(super) use field::{Field, Plain, Trouble, leaf};
pub(super) use held::Held;
