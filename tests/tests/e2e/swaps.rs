//! Drop-ins whose file becomes another one between being looked at and being opened, by their own hand and by others'.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use usher::registry::Store;
use usher_tests::{Run, World, plugins, world::left_behind_by};

const SWAPPED: &str = "adapters/libswaps_its_file.so";
const AGED: &str = "adapters/libaged.so";

fn sha256(world: &World, id: &str) -> String {
    let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id}: {rows}"));
    row["sha256"].as_str().unwrap().to_owned()
}

/// A world whose villain was granted the very folder that its own file lies in.
fn careless(trust: &str) -> World {
    let world = World::new();
    world.drop_in("swaps_its_file");
    world.config(&format!(
        "[adapters]\n{trust}\n[adapters.villain-swaps-its-file.grants]\nfilesystem = [\"adapters:rw\"]\n\
         [connections.own]\nadapter = \"villain-swaps-its-file\"\n[connections.own.options]\npath = \"adapters\"\n"
    ));
    world
}

fn title(run: &Run) -> String {
    run.json()["title"].as_str().unwrap_or_else(|| panic!("{run:#?}")).to_owned()
}

fn get(world: &World, number: u32) -> Run {
    world.run(&["get", &format!("own:SWAPS-ITS-FILE-{number}"), "--json"])
}

#[test]
fn a_drop_in_that_swaps_its_own_file_goes_on_as_what_was_checked_and_is_a_new_file_the_next_time() {
    for way in [1, 2] {
        let world = careless("");
        let before = sha256(&world, "villain-swaps-its-file");
        assert_eq!(title(&get(&world, way).expect(0)), "changed");
        let after = sha256(&world, "villain-swaps-its-file");
        assert_ne!(after, before);
        assert_eq!(copies(&world), BTreeSet::from([before.clone()]), "what ran is the copy that was checked");
        assert_eq!(title(&get(&world, 4).expect(0)), "An honest ticket");
        assert_eq!(copies(&world), BTreeSet::from([before, after]));
    }
}

#[test]
fn a_pinned_drop_in_that_swaps_its_own_file_waits_until_it_is_approved() {
    for way in [1, 2] {
        let world = careless("trust = \"pinned\"");
        world.run(&["adapter", "approve", "villain-swaps-its-file", "--yes"]).expect(0);
        assert_eq!(title(&get(&world, way).expect(0)), "changed");
        let run = get(&world, 4).expect(9);
        assert!(run.stderr.contains("changed since it was approved"), "{run:#?}");
        assert_eq!(copies(&world).len(), 1, "the new file was not even copied");
    }
}

#[test]
fn the_copy_that_a_drop_in_was_opened_from_is_out_of_its_reach() {
    let world = careless("");
    let title = title(&get(&world, 3).expect(0));
    assert!(title.starts_with("refused: "), "{title}");
    assert_eq!(copies(&world), BTreeSet::from([sha256(&world, "villain-swaps-its-file")]));
    assert!(fs::exists(world.path(SWAPPED)).unwrap());
}

/// Returns the digests of the libraries in the store, each of which must be what its name says.
fn copies(world: &World) -> BTreeSet<String> {
    let store = fs::read_dir(world.path(".cache/usher/adapters")).unwrap().map(|entry| entry.unwrap().path());
    let copies = store.filter(|copy| copy.extension().is_some_and(|ending| ending == "so"));
    let reader = Store::new(&world.path("elsewhere"));
    let check = |copy: PathBuf| {
        let name = copy.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(reader.digest(&copy).as_ref(), Ok(&name));
        name
    };
    copies.map(check).collect()
}

/// How one file is put in the place of another.
type Swap = fn(&Path, &Path);

/// All at once, as package managers do it.
fn by_rename(from: &Path, to: &Path) {
    let new = to.with_extension("new");
    fs::copy(from, &new).unwrap();
    fs::rename(new, to).unwrap();
}

/// By another link: the files themselves, and what the system says of them, stay as they are.
fn by_link(from: &Path, to: &Path) {
    let new = to.with_extension("new");
    symlink(from, &new).unwrap();
    fs::rename(new, to).unwrap();
}

/// Byte by byte, as `cp` does it: for a while the file is neither the one nor the other.
fn in_place(from: &Path, to: &Path) {
    fs::write(to, fs::read(from).unwrap()).unwrap();
}

/// How long each file stays, in milliseconds: from no time at all to about what a run takes.
const STAYS: [u64; 5] = [0, 3, 20, 70, 150];

/// Asks for a ticket again and again while two files take each other's place, and looks at each answer. It must have come
/// several times.
fn ask_while_swapping(world: &World, swap: Swap, mut look: impl FnMut(Run)) {
    /// Ends the swapping, also when a check fails.
    struct End<'a>(&'a AtomicBool);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let (is_over, place) = (AtomicBool::new(false), world.path(AGED));
    let versions = ["newer_a", "older_a"].map(plugins::library);
    thread::scope(|scope| {
        scope.spawn(|| {
            let swaps = versions.iter().cycle().zip(STAYS.iter().cycle());
            for (version, stay) in swaps.take_while(|_| !is_over.load(Ordering::Relaxed)) {
                swap(version, &place);
                thread::sleep(Duration::from_millis(*stay));
            }
        });
        let _end = End(&is_over);
        let (mut asked, mut answered) = (0, 0);
        while asked < 15 || answered < 3 {
            assert!(asked < 300, "answered {answered} times of {asked}");
            let run = world.run(&["get", "AGED-1", "--json"]);
            assert!(left_behind_by(run.id).is_empty(), "{run:#?}");
            (asked, answered) = (asked + 1, answered + u32::from(run.code == Some(0)));
            look(run);
        }
    });
}

/// A world with the older of the two files.
fn aged(trust: &str) -> World {
    let world = World::new();
    world.config(&format!("[adapters]\n{trust}\n"));
    fs::copy(plugins::library("older_a"), world.path(AGED)).unwrap();
    world
}

#[test]
fn while_a_file_is_swapped_what_runs_is_the_one_or_the_other() {
    for swap in [by_rename as Swap, by_link] {
        let world = aged("");
        let older = sha256(&world, "villain-aged");
        swap(&plugins::library("newer_a"), &world.path(AGED));
        let newer = sha256(&world, "villain-aged");
        ask_while_swapping(&world, swap, |run| match run.code {
            Some(0) => {
                let ticket = run.json();
                // What the file says of itself, and what its running code does.
                let version = ticket["provenance"]["version"].as_str().unwrap();
                assert_eq!(ticket["title"], format!("From version {version}"), "{run:#?}");
            }
            _ => {
                assert_eq!(run.code, Some(9), "{run:#?}");
                assert!(run.stderr.contains("changed while it was being loaded; try again"), "{run:#?}");
            }
        });
        assert!(copies(&world).is_subset(&BTreeSet::from([older, newer])));
    }
}

#[test]
fn while_a_file_is_swapped_what_is_pinned_is_the_only_one_that_runs() {
    for swap in [by_rename as Swap, by_link, in_place] {
        let world = aged("trust = \"pinned\"");
        world.run(&["adapter", "approve", "villain-aged", "--yes"]).expect(0);
        let approved = sha256(&world, "villain-aged");
        ask_while_swapping(&world, swap, |run| match run.code {
            Some(0) => assert_eq!(run.json()["title"], "From version 1.0.0", "{run:#?}"),
            // It waits, is unreadable for now, or has changed since it was looked at.
            code => assert!(matches!(code, Some(2 | 9)), "{run:#?}"),
        });
        let newer = Store::new(&world.path("elsewhere")).digest(&plugins::library("newer_a")).unwrap();
        assert!(!known(&world).contains(&newer), "the one that was not approved was never opened");
        by_rename(&plugins::library("older_a"), &world.path(AGED));
        assert_eq!(sha256(&world, "villain-aged"), approved);
        let run = world.run(&["get", "AGED-1", "--json"]).expect(0);
        assert_eq!(run.json()["title"], "From version 1.0.0");
    }
}

/// Returns the digests of the files that were opened once.
fn known(world: &World) -> BTreeSet<String> {
    let entries = fs::read_dir(world.path(".local/state/usher/adapters")).unwrap();
    entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}
