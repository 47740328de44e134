//! Durations as people write them: `500ms`, `60s`, `5m`, `1h`, `1d`.

use serde::{Deserialize, Deserializer, Serializer};
use std::time::Duration;

/// Units and their milliseconds, longest first.
const UNITS: &[(&str, u64)] = &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Returns the duration that a text such as `60s` spells, or what is wrong with it.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    let scale = UNITS.iter().find(|(name, _)| *name == unit);
    let milliseconds = scale.zip(count.parse::<u64>().ok()).and_then(|((_, scale), count)| count.checked_mul(*scale));
    milliseconds.map(Duration::from_millis).ok_or_else(|| {
        format!(
            "`{text}` is not a duration, expected a whole number and one of `ms`, `s`, `m`, `h`, `d`, such as `60s`"
        )
    })
}

/// Returns the duration in its largest whole unit.
pub fn format_duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    let (unit, scale) = UNITS
        .iter()
        .find(|(_, scale)| milliseconds > 0 && milliseconds.is_multiple_of(u128::from(*scale)))
        .unwrap_or(&("s", 1_000));
    format!("{}{unit}", milliseconds / u128::from(*scale))
}

/// Reads an optional duration.
pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<Duration>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse_duration(&text)).transpose().map_err(serde::de::Error::custom)
}

/// Writes an optional duration.
#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
pub(crate) fn serialize<S>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error>
where
    S: Serializer,
{
    match duration {
        Some(duration) => serializer.serialize_some(&format_duration(*duration)),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_and_written_back() {
        for text in ["1d", "5m", "90s", "1h", "250ms", "0s"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
    }

    #[test]
    fn nonsense_is_not_a_duration() {
        for text in ["", "s", "10", "-1s", "1.5s", "1w", "99999999999999999999s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
