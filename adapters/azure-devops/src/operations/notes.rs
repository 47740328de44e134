//! Comments: listing and adding. Azure DevOps has none that only some may read.

use serde::Serialize;
use usher_adapter_html::Written;
use usher_adapter_sdk::{
    Error, Result,
    host::Method,
    message::{Altered, Cursor, FieldName, NoteDraft, NotePage},
    model::{Note, Visibility},
};

use super::{marker, read};
use crate::{AzureDevOps, PLATFORM, api, key::Key, mapping};

/// Returns a page of the comments of a work item, oldest first; a cursor is the platform's own token.
pub(crate) async fn notes(azure: &AzureDevOps, key: Key<'_>, cursor: Option<&Cursor>) -> Result<NotePage> {
    let project = read::project_of(azure, key).await?;
    let response = read::comments(azure, &project, key.number, cursor.map(Cursor::as_str)).await?;
    let page: api::CommentList<'_> = response.decode()?;
    let next = page.continuation_token.map(|token| Cursor::new(String::from(token)));
    Ok(NotePage::new(mapping::notes(&page.comments)).with_next(next).with_total(page.total_count))
}

/// Adds a comment; whatever cannot be kept of a note is an error before anything is sent.
pub(crate) async fn add_note(azure: &AzureDevOps, key: Key<'_>, note: &NoteDraft) -> Result<Note> {
    let about = read::about(azure, key.number);
    if note.visibility != Visibility::Public {
        return Err(Error::validation(format!("{about}: Azure DevOps has no {} notes", note.visibility))
            .with_field("visibility", "can only be public")
            .with_hint(
                "Everybody who sees the work item reads its comments. Write it with `--public`, or elsewhere.",
            ));
    }
    if note.in_reply_to.is_some() {
        return Err(Error::validation(format!(
            "{about}: comments of Azure DevOps answer the work item, not one another"
        ))
        .with_field("in_reply_to", "cannot be kept")
        .with_hint("Quote what you answer, as in `> …`."));
    }
    if note.body.markdown.trim().is_empty() {
        return Err(Error::validation("a note needs a text").with_field("body", "is empty"));
    }
    let Written { html, lost, .. } = mapping::from_markdown(&note.body.markdown);
    let Some(text) = marker::marked(Some(html), note.marker.as_deref())? else {
        return Err(Error::validation("a note needs a text").with_field("body", "is empty"));
    };
    let project = read::project_of(azure, key).await?;
    let number = key.number.to_string();
    let path = [project.as_str(), "_apis", "wit", "workItems", &number, "comments"];
    let request =
        azure.versioned(Method::Post, path, azure.site.version.comments)?.json(&NewComment { text: &text })?;
    let response = azure.send(request, &about).await?;
    let altered = Altered::text(FieldName::Body, PLATFORM, &lost);
    Ok(mapping::note(&response.decode()?).with_altered(Vec::from_iter(altered)))
}

/// The body of the request: <https://learn.microsoft.com/rest/api/azure/devops/wit/comments/add-comment>
#[derive(Serialize)]
struct NewComment<'a> {
    text: &'a str,
}
