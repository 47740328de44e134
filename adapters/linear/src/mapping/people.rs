//! Accounts, integrations and people outside, each as somebody.

use usher_adapter_sdk::model::{User, UserKind};

use super::text;
use crate::api;

/// Returns an account of the workspace; the nickname is what one types to mention it.
pub(crate) fn user(user: &api::User<'_>) -> User {
    let kind = match user.app {
        Some(true) => UserKind::Bot,
        Some(false) => UserKind::Person,
        None => UserKind::UNKNOWN,
    };
    User::new(&*user.id)
        .with_handle(text(&user.display_name))
        .with_display_name(text(&user.name))
        .with_email(text(&user.email))
        .with_kind(kind)
}

/// Says whether an account is called so: by id, nickname, address or name.
pub(crate) fn is_called(user: &api::User<'_>, name: &str) -> bool {
    let names = [Some(&user.id), user.display_name.as_ref(), user.email.as_ref(), user.name.as_ref()];
    names.into_iter().flatten().any(|own| own.to_lowercase() == name.to_lowercase())
}

/// Returns who made an issue: an account, else somebody outside, else an integration.
pub(super) fn reporter(issue: &api::Issue<'_>) -> Option<User> {
    let creator = issue.creator.as_ref().and_then(Option::as_ref);
    first(creator, issue.external_user_creator.as_ref(), issue.bot_actor.as_ref())
}

/// Returns who wrote a comment.
pub(super) fn author(comment: &api::Comment<'_>) -> Option<User> {
    first(comment.user.as_ref(), comment.external_user.as_ref(), comment.bot_actor.as_ref())
}

/// Returns who attached a link.
pub(super) fn attacher(attachment: &api::Attachment<'_>) -> Option<User> {
    first(attachment.creator.as_ref(), attachment.external_user_creator.as_ref(), None)
}

/// Returns an integration.
pub(super) fn bot(bot: &api::Bot<'_>) -> User {
    // Some have no id of their own; what they are of tells them apart.
    let id = bot.id.as_deref().or(bot.kind.as_deref()).unwrap_or_default();
    let name = text(&bot.name).or_else(|| text(&bot.kind));
    let name = match (name, bot.user_display_name.as_deref()) {
        (Some(name), Some(person)) => Some(format!("{person} ({name})")),
        (name, person) => name.or(person.map(str::to_owned)),
    };
    User::new(id).with_display_name(name).with_handle(text(&bot.kind)).with_kind(UserKind::Bot)
}

/// Returns somebody outside of the workspace.
pub(super) fn external(user: &api::ExternalUser<'_>) -> User {
    User::new(&*user.id)
        .with_handle(text(&user.display_name))
        .with_display_name(text(&user.name))
        .with_email(text(&user.email))
        .with_kind(UserKind::External)
}

fn first(
    user: Option<&api::User<'_>>,
    outside: Option<&api::ExternalUser<'_>>,
    integration: Option<&api::Bot<'_>>,
) -> Option<User> {
    user.map(self::user).or_else(|| outside.map(external)).or_else(|| integration.map(bot))
}
