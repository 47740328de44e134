//! Who am I here, and what may I do.

use usher_adapter_sdk::{Error, ErrorKind, Result, host::Method, message::Identity};

use crate::{AzureDevOps, api, mapping};

/// The account that Azure DevOps takes those for whom it does not know.
const ANONYMOUS: &str = "System:PublicAccess;";

/// Returns whose token it is, what is there, and whether work items can be read with it.
pub(crate) async fn check(azure: &AzureDevOps) -> Result<Identity> {
    let path = ["_apis", "connectionData"];
    let request = azure.versioned(Method::Get, path, azure.site.version.connection_data)?;
    let response = azure.send(request, &azure.site.organization()).await?;
    let data: api::ConnectionData = response.decode()?;
    if is_nobody(&data.authenticated_user) {
        return Err(nobody(azure));
    }
    let product = match data.deployment_type.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("hosted") => "Azure DevOps Services",
        Some("onpremises") => "Azure DevOps Server",
        _ if azure.site.is_services() => "Azure DevOps Services",
        _ => "Azure DevOps",
    };
    let warning = match azure.send(azure.get(["_apis", "wit", "workitemrelationtypes"])?, &"work items").await {
        Ok(_) => None,
        Err(error) if matches!(error.kind(), ErrorKind::Authentication | ErrorKind::Permission) => {
            Some("the token cannot read work items: it needs the scope Work Items (read, or read & write)".to_owned())
        }
        Err(error) => return Err(error),
    };
    Ok(Identity::default()
        .with_user(mapping::me(&data.authenticated_user))
        .with_product(product.to_owned())
        .with_server_time(response.date())
        .with_time_zone("UTC".to_owned())
        .with_warnings(Vec::from_iter(warning)))
}

/// Returns whoever the credentials belong to, asked once.
pub(super) async fn me(azure: &AzureDevOps) -> Result<&api::Me> {
    if let Some(me) = azure.me.get() {
        return Ok(me);
    }
    let path = ["_apis", "connectionData"];
    let request = azure.versioned(Method::Get, path, azure.site.version.connection_data)?;
    let data: api::ConnectionData = azure.send(request, &"`@me`").await?.decode()?;
    if is_nobody(&data.authenticated_user) {
        return Err(nobody(azure));
    }
    Ok(azure.me.get_or_init(|| data.authenticated_user))
}

fn is_nobody(me: &api::Me) -> bool {
    me.descriptor.as_deref().is_some_and(|descriptor| descriptor.starts_with(ANONYMOUS))
}

/// An organisation with public projects answers to anybody, also to wrong credentials.
fn nobody(azure: &AzureDevOps) -> Error {
    let organization = azure.site.organization();
    Error::new(
        ErrorKind::Authentication,
        format!("{organization}: Azure DevOps does not know whose credentials these are"),
    )
    .with_hint("The token is wrong, expired or revoked, or there is none.")
}
