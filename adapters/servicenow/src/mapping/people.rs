//! People: the columns that refer to them, and the rows of `sys_user`.

use usher_adapter_sdk::model::{User, UserKind};

use crate::api::Record;

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
