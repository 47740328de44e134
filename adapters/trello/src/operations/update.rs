//! Changes of a card, as deltas: a label that somebody else adds meanwhile survives.
//!
//! Every name is looked up before anything is written. What came of it is read from the card as it then is.

use serde::Serialize;
use serde_json::Value;
use usher_adapter_sdk::{
    Error, ErrorKind, Result,
    host::{Method, Request, Response},
    message::{Change, Clearable, FieldName, ListChange, Report, Updated},
};

use super::{
    lookup, read as one,
    settle::{self, GAPS, Wanted},
    target,
    values::{self, Values},
};
use crate::{Trello, api, key::Key, mapping, request::unread};

/// Changes a card, and says of every field whether Trello kept it.
pub(crate) async fn update(trello: &Trello, key: Key<'_>, change: &Change) -> Result<Updated> {
    let mut report = Report::of(change.asked()).with_gaps(GAPS);
    let name = one::resolved(trello, key).await?;
    let before = read(trello, &name).await?;
    let card: api::Card<'_> = before.decode()?;
    is_as_expected(key, change, &card)?;
    let (wanted, values) = plan(trello, change, &card).await?;
    let mut latest = put(trello, &card, &wanted, &values, &mut report).await?;
    if move_members(trello, &card, &wanted, &mut report).await?
        | set_fields(trello, &card.id, &values, &mut report).await?
    {
        latest = None;
    }
    let latest = match latest {
        Some(latest) => latest,
        None if report.has_written() => read(trello, &card.id).await.map_err(|error| unread(&error))?,
        None => before.clone(),
    };
    let after: api::Card<'_> = latest.decode()?;
    settle::settle(&mut report, &wanted, &values, &after);
    let revision = after.date_last_activity.map(|time| time.to_string());
    Ok(report.updated(mapping::key(&after, Some(key))).with_revision(revision))
}

/// Asks for a card as it is now.
pub(super) async fn read(trello: &Trello, card: &str) -> Result<Response> {
    let request = trello.read(["cards", card])?.query("fields", "all").query("customFieldItems", "true");
    trello.send(request, &format!("card {card}")).await
}

/// Sets custom fields one by one, and says whether there were any.
pub(super) async fn set_fields(trello: &Trello, card: &str, values: &Values, report: &mut Report) -> Result<bool> {
    for item in &values.items {
        let path = ["cards", card, "customField", &item.id, "item"];
        let request = trello.request(Method::Put, path)?.json(&item.body)?;
        report.step(&item.name, trello.send(request, &format!("a field of card {card}")).await)?;
    }
    Ok(!values.items.is_empty())
}

/// Trello has no conditional change: what is looked at here is the last moment before it.
fn is_as_expected(key: Key<'_>, change: &Change, card: &api::Card<'_>) -> Result<()> {
    let Some(asked) = &change.if_revision else { return Ok(()) };
    let own = card.date_last_activity.map(|time| time.to_string());
    if own.as_ref() == Some(asked) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, format!("card {key} has changed since {asked}"))
        .with_hint("Read it again, and repeat the change if it still makes sense."))
}

async fn plan<'a>(trello: &Trello, change: &'a Change, card: &api::Card<'_>) -> Result<(Wanted<'a>, Values)> {
    let needs_board = change.status.is_some()
        || change.project.is_some()
        || !change.labels.is_empty()
        || !change.assignees.is_empty()
        || !change.fields.is_empty();
    let own = card.id_board.as_deref();
    let board = match (&change.project, own) {
        (Some(project), _) => Some(trello.board_now(project).await?),
        (None, Some(own)) if needs_board => Some(trello.board_now(own).await?),
        _ => None,
    };
    let mut wanted = Wanted {
        title: change.title.as_deref(),
        body: match &change.body {
            Clearable::Keep => None,
            Clearable::Clear => Some(String::new()),
            Clearable::Set(body) => Some(body.markdown.clone()),
        },
        due: match &change.due {
            Clearable::Keep => None,
            Clearable::Clear => Some(None),
            Clearable::Set(due) => Some(Some(values::time_of(due))),
        },
        ..Wanted::default()
    };
    let Some(board) = board else { return Ok((wanted, Values::default())) };
    wanted.board = change.project.is_some().then(|| board.id.clone());
    wanted.target = change.status.as_deref().map(|status| target::find(&trello.rules, &board, status)).transpose()?;
    wanted.labels = labels(&board, &change.labels)?;
    wanted.members = members(trello, &board, &change.assignees).await?;
    let fields = change.fields.iter().map(|(name, value)| {
        let value = match value {
            Clearable::Set(value) => Clearable::Set(value),
            Clearable::Clear => Clearable::Clear,
            Clearable::Keep => Clearable::Keep,
        };
        (name, value)
    });
    let values = Values::of(&board, fields)?;
    Ok((wanted, values))
}

fn labels(board: &api::Board, change: &ListChange<String>) -> Result<ListChange<String>> {
    let set = change.set.as_deref().map(|names| lookup::labels(board, names)).transpose()?;
    // What the board does not have the card does not have either.
    let remove = change.remove.iter().flat_map(|name| lookup::labels_called(board, name));
    let mut ids = ListChange::delta(lookup::labels(board, &change.add)?, remove);
    ids.set = set;
    Ok(ids)
}

async fn members(trello: &Trello, board: &api::Board, change: &ListChange<String>) -> Result<ListChange<String>> {
    let set = match &change.set {
        Some(names) => Some(lookup::people(trello, board, names).await?),
        None => None,
    };
    let add = lookup::people(trello, board, &change.add).await?;
    let mut remove = Vec::new();
    for name in &change.remove {
        match lookup::people(trello, board, std::slice::from_ref(name)).await {
            Ok(ids) => remove.extend(ids),
            // Whoever has left the board is still known by an id.
            Err(error) if error.kind() == ErrorKind::Validation && crate::object_id::is_id(name) => {
                remove.push(name.clone());
            }
            Err(error) => return Err(error),
        }
    }
    let mut ids = ListChange::delta(add, remove);
    ids.set = set;
    Ok(ids)
}

/// Sends what one request can say, and returns the card that it answers. What the card has already is not sent.
async fn put(
    trello: &Trello,
    card: &api::Card<'_>,
    wanted: &Wanted<'_>,
    values: &Values,
    report: &mut Report,
) -> Result<Option<Response>> {
    let target = wanted.target.clone().unwrap_or_default();
    let whole = |change: &ListChange<String>| {
        let mut set = change.set.clone()?;
        set.retain(|id| !change.remove.contains(id));
        let added = change.add.iter().filter(|id| !set.contains(id)).cloned().collect::<Vec<_>>();
        set.extend(added);
        Some(set.join(","))
    };
    let body = Body {
        name: wanted.title,
        desc: wanted.body.as_deref(),
        closed: target.closed.filter(|closed| *closed != (card.closed == Some(true))),
        due_complete: target.complete.filter(|complete| *complete != (card.due_complete == Some(true))),
        id_board: wanted.board.as_deref().filter(|board| Some(*board) != card.id_board.as_deref()),
        id_list: target.list.as_deref().filter(|list| Some(*list) != card.id_list.as_deref()),
        id_labels: whole(&wanted.labels),
        id_members: whole(&wanted.members),
        due: wanted.due.clone(),
        start: match &values.start {
            Clearable::Keep => None,
            Clearable::Clear => Some(None),
            Clearable::Set(start) => Some(Some(start.as_str())),
        },
        pos: values.position.as_ref(),
    };
    if body == Body::default() {
        return Ok(None);
    }
    let request = trello.request(Method::Put, ["cards", &card.id])?.json(&body)?;
    let response = trello.send(request, &format!("card {}", mapping::key(card, None))).await?;
    report.wrote();
    // The answer shows no values of custom fields, so that the card is read where one was asked for.
    Ok(Some(response))
}

/// Adds and removes labels and members one by one; says whether there was anything to do.
async fn move_members(trello: &Trello, card: &api::Card<'_>, wanted: &Wanted<'_>, report: &mut Report) -> Result<bool> {
    let labels: Vec<&str> = card.labels.iter().flatten().map(|label| &*label.id).collect();
    let members: Vec<&str> = card.id_members.iter().flatten().map(|id| &**id).collect();
    let mut did_something = false;
    for (field, kind, change, own) in [
        (FieldName::Labels, "idLabels", &wanted.labels, labels),
        (FieldName::Assignees, "idMembers", &wanted.members, members),
    ] {
        // A whole list was written with the rest.
        if change.set.is_some() {
            continue;
        }
        for request in deltas(trello, &card.id, kind, change, &own)? {
            did_something = true;
            match trello.send(request, &format!("card {}", mapping::key(card, None))).await {
                Ok(_) => report.wrote(),
                // Somebody else was faster: what came of it shows when the card is read.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Validation) => {}
                Err(error) => report.fail(&field, error)?,
            }
        }
    }
    Ok(did_something)
}

fn deltas(trello: &Trello, card: &str, kind: &str, change: &ListChange<String>, own: &[&str]) -> Result<Vec<Request>> {
    let mut requests = Vec::new();
    for id in change.remove.iter().filter(|id| own.contains(&id.as_str())) {
        requests.push(trello.request(Method::Delete, ["cards", card, kind, id])?);
    }
    for id in change.add.iter().filter(|id| !own.contains(&id.as_str())) {
        requests.push(trello.request(Method::Post, ["cards", card, kind])?.json(&One { value: id })?);
    }
    Ok(requests)
}

/// The body of the request: <https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-id-put>
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    desc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_complete: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_board: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_list: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_labels: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_members: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos: Option<&'a Value>,
}

/// The body of a request that adds one thing.
#[derive(Serialize)]
struct One<'a> {
    value: &'a str,
}
