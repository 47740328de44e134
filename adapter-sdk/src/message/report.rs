//! What became of each field of a write, put together while the write goes on.

use super::{Altered, Created, FieldName, Refused, Updated};
use crate::{Error, Result, model::TicketKey};

/// The fields of a write: each as written, as refused with a reason, or as unknown.
///
/// A write of several requests tells of each field what came of it, and the first word on a field stands.
/// Before anything was written a failure is one of the whole write; from then on it is one of that field.
#[derive(Debug, Clone, Default)]
pub struct Report {
    asked: Vec<FieldName>,
    applied: Vec<FieldName>,
    refused: Vec<Refused>,
    unknown: Vec<Refused>,
    altered: Vec<Altered>,
    has_written: bool,
}

impl Report {
    /// Returns a report of the fields that were asked for, of which nothing is known yet.
    pub fn of(asked: impl IntoIterator<Item = FieldName>) -> Self {
        Self { asked: asked.into_iter().collect(), ..Self::default() }
    }

    /// Refuses the fields that the platform does not have or does not take, each with what to do about it.
    #[must_use]
    pub fn with_gaps(mut self, gaps: &[(FieldName, &str)]) -> Self {
        for (field, reason) in gaps {
            self.refuse(field, *reason);
        }
        self
    }

    /// Refuses the custom fields, of a platform that has none or takes none, with what to do about it.
    #[must_use]
    pub fn without_custom_fields(mut self, reason: &str) -> Self {
        for field in self.open().iter().filter(|field| field.is_custom()) {
            self.refuse(field, reason);
        }
        self
    }

    /// Says that something has been written.
    pub fn wrote(&mut self) {
        self.has_written = true;
    }

    /// Says whether something has been written.
    pub fn has_written(&self) -> bool {
        self.has_written
    }

    /// Says what became of a field; without a reason against it, it was written.
    pub fn settle(&mut self, field: &FieldName, reason: Option<String>) {
        match reason {
            Some(reason) => self.refuse(field, reason),
            None if self.is_open(field) => self.applied.push(field.clone()),
            None => {}
        }
    }

    /// Says that a field was not written, and why. One that nobody asked for is not told.
    pub fn refuse(&mut self, field: &FieldName, reason: impl Into<String>) {
        self.refuse_for(Refused::new(field.clone(), reason));
    }

    /// Says that a field was not written, with what would have been accepted.
    pub fn refuse_for(&mut self, refused: Refused) {
        if self.is_open(&refused.field) {
            self.refused.push(refused);
        }
    }

    /// Says of fields that they are written otherwise than they were asked for. They are not settled by it: one that was
    /// not written in the end is told as that alone.
    pub fn alter(&mut self, altered: impl IntoIterator<Item = Altered>) {
        self.altered.extend(altered);
    }

    /// Takes a value of a field as the platform writes it; where it cannot hold the value, the field is refused.
    pub fn take<T>(&mut self, field: &FieldName, value: Result<T, impl Into<String>>) -> Option<T> {
        value.map_err(|reason| self.refuse(field, reason)).ok()
    }

    /// Takes what came of a request that writes a field. The field is not settled by it: more may follow, or be read.
    pub fn step<T>(&mut self, field: &FieldName, outcome: Result<T>) -> Result<Option<T>> {
        match outcome {
            Ok(answer) => {
                self.has_written = true;
                Ok(Some(answer))
            }
            Err(error) => self.fail(field, error).map(|()| None),
        }
    }

    /// Takes the failure of a field. As long as nothing was written the whole write has failed.
    pub fn fail(&mut self, field: &FieldName, error: Error) -> Result<()> {
        if !self.has_written {
            return Err(error);
        }
        if !self.knows(field) {
            let refused = Refused::new(field.clone(), error.to_string());
            let list = if error.has_no_effect() { &mut self.refused } else { &mut self.unknown };
            list.push(refused);
        }
        Ok(())
    }

    /// Says that nobody can tell what became of the fields of which nothing was said yet.
    pub fn doubt(&mut self, reason: &str) {
        for field in self.open() {
            self.unknown.push(Refused::new(field, reason));
        }
    }

    /// Returns the fields that were asked for and of which nothing was said yet.
    pub fn open(&self) -> Vec<FieldName> {
        self.asked.iter().filter(|field| !self.knows(field)).cloned().collect()
    }

    /// Says whether something has been said of a field.
    pub fn knows(&self, field: &FieldName) -> bool {
        let mut told = self.refused.iter().chain(&self.unknown);
        self.applied.contains(field) || told.any(|refused| refused.field == *field)
    }

    /// Returns the answer for a new ticket.
    pub fn created(self, key: impl Into<TicketKey>) -> Created {
        let altered = self.altered();
        Created::new(key, self.applied).with_refused(self.refused).with_unknown(self.unknown).with_altered(altered)
    }

    /// Returns the answer for a changed ticket.
    pub fn updated(self, key: impl Into<TicketKey>) -> Updated {
        let altered = self.altered();
        Updated::new(key, self.applied).with_refused(self.refused).with_unknown(self.unknown).with_altered(altered)
    }

    fn altered(&self) -> Vec<Altered> {
        self.altered.iter().filter(|altered| self.applied.contains(&altered.field)).cloned().collect()
    }

    fn is_open(&self, field: &FieldName) -> bool {
        self.asked.contains(field) && !self.knows(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    const ASKED: [FieldName; 4] = [FieldName::Title, FieldName::Due, FieldName::Links, FieldName::Parent];

    #[test]
    fn the_first_word_on_a_field_stands_and_what_nobody_asked_for_is_not_told() {
        let mut report =
            Report::of(ASKED).with_gaps(&[(FieldName::Due, "no dates"), (FieldName::Estimate, "no sizes")]);
        report.settle(&FieldName::Due, None);
        report.settle(&FieldName::Title, None);
        report.refuse(&FieldName::Title, "too late");
        report.settle(&FieldName::Status, None);
        assert_eq!(report.open(), [FieldName::Links, FieldName::Parent]);
        report.doubt("it was not read back");
        let updated = report.updated("A-1");
        assert_eq!(updated.applied, [FieldName::Title]);
        assert_eq!(updated.refused, [Refused::new(FieldName::Due, "no dates")]);
        let fields: Vec<_> = updated.unknown.into_iter().map(|refused| refused.field).collect();
        assert_eq!(fields, [FieldName::Links, FieldName::Parent]);
    }

    #[test]
    fn what_the_platform_cannot_hold_is_refused_and_the_rest_is_written() {
        let custom = FieldName::custom("Team");
        let mut report =
            Report::of([FieldName::Due, FieldName::Estimate, custom.clone()]).without_custom_fields("none");
        assert_eq!(report.take(&FieldName::Due, Ok::<_, String>(7)), Some(7));
        assert_eq!(report.take::<u8>(&FieldName::Estimate, Err("whole points only")), None);
        assert_eq!(report.open(), [FieldName::Due]);
        let refused = [Refused::new(custom, "none"), Refused::new(FieldName::Estimate, "whole points only")];
        assert_eq!(report.updated("A-1").refused, refused);
    }

    #[test]
    fn of_a_field_that_was_altered_it_is_told_only_if_it_was_written() {
        let altered = |field| Altered::new(field, "without its table");
        let mut report = Report::of([FieldName::Body, FieldName::custom("Notes")]);
        report.alter([altered(FieldName::Body), altered(FieldName::custom("Notes"))]);
        report.alter(None);
        assert_eq!(report.open().len(), 2);
        report.settle(&FieldName::Body, None);
        report.refuse(&FieldName::custom("Notes"), "is not on the screen");
        assert_eq!(report.clone().created("A-1").altered, [altered(FieldName::Body)]);
        assert_eq!(report.updated("A-1").altered, [altered(FieldName::Body)]);
    }

    #[test]
    fn a_failure_is_the_whole_write_s_until_something_was_written_and_then_the_field_s() {
        let mut report = Report::of(ASKED);
        let refusal = || Error::validation("no such ticket");
        assert_eq!(report.step::<()>(&FieldName::Links, Err(refusal())).unwrap_err(), refusal());
        assert!(!report.has_written());
        assert_eq!(report.step(&FieldName::Title, Ok(7)).unwrap(), Some(7));
        assert_eq!(report.step::<()>(&FieldName::Links, Err(refusal())).unwrap(), None);
        report.fail(&FieldName::Parent, Error::new(ErrorKind::Timeout, "no answer")).unwrap();
        let created = report.created("A-1");
        assert_eq!(created.refused[0].field, FieldName::Links);
        assert_eq!(created.unknown[0].field, FieldName::Parent);
    }
}
