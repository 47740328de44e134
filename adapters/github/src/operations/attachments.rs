//! The files that an issue and its comments link to.

use futures_util::future;
use usher_adapter_sdk::{Result, message::Include, model::Attachment};

use super::{lookup, read};
use crate::{GitHub, api, key::Key, mapping};

/// Returns the files that hang on an issue and on its comments.
pub(crate) async fn attachments(github: &GitHub, key: Key<'_>) -> Result<Vec<Attachment>> {
    let comments = read::comments_if(github, key, &Include::EVERYTHING);
    let (issue, comments) = future::try_join(read::issue(github, key), comments).await?;
    let comments = lookup::decoded::<api::Comment<'_>>(&comments)?;
    Ok(mapping::attachments(&issue.decode()?, Some(&comments)))
}
