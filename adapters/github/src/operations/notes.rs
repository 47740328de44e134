//! Comments: listing and adding. GitHub has none that only some may read.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Cursor, NoteDraft, NotePage},
    model::{Note, Visibility},
};

use super::{
    marker,
    place::{Place, Step, Way, no_place},
};
use crate::{GitHub, api, key::Key, mapping, paging::PAGE_SIZE, request::of_issue};

/// Returns a page of the comments of an issue, oldest first.
pub(crate) async fn notes(github: &GitHub, key: Key<'_>, cursor: Option<&Cursor>) -> Result<NotePage> {
    let place = Place::read(cursor)?;
    let request = match (&place.step, cursor) {
        (Step::Page { path: Some(path), .. }, _) => github.follow(&format!("{}{path}", github.host.base_url()?))?,
        (_, None) => github.get(of_issue(key, &["comments"]))?.query("per_page", PAGE_SIZE.to_string()),
        (_, Some(cursor)) => return Err(no_place(cursor)),
    };
    let response = github.send(request, &key).await?;
    let comments: Vec<api::Comment<'_>> = response.decode()?;
    let next = place.next(github, &response, 1, Way { is_numbered: false, may_shift: false })?.into_iter().next();
    Ok(NotePage::new(comments.iter().map(mapping::note).collect()).with_next(next))
}

/// Adds a comment; whatever cannot be kept of a note is an error before anything is sent.
pub(crate) async fn add_note(github: &GitHub, key: Key<'_>, note: &NoteDraft) -> Result<Note> {
    if note.visibility != Visibility::Public {
        return Err(Error::validation(format!("{key}: GitHub has no {} notes", note.visibility))
            .with_field("visibility", "can only be public")
            .with_hint("Everybody who sees the issue reads its comments. Write it with `--public`, or elsewhere."));
    }
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!("{key}: comments on GitHub answer the issue, not one another"))
            .with_field("in_reply_to", "cannot be kept")
            .with_hint("Quote what you answer, as in `> …`."));
    }
    let Some(body) = marker::marked(Some(&note.body.markdown), note.marker.as_deref())? else {
        return Err(Error::validation("a note needs a text"));
    };
    let request = github.request(Method::Post, of_issue(key, &["comments"]))?.class("create");
    let response = github.send(request.json(&NewComment { body: &body })?, &key).await?;
    Ok(mapping::note(&response.decode()?))
}

/// The body of the request: <https://docs.github.com/rest/issues/comments#create-an-issue-comment>
#[derive(Serialize)]
struct NewComment<'a> {
    body: &'a str,
}
