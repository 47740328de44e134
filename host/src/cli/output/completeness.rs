//! How much of a list is here, and why the rest is not.

use serde::Serialize;
use usher_adapter_sdk::model::CutReason;

use super::sanitize;

/// How much of one connection's list is here; every list ends with one for each connection.
///
/// In JSON all five keys are always there; what is not known is `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListCompleteness {
    /// The connection that was asked.
    pub connection: String,
    /// How many tickets it gave.
    pub loaded: u64,
    /// How many there are; absent where nobody can say.
    pub total: Option<u64>,
    /// Where the list goes on; absent at its end, and where it cannot go on.
    pub next: Option<String>,
    /// Why the rest is missing; absent where nothing is.
    pub reason: Option<CutReason>,
}

impl ListCompleteness {
    /// Returns a list that is whole.
    pub fn whole(connection: impl Into<String>, loaded: u64) -> Self {
        Self { connection: connection.into(), loaded, total: Some(loaded), next: None, reason: None }
    }

    /// Says whether something is missing that was asked for; a limit that was asked for cuts nothing.
    pub fn is_partial(&self) -> bool {
        !matches!(self.reason, None | Some(CutReason::Limit))
    }

    /// Returns the line for people, such as `100 of 1 234 tickets (limit reached; more with --all)`.
    pub fn summary(&self) -> String {
        let loaded = grouped(self.loaded);
        let tickets = if self.total.unwrap_or(self.loaded) == 1 { "ticket" } else { "tickets" };
        match (&self.reason, self.total) {
            (Some(CutReason::Limit), Some(total)) if total > self.loaded => {
                format!("{loaded} of {} {tickets} (limit reached; more with --all)", grouped(total))
            }
            (Some(CutReason::Limit), None) => format!("{loaded} {tickets} (limit reached; more with --all)"),
            (None, Some(total)) if total > self.loaded => {
                format!("{loaded} of {} {tickets}", grouped(total))
            }
            (None | Some(CutReason::Limit), _) => format!("{loaded} {tickets}"),
            (Some(reason), Some(total)) => {
                format!("{loaded} of {} {tickets}: {}", grouped(total), cut_words(reason))
            }
            (Some(reason), None) => format!("{loaded} of unknown total: {}", cut_words(reason)),
        }
    }
}

/// Returns a reason in words for people.
fn cut_words(reason: &CutReason) -> String {
    match reason {
        CutReason::Cap => "cut by the platform's cap".to_owned(),
        CutReason::Permission => "cut by permission".to_owned(),
        CutReason::Error => "cut by an error".to_owned(),
        CutReason::Interrupted => "interrupted".to_owned(),
        CutReason::Limit => "cut by the limit".to_owned(),
        CutReason::Unknown(None) => "cut, and nobody says why".to_owned(),
        other => format!("cut: {}", sanitize::line(other.as_str())),
    }
}

/// Returns a number with a space between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(loaded: u64, total: Option<u64>, next: Option<&str>, reason: Option<CutReason>) -> ListCompleteness {
        let connection = "work".to_owned();
        ListCompleteness { connection, loaded, total, next: next.map(str::to_owned), reason }
    }

    #[test]
    fn the_line_says_how_much_is_here_and_why_not_more() {
        for (list, expected) in [
            (ListCompleteness::whole("work", 25), "25 tickets"),
            (ListCompleteness::whole("work", 1), "1 ticket"),
            (ListCompleteness::whole("work", 0), "0 tickets"),
            (list(25, None, None, None), "25 tickets"),
            (
                list(100, Some(1234), Some("c"), Some(CutReason::Limit)),
                "100 of 1 234 tickets (limit reached; more with --all)",
            ),
            (list(100, None, Some("c"), Some(CutReason::Limit)), "100 tickets (limit reached; more with --all)"),
            (list(100, Some(100), None, Some(CutReason::Limit)), "100 tickets"),
            (list(37, None, None, Some(CutReason::Permission)), "37 of unknown total: cut by permission"),
            (list(1000, Some(4200), None, Some(CutReason::Cap)), "1 000 of 4 200 tickets: cut by the platform's cap"),
            (list(2, None, None, Some(CutReason::Interrupted)), "2 of unknown total: interrupted"),
            (list(2, Some(3), None, Some(CutReason::from_word("mo\x1bon"))), "2 of 3 tickets: cut: mo␛on"),
        ] {
            assert_eq!(list.summary(), expected);
        }
    }

    #[test]
    fn a_limit_that_was_asked_for_is_not_partial() {
        assert!(!list(1, None, None, None).is_partial());
        assert!(!list(1, None, None, Some(CutReason::Limit)).is_partial());
        for reason in [CutReason::Cap, CutReason::Permission, CutReason::Error, CutReason::Interrupted] {
            assert!(list(1, None, None, Some(reason)).is_partial());
        }
        assert!(list(1, None, None, Some(CutReason::UNKNOWN)).is_partial());
    }

    #[test]
    fn every_key_is_there_in_json() {
        assert_eq!(
            serde_json::to_string(&list(37, None, None, Some(CutReason::Permission))).unwrap(),
            r#"{"connection":"work","loaded":37,"total":null,"next":null,"reason":"permission"}"#
        );
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567")] {
            assert_eq!(grouped(number), expected);
        }
    }
}
