//! The one line that makes a crate an adapter.

/// Makes the crate an adapter that can be linked in and dropped in.
///
/// `adapter!(MyAdapter);` reads `adapter.toml` beside `Cargo.toml`; a wrong manifest fails the build and
/// names its line. Several adapters of one crate are given as one list, each with its manifest:
/// `adapter!(Cloud = "cloud.toml", Server = "server.toml");`. Use it once in a crate.
///
/// Built as a `cdylib` the crate is a drop-in; linked into a host as an `rlib` it is built in.
#[macro_export]
macro_rules! adapter {
    ($adapter:ty $(,)?) => {
        $crate::adapter!($adapter = "adapter.toml");
    };
    ($($adapter:ty = $manifest:literal),+ $(,)?) => {
        const _: () = {
            #[cfg(panic = "abort")]
            ::core::compile_error!(
                "an adapter must be built with `panic = \"unwind\"`: with `abort` its first panic would end the host"
            );

            struct Adapters;

            impl $crate::boundary::AdapterSet for Adapters {
                const ADAPTERS: &'static [$crate::boundary::AdapterEntry] = &[$({
                    const MANIFEST: (&str, &[u8], &[u8]) = $crate::boundary::manifest_record!($manifest);
                    const LENGTH: usize = MANIFEST.1.len();
                    // What a host reads without running anything.
                    #[used]
                    #[allow(unsafe_code)]
                    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".usher"))]
                    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__usher"))]
                    static RECORD: [u8; LENGTH] = match MANIFEST.1.first_chunk::<LENGTH>() {
                        Some(record) => *record,
                        None => [0; LENGTH],
                    };
                    $crate::boundary::AdapterEntry {
                        id: MANIFEST.0,
                        record: MANIFEST.1,
                        checked: MANIFEST.2,
                        create: $crate::boundary::create::<$adapter>,
                    }
                }),+];
            }

            type Entry = $crate::boundary::EntryOf<Adapters>;

            $crate::boundary::inventory::submit! {
                $crate::boundary::BuiltIn {
                    adapters: <Adapters as $crate::boundary::AdapterSet>::ADAPTERS,
                    module: $crate::boundary::abi::linked::<Entry>,
                }
            }

            // The entry of a drop-in. The crate's name keeps many adapters in one program apart.
            #[allow(unsafe_code)]
            #[unsafe(export_name = ::core::concat!("usher_abi1_", ::core::env!("CARGO_CRATE_NAME")))]
            pub static HEADER: $crate::boundary::abi::abi_stable::library::LibHeader =
                $crate::boundary::abi::library_header::<Entry>();
        };
    };
}
