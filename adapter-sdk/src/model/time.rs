//! Points in time and due dates.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Error, ErrorKind};

/// A point in time; it is written in RFC 3339, in UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(jiff::Timestamp);

impl Time {
    /// Reads a time with a zone: RFC 3339, and the platforms' ways of bending it
    /// (`+0200` without a colon, one to nine digits of a second, a space instead of the `T`).
    pub fn parse(text: &str) -> Result<Self, Error> {
        text.trim().parse().map(Self).map_err(|_| {
            Error::new(ErrorKind::Validation, format!("`{text}` is not a time with a zone"))
                .with_hint("Write it like `2026-11-21T03:07:00Z` or `2026-11-21T05:07:00+02:00`.")
        })
    }

    /// Reads the time of an HTTP header, such as `Tue, 19 Jul 2022 04:37:39 GMT`.
    pub fn parse_http_date(text: &str) -> Option<Self> {
        jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok().map(Self)
    }

    /// Returns the time so many seconds after 1970-01-01T00:00:00Z, if it can be written.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Returns the time so many milliseconds after 1970-01-01T00:00:00Z, if it can be written.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(millis).ok().map(Self)
    }

    /// Returns the time so many nanoseconds after 1970-01-01T00:00:00Z.
    pub fn from_unix_nanos(nanos: i64) -> Self {
        Self(jiff::Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or(jiff::Timestamp::MAX))
    }

    /// Returns the nanoseconds since 1970-01-01T00:00:00Z.
    pub fn unix_nanos(self) -> i128 {
        self.0.as_nanosecond()
    }

    /// Returns the whole milliseconds since 1970-01-01T00:00:00Z.
    pub fn unix_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Returns the whole seconds since 1970-01-01T00:00:00Z, rounded down: many platforms' filters know no less.
    pub fn unix_seconds(self) -> i64 {
        self.unix_millis().div_euclid(1_000)
    }

    /// Returns how long it is until `later`, or zero if that is past.
    pub fn until(self, later: Time) -> Duration {
        let nanos = (later.unix_nanos() - self.unix_nanos()).max(0);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Time {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// When something is due: a day, or a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Due {
    /// A day of the calendar, in nobody's time zone.
    Date {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
        /// The day, 1 to 31.
        day: i8,
    },
    /// A point in time.
    Time(Time),
}

impl Due {
    /// Reads a date (`2026-11-21`) or a time with a zone.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.len() == 10 {
            let date: jiff::civil::Date = text.parse().map_err(|_| {
                Error::new(ErrorKind::Validation, format!("`{text}` is not a date"))
                    .with_hint("Write it like `2026-11-21`.")
            })?;
            return Ok(Self::Date { year: date.year(), month: date.month(), day: date.day() });
        }
        Time::parse(text).map(Self::Time)
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date { year, month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
            Self::Time(time) => time.fmt(f),
        }
    }
}

impl FromStr for Due {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Serde and schema of a type that is written and read as one string.
macro_rules! as_text {
    ($name:ident, $expected:literal, $schema:tt) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl serde::de::Visitor<'_> for Text {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        $name::parse(text).map_err(|error| E::custom(error.message()))
                    }
                }
                deserializer.deserialize_str(Text)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

as_text!(Time, "a time with a zone", {"type": "string", "format": "date-time"});
as_text!(Due, "a date or a time with a zone", {"type": "string", "description": "A date, or a date and time with zone (RFC 3339)."});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_ways_of_writing_a_time_are_read() {
        for (text, expected) in [
            ("2023-03-23T07:45:29.056+0200", "2023-03-23T05:45:29.056Z"),
            ("2011-04-22T13:33:48Z", "2011-04-22T13:33:48Z"),
            ("2014-12-29T20:49:20.77Z", "2014-12-29T20:49:20.77Z"),
            ("2014-12-29T20:49:20.1234567Z", "2014-12-29T20:49:20.1234567Z"),
            ("2026-11-21 03:07:00+00:00", "2026-11-21T03:07:00Z"),
            ("9999-01-01T00:00:00Z", "9999-01-01T00:00:00Z"),
        ] {
            assert_eq!(Time::parse(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn seconds_are_rounded_down_on_both_sides_of_1970() {
        assert_eq!(Time::parse("2026-01-02T03:04:05.678Z").unwrap().unix_seconds(), 1_767_323_045);
        assert_eq!(Time::parse("1969-12-31T23:59:59.5Z").unwrap().unix_seconds(), -1);
    }

    #[test]
    fn a_time_without_a_zone_is_refused_with_a_hint() {
        let error = Time::parse("2026-11-21 03:07:00").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.hint().is_some_and(|hint| hint.contains('Z')));
    }

    #[test]
    fn due_is_a_day_or_a_point_in_time() {
        assert_eq!(Due::parse("2026-02-03").unwrap().to_string(), "2026-02-03");
        assert_eq!(Due::parse("2026-02-03T10:00:00Z").unwrap().to_string(), "2026-02-03T10:00:00Z");
        assert!(Due::parse("2026-02-30").is_err());
    }
}
