//! Who am I here, and what Jira is it.

use futures_util::future;
use usher_adapter_sdk::{Result, message::Identity};

use crate::{Jira, api, mapping, site::Edition};

/// Returns whose credentials these are, and what the site is.
pub(crate) async fn check(jira: &Jira) -> Result<Identity> {
    let place = jira.place().await?;
    let has_credentials = jira.host.connection().auth_scheme.is_some();
    let server = jira.send_unproven(&"the site", |api| api.get(["serverInfo"]));
    let (server, myself) = future::try_join(server, async {
        if !has_credentials {
            return Ok(None);
        }
        jira.send_unproven(&"the account", |api| api.get(["myself"])).await.map(Some)
    })
    .await?;
    let info: api::ServerInfo<'_> = server.decode()?;
    let product = match place.edition {
        Edition::Cloud => "Jira Cloud",
        Edition::DataCenter => "Jira Data Center",
    };
    let identity = Identity::default()
        .with_product(product.to_owned())
        .with_version(info.version.map(String::from))
        .with_server_time(server.date().or(info.server_time));
    let Some(myself) = myself else {
        let warning = "there are no credentials: only what everybody may see can be read";
        return Ok(identity.with_warnings(vec![warning.to_owned()]));
    };
    let user: api::User<'_> = myself.decode()?;
    jira.set_proven();
    let time_zone = user.time_zone.as_deref().map(str::to_owned);
    // The place may have become another one while asking.
    let is_gateway = jira.place().await?.api.contains("/ex/jira/");
    let warning = is_gateway.then(|| "the token is a scoped one: it is taken by Atlassian's gateway only".to_owned());
    Ok(identity.with_user(mapping::user(&user)).with_time_zone(time_zone).with_warnings(Vec::from_iter(warning)))
}
