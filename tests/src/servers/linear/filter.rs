//! Filters: any that the schema allows over what the fake has.
//!
//! A comparison with something that is absent is false, whatever it asks, as in SQL; only `null` looks at absence.

use std::{cell::RefCell, cmp::Ordering};

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};

use super::fields::{Field, Node, View};

/// Why a filter cannot be answered.
#[derive(Debug)]
pub(super) enum Unfit {
    /// The fake does not have what it asks about.
    Missing(String),
    /// A value in it means nothing.
    Value(String),
}

impl View<'_> {
    /// Returns whether a thing is what a filter asks for.
    pub(super) fn admits(&self, node: Node, filter: &Value) -> Result<bool, Unfit> {
        all(members(filter), |(name, wanted)| match name.as_str() {
            "and" => all(items(wanted), |part| self.admits(node, part)),
            "or" => any(items(wanted), |part| self.admits(node, part)),
            // Whoever asks about a thing that is there has been asked already.
            "null" => Ok(wanted != &Value::Bool(true)),
            _ if wanted.is_null() => Ok(true),
            "id" if matches!(node, Node::Issue(_) | Node::SearchResult(_)) => self.is_called(node, wanted),
            name => {
                let field = self.field(node, name);
                let field = field.ok_or_else(|| Unfit::Missing(format!("{}.{name} in a filter", node.type_name())))?;
                self.fits(&field, wanted)
            }
        })
    }

    /// Issues are named by id or by identifier.
    fn is_called(&self, node: Node, wanted: &Value) -> Result<bool, Unfit> {
        let names = ["id", "identifier"].map(|name| self.field(node, name));
        all(members(wanted), |(operator, operand)| {
            let one = |field: &Option<Field>| match field {
                Some(Field::Leaf(value)) => compared(value, operator, operand),
                _ => Ok(false),
            };
            let negative = operator.starts_with('n');
            if negative { all(names.iter(), one) } else { any(names.iter(), one) }
        })
    }

    fn fits(&self, field: &Field, wanted: &Value) -> Result<bool, Unfit> {
        match field {
            Field::One(None) => Ok(wanted["null"] == true),
            Field::One(Some(node)) => self.admits(*node, wanted),
            Field::Many(nodes) => self.collection(nodes, wanted),
            leaf => all(members(wanted), |(operator, operand)| match operator.as_str() {
                "and" => all(items(operand), |part| self.fits(leaf, part)),
                "or" => any(items(operand), |part| self.fits(leaf, part)),
                operator => self.compares(leaf, operator, operand),
            }),
        }
    }

    fn collection(&self, nodes: &[Node], wanted: &Value) -> Result<bool, Unfit> {
        all(members(wanted), |(name, part)| match name.as_str() {
            "and" => all(items(part), |part| self.collection(nodes, part)),
            "or" => any(items(part), |part| self.collection(nodes, part)),
            "some" => any(nodes.iter(), |node| self.admits(*node, part)),
            "every" => all(nodes.iter(), |node| self.admits(*node, part)),
            "length" => self.fits(&Field::Leaf(nodes.len().into()), part),
            "null" => Ok(part == &Value::Bool(nodes.is_empty())),
            // A condition of its own is one about some of them.
            _ => {
                let single = Value::Object(Map::from_iter([(name.clone(), part.clone())]));
                any(nodes.iter(), |node| self.admits(*node, &single))
            }
        })
    }

    fn compares(&self, field: &Field, operator: &str, operand: &Value) -> Result<bool, Unfit> {
        match (field, operand) {
            (Field::Leaf(value), _) => compared(value, operator, operand),
            (Field::Time(None) | Field::Day(None), _) => Ok(operator == "null" && operand == &Value::Bool(true)),
            (Field::Time(Some(time)), _) => {
                ordered(operator, operand, |text| Ok(time.cmp(&instant(text, self.state.clock)?)))
            }
            (Field::Day(Some(day)), _) => {
                ordered(operator, operand, |text| Ok(day.cmp(&date(text, self.state.clock)?)))
            }
            _ => Err(Unfit::Missing(format!("comparing {field:?}"))),
        }
    }
}

fn members(filter: &Value) -> impl Iterator<Item = (&String, &Value)> {
    filter.as_object().into_iter().flatten()
}

/// Returns a list's items; a single one is a list of one.
fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice).iter()
}

fn all<T>(mut items: impl Iterator<Item = T>, mut fits: impl FnMut(T) -> Result<bool, Unfit>) -> Result<bool, Unfit> {
    items.try_fold(true, |so_far, item| Ok(fits(item)? && so_far))
}

fn any<T>(mut items: impl Iterator<Item = T>, mut fits: impl FnMut(T) -> Result<bool, Unfit>) -> Result<bool, Unfit> {
    items.try_fold(false, |so_far, item| Ok(fits(item)? || so_far))
}

/// Compares a text, a number or a truth.
fn compared(value: &Value, operator: &str, operand: &Value) -> Result<bool, Unfit> {
    if operator == "null" {
        return Ok(operand == &Value::Bool(value.is_null()));
    }
    if value.is_null() {
        return Ok(false);
    }
    let numbers = || Some((value.as_f64()?, operand.as_f64()?));
    let order = || numbers().and_then(|(value, operand)| value.partial_cmp(&operand));
    let texts = |fits: fn(&str, &str) -> bool| {
        value.as_str().zip(operand.as_str()).is_some_and(|(value, operand)| fits(value, operand))
    };
    Ok(match operator {
        "eq" => same(value, operand),
        "neq" => !same(value, operand),
        "in" => items(operand).any(|operand| same(value, operand)),
        "nin" => !items(operand).any(|operand| same(value, operand)),
        "lt" => order() == Some(Ordering::Less),
        "lte" => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
        "gt" => order() == Some(Ordering::Greater),
        "gte" => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
        "contains" => texts(|value, operand| value.contains(operand)),
        "notContains" => !texts(|value, operand| value.contains(operand)),
        "containsIgnoreCase" | "containsIgnoreCaseAndAccent" => {
            texts(|value, operand| lower(value).contains(&lower(operand)))
        }
        "notContainsIgnoreCase" => !texts(|value, operand| lower(value).contains(&lower(operand))),
        "eqIgnoreCase" => texts(|value, operand| lower(value) == lower(operand)),
        "neqIgnoreCase" => !texts(|value, operand| lower(value) == lower(operand)),
        "startsWith" => texts(|value, operand| value.starts_with(operand)),
        "notStartsWith" => !texts(|value, operand| value.starts_with(operand)),
        "startsWithIgnoreCase" => texts(|value, operand| lower(value).starts_with(&lower(operand))),
        "endsWith" => texts(|value, operand| value.ends_with(operand)),
        "notEndsWith" => !texts(|value, operand| value.ends_with(operand)),
        other => return Err(Unfit::Missing(format!("the comparison `{other}`"))),
    })
}

/// Compares a time or a day, whose order with an operand `order` knows.
fn ordered(operator: &str, operand: &Value, order: impl Fn(&str) -> Result<Ordering, Unfit>) -> Result<bool, Unfit> {
    let with = |operand: &Value| order(operand.as_str().unwrap_or_default());
    Ok(match operator {
        "null" => operand == &Value::Bool(false),
        "eq" => with(operand)?.is_eq(),
        "neq" => with(operand)?.is_ne(),
        "in" => any(items(operand), |operand| Ok(with(operand)?.is_eq()))?,
        "nin" => !any(items(operand), |operand| Ok(with(operand)?.is_eq()))?,
        "lt" => with(operand)?.is_lt(),
        "lte" => with(operand)?.is_le(),
        "gt" => with(operand)?.is_gt(),
        "gte" => with(operand)?.is_ge(),
        other => return Err(Unfit::Missing(format!("the comparison `{other}`"))),
    })
}

fn same(value: &Value, operand: &Value) -> bool {
    match (value.as_f64(), operand.as_f64()) {
        (Some(value), Some(operand)) => value.total_cmp(&operand).is_eq(),
        _ => value == operand,
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// Reads a time, a day (its first moment) or a time from now (`-P2W`).
fn instant(text: &str, now: Timestamp) -> Result<Timestamp, Unfit> {
    thread_local! {
        /// The time that was read last: a filter asks every issue about the same ones.
        static LAST: RefCell<[(String, Timestamp); 2]> = RefCell::default();
    }
    let known = LAST.with_borrow(|last| last.iter().find(|(known, _)| known == text).map(|(_, time)| *time));
    if let Some(time) = known {
        return Ok(time);
    }
    if let Ok(time) = text.parse() {
        LAST.with_borrow_mut(|last| {
            last.swap(0, 1);
            last[0] = (text.to_owned(), time);
        });
        return Ok(time);
    }
    if let Some(day) = text.parse::<Date>().ok().filter(|_| text.len() == 10) {
        return day.to_zoned(TimeZone::UTC).map(|day| day.timestamp()).map_err(|error| Unfit::Value(error.to_string()));
    }
    from_now(text, now).map(|time| time.timestamp())
}

fn date(text: &str, now: Timestamp) -> Result<Date, Unfit> {
    match text.parse::<Date>() {
        Ok(day) if text.len() == 10 => Ok(day),
        _ => from_now(text, now).map(|time| time.date()),
    }
}

fn from_now(text: &str, now: Timestamp) -> Result<jiff::Zoned, Unfit> {
    let span: Span = text.parse().map_err(|_| Unfit::Value(format!("`{text}` is no date, no time and no duration")))?;
    now.to_zoned(TimeZone::UTC).checked_add(span).map_err(|error| Unfit::Value(error.to_string()))
}
