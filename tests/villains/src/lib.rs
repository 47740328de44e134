//! Bad adapters, built as real shared libraries for the end-to-end tests.
//!
//! Each villain is an example of this package in a folder of its own, with its manifest beside it; `README.md`
//! lists them all and says what a host must do. This library holds what they share: [`Villain`], an adapter that
//! behaves except where it is told not to; [`raw`], for answers that the SDK would not let through; [`tries`], for what a
//! confined process must be refused; and the macros that put a library together piece by piece.

pub mod crash;
pub mod descriptors;
pub mod frames;
pub mod raw;
pub mod record;
pub mod thread;
pub mod tries;
mod villain;

pub use usher_adapter_sdk as sdk;
pub use villain::{Disguised, Honest, Villain, ticket};

/// Puts bytes into the link section in which a host looks for manifest records.
#[macro_export]
macro_rules! section {
    ($bytes:expr) => {
        const _: () = {
            const BYTES: &[u8] = $bytes;
            const LENGTH: usize = BYTES.len();
            #[used]
            #[allow(unsafe_code, reason = "as `adapter!` does it")]
            #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".usher"))]
            #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__usher"))]
            static SECTION: [u8; LENGTH] = match BYTES.first_chunk::<LENGTH>() {
                Some(bytes) => *bytes,
                None => [0; LENGTH],
            };
        };
    };
}

/// Declares a set of one adapter: its id, the record that its running code answers, and how it is made.
#[macro_export]
macro_rules! adapters {
    ($name:ident { id: $id:expr, record: $record:expr, create: $create:expr $(,)? }) => {
        struct $name;

        impl $crate::sdk::boundary::AdapterSet for $name {
            const ADAPTERS: &'static [$crate::sdk::boundary::AdapterEntry] =
                &[$crate::sdk::boundary::AdapterEntry { id: $id, record: $record, checked: &[], create: $create }];
        }
    };
}

/// Exports the library header under the entry symbol of this ABI.
#[macro_export]
macro_rules! entry {
    ($entry:ty) => {
        const _: () = {
            #[allow(unsafe_code, reason = "as `adapter!` does it")]
            #[unsafe(export_name = ::core::concat!("usher_abi1_", ::core::env!("CARGO_CRATE_NAME")))]
            pub static HEADER: $crate::sdk::boundary::abi::abi_stable::library::LibHeader =
                $crate::sdk::boundary::abi::library_header::<$entry>();
        };
    };
}

/// Returns id and record of a manifest, whose path is relative to this package's `Cargo.toml`.
#[macro_export]
macro_rules! manifest {
    ($path:literal) => {{
        const MANIFEST: (&str, &[u8], &[u8]) = $crate::sdk::boundary::manifest_record!($path);
        (MANIFEST.0, MANIFEST.1)
    }};
}

/// Returns the record of a manifest that says more or less than the truth.
///
/// A package has one version, and `adapter!` takes it from there; a record made here can name any other.
#[macro_export]
macro_rules! record {
    (version: $version:expr, toml: $toml:expr $(,)?) => {
        $crate::record!(crate_name: ::core::env!("CARGO_CRATE_NAME"), version: $version, toml: $toml)
    };
    (crate_name: $crate_name:expr, version: $version:expr, toml: $toml:expr $(,)?) => {{
        const TEXTS: [&str; 5] =
            [$crate_name, ::core::env!("CARGO_PKG_NAME"), $version, $crate::sdk::VERSION, $toml];
        const BYTES: [u8; $crate::record::length(&TEXTS)] = $crate::record::encode(&TEXTS);
        &BYTES as &[u8]
    }};
}

/// Makes a library whose adapter answers with a function of its own, past everything that the SDK does for authors.
#[macro_export]
macro_rules! raw_villain {
    ($manifest:literal, $answer:path) => {
        const MANIFEST: (&str, &[u8]) = $crate::manifest!($manifest);
        $crate::section!(MANIFEST.1);
        $crate::adapters!(Adapters {
            id: MANIFEST.0,
            record: MANIFEST.1,
            create: |config, host| ::core::result::Result::Ok($crate::raw::adapter(config, host, $answer)),
        });
        $crate::entry!($crate::sdk::boundary::EntryOf<Adapters>);
    };
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use usher_adapter_manifest::Manifest;

    /// Whose manifests are at fault on purpose.
    const FAULTY: &[&str] = &["bad_toml_manifest", "future_manifest"];

    /// Returns the folders of the villains.
    fn villains() -> BTreeSet<String> {
        let entries = fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap().map(|entry| entry.unwrap());
        let villains = entries.filter(|entry| entry.path().join("lib.rs").is_file() && entry.file_name() != "src");
        villains.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }

    fn text(path: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    }

    #[test]
    fn every_villain_is_built_and_has_a_row_in_the_readme() {
        let (cargo, readme) = (text("Cargo.toml"), text("README.md"));
        for villain in villains() {
            assert!(cargo.contains(&format!("\npath = \"{villain}/lib.rs\"\n")), "`{villain}` is no example");
            assert!(readme.contains(&format!("\n| `{villain}` | ")), "`{villain}` has no row");
        }
    }

    #[test]
    fn manifest_of_every_villain_can_be_read() {
        for villain in villains() {
            if FAULTY.contains(&villain.as_str()) {
                continue;
            }
            let manifest = Manifest::parse(&text(&format!("{villain}/adapter.toml")));
            let manifest = manifest.unwrap_or_else(|error| panic!("{villain}: {error}"));
            assert!(!manifest.operations.is_empty(), "{villain}");
        }
    }
}
