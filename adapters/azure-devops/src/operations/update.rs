//! Changes of a work item: one request that is done as a whole or not at all.
//!
//! What is to be done is made ready in `update/plan` from the work item as it is. Where that matters, the request holds only
//! for the revision that was looked at; if somebody else comes first, it is looked at again. What came of it is read from
//! the answer, not from what was sent.

mod plan;

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Method,
    message::{Change, Report, Updated},
};

use super::{changes::GAPS, patch::Operation, read};
use crate::{
    AzureDevOps, api,
    key::Key,
    mapping,
    request::{of_item, with_patch},
};

/// How often somebody else may come first before that is the answer.
const ATTEMPTS: u32 = 4;

/// Changes a work item, and says of every field whether Azure DevOps kept it.
pub(crate) async fn update(azure: &AzureDevOps, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut attempt = 1;
    loop {
        match once(azure, key, change).await {
            Err(error) if error.kind() == ErrorKind::Conflict && change.if_revision.is_none() && attempt < ATTEMPTS => {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn once(azure: &AzureDevOps, key: Key<'_>, change: &Change) -> Result<Updated> {
    let about = read::about(azure, key.number);
    let current = read::item(azure, key.number).await?;
    let item: api::WorkItem<'_> = current.decode()?;
    check_revision(azure, change, &item)?;
    let mut report = Report::of(change.asked()).with_gaps(GAPS);
    let plan = plan::of(azure, key, change, &item, &mut report).await?;
    if plan.operations.is_empty() {
        return answer(azure, key, &item, &plan, report);
    }
    let mut operations = Vec::with_capacity(plan.operations.len() + 1);
    if let Some(revision) = item.rev.filter(|_| change.if_revision.is_some() || plan::depends_on_what_is_there(change))
    {
        operations.push(Operation::only_at(revision)?);
    }
    operations.extend(plan.operations.iter().cloned());
    let request = azure.request(Method::Patch, of_item(key.number))?.query("$expand", "all");
    let response = azure.send(with_patch(request, &operations)?, &about).await?;
    answer(azure, key, &response.decode()?, &plan, report)
}

fn answer(
    azure: &AzureDevOps,
    key: Key<'_>,
    item: &api::WorkItem<'_>,
    plan: &super::changes::Changes,
    mut report: Report,
) -> Result<Updated> {
    plan.settle(item, &mut report)?;
    let key = mapping::key_of(&azure.site, item, Some(key))?;
    Ok(report.updated(key).with_revision(item.rev.map(|rev| rev.to_string())))
}

fn check_revision(azure: &AzureDevOps, change: &Change, item: &api::WorkItem<'_>) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = item.rev.map_or_else(|| "unknown".to_owned(), |rev| rev.to_string());
    if own == *asked {
        return Ok(());
    }
    let about = read::about(azure, item.id);
    Err(Error::new(ErrorKind::Conflict, format!("{about} has changed: its revision is `{own}` and not `{asked}`"))
        .with_hint("Look at it again, and change what is there now."))
}
