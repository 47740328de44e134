//! Builds the program and the drop-ins, once for all tests, with the profile of the tests.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests live in a folder of the workspace")
}

/// The folder with everything that was built.
pub fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let (target, profile) = target_and_profile();
        // All at once: then cargo gives each dependency the features that it has in `cargo test --workspace`, and next to
        // nothing is compiled again. A library of two crate types is left under `deps/` unless it is named or one of all.
        cargo(&target, &profile, &["build", "--workspace", "--lib", "--bins", "--examples"]);
        target.join(&profile)
    })
}

/// Returns the file of a drop-in: an example's (`usher_example_folder`), a platform's (`usher_adapter_github`) or a villain's
/// (`panics_in_poll`).
pub fn library(name: &str) -> PathBuf {
    let file = format!("{}{name}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let places = [built().join(&file), built().join("examples").join(&file)];
    places.into_iter().find(|place| place.is_file()).unwrap_or_else(|| panic!("{file} was not built"))
}

/// Builds a drop-in against a fork of the ABI, which is a workspace of its own, and returns its file.
pub fn forked_library() -> PathBuf {
    let built = other_workspace("tests/villains/forked-abi", "forked-abi");
    built.join(format!("{}diverging_layout{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX))
}

/// Returns the folder with what was built against the ABIs of other times: the frozen one, and the simulated ones.
pub fn other_abis() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        for version in ["v1.0", "v1.1"] {
            other_workspace(&format!("tests/abi/{version}"), "abi");
        }
        other_workspace("tests/abi/v1.0.1", "abi")
    })
}

/// Builds a workspace with an ABI package of its own, and returns the folder with what was built.
///
/// Workspaces may share a target folder, so that what they depend on is compiled once. Two whose ABI packages have one
/// version must not: to cargo those are one package.
fn other_workspace(folder: &str, target_folder: &str) -> PathBuf {
    let (target, _) = target_and_profile();
    let target = target.join(target_folder);
    let manifest = workspace().join(folder).join("Cargo.toml");
    let mut command = command();
    command.args(["build", "--quiet", "--locked", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(&target);
    assert!(command.status().expect("cargo can be started").success(), "{folder} could not be built");
    target.join("debug")
}

/// Builds an adapter that is a workspace of its own, as a stranger's is, and returns the library.
///
/// It is built as what is dropped in, and by name: a library of two crate types is left under `deps/` otherwise.
pub fn outside(folder: &str, name: &str) -> PathBuf {
    let target = target_and_profile().0.join("outside");
    let mut command = command();
    command.current_dir(workspace().join(folder)).args([
        "rustc",
        "--quiet",
        "--locked",
        "--lib",
        "--crate-type",
        "cdylib",
    ]);
    let status = command.arg("--target-dir").arg(&target).status().expect("cargo can be started");
    assert!(status.success(), "{folder} could not be built");
    target.join("debug").join(format!("{}{name}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX))
}

/// Returns the program.
pub fn program() -> PathBuf {
    built().join(format!("usher{}", env::consts::EXE_SUFFIX))
}

/// Returns the target folder and the profile's folder in it, as this test itself was built.
pub fn target_and_profile() -> (PathBuf, String) {
    let this = env::current_exe().expect("a test has a path");
    let mut folders = this.ancestors().skip(1);
    let profile = folders.find(|folder| folder.file_name().is_some_and(|name| name != "deps"));
    let profile = profile.expect("a test lies in target/PROFILE/deps");
    let name = profile.file_name().and_then(|name| name.to_str()).expect("a profile has a name");
    (profile.parent().expect("a profile lies in a target folder").to_owned(), name.to_owned())
}

/// What cargo tells a test of the test's own package, by the beginnings of the names.
const OF_THIS_TEST: &[&str] = &["CARGO_BIN_", "CARGO_CRATE_NAME", "CARGO_MANIFEST_", "CARGO_PKG_", "OUT_DIR"];

/// Returns cargo, as if it was called from a shell: build scripts that read such a variable (that of `ring` does) would run
/// again, and everything that depends on them would be compiled again, here and in the next build from a shell.
fn command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let names = env::vars_os().map(|(name, _)| name);
    let told = names
        .filter(|name| OF_THIS_TEST.iter().any(|beginning| name.as_encoded_bytes().starts_with(beginning.as_bytes())));
    told.for_each(|name| {
        command.env_remove(name);
    });
    command
}

fn cargo(target: &Path, profile: &str, arguments: &[&str]) {
    let profile = if profile == "debug" { "dev" } else { profile };
    let mut command = command();
    command.current_dir(workspace()).args(arguments);
    command.args(["--quiet", "--profile", profile, "--target-dir"]).arg(target);
    let status = command.status().expect("cargo can be started");
    assert!(status.success(), "cargo {} failed", arguments.join(" "));
}
