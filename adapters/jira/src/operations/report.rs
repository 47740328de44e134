//! What became of each field that was asked for.

use usher_adapter_sdk::{
    Error, Result,
    message::{FieldName, Refused},
};

use crate::error;

/// The fields of a write, each as written, as refused with a reason, or as unknown.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub applied: Vec<FieldName>,
    pub refused: Vec<Refused>,
    pub unknown: Vec<Refused>,
    /// Whether something has been written: from then on a failure is one of a single field.
    pub has_written: bool,
}

impl Report {
    /// Says that a field is not written, and why.
    pub(super) fn refuse(&mut self, field: FieldName, reason: impl Into<String>) {
        if !self.knows(&field) {
            self.refused.push(Refused::new(field, reason));
        }
    }

    /// Says what became of a field; without a reason it was written.
    pub(super) fn settle(&mut self, field: FieldName, reason: Option<String>) {
        match reason {
            None if !self.knows(&field) => self.applied.push(field),
            None => {}
            Some(reason) => self.refuse(field, reason),
        }
    }

    /// Takes the failure of a field. As long as nothing was written the whole write has failed.
    pub(super) fn fail(&mut self, field: FieldName, error: Error) -> Result<()> {
        if !self.has_written {
            return Err(error);
        }
        if error::has_not_happened(&error) {
            self.refuse(field, error.to_string());
        } else if !self.knows(&field) {
            self.unknown.push(Refused::new(field, error.to_string()));
        }
        Ok(())
    }

    /// Says that nobody can tell what became of the fields that nothing was said of yet.
    pub(super) fn doubt(&mut self, asked: &[FieldName], why: &str) {
        for field in asked {
            if !self.knows(field) {
                self.unknown.push(Refused::new(field.clone(), why));
            }
        }
    }

    /// Says whether something has been said of a field.
    pub(super) fn knows(&self, field: &FieldName) -> bool {
        let refused = self.refused.iter().chain(&self.unknown).any(|refused| refused.field == *field);
        refused || self.applied.contains(field)
    }
}
