//! Names of people into what Jira's requests take: account ids on Cloud, logins on Data Center.

use usher_adapter_sdk::{Error, Result, model::User};

use crate::{
    Jira, api,
    mapping::{self, same},
    site::Edition,
};

/// Returns the ids of whoever a name means, for a filter: an id, a login, a mail address or a name.
pub(super) async fn ids(jira: &Jira, name: &str) -> Result<Vec<String>> {
    if let Some(ids) = jira.memory.people(name) {
        return Ok(ids);
    }
    let edition = jira.edition().await?;
    let found = search(jira, name, edition).await?;
    let fitting = fitting(&found, name);
    if fitting.is_empty() {
        return Err(nobody(name, &found));
    }
    let ids: Vec<String> = fitting.into_iter().filter_map(|user| id(user, edition)).collect();
    jira.memory.know_people(name, ids.clone());
    Ok(ids)
}

/// Returns the id of the one person that a name means.
pub(super) async fn id_of(jira: &Jira, name: &str) -> Result<String> {
    if name == usher_adapter_sdk::message::ME {
        return me(jira).await;
    }
    match &ids(jira, name).await?[..] {
        [id] => Ok(id.clone()),
        several => Err(Error::validation(format!("`{name}` means {} people", several.len()))
            .with_hint(format!("Name one by id: {}.", several.join(", ")))),
    }
}

/// Returns the id of the account itself.
pub(super) async fn me(jira: &Jira) -> Result<String> {
    let edition = jira.edition().await?;
    let response = jira.send(&"the account", |api| api.get(["myself"])).await?;
    jira.set_proven();
    let user = mapping::user(&response.decode::<api::User<'_>>()?);
    id(&user, edition).ok_or_else(|| Error::validation("Jira does not say who the account is"))
}

async fn search(jira: &Jira, name: &str, edition: Edition) -> Result<Vec<User>> {
    let parameter = if edition == Edition::Cloud { "query" } else { "username" };
    let name = name.trim_start_matches('@');
    let response = jira.send(&name, |api| Ok(api.get(["user", "search"])?.query(parameter, name))).await?;
    let mut found: Vec<User> = response.decode::<Vec<api::User<'_>>>()?.iter().map(mapping::user).collect();
    // An account id is no word of a name: it is asked for as what it is.
    if found.is_empty() && edition == Edition::Cloud && !name.contains([' ', '@']) {
        let response = jira.send(&name, |api| Ok(api.get(["user", "search"])?.query("accountId", name))).await?;
        found.extend(response.decode::<Vec<api::User<'_>>>()?.iter().map(mapping::user));
    }
    Ok(found)
}

/// Returns those that a name means, and not only resembles. A mail address may be hidden: then it was Jira that compared it.
fn fitting<'a>(found: &'a [User], name: &str) -> Vec<&'a User> {
    let name = name.trim_start_matches('@');
    let is_meant = |user: &&User| {
        let names = [&user.handle, &user.email, &user.display_name];
        user.id == name || names.into_iter().flatten().any(|own| same(own, name))
    };
    let fitting: Vec<&User> = found.iter().filter(is_meant).collect();
    match (fitting.is_empty(), found) {
        (true, [only]) if name.contains('@') && only.email.is_none() => vec![only],
        _ => fitting,
    }
}

fn id(user: &User, edition: Edition) -> Option<String> {
    match edition {
        Edition::Cloud => Some(user.id.clone()).filter(|id| !id.is_empty()),
        Edition::DataCenter => user.handle.clone(),
    }
}

fn nobody(name: &str, found: &[User]) -> Error {
    let error = Error::validation(format!("nobody whom Jira shows is called `{name}`"));
    let similar: Vec<&str> = found.iter().map(User::label).take(10).collect();
    match similar.is_empty() {
        true => error.with_hint("Write the whole name, the mail address or the id as it is."),
        false => error.with_hint(format!("Similar are: {}.", similar.join(", "))),
    }
}
