//! Folders that only their owner may look into.

use std::{fs::DirBuilder, io, path::Path};

/// Makes a folder, and those above it, for its owner alone; one that is there already stays as it is.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
