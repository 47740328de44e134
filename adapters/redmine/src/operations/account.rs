//! Who we are, and what our roles let us do. A server that anybody may read answers to a wrong key as it does to anybody: only
//! the question who we are tells.

use std::sync::Arc;

use futures_util::future;
use usher_adapter_sdk::{Error, ErrorKind, Result, host::Response};

use crate::{Redmine, api};

/// The account of the key.
#[derive(Debug)]
pub(crate) struct Me {
    pub id: u64,
    pub login: Option<String>,
    pub name: String,
    pub mail: Option<String>,
    pub is_admin: bool,
    /// The projects, and the roles in each.
    memberships: Vec<(u64, Vec<u64>)>,
}

impl Me {
    fn of(response: &Response) -> Result<Self> {
        let api::CurrentUser { user } = response.decode()?;
        let names = [&user.firstname, &user.lastname].into_iter().flatten();
        let membership =
            |it: &api::Membership<'_>| Some((it.project?.id, it.roles.iter().map(|role| role.id).collect()));
        Ok(Self {
            id: user.id,
            name: names.map(|name| &**name).collect::<Vec<_>>().join(" "),
            login: user.login.map(String::from),
            mail: user.mail.map(String::from),
            is_admin: user.admin,
            memberships: user.memberships.iter().filter_map(membership).collect(),
        })
    }
}

/// The right to send a note that only some may read.
const PRIVATE_NOTES: &str = "set_notes_private";

impl Redmine {
    /// Returns the account; it is asked for once.
    pub(crate) async fn me(&self) -> Result<Arc<Me>> {
        if let Some(me) = self.me.get() {
            return Ok(Arc::clone(me));
        }
        if self.host.connection().auth_scheme.is_none() {
            return Err(Error::new(
                ErrorKind::CredentialMissing,
                "there is no account: the connection has no credentials",
            )
            .with_hint("Set `auth.key` to the API access key of your account page."));
        }
        let me = Arc::new(Me::of(&self.who().await?)?);
        Ok(Arc::clone(self.me.get_or_init(|| me)))
    }

    /// Makes sure that Redmine knows the credentials, if there are any.
    pub(super) async fn known(&self) -> Result<()> {
        match self.host.connection().auth_scheme {
            Some(_) => self.me().await.map(drop),
            None => Ok(()),
        }
    }

    /// Asks who we are, and says so of the memberships too.
    pub(super) async fn who(&self) -> Result<Response> {
        let request = self.get(["users", "current.json"])?.query("include", "memberships");
        self.send(request, &"the account").await
    }

    /// Says whether the account may hide notes in a project; what cannot be seen is not allowed.
    pub(super) async fn may_hide_notes(&self, project: u64) -> Result<bool> {
        let me = self.me().await?;
        if me.is_admin {
            return Ok(true);
        }
        // Roles change: an answer of an hour ago would publish what was to be hidden.
        let Me { memberships, .. } = Me::of(&self.who().await?)?;
        let roles = memberships.into_iter().filter(|(of, _)| *of == project).flat_map(|(_, roles)| roles);
        let roles = roles.map(async |role: u64| -> Result<bool> {
            let response = self.read(["roles", &format!("{role}.json")]).await?;
            let api::OneRole { role } = response.decode()?;
            Ok(role.permissions.iter().any(|permission| &**permission == PRIVATE_NOTES))
        });
        Ok(future::try_join_all(roles).await?.contains(&true))
    }
}
