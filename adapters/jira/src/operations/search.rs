//! Searches: words, or JQL.

use usher_adapter_sdk::{
    Error, Result,
    message::{Cursor, Include, Page, Query, QueryLanguage},
};

use super::list::{self, Place, narrow, pushed_down};
use crate::{
    Jira,
    jql::{self, Jql},
};

/// Returns a page of what a search finds: by relevance, or in the order that is asked for.
pub(crate) async fn search(jira: &Jira, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
    let place = match cursor.map(Place::read).transpose()? {
        None => None,
        Some(Place::Page(place)) => place,
        Some(_) => return Err(Error::validation("the cursor is of a list and not of a search")),
    };
    let mut jql = Jql::default();
    match &query.language {
        QueryLanguage::Text => jql.and(jql::words(&query.text)?),
        QueryLanguage::Native => jql.and_native(&query.text)?,
        other => return Err(Error::unsupported(format_args!("a search in the language `{other}`"))),
    }
    narrow(jira, &query.criteria, &mut jql).await?;
    if query.criteria.sort.is_some() {
        jql.order_by(list::order(&query.criteria));
    }
    let page = list::issues(jira, &jql, query.criteria.limit, include, place.as_deref()).await?;
    Ok(page.with_pushed_down(pushed_down(&query.criteria)))
}
