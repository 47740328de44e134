//! People: the columns that refer to them, and the rows of `sys_user`.

use usher_adapter_sdk::model::{User, UserKind};

use super::{REPORTED_BY, REPORTERS};
use crate::api::Record;

/// What a record says of who has a part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever this column refers to.
    In(&'static str),
    /// Nobody.
    Nobody,
    /// An access rule hides a column that would say it: what is asked for and hidden is absent, and not empty.
    Hidden,
    /// It stands in a column that only the record's own table has, and another one was asked.
    NotAsked,
}

/// Says who works on a record. Every table of tickets has the column.
pub(crate) fn assignee(record: &Record<'_>) -> Who {
    first(record, &["assigned_to"], &["assigned_to"], &[])
}

/// Says who reported a record of a table that was listed as one of `asked`, which it may extend.
pub(crate) fn reporter(record: &Record<'_>, table: &str, asked: &str) -> Who {
    let of = |table: &str| {
        let known = REPORTED_BY.iter().find(|(known, _)| *known == table);
        known.map_or(&["opened_by"][..], |(_, columns)| columns)
    };
    first(record, REPORTERS, of(asked), of(table))
}

/// Finds the first of some columns that refers to somebody, if those before it are seen that the table has.
fn first(record: &Record<'_>, columns: &[&'static str], asked: &[&str], own: &[&str]) -> Who {
    for column in columns {
        match record.field(column) {
            Some(field) if !field.value.is_empty() => return Who::In(column),
            None if asked.contains(column) => return Who::Hidden,
            None if own.contains(column) => return Who::NotAsked,
            _ => {}
        }
    }
    Who::Nobody
}

/// Returns who a column refers to. Handle and address stand in columns beside it, where they were asked for.
pub(super) fn of(record: &Record<'_>, column: &str) -> Option<User> {
    let field = record.filled(column)?;
    let beside = |name: &str| {
        let other = record.filled(&format!("{column}.{name}"))?;
        Some(other.value.to_string())
    };
    let name = field.display.as_deref().filter(|name| !name.is_empty() && *name != &*field.value);
    let user = User::new(&*field.value).with_display_name(name.map(str::to_owned)).with_kind(UserKind::Person);
    Some(user.with_handle(beside("user_name")).with_email(beside("email")))
}

/// Returns a row of `sys_user`.
pub(crate) fn user(record: &Record<'_>) -> User {
    let text = |column: &str| record.filled(column).map(|field| field.label().to_owned());
    User::new(record.value("sys_id"))
        .with_handle(text("user_name"))
        .with_display_name(text("name"))
        .with_email(text("email"))
        .with_kind(UserKind::Person)
}
