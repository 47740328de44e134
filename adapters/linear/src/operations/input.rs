//! What a write sends, in Linear's words, and how the values of a draft or a change become it.

use serde::Serialize;
use usher_adapter_sdk::{
    Error, Result,
    model::{Due, Estimate, PriorityLevel},
};

use crate::mapping::PRIORITIES;

/// The input of `issueCreate` and of `issueUpdate`. What is absent stays; `null`, which is `Some(None)`, clears.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Input {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_label_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_label_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_milestone_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Option<i64>>,
}

/// The variables of a document that writes an issue.
#[derive(Serialize)]
pub(super) struct Variables<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    pub input: &'a Input,
}

/// What Linear calls its priorities, beside our words and the numbers; in lower case.
const NO_PRIORITY: &str = "no priority";

/// Returns the number of a priority: one of our levels, Linear's name, or the number itself.
pub(super) fn priority(word: &str) -> Result<usize> {
    let plain = word.trim().to_ascii_lowercase();
    let level = if plain == NO_PRIORITY { PriorityLevel::None } else { PriorityLevel::from_word(&plain) };
    let number = PRIORITIES.iter().position(|known| *known == level);
    number.or_else(|| plain.parse().ok().filter(|number| *number < PRIORITIES.len())).ok_or_else(|| {
        let choices = PRIORITIES.iter().map(PriorityLevel::as_str).collect::<Vec<_>>().join(", ");
        Error::validation(format!("`{word}` is no priority of Linear's"))
            .with_field("priority", format!("can be: {choices}, or 0 to {}", PRIORITIES.len() - 1))
    })
}

/// Returns a due date, or why it cannot be one.
pub(super) fn due_date(due: &Due) -> Result<String, String> {
    match due {
        Due::Date { .. } => Ok(due.to_string()),
        _ => Err("an issue of Linear's is due on a day, not at a time".to_owned()),
    }
}

/// Returns an estimate, or why it cannot be one.
pub(super) fn estimate(estimate: &Estimate) -> Result<i64, String> {
    let is_points = estimate.unit.as_deref().is_none_or(|unit| unit.eq_ignore_ascii_case("points"));
    if !is_points {
        return Err("Linear's estimates are points, in the scale of the team".to_owned());
    }
    let is_whole = estimate.value.fract() == 0.0 && (0.0..=1_000_000.0).contains(&estimate.value);
    if is_whole { Ok(estimate.value as i64) } else { Err("Linear's estimates are whole numbers".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_priority_is_our_word_linears_or_the_number() {
        for (word, number) in [("urgent", 1), ("High", 2), ("No priority", 0), ("none", 0), ("4", 4), ("medium", 3)] {
            assert_eq!(priority(word).unwrap(), number, "{word}");
        }
        for word in ["lowest", "5", "-1", "", "asap"] {
            assert!(priority(word).unwrap_err().to_string().contains("urgent, high"), "{word}");
        }
    }

    #[test]
    fn what_linear_cannot_hold_has_a_reason() {
        assert_eq!(due_date(&Due::parse("2026-02-03").unwrap()).unwrap(), "2026-02-03");
        assert!(due_date(&Due::parse("2026-02-03T10:00:00Z").unwrap()).is_err());
        assert_eq!(estimate(&Estimate::new(3.0, "Points")), Ok(3));
        for (value, unit) in [(1.5, "points"), (-1.0, "points"), (3.0, "hours"), (f64::NAN, "points"), (1e9, "points")]
        {
            assert!(estimate(&Estimate::new(value, unit)).is_err(), "{value} {unit}");
        }
    }
}
