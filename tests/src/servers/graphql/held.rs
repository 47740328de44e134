//! A state that the fields of one operation look at and change in turn.

use std::cell::{Cell, RefCell};

/// The state, and whether the operation has changed it.
pub(in crate::servers) struct Held<'a, S> {
    state: RefCell<&'a mut S>,
    committed: Cell<bool>,
}

impl<'a, S> Held<'a, S> {
    pub(in crate::servers) fn new(state: &'a mut S) -> Self {
        Self { state: RefCell::new(state), committed: Cell::new(false) }
    }

    /// Lets somebody look at the state.
    pub(in crate::servers) fn look<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&self.state.borrow())
    }

    /// Lets somebody change the state; what they return was done.
    pub(in crate::servers) fn change<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E> {
        let changed = change(&mut self.state.borrow_mut())?;
        self.committed.set(true);
        Ok(changed)
    }

    /// Returns whether anything was written.
    pub(in crate::servers) fn committed(&self) -> bool {
        self.committed.get()
    }
}
