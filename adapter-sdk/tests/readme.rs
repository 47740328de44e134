//! The forty lines of the README are the example that is built and loaded.

use std::{fs, path::Path};

#[test]
fn the_adapter_in_the_readme_is_the_minimal_example() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(sdk.join("README.md")).unwrap();
    let blocks = |language: &str| -> Vec<String> {
        let fence = format!("```{language}\n");
        readme.split(&fence).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
    };
    let example = sdk.join("../examples/minimal");
    let code =
        blocks("rust")[0].replace("adapter!(Minimal = \"../examples/minimal/adapter.toml\");", "adapter!(Minimal);");
    assert_eq!(code, fs::read_to_string(example.join("src/lib.rs")).unwrap());
    assert_eq!(blocks("toml")[0], fs::read_to_string(example.join("adapter.toml")).unwrap());
}

#[test]
fn sdk_and_macros_are_of_one_version() {
    // The manifest record names the SDK's version, and it is the macros that write it.
    let macros = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("macros/Cargo.toml")).unwrap();
    assert!(macros.contains(&format!("version = \"{}\"", usher_adapter_sdk::VERSION)), "{macros}");
}
