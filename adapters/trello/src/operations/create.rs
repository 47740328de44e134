//! New cards.

use serde::Serialize;
use serde_json::Value;
use usher_adapter_sdk::{
    Error, Result,
    host::{Method, Response},
    message::{Clearable, Created, Draft, FieldName, ListChange, Report},
};

use super::{
    lookup, marker,
    settle::{self, GAPS, Wanted},
    target::{self, Target},
    update,
    values::{self, Values},
};
use crate::{Trello, api, mapping};

/// Makes a card, and says of every field whether Trello kept it.
pub(crate) async fn create(trello: &Trello, draft: &Draft) -> Result<Created> {
    let mut report = Report::of(draft.asked()).with_gaps(GAPS);
    let board = trello.board_now(lookup::project(trello, draft.project.as_deref())?).await?;
    let target = target(trello, &board, draft, &mut report)?;
    let list = target.list.clone().or_else(|| target::open_lists(&board).first().map(|list| list.id.clone()));
    let list = list.ok_or_else(|| {
        Error::validation("the board has no list for the card").with_hint("Make a list on the board first.")
    })?;
    let labels = lookup::labels(&board, &draft.labels)?;
    let members = lookup::people(trello, &board, &draft.assignees).await?;
    let fields = draft.fields.iter().map(|(name, value)| (name, Clearable::Set(value)));
    let values = Values::of(&board, fields)?;
    let body = marker::marked(draft.body.as_ref().map(|body| body.markdown.as_str()), draft.marker.as_deref())?;
    let due = draft.due.as_ref().map(values::time_of);
    let new = NewCard {
        id_list: &list,
        name: &draft.title,
        desc: body.as_deref(),
        pos: values.position.clone(),
        due: due.as_deref(),
        start: match &values.start {
            Clearable::Set(start) => Some(start),
            _ => None,
        },
        due_complete: target.complete.filter(|complete| *complete),
        id_labels: joined(&labels),
        id_members: joined(&members),
    };
    let request = trello.request(Method::Post, ["cards"])?.json(&new)?;
    let response =
        trello.send(request, &format!("a card on board {}", board.name.as_deref().unwrap_or(&board.id))).await?;
    report.wrote();
    let wanted = Wanted {
        title: Some(&draft.title),
        body,
        board: Some(board.id.clone()),
        target: Some(Target { list: Some(list.clone()), ..target }),
        due: due.map(Some),
        labels: ListChange::delta(labels, []),
        members: ListChange::delta(members, []),
    };
    finish(trello, response, &wanted, &values, report).await
}

/// Sets the custom fields, which a new card takes one by one, and says what became of everything.
async fn finish(
    trello: &Trello,
    response: Response,
    wanted: &Wanted<'_>,
    values: &Values,
    mut report: Report,
) -> Result<Created> {
    let card: api::Card<'_> = response.decode()?;
    let has_fields = update::set_fields(trello, &card.id, values, &mut report).await?;
    let (key, id, url) = (mapping::key(&card, None), card.id.to_string(), mapping::url(&card).map(str::to_owned));
    match has_fields {
        false => settle::settle(&mut report, wanted, values, &card),
        true => match update::read(trello, &id).await {
            Ok(whole) => settle::settle(&mut report, wanted, values, &whole.decode()?),
            Err(error) => report.doubt(&format!("the card could not be read again: {error}")),
        },
    }
    Ok(report.created(key).with_native_id(id).with_url(url))
}

/// Returns where the card shall stand. One that is archived at once is two wishes.
fn target(trello: &Trello, board: &api::Board, draft: &Draft, report: &mut Report) -> Result<Target> {
    let Some(status) = &draft.status else { return Ok(Target::default()) };
    let target = target::find(&trello.rules, board, status)?;
    if target.closed == Some(true) {
        report.refuse(&FieldName::Status, "a new card is not archived: archive it with a change");
        return Ok(Target::default());
    }
    Ok(target)
}

/// The body of the request: <https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-post>
///
/// What the page calls parameters of the query may stand in the body, where no log has them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewCard<'a> {
    id_list: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    desc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_complete: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_labels: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_members: Option<String>,
}

fn joined(ids: &[String]) -> Option<String> {
    (!ids.is_empty()).then(|| ids.join(","))
}
