//! Which tickets of a list were there before, in little room: a list may have a million.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};

/// The native ids that were seen.
///
/// Of each id two hashes are kept that nobody can foresee, 128 bits: that two ids of a list of a million have the same is
/// less likely than once in 10^26 lists.
pub(super) struct Seen {
    hashers: [RandomState; 2],
    ids: HashSet<[u64; 2]>,
}

impl Seen {
    pub(super) fn new() -> Self {
        // The second one's keys are others than the first one's.
        Self { hashers: [RandomState::new(), RandomState::new()], ids: HashSet::new() }
    }

    /// Notes an id, and returns whether it is new.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        let hashes = self.hashers.each_ref().map(|hasher| hasher.hash_one(id));
        self.ids.insert(hashes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once_and_ids_are_told_apart() {
        let mut seen = Seen::new();
        for id in 0..100_000 {
            assert!(seen.insert(&id.to_string()), "{id}");
        }
        for id in 0..100_000 {
            assert!(!seen.insert(&id.to_string()), "{id}");
        }
        assert!(seen.ids.iter().all(|[one, other]| one != other), "the two hashes do not say the same twice");
    }
}
