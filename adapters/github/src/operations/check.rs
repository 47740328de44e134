//! Who am I here, and what may I do.

use usher_adapter_sdk::{ErrorKind, Result, host::Response, message::Identity, model::Time};

use crate::{GitHub, api, mapping};

/// From when on a token is said to expire soon.
const SOON_SECONDS: u64 = 14 * 24 * 60 * 60;
/// Scopes of classic tokens that let one write issues.
const WRITING: &[&str] = &["public_repo", "repo"];

/// Returns whose token it is, what it allows, and what GitHub is there.
pub(crate) async fn check(github: &GitHub) -> Result<Identity> {
    if github.host.connection().auth_scheme.is_none() {
        let warning = "there is no token: only public repositories can be read, 60 requests an hour";
        return anonymous(github, warning).await;
    }
    match github.send(github.get(["user"])?, &"the account").await {
        Ok(response) => {
            let user: api::User<'_> = response.decode()?;
            Ok(of_answer(github, &response).with_user(mapping::user(&user)))
        }
        // The token of an app is one of no person, and gets this answer.
        Err(error) if error.kind() == ErrorKind::Permission => {
            anonymous(github, "the token belongs to an app and not to a person: `@me` means nobody").await
        }
        Err(error) => Err(error),
    }
}

async fn anonymous(github: &GitHub, warning: &str) -> Result<Identity> {
    let response = github.send(github.get(["meta"])?, &"GitHub").await?;
    let meta: api::Meta<'_> = response.decode()?;
    let mut identity = of_answer(github, &response);
    identity.warnings.insert(0, warning.to_owned());
    Ok(match meta.installed_version {
        Some(version) => identity.with_product(ENTERPRISE_SERVER.to_owned()).with_version(String::from(version)),
        None => identity,
    })
}

const ENTERPRISE_SERVER: &str = "GitHub Enterprise Server";

/// Returns what the headers of any answer tell.
fn of_answer(github: &GitHub, response: &Response) -> Identity {
    let version =
        response.header("x-github-enterprise-version").map(|version| version.trim_start_matches("enterprise-server@"));
    let product = version.map_or("GitHub", |_| ENTERPRISE_SERVER);
    let scopes = response.header("x-oauth-scopes").map(scopes);
    let warnings = [narrow(scopes.as_deref()), expiry(github, response), quota(response)];
    Identity::default()
        .with_product(product.to_owned())
        .with_version(version.map(str::to_owned))
        .with_scopes(scopes.unwrap_or_default())
        .with_server_time(response.date())
        .with_warnings(warnings.into_iter().flatten().collect::<Vec<_>>())
}

/// Only classic tokens have scopes; what a fine-grained one may do GitHub does not say.
fn scopes(header: &str) -> Vec<String> {
    header.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

fn narrow(scopes: Option<&[String]>) -> Option<String> {
    let can_write = scopes?.iter().any(|scope| WRITING.contains(&scope.as_str()));
    (!can_write)
        .then(|| "the token has neither the scope `repo` nor `public_repo`: it can only read what is public".to_owned())
}

fn expiry(github: &GitHub, response: &Response) -> Option<String> {
    let header = response.header("github-authentication-token-expiration")?;
    let expires = Time::parse(&header.replace(" UTC", "Z")).ok()?;
    let is_soon = github.host.now().until(expires).as_secs() < SOON_SECONDS;
    is_soon.then(|| format!("the token expires at {expires}"))
}

fn quota(response: &Response) -> Option<String> {
    let number = |name: &str| response.header(name)?.parse::<i64>().ok();
    let (limit, remaining) = (number("x-ratelimit-limit")?, number("x-ratelimit-remaining")?);
    let reset = number("x-ratelimit-reset").and_then(Time::from_unix_seconds);
    let until = reset.map_or_else(String::new, |reset| format!(" until {reset}"));
    (remaining < limit / 10).then(|| format!("{remaining} of {limit} requests are left{until}"))
}
