//! A JSON value that is carried, not read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON value kept as its text, so that passing it on costs a copy and nothing more.
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// Returns the JSON of any value.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, crate::Error> {
        serde_json::value::to_raw_value(value).map(Self).map_err(|error| {
            crate::Error::new(crate::ErrorKind::Validation, format!("cannot be written as JSON: {error}"))
        })
    }

    /// Returns the value of JSON text, if it is valid.
    pub fn parse(text: &str) -> Result<Self, crate::Error> {
        RawValue::from_string(text.to_owned()).map(Self).map_err(|error| crate::Error::response_parse(&error))
    }

    /// Returns the JSON as text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads the JSON into a type.
    pub fn decode<'a, T: Deserialize<'a>>(&'a self) -> Result<T, crate::Error> {
        crate::decode::json(self.as_str().as_bytes())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Json {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!(true)
    }
}
