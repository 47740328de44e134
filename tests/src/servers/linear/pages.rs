//! Connections: what is left out, in which order the rest comes, and which part of it was asked for.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    fields::{Field, Node, Plain, View, leaf},
    reply::{Refusal, Trouble},
    state::State,
};

const USUAL_SIZE: usize = 50;
const LARGEST_SIZE: usize = 250;

impl View<'_> {
    /// Returns a part of a list, in the order that the arguments ask for: newest first, unless they say otherwise.
    pub(super) fn connection(&self, nodes: &[Node], arguments: &Value) -> Result<Plain, Trouble> {
        let keys = SortKey::read(arguments)?;
        for key in &keys {
            if let Some(node) = nodes.first().filter(|node| self.field(**node, &key.field).is_none()) {
                return Err(Trouble::Missing(format!("{}.{} in a sort", node.type_name(), key.field)));
            }
        }
        let by_updates = arguments["orderBy"] == "updatedAt";
        let order = |one: Node, other: Node| {
            let sorted = keys.iter().map(|key| key.compare(self, one, other)).find(|order| order.is_ne());
            sorted.unwrap_or_else(|| newest_first(self.state, by_updates, one, other))
        };
        self.part(nodes, arguments, order)
    }

    /// Returns a part of a list in an order of the caller's.
    pub(super) fn part(
        &self,
        nodes: &[Node],
        arguments: &Value,
        order: impl Fn(Node, Node) -> Ordering,
    ) -> Result<Plain, Trouble> {
        let size = Size::read(arguments)?;
        let mut shown = Vec::new();
        for node in nodes {
            if self.is_shown(*node, arguments)? {
                shown.push(*node);
            }
        }
        shown.sort_by(|one, other| order(*one, *other));
        let total = shown.len();
        // A cursor names a thing, and holds its place even when that thing is not in the list any more.
        let start = match self.cursor(nodes, &arguments["after"])? {
            Some(cursor) => shown.partition_point(|node| order(*node, cursor).is_le()),
            None => 0,
        };
        let end = match self.cursor(nodes, &arguments["before"])? {
            Some(cursor) => shown.partition_point(|node| order(*node, cursor).is_lt()),
            None => total,
        };
        let (start, end) = size.range(start, end.max(start));
        Ok(self.written(&shown[start..end], start > 0, end < total, total))
    }

    fn is_shown(&self, node: Node, arguments: &Value) -> Result<bool, Trouble> {
        let archived = node.meta(self.state).is_some_and(|meta| meta.archived_at.is_some());
        if archived && arguments["includeArchived"] != true {
            return Ok(false);
        }
        match &arguments["filter"] {
            Value::Null => Ok(true),
            filter => Ok(self.admits(node, filter)?),
        }
    }

    fn cursor(&self, nodes: &[Node], text: &Value) -> Result<Option<Node>, Trouble> {
        let Some(text) = text.as_str() else { return Ok(None) };
        let known = nodes.iter().find(|node| id(self.state, **node) == text);
        let unknown = || Trouble::Refused(Refusal::argument(format!("`{text}` is not a cursor of this list")));
        known.copied().map(Some).ok_or_else(unknown)
    }

    fn written(&self, part: &[Node], before: bool, after: bool, total: usize) -> Plain {
        let cursor = |node: Option<&Node>| leaf(node.map(|node| id(self.state, *node)));
        let edge = |node: &Node| vec![("cursor", cursor(Some(node))), ("node", Field::One(Some(*node)))];
        let info = vec![
            ("startCursor", cursor(part.first())),
            ("endCursor", cursor(part.last())),
            ("hasPreviousPage", leaf(before)),
            ("hasNextPage", leaf(after)),
        ];
        vec![
            ("nodes", Field::Many(part.to_vec())),
            ("edges", Field::Plains(part.iter().map(edge).collect())),
            ("pageInfo", Field::Plain(info)),
            ("totalCount", leaf(total)),
        ]
    }
}

/// How much was asked for, from the beginning or from the end.
struct Size {
    first: Option<usize>,
    last: Option<usize>,
}

impl Size {
    fn read(arguments: &Value) -> Result<Self, Trouble> {
        let read = |name: &str| -> Result<Option<usize>, Trouble> {
            let Some(number) = arguments[name].as_i64() else { return Ok(None) };
            let size = usize::try_from(number).ok().filter(|size| (1..=LARGEST_SIZE).contains(size));
            let refusal = || Refusal::argument(format!("{name} must be between 1 and {LARGEST_SIZE}, and is {number}"));
            Ok(Some(size.ok_or_else(refusal)?))
        };
        let (first, last) = (read("first")?, read("last")?);
        if first.is_some() && last.is_some() {
            return Err(Refusal::argument("first and last cannot both be given".to_owned()).into());
        }
        Ok(Self { first, last })
    }

    fn range(&self, start: usize, end: usize) -> (usize, usize) {
        match self.last {
            Some(last) => (end.saturating_sub(last).max(start), end),
            None => (start, end.min(start + self.first.unwrap_or(USUAL_SIZE))),
        }
    }
}

/// One key of the argument `sort`.
struct SortKey {
    field: String,
    descending: bool,
    nulls_first: bool,
}

impl SortKey {
    fn read(arguments: &Value) -> Result<Vec<Self>, Trouble> {
        let inputs = arguments["sort"].as_array().into_iter().flatten().flat_map(Value::as_object).flatten();
        let given = inputs.filter(|(_, value)| !value.is_null());
        Ok(given
            .map(|(field, value)| Self {
                field: field.clone(),
                descending: value["order"] == "Descending",
                nulls_first: value["nulls"] == "first",
            })
            .collect())
    }

    fn compare(&self, view: &View, one: Node, other: Node) -> Ordering {
        let text = |node| view.field(node, &self.field).and_then(|field| sort_text(&field));
        match (text(one), text(other)) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => {
                if self.nulls_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(_), None) => {
                if self.nulls_first {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Some(one), Some(other)) if self.descending => other.cmp(&one),
            (Some(one), Some(other)) => one.cmp(&other),
        }
    }
}

/// Returns a text that sorts as the value does; nothing if there is no value.
fn sort_text(field: &Field) -> Option<String> {
    match field {
        Field::Time(time) => time.map(|time| format!("{time:.3}")),
        Field::Day(day) => day.map(|day| day.to_string()),
        Field::Leaf(Value::Null) => None,
        Field::Leaf(Value::Number(number)) => number.as_f64().map(|number| format!("{number:020.3}")),
        Field::Leaf(Value::String(text)) => Some(text.to_lowercase()),
        other => Some(format!("{other:?}")),
    }
}

fn newest_first(state: &State, by_updates: bool, one: Node, other: Node) -> Ordering {
    let key = |node: Node| {
        let meta = node.meta(state);
        meta.map(|meta| (if by_updates { meta.updated_at } else { meta.created_at }, meta.id.as_str()))
    };
    key(other).cmp(&key(one))
}

fn id(state: &State, node: Node) -> &str {
    node.meta(state).map_or("", |meta| &meta.id)
}
