//! Times in queries: epoch milliseconds, minutes in the zone of who asks, or so long ago.

use jiff::{Timestamp, ToSpan as _, civil::DateTime, tz::TimeZone};

/// Patterns of dates in quotes. Without a time of day the day's first moment is meant.
const PATTERNS: &[&str] = &["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"];

/// Reads a time.
pub(super) fn instant(text: &str, quoted: bool, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    if let Ok(milliseconds) = text.parse::<i64>()
        && !quoted
    {
        return Timestamp::from_millisecond(milliseconds).ok();
    }
    if let Some(time) = relative(text, now) {
        return Some(time);
    }
    let whole = if text.len() == 10 { format!("{text} 00:00") } else { text.to_owned() };
    let local = PATTERNS.iter().find_map(|pattern| DateTime::strptime(pattern, &whole).ok())?;
    Some(local.to_zoned(zone.clone()).ok()?.timestamp())
}

/// Reads `-3d`, `-2w`, `-90m`, or several of them with spaces between.
fn relative(text: &str, now: Timestamp) -> Option<Timestamp> {
    let mut time = now;
    for part in text.split(' ') {
        let (number, unit) = part.split_at_checked(part.len().checked_sub(1)?)?;
        let number: i64 = number.parse().ok()?;
        let span = match unit {
            "w" => (number.checked_mul(7 * 24)?).hours(),
            "d" => (number.checked_mul(24)?).hours(),
            "h" => number.hours(),
            "m" => number.minutes(),
            _ => return None,
        };
        time = time.checked_add(span).ok()?;
    }
    Some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_minutes_in_the_zone_of_who_asks() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let now = "2026-11-21T12:00:00Z".parse().expect("a time");
        let read = |text, quoted| instant(text, quoted, &zone, now).map(|time| time.to_string());
        assert_eq!(read("2026-11-21 03:07", true).as_deref(), Some("2026-11-21T01:07:00Z"));
        assert_eq!(read("2026/11/21", true).as_deref(), Some("2026-11-20T22:00:00Z"));
        assert_eq!(read("1795239720000", false).as_deref(), Some("2026-11-21T05:42:00Z"));
        assert_eq!(read("-1d", true).as_deref(), Some("2026-11-20T12:00:00Z"));
        assert_eq!(read("2026-11-21T03:07:00Z", true), None);
    }
}
