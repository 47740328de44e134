//! What the end-to-end tests share: the drop-ins, built once, a small world to run the program in, and servers to talk to.

pub mod plugins;
pub mod servers;
pub mod world;

pub use world::{Run, World};
