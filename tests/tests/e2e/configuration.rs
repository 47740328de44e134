//! Configuration: what is wrong is named with its line, and one broken connection fails only itself.

use std::fs;

use usher_tests::{World, world};

#[test]
fn a_typo_in_a_key_is_named_with_file_line_and_choices() {
    let world = World::with_samples();
    world.config("[connections.work]\nadaptr = \"folder\"\n");
    let run = world.run(&["get", "SHOP-1", "--in", "work"]).expect(3);
    assert!(run.stderr.contains("usher.toml:2:") && run.stderr.contains("adapter"), "{run:#?}");
    let run = world.run(&["config", "validate"]).expect(3);
    assert!(run.stdout.contains("usher.toml:2:"), "{run:#?}");
    world.config("[connectoins.work]\nadapter = \"folder\"\n");
    let run = world.run(&["list"]).expect(3);
    assert!(run.stderr.contains("usher.toml:1:") && run.stderr.contains("connections"), "{run:#?}");
}

#[test]
fn configurations_that_cannot_be_read_are_one_error_each() {
    let world = World::new();
    fs::create_dir(world.path("folder.toml")).unwrap();
    fs::write(world.path("binary.toml"), b"\xff\xfe\x00").unwrap();
    fs::write(world.path("strange.ini"), "").unwrap();
    std::os::unix::fs::symlink("loop.toml", world.path("loop.toml")).unwrap();
    let huge = fs::File::create(world.path("huge.toml")).unwrap();
    huge.set_len(1 << 30).unwrap();
    for file in ["missing.toml", "folder.toml", "binary.toml", "strange.ini", "loop.toml", "huge.toml"] {
        let mut command = world.usher();
        command.args(["list", "--config", file]);
        let run = world::finish(command, "").expect(3);
        assert!(run.stderr.contains(file) && run.stderr.starts_with("error:"), "{run:#?}");
    }
}

#[test]
fn the_same_configuration_works_in_three_formats() {
    let world = World::with_samples();
    let texts = [
        (
            "a.yaml",
            "adapters:\n  folder:\n    grants:\n      filesystem: [\"tickets:rw\"]\n\
             connections:\n  work:\n    adapter: folder\n    options:\n      path: tickets\n",
        ),
        (
            "a.json",
            "{\"adapters\": {\"folder\": {\"grants\": {\"filesystem\": [\"tickets:rw\"]}}}, \
             \"connections\": {\"work\": {\"adapter\": \"folder\", \"options\": {\"path\": \"tickets\"}}}}",
        ),
        (
            "a.toml",
            "adapters.folder.grants.filesystem = [\"tickets:rw\"]\n\
             connections.work = { adapter = \"folder\", options = { path = \"tickets\" } }",
        ),
    ];
    fs::remove_file(world.path("usher.toml")).unwrap();
    for (file, text) in texts {
        fs::write(world.path(file), text).unwrap();
        let mut command = world.usher();
        command.env("USHER_CONFIG", world.path(file)).args(["get", "SHOP-1", "--jsonl"]);
        world::finish(command, "").expect(0);
    }
}

#[test]
fn init_writes_a_file_for_its_owner_alone_and_never_over_another() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let file = world.path("new/usher.toml");
    let path = file.to_str().unwrap();
    world.run(&["config", "init", path]).expect(0);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    world.run(&["config", "init", path]).expect(3);
    world.run(&["config", "init", path, "--force"]).expect(0);
    world.run(&["config", "validate", "--config", path]).expect(0);
}

#[test]
fn secrets_are_stars_wherever_they_would_be_shown() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&format!("{config}\n[connections.work.auth]\ntoken = \"hunter2-hunter2\"\n"));
    for arguments in [
        &["config", "show"][..],
        &["config", "show", "--json"],
        &["config", "validate"],
        &["connection", "list", "--json"],
        &["get", "SHOP-1", "-vv", "--json"],
    ] {
        let run = world.run(arguments);
        assert!(!run.stdout.contains("hunter2") && !run.stderr.contains("hunter2"), "{run:#?}");
    }
}

#[test]
fn an_isolation_that_does_not_exist_is_an_error_with_the_choices() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&config.replace("[connections.work]", "[adapters.minimal]\nisolation = \"vm\"\n\n[connections.work]"));
    let run = world.run(&["list"]).expect(3);
    assert!(run.stderr.contains("worker, in-process"), "{run:#?}");
}

#[test]
fn the_schema_is_json() {
    let run = World::new().run(&["config", "schema"]).expect(0);
    assert!(run.json()["properties"]["connections"].is_object(), "{run:#?}");
}
