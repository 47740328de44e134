//! Markers: a word at the end of a text, in an element that is not shown. Found again by reading, since the index for
//! words learns of new things late.

use usher_adapter_sdk::{
    Error, Result,
    message::{Found, MarkerKind},
    model::Time,
};

use super::{
    batch, read,
    wiql::{self, Wiql},
};
use crate::{AzureDevOps, api, key::Key, mapping};

/// How long ago a write may have been made whose answer was lost.
const LOOK_BACK_SECONDS: i64 = 24 * 60 * 60;

/// How many of the account's newest work items are looked at.
const NEWEST: usize = 2_000;

/// Returns HTML with a marker at its end.
pub(super) fn marked(html: Option<String>, marker: Option<&str>) -> Result<Option<String>> {
    let Some(marker) = marker else { return Ok(html) };
    let element = mapping::marker(&word(marker)?);
    Ok(Some(html.map_or_else(|| element.clone(), |html| format!("{html}{element}"))))
}

/// Finds the work items, or the comments of one, that carry a marker.
pub(crate) async fn find_by_marker(
    azure: &AzureDevOps,
    kind: &MarkerKind,
    marker: &str,
    key: Option<Key<'_>>,
) -> Result<Vec<Found>> {
    let word = word(marker)?;
    match (kind, key) {
        (MarkerKind::Ticket, _) => tickets(azure, &word).await,
        (MarkerKind::Note, Some(key)) => notes(azure, key, &word).await,
        (MarkerKind::Note, None) => Err(Error::validation("a note is found on its work item: name that")),
        (other, _) => Err(Error::unsupported(format_args!("a marker of the kind `{other}`"))),
    }
}

async fn tickets(azure: &AzureDevOps, word: &str) -> Result<Vec<Found>> {
    let mut query = Wiql::default();
    query.and("[System.CreatedBy] = @me");
    if let Some(since) = Time::from_unix_seconds(azure.host.now().unix_seconds() - LOOK_BACK_SECONDS) {
        query.and(format!("[System.CreatedDate] >= {}", wiql::time(since)));
    }
    query.order_by("System.Id", true);
    let numbers = wiql::ask(azure, &query.text(), NEWEST).await?;
    let mut found = Vec::new();
    for answer in batch::ask_all(azure, &numbers).await? {
        for (_, item) in batch::read_all(&answer)?.values() {
            let texts = [&item.fields.description, &item.fields.repro_steps];
            if texts.into_iter().flatten().any(|text| text.contains(word)) {
                let url = azure.site.page(mapping::project_name(item, None)?, item.id);
                let key = mapping::key_of(&azure.site, item, None)?;
                found.push(Found::ticket(key).with_url(url).with_created_at(item.fields.created_date));
            }
        }
    }
    Ok(found)
}

async fn notes(azure: &AzureDevOps, key: Key<'_>, word: &str) -> Result<Vec<Found>> {
    let project = read::project_of(azure, key).await?;
    let pages = read::all_comments(azure, &project, key.number).await?;
    let mut found = Vec::new();
    for page in &pages {
        for comment in page.decode::<api::CommentList<'_>>()?.comments {
            if comment.text.as_deref().is_some_and(|text| text.contains(word)) {
                let key = crate::key::key_of(azure.site.organization(), &project, key.number);
                found.push(Found::note(key, comment.id.to_string()).with_created_at(comment.created_date));
            }
        }
    }
    Ok(found)
}

/// Returns the word that a marker is written as.
fn word(marker: &str) -> Result<String> {
    let is_plain = !marker.is_empty() && marker.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain {
        return Err(Error::validation(format!("`{marker}` cannot be a marker: it is put into a text")));
    }
    Ok(format!("usher:{marker}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_stands_at_the_end_of_a_text_or_alone() {
        let marker = Some("6f1e3b52-0d0a");
        let element = "<span style=\"display:none\">usher:6f1e3b52-0d0a</span>";
        assert_eq!(marked(Some("<p>x</p>".to_owned()), marker).unwrap(), Some(format!("<p>x</p>{element}")));
        assert_eq!(marked(None, marker).unwrap().as_deref(), Some(element));
        assert_eq!(marked(Some("x".to_owned()), None).unwrap().as_deref(), Some("x"));
        for broken in ["", "a b", "<b>", "a'b"] {
            assert!(marked(None, Some(broken)).is_err(), "{broken}");
        }
    }
}
