//! Which number the program ends with.

use usher_adapter_sdk::{ErrorKind, message::Refused};

/// Everything asked for was done. A `--limit` that was reached, and a reader that went away, are this too.
pub const DONE: u8 = 0;
/// Something failed that no other code names, such as a full disk.
pub const FAILURE: u8 = 1;
/// The command line, or a reference on it, has to be written differently.
pub const USAGE: u8 = 2;
/// A setting has to change.
pub const CONFIGURATION: u8 = 3;
/// Credentials or their rights have to change.
pub const AUTHENTICATION: u8 = 4;
/// It is not there, or may not be seen.
pub const NOT_FOUND: u8 = 5;
/// Later.
pub const RATE_LIMITED: u8 = 6;
/// The platform, or the way to it, failed.
pub const PLATFORM: u8 = 7;
/// What was printed is not all there is.
pub const PARTIAL: u8 = 8;
/// The adapter failed, or cannot do this.
pub const ADAPTER: u8 = 9;
/// The request has to change; nothing was written.
pub const VALIDATION: u8 = 10;
/// A write may have happened, or happened in part: look before repeating it.
pub const OUTCOME_UNKNOWN: u8 = 11;

/// The code of every kind of error, by what whoever called can do about it. Sorted by name.
const EXIT_CODES: &[(ErrorKind, u8)] = &[
    (ErrorKind::AdapterCrashed, ADAPTER),
    (ErrorKind::AdapterHung, ADAPTER),
    (ErrorKind::AdapterPanicked, ADAPTER),
    (ErrorKind::AdapterRefused, ADAPTER),
    // The words on the command line fit too much: `--in` or a longer form settles it.
    (ErrorKind::AmbiguousReference, USAGE),
    (ErrorKind::Authentication, AUTHENTICATION),
    (ErrorKind::Configuration, CONFIGURATION),
    // Somebody changed the ticket first: like a wrong field, it was refused whole and must be asked anew.
    (ErrorKind::Conflict, VALIDATION),
    // The connection is right and the secret is not there: log in, do not edit the file.
    (ErrorKind::CredentialMissing, AUTHENTICATION),
    (ErrorKind::InvalidReference, USAGE),
    (ErrorKind::Network, PLATFORM),
    (ErrorKind::NotFound, NOT_FOUND),
    (ErrorKind::OutcomeUnknown, OUTCOME_UNKNOWN),
    // Another token, or more scopes for this one, is what helps.
    (ErrorKind::Permission, AUTHENTICATION),
    (ErrorKind::Platform, PLATFORM),
    // No installed adapter answers for what was typed; nothing has been asked of anyone yet.
    (ErrorKind::PlatformNotSupported, USAGE),
    (ErrorKind::RateLimited, RATE_LIMITED),
    // Nearly always a proxy's or a log-in page in place of the answer, so the platform's side.
    (ErrorKind::ResponseParse, PLATFORM),
    // The host itself is ending: nobody's fault, nothing to correct.
    (ErrorKind::ServiceClosed, FAILURE),
    (ErrorKind::Timeout, PLATFORM),
    // The command line is right, this adapter cannot do it; another connection may.
    (ErrorKind::Unsupported, ADAPTER),
    (ErrorKind::Validation, VALIDATION),
];

/// Returns the code that the program ends with after an error of that kind.
pub fn exit_code(kind: ErrorKind) -> u8 {
    EXIT_CODES.iter().find(|(known, _)| *known == kind).map_or(FAILURE, |(_, code)| *code)
}

/// Returns the code of a write. One of which a part was refused, or of which a part is not known, is a partial one.
pub(crate) fn of_write(refused: &[Refused], unknown: &[Refused]) -> u8 {
    if refused.is_empty() && unknown.is_empty() { DONE } else { OUTCOME_UNKNOWN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_and_the_table_is_sorted() {
        let names: Vec<_> = EXIT_CODES.iter().map(|(kind, _)| kind.name()).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        for kind in ErrorKind::ALL {
            assert!(names.contains(&kind.name()), "{kind} has no exit code");
        }
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn no_error_ends_like_a_success_or_a_partial_read() {
        for (kind, code) in EXIT_CODES {
            assert!(![DONE, PARTIAL].contains(code) && *code <= OUTCOME_UNKNOWN, "{kind}");
        }
    }
}
