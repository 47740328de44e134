//! In which order a query's issues come.

use std::cmp::Reverse;

use super::{
    evaluate::Search,
    fields::{Content, Field},
    parser::Query,
};
use crate::servers::jira::state::Issue;

/// Fields to sort by, and whether downwards.
pub(in super::super) struct Order(Vec<(Field, bool)>);

/// What an issue is sorted by.
pub(in super::super) type SortKey = (Vec<Place>, Reverse<u64>);

/// One field's part of it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(in super::super) enum Place {
    Up(Option<String>),
    Down(Reverse<Option<String>>),
}

impl Search<'_> {
    /// Returns the order that a query asks for; without one the newest issue comes first.
    pub(in super::super) fn order(&self, query: &Query) -> Result<Order, String> {
        let fields = query.order.iter().map(|(name, descending)| Ok((Field::named(self, name)?, *descending)));
        fields.collect::<Result<Vec<_>, String>>().map(Order)
    }
}

impl Order {
    /// Returns where an issue stands in this order, so that it can be taken up there again.
    pub(in super::super) fn key(&self, search: &Search, issue: &Issue) -> SortKey {
        let place = |(field, descending): &(Field, bool)| {
            let text = sort_text(search, issue, field);
            if *descending { Place::Down(Reverse(text)) } else { Place::Up(text) }
        };
        (self.0.iter().map(place).collect(), Reverse(issue.id))
    }
}

/// Returns a text that sorts as the content does.
fn sort_text(search: &Search, issue: &Issue, field: &Field) -> Option<String> {
    if *field == Field::Priority {
        // Upwards means the least urgent one first.
        return issue.priority.map(|priority| format!("{:05}", 99_999 - priority));
    }
    match search.content(issue, field) {
        Content::Names(things) => things.first().and_then(|names| names.first()).cloned(),
        Content::Texts(texts) => texts.first().map(|text| text.to_lowercase()),
        Content::Time(time) => time.map(|time| format!("{:020}", time.as_microsecond())),
        Content::Number(number) => number.map(|number| format!("{number:020.3}")),
        Content::Key { project, number, .. } => Some(format!("{project} {number:010}")),
    }
}
