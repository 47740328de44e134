//! What a field holds, or why it holds nothing.

use jiff::{Timestamp, civil::Date};
use serde_json::Value;

/// What a field holds; `N` is how a platform names a thing that it keeps.
#[derive(Clone, Debug)]
pub(in crate::servers) enum Field<N> {
    Leaf(Value),
    Time(Option<Timestamp>),
    Day(Option<Date>),
    One(Option<N>),
    Many(Vec<N>),
    /// An object that is made for this answer only.
    Plain(Plain<N>),
    Plains(Vec<Plain<N>>),
}

/// The fields of such an object.
pub(in crate::servers) type Plain<N> = Vec<(&'static str, Field<N>)>;

/// Why a field has no value.
#[derive(Debug)]
pub(in crate::servers) enum Trouble<R> {
    /// The platform says no.
    Refused(R),
    /// The schema has it and the fake does not: a test that asks for it proves nothing.
    Missing(String),
}

impl<R> From<R> for Trouble<R> {
    fn from(refusal: R) -> Self {
        Self::Refused(refusal)
    }
}

/// Returns a field with a value.
pub(in crate::servers) fn leaf<N>(value: impl Into<Value>) -> Field<N> {
    Field::Leaf(value.into())
}
