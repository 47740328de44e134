//! What was done to a card: comments, and how it came to be. Trello lists the newest first, 1,000 at most in an answer.

use usher_adapter_sdk::{Result, host::Response};

use crate::{
    Trello, api,
    mapping::{COMMENT, COPIED_COMMENT},
};

/// How many actions an answer has at most.
pub(super) const CAP: usize = 1_000;

/// Returns the kinds of actions that are comments, as they are asked for.
pub(super) fn comments() -> String {
    [COMMENT, COPIED_COMMENT].join(",")
}

/// Asks for every action of these kinds that is older than the one named, page after page.
pub(super) async fn older(trello: &Trello, card: &str, filter: &str, before: Option<String>) -> Result<Vec<Response>> {
    let mut pages = Vec::new();
    let mut before = before;
    loop {
        let request = trello.read(["cards", card, "actions"])?.query("filter", filter).query("limit", CAP.to_string());
        let request = before.iter().fold(request, |request, before| request.query("before", before.clone()));
        let response = trello.send(request, &format!("the comments of card {card}")).await?;
        let next = oldest_if_full(&response.decode::<Vec<api::Action<'_>>>()?);
        pages.push(response);
        // The same place again would be without end.
        if next.is_none() || next == before {
            return Ok(pages);
        }
        before = next;
    }
}

/// Returns the oldest action of a full answer: there may be more before it.
pub(super) fn oldest_if_full(actions: &[api::Action<'_>]) -> Option<String> {
    if actions.len() < CAP {
        return None;
    }
    actions.iter().map(|action| &*action.id).min().map(str::to_owned)
}
