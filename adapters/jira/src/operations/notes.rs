//! Comments: listing and adding. Internal ones exist in service projects only, and there only for requests.
//!
//! <https://developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request/#api-rest-servicedeskapi-request-issueidorkey-comment-post>

use serde::Serialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Level, Method},
    message::{Altered, Cursor, FieldName, NoteDraft, NotePage},
    model::{CutReason, Note, Part, Visibility},
};

use super::{marker, paging, read};
use crate::{
    Jira, PLATFORM, api,
    key::Key,
    mapping::{self, Body, Context},
    site::Edition,
    text::{self, Written},
};

/// How many comments are asked for at once.
const PAGE_SIZE: &str = "100";
/// What is asked of an issue to know what kind of project it is in.
const PROJECT: &str = "project";

/// Returns a page of the comments of an issue, oldest first.
pub(crate) async fn notes(jira: &Jira, key: Key<'_>, cursor: Option<&Cursor>) -> Result<NotePage> {
    let start: u64 = match cursor {
        None => 0,
        Some(cursor) => {
            cursor.as_str().parse().map_err(|_| Error::validation("the cursor is no place in a list of notes"))?
        }
    };
    // Who may read a comment depends on the project, which the comments do not name.
    let owner = read::issue(jira, key, PROJECT).await?;
    let issue: api::Issue<'_> = owner.decode()?;
    let response = jira
        .send(&key, |api| {
            let request = api.get(["issue", &issue.key, "comment"])?.query("orderBy", "created");
            Ok(request.query("startAt", start.to_string()).query("maxResults", PAGE_SIZE))
        })
        .await?;
    let comments: api::Comments<'_> = response.decode()?;
    let asks_the_desk = is_service(&issue) && jira.edition().await? == Edition::DataCenter;
    let told = read::public_notes(jira, &issue.key, asks_the_desk && !comments.items.is_empty()).await?;
    let told = read::told(&told.iter().map(|page| page.decode()).collect::<Result<Vec<_>>>()?);
    let context = Context { site: jira.site(), catalogue: None, public_notes: Some(&told) };
    let project = issue.fields.project.as_ref();
    let notes = comments.items.iter().map(|comment| mapping::note(comment, &issue.key, project, context));
    let page = NotePage::new(notes.collect::<Result<_>>()?).with_total(comments.total);
    Ok(match paging::next(&response)? {
        // More is said to follow, and this page goes no further than the last one.
        Some(next) if next <= start => page.with_cut(Part::new(start, comments.total, CutReason::Error)),
        next => page.with_next(next.map(|next| Cursor::new(next.to_string()))),
    })
}

/// Adds a comment; whatever cannot be kept of a note is an error before anything is sent.
pub(crate) async fn add_note(jira: &Jira, key: Key<'_>, note: &NoteDraft) -> Result<Note> {
    if note.body.markdown.trim().is_empty() {
        return Err(Error::validation("a note needs a text"));
    }
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!("{key}: comments of Jira's answer the issue, not one another"))
            .with_field("in_reply_to", "cannot be kept")
            .with_hint("Quote what you answer, as in `> …`."));
    }
    // What kind of project it is decides who reads a note, and is asked before anything is said.
    let owner = read::issue(jira, key, PROJECT).await?;
    let issue: api::Issue<'_> = owner.decode()?;
    let added = match note.visibility {
        Visibility::Public => public(jira, &issue, note).await?,
        Visibility::Internal if is_service(&issue) => internal(jira, &issue, note).await?,
        Visibility::Internal => return Err(no_internal_notes(&issue.key)),
        ref other => return Err(Error::unsupported(format_args!("a note that is `{other}`"))),
    };
    jira.memory.wrote(issue.id.as_deref());
    Ok(added)
}

fn is_service(issue: &api::Issue<'_>) -> bool {
    issue.fields.project.as_ref().and_then(mapping::is_service_project) == Some(true)
}

fn no_internal_notes(key: &str) -> Error {
    Error::validation(format!("{key}: only service projects have internal notes, and this project is none"))
        .with_field("visibility", "can only be public")
        .with_hint("Everybody who sees the issue reads its comments. Write it with `--public`, or elsewhere.")
}

/// The body of the request: <https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/#api-rest-api-3-issue-issueidorkey-comment-post>
#[derive(Serialize)]
struct NewComment<'a> {
    body: Body,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<marker::Property<'a>>,
}

async fn public(jira: &Jira, issue: &api::Issue<'_>, note: &NoteDraft) -> Result<Note> {
    let Written { text: body, lost } = Body::of(&note.body, jira.edition().await?)?;
    let new = NewComment { body, properties: note.marker.iter().map(|it| marker::property(it)).collect() };
    let about: &str = &issue.key;
    let response = jira.send(&about, |api| api.request(Method::Post, ["issue", about, "comment"])?.json(&new)).await?;
    let id = response.decode::<api::Comment<'_>>()?.id.to_string();
    Ok(read_back(jira, issue, id, Visibility::Public).await?.with_altered(altered(&lost)))
}

/// Says what of a note's text Jira has no exact form for.
fn altered(lost: &[&'static str]) -> Vec<Altered> {
    Vec::from_iter(Altered::text(FieldName::Body, PLATFORM, lost))
}

/// The body of the request of the service desk's, which takes wiki markup on either edition.
#[derive(Serialize)]
struct NewRequestComment<'a> {
    body: &'a str,
    public: bool,
}

async fn internal(jira: &Jira, issue: &api::Issue<'_>, note: &NoteDraft) -> Result<Note> {
    let Written { text: body, lost } = text::wiki::from_markdown(&note.body.markdown);
    let new = NewRequestComment { body: &body, public: false };
    let about: &str = &issue.key;
    let response = jira
        .send(&about, |api| api.service_desk(Method::Post, &["request", about, "comment"])?.json(&new))
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::validation(format!(
                "{about} is an issue of a service project and no request: it has no internal notes"
            ))
            .with_hint("Write it with `--public`, or make the issue a request by giving it a request type."),
            _ => error,
        })?;
    let id = response.decode::<api::RequestComment<'_>>()?.id.to_string();
    if let Some(marker) = &note.marker {
        // The note is there, and that counts: without its marker it is only harder to find again.
        if let Err(error) = marker::put_on_note(jira, &id, marker).await {
            jira.host.log(Level::Warning, &format!("{about}: the note {id} could not be marked: {error}"));
        }
    }
    Ok(read_back(jira, issue, id, Visibility::Internal).await?.with_altered(altered(&lost)))
}

/// Reads a new comment as Jira has it: one that others see than it was written for is an error, and said loudly.
async fn read_back(jira: &Jira, issue: &api::Issue<'_>, id: String, wanted: Visibility) -> Result<Note> {
    let key: &str = &issue.key;
    let unknown = |error: Error| {
        Error::new(
            ErrorKind::OutcomeUnknown,
            format!("{key}: the note {id} was added, and could not be read again: {error}"),
        )
        .with_hint("Look at the issue before you write it again.")
    };
    let response = jira.send(&key, |api| api.get(["issue", key, "comment", &id])).await.map_err(unknown)?;
    let comment: api::Comment<'_> = response.decode().map_err(unknown)?;
    let asks_the_desk = is_service(issue) && jira.edition().await? == Edition::DataCenter;
    let told = read::public_notes(jira, key, asks_the_desk).await.map_err(unknown)?;
    let told = read::told(&told.iter().map(|page| page.decode()).collect::<Result<Vec<_>>>()?);
    let context = Context { site: jira.site(), catalogue: None, public_notes: Some(&told) };
    let note = mapping::note(&comment, key, issue.fields.project.as_ref(), context)?;
    let is_leaked = wanted == Visibility::Internal && note.visibility != Visibility::Internal;
    if !is_leaked {
        return Ok(note);
    }
    Err(Error::new(
        ErrorKind::OutcomeUnknown,
        format!("{key}: the note {id} was to be internal, and Jira does not say that it is"),
    )
    .with_hint("Look at it now, and delete it on its page if customers can read it."))
}
