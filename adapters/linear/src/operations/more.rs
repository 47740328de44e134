//! What of an issue's lists did not fit into the issue: the next pages of all of them are asked for at once.

use std::fmt::Display;

use serde_json::{Map, Value, value::RawValue};
use usher_adapter_sdk::{Error, ErrorKind, Result, decode, host::Response};

use crate::{
    Linear,
    api::{self, LISTS, PageInfo},
    documents,
};

/// Returns the pages that follow those in an issue, as answers that [`lists`] reads. A list that goes on without a word about
/// where ends here, and the ticket says that it is cut.
pub(super) async fn of(linear: &Linear, issue: &api::Issue<'_>, id: &str) -> Result<Vec<Response>> {
    let mut pages = Vec::new();
    let mut next = next(issue.pages());
    while next.iter().any(Option::is_some) {
        let response = linear.ask(documents::ISSUE_MORE, &variables(id, &next)).await?;
        let page: api::Lists<'_> = decode::json(lists(linear, &response, &id)?.get().as_bytes())?;
        let following = self::next(page.pages());
        if following == next {
            return Err(Error::new(ErrorKind::ResponseParse, format!("{id}: a page names itself as the next")));
        }
        next = following;
        pages.push(response);
    }
    Ok(pages)
}

/// Returns the lists of such an answer, as they are.
pub(super) fn lists<'a>(linear: &Linear, response: &'a Response, about: &dyn Display) -> Result<&'a RawValue> {
    Ok(linear.data::<api::OneIssue<'_>>(response, about)?.whole(about)?.issue)
}

/// Where each list goes on.
type Next = [Option<String>; LISTS.len()];

fn next(pages: [Option<&PageInfo>; LISTS.len()]) -> Next {
    pages.map(|page| page.and_then(PageInfo::next).map(str::to_owned))
}

fn variables(id: &str, next: &Next) -> Map<String, Value> {
    let mut variables = Map::from_iter([("id".to_owned(), id.into())]);
    for (list, after) in LISTS.iter().zip(next) {
        variables.insert((*list).to_owned(), after.is_some().into());
        variables.insert(format!("{list}After"), after.clone().into());
    }
    variables
}
