//! Lengths of time as people write them: `"500ms"`, `"10s"`, `"1h 30m"`, or a whole number of seconds.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::error::Problem;
use super::located::Located;

/// Longest length that is accepted. Beyond it a deadline overflows the clock, and it was a slip of the finger anyway.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// A length of time in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SpanVisitor;

        impl Visitor<'_> for SpanVisitor {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as \"10s\", or whole seconds")
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Span, E> {
                within_reason(Duration::from_secs(seconds)).map_err(E::custom)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
                parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(SpanVisitor)
    }
}

fn parse(text: &str) -> Result<Span, String> {
    let text = text.trim();
    // A number in quotes is what `${TIMEOUT}` becomes.
    if let Ok(seconds) = text.parse() {
        return within_reason(Duration::from_secs(seconds));
    }
    let parsed = humantime::parse_duration(text);
    within_reason(parsed.map_err(|_| {
        format!("`{text}` is not a duration\nwrite for example \"500ms\", \"10s\", \"2m\", \"1h\", or whole seconds")
    })?)
}

fn within_reason(length: Duration) -> Result<Span, String> {
    if length > LONGEST {
        return Err("the duration is longer than ten years".to_owned());
    }
    Ok(Span(length))
}

/// Returns a length of time as it would be written in the file.
pub(crate) fn written(length: Duration) -> String {
    humantime::format_duration(length).to_string()
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A length of time such as \"500ms\", \"10s\", \"2m\", \"1h 30m\", or a whole number of seconds.",
            "type": ["string", "integer"],
            "minimum": 0,
            "examples": ["500ms", "10s", "2m"],
        })
    }
}

/// Returns what is said of a limit that is longer than another one which was written.
pub(super) fn longer_than(other: &str, limit: Located<Span>, most: Duration) -> Problem {
    Problem::new(format!("{} is longer than `{other}`, which is {}", written(limit.value.0), written(most)))
        .hint(format!("raise `{other}` or lower this one"))
        .at(limit.offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_spellings_are_understood() {
        const CASES: &[(&str, u64)] = &[
            ("500ms", 500),
            ("10s", 10_000),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("1m 30s", 90_000),
            ("45", 45_000),
            ("0s", 0),
        ];
        for (text, milliseconds) in CASES {
            assert_eq!(parse(text), Ok(Span(Duration::from_millis(*milliseconds))), "{text}");
        }
    }

    #[test]
    fn nonsense_and_eternity_are_refused() {
        for text in ["", "soon", "-1s", "10 parsecs", "1.5", "99999999999999999999s", "99999999999"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_length_is_written_as_it_can_be_read() {
        for text in ["500ms", "10s", "1m", "1h", "1m 30s"] {
            assert_eq!(parse(text).map(|span| written(span.0)), Ok(text.to_owned()));
        }
    }
}
