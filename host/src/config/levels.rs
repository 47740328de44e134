//! The levels that `status_map`, `type_map` and `priority_map` may name: the same words as in the ticket model.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Writes one enum of words, so that a word is said once.
macro_rules! levels {
    ($(#[$about:meta])* $name:ident: $($variant:ident = $word:literal),+ $(,)?) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        #[schemars(inline)]
        pub enum $name {
            $(#[allow(missing_docs, reason = "the word says it, and a description would only clutter the schema")] $variant,)+
        }

        impl $name {
            /// All levels, in the order of the model.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// Returns the word of the ticket model.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

levels! {
    /// What a native status can mean.
    StatusLevel:
    Backlog = "backlog",
    Todo = "todo",
    InProgress = "in_progress",
    InReview = "in_review",
    Blocked = "blocked",
    Done = "done",
    Canceled = "canceled",
    Unknown = "unknown",
}

levels! {
    /// What a native ticket type can mean.
    TypeLevel:
    Feature = "feature",
    Bug = "bug",
    Task = "task",
    Maintenance = "maintenance",
    Epic = "epic",
    Subtask = "subtask",
    Incident = "incident",
    Request = "request",
    Change = "change",
    Problem = "problem",
    Unknown = "unknown",
}

levels! {
    /// What a native priority can mean.
    PriorityLevel:
    Urgent = "urgent",
    High = "high",
    Medium = "medium",
    Low = "low",
    Lowest = "lowest",
    None = "none",
    Unknown = "unknown",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_file_is_the_word_of_the_model() {
        for level in StatusLevel::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
        }
        for level in TypeLevel::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
        }
        for level in PriorityLevel::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
        }
    }
}
