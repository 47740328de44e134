//! The levels that `status_map`, `type_map` and `priority_map` may name: the words of the ticket model, and no others.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use usher_adapter_sdk::model;

/// Declares a setting that is one of the model's words. A ticket may hold a new word; a setting may not.
macro_rules! level {
    ($(#[$about:meta])* $name:ident: $word:ty) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub $word);

        impl $name {
            /// Returns every word that may stand here.
            fn words() -> impl Iterator<Item = String> {
                <$word>::ALL.iter().chain([&<$word>::UNKNOWN]).map(ToString::to_string)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                if Self::words().any(|known| known == word) {
                    return Ok(Self(<$word>::from_word(&word)));
                }
                let words: Vec<String> = Self::words().collect();
                Err(D::Error::custom(format_args!("`{word}` is not a valid value; valid values: {}", words.join(", "))))
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "enum": Self::words().collect::<Vec<_>>() })
            }
        }
    };
}

level! {
    /// What a native status can mean.
    StatusLevel: model::StatusCategory
}

level! {
    /// What a native ticket type can mean.
    TypeLevel: model::TypeLevel
}

level! {
    /// What a native priority can mean.
    PriorityLevel: model::PriorityLevel
}
