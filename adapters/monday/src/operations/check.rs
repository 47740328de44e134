//! Who am I here, and which account is it.

use usher_adapter_sdk::{Result, message::Identity};

use crate::{Monday, api, documents, mapping, request::API_VERSION};

/// How much of the budget should be left, as one part of so many.
const LITTLE: i64 = 10;

/// Returns whose token it is, and what is left of its budget.
pub(crate) async fn check(monday: &Monday) -> Result<Identity> {
    let response = monday.ask(documents::VIEWER, &serde_json::json!({})).await?;
    let api::Viewer { me, version, complexity } = monday.data(&response, &"the account")?;
    let warnings = [other_account(monday, &me), other_version(version.as_ref()), budget(complexity.as_ref())];
    let tier = me.account.as_ref().and_then(|account| account.tier.as_deref());
    let product = tier.map_or_else(|| "monday.com".to_owned(), |tier| format!("monday.com ({tier})"));
    Ok(Identity::default()
        .with_user(mapping::user(&me.user()))
        .with_product(product)
        .with_version(version.and_then(|version| version.value).map(String::from))
        .with_server_time(response.date())
        .with_time_zone(me.time_zone_identifier.map(String::from))
        .with_warnings(warnings.into_iter().flatten().collect::<Vec<_>>()))
}

/// Says that links to this account would be refused.
fn other_account(monday: &Monday, me: &api::Me<'_>) -> Option<String> {
    let named = monday.config.account.as_deref()?;
    let api::Account { name, slug, .. } = me.account.as_ref()?;
    let slug = slug.as_deref().filter(|slug| !slug.eq_ignore_ascii_case(named))?;
    let name = name.as_deref().unwrap_or(slug);
    Some(format!(
        "the option `account` says `{named}`, and the token belongs to {name}: set it to `{slug}`, or leave it out"
    ))
}

fn other_version(version: Option<&api::Version<'_>>) -> Option<String> {
    let api::Version { kind, value } = version?;
    let value = value.as_deref().filter(|value| *value != API_VERSION)?;
    let kind = kind.as_deref().unwrap_or("unknown");
    Some(format!(
        "version {API_VERSION} of the API was asked for, and {value} ({kind}) answers: look for a newer adapter"
    ))
}

fn budget(complexity: Option<&api::Complexity>) -> Option<String> {
    let api::Complexity { before, after, reset_in_x_seconds } = complexity?;
    let (before, after) = ((*before)?, (*after)?);
    // A budget is 1,000,000 points a minute at least.
    (after < 1_000_000 / LITTLE).then(|| {
        let reset =
            reset_in_x_seconds.map_or_else(String::new, |seconds| format!(", until it is full again in {seconds} s"));
        format!("{after} points of complexity are left of {before} before this query{reset}")
    })
}
