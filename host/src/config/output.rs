//! `[output]`: how results look to people.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// How results look to people.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Output")]
pub(super) struct RawOutput {
    /// When colours are used; `auto` means on a terminal.
    #[schemars(extend("default" = "auto"))]
    color: Option<Color>,
    pager: Option<Pager>,
}

/// How results look to people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// When colours are used.
    pub color: Color,
    /// What long results are shown with.
    pub pager: Pager,
}

impl Output {
    /// Resolves the table; a colour from the environment or a flag wins over the file.
    pub(super) fn resolve(raw: Option<RawOutput>, color: Option<Color>) -> Self {
        let raw = raw.unwrap_or_default();
        Output { color: color.or(raw.color).unwrap_or_default(), pager: raw.pager.unwrap_or_default() }
    }
}

/// When colours are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Everywhere, in files and pipes too.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// Returns the word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Color::Auto => "auto",
            Color::Always => "always",
            Color::Never => "never",
        }
    }
}

/// What long results are shown with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Pager {
    /// What the user's system prefers.
    #[default]
    Preferred,
    /// This command line.
    Command(String),
    /// Nothing: long results scroll by.
    Off,
}

impl<'de> Deserialize<'de> for Pager {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PagerVisitor;

        impl Visitor<'_> for PagerVisitor {
            type Value = Pager;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a command such as \"less -R\", or false")
            }

            fn visit_bool<E: Error>(self, wanted: bool) -> Result<Pager, E> {
                Ok(if wanted { Pager::Preferred } else { Pager::Off })
            }

            fn visit_str<E: Error>(self, command: &str) -> Result<Pager, E> {
                Ok(if command.trim().is_empty() { Pager::Off } else { Pager::Command(command.to_owned()) })
            }
        }

        deserializer.deserialize_any(PagerVisitor)
    }
}

impl JsonSchema for Pager {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Pager".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Command that long results are shown with; false turns it off, true takes the system's.",
            "type": ["string", "boolean"],
            "default": true,
        })
    }
}
