//! Disks that are full: what the host keeps for itself is written whole or not at all, and what cannot be written is said.
//!
//! A limit on the size of files stands for the full disk: files can be made, and every byte that is written to one is refused.

use std::{collections::BTreeMap, fs, path::Path};

use usher_tests::{Run, World};

const MINIMAL: &str = "adapters/libusher_example_minimal.so";

/// Where copies of libraries are, and what is known about them.
const STORE: &str = ".cache/usher/adapters";
const LEDGER: &str = ".local/state/usher/adapters";

fn world(adapters: &str) -> World {
    let world = World::new();
    world.config(&format!("[adapters]\n{adapters}\n"));
    world.drop_in("usher_example_minimal");
    world
}

/// Runs the program where no byte can be written to a file.
fn without_room(world: &World, arguments: &[&str]) -> Run {
    world.run_below("trap '' XFSZ; ulimit -f 0", arguments)
}

/// Returns every file below a folder with its bytes; locks that stay and are empty are none.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let bytes = if path.is_dir() { continue } else { fs::read(&path).unwrap() };
        if !path.ends_with("ledger.lock") {
            files.insert(path.display().to_string(), bytes);
        }
    }
    files
}

#[test]
fn an_approval_that_cannot_be_written_changes_nothing_and_is_one_clear_error() {
    let world = world("trust = \"pinned\"");
    world.run(&["adapter", "approve", "minimal", "--yes"]).expect(0);
    world.run(&["get", "MINIMAL-1"]).expect(0);
    world.drop_in("usher_example_folder");
    let before = contents(&world.path(""));

    let run = without_room(&world, &["adapter", "approve", "folder", "--yes"]).expect(3);
    let error = run.stderr.lines().find(|line| line.starts_with("error: ")).unwrap();
    let lock = world.path("adapters.lock").display().to_string();
    assert!(error.contains(&format!("{lock} cannot be written: File too large")), "{run:#?}");
    assert!(!error.contains("at path"), "no name of a file that is gone: {error}");
    assert!(run.stderr.contains("Nothing was approved") && run.stderr.contains("ulimit -f"), "{run:#?}");
    assert_eq!(contents(&world.path("")), before, "neither lost nor cut, and nothing is left beside it");

    // What was approved before still counts, and whoever only reads goes on.
    for arguments in
        [&["adapter", "list"][..], &["adapter", "show", "folder"], &["get", "MINIMAL-1"], &["connection", "list"]]
    {
        without_room(&world, arguments).expect(0);
    }
    world.run(&["adapter", "approve", "folder", "--yes"]).expect(0);
}

#[test]
fn a_first_approval_that_cannot_be_written_leaves_no_lock_file() {
    let world = world("trust = \"pinned\"");
    without_room(&world, &["adapter", "approve", "minimal", "--yes"]).expect(3);
    assert!(!world.path("adapters.lock").exists());
    world.run(&["get", "MINIMAL-1"]).expect(2);
}

#[test]
fn a_library_that_cannot_be_copied_is_not_opened_and_the_place_is_named() {
    let world = world("");
    let run = without_room(&world, &["get", "MINIMAL-1"]).expect(3);
    assert!(run.stderr.contains(MINIMAL) && run.stderr.contains(STORE), "{run:#?}");
    assert!(run.stderr.contains("File too large") && !run.stderr.contains("at path"), "{run:#?}");
    assert!(run.stderr.contains("ulimit -f") && run.stderr.contains("XDG_CACHE_HOME"), "{run:#?}");
    assert_eq!(contents(&world.path(STORE)), BTreeMap::new(), "no half of a copy");
    for arguments in [&["adapter", "list"][..], &["adapter", "show", "minimal"], &["resolve", "MINIMAL-1"]] {
        without_room(&world, arguments).expect(0);
    }
    // That the disk was full is nothing against the file.
    world.run(&["get", "MINIMAL-1"]).expect(0);
    // And once there is a copy, none has to be written.
    without_room(&world, &["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn a_ledger_that_cannot_be_written_is_said_and_keeps_nobody_from_reading() {
    let world = world("");
    world.run(&["get", "MINIMAL-1"]).expect(0);
    fs::remove_dir_all(world.path(LEDGER)).unwrap();
    let run = without_room(&world, &["get", "MINIMAL-1"]).expect(0);
    let said: Vec<&str> = run.stderr.lines().filter(|line| line.contains("cannot be kept")).collect();
    let [said] = said[..] else { panic!("{run:#?}") };
    assert!(said.contains(LEDGER) && said.contains(".json cannot be written: File too large"), "{said}");
    assert!(said.contains("ulimit -f") && !said.contains("at path"), "{said}");
    assert_eq!(contents(&world.path(LEDGER)), BTreeMap::new());
    // What is known already needs no writing.
    world.run(&["get", "MINIMAL-1"]).expect(0);
    let run = without_room(&world, &["get", "MINIMAL-1"]).expect(0);
    assert_eq!(run.stderr, "", "{run:#?}");
}

#[test]
fn what_stands_in_the_ledger_is_not_lost_when_more_cannot_be_written() {
    let world = World::new();
    world.drop_in("aborts");
    for _ in 0..3 {
        world.run(&["get", "ABORTS-1"]).expect(9);
    }
    let state = || {
        let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
        rows.as_array().unwrap().iter().find(|row| row["id"] == "villain-aborts").unwrap()["state"].clone()
    };
    assert_eq!(state(), "quarantined");
    let before = contents(&world.path(LEDGER));
    let run = without_room(&world, &["adapter", "unquarantine", "villain-aborts"]).expect(1);
    assert!(run.stderr.contains("nothing has changed") && run.stderr.contains(LEDGER), "{run:#?}");
    assert_eq!(contents(&world.path(LEDGER)), before);
    assert_eq!(state(), "quarantined");

    // A crash that cannot be written down is still an ordinary error, and is said to be forgotten.
    world.run(&["adapter", "unquarantine", "villain-aborts"]).expect(0);
    let before = contents(&world.path(LEDGER));
    let run = without_room(&world, &["get", "ABORTS-1"]).expect(9);
    assert!(run.stderr.contains("SIGABRT") && run.stderr.contains("cannot be kept"), "{run:#?}");
    assert_eq!(contents(&world.path(LEDGER)), before);
}
