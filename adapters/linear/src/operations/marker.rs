//! Markers: the UUID that an issue or a comment shall have. A repeated write then fails instead of doubling, and what a
//! lost answer has left behind is found by its id.

use usher_adapter_sdk::{
    Error, Result,
    message::{Found, MarkerKind},
};

use crate::{
    Linear, api, documents,
    key::{self, Key},
};

/// Returns a marker as an id.
pub(super) fn id(marker: &str) -> Result<&str> {
    if key::is_uuid(marker) {
        return Ok(marker);
    }
    Err(Error::validation(format!("`{marker}` cannot be a marker: it becomes the id, and Linear's ids are UUIDs")))
}

/// Finds the issue, or the comment of an issue, that carries a marker.
pub(crate) async fn find_by_marker(
    linear: &Linear,
    kind: &MarkerKind,
    marker: &str,
    key: Option<Key<'_>>,
) -> Result<Vec<Found>> {
    let variables = serde_json::json!({ "id": id(marker)? });
    let about = &"the marker";
    match kind {
        MarkerKind::Ticket => {
            let response = linear.ask(documents::FOUND_ISSUES, &variables).await?;
            let found = linear.data::<api::FoundIssues<'_>>(&response, about)?.whole(about)?.issues;
            Ok(found.nodes.into_iter().map(issue).collect())
        }
        MarkerKind::Note => {
            let response = linear.ask(documents::FOUND_COMMENTS, &variables).await?;
            let found = linear.data::<api::FoundComments<'_>>(&response, about)?.whole(about)?.comments;
            found.nodes.into_iter().map(|found| comment(found, key)).collect()
        }
        other => Err(Error::unsupported(format_args!("a marker of the kind `{other}`"))),
    }
}

fn issue(issue: api::FoundIssue<'_>) -> Found {
    Found::ticket(&*issue.identifier).with_url(issue.url.map(String::from)).with_created_at(issue.created_at)
}

fn comment(comment: api::FoundComment<'_>, asked: Option<Key<'_>>) -> Result<Found> {
    // The issue may have been moved since, so that its own key counts.
    let own = comment.issue.as_ref().map(|issue| &*issue.identifier).or(asked.map(Key::as_str));
    let key = own.ok_or_else(|| Error::not_found(format_args!("the issue of the comment {}", comment.id)))?;
    Ok(Found::note(key, &*comment.id).with_url(comment.url.map(String::from)).with_created_at(comment.created_at))
}
