//! Finding, listing and showing adapters, without running any of them.

use std::{fs, process::Command};

use usher_tests::{World, plugins};

#[test]
fn drop_ins_are_listed_with_their_isolation() {
    let world = World::new();
    world.drop_in("usher_example_folder");
    world.drop_in("usher_example_minimal");
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    let rows = run.json();
    let ids: Vec<&str> = rows.as_array().unwrap().iter().filter_map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, ["azure-devops", "folder", "github", "jira", "linear", "minimal", "monday", "trello"]);
    let row = |rows: &serde_json::Value, id: &str| {
        rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone()
    };
    let folder = row(&rows, "folder");
    assert_eq!((&folder["isolation"], &folder["state"]), (&"worker".into(), &"ready".into()));
    assert_eq!(folder["sha256"].as_str().unwrap().len(), 64);
    world.config("[adapters.minimal]\nisolation = \"in-process\"\n");
    let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let minimal = row(&rows, "minimal");
    assert_eq!((&minimal["isolation"], minimal.get("sandbox")), (&"in-process".into(), None));
}

#[test]
fn identical_files_count_as_one() {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    let file = plugins::library("usher_example_minimal");
    fs::copy(&file, world.path("adapters").join("another_name.so")).unwrap();
    std::os::unix::fs::symlink(&file, world.path("adapters").join("a_link.so")).unwrap();
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    let rows = run.json();
    let found = rows.as_array().unwrap().iter().filter(|row| row["id"] == "minimal");
    assert_eq!(found.count(), 1, "{run:#?}");
}

#[test]
fn what_is_not_a_library_is_refused_beside_the_others() {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    let adapters = world.path("adapters");
    let library = fs::read(plugins::library("usher_example_minimal")).unwrap();
    fs::write(adapters.join("text.so"), "not a library").unwrap();
    fs::write(adapters.join("empty.so"), "").unwrap();
    fs::write(adapters.join("truncated.so"), &library[..library.len() / 2]).unwrap();
    let mut other_machine = library;
    other_machine[18] = 0xb7; // the machine of an ELF header: aarch64
    fs::write(adapters.join("machine.so"), other_machine).unwrap();
    fs::create_dir(adapters.join("folder.so")).unwrap();
    std::os::unix::fs::symlink("loop.so", adapters.join("loop.so")).unwrap();
    std::os::unix::fs::symlink("nowhere", adapters.join("dangling.so")).unwrap();
    fs::write(adapters.join("notes.txt"), "no library by its name").unwrap();
    let run = world.run(&["adapter", "list"]).expect(0);
    for reason in [
        "text.so is not a shared library",
        "empty.so is empty",
        "truncated.so is ",
        "machine.so was built for aarch64",
        "folder.so is not a regular file",
        "loop.so cannot be read",
        "dangling.so cannot be read",
    ] {
        assert!(run.stderr.contains(reason), "{reason}: {run:#?}");
    }
    assert!(!run.stderr.contains("notes.txt") && run.stdout.contains("minimal"), "{run:#?}");
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn a_file_that_is_overwritten_while_it_is_used_does_no_harm() {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    world.run(&["get", "MINIMAL-1"]).expect(0);
    fs::write(world.path("adapters").join("libusher_example_minimal.so"), "overwritten").unwrap();
    world.run(&["get", "MINIMAL-1"]).expect(2);
    world.drop_in("usher_example_minimal");
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn listing_opens_no_library_and_a_request_opens_only_its_own() {
    if Command::new("strace").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "strace is missing: `.ci/run` installs it");
        eprintln!("strace is not installed: this was not checked");
        return;
    }
    let world = World::new();
    world.drop_in("usher_example_folder");
    world.drop_in("usher_example_minimal");
    let opened = |arguments: &[&str]| {
        let program = world.usher();
        let mut strace = Command::new("strace");
        strace.args(["-f", "-e", "trace=mmap,openat", "-o"]).arg(world.path("trace"));
        strace.arg(program.get_program()).args(program.get_args()).args(arguments);
        strace.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        strace.current_dir(world.path("")).output().unwrap();
        let trace = fs::read_to_string(world.path("trace")).unwrap();
        // What the loader opens is a copy in the store, under its digest.
        let is_copy = |line: &&str| line.contains("/usher/adapters/") && line.contains(".so\"");
        trace.lines().filter(|line| is_copy(line) && line.contains("O_CLOEXEC")).count()
    };
    assert_eq!(opened(&["adapter", "list"]), 0);
    assert_eq!(opened(&["resolve", "MINIMAL-1"]), 0);
    assert!(opened(&["get", "MINIMAL-1"]) > 0);
    let copies = fs::read_dir(world.path(".cache/usher/adapters")).unwrap();
    let copies =
        copies.filter(|copy| copy.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "so")).count();
    assert_eq!(copies, 1, "only the adapter that was needed is copied and opened");
}

#[test]
fn a_folder_that_was_named_and_is_not_there_is_said() {
    let world = World::new();
    let run = world.run(&["adapter", "list", "--adapter-path", "no-such-folder"]).expect(0);
    assert!(run.stderr.contains("no-such-folder is not there"), "{run:#?}");
    let run = world.run(&["get", "MINIMAL-1", "--adapter-path", "no-such-folder"]).expect(2);
    assert!(run.stderr.contains("Not used: 1 (see `usher adapter list`)"), "{run:#?}");
    // The folders that are looked at without being named need not be there.
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    assert!(run.json().as_array().unwrap().iter().all(|row| row["origin"] == "built-in"), "{run:#?}");
}

#[test]
fn an_adapter_shows_what_it_needs() {
    let world = World::new();
    world.drop_in("usher_example_folder");
    let run = world.run(&["adapter", "show", "folder"]).expect(0);
    assert!(run.stdout.contains("path") && run.stdout.contains("files"), "{run:#?}");
    let run = world.run(&["adapter", "show", "nobody"]).expect(2);
    assert!(run.stderr.contains("Installed: azure-devops, folder, github, jira, linear, monday, trello."), "{run:#?}");
}

#[test]
fn folders_come_from_flag_environment_configuration_and_user_data() {
    let world = World::new();
    let folders = ["flag", "environment", "configured"];
    let library = plugins::library("usher_example_minimal");
    for folder in folders {
        let folder = world.path(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::copy(&library, folder.join("a.so")).unwrap();
        let mut command = world.usher();
        match folder.file_name().unwrap().to_str().unwrap() {
            "flag" => command.arg("--adapter-path").arg(&folder),
            "environment" => command.env("USHER_ADAPTER_PATH", &folder),
            _ => {
                world.config("[adapters]\npath = \"configured\"\n");
                command = world.usher();
                &mut command
            }
        };
        command.args(["adapter", "list", "--json"]);
        let run = usher_tests::world::finish(command, "").expect(0);
        let file = folder.join("a.so");
        let rows = run.json();
        let files: Vec<&str> = rows.as_array().unwrap().iter().filter_map(|row| row["file"].as_str()).collect();
        assert_eq!(files, [file.to_str().unwrap()], "{run:#?}");
    }
    let world = World::new();
    let program = world.path("bin/usher");
    fs::create_dir_all(world.path("bin/adapters")).unwrap();
    fs::copy(plugins::program(), &program).unwrap();
    fs::copy(&library, world.path("bin/adapters/a.so")).unwrap();
    let mut command = Command::new(&program);
    command.env_clear().env("HOME", world.path("")).args(["adapter", "list", "--json"]);
    let run = usher_tests::world::finish(command, "").expect(0);
    let has_minimal = |rows: serde_json::Value| rows.as_array().unwrap().iter().any(|row| row["id"] == "minimal");
    assert!(has_minimal(run.json()), "{run:#?}");
    let world = World::new();
    let data = world.path(".local/share/usher/adapters");
    fs::create_dir_all(&data).unwrap();
    fs::copy(&library, data.join("a.so")).unwrap();
    assert!(has_minimal(world.run(&["adapter", "list", "--json"]).expect(0).json()));
}
