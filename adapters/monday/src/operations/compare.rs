//! What became of a write: the item that monday.com answers with, beside what was sent.

use std::collections::BTreeSet;

use usher_adapter_sdk::message::{FieldName, Report};

use super::values::Check;
use crate::{
    api::{self, ColumnValue},
    mapping,
};

/// Says of each field whether the item has become what was asked.
pub(super) fn compare<'a>(
    report: &mut Report,
    checks: impl IntoIterator<Item = &'a (FieldName, Check)>,
    item: &api::Item<'_>,
) {
    for (field, check) in checks {
        let reason = (!holds(check, item)).then(|| "monday.com took it, and left the item otherwise".to_owned());
        report.settle(field, reason);
    }
}

fn holds(check: &Check, item: &api::Item<'_>) -> bool {
    let value = |id: &str| item.column_values.iter().flatten().find(|value| *value.id == *id);
    match check {
        Check::Name(name) => item.name.trim() == name.trim(),
        Check::Group(id) => item.group.as_ref().is_some_and(|group| *group.id == **id),
        Check::Label(id, label) => label_of(value(id)) == label.as_ref().map(|(id, name)| (*id, name.as_str())),
        Check::People(id, people) => {
            let own = value(id).and_then(|value| value.persons_and_teams.as_deref()).unwrap_or_default();
            own.iter().map(|person| person.id.to_string()).collect::<BTreeSet<_>>() == *people
        }
        Check::Names(id, names) => {
            value(id).map(mapping::labels).unwrap_or_default().into_iter().collect::<BTreeSet<_>>() == *names
        }
        Check::Text(id, text) => text_of(value(id)).trim() == text.trim(),
        Check::Due(id, due) => value(id).and_then(mapping::due) == *due,
        Check::Number(id, number) => value(id).and_then(|value| value.number) == *number,
        Check::Filled(id, is_filled) => {
            let is_there = |value: &ColumnValue<'_>| {
                value.value.is_some_and(|value| value.get() != "null") || !text_of(Some(value)).is_empty()
            };
            value(id).is_some_and(is_there) == *is_filled
        }
    }
}

/// Returns number and name of the label that was chosen; the empty one is none.
fn label_of<'a>(value: Option<&'a ColumnValue<'_>>) -> Option<(i64, &'a str)> {
    let value = value?;
    mapping::label_of(value).and_then(|(_, name)| Some((value.index?, name)))
}

fn text_of<'a>(value: Option<&'a ColumnValue<'_>>) -> &'a str {
    value.and_then(|value| value.text.as_deref()).unwrap_or_default()
}
