//! One issue with everything that was asked.

use futures_util::future;
use serde::Deserialize;
use usher_adapter_sdk::{
    Error, Result,
    host::{Level, Method, Response},
    message::{Include, Raw},
    model::Ticket,
};

use super::paging;
use crate::{
    Jira, api,
    key::Key,
    mapping::{self, Beside, Context},
    site::Edition,
};

/// The documents beside `main`, a page each.
pub(super) const NOTES: &str = "notes";
pub(super) const WORKLOGS: &str = "worklogs";
pub(super) const PUBLIC_NOTES: &str = "public_notes";

/// Returns an issue, and the pages of what else was asked.
pub(crate) async fn get(jira: &Jira, key: Key<'_>, include: &Include) -> Result<Raw> {
    let fields = if include.notes { "*all" } else { "*all,-comment" };
    let main = issue(jira, key, fields).await?;
    let found: api::Issue<'_> = main.decode()?;
    let pages = complete(jira, &found, include).await?;
    let revision = found.fields.updated.map(|time| time.to_string());
    let raw = Raw::main(main.body.into_vec());
    let raw = pages.into_iter().fold(raw, |raw, (name, page)| raw.with(name, page.body.into_vec()));
    Ok(revision.into_iter().fold(raw, Raw::with_revision))
}

/// Returns the ticket of an issue and of whatever stands beside it.
pub(crate) fn normalize(key: Option<Key<'_>>, raw: &Raw, site: Option<&str>) -> Result<Ticket> {
    let comments: Option<Vec<api::Comments<'_>>> = documents(raw, NOTES)?;
    let worklogs: Option<Vec<api::Worklogs<'_>>> = documents(raw, WORKLOGS)?;
    let public = documents::<api::RequestComments<'_>>(raw, PUBLIC_NOTES)?.map(|pages| told(&pages));
    let beside = Beside {
        comments: comments.map(|pages| pages.into_iter().flat_map(|page| page.items).collect()),
        worklogs: worklogs.map(|pages| pages.into_iter().flat_map(|page| page.items).collect()),
    };
    let context = Context { site, catalogue: None, public_notes: public.as_deref() };
    mapping::ticket(&raw.decode_main()?, key.map(|key| key.as_str()), &beside, context)
}

/// Asks for an issue, with what its fields are called and hold.
pub(super) async fn issue(jira: &Jira, key: Key<'_>, fields: &str) -> Result<Response> {
    let request = |api: crate::request::Api<'_>| {
        Ok(api.get(["issue", key.as_str()])?.query("fields", fields).query("expand", "names,schema"))
    };
    jira.send(&key, request).await
}

/// Asks for what an issue says that it does not show: further comments, further work, and who sees the comments.
pub(super) async fn complete(
    jira: &Jira,
    issue: &api::Issue<'_>,
    include: &Include,
) -> Result<Vec<(&'static str, Response)>> {
    let fields = &issue.fields;
    let comments = fields.comments.as_ref().filter(|_| include.notes);
    let worklogs = fields.worklogs.as_ref().filter(|_| include.fields);
    let has_more = |shown: usize, total: Option<u64>| total.is_some_and(|total| total > shown as u64);
    let more_comments = comments.is_some_and(|it| has_more(it.items.len(), it.total));
    let more_worklogs = worklogs.is_some_and(|it| has_more(it.items.len(), it.total));
    let is_told_elsewhere =
        comments.is_some_and(|it| !it.items.is_empty()) && only_the_service_desk_tells(jira, issue).await?;
    let (comments, worklogs, public) = future::try_join3(
        part(jira, &issue.key, more_comments.then_some("comment")),
        part(jira, &issue.key, more_worklogs.then_some("worklog")),
        public_notes(jira, &issue.key, is_told_elsewhere),
    )
    .await?;
    let named = |name: &'static str, pages: Vec<Response>| pages.into_iter().map(move |page| (name, page));
    Ok(named(NOTES, comments).chain(named(WORKLOGS, worklogs)).chain(named(PUBLIC_NOTES, public)).collect())
}

/// Says whether the comments themselves do not tell who sees them: so it is in service projects of Data Center.
async fn only_the_service_desk_tells(jira: &Jira, issue: &api::Issue<'_>) -> Result<bool> {
    let is_service = issue.fields.project.as_ref().and_then(mapping::is_service_project) == Some(true);
    Ok(is_service && jira.edition().await? == Edition::DataCenter)
}

async fn part(jira: &Jira, key: &str, part: Option<&str>) -> Result<Vec<Response>> {
    let Some(part) = part else { return Ok(Vec::new()) };
    paging::all(jira, &key, |api| api.get(["issue", key, part])).await
}

/// Asks the service desk which comments are public. Not every issue of a service project is a request: then nothing is told.
pub(super) async fn public_notes(jira: &Jira, key: &str, wanted: bool) -> Result<Vec<Response>> {
    if !wanted {
        return Ok(Vec::new());
    }
    let (mut pages, mut start) = (Vec::new(), 0);
    loop {
        let page = jira
            .send_unproven(&key, |api| {
                let request = api.service_desk(Method::Get, &["request", key, "comment"])?;
                Ok(request.query("start", start.to_string()).query("limit", "100"))
            })
            .await;
        let page = match page {
            Ok(page) => page,
            Err(error) if error.has_no_effect() && pages.is_empty() => {
                jira.host.log(Level::Warning, &format!("{key}: who sees its comments cannot be asked: {error}"));
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let found: api::RequestComments<'_> = page.decode()?;
        let (count, is_last) = (found.values.len(), found.is_last_page != Some(false));
        start += count;
        pages.push(page);
        if is_last || count == 0 {
            return Ok(pages);
        }
    }
}

/// Returns which comments are public, as the service desk has told.
pub(super) fn told(pages: &[api::RequestComments<'_>]) -> Vec<(String, bool)> {
    let told = pages.iter().flat_map(|page| &page.values);
    told.filter_map(|comment| Some((comment.id.to_string(), comment.public?))).collect()
}

/// Reads every document of that name; without one there is nothing.
fn documents<'a, T: Deserialize<'a>>(raw: &'a Raw, name: &str) -> Result<Option<Vec<T>>> {
    let mut list = None;
    for document in raw.documents().iter().filter(|document| document.name == name) {
        let page: T = usher_adapter_sdk::decode::json(&document.bytes)
            .map_err(|error: Error| error.context(format_args!("document `{name}`")))?;
        list.get_or_insert_with(Vec::new).push(page);
    }
    Ok(list)
}
