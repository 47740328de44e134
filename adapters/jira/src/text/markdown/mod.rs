//! Markdown, as GitHub reads it: into the tree (`read`) and from it (`write`).

mod escape;
mod inline;
mod read;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;
