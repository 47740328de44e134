//! What this Linear looks up in place of going through every issue.

use std::{cell::OnceCell, collections::HashMap};

use super::{fields::Node, state::State};
use crate::servers::indexed::Results;

/// What was looked up in a state.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The issues of a list, by who asked for it and how.
    pub(super) found: Results<(usize, String), Node>,
    issues: OnceCell<HashMap<String, usize>>,
}

impl Index {
    /// Returns the place of an issue by its id.
    pub(super) fn issue(&self, state: &State, id: &str) -> Option<usize> {
        let all = || state.issues.iter().enumerate().map(|(place, issue)| (issue.meta.id.clone(), place)).collect();
        self.issues.get_or_init(all).get(id).copied()
    }
}
