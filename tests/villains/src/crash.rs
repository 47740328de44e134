//! Ends of a process that no library can catch.

#![allow(unsafe_code, reason = "a villain touches memory that is not its own")]

use std::{hint::black_box, process, ptr};

/// Writes to the page at address 0, where no system has memory: a segmentation fault.
pub fn segfault() -> ! {
    // Not the null pointer itself, since the compiler may put a panic in its place.
    let nowhere = ptr::without_provenance_mut::<u64>(8);
    // SAFETY: there is none in this, and that is the point: the processor refuses it.
    unsafe { nowhere.write_volatile(1) };
    // A machine that allows this has no other way to end.
    process::abort()
}

/// Calls itself until the stack is full.
pub fn overflow_stack() -> u64 {
    deeper(black_box(0))
}

#[allow(unconditional_recursion, reason = "it is a villain")]
fn deeper(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    // The sum comes after the call, so that the call cannot become a loop.
    deeper(depth + 1).wrapping_add(black_box(frame)[0])
}
