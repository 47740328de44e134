//! Fields of an issue that Linear did not give although it gave the issue: the parts of the ticket that are cut by it.

use usher_adapter_sdk::{
    ErrorKind,
    model::{CutReason, Part, Ticket},
};

use super::word;
use crate::{
    api::{Complaint, Step},
    error,
};

/// Fields of an issue, in lower case, and the parts of a ticket that they are; sorted. Any other is a custom field.
const PARTS: &[(&str, &str)] = &[
    ("assignee", "assignees"),
    ("attachments", "attachments"),
    ("botactor", "reporter"),
    ("children", "children"),
    ("comments", "notes"),
    ("creator", "reporter"),
    ("cycle", "containers"),
    ("description", "body"),
    ("duedate", "due"),
    ("estimate", "estimate"),
    ("externalusercreator", "reporter"),
    ("inverserelations", "links"),
    ("labels", "labels"),
    ("parent", "parent"),
    ("priority", "priority"),
    ("project", "containers"),
    ("projectmilestone", "containers"),
    ("relations", "links"),
    ("state", "status"),
    ("team", "project"),
];

/// Names the parts that errors are about; the name of the field stands at that place of an error's path.
pub(crate) fn with_gaps<'a>(ticket: Ticket, gaps: impl Iterator<Item = (&'a Complaint<'a>, usize)>) -> Ticket {
    gaps.fold(ticket, |ticket, (gap, place)| {
        let field = match gap.path.as_ref().and_then(|path| path.get(place)) {
            Some(Step::Field(field)) => &**field,
            _ => "",
        };
        let is_forbidden = error::of_gap(gap, &"").kind() == ErrorKind::Permission;
        let reason = if is_forbidden { CutReason::Permission } else { CutReason::Error };
        ticket.with_cut(word(PARTS, field).unwrap_or("custom_fields"), Part::new(0, None, reason))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_sorted_and_in_lower_case() {
        assert!(PARTS.is_sorted_by_key(|(field, _)| *field));
        assert!(PARTS.iter().all(|(field, _)| *field == field.to_ascii_lowercase()));
    }
}
