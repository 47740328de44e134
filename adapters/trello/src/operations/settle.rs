//! What became of each field, by what the card is afterwards.

use usher_adapter_sdk::{
    message::{FieldName, ListChange, Report},
    model::Time,
};

use super::{target::Target, values::Values};
use crate::api;

/// Fields that a card does not have, and what to do about it.
pub(super) const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Type, "cards have no types: use a label"),
    (FieldName::Resolution, "a card has none: set the status `complete` or `archived`"),
    (FieldName::Priority, "cards have no priority: use a label, or a custom field of the board"),
    (FieldName::Reporter, "whoever makes a card is who the token belongs to"),
    (FieldName::Containers, "a card is on a list, which is its status"),
    (FieldName::Parent, "cards have no parents: use a checklist on the card's page"),
    (FieldName::Links, "cards have no relations: name the other card in the text"),
    (FieldName::Estimate, "cards have no size: use a custom field of the board"),
];

/// What the card shall be like. What is absent was not asked for.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    pub title: Option<&'a str>,
    pub body: Option<String>,
    pub board: Option<String>,
    pub target: Option<Target>,
    /// When it is due; nothing is that it shall have no date.
    pub due: Option<Option<String>>,
    /// Ids of labels.
    pub labels: ListChange<String>,
    /// Ids of members.
    pub members: ListChange<String>,
}

/// Compares what was asked for with what the card is.
pub(super) fn settle(report: &mut Report, wanted: &Wanted<'_>, values: &Values, card: &api::Card<'_>) {
    for (field, reason) in values.of_card(card) {
        report.settle(&field, reason);
    }
    for item in &values.items {
        report.settle(&item.name, item.missing(card));
    }
    for field in report.open() {
        let reason = match field {
            FieldName::Title => other("title", wanted.title, &card.name),
            FieldName::Body => other("text", wanted.body.as_deref(), card.desc.as_deref().unwrap_or_default()),
            FieldName::Project => other("board", wanted.board.as_deref(), card.id_board.as_deref().unwrap_or_default()),
            FieldName::Status => wanted.target.as_ref().and_then(|target| target.missing(card)),
            FieldName::Due => due(wanted, card),
            FieldName::Labels => {
                let own = card.labels.iter().flatten().map(|label| &*label.id).collect::<Vec<_>>();
                list("labels", &wanted.labels, &own)
            }
            FieldName::Assignees => {
                let own = card.id_members.iter().flatten().map(|id| &**id).collect::<Vec<_>>();
                list("members", &wanted.members, &own)
            }
            ref other => Some(format!("this adapter does not write `{other}`")),
        };
        report.settle(&field, reason);
    }
}

fn other(what: &str, wanted: Option<&str>, own: &str) -> Option<String> {
    // Trello takes spaces away at the ends.
    let is_same = wanted.is_none_or(|wanted| wanted.trim() == own.trim());
    (!is_same).then(|| format!("Trello kept another {what}"))
}

fn due(wanted: &Wanted<'_>, card: &api::Card<'_>) -> Option<String> {
    let asked = wanted.due.as_ref()?;
    let asked = asked.as_deref().and_then(|text| Time::parse(text).ok());
    (asked != card.due).then(|| "Trello kept another date".to_owned())
}

/// Returns why a list is not as it was asked to be: something is missing, or something is left.
fn list(what: &str, change: &ListChange<String>, own: &[&str]) -> Option<String> {
    let missing = change.set.iter().flatten().chain(&change.add).any(|id| !own.contains(&id.as_str()));
    let left = match &change.set {
        Some(set) => own.iter().any(|own| !set.iter().any(|id| id == own)),
        None => change.remove.iter().any(|id| own.contains(&id.as_str())),
    };
    (missing || left).then(|| format!("Trello kept other {what}"))
}
