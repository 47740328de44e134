//! A process that confined itself tries what it may not and does what it may.
//!
//! Each test is a scene: this program starts itself again, the child confines itself while it has one thread, plays the
//! scene and complains by panicking; the parent looks at how it ended and at what is left. `scenes.rs` has the scenes.
#![allow(
    clippy::unwrap_used,
    reason = "a scene complains by panicking, and is no `#[test]` only because it needs a process of its own"
)]

#[cfg(target_os = "linux")]
mod scenes;
#[cfg(target_os = "linux")]
mod stage;
#[cfg(target_os = "linux")]
mod system;

#[cfg(target_os = "linux")]
fn main() {
    match stage::Stage::of_child() {
        Some((scene, stage)) => (scene.play)(&stage),
        None => stage::run(),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {}
