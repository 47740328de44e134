//! Who am I here, and what is there.

use usher_adapter_sdk::{Result, message::Identity};

use crate::{RequestTracker, api, mapping};

/// The account is not named anywhere: a ticket of its own shows its name.
const OWN: &str = "Creator = '__CurrentUser__' OR Owner = '__CurrentUser__'";
const IS_CREATOR: &str = "Creator = '__CurrentUser__'";

/// Returns whose credentials these are, as far as a ticket tells, and which Request Tracker is there.
pub(crate) async fn check(tracker: &RequestTracker) -> Result<Identity> {
    let answer = tracker.send(tracker.get(["rt"])?, &"Request Tracker").await?;
    let server: api::Server = answer.decode()?;
    let identity = Identity::default()
        .with_product("Request Tracker".to_owned())
        .with_version(server.version)
        .with_server_time(answer.date());
    for (query, is_creator) in [(IS_CREATOR, true), (OWN, false)] {
        let request = tracker.get(["tickets"])?.query("query", query).query("per_page", "1");
        let answer = tracker.send(request.query("fields", "Creator,Owner"), &"the account's tickets").await?;
        let own = answer.decode::<api::Collection<api::Ticket<'_>>>()?.items;
        let person = own.first().and_then(|own| if is_creator { own.creator.as_ref() } else { own.owner.as_ref() });
        if let Some(user) = person.and_then(mapping::person) {
            return Ok(identity.with_user(user));
        }
    }
    let warning =
        "Request Tracker does not say whose credentials these are, and the account has no ticket that shows it";
    Ok(identity.with_warnings(vec![warning.to_owned()]))
}
