//! Who am I here, and which workspace is it.

use usher_adapter_sdk::{Result, host::Response, message::Identity, model::Time};

use crate::{Linear, api, documents, mapping};

/// The budgets that an operator should know of, as headers name them, and as people do.
const BUDGETS: &[(&str, &str)] = &[("requests", "requests"), ("complexity", "points of complexity")];

/// Returns whose key it is, and what is left of its budgets.
pub(crate) async fn check(linear: &Linear) -> Result<Identity> {
    let response = linear.ask(documents::VIEWER, &serde_json::json!({})).await?;
    let about = &"the account";
    let api::Viewer { viewer, organization } = linear.data::<api::Viewer<'_>>(&response, about)?.whole(about)?;
    let quotas = BUDGETS.iter().filter_map(|(budget, name)| quota(&response, budget, name));
    let warnings = other_workspace(linear, &organization).into_iter().chain(quotas);
    Ok(Identity::default()
        .with_user(mapping::user(&viewer))
        .with_product("Linear".to_owned())
        .with_server_time(response.date())
        .with_warnings(warnings.collect::<Vec<_>>()))
}

/// Says that links to this workspace would be refused.
fn other_workspace(linear: &Linear, organization: &api::Organization<'_>) -> Option<String> {
    let named = linear.config.workspace.as_deref()?;
    let api::Organization { name, url_key } = organization;
    (!named.eq_ignore_ascii_case(url_key)).then(|| {
        format!("the option `workspace` says `{named}`, and the key belongs to {name}: set it to `{url_key}`, or leave it out")
    })
}

fn quota(response: &Response, budget: &str, name: &str) -> Option<String> {
    let number = |what: &str| response.header(&format!("x-ratelimit-{budget}-{what}"))?.trim().parse::<i64>().ok();
    let (limit, remaining) = (number("limit")?, number("remaining")?);
    let until = number("reset").and_then(Time::from_unix_millis).map_or_else(String::new, |at| format!(" until {at}"));
    (remaining < limit / 10).then(|| format!("{remaining} of {limit} {name} are left{until}"))
}
