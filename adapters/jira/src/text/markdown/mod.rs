//! Markdown, as GitHub reads it: into the tree (`read`) and from it (`write`).

mod escape;
mod inline;
mod read;
mod write;

#[cfg(test)]
pub(crate) use read::read;
pub(crate) use read::{Meant, meant};
pub(crate) use write::write;
