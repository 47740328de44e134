//! An error, as people and as programs read it.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use usher_adapter_sdk::{Error, ErrorKind, FieldError};

use super::exit_code;
use super::sanitize;
use super::style::{self, paint};
use crate::redact;

/// What kind of failure a command reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// One of the kinds that adapters and service speak.
    Error(ErrorKind),
    /// The command line itself is wrong.
    Usage,
    /// The machine failed us: a full disk, a file that cannot be read.
    Failure,
}

impl ReportKind {
    /// Returns the kind's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error(kind) => kind.name(),
            Self::Usage => "usage",
            Self::Failure => "failure",
        }
    }

    /// Returns the code that the program ends with.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Error(kind) => exit_code::exit_code(kind),
            Self::Usage => exit_code::USAGE,
            Self::Failure => exit_code::FAILURE,
        }
    }
}

impl From<ErrorKind> for ReportKind {
    fn from(kind: ErrorKind) -> Self {
        Self::Error(kind)
    }
}

impl Serialize for ReportKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An error as it is reported: what failed, on what, what to try.
///
/// In JSON `kind`, `message` and `retryable` are always there, the others where they are known. The optional
/// texts are boxed so that the report stays small enough to be returned as an error.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorReport {
    /// What kind of error it is.
    pub kind: ReportKind,
    /// What failed, on what.
    pub message: String,
    /// What to try.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<str>>,
    /// Whether trying again may help.
    pub retryable: bool,
    /// What was being done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<Box<str>>,
    /// The connection it was done on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<Box<str>>,
    /// The HTTP status, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How many seconds to wait before trying again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<f64>,
    /// Findings by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

impl ErrorReport {
    /// Returns a report; whether trying again may help follows from the kind.
    pub fn new(kind: impl Into<ReportKind>, message: impl Into<String>) -> Self {
        let kind = kind.into();
        Self {
            kind,
            message: redacted(message.into()),
            hint: None,
            retryable: matches!(kind, ReportKind::Error(kind) if kind.is_retryable()),
            operation: None,
            connection: None,
            status: None,
            retry_after_s: None,
            fields: Vec::new(),
        }
    }

    /// Returns the report of a wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ReportKind::Usage, message)
    }

    /// Returns the report of something that this machine could not do.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(ReportKind::Failure, message)
    }

    /// Adds what to try.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(redacted(hint.into()).into_boxed_str());
        self
    }

    /// Says what was being done.
    #[must_use]
    pub fn with_operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into().into_boxed_str());
        self
    }

    /// Says on which connection.
    #[must_use]
    pub fn with_connection(mut self, connection: impl Into<String>) -> Self {
        self.connection = Some(connection.into().into_boxed_str());
        self
    }

    /// Returns the code that the program ends with.
    pub fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }
}

impl From<&Error> for ErrorReport {
    fn from(error: &Error) -> Self {
        Self {
            hint: error.hint().map(|hint| redacted(hint.to_owned()).into_boxed_str()),
            retryable: error.is_retryable(),
            status: error.status(),
            retry_after_s: error.retry_after().map(|wait| wait.as_secs_f64()),
            fields: error.fields().iter().cloned().map(redacted_finding).collect(),
            ..Self::new(error.kind(), error.message())
        }
    }
}

impl From<Error> for ErrorReport {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl std::fmt::Display for ErrorReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ErrorReport {}

/// Takes secrets out of what a report says; every text of a report passes here when the report is made.
fn redacted(text: String) -> String {
    match redact::text(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    }
}

fn redacted_finding(mut finding: FieldError) -> FieldError {
    finding.field = redacted(finding.field);
    finding.message = redacted(finding.message);
    finding
}

/// Returns what stderr gets: a few lines for people, or `{"error":{…}}` in one line; with its line break.
pub fn render_error(report: &ErrorReport, json: bool, color: bool) -> String {
    match json {
        true => rendered_json(report),
        false => rendered_lines(report, color),
    }
}

fn rendered_json(report: &ErrorReport) -> String {
    #[derive(Serialize)]
    struct Envelope<'a> {
        error: &'a ErrorReport,
    }
    match serde_json::to_vec(&Envelope { error: report }) {
        Ok(bytes) => format!("{}\n", String::from_utf8_lossy(&sanitize::json(&bytes))),
        // Strings and numbers can always be written; if they ever cannot, the people's form is better than none.
        Err(_) => rendered_lines(report, false),
    }
}

fn rendered_lines(report: &ErrorReport, color: bool) -> String {
    let mut out = labelled(paint(color, style::ERROR, "error:"), &report.message);
    let wait = report.retry_after_s.map(|seconds| format!("{} s", seconds.ceil()));
    let status = report.status.map(|status| status.to_string());
    for (label, value) in [
        ("connection", report.connection.as_deref()),
        ("operation", report.operation.as_deref()),
        ("HTTP status", status.as_deref()),
        ("try again in", wait.as_deref()),
    ] {
        if let Some(value) = value {
            out += &labelled(paint(color, style::QUIET, &format!("  {label}:")), value);
        }
    }
    for finding in &report.fields {
        let field = format!("  - {}:", sanitize::line(&finding.field));
        out += &labelled(paint(color, style::STRONG, &field), &finding.message);
    }
    if let Some(hint) = &report.hint {
        out += &labelled(paint(color, style::HINT, "hint:"), hint);
    }
    out
}

/// Returns a label and a text whose further lines stand below its first.
fn labelled(label: String, text: &str) -> String {
    format!("{label} {}\n", sanitize::text(text.trim_end()).replace('\n', "\n    "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn refused() -> ErrorReport {
        let error = Error::validation("Jira refuses the ticket")
            .with_hint("Look at `usher options`.")
            .with_status(400)
            .with_field("title", "is empty")
            .with_field("fields.Severity", "must be one of: low, high");
        ErrorReport::from(&error).with_connection("work").with_operation("create")
    }

    #[test]
    fn people_read_what_failed_on_what_and_what_to_try() {
        let expected = "\
error: Jira refuses the ticket
  connection: work
  operation: create
  HTTP status: 400
  - title: is empty
  - fields.Severity: must be one of: low, high
hint: Look at `usher options`.
";
        assert_eq!(render_error(&refused(), false, false), expected);
        assert!(render_error(&refused(), false, true).starts_with("\x1b[1m\x1b[31merror:\x1b[0m Jira"));
    }

    #[test]
    fn programs_read_the_same_in_one_line() {
        assert_eq!(
            render_error(&refused(), true, true),
            concat!(
                r#"{"error":{"kind":"validation","message":"Jira refuses the ticket","hint":"Look at `usher options`.","#,
                r#""retryable":false,"operation":"create","connection":"work","status":400,"#,
                r#""fields":[{"field":"title","message":"is empty"},"#,
                r#"{"field":"fields.Severity","message":"must be one of: low, high"}]}}"#,
                "\n"
            )
        );
        let limited = Error::new(ErrorKind::RateLimited, "too fast").with_retry_after(Duration::from_millis(1500));
        assert_eq!(
            render_error(&limited.into(), true, false),
            "{\"error\":{\"kind\":\"rate_limited\",\"message\":\"too fast\",\"retryable\":true,\"retry_after_s\":1.5}}\n"
        );
        assert_eq!(
            render_error(&ErrorReport::usage("which one?"), true, false),
            "{\"error\":{\"kind\":\"usage\",\"message\":\"which one?\",\"retryable\":false}}\n"
        );
    }

    #[test]
    fn a_platforms_words_cannot_give_orders_to_the_terminal() {
        let error = Error::not_found("\x1b[2Jticket\r\nerror: other").with_field("a\nb", "\x07");
        assert_eq!(
            render_error(&error.into(), false, false),
            "error: ␛[2Jticket\n    error: other was not found\n  - a b: ␇\n"
        );
    }

    #[test]
    fn no_text_of_a_report_holds_a_secret() {
        redact::learn(&crate::config::Secret::new("t0ken-of-a-report"));
        let error = Error::validation("sent t0ken-of-a-report")
            .with_hint("not t0ken-of-a-report")
            .with_field("token", "t0ken-of-a-report is wrong");
        let report = ErrorReport::from(&error);
        for json in [false, true] {
            let rendered = render_error(&report, json, false);
            assert!(!rendered.contains("t0ken") && rendered.matches("***").count() == 3, "{rendered}");
        }
    }

    #[test]
    fn a_report_knows_the_code_to_end_with() {
        assert_eq!(refused().exit_code(), exit_code::VALIDATION);
        assert_eq!(ErrorReport::usage("x").exit_code(), exit_code::USAGE);
        assert_eq!(ErrorReport::failure("x").exit_code(), exit_code::FAILURE);
    }
}
