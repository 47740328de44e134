//! Any JSON value as a short text for people.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// The fields that name an object, best first.
const NAMES: &[&str] = &["display_name", "name", "handle", "key", "title", "markdown", "value", "id"];

/// Returns a value as a text for people: strings without quotes, lists with commas, objects by their name,
/// and JSON where nothing better is known. What is `null` is nothing.
pub(super) fn known(json: &str) -> Option<String> {
    let json = json.trim();
    let text = match json.as_bytes().first()? {
        b'n' => return None,
        b'"' => serde_json::from_str::<Cow<'_, str>>(json).map(Cow::into_owned).ok(),
        b'[' => serde_json::from_str::<Vec<&RawValue>>(json).ok().map(|elements| {
            let texts: Vec<_> = elements.iter().filter_map(|one| known(one.get())).collect();
            texts.join(", ")
        }),
        b'{' => name(json),
        _ => None,
    };
    Some(text.unwrap_or_else(|| json.to_owned()))
}

/// Returns an object's name: the first text or number among the fields that name things.
fn name(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Object<'a>(#[serde(borrow)] BTreeMap<Cow<'a, str>, &'a RawValue>);
    let object: Object<'_> = serde_json::from_str(json).ok()?;
    let texts = NAMES.iter().filter_map(|name| object.0.get(*name).copied()).map(RawValue::get);
    texts.filter(|text| !text.starts_with(['{', '[', 'n'])).find_map(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_like_texts() {
        for (json, expected) in [
            (r#""a \"b\"""#, Some("a \"b\"")),
            ("null", None),
            ("1.50", Some("1.50")),
            ("true", Some("true")),
            (r#"["a",2,null]"#, Some("a, 2")),
            (r#"{"id":"3","name":"High"}"#, Some("High")),
            (r#"{"id":"u1","display_name":null,"handle":"bob"}"#, Some("bob")),
            (r#"[{"id":1},{"name":"x"}]"#, Some("1, x")),
            (r#"{"amount":1}"#, Some(r#"{"amount":1}"#)),
        ] {
            assert_eq!(known(json).as_deref(), expected, "{json}");
        }
    }
}
