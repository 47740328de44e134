//! What can go wrong, for code and for people.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

/// The result of everything that an adapter does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Declares the kinds with their number at the boundary, their name in JSON and whether trying again may help.
macro_rules! kinds {
    ($( $(#[$meta:meta])* $kind:ident = $number:literal, $name:literal, $retryable:literal; )+) => {
        /// What kind of error it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $( $(#[$meta])* $kind, )+
        }

        impl ErrorKind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &'static [ErrorKind] = &[ $( ErrorKind::$kind, )+ ];

            /// Returns the kind's number at the boundary; 0 is success.
            pub const fn number(self) -> u32 {
                match self { $( Self::$kind => $number, )+ }
            }

            /// Returns the kind with that number, if this version knows it.
            pub fn from_number(number: u32) -> Option<Self> {
                match number { $( $number => Some(Self::$kind), )+ _ => None }
            }

            /// Returns the kind's name in JSON.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$kind => $name, )+ }
            }

            /// Returns the kind with that name, if this version knows it.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $( $name => Some(Self::$kind), )+ _ => None }
            }

            /// Says whether trying again may help, unless an error says otherwise.
            pub const fn is_retryable(self) -> bool {
                match self { $( Self::$kind => $retryable, )+ }
            }
        }
    };
}

kinds! {
    /// No adapter answers for it.
    PlatformNotSupported = 1, "platform_not_supported", false;
    /// A reference fits several connections.
    AmbiguousReference = 2, "ambiguous_reference", false;
    /// A reference fits nothing.
    InvalidReference = 3, "invalid_reference", false;
    /// A setting is missing or wrong.
    Configuration = 4, "configuration", false;
    /// A secret that a connection needs cannot be had.
    CredentialMissing = 5, "credential_missing", false;
    /// The platform does not know who we are.
    Authentication = 6, "authentication", false;
    /// The platform knows, and refuses.
    Permission = 7, "permission", false;
    /// It is not there, or may not be seen.
    NotFound = 8, "not_found", false;
    /// What was asked cannot be done as it was asked.
    Validation = 9, "validation", false;
    /// Somebody else changed it in between.
    Conflict = 10, "conflict", false;
    /// Too many requests.
    RateLimited = 11, "rate_limited", true;
    /// The deadline passed.
    Timeout = 12, "timeout", true;
    /// The platform could not be reached.
    Network = 13, "network", true;
    /// The platform failed.
    Platform = 14, "platform", true;
    /// The platform's answer could not be read.
    ResponseParse = 15, "response_parse", false;
    /// The adapter, the platform or the host cannot do this.
    Unsupported = 16, "unsupported", false;
    /// A write may or may not have happened.
    OutcomeUnknown = 17, "outcome_unknown", false;
    /// The adapter panicked.
    AdapterPanicked = 18, "adapter_panicked", false;
    /// The adapter's process ended.
    AdapterCrashed = 19, "adapter_crashed", true;
    /// The adapter did not give control back.
    AdapterHung = 20, "adapter_hung", false;
    /// The adapter could not be loaded, or broke the rules of the boundary.
    AdapterRefused = 21, "adapter_refused", false;
    /// The host is ending.
    ServiceClosed = 22, "service_closed", false;
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for ErrorKind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        // An error kind of a later version is a failure of the platform's to this one.
        Ok(Self::from_name(&name).unwrap_or(Self::Platform))
    }
}

/// An error with two readers: a kind for code, and for people what failed, on what, and what to try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Error(Box<Inner>);

/// What an error holds; boxed, so that results stay small.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Inner {
    kind: ErrorKind,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retryable: Option<bool>,
    /// The HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<f64>,
    /// Findings by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fields: Vec<FieldError>,
}

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl Error {
    /// Returns an error of that kind; the message says what failed, on what.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            retryable: None,
            status: None,
            retry_after_s: None,
            fields: Vec::new(),
        }))
    }

    /// Returns the error of something that is not there.
    pub fn not_found(what: impl fmt::Display) -> Self {
        Self::new(ErrorKind::NotFound, format!("{what} was not found"))
    }

    /// Returns the error of a request that cannot be done as asked.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Validation, message)
    }

    /// Returns the error of an operation that does not exist here.
    pub fn unsupported(what: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Unsupported, format!("{what} is not supported"))
    }

    /// Returns the error of JSON that could not be read.
    pub fn response_parse(error: &dyn fmt::Display) -> Self {
        Self::new(ErrorKind::ResponseParse, format!("the answer could not be read: {error}"))
    }

    /// Adds what to try.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Says whether trying again may help, where the kind alone would mislead.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = Some(retryable);
        self
    }

    /// Adds how long to wait before trying again.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after_s = Some(wait.as_secs_f64());
        self
    }

    /// Adds a finding about one field.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.fields.push(FieldError { field: field.into(), message: message.into() });
        self
    }

    /// Puts words in front of the message: what was being done.
    #[must_use]
    pub fn context(mut self, what: impl fmt::Display) -> Self {
        self.0.message = format!("{what}: {}", self.0.message);
        self
    }

    /// Returns what kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns what failed, on what.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns what to try.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Says whether a write that failed so has certainly not happened.
    pub fn has_no_effect(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Authentication
                | ErrorKind::Configuration
                | ErrorKind::Conflict
                | ErrorKind::CredentialMissing
                | ErrorKind::NotFound
                | ErrorKind::Permission
                | ErrorKind::RateLimited
                | ErrorKind::Unsupported
                | ErrorKind::Validation
        )
    }

    /// Says whether trying again may help.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable.unwrap_or(self.0.kind.is_retryable())
    }

    /// Returns the HTTP status, where there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns how long to wait before trying again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after_s.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }

    /// Returns the findings by field.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for finding in &self.0.fields {
            write!(f, "; {}: {}", finding.field, finding.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_number_and_a_name_of_its_own_and_finds_its_way_back() {
        for (index, kind) in ErrorKind::ALL.iter().enumerate() {
            assert_eq!(kind.number() as usize, index + 1);
            assert_eq!(ErrorKind::from_number(kind.number()), Some(*kind));
            assert_eq!(ErrorKind::from_name(kind.name()), Some(*kind));
        }
    }

    #[test]
    fn an_error_survives_json() {
        let error = Error::validation("two fields are wrong")
            .with_hint("look")
            .with_status(422)
            .with_retry_after(Duration::from_millis(1500))
            .with_field("title", "is empty");
        let text = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<Error>(&text).unwrap(), error);
    }
}
