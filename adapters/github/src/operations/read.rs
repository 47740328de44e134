//! One issue with everything that was asked.

use futures_util::future;
use serde::Deserialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Level, Response},
    message::{Include, Raw},
    model::Ticket,
};

use crate::{
    GitHub, api,
    key::Key,
    mapping::{self, Relations},
    request::of_issue,
};

/// The documents beside `main`, a page each.
pub(super) const NOTES: &str = "notes";
const SUB_ISSUES: &str = "sub_issues";
const BLOCKED_BY: &str = "blocked_by";
const BLOCKING: &str = "blocking";

/// Returns an issue, and the pages of what else was asked.
pub(crate) async fn get(github: &GitHub, key: Key<'_>, include: &Include) -> Result<Raw> {
    // The comments are asked for beside the issue, not after it: a person waits.
    let (main, comments) = future::join(issue(github, key), comments_if(github, key, include)).await;
    let main = main?;
    let issue: api::Issue<'_> = main.decode()?;
    let own = mapping::key(&issue, Some(key))?;
    // What was moved to another repository has its comments there.
    let comments = if own.is_same(key) { comments? } else { comments_if(github, own, include).await? };
    let others = relations(github, own, &issue).await?;
    let etag = main.header("etag").map(str::to_owned);
    let raw = Raw::main(main.body.into_vec());
    let raw = etag.into_iter().fold(raw, Raw::with_revision);
    let comments = comments.into_iter().map(|page| (NOTES, page));
    Ok(comments.chain(others).fold(raw, |raw, (name, page)| raw.with(name, page.body.into_vec())))
}

/// Returns the ticket of an issue and of whatever stands beside it.
pub(crate) fn normalize(key: Option<Key<'_>>, raw: &Raw) -> Result<Ticket> {
    let relations = Relations {
        comments: pages(raw, NOTES)?,
        sub_issues: pages(raw, SUB_ISSUES)?,
        blocked_by: pages(raw, BLOCKED_BY)?,
        blocking: pages(raw, BLOCKING)?,
    };
    mapping::ticket(&raw.decode_main()?, key, &relations)
}

/// Asks for an issue alone.
pub(super) async fn issue(github: &GitHub, key: Key<'_>) -> Result<Response> {
    github.send(github.get(of_issue(key, &[]))?, &key).await
}

/// Asks for every page of an issue's comments, if something was asked that needs them.
///
/// Files hang on comments as well, so that a list of attachments needs them too.
pub(super) async fn comments_if(github: &GitHub, key: Key<'_>, include: &Include) -> Result<Vec<Response>> {
    if !include.notes && !include.attachments {
        return Ok(Vec::new());
    }
    github.all_pages(github.get(of_issue(key, &["comments"]))?, &key).await
}

/// Asks for the issues that an issue says it has to do with.
async fn relations(github: &GitHub, key: Key<'_>, issue: &api::Issue<'_>) -> Result<Vec<(&'static str, Response)>> {
    let has = issue.issue_dependencies_summary;
    let (children, blockers, blocked) = future::try_join3(
        related(github, key, SUB_ISSUES, &["sub_issues"], issue.sub_issues_summary.map_or(0, |has| has.total)),
        related(github, key, BLOCKED_BY, &["dependencies", "blocked_by"], has.map_or(0, |has| has.total_blocked_by)),
        related(github, key, BLOCKING, &["dependencies", "blocking"], has.map_or(0, |has| has.total_blocking)),
    )
    .await?;
    Ok(children.into_iter().chain(blockers).chain(blocked).collect())
}

async fn related(
    github: &GitHub,
    key: Key<'_>,
    name: &'static str,
    path: &[&str],
    count: u64,
) -> Result<Vec<(&'static str, Response)>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    match github.all_pages(github.get(of_issue(key, path))?, &key).await {
        Ok(pages) => Ok(pages.into_iter().map(|page| (name, page)).collect()),
        // The issue can be read all the same; the ticket says how many of these are missing.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Permission) => {
            github.host.log(Level::Warning, &format!("{key}: its {name} cannot be read: {error}"));
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// Reads every page of that name as one list; without a page there is no list.
fn pages<'a, T: Deserialize<'a>>(raw: &'a Raw, name: &str) -> Result<Option<Vec<T>>> {
    let mut list = None;
    for document in raw.documents().iter().filter(|document| document.name == name) {
        let page: Vec<T> = usher_adapter_sdk::decode::json(&document.bytes)
            .map_err(|error: Error| error.context(format_args!("document `{name}`")))?;
        list.get_or_insert_with(Vec::new).extend(page);
    }
    Ok(list)
}
