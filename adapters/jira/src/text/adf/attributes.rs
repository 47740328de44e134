//! Which attributes Markdown carries, which say nothing, and which are lost.

use super::node::Attributes;

/// Attributes that an editor keeps for itself: who drew a node, not what it says.
const BOOKKEEPING: &[&str] = &["accessLevel", "localId", "occurrenceKey", "uniqueId", "userType"];

/// What becomes part of the Markdown, by the kind of node or mark; sorted.
const CARRIED: &[(&str, &[&str])] = &[
    ("codeBlock", &["language"]),
    ("emoji", &["id", "shortName", "text"]),
    ("hardBreak", &["text"]),
    ("heading", &["level"]),
    ("inlineCard", &["url"]),
    ("link", &["href", "title"]),
    ("media", &["alt", "collection", "height", "id", "type", "url", "width"]),
    ("mediaInline", &["alt", "collection", "height", "id", "type", "width"]),
    ("mediaSingle", &["layout", "width", "widthType"]),
    ("mention", &["id", "text"]),
    ("orderedList", &["order"]),
    ("panel", &["panelType"]),
    ("subsup", &["type"]),
    ("taskItem", &["state"]),
];

/// Values that mean the same as no value, by the kind of node; sorted.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("codeBlock", "hideLineNumbers", "false"),
    ("codeBlock", "wrap", "false"),
    ("table", "displayMode", "\"default\""),
    ("table", "isNumberColumnEnabled", "false"),
    ("table", "layout", "\"default\""),
    ("tableCell", "colspan", "1"),
    ("tableCell", "rowspan", "1"),
    ("tableHeader", "colspan", "1"),
    ("tableHeader", "rowspan", "1"),
];

/// Returns the names of a node's or mark's attributes that Markdown does not carry.
pub(crate) fn lost<'a>(kind: &str, attributes: &'a Attributes<'_>) -> impl Iterator<Item = &'a str> {
    let carried = CARRIED.binary_search_by_key(&kind, |(kind, _)| kind).map_or(&[][..], |at| CARRIED[at].1);
    let is_default =
        |name: &str, value: &str| value == "null" || value == "\"\"" || DEFAULTS.contains(&(kind, name, value));
    let lost: Vec<&str> = attributes
        .iter()
        .filter(|(name, value)| {
            !BOOKKEEPING.contains(name) && !carried.contains(name) && !is_default(name, value.get())
        })
        .map(|(name, _)| name)
        .collect();
    lost.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_name_each_thing_once() {
        assert!(BOOKKEEPING.is_sorted_by(|one, next| one < next));
        assert!(CARRIED.is_sorted_by(|one, next| one.0 < next.0));
        assert!(CARRIED.iter().all(|(_, names)| names.is_sorted_by(|one, next| one < next)));
        assert!(DEFAULTS.is_sorted_by(|one, next| one < next));
    }
}
