//! What became of the writes that one call has sent, for the case that the call fails in the middle.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering::Relaxed},
};

use usher_adapter_sdk::{Error, ErrorKind};

/// What became of the writes of one call; clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written(Arc<AtomicU8>);

/// The platform has confirmed one.
const CONFIRMED: u8 = 1;
/// Something was asked after that.
const WENT_ON: u8 = 2;
/// One was refused, or has no answer.
const FAILED: u8 = 4;

impl Written {
    /// Notes that a request of the call sets out.
    pub(crate) fn sets_out(&self) {
        if self.has(CONFIRMED) {
            self.0.fetch_or(WENT_ON, Relaxed);
        }
    }

    /// Notes what became of a write.
    pub(crate) fn answered(&self, is_success: bool) {
        self.0.fetch_or(if is_success { CONFIRMED } else { FAILED }, Relaxed);
    }

    /// Returns the error of a call, which says so if a part of it was done before.
    ///
    /// An error that follows from the only write's own answer is left as it is: many platforms say with status 200 that they
    /// have refused.
    pub(crate) fn told(&self, error: Error) -> Error {
        if !self.has(CONFIRMED) || !(self.has(WENT_ON) || self.has(FAILED)) {
            return error;
        }
        let message = format!("a part of it is written, and then: {}", error.message());
        let hint = "Look at the ticket before you repeat this: what was written before the error is there.";
        let hint = error.hint().map_or(hint.to_owned(), |own| format!("{hint} {own}"));
        let mut told = Error::new(ErrorKind::OutcomeUnknown, message).with_hint(hint);
        if let Some(status) = error.status() {
            told = told.with_status(status);
        }
        error.fields().iter().fold(told, |told, wrong| told.with_field(&wrong.field, &wrong.message))
    }

    fn has(&self, mark: u8) -> bool {
        self.0.load(Relaxed) & mark != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what an error is told as after these requests: whether each writes and, if so, whether it succeeds.
    fn kind_after(requests: &[Option<bool>]) -> ErrorKind {
        let written = Written::default();
        for request in requests {
            written.sets_out();
            if let Some(is_success) = request {
                written.answered(*is_success);
            }
        }
        written.told(Error::validation("no such label").with_field("labels", "unknown")).kind()
    }

    #[test]
    fn an_error_after_a_confirmed_write_is_a_partial_outcome() {
        let (read, done, refused) = (None, Some(true), Some(false));
        for partial in [&[done, refused][..], &[done, read], &[read, done, done], &[refused, done]] {
            assert_eq!(kind_after(partial), ErrorKind::OutcomeUnknown, "{partial:?}");
        }
        for whole in [&[][..], &[read], &[refused], &[read, done], &[refused, refused]] {
            assert_eq!(kind_after(whole), ErrorKind::Validation, "{whole:?}");
        }
    }

    #[test]
    fn writes_side_by_side_are_told_apart_by_what_became_of_them() {
        let written = Written::default();
        written.sets_out();
        written.sets_out();
        written.answered(true);
        written.answered(false);
        let told = written.told(Error::validation("no such label").with_status(422).with_field("labels", "unknown"));
        assert_eq!((told.kind(), told.is_retryable(), told.status()), (ErrorKind::OutcomeUnknown, false, Some(422)));
        assert!(told.message().ends_with("no such label") && told.fields()[0].field == "labels", "{told}");
    }
}
