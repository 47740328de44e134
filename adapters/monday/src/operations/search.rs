//! Searches: words in names and descriptions, or monday.com's own rules.

use usher_adapter_sdk::{
    Error, Result,
    message::{Cursor, Include, Page, Query, QueryLanguage},
};

use super::{filter::Native, list::list};
use crate::Monday;

/// Returns a page of what a search finds. Its words are criteria like others: monday.com's own search has no pages.
pub(crate) async fn search(monday: &Monday, query: &Query, include: &Include, cursor: Option<&Cursor>) -> Result<Page> {
    match query.language {
        QueryLanguage::Text => {
            let words = [Some(query.text.as_str()), query.criteria.text.as_deref()];
            let text = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let criteria = query.criteria.clone().with_text(text);
            list(monday, &criteria, &Native::default(), include, cursor).await
        }
        QueryLanguage::Native => list(monday, &query.criteria, &Native::read(&query.text)?, include, cursor).await,
        ref other => Err(Error::unsupported(format_args!("a query in `{other}`"))),
    }
}
