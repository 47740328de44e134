//! Names of people: ids, addresses, names, `@me`, and teams.

use serde_json::json;
use usher_adapter_sdk::{Error, Result, decode::Text, host::Response, message::ME};

use crate::{Monday, api, documents, mapping};

/// How many people one answer has at most.
const PAGE: usize = 1000;

/// Everybody of the account, as answers.
pub(super) struct People(Vec<Response>);

/// Everybody of the account.
pub(super) struct Everybody<'a> {
    pub me: Option<api::User<'a>>,
    pub users: Vec<api::User<'a>>,
    pub teams: Vec<api::Named<'a>>,
}

/// Somebody that a column of people can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Somebody {
    pub id: String,
    pub kind: &'static str,
}

impl People {
    /// Asks for everybody, page by page.
    pub(super) async fn ask(monday: &Monday) -> Result<Self> {
        let mut pages = Vec::new();
        for page in 1.. {
            let response = monday.ask(documents::USERS, &json!({ "page": page, "first": page == 1 })).await?;
            let api::Users { users, .. } = monday.data(&response, &"the people")?;
            let is_last = users.is_none_or(|users| users.len() < PAGE);
            pages.push(response);
            if is_last {
                break;
            }
        }
        Ok(Self(pages))
    }

    /// Reads the answers.
    pub(super) fn read(&self, monday: &Monday) -> Result<Everybody<'_>> {
        let mut everybody = Everybody { me: None, users: Vec::new(), teams: Vec::new() };
        for page in &self.0 {
            let api::Users { users, me, teams } = monday.data(page, &"the people")?;
            everybody.users.extend(users.unwrap_or_default());
            everybody.me = everybody.me.or(me);
            everybody.teams.extend(teams.unwrap_or_default().into_iter().flatten());
        }
        Ok(everybody)
    }
}

impl Everybody<'_> {
    /// Returns whom a name means; one that several bear is an error that names them.
    pub(super) fn find(&self, name: &str) -> Result<Somebody> {
        if name == ME {
            let me = self.me.as_ref().ok_or_else(|| Error::not_found("the account of the token"))?;
            return Ok(Somebody { id: me.id.to_string(), kind: "person" });
        }
        let is_called = |user: &&api::User<'_>| {
            let is = |own: &Option<Text<'_>>| own.as_deref().is_some_and(|own| mapping::same(own, name));
            *user.id == *name || is(&user.name) || is(&user.email)
        };
        let found: Vec<&api::User<'_>> = self.users.iter().filter(is_called).collect();
        let team = self
            .teams
            .iter()
            .find(|team| *team.id == *name || team.name.as_deref().is_some_and(|own| mapping::same(own, name)));
        match (&found[..], team) {
            ([user], _) => Ok(Somebody { id: user.id.to_string(), kind: "person" }),
            ([], Some(team)) => Ok(Somebody { id: team.id.to_string(), kind: "team" }),
            ([], None) => Err(Error::validation(format!("nobody is called `{name}`"))
                .with_field("assignees", "must be an id, a name, an address or a team of the account")),
            (several, _) => {
                let ids = several.iter().map(|user| user.id.to_string()).collect::<Vec<_>>().join(", ");
                Err(Error::validation(format!("several people are called `{name}`"))
                    .with_field("assignees", format!("use one of the ids: {ids}")))
            }
        }
    }
}
