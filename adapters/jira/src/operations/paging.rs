//! Lists by offset: everything but searches of Cloud's.

use std::fmt::Display;

use serde::Deserialize;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Request, Response},
};

use crate::{Jira, request::Api};

/// How many things are asked for at once.
const PAGE_SIZE: u64 = 100;

/// What every page by offset says of itself, whatever its list is called.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    #[serde(default)]
    start_at: u64,
    max_results: Option<u64>,
    total: Option<u64>,
    is_last: Option<bool>,
}

/// Asks for every page. The server may give fewer things than were asked for: its own numbers count.
pub(super) async fn all(
    jira: &Jira,
    about: &(dyn Display + Sync),
    request: impl Fn(Api<'_>) -> Result<Request> + Send + Sync,
) -> Result<Vec<Response>> {
    all_by(jira, about, PAGE_SIZE, request).await
}

/// Asks for every page, so many things at a time.
pub(super) async fn all_by(
    jira: &Jira,
    about: &(dyn Display + Sync),
    page_size: u64,
    request: impl Fn(Api<'_>) -> Result<Request> + Send + Sync,
) -> Result<Vec<Response>> {
    let (mut pages, mut start) = (Vec::new(), 0);
    loop {
        let response = jira
            .send(about, |api| {
                let request = request(api)?.query("startAt", start.to_string());
                Ok(request.query("maxResults", page_size.to_string()))
            })
            .await?;
        let next = next(&response)?;
        pages.push(response);
        match next {
            Some(next) if next > start => start = next,
            Some(_) => {
                let message = format!("{about}: a page says that more follows, and goes no further than the last one");
                return Err(Error::new(ErrorKind::ResponseParse, message));
            }
            None => return Ok(pages),
        }
    }
}

/// Returns where the next page begins, if there is one.
pub(super) fn next(response: &Response) -> Result<Option<u64>> {
    let page: Page = response.decode()?;
    let end = page.start_at + page.max_results.unwrap_or(PAGE_SIZE);
    let is_last = page.is_last == Some(true) || page.total.is_none_or(|total| end >= total);
    Ok((!is_last).then_some(end))
}
