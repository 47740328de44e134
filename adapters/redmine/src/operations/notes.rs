//! Notes. Redmine publishes a note that was sent as private by somebody who may not do that, and answers 204: so the right is
//! looked at before, and the note after.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result, decode,
    host::{Level, Method},
    message::{NoteDraft, NotePage},
    model::{CutReason, Note, Part, Visibility},
};

use super::{account::sees_private_notes, read};
use crate::{
    Redmine, api,
    key::Key,
    mapping,
    request::of_issue,
    text::{altered, unified},
};

/// Returns the notes of an issue, oldest first.
pub(crate) async fn notes(redmine: &Redmine, key: Key) -> Result<NotePage> {
    redmine.known().await?;
    let response = read::issue(redmine, key, "journals").await?;
    let api::One { issue } = response.decode()?;
    let notes = mapping::notes(&issue, &read::known(redmine)?);
    let roles = match &issue.project {
        Some(project) => redmine.roles_in(project.id).await?,
        None => None,
    };
    let roles: Option<Vec<api::OneRole<'_>>> = roles.as_deref().map(decode::json).transpose()?;
    let hides_notes = roles.is_some_and(|roles| !sees_private_notes(&roles));
    let cut = hides_notes.then(|| Part::new(notes.len() as u64, None, CutReason::Permission));
    Ok(NotePage::new(notes).with_cut(cut))
}

/// The body of the request: <https://www.redmine.org/projects/redmine/wiki/Rest_Issues#Updating-an-issue>
#[derive(Serialize)]
struct NewNote<'a> {
    issue: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    notes: &'a str,
    private_notes: bool,
}

/// Adds a note; whatever cannot be kept of it is an error before anything is sent.
pub(crate) async fn add_note(redmine: &Redmine, key: Key, note: &NoteDraft) -> Result<Note> {
    let is_internal = match note.visibility {
        Visibility::Internal => true,
        Visibility::Public => false,
        ref other => return Err(Error::validation(format!("a note is internal or public, and not {other}"))),
    };
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!("{key}: notes of Redmine's answer the issue, not one another"))
            .with_field("in_reply_to", "cannot be kept")
            .with_hint("Quote what you answer, as in `> …`."));
    }
    let (text, lost) = redmine.config.text_format.write(&note.body);
    if text.trim().is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    let me = redmine.me().await?;
    let response = read::issue(redmine, key, "journals").await?;
    let before: api::One<'_> = response.decode()?;
    if is_internal {
        may_hide(redmine, key, &before.issue).await?;
    }
    let last = before.issue.journals.iter().flatten().map(|journal| journal.id).max();
    let body = NewNote { issue: Fields { notes: &text, private_notes: is_internal } };
    let request = redmine.request(Method::Put, of_issue(key))?.json(&body)?;
    redmine.send(request, &format!("issue {key}")).await?;
    let response = read::issue(redmine, key, "journals").await.map_err(|error| unread(key, &error))?;
    let after: api::One<'_> = response.decode().map_err(|error| unread(key, &error))?;
    let is_it = |journal: &&api::Journal<'_>| {
        journal.user.as_ref().is_some_and(|user| user.id == me.id)
            && journal.notes.as_deref().is_some_and(|own| unified(own).trim() == unified(&text).trim())
    };
    let journals = after.issue.journals.iter().flatten().filter(|journal| Some(journal.id) > last);
    let Some(added) = journals.filter(is_it).max_by_key(|journal| journal.id) else {
        return Err(Error::new(
            ErrorKind::OutcomeUnknown,
            format!("the note on issue {key} was sent, and is not to be seen"),
        )
        .with_hint(
            "Redmine drops notes of accounts that may not write them, without a word. Look before you repeat it.",
        ));
    };
    let added = mapping::note(added, key.0, &read::known(redmine)?);
    if is_internal && added.visibility != Visibility::Internal {
        // The host says it again, as an error: here it is for whoever reads the log.
        let url = added.url.as_deref().unwrap_or_default();
        let message = format!("A NOTE THAT WAS TO BE INTERNAL IS PUBLIC on issue {key}: remove it now, at {url}");
        redmine.host.log(Level::Error, &message);
    }
    Ok(added.with_altered(Vec::from_iter(altered(&lost))))
}

/// Refuses an internal note of an account that may not hide notes: Redmine would publish it.
async fn may_hide(redmine: &Redmine, key: Key, issue: &api::Issue<'_>) -> Result<()> {
    let project = issue.project.as_ref().map(|project| project.id);
    let may = match project {
        Some(project) => redmine.may_hide_notes(project).await?,
        None => false,
    };
    if may {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Permission, format!("the account may not write internal notes on issue {key}"))
        .with_field("visibility", "can only be public for this account")
        .with_hint(
            "Redmine would publish it. None of the account's roles in the project has the permission `Set notes as private`. \
             Nothing was sent.",
        ))
}

fn unread(key: Key, error: &Error) -> Error {
    Error::new(
        ErrorKind::OutcomeUnknown,
        format!("the note on issue {key} was sent, and could not be read after that: {error}"),
    )
    .with_hint("Look whether it is there, and who can read it, before you repeat it.")
}
