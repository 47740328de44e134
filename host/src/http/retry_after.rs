//! `Retry-After`: how long a platform asks us to wait.

use std::time::{Duration, SystemTime};

use http::HeaderValue;

/// The shortest wait: whoever says "at once" gets a breath all the same, so that nobody spins.
const SHORTEST: Duration = Duration::from_millis(100);

/// Returns how long to wait, given as seconds or as a date; nothing if it says neither.
pub(crate) fn retry_after(value: &HeaderValue, now: SystemTime) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        // A date that has passed says "now".
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default(),
    };
    Some(wait.max(SHORTEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_waits_and_nothing_else_is() {
        let now = httpdate::parse_http_date("Tue, 10 Nov 2026 08:00:00 GMT").unwrap();
        let wait = |text: &str| retry_after(&HeaderValue::from_str(text).unwrap(), now);
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait(" 1.5 "), Some(Duration::from_millis(1500)));
        assert_eq!(wait("0"), Some(SHORTEST));
        assert_eq!(wait("Tue, 10 Nov 2026 08:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(wait("Tue, 10 Nov 2026 07:00:00 GMT"), Some(SHORTEST));
        for nonsense in ["soon", "-1", "inf", "NaN", "1e300", ""] {
            assert_eq!(wait(nonsense), None, "{nonsense}");
        }
    }
}
