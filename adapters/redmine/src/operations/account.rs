//! Who we are, and what our roles let us do. A server that anybody may read answers to a wrong key as it does to anybody: only
//! the question who we are tells.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

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

    /// Returns the roles in a project, by their ids.
    fn roles(&self, project: u64) -> impl Iterator<Item = u64> {
        let memberships = self.memberships.iter().filter(move |(of, _)| *of == project);
        memberships.flat_map(|(_, roles)| roles.iter().copied())
    }
}

/// What roles may do, as Redmine answers it; each is asked for once.
#[derive(Debug, Default)]
pub(crate) struct Roles(Mutex<BTreeMap<u64, Arc<[u8]>>>);

/// The right to send a note that only some may read.
const HIDES_NOTES: &str = "set_notes_private";
/// The right to read such notes of others.
const SEES_NOTES: &str = "view_private_notes";

/// Says whether an account with these roles is shown the private notes of others.
pub(super) fn sees_private_notes(roles: &[api::OneRole<'_>]) -> bool {
    roles.iter().any(|role| may(role, SEES_NOTES))
}

fn may(role: &api::OneRole<'_>, right: &str) -> bool {
    role.role.permissions.iter().any(|permission| &**permission == right)
}

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
        let me = Me::of(&self.who().await?)?;
        let roles = me.roles(project).map(async |role| -> Result<bool> {
            let response = self.role(role).await?;
            Ok(may(&response.decode()?, HIDES_NOTES))
        });
        Ok(future::try_join_all(roles).await?.contains(&true))
    }

    /// Returns the account's roles in a project as a list of what Redmine answers of each. Nothing for an administrator, who may
    /// do everything, and where Redmine does not tell.
    pub(super) async fn roles_in(&self, project: u64) -> Result<Option<Vec<u8>>> {
        let ids: Vec<u64> = match self.host.connection().auth_scheme {
            Some(_) => {
                let me = self.me().await?;
                if me.is_admin {
                    return Ok(None);
                }
                me.roles(project).collect()
            }
            // Whoever is nobody has no role.
            None => Vec::new(),
        };
        match future::try_join_all(ids.into_iter().map(|role| self.known_role(role))).await {
            Ok(roles) => Ok(Some([b"[", &*roles.join(&b","[..]), b"]"].concat())),
            Err(error) if matches!(error.kind(), ErrorKind::Permission | ErrorKind::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn known_role(&self, role: u64) -> Result<Arc<[u8]>> {
        let known = || self.roles.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known().get(&role) {
            return Ok(Arc::clone(answer));
        }
        let answer: Arc<[u8]> = self.role(role).await?.body.into_vec().into();
        known().insert(role, Arc::clone(&answer));
        Ok(answer)
    }

    async fn role(&self, role: u64) -> Result<Response> {
        self.read(["roles", &format!("{role}.json")]).await
    }
}
