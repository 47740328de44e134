//! Moments and spans as headers write them. Everything here is pure: what now is, is handed in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use usher_adapter_manifest::ResetFormat;

/// The shortest wait until a moment that a platform names: headers count in seconds, and a part of one may be left.
pub(super) const LEAST: Duration = Duration::from_secs(1);
/// The wait where a platform asks for none: at once would be a busy loop.
const SOON: Duration = Duration::from_millis(100);
/// The longest wait that is believed at once: the longest window of a known platform is a day.
pub(super) const LONGEST: Duration = Duration::from_secs(DAY);
/// Beyond it a moment is no moment: somebody counts in other units than the manifest says.
const ABSURD: Duration = Duration::from_secs(366 * DAY);

const DAY: u64 = 24 * 60 * 60;

/// Returns how long a `Retry-After` asks to wait, a day at most; none if it says nothing that can be read.
///
/// It may be a number of seconds or a date. `0` and a date that has passed mean "soon", which is a tenth of a second.
pub(crate) fn retry_after(value: &HeaderValue, now: SystemTime) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let wait = match seconds(text) {
        Some(wait) => wait,
        None => httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.clamp(SOON, LONGEST))
}

/// Returns how far away a moment is, zero if it has passed; none if it cannot be read or is absurd.
pub(super) fn until(text: &str, format: ResetFormat, now: SystemTime) -> Option<Duration> {
    let since_epoch = |span: Duration| UNIX_EPOCH.checked_add(span);
    let moment = match format {
        ResetFormat::EpochSeconds => since_epoch(seconds(text)?)?,
        ResetFormat::EpochMilliseconds => since_epoch(milliseconds(text)?)?,
        ResetFormat::Seconds => now.checked_add(seconds(text)?)?,
        ResetFormat::Milliseconds => now.checked_add(milliseconds(text)?)?,
        ResetFormat::Iso8601 => iso8601(text)?,
        ResetFormat::HttpDate => httpdate::parse_http_date(text.trim()).ok()?,
        // A later manifest's format: what cannot be read is not known.
        _ => return None,
    };
    let away = moment.duration_since(now).unwrap_or_default();
    (away <= ABSURD).then(|| away.min(LONGEST))
}

/// Returns how long it takes to the next midnight in UTC.
pub(super) fn until_midnight(now: SystemTime) -> Duration {
    let today = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_secs(DAY).saturating_sub(Duration::new(today.as_secs() % DAY, today.subsec_nanos()))
}

/// Returns a number of seconds, which may have a fraction. More digits than a number holds are a very long time.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number {
        return None;
    }
    match text.parse() {
        Ok(whole) => Some(Duration::from_secs(whole)),
        Err(_) => Some(Duration::try_from_secs_f64(text.parse().ok()?).unwrap_or(Duration::MAX)),
    }
}

fn milliseconds(text: &str) -> Option<Duration> {
    Some(seconds(text)? / 1_000)
}

/// Reads `2026-11-26T23:05Z`, with or without seconds.
fn iso8601(text: &str) -> Option<SystemTime> {
    text.trim().parse::<jiff::Timestamp>().ok().map(SystemTime::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-26T12:29:22Z
    fn noon() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_795_696_162)
    }

    fn asked(text: &str) -> Option<f64> {
        retry_after(&HeaderValue::from_str(text).unwrap(), noon()).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_a_busy_loop_nor_for_ever() {
        const CASES: &[(&str, Option<f64>)] = &[
            ("43", Some(43.0)),
            (" 43 ", Some(43.0)),
            ("0", Some(0.1)),
            ("1.5", Some(1.5)),
            ("Thu, 26 Nov 2026 12:30:05 GMT", Some(43.0)),
            ("Thursday, 26-Nov-26 12:30:05 GMT", Some(43.0)),
            ("Thu Nov 26 12:30:05 2026", Some(43.0)),
            ("Thu, 26 Nov 2020 12:30:05 GMT", Some(0.1)),
            ("Thu, 26 Nov 2099 12:30:05 GMT", Some(86_400.0)),
            ("1000000000", Some(86_400.0)),
            ("99999999999999999999999", Some(86_400.0)),
            ("-5", None),
            ("", None),
            ("soon", None),
            ("inf", None),
            ("1e3", None),
            ("1.2.3", None),
        ];
        for (text, expected) in CASES {
            assert_eq!(asked(text), *expected, "{text:?}");
        }
        assert_eq!(retry_after(&HeaderValue::from_bytes(b"\xff").unwrap(), noon()), None);
    }

    #[test]
    fn a_moment_is_read_in_every_format() {
        use ResetFormat::*;
        let cases: &[(&str, ResetFormat, Option<u64>)] = &[
            ("1795696205", EpochSeconds, Some(43)),
            ("1795696205000", EpochMilliseconds, Some(43)),
            ("43", Seconds, Some(43)),
            ("43000", Milliseconds, Some(43)),
            ("2026-11-26T12:30Z", Iso8601, Some(38)),
            ("2026-11-26T12:30:05Z", Iso8601, Some(43)),
            ("2026-11-26T13:30:05+01:00", Iso8601, Some(43)),
            ("Thu, 26 Nov 2026 12:30:05 GMT", HttpDate, Some(43)),
            // It has passed.
            ("1795696000", EpochSeconds, Some(0)),
            // A month is believed for a day, milliseconds that are read as seconds not at all.
            ("2592000", Seconds, Some(86_400)),
            ("1795696205000", EpochSeconds, None),
            ("99999999999999999999999999", EpochSeconds, None),
            ("tomorrow", Iso8601, None),
            ("", EpochSeconds, None),
        ];
        for (text, format, expected) in cases {
            assert_eq!(until(text, *format, noon()).map(|away| away.as_secs()), *expected, "{text} {format:?}");
        }
    }

    #[test]
    fn midnight_is_a_day_away_at_midnight() {
        assert_eq!(until_midnight(noon()), Duration::from_secs(11 * 3600 + 30 * 60 + 38));
        assert_eq!(until_midnight(UNIX_EPOCH), Duration::from_secs(DAY));
    }
}
