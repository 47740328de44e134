//! What became of the fields of a write, where it is not simply what was asked for: lines for people on stderr.
//!
//! With which code the program ends then is in `exit_code`.

use usher_adapter_sdk::message::{Altered, Refused};

use super::Out;

/// Says what became of fields that were not simply written, and why.
pub(crate) fn say_refused(out: &mut Out, what: &str, refused: &[Refused]) {
    for Refused { field, reason, choices, .. } in refused {
        let choices = if choices.is_empty() { String::new() } else { format!(" (valid: {})", choices.join(", ")) };
        out.message(&format!("{what}: {field}: {reason}{choices}"));
    }
}

/// Says which fields were written otherwise than they were asked for: a warning, since they were written.
pub(crate) fn say_altered(out: &mut Out, altered: &[Altered]) {
    for Altered { field, reason, .. } in altered {
        out.message(&format!("warning: written, but not exactly as asked: {field}: {reason}"));
    }
}

#[cfg(test)]
mod tests {
    use usher_adapter_sdk::message::FieldName;

    use super::super::testing::{now, out};
    use super::super::{Outcome, View};
    use super::*;

    #[test]
    fn every_field_has_a_line_on_stderr_with_its_reason_and_what_would_have_been_valid() {
        let (mut out, written, messages) = out(View::plain(now()));
        let choices = vec!["low".to_owned(), "high".to_owned()];
        let refused = [
            Refused::new(FieldName::Labels, "has none"),
            Refused::new(FieldName::Priority, "`odd` is none").with_choices(choices),
        ];
        say_refused(&mut out, "not written", &refused);
        say_altered(&mut out, &[Altered::new(FieldName::Body, "no form for: table")]);
        assert_eq!(out.finish(), Ok(Outcome::Complete));
        assert_eq!(written.text(), "");
        assert_eq!(
            messages.text(),
            "not written: labels: has none\n\
             not written: priority: `odd` is none (valid: low, high)\n\
             warning: written, but not exactly as asked: body: no form for: table\n"
        );
    }
}
