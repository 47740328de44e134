//! A crate outside the workspace that depends on the SDK alone: it builds, drops in and answers.

use std::{fs, process::Command};

use usher_tests::{Run, World, plugins};

/// Writes the forty lines of the SDK's README into a crate of its own.
fn stranger(world: &World, manifest: &str) {
    let source = plugins::workspace().join("examples/minimal");
    let folder = world.path("stranger");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::copy(source.join("src/lib.rs"), folder.join("src/lib.rs")).unwrap();
    fs::write(folder.join("adapter.toml"), manifest).unwrap();
    let cargo = format!(
        "[package]\nname = \"stranger\"\nversion = \"0.3.1\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"rlib\", \"cdylib\"]\n\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\n\
         usher-adapter-sdk = {{ path = {:?} }}\n\n\
         [profile.release]\nlto = \"fat\"\nstrip = \"symbols\"\n\n[profile.abort]\ninherits = \"dev\"\npanic = \"abort\"\n\n[workspace]\n",
        plugins::workspace().join("adapter-sdk")
    );
    fs::write(folder.join("Cargo.toml"), cargo).unwrap();
    fs::copy(plugins::workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

/// Builds the crate, with another toolchain if one is named.
pub(super) fn build(world: &World, toolchain: Option<&str>, profile: &str) -> Run {
    let (target, _) = plugins::target_and_profile();
    let mut command = Command::new("cargo");
    if let Some(toolchain) = toolchain {
        command.env("RUSTUP_TOOLCHAIN", toolchain).env_remove("RUSTC").env_remove("CARGO");
    }
    // A folder of its own below the target folder keeps what it builds for the next run.
    let target = target.join("stranger").join(toolchain.unwrap_or("default"));
    command.current_dir(world.path("stranger")).args(["rustc", "--quiet", "--lib", "--crate-type", "cdylib"]);
    command.args(["--profile", profile, "--target-dir"]).arg(&target);
    let run = usher_tests::world::finish(command, "");
    if run.code == Some(0) {
        let folder = if profile == "dev" { "debug" } else { profile };
        fs::copy(target.join(folder).join("libstranger.so"), world.path("adapters/stranger.so")).unwrap();
    }
    run
}

/// Builds as much of the crate as the compiler needs to complain.
fn check(world: &World, profile: &str) -> Run {
    let (target, _) = plugins::target_and_profile();
    let mut command = Command::new("cargo");
    command.current_dir(world.path("stranger")).args(["check", "--quiet", "--lib", "--profile", profile]);
    command.arg("--target-dir").arg(target.join("stranger").join("default"));
    usher_tests::world::finish(command, "")
}

pub(super) const MANIFEST: &str = "manifest = 1\nid = \"stranger\"\nname = \"Stranger\"\noperations = [\"get\"]\n\n\
     [[detect.id]]\npattern = 'MINIMAL-(?<number>[1-9][0-9]{0,8})'\nkey = \"MINIMAL-{number}\"\n";

/// A world with the stranger's crate in it.
pub(super) fn world() -> World {
    let world = World::new();
    stranger(&world, MANIFEST);
    world
}

#[test]
fn it_builds_as_release_with_lto_and_stripped_drops_in_and_answers() {
    let world = world();
    build(&world, None, "release").expect(0);
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    let rows = run.json();
    let stranger = rows.as_array().unwrap().iter().find(|row| row["id"] == "stranger").unwrap();
    assert_eq!(stranger["version"], "0.3.1", "{rows:#}");
    let run = world.run(&["get", "MINIMAL-2", "--json"]).expect(0);
    assert_eq!(run.json()["title"], "Say goodbye");
}

#[test]
fn a_wrong_manifest_fails_the_build_with_its_line() {
    let world = World::new();
    stranger(&world, &MANIFEST.replace("operations = [\"get\"]", "operations = [\"got\"]"));
    let run = check(&world, "dev");
    assert_ne!(run.code, Some(0));
    assert!(run.stderr.contains("adapter.toml: line 4"), "{run:#?}");
    stranger(&world, MANIFEST);
    fs::remove_file(world.path("stranger/adapter.toml")).unwrap();
    let run = check(&world, "dev");
    assert!(run.code != Some(0) && run.stderr.contains("every adapter has a manifest"), "{run:#?}");
}

#[test]
fn a_build_whose_panics_would_end_the_host_is_refused() {
    let world = world();
    let run = check(&world, "abort");
    assert!(run.code != Some(0) && run.stderr.contains("its first panic would end the host"), "{run:#?}");
}
