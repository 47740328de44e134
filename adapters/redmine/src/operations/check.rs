//! Who am I here.

use usher_adapter_sdk::{
    Result,
    message::Identity,
    model::{User, UserKind},
};

use crate::Redmine;

/// Returns whose key it is. Its version and its text formatting Redmine does not tell.
pub(crate) async fn check(redmine: &Redmine) -> Result<Identity> {
    let identity = Identity::default().with_product("Redmine".to_owned());
    if redmine.host.connection().auth_scheme.is_none() {
        let response = redmine.send(redmine.get(["issues.json"])?.query("limit", "1"), &"Redmine").await?;
        let warning = "there are no credentials: only what anybody may read can be read".to_owned();
        return Ok(identity.with_server_time(response.date()).with_warnings(vec![warning]));
    }
    let response = redmine.who().await?;
    let me = redmine.me().await?;
    let user = User::new(me.id.to_string())
        .with_handle(me.login.clone())
        .with_display_name(Some(me.name.clone()).filter(|name| !name.is_empty()))
        .with_email(me.mail.clone())
        .with_kind(UserKind::Person);
    let scopes = if me.is_admin { vec!["admin".to_owned()] } else { Vec::new() };
    Ok(identity.with_user(user).with_scopes(scopes).with_server_time(response.date()))
}
