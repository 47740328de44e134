//! The form of a manifest that was checked when the program was built, for adapters that are linked into it: TOML is read and
//! expressions are compiled once, by the build, and not by each start of the program.
//!
//! Nothing of it leaves the program. What libraries carry is the text, see [`crate::record`].

use crate::manifest::Manifest;

impl Manifest {
    /// Returns the manifest in the form that [`Manifest::from_binary`] of the same version of this package reads.
    pub fn to_binary(&self) -> Result<Vec<u8>, String> {
        rmp_serde::to_vec_named(self).map_err(|error| error.to_string())
    }

    /// Returns the manifest that [`Manifest::to_binary`] wrote. It is not checked again: this is not for what others wrote.
    pub fn from_binary(bytes: &[u8]) -> Result<Self, String> {
        rmp_serde::from_slice(bytes).map_err(|error| error.to_string())
    }
}
