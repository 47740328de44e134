//! Points in time as people read them.

use usher_adapter_sdk::model::Time;

use super::style::View;

/// Seconds in a unit and its short name, largest first.
const UNITS: &[(i64, &str)] =
    &[(31_557_600, "y"), (2_629_800, "mo"), (604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m")];

/// Returns the time for a narrow column: `3d ago` on a terminal, RFC 3339 where a program may read it.
pub(super) fn short(time: Time, view: &View) -> String {
    match view.is_terminal() {
        true => relative(time, view.now),
        false => time.to_string(),
    }
}

/// Returns the time in full, on a terminal with how long ago that is.
pub(super) fn long(time: Time, view: &View) -> String {
    match view.is_terminal() {
        true => format!("{time} ({})", relative(time, view.now)),
        false => time.to_string(),
    }
}

fn relative(time: Time, now: Time) -> String {
    let seconds = (now.unix_millis() - time.unix_millis()) / 1000;
    let largest = UNITS.iter().find(|(length, _)| seconds.abs() >= *length);
    match largest {
        None => "just now".to_owned(),
        Some((length, unit)) if seconds > 0 => format!("{}{unit} ago", seconds / length),
        Some((length, unit)) => format!("in {}{unit}", -seconds / length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_its_largest_unit() {
        let now = Time::parse("2026-11-21T12:00:00Z").unwrap();
        for (time, expected) in [
            ("2026-11-21T11:59:30Z", "just now"),
            ("2026-11-21T12:00:30Z", "just now"),
            ("2026-11-21T11:58:00Z", "2m ago"),
            ("2026-11-21T07:00:00Z", "5h ago"),
            ("2026-11-18T12:00:00Z", "3d ago"),
            ("2026-11-07T12:00:00Z", "2w ago"),
            ("2026-08-01T12:00:00Z", "3mo ago"),
            ("2020-10-21T11:00:00Z", "6y ago"),
            ("2026-11-23T12:00:00Z", "in 2d"),
        ] {
            assert_eq!(relative(Time::parse(time).unwrap(), now), expected, "{time}");
        }
    }

    #[test]
    fn a_program_gets_the_time_in_full() {
        let now = Time::parse("2026-11-21T12:00:00Z").unwrap();
        assert_eq!(short(now, &View::plain(now)), "2026-11-21T12:00:00Z");
        assert_eq!(long(now, &View::plain(now)), "2026-11-21T12:00:00Z");
    }
}
