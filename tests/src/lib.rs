//! What the end-to-end tests share: the drop-ins, built once, and a small world to run the program in.

pub mod plugins;
pub mod world;

pub use world::{Run, World};
