//! What this Jira looks up in place of going through every issue.

use std::{cell::OnceCell, collections::HashMap};

use super::state::State;
use crate::servers::indexed::Results;

/// What was looked up in a state.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The ids that a query found, in its order.
    pub(super) found: Results<Asked, u64>,
    subtasks: OnceCell<HashMap<u64, Vec<u64>>>,
}

/// A query, who asked, and the ids of issues that had to be as they are now.
pub(super) type Asked = (String, Option<usize>, Vec<u64>);

impl Index {
    /// Returns the ids of an issue's subtasks.
    pub(super) fn subtasks(&self, state: &State, issue: u64) -> &[u64] {
        self.subtasks.get_or_init(|| subtasks(state)).get(&issue).map_or(&[], Vec::as_slice)
    }
}

fn subtasks(state: &State) -> HashMap<u64, Vec<u64>> {
    let mut subtasks: HashMap<u64, Vec<u64>> = HashMap::new();
    for issue in state.issues.values().filter(|issue| state.issue_types[issue.issue_type].subtask) {
        if let Some(parent) = issue.parent {
            subtasks.entry(parent).or_default().push(issue.id);
        }
    }
    subtasks
}
