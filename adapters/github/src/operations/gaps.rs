//! Fields that GitHub's issues do not have, or this API does not write.

use usher_adapter_sdk::message::{FieldName, Report};

/// Each field, and what to do about it.
const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Priority, "GitHub's issues have no priority; use a label"),
    (FieldName::Reporter, "the reporter is whoever the token belongs to"),
    (FieldName::Links, "relations are read but not written"),
    (FieldName::Due, "issues have no due date; their milestone has one"),
    (FieldName::Estimate, "GitHub's issues have no estimate"),
];

/// Returns a report of what was asked for, in which these fields are refused.
pub(super) fn report(asked: impl IntoIterator<Item = FieldName>) -> Report {
    Report::of(asked).with_gaps(GAPS).without_custom_fields("fields of the organisation are read but not written")
}
