//! Search: words in title and description, or an encoded query of ServiceNow's own.

use usher_adapter_sdk::{
    Error, Result,
    message::{Cursor, Include, Page, Query, QueryLanguage},
};

use super::{filter::Filter, list};
use crate::ServiceNow;

/// Returns a page of the records that a search finds.
pub(crate) async fn search(
    snow: &ServiceNow,
    query: &Query,
    include: &Include,
    cursor: Option<&Cursor>,
) -> Result<Page> {
    let mut filter = Filter::of(snow, &query.criteria).await?;
    match query.language {
        QueryLanguage::Text => {
            // Nobody looks again for what was searched: a word that cannot be sent whole would find too much.
            if !filter.look_for(&query.text) {
                return Err(Error::validation(
                    "words with `^`, or that begin with `javascript:`, cannot be searched for",
                )
                .with_hint("Leave these out: ServiceNow reads them as parts of a query."));
            }
        }
        QueryLanguage::Native => {
            filter.native = Some(query.text.trim().trim_matches('^').to_owned());
            // The query is sent as it is; whatever else must hold is looked at by the host, or on every record.
            filter.pushed_down.retain(|criterion| *criterion != usher_adapter_sdk::message::Criterion::Text);
        }
        ref other => return Err(Error::unsupported(format_args!("searching in the language `{other}`"))),
    }
    list::list(snow, &filter, &query.criteria, include, cursor).await
}
