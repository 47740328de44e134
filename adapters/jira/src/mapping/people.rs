//! People, and what they leave on an issue: notes and files.

use serde::Deserialize;
use usher_adapter_sdk::{
    Result,
    model::{Attachment, Note, RichText, User, Visibility},
};

use super::{Context, body::rich_text, page, words};
use crate::api;

/// The property by which a service project tells internal comments from public ones.
const SERVICE_DESK: &str = "sd.public.comment";

/// Returns somebody. Cloud's ids are account ids; on Data Center the key is what stays when a login changes.
pub(crate) fn user(user: &api::User<'_>) -> User {
    let text = |text: &Option<_>| {
        let text: Option<&str> = text.as_deref();
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let handle = text(&user.name);
    let names =
        [text(&user.account_id), text(&user.key), handle.clone(), text(&user.email_address), text(&user.display_name)];
    User::new(names.into_iter().flatten().next().unwrap_or_default())
        .with_handle(handle)
        .with_display_name(text(&user.display_name))
        .with_email(text(&user.email_address))
        .with_kind(user.account_type.as_deref().map(words::account).unwrap_or_default())
}

/// Returns a comment as a note.
pub(crate) fn note(
    comment: &api::Comment<'_>,
    key: &str,
    project: Option<&api::Project<'_>>,
    context: Context<'_>,
) -> Result<Note> {
    let body = comment.body.map(rich_text).transpose()?.unwrap_or_else(RichText::default);
    let url = page(context.site, key).map(|page| format!("{page}?focusedCommentId={}", comment.id));
    Ok(Note::new(comment.id.to_string(), body)
        .with_author(comment.author.as_ref().map(user))
        .with_visibility(visibility(comment, project, context))
        .with_created_at(comment.created)
        .with_updated_at(comment.updated)
        .with_in_reply_to(comment.parent_id.as_deref().map(str::to_owned))
        .with_url(url))
}

/// Returns a file.
pub(crate) fn attachment(file: &api::Attachment<'_>) -> Attachment {
    Attachment::new(file.id.as_deref().unwrap_or_default(), &*file.filename)
        .with_size(file.size)
        .with_media_type(file.mime_type.as_deref().map(str::to_owned))
        .with_author(file.author.as_ref().map(user))
        .with_created_at(file.created)
        .with_url(file.content.as_deref().map(str::to_owned))
        .with_is_link(false)
}

/// Says whether a project is one whose reporters are customers.
pub(crate) fn is_service_project(project: &api::Project<'_>) -> Option<bool> {
    project.project_type_key.as_deref().map(|kind| kind == "service_desk")
}

/// Returns who may read a comment. One for a group or a role is not for everybody, whatever else is said of it.
fn visibility(comment: &api::Comment<'_>, project: Option<&api::Project<'_>>, context: Context<'_>) -> Visibility {
    if comment.visibility.as_ref().is_some_and(|visibility| visibility.value.is_some()) {
        return Visibility::Internal;
    }
    let told = context.public_notes.and_then(|told| told.iter().find(|(id, _)| **id == *comment.id));
    if let Some(public) = told.map(|(_, public)| *public).or(comment.jsd_public).or_else(|| by_property(comment)) {
        return if public { Visibility::Public } else { Visibility::Internal };
    }
    // Where it cannot be internal it is public; where it could be, only the service desk knows.
    match project.and_then(is_service_project) {
        Some(false) => Visibility::Public,
        Some(true) | None => Visibility::UNKNOWN,
    }
}

fn by_property(comment: &api::Comment<'_>) -> Option<bool> {
    #[derive(Deserialize)]
    struct Internal {
        internal: bool,
    }
    let property = comment.properties.iter().flatten().find(|property| &*property.key == SERVICE_DESK)?;
    let value: Internal = serde_json::from_str(property.value.get()).ok()?;
    Some(!value.internal)
}
