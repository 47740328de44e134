//! Markers: an HTML comment at the end of a text, which nobody sees on the page. Found again by reading lists, since
//! a search learns of new things late.

use usher_adapter_sdk::{
    Error, Result,
    host::Request,
    message::{Found, ME, MarkerKind},
    model::{TicketKey, Time},
};

use super::lookup;
use crate::{
    GitHub, api,
    key::Key,
    mapping,
    request::{in_repository, of_issue},
};

/// How long ago a write may have been made whose answer was lost.
const LOOK_BACK_SECONDS: i64 = 24 * 60 * 60;

/// Returns a text with a marker at its end.
pub(super) fn marked(text: Option<&str>, marker: Option<&str>) -> Result<Option<String>> {
    let Some(marker) = marker else { return Ok(text.map(str::to_owned)) };
    let comment = comment(marker)?;
    let text = text.map_or_else(|| comment.clone(), |text| format!("{text}\n\n{comment}"));
    Ok(Some(text))
}

/// Finds the issues, or the comments of an issue, that carry a marker.
pub(crate) async fn find_by_marker(
    github: &GitHub,
    kind: &MarkerKind,
    marker: &str,
    key: Option<Key<'_>>,
) -> Result<Vec<Found>> {
    let comment = comment(marker)?;
    match (kind, key) {
        (MarkerKind::Ticket, _) => tickets(github, &comment).await,
        (MarkerKind::Note, Some(key)) => notes(github, key, &comment).await,
        (MarkerKind::Note, None) => Err(Error::validation("a note is found on its ticket: name that")),
        (other, _) => Err(Error::unsupported(format_args!("a marker of the kind `{other}`"))),
    }
}

async fn tickets(github: &GitHub, comment: &str) -> Result<Vec<Found>> {
    let me = lookup::login(github, ME).await?;
    // The draft may have named a repository that the connection does not: the account's own list has that.
    let mut lists = vec![github.get(["issues"])?.query("filter", "created")];
    for repository in lookup::of_connection(github)? {
        lists.push(github.get(in_repository(repository, &["issues"]))?.query("creator", me.clone()));
    }
    let mut found: Vec<Found> = Vec::new();
    for list in lists {
        let list = list.query("state", "all").query("sort", "created").query("direction", "desc");
        let pages = github.all_pages(recent(github, list), &"the account's own issues").await?;
        for issue in lookup::decoded::<api::Issue<'_>>(&pages)? {
            let key = TicketKey::from(mapping::key(&issue, None)?);
            let is_marked = issue.body.as_deref().is_some_and(|body| body.contains(comment));
            if is_marked && !found.iter().any(|known| known.key == key) {
                let url = issue.html_url.map(String::from);
                found.push(Found::ticket(key).with_url(url).with_created_at(issue.created_at));
            }
        }
    }
    Ok(found)
}

async fn notes(github: &GitHub, key: Key<'_>, comment: &str) -> Result<Vec<Found>> {
    let list = recent(github, github.get(of_issue(key, &["comments"]))?);
    let pages = github.all_pages(list, &key).await?;
    let comments = lookup::decoded::<api::Comment<'_>>(&pages)?.into_iter();
    let marked = comments.filter(|note| note.body.as_deref().is_some_and(|body| body.contains(comment)));
    let found = marked.map(|note| {
        Found::note(key, note.id.to_string()).with_url(note.html_url.map(String::from)).with_created_at(note.created_at)
    });
    Ok(found.collect())
}

/// Asks only for what changed since a write may have been made whose answer was lost.
fn recent(github: &GitHub, list: Request) -> Request {
    let since = Time::from_unix_seconds(github.host.now().unix_seconds() - LOOK_BACK_SECONDS);
    since.into_iter().fold(list, |list, since| list.query("since", since.to_string()))
}

fn comment(marker: &str) -> Result<String> {
    let is_plain = !marker.is_empty() && marker.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain || marker.contains("--") {
        return Err(Error::validation(format!("`{marker}` cannot be a marker: it is put into an HTML comment")));
    }
    Ok(format!("<!-- usher:{marker} -->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_stands_at_the_end_of_a_text_or_alone() {
        let marker = Some("6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11");
        let comment = "<!-- usher:6f1e3b52-0d0a-4f0e-9d6b-2f1f0c6f7a11 -->";
        assert_eq!(marked(Some("Hello"), marker).unwrap(), Some(format!("Hello\n\n{comment}")));
        assert_eq!(marked(None, marker).unwrap().as_deref(), Some(comment));
        assert_eq!(marked(Some("Hello"), None).unwrap().as_deref(), Some("Hello"));
        for broken in ["", "a--b", "a b", "-->"] {
            assert!(marked(None, Some(broken)).is_err(), "{broken}");
        }
    }
}
