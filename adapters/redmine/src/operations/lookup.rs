//! Names into what Redmine's requests take: ids of projects, trackers, statuses, priorities, people, versions, categories and
//! custom fields.

use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::Response,
    message::ME,
    model::{PriorityLevel, StatusCategory, TypeLevel},
};

use super::place::PAGE_SIZE;
use crate::{Redmine, api, mapping};

/// Compares names as Redmine's people do.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Says whether something is called so, by id or by name.
pub(super) fn is_called(named: &api::Named<'_>, name: &str) -> bool {
    named.id.to_string() == name || same(&named.name, name)
}

/// Returns the error of a name that stands for nothing, with those that do.
pub(super) fn unknown<'a>(field: &str, name: &str, choices: impl IntoIterator<Item = &'a str>) -> Error {
    let choices: Vec<&str> = choices.into_iter().take(50).collect();
    Error::validation(format!("there is no {field} `{name}`"))
        .with_field(field, format!("can be: {}", choices.join(", ")))
}

/// Finds something by id or by name; two of one name are as bad as none.
pub(super) fn one<'a, 'b>(field: &str, name: &str, all: &'a [api::Named<'b>]) -> Result<&'a api::Named<'b>> {
    let mut found = all.iter().filter(|it| is_called(it, name));
    match (found.next(), found.next()) {
        (Some(found), None) => Ok(found),
        (None, _) => Err(unknown(field, name, all.iter().map(|it| &*it.name))),
        (Some(_), Some(_)) => {
            Err(Error::validation(format!("`{name}` is the name of several")).with_field(field, "take the id"))
        }
    }
}

/// Finds a status by name or id, else the one that is alone in a category of ours.
pub(super) fn status<'a, 'b>(name: &str, all: &'a [api::Status<'b>]) -> Result<&'a api::Status<'b>> {
    let called = all.iter().find(|it| it.id.to_string() == name || same(&it.name, name));
    let category = StatusCategory::from_word(&name.to_lowercase());
    let mut of_category = all.iter().filter(|it| !category.is_unknown() && mapping::state(it).category == category);
    let only = || of_category.next().filter(|_| of_category.next().is_none());
    called.or_else(only).ok_or_else(|| unknown("status", name, all.iter().map(|it| &*it.name)))
}

/// Finds a tracker by name or id, else the one that is alone in a kind of ours.
pub(super) fn tracker<'a, 'b>(name: &str, all: &'a [api::Named<'b>]) -> Result<&'a api::Named<'b>> {
    let level = TypeLevel::from_word(&name.to_lowercase());
    let of_level = |it: &api::Named<'_>| !level.is_unknown() && mapping::tracker(it).level == level;
    by_level("type", name, all, of_level)
}

/// Finds a priority by name or id, else the first of a level of ours.
pub(super) fn priority<'a, 'b>(name: &str, all: &'a [api::Named<'b>]) -> Result<&'a api::Named<'b>> {
    let level = PriorityLevel::from_word(&name.to_lowercase());
    let of_level = |it: &api::Named<'_>| !level.is_unknown() && mapping::priority(it).level == level;
    by_level("priority", name, all, of_level)
}

fn by_level<'a, 'b>(
    field: &str,
    name: &str,
    all: &'a [api::Named<'b>],
    of_level: impl Fn(&api::Named<'_>) -> bool,
) -> Result<&'a api::Named<'b>> {
    let called = all.iter().find(|it| is_called(it, name));
    called
        .or_else(|| all.iter().find(|it| of_level(it)))
        .ok_or_else(|| unknown(field, name, all.iter().map(|it| &*it.name)))
}

/// Returns the project that is asked for, or the connection's.
pub(super) fn project<'a>(redmine: &'a Redmine, asked: Option<&'a str>) -> Result<&'a str> {
    asked.or(redmine.host.connection().default_project.as_deref()).ok_or_else(|| {
        Error::validation("no project is named")
            .with_hint("Name one, by its identifier in addresses, or set `default_project` in the connection.")
    })
}

/// Asks for a project by its identifier or id, else finds it by name.
pub(super) async fn project_of(redmine: &Redmine, name: &str) -> Result<Response> {
    let ask = async |name: &str| {
        let request = redmine.get(["projects", &format!("{name}.json")])?;
        let request = request.query("include", "trackers,issue_categories,issue_custom_fields");
        redmine.send(request, &format!("project {name}")).await
    };
    match ask(name).await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            for page in pages(redmine, &["projects.json"], &[]).await? {
                let lists: api::Lists<'_> = page.decode()?;
                if let Some(found) = lists.projects.iter().find(|project| same(&project.name, name)) {
                    return ask(&found.id.to_string()).await;
                }
            }
            Err(error)
        }
        other => other,
    }
}

/// Returns the ids of projects that are asked for, each once. A name is not what an address holds.
pub(super) async fn projects(redmine: &Redmine, names: &[String]) -> Result<Vec<String>> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let response = project_of(redmine, name).await?;
        let id = response.decode::<api::OneProject<'_>>()?.project.id.to_string();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Finds who is called so: `@me`, an id, the account's own login, or a member of the project; administrators see logins.
pub(super) async fn person(redmine: &Redmine, project: u64, name: &str) -> Result<u64> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let me = redmine.me().await?;
    let is_me = name == ME || me.login.as_deref().is_some_and(|login| same(login, name));
    if is_me || me.mail.as_deref().is_some_and(|mail| same(mail, name)) {
        return Ok(me.id);
    }
    let mut members = Vec::new();
    for page in pages(redmine, &["projects", &project.to_string(), "memberships.json"], &[]).await? {
        let lists: api::Lists<'_> = page.decode()?;
        let named = lists.memberships.iter().flat_map(|it| [&it.user, &it.group]).flatten();
        members.extend(named.map(|it| (it.id, it.name.to_string())));
    }
    if let Some((id, _)) = members.iter().find(|(_, member)| same(member, name)) {
        return Ok(*id);
    }
    if me.is_admin {
        for page in pages(redmine, &["users.json"], &[("name", name)]).await? {
            let lists: api::Lists<'_> = page.decode()?;
            let called =
                |text: &Option<usher_adapter_sdk::decode::Text<'_>>| text.as_deref().is_some_and(|it| same(it, name));
            if let Some(user) = lists.users.iter().find(|user| called(&user.login) || called(&user.mail)) {
                return Ok(user.id);
            }
        }
    }
    Err(unknown("assignees", name, members.iter().map(|(_, name)| name.as_str())))
}

/// Returns the custom fields that issues of a project have, as far as one can know: Redmine tells administrators of all of
/// them, and everybody else of those that an issue has.
pub(super) async fn custom_fields(redmine: &Redmine, project: &api::Project<'_>) -> Result<Vec<(u64, String)>> {
    let named = |it: &api::Named<'_>| (it.id, it.name.to_string());
    let mut fields: Vec<(u64, String)> = project.issue_custom_fields.iter().map(named).collect();
    let me = redmine.me().await?;
    if me.is_admin {
        let response = redmine.read(["custom_fields.json"]).await?;
        let lists: api::Lists<'_> = response.decode()?;
        let of_issues = lists.custom_fields.iter().filter(|it| &*it.customized_type == "issue");
        fields.extend(of_issues.map(|it| (it.id, it.name.to_string())));
    } else {
        let request = redmine.get(["issues.json"])?.query("project_id", project.id.to_string());
        let request = request.query("status_id", "*").query("sort", "id:desc").query("limit", "25");
        let response = redmine.send(request, &"issues of the project").await?;
        let issues: api::Issues<'_> = response.decode()?;
        for item in issues.issues {
            let issue: api::Issue<'_> = usher_adapter_sdk::decode::json(item.get().as_bytes())?;
            let own = issue.custom_fields.into_iter().flatten();
            fields.extend(own.map(|it| (it.id, it.name.map_or_else(String::new, String::from))));
        }
    }
    fields.sort();
    fields.dedup();
    Ok(fields)
}

/// Returns every page of a list.
pub(super) async fn pages(redmine: &Redmine, path: &[&str], query: &[(&str, &str)]) -> Result<Vec<Response>> {
    let mut pages: Vec<Response> = Vec::new();
    loop {
        let offset = pages.len() as u64 * PAGE_SIZE;
        let request = redmine.get(path)?.query("limit", PAGE_SIZE.to_string()).query("offset", offset.to_string());
        let request = query.iter().fold(request, |request, (name, value)| request.query(*name, *value));
        let response = redmine.send(request, &path.join("/")).await?;
        let total = response.decode::<api::Lists<'_>>()?.total_count;
        pages.push(response);
        if total <= offset + PAGE_SIZE {
            return Ok(pages);
        }
    }
}
