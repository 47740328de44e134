//! Connections: what is left out, in which order the rest comes, and which part of it was asked for.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    fields::{Field, Node, Plain, View, leaf},
    index::Index,
    reply::{Refusal, Trouble},
    state::State,
};

const USUAL_SIZE: usize = 50;
const LARGEST_SIZE: usize = 250;

impl View<'_> {
    /// Returns a part of a list, in the order that the arguments ask for: newest first, unless they say otherwise.
    pub(super) fn connection(&self, nodes: &[Node], arguments: &Value) -> Result<Plain, Trouble> {
        let order = Order::read(arguments);
        self.check_order(&order, nodes)?;
        self.part(nodes, arguments, |one, other| order.compare(self, one, other))
    }

    /// Returns a part of all issues, which are many: what a filter finds is looked for once.
    pub(super) fn issues_connection(&self, index: &Index, arguments: &Value) -> Result<Plain, Trouble> {
        let (size, order) = (Size::read(arguments)?, Order::read(arguments));
        let compare = |one, other| order.compare(self, one, other);
        let find = || {
            let nodes: Vec<_> = self.visible_issues().map(Node::Issue).collect();
            self.check_order(&order, &nodes)?;
            self.shown(&nodes, arguments, compare)
        };
        let shown = index.found.get((self.viewer, without_place(arguments)), find)?;
        let named = |id: &str| index.issue(self.state, id).map(Node::Issue).filter(|node| self.is_there(*node));
        self.window(&size, &shown, named, arguments, compare)
    }

    /// Returns a part of a list in an order of the caller's.
    pub(super) fn part(
        &self,
        nodes: &[Node],
        arguments: &Value,
        compare: impl Fn(Node, Node) -> Ordering,
    ) -> Result<Plain, Trouble> {
        let size = Size::read(arguments)?;
        let shown = self.shown(nodes, arguments, &compare)?;
        let named = |text: &str| nodes.iter().find(|node| id(self.state, **node) == text).copied();
        self.window(&size, &shown, named, arguments, compare)
    }

    fn check_order(&self, order: &Order, nodes: &[Node]) -> Result<(), Trouble> {
        let Some(first) = nodes.first() else { return Ok(()) };
        match order.keys.iter().find(|key| self.field(*first, &key.field).is_none()) {
            Some(key) => Err(Trouble::Missing(format!("{}.{} in a sort", first.type_name(), key.field))),
            None => Ok(()),
        }
    }

    /// Returns what is not left out of a list, in its order.
    fn shown(
        &self,
        nodes: &[Node],
        arguments: &Value,
        compare: impl Fn(Node, Node) -> Ordering,
    ) -> Result<Vec<Node>, Trouble> {
        let mut shown = Vec::new();
        for node in nodes {
            if self.is_shown(*node, arguments)? {
                shown.push(*node);
            }
        }
        shown.sort_by(|one, other| compare(*one, *other));
        Ok(shown)
    }

    /// Returns the part of what is shown that was asked for. A cursor names a thing, and holds its place even when that thing
    /// is not shown any more.
    fn window(
        &self,
        size: &Size,
        shown: &[Node],
        named: impl Fn(&str) -> Option<Node>,
        arguments: &Value,
        compare: impl Fn(Node, Node) -> Ordering,
    ) -> Result<Plain, Trouble> {
        let total = shown.len();
        let start = match cursor(&named, &arguments["after"])? {
            Some(cursor) => shown.partition_point(|node| compare(*node, cursor).is_le()),
            None => 0,
        };
        let end = match cursor(&named, &arguments["before"])? {
            Some(cursor) => shown.partition_point(|node| compare(*node, cursor).is_lt()),
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

/// Returns the arguments without those that say which part of a list is asked for.
fn without_place(arguments: &Value) -> String {
    let mut rest = arguments.clone();
    if let Value::Object(members) = &mut rest {
        members.retain(|name, _| !["first", "last", "after", "before"].contains(&name.as_str()));
    }
    rest.to_string()
}

fn cursor(named: &impl Fn(&str) -> Option<Node>, text: &Value) -> Result<Option<Node>, Trouble> {
    let Some(text) = text.as_str() else { return Ok(None) };
    let unknown = || Trouble::Refused(Refusal::argument(format!("`{text}` is not a cursor of this list")));
    named(text).map(Some).ok_or_else(unknown)
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

/// In which order a list is asked for.
struct Order {
    keys: Vec<SortKey>,
    by_updates: bool,
}

impl Order {
    fn read(arguments: &Value) -> Self {
        Self { keys: SortKey::read(arguments), by_updates: arguments["orderBy"] == "updatedAt" }
    }

    fn compare(&self, view: &View, one: Node, other: Node) -> Ordering {
        let sorted = self.keys.iter().map(|key| key.compare(view, one, other)).find(|order| order.is_ne());
        sorted.unwrap_or_else(|| newest_first(view.state, self.by_updates, one, other))
    }
}

/// One key of the argument `sort`.
struct SortKey {
    field: String,
    descending: bool,
    nulls_first: bool,
}

impl SortKey {
    fn read(arguments: &Value) -> Vec<Self> {
        let inputs = arguments["sort"].as_array().into_iter().flatten().flat_map(Value::as_object).flatten();
        let given = inputs.filter(|(_, value)| !value.is_null());
        let key = |(field, value): (&String, &Value)| Self {
            field: field.clone(),
            descending: value["order"] == "Descending",
            nulls_first: value["nulls"] == "first",
        };
        given.map(key).collect()
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
