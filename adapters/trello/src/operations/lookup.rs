//! Names into what Trello's requests take: boards, labels, people.

use usher_adapter_sdk::{
    Error, Result,
    message::{Criteria, ME},
};

use crate::{Trello, api, boards::same, mapping::label_name, object_id::is_id};

/// Returns the boards that are meant: those asked for, else all that the connection names, else all that the account is on.
pub(super) async fn boards(trello: &Trello, criteria: &Criteria) -> Result<Vec<String>> {
    let mut named = named(trello, criteria);
    if !named.is_empty() {
        for name in named.iter_mut().filter(|name| !is_id(name)) {
            // Eight letters may be a short link or a name, which only Trello can tell; each page needs the board anyway.
            let board = trello.board(name).await?;
            if board.short_link.as_deref() != Some(name.as_str()) {
                name.clone_from(&board.id);
            }
        }
        return Ok(named);
    }
    Ok(trello.own_boards().await?.into_iter().map(|board| board.id).collect())
}

/// Returns the ids of the boards that are asked for, or that the connection names; none where it names none.
pub(super) async fn ids_of_named(trello: &Trello, criteria: &Criteria) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for name in named(trello, criteria) {
        ids.push(trello.board(&name).await?.id.clone());
    }
    Ok(ids)
}

fn named(trello: &Trello, criteria: &Criteria) -> Vec<String> {
    if criteria.project.is_empty() { of_connection(trello) } else { once(criteria.project.iter()) }
}

/// Returns the boards that the connection names, each once.
pub(super) fn of_connection(trello: &Trello) -> Vec<String> {
    let connection = trello.host.connection();
    once(connection.projects.iter().chain(&connection.default_project))
}

fn once<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for name in names {
        if !once.contains(name) {
            once.push(name.clone());
        }
    }
    once
}

/// Returns the one board that is meant: the one that is named, else the connection's default.
pub(super) fn project<'a>(trello: &'a Trello, named: Option<&'a str>) -> Result<&'a str> {
    named.or(trello.host.connection().default_project.as_deref()).ok_or_else(|| {
        Error::validation("no board is named, and the connection has none")
            .with_hint("Name one, as in `--in trello:0zx7ive1`, or set `default_project` of the connection.")
    })
}

/// Returns the id of the account.
pub(super) async fn me(trello: &Trello) -> Result<String> {
    if let Some(me) = trello.me.get() {
        return Ok(me.clone());
    }
    let response = trello.account("id").await?;
    let id = response.decode::<api::Member<'_>>()?.id.to_string();
    Ok(trello.me.get_or_init(|| id).clone())
}

/// Returns the ids of people on a board, each once; somebody who is not on it is an error that names who is.
pub(super) async fn people(trello: &Trello, board: &api::Board, names: &[String]) -> Result<Vec<String>> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let id = if name == ME { me(trello).await? } else { person(board, name)? };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn person(board: &api::Board, name: &str) -> Result<String> {
    let handle = name.trim_start_matches('@');
    let is_meant = |member: &&api::BoardMember| {
        let called = |own: &Option<String>, name: &str| own.as_deref().is_some_and(|own| same(own, name));
        member.id == name || called(&member.username, handle) || called(&member.full_name, name)
    };
    let found: Vec<&api::BoardMember> = board.members.iter().filter(is_meant).collect();
    if let [member] = found[..] {
        return Ok(member.id.clone());
    }
    let known: Vec<&str> = board.members.iter().filter_map(|member| member.username.as_deref()).collect();
    Err(Error::validation(format!("`{name}` is nobody on the board, or several people"))
        .with_field("assignees", format!("can be: {}", listed(&known))))
}

/// Returns the ids of labels of a board, each once; an unknown one is an error that names those that there are.
pub(super) fn labels(board: &api::Board, names: &[String]) -> Result<Vec<String>> {
    let mut ids: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let found = labels_called(board, name);
        let [id] = &found[..] else {
            let what = if found.is_empty() { "is no label of the board" } else { "is the name of several labels" };
            let known: Vec<String> = board.labels.iter().map(described).collect();
            return Err(Error::validation(format!("`{name}` {what}"))
                .with_field("labels", format!("can be: {}", listed(&known)))
                .with_hint("A label without a name is named by its colour, and any by its id."));
        };
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    Ok(ids)
}

/// Returns the ids of all labels of that name: there may be several.
pub(super) fn labels_called(board: &api::Board, name: &str) -> Vec<String> {
    let own = |label: &api::BoardLabel| label_name(label.name.as_deref(), label.color.as_deref(), &label.id).to_owned();
    let is_meant = |label: &&api::BoardLabel| label.id == name || same(&own(label), name);
    board.labels.iter().filter(is_meant).map(|label| label.id.clone()).collect()
}

fn described(label: &api::BoardLabel) -> String {
    match (label.name.as_deref().filter(|name| !name.is_empty()), label.color.as_deref()) {
        (Some(name), Some(color)) => format!("{name} ({color}, {})", label.id),
        (Some(name), None) => format!("{name} ({})", label.id),
        (None, color) => format!("{} ({})", color.unwrap_or("without name and colour"), label.id),
    }
}

/// Returns what there is, for people.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    if names.is_empty() {
        return "there is none".to_owned();
    }
    names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
