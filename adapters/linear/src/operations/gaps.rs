//! Fields that Linear's issues do not have, or this API does not write.

use usher_adapter_sdk::message::{FieldName, Report};

/// Each field, and what to do about it.
const GAPS: &[(FieldName, &str)] = &[
    (FieldName::Type, "Linear's issues have no types; use a label"),
    (FieldName::Resolution, "the state says how an issue ended; set that"),
    (FieldName::Reporter, "the reporter is whoever the key belongs to"),
];

/// Returns a report of what was asked for, in which these fields are refused.
pub(super) fn report(asked: impl IntoIterator<Item = FieldName>) -> Report {
    Report::of(asked).with_gaps(GAPS).without_custom_fields("Linear has no custom fields; labels take their place")
}
