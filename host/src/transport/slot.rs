//! Where an answer of the host's is left, and the waker of whoever waits for it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use usher_adapter_abi::Reply;

/// A place for one answer.
///
/// Foreign code (cloning, waking or dropping a waker) never runs while the lock is held.
#[derive(Default)]
pub(crate) struct Slot(Mutex<State>);

#[derive(Default)]
struct State {
    reply: Option<Reply>,
    waker: Option<Waker>,
}

impl Slot {
    /// Leaves the answer.
    pub(crate) fn leave(&self, reply: Reply) {
        self.state().reply = Some(reply);
    }

    /// Takes the waker of whoever waits, to wake or drop it where foreign code may run.
    pub(crate) fn take_waker(&self) -> Option<Waker> {
        self.state().waker.take()
    }

    /// Returns the answer, or remembers who waits for it; runs on the thread of the foreign code.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<Reply> {
        let mut waker = Some(context.waker().clone());
        let reply = {
            let mut state = self.state();
            let reply = state.reply.take();
            if reply.is_none() {
                std::mem::swap(&mut state.waker, &mut waker);
            }
            reply
        };
        // The waker of an earlier poll ends here, outside the lock.
        drop(waker);
        reply.map_or(Poll::Pending, Poll::Ready)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
