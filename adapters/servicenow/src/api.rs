//! ServiceNow's JSON in its own words: every record of every table is a map of columns.
//!
//! <https://www.servicenow.com/docs/csh?topicname=c_TableAPI.html>

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use usher_adapter_sdk::decode::Text;

/// The answer of the Table API and of the Attachment API: one record, or a list of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer<'a> {
    #[serde(borrow)]
    pub result: Found<'a>,
}

/// What was found, in its order.
#[derive(Debug, Default)]
pub(crate) struct Found<'a>(pub Vec<Record<'a>>);

/// What is wrong with a request: `{"error":{"message":"…","detail":"…"},"status":"failure"}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Complaint<'a> {
    #[serde(borrow)]
    pub error: Words<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Words<'a> {
    #[serde(borrow)]
    pub message: Option<Text<'a>>,
    #[serde(borrow)]
    pub detail: Option<Text<'a>>,
}

/// A record: its columns, in the order of the answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record<'a>(Vec<(Text<'a>, Field<'a>)>);

/// A column's value, in one of three shapes: `"2"`, `{"value":"2","display_value":"In Progress"}`, and `""` for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field<'a> {
    /// The value as the database holds it: times in UTC, a reference as the id of what it refers to.
    pub value: Text<'a>,
    /// The value as people read it, in the language and the time zone of whoever asked.
    pub display: Option<Text<'a>>,
}

impl<'a> Record<'a> {
    /// Returns a column, if the answer has it.
    pub(crate) fn field(&self, column: &str) -> Option<&Field<'a>> {
        self.0.iter().find(|(name, _)| **name == *column).map(|(_, field)| field)
    }

    /// Returns a column that has a value.
    pub(crate) fn filled(&self, column: &str) -> Option<&Field<'a>> {
        self.field(column).filter(|field| !field.value.is_empty())
    }

    /// Returns the value of a column, which is empty where the answer does not have it.
    pub(crate) fn value(&self, column: &str) -> &str {
        self.field(column).map_or("", |field| &field.value)
    }

    /// Returns every column.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &Field<'a>)> {
        self.0.iter().map(|(name, field)| (&**name, field))
    }
}

impl<'a> Field<'a> {
    /// Returns what people read: the label, or else the value.
    pub(crate) fn label(&self) -> &str {
        self.display.as_deref().filter(|display| !display.is_empty()).unwrap_or(&self.value)
    }

    fn plain(value: impl Into<Text<'a>>) -> Self {
        Self { value: value.into(), display: None }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Found<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Found<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record or a list of records")
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Found<'de>, M::Error> {
                Record::deserialize(MapAccessDeserializer::new(map)).map(|record| Found(vec![record]))
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut items: S) -> Result<Found<'de>, S::Error> {
                let mut records = Vec::new();
                while let Some(record) = items.next_element()? {
                    records.push(record);
                }
                Ok(Found(records))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Record<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = Record<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a record")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Record<'de>, M::Error> {
                let mut columns = Vec::with_capacity(64);
                while let Some(column) = map.next_entry()? {
                    columns.push(column);
                }
                Ok(Record(columns))
            }
        }
        deserializer.deserialize_map(Columns)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Field<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shapes { nested: false })
    }
}

/// A value inside of a column: anything but a map.
struct Scalar<'a>(Text<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shapes { nested: true }).map(|field| Scalar(field.value))
    }
}

/// Reads a column in each of its shapes; a number or a truth, which ServiceNow writes as strings, is taken as well.
struct Shapes {
    nested: bool,
}

impl<'de> Visitor<'de> for Shapes {
    type Value = Field<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.nested { "a string" } else { "a string, or a map with `value` and `display_value`" })
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Field<'de>, E> {
        Ok(Field::plain(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<'de>, E> {
        Ok(Field::plain(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Field<'de>, E> {
        Ok(Field::default())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field<'de>, E> {
        Ok(Field::plain(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Field<'de>, E> {
        Ok(Field::plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Field<'de>, E> {
        Ok(Field::plain(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Field<'de>, E> {
        Ok(Field::plain(value.to_string()))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Field<'de>, M::Error> {
        if self.nested {
            return Err(serde::de::Error::invalid_type(serde::de::Unexpected::Map, &self));
        }
        let mut field = Field::default();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            match &*name {
                "value" => field.value = map.next_value::<Scalar<'de>>()?.0,
                "display_value" => field.display = Some(map.next_value::<Scalar<'de>>()?.0),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(field)
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::decode;

    use super::*;

    #[test]
    fn a_column_is_read_in_each_of_its_shapes() {
        let text = br#"{"result":[{"a":"2","b":{"value":"2","display_value":"Two","link":"x"},"c":"","d":null,"e":7,"f":{}}]}"#;
        let Answer { result: Found(records) } = decode::json(text).unwrap();
        let column = |name: &str| records[0].field(name).map(|field| (&*field.value, field.label()));
        assert_eq!(column("a"), Some(("2", "2")));
        assert_eq!(column("b"), Some(("2", "Two")));
        assert_eq!(column("c"), Some(("", "")));
        assert_eq!(column("d"), Some(("", "")));
        assert_eq!(column("e"), Some(("7", "7")));
        assert_eq!(column("f"), Some(("", "")));
        assert_eq!(column("g"), None);
    }

    #[test]
    fn one_record_is_read_like_a_list_of_one() {
        let Answer { result: Found(records) } = decode::json(br#"{"result":{"number":"INC1"}}"#).unwrap();
        assert_eq!(records[0].value("number"), "INC1");
        assert!(decode::json::<Answer<'_>>(br#"{"result":"x"}"#).is_err());
        assert!(decode::json::<Answer<'_>>(br#"{"result":{"a":{"value":{}}}}"#).is_err());
    }
}
