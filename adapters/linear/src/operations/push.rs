//! Issues of a list onto a page, with what of each did not fit into it.

use std::pin::pin;

use futures_util::{StreamExt, stream};
use serde_json::value::RawValue;
use usher_adapter_sdk::{
    Result, decode,
    host::Response,
    message::{Include, Page, Raw},
    model::{Ticket, Time},
};

use super::{more, read};
use crate::{
    Linear,
    api::{self, Complaint, Step},
    mapping,
};

/// How many issues are completed at once, where something did not fit into them.
const AT_ONCE: usize = 4;

/// Issues as Linear gave them.
pub(super) struct Found<'a> {
    pub issues: Vec<Read<'a>>,
    pub gaps: Vec<Complaint<'a>>,
    /// What was made before this millisecond comes on another page.
    pub seam: Option<i64>,
}

/// An issue as it came, and as it was read.
pub(super) struct Read<'a> {
    node: &'a str,
    issue: Result<api::Issue<'a>>,
}

impl<'a> Read<'a> {
    /// Reads an issue; one that cannot be read is an error of its own.
    pub(super) fn of(node: &'a RawValue) -> Self {
        Self { node: node.get(), issue: decode::json(node.get().as_bytes()) }
    }

    /// Returns when it was made.
    pub(super) fn born(&self) -> Option<Time> {
        self.issue.as_ref().ok()?.created_at
    }
}

/// Writes issues to a page; what lies in the trash is left out.
pub(super) async fn issues(linear: &Linear, mut page: Page, found: Found<'_>, include: &Include) -> Result<Page> {
    let Found { issues, gaps, seam } = found;
    let mut wanted = Vec::with_capacity(issues.len());
    for (place, read) in issues.into_iter().enumerate() {
        wanted.push(whole(linear, read, of_issue(&gaps, place), seam, include));
    }
    let mut tickets = pin!(stream::iter(wanted).buffered(AT_ONCE));
    while let Some(ticket) = tickets.next().await {
        match ticket {
            Ok(Some(ticket)) => page.push(&ticket)?,
            Ok(None) => {}
            Err(error) => page.push_error(error),
        }
    }
    Ok(page)
}

/// Returns the ticket of an issue; none where it is not of this page, or lies in the trash.
async fn whole(
    linear: &Linear,
    Read { node, issue }: Read<'_>,
    gaps: Vec<&Complaint<'_>>,
    seam: Option<i64>,
    include: &Include,
) -> Result<Option<Ticket>> {
    let mut issue = issue?;
    let is_of_rest = seam.zip(issue.created_at).is_some_and(|(seam, born)| born.unix_millis() < seam);
    if is_of_rest || issue.trashed == Some(true) {
        return Ok(None);
    }
    let pages = more::of(linear, &issue, mapping::key(&issue, None)?).await?;
    for page in &pages {
        issue.take(decode::json(more::lists(linear, page, &"an issue")?.get().as_bytes())?);
    }
    // `issues`, `nodes`, the place, and then the field that could not be had.
    let mut ticket = mapping::with_gaps(mapping::ticket(&issue, None)?, gaps.into_iter().map(|gap| (gap, 3)));
    ticket.keep(include);
    if include.raw {
        ticket.attach_raw(&documents(linear, node, &pages)?)?;
    }
    Ok(Some(ticket))
}

fn documents(linear: &Linear, node: &str, pages: &[Response]) -> Result<Raw> {
    let lists = pages.iter().map(|page| more::lists(linear, page, &"an issue"));
    lists.into_iter().try_fold(Raw::main(node), |raw, lists| Ok(raw.with(read::MORE, lists?.get())))
}

/// Returns the errors about fields of one issue of a list.
fn of_issue<'a, 'b>(gaps: &'a [Complaint<'b>], place: usize) -> Vec<&'a Complaint<'b>> {
    let is_here = |gap: &&Complaint<'_>| matches!(gap.path.as_deref(), Some([Step::Field(_), Step::Field(_), Step::Place(own), ..]) if *own == place);
    gaps.iter().filter(is_here).collect()
}
