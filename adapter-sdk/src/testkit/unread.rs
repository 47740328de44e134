//! What of a platform's answer a ticket does not show.

use serde_json::Value;

use crate::{
    Error, ErrorKind, Result,
    model::{Json, Ticket, Time},
};

/// A leaf of an answer that a ticket need not show, and why: `("user.*_url", "follows from the handle")`.
///
/// A `*` stands for anything within one name or for any place of a list, `**.` in front for any beginning and `.**`
/// behind for any end.
pub type IgnoredLeaf = (&'static str, &'static str);

/// Returns the paths of the leaves of a document that no ticket depends on, such as `labels.0.color`.
///
/// Each leaf in turn is given another value and the document is normalised anew: if the ticket stays as it was,
/// the leaf was lost. A leaf that is `null` holds nothing and is passed over; one whose other value is refused
/// was read.
pub fn unread_leaves(
    document: &[u8],
    ignored: &[IgnoredLeaf],
    normalize: impl Fn(&[u8]) -> Result<Ticket>,
) -> Result<Vec<String>> {
    let whole: Value = crate::decode::json(document)?;
    let ticket = normalize(document)?;
    let mut unread = Vec::new();
    for path in paths(&whole) {
        let name = path.join(".");
        if ignored.iter().any(|(pattern, _)| fits(pattern, &name)) {
            continue;
        }
        let mut changed = whole.clone();
        let pointer = path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1")));
        let Some(leaf) = changed.pointer_mut(&pointer.collect::<String>()) else {
            return Err(Error::new(ErrorKind::ResponseParse, format!("`{name}` is not in the document")));
        };
        *leaf = another(leaf);
        let changed = Json::of(&changed)?;
        if normalize(changed.as_str().as_bytes()).is_ok_and(|changed| changed == ticket) {
            unread.push(name);
        }
    }
    Ok(unread)
}

/// Returns the path of every leaf that is not `null`.
fn paths(value: &Value) -> Vec<Vec<String>> {
    let below = |name: &str, value: &Value| -> Vec<Vec<String>> {
        let paths = paths(value).into_iter();
        paths.map(|path| std::iter::once(name.to_owned()).chain(path).collect()).collect()
    };
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(place, item)| below(&place.to_string(), item)).collect()
        }
        Value::Object(fields) => fields.iter().flat_map(|(name, field)| below(name, field)).collect(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![Vec::new()],
    }
}

/// Returns another value of the same kind.
fn another(leaf: &Value) -> Value {
    match leaf {
        Value::Bool(value) => (!value).into(),
        Value::Number(number) => number.as_i64().map_or(Value::from(-1), |number| number.wrapping_add(1).into()),
        Value::String(text) if Time::parse(text).is_ok() => "1999-12-31T23:59:58Z".into(),
        Value::String(text) => format!("{text}~").into(),
        other => other.clone(),
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let names: Vec<&str> = path.split('.').collect();
    let (pattern, names) = if let Some(end) = pattern.strip_prefix("**.") {
        (end, &names[names.len().saturating_sub(end.split('.').count())..])
    } else if let Some(start) = pattern.strip_suffix(".**") {
        (start, &names[..names.len().min(start.split('.').count())])
    } else {
        (pattern, &names[..])
    };
    pattern.split('.').count() == names.len() && pattern.split('.').zip(names).all(|(one, name)| fits_name(one, name))
}

fn fits_name(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_that_changes_nothing_is_named() {
        let document = br#"{"title":"a","at":"2026-01-01T00:00:00Z","list":[{"x":true,"y":null,"z_url":1}]}"#;
        let normalize = |bytes: &[u8]| {
            let value: Value = crate::decode::json(bytes)?;
            let at = Time::parse(value["at"].as_str().unwrap_or_default())?;
            Ok(Ticket::new("A-1", value["title"].as_str().unwrap_or_default()).with_created_at(at))
        };
        assert_eq!(unread_leaves(document, &[], normalize).unwrap(), ["list.0.x", "list.0.z_url"]);
        for ignored in [("list.**", "all of it"), ("list.*.*", "all of it"), ("**.*", "everything")] {
            assert_eq!(unread_leaves(document, &[ignored], normalize).unwrap(), Vec::<String>::new(), "{ignored:?}");
        }
        for ignored in [("**.x", "one"), ("list.*.x", "one"), ("list.0.x", "one")] {
            assert_eq!(unread_leaves(document, &[ignored], normalize).unwrap(), ["list.0.z_url"], "{ignored:?}");
        }
    }

    #[test]
    fn every_leaf_gets_a_value_that_it_did_not_have() {
        for leaf in
            ["true", "0", "7", "-1", "18446744073709551615", "1.5", "-1.5", r#""""#, r#""2026-01-01T00:00:00Z""#]
        {
            let leaf: Value = serde_json::from_str(leaf).unwrap();
            assert_ne!(another(&leaf), leaf);
        }
    }
}
