//! People, which are objects now and were strings once.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use usher_adapter_sdk::decode::Text;

/// Somebody: an object, or up to version 4.1 and in a few fields still a string, `Mara Lind <mara@acme.example>`.
#[derive(Debug, Clone)]
pub(crate) enum Identity<'a> {
    Whole(Person<'a>),
    Named(Text<'a>),
}

/// The object: <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/get-work-item#identityreference>
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub display_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub unique_name: Option<Text<'a>>,
    #[serde(borrow)]
    pub descriptor: Option<Text<'a>>,
    pub is_container: Option<bool>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Identity<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// By hand: an untagged enum would copy everybody before it reads them.
        struct StringOrObject;

        impl<'de> Visitor<'de> for StringOrObject {
            type Value = Identity<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("somebody or their name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Identity::Named(name.into()))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Identity::Named(name.to_owned().into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, person: A) -> Result<Self::Value, A::Error> {
                Person::deserialize(MapAccessDeserializer::new(person)).map(Identity::Whole)
            }
        }

        deserializer.deserialize_any(StringOrObject)
    }
}
