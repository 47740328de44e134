//! What a platform looks up in place of going through everything: kept beside the state, and only as long as it is true.

use std::{
    cell::RefCell,
    collections::HashMap,
    hash::Hash,
    ops::{Deref, DerefMut},
    sync::Arc,
};

/// A state and what was looked up in it. Whoever may change the state makes the index void.
#[derive(Debug)]
pub(super) struct Indexed<S, I> {
    state: S,
    index: I,
}

impl<S, I: Default> Indexed<S, I> {
    pub(super) fn new(state: S) -> Self {
        Self { state, index: I::default() }
    }

    pub(super) fn index(&self) -> &I {
        &self.index
    }
}

impl<S, I> Deref for Indexed<S, I> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S, I: Default> DerefMut for Indexed<S, I> {
    fn deref_mut(&mut self) -> &mut S {
        self.index = I::default();
        &mut self.state
    }
}

/// What searches found, by what was asked: whoever pages through a long list asks the same again and again.
#[derive(Debug)]
pub(super) struct Results<Q, T>(RefCell<HashMap<Q, Arc<[T]>>>);

impl<Q: Eq + Hash, T> Results<Q, T> {
    /// Returns what was found the last time, or finds it.
    pub(super) fn get<E>(&self, asked: Q, find: impl FnOnce() -> Result<Vec<T>, E>) -> Result<Arc<[T]>, E> {
        if let Some(known) = self.0.borrow().get(&asked) {
            return Ok(Arc::clone(known));
        }
        let found: Arc<[T]> = find()?.into();
        self.0.borrow_mut().insert(asked, Arc::clone(&found));
        Ok(found)
    }
}

impl<Q, T> Default for Results<Q, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_kept_until_the_state_may_have_changed() {
        let mut numbers: Indexed<Vec<u8>, Results<&str, u8>> = Indexed::new(vec![1, 2, 3]);
        let odd = |numbers: &Indexed<Vec<u8>, Results<&'static str, u8>>| {
            let find = || Ok::<_, ()>(numbers.iter().copied().filter(|number| number % 2 == 1).collect());
            numbers.index().get("odd", find).expect("a result")
        };
        let (first, second) = (odd(&numbers), odd(&numbers));
        assert!(Arc::ptr_eq(&first, &second), "nothing was looked for twice");
        numbers.push(5);
        assert_eq!((&*first, &*odd(&numbers)), (&[1, 3][..], &[1, 3, 5][..]));
    }

    #[test]
    fn what_was_refused_is_not_kept() {
        let results: Results<&str, u8> = Results::default();
        assert_eq!(results.get("x", || Err("no")), Err("no"));
        assert_eq!(results.get("x", || Ok::<_, &str>(vec![1])).as_deref(), Ok(&[1][..]));
    }
}
