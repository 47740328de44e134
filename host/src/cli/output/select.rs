//! Taking wanted fields out of a ticket's JSON, without building the rest of it.
//!
//! Each level is read once into borrowed slices, one for each wanted name; everything else is skipped.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::Wanted;
use super::value;

/// Writes an object with exactly the wanted fields, nested as in the source; what is not there is `null`.
pub(super) fn object(json: &str, wanted: &[Wanted], out: &mut Vec<u8>) -> serde_json::Result<()> {
    match json.trim_start().as_bytes().first() {
        Some(b'{') => members(json, wanted, out),
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(json)?;
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                object(element.get(), wanted, out)?;
            }
            out.push(b']');
            Ok(())
        }
        // A value has no fields, so none of the wanted ones.
        _ => {
            out.extend_from_slice(b"null");
            Ok(())
        }
    }
}

fn members(json: &str, wanted: &[Wanted], out: &mut Vec<u8>) -> serde_json::Result<()> {
    let names: Vec<&str> = wanted.iter().map(|wanted| wanted.name.as_str()).collect();
    let found = pick(json, &names)?;
    out.push(b'{');
    for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, &wanted.name)?;
        out.push(b':');
        match found {
            Some(found) if !wanted.below.is_empty() => object(found.get(), &wanted.below, out)?,
            Some(found) => out.extend_from_slice(found.get().as_bytes()),
            None => out.extend_from_slice(b"null"),
        }
    }
    out.push(b'}');
    Ok(())
}

/// Returns what stands at a path as text for a cell; values from several elements are joined by commas.
pub(super) fn text(json: &str, path: &[String]) -> serde_json::Result<String> {
    let mut found = Vec::new();
    collect(json, path, &mut found)?;
    Ok(found.join(", "))
}

fn collect(json: &str, path: &[String], found: &mut Vec<String>) -> serde_json::Result<()> {
    if json.trim_start().starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(json)?;
        return elements.into_iter().try_for_each(|element| collect(element.get(), path, found));
    }
    match path.split_first() {
        None => found.extend(value::known(json)),
        Some((name, rest)) if json.trim_start().starts_with('{') => {
            if let Some(below) = pick(json, &[name])?[0] {
                collect(below.get(), rest, found)?;
            }
        }
        Some(_) => {}
    }
    Ok(())
}

/// Returns the members of an object that have these names, as slices of it.
fn pick<'de>(json: &'de str, names: &[&str]) -> serde_json::Result<Vec<Option<&'de RawValue>>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let found = Pick(names).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found)
}

struct Pick<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Pick<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Pick<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = vec![None; self.0.len()];
        while let Some(index) = map.next_key_seed(NameOf(self.0))? {
            match index {
                Some(index) => found[index] = Some(map.next_value::<&RawValue>()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}

/// Reads a member's name as its place among the wanted ones; it may be written with escapes.
struct NameOf<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for NameOf<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|wanted| *wanted == name))
    }
}

/// Returns the JSON as text, if it is one whole value.
pub(super) fn checked(bytes: &[u8]) -> serde_json::Result<&str> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = <&RawValue>::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value.get())
}

#[cfg(test)]
mod tests {
    use super::super::fields::Fields;
    use super::super::testing::SMALL;
    use super::*;

    fn selected(json: &str, fields: &str) -> String {
        let mut out = Vec::new();
        object(json, Fields::parse(fields).unwrap().tree(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn shown(json: &str, field: &str) -> String {
        text(json, &Fields::parse(field).unwrap().paths()[0]).unwrap()
    }

    #[test]
    fn the_object_has_exactly_the_asked_fields_in_the_order_asked() {
        assert_eq!(
            selected(SMALL, "title,key,status.category"),
            r#"{"title":"Fix the till","key":"SHOP-1","status":{"category":"in_progress"}}"#
        );
        assert_eq!(
            selected(SMALL, "status.native.name,key,status.category"),
            r#"{"status":{"native":{"name":"In Progress"},"category":"in_progress"},"key":"SHOP-1"}"#
        );
    }

    #[test]
    fn paths_go_through_every_element_of_a_list() {
        assert_eq!(
            selected(SMALL, "assignees.display_name,labels"),
            r#"{"assignees":[{"display_name":"Ada Lovelace"},{"display_name":null}],"labels":["till","münchen"]}"#
        );
    }

    #[test]
    fn what_is_not_there_is_null_at_the_level_where_it_ends() {
        assert_eq!(
            selected(SMALL, "reporter.display_name,due,raw.main.x"),
            r#"{"reporter":null,"due":null,"raw":null}"#
        );
        assert_eq!(selected(r#"{"raw":{"main":3}}"#, "raw.main.x"), r#"{"raw":{"main":null}}"#);
    }

    #[test]
    fn values_are_the_bytes_of_the_source() {
        let json = r#"{"title":"\u00fc\/","custom_fields":[{"id":"a","value":1.50},{"id":"b","value":12345678901234567890123}]}"#;
        assert_eq!(selected(json, "title"), r#"{"title":"\u00fc\/"}"#);
        assert_eq!(
            selected(json, "custom_fields.value"),
            r#"{"custom_fields":[{"value":1.50},{"value":12345678901234567890123}]}"#
        );
        assert_eq!(selected(r#"{"\u006bey":"A-1"}"#, "key"), r#"{"key":"A-1"}"#);
    }

    #[test]
    fn a_cell_gets_the_texts_at_the_path() {
        for (field, expected) in [
            ("key", "SHOP-1"),
            ("assignees.handle", "bob"),
            ("assignees.kind", "person, person"),
            ("labels", "till, münchen"),
            ("status.is_open", "true"),
            ("schema_version", "1"),
            ("due", ""),
            ("reporter.id", ""),
            ("assignees", "Ada Lovelace, bob"),
        ] {
            assert_eq!(shown(SMALL, field), expected, "{field}");
        }
    }

    #[test]
    fn what_is_not_json_is_an_error() {
        let wanted = Fields::parse("key").unwrap();
        assert!(checked(br#"{"key":"A-1"} x"#).is_err());
        assert!(checked(b"{\"key\":\"\xff\"}").is_err());
        assert!(object(r#"{"key":"A-1""#, wanted.tree(), &mut Vec::new()).is_err());
    }
}
