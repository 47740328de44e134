//! Panics stop here: they come back as errors that say where they happened.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    future::Future,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    pin::Pin,
    sync::Once,
    task::{Context, Poll},
};

use crate::{Error, ErrorKind, Result};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs the hook that remembers where a panic under guard happened; other panics go to the hook before.
///
/// Every copy of the standard library has a hook of its own: that of the host, and that of each drop-in.
pub fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if DEPTH.try_with(Cell::get).is_ok_and(|depth| depth > 0) {
                remember(info);
            } else {
                previous(info);
            }
        }));
    });
}

fn remember(info: &PanicHookInfo<'_>) {
    let location = info.location().map(ToString::to_string);
    let _ = LOCATION.try_with(|slot| slot.replace(location));
}

/// Runs foreign code; a panic in it is an error.
pub fn catch<T>(doing: &str, run: impl FnOnce() -> T) -> Result<T> {
    install_hook();
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    // A place that is left from a panic which the adapter caught itself is not that of the next one.
    LOCATION.with(|slot| slot.take());
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    DEPTH.with(|depth| depth.set(depth.get() - 1));
    outcome.map_err(|payload| panicked(doing, payload))
}

fn panicked(doing: &str, payload: Box<dyn Any + Send>) -> Error {
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "(a value that is not text)".to_owned(),
    };
    // Dropping a payload may panic again, and nobody could catch that.
    std::mem::forget(payload);
    let place = LOCATION.with(|slot| slot.take()).map_or(String::new(), |place| format!(" at {place}"));
    Error::new(ErrorKind::AdapterPanicked, format!("the adapter panicked in {doing}{place}: {text}"))
        .with_hint("This is a defect of the adapter; report it to whoever maintains it.")
}

/// A future whose polls and whose end are guarded.
pub struct Guarded<F> {
    future: Option<Pin<Box<F>>>,
    doing: &'static str,
}

impl<F> Guarded<F> {
    /// Puts a guard around a future.
    pub fn new(doing: &'static str, future: F) -> Self {
        Self { future: Some(Box::pin(future)), doing }
    }
}

impl<T, F: Future<Output = Result<T>>> Future for Guarded<F> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let doing = self.doing;
        let Some(future) = self.future.as_mut() else {
            return Poll::Ready(Err(Error::new(ErrorKind::AdapterPanicked, format!("{doing} is already over"))));
        };
        let outcome = match catch(doing, || future.as_mut().poll(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            Err(panic) => Err(panic),
        };
        // The future ends here and not when its box is dropped, so that a panic in its end is seen as well.
        let ended = catch(doing, || drop(self.future.take()));
        Poll::Ready(outcome.and_then(|value| ended.map(|()| value)))
    }
}

impl<F> Drop for Guarded<F> {
    fn drop(&mut self) {
        // A call that was cancelled has nobody left to tell.
        let _ = catch(self.doing, || drop(self.future.take()));
    }
}
