//! Enums whose list may grow: a word that this version does not know is kept as it came.

/// Declares an enum of words with a final `Unknown` that remembers what it stood for.
///
/// Reading never fails on a new word, [`is_unknown`](crate::model::StatusCategory::is_unknown) says so,
/// and writing gives the same word back.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// Nobody can say, or a newer version could: then the word is kept.
            Unknown(Option<Box<str>>),
        }

        impl $name {
            /// Every word that this version knows, without `unknown`.
            pub const ALL: &'static [$name] = &[ $( $name::$variant, )+ ];

            /// What nobody can say.
            pub const UNKNOWN: $name = $name::Unknown(None);

            /// Returns the word as it is written.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )+
                    Self::Unknown(Some(word)) => word,
                    Self::Unknown(None) => "unknown",
                }
            }

            /// Returns the value for a word; one that is not in the list is kept as unknown.
            pub fn from_word(word: &str) -> Self {
                match word {
                    $( $word => Self::$variant, )+
                    "unknown" => Self::Unknown(None),
                    other => Self::Unknown(Some(other.into())),
                }
            }

            /// Says whether the value is not one of the known words.
            pub fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown(_))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::UNKNOWN
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;
                impl serde::de::Visitor<'_> for Word {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("a word")
                    }

                    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<$name, E> {
                        Ok($name::from_word(word))
                    }
                }
                deserializer.deserialize_str(Word)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "description": "One of the examples; a later version may add words.",
                    "examples": [$( $word, )+ "unknown"],
                })
            }
        }
    };
}

pub(crate) use words;

/// Declares `with_…` methods, so that a value with many optional parts can be built in one expression.
macro_rules! with {
    ($name:ident { $( $(#[$meta:meta])* $method:ident: $field:ident: $type:ty, )+ }) => {
        impl $name {
            $(
                $(#[$meta])*
                #[must_use]
                pub fn $method(mut self, $field: impl Into<$type>) -> Self {
                    self.$field = $field.into();
                    self
                }
            )+
        }
    };
}

pub(crate) use with;
