//! The states that an issue can be put into.

use usher_adapter_sdk::{Error, Result, message::Clearable};

use crate::{api, mapping::REASONS};

/// A state, and the reason that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    pub state: &'static str,
    pub reason: Option<&'static str>,
}

/// The words that can be asked for, GitHub's and ours, sorted. Open is all that GitHub has for work that goes on.
const STATES: &[(&str, State)] = &[
    ("canceled", State::closed(Some("not_planned"))),
    ("closed", State::closed(None)),
    ("completed", State::closed(Some("completed"))),
    ("done", State::closed(Some("completed"))),
    ("duplicate", State::closed(Some("duplicate"))),
    ("not_planned", State::closed(Some("not_planned"))),
    ("open", State { state: "open", reason: None }),
    ("reopened", State { state: "open", reason: None }),
];

impl State {
    const fn closed(reason: Option<&'static str>) -> Self {
        Self { state: "closed", reason }
    }

    /// Finds the state that a word stands for, or names those that there are.
    pub(super) fn parse(word: &str) -> Result<Self> {
        let plain = word.to_ascii_lowercase().replace([' ', '-'], "_");
        let place = STATES.binary_search_by(|(known, _)| (*known).cmp(plain.as_str()));
        place.map(|place| STATES[place].1).map_err(|_| choices("status", word, STATES.iter().map(|(word, _)| *word)))
    }

    /// Finds what a state and a resolution ask for together: a reason goes with closing, and with nothing else.
    pub(super) fn asked(status: Option<&str>, resolution: &Clearable<String>) -> Result<Option<Self>> {
        let state = status.map(Self::parse).transpose()?;
        match (state, resolution) {
            (state, Clearable::Keep) => Ok(state),
            (Some(Self { state: "open", .. }), Clearable::Clear) => Ok(state),
            (Some(Self { state: "closed", reason }), Clearable::Set(word)) => {
                let named = Self::parse(word)?.reason;
                let named = named.ok_or_else(|| choices("resolution", word, REASONS.iter().map(|(word, _)| *word)))?;
                if reason.is_some_and(|reason| reason != named) {
                    return Err(Error::validation("the status asks for one reason and the resolution for another")
                        .with_field("resolution", format!("is not `{}`", reason.unwrap_or_default())));
                }
                Ok(Some(Self::closed(Some(named))))
            }
            (_, Clearable::Set(_)) => Err(Error::validation("a resolution is set by closing")
                .with_field("resolution", "goes with the status `closed`")),
            (_, Clearable::Clear) => Err(Error::validation("a resolution is taken back by opening")
                .with_field("resolution", "goes with the status `open`")),
        }
    }

    /// Returns why an issue is not in this state, if it is not.
    pub(super) fn missing(&self, issue: &api::Issue<'_>) -> Option<String> {
        let state = issue.state.as_deref().unwrap_or("unknown");
        if state != self.state {
            return Some(format!("GitHub left it {state}"));
        }
        let reason = issue.state_reason.as_deref().unwrap_or("none");
        let is_other = self.reason.is_some_and(|asked| asked != reason);
        is_other.then(|| format!("GitHub kept the reason `{reason}`: it changes only when an open issue is closed"))
    }
}

fn choices<'a>(field: &str, word: &str, choices: impl Iterator<Item = &'a str>) -> Error {
    let choices = choices.collect::<Vec<_>>().join(", ");
    Error::validation(format!("`{word}` is no {field} of GitHub's")).with_field(field, format!("is none of {choices}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_sides_are_sorted_and_found() {
        assert!(STATES.is_sorted_by_key(|(word, _)| *word));
        assert_eq!(State::parse("Not planned").unwrap(), State::closed(Some("not_planned")));
        assert_eq!(State::parse("done").unwrap().reason, Some("completed"));
        let error = State::parse("in_progress").unwrap_err();
        assert!(error.to_string().contains("closed, completed, done"), "{error}");
    }

    #[test]
    fn a_reason_goes_with_closing_and_with_nothing_else() {
        let asked = |status, resolution: Clearable<&str>| {
            let resolution = match resolution {
                Clearable::Set(word) => Clearable::Set(word.to_owned()),
                Clearable::Clear => Clearable::Clear,
                Clearable::Keep => Clearable::Keep,
            };
            State::asked(status, &resolution)
        };
        assert_eq!(asked(Some("closed"), "duplicate".into()).unwrap(), Some(State::closed(Some("duplicate"))));
        assert_eq!(asked(Some("open"), Clearable::Clear).unwrap().unwrap().state, "open");
        assert_eq!(asked(None, Clearable::Keep).unwrap(), None);
        for (status, resolution) in [
            (None, "completed".into()),
            (Some("open"), "completed".into()),
            (Some("done"), "duplicate".into()),
            (Some("closed"), "open".into()),
            (Some("closed"), "fixed".into()),
            (Some("closed"), Clearable::Clear),
            (None, Clearable::Clear),
        ] {
            assert!(asked(status, resolution).is_err(), "{status:?} {resolution:?}");
        }
    }
}
