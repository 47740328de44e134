//! What may be loaded: what the operator has approved, who has signed it, and who else could have written it.

use std::{
    fs,
    io::Cursor,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    thread,
};

use minisign::KeyPair;
use serde_json::Value;
use usher::{
    config::Isolation,
    registry::{Ledger, Standing},
};
use usher_tests::{Run, World, plugins};

const MINIMAL: &str = "adapters/libusher_example_minimal.so";
const FOLDER: &str = "adapters/libusher_example_folder.so";

/// A world whose folder is trusted that far, with `minimal` in it.
fn world(adapters: &str) -> World {
    let world = World::new();
    world.config(&format!("[adapters]\n{adapters}\n"));
    world.drop_in("usher_example_minimal");
    world
}

fn rows(world: &World) -> Vec<Value> {
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    run.json().as_array().unwrap().clone()
}

/// Returns the row of an adapter.
fn row(world: &World, id: &str) -> Value {
    let rows = rows(world);
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id} is not in {rows:#?}")).clone()
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Changes a file without changing what it does.
fn touch_up(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes.push(0);
    fs::write(file, bytes).unwrap();
}

/// Makes an adapter that asks for less than it did, by the same number of letters.
fn ask_for_less(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let asked = b"{config.path}:rw";
    let places: Vec<usize> = (0..bytes.len() - asked.len()).filter(|at| bytes[*at..].starts_with(asked)).collect();
    assert!(!places.is_empty());
    for place in places {
        bytes[place..place + asked.len()].copy_from_slice(b"{config.path}:ro");
    }
    fs::write(file, bytes).unwrap();
}

#[test]
fn in_a_pinned_folder_an_adapter_waits_until_it_is_approved() {
    let world = world("trust = \"pinned\"");
    let waiting = row(&world, "minimal");
    assert_eq!(waiting["state"], "pending");
    assert!(waiting["reason"].as_str().unwrap().contains("not approved yet"), "{waiting}");
    // It takes part in nothing: neither in detection nor as a connection of its own.
    world.run(&["get", "MINIMAL-1"]).expect(2);
    let connections = world.run(&["connection", "list", "--json"]).expect(0).json();
    assert!(connections.as_array().unwrap().iter().all(|row| row["adapter"] != "minimal"), "{connections}");

    let run = world.run(&["adapter", "approve", "minimal"]).expect(2);
    assert!(run.stdout.contains(waiting["sha256"].as_str().unwrap()), "{run:#?}");
    assert!(run.stderr.contains("--yes") && !world.path("adapters.lock").exists(), "{run:#?}");
    world.run(&["adapter", "approve", "minimal", "--yes"]).expect(0);
    world.run(&["get", "MINIMAL-1"]).expect(0);
    let approved = row(&world, "minimal");
    assert_eq!((&approved["state"], &approved["trust"]), (&"ready".into(), &"pinned".into()));
    assert!(approved["approved_at"].is_string(), "{approved}");
    let lock = world.path("adapters.lock");
    assert_eq!(fs::metadata(&lock).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read_to_string(&lock).unwrap();
    let run = world.run(&["adapter", "approve", "minimal"]).expect(0);
    assert!(run.stderr.contains("approved already") && before == fs::read_to_string(&lock).unwrap(), "{run:#?}");
}

#[test]
fn an_approved_file_that_changes_waits_again() {
    let world = world("trust = \"pinned\"");
    world.run(&["adapter", "approve", MINIMAL, "--yes"]).expect(0);
    world.run(&["get", "MINIMAL-1"]).expect(0);
    touch_up(&world.path(MINIMAL));
    world.run(&["get", "MINIMAL-1"]).expect(2);
    let waiting = row(&world, "minimal");
    assert_eq!(waiting["state"], "pending");
    let reason = waiting["reason"].as_str().unwrap();
    assert!(
        reason.contains("changed since it was approved on 20") && reason.contains("asks for nothing more"),
        "{reason}"
    );
    let report = world.run(&["adapter", "approve", "minimal", "--yes", "--json"]).expect(0).json();
    assert_eq!((&report["adapters"][0]["id"], &report["sha256"]), (&"minimal".into(), &waiting["sha256"]));
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn an_update_that_asks_for_more_shows_the_difference_and_fails_only_its_connection() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&config.replace("path = \"adapters\"", "path = \"adapters\"\ntrust = \"pinned\""));
    world.drop_in("usher_example_minimal");
    ask_for_less(&world.path(FOLDER));
    for id in ["folder", "minimal"] {
        world.run(&["adapter", "approve", id, "--yes"]).expect(0);
    }
    world.drop_in("usher_example_folder");
    let waiting = row(&world, "folder");
    assert_eq!(waiting["state"], "pending");
    let more = "asks for more: files {config.path}:rw";
    assert!(waiting["reason"].as_str().unwrap().contains(more), "{waiting}");
    let run = world.run(&["get", "work:SHOP-1"]).expect(9);
    assert!(run.stderr.contains(more) && run.stderr.contains("usher adapter approve folder"), "{run:#?}");
    world.run(&["get", "MINIMAL-1"]).expect(0);
    let run = world.run(&["adapter", "show", "folder"]).expect(0);
    assert!(run.stdout.contains("files {config.path}:rw") && run.stderr.contains("pending"), "{run:#?}");
    let run = world.run(&["adapter", "approve", "folder", "--yes"]).expect(0);
    assert!(run.stdout.contains(more), "{run:#?}");
    world.run(&["get", "work:SHOP-1"]).expect(0);
}

#[test]
fn a_file_that_was_approved_before_goes_on_beside_one_that_waits() {
    let world = world("trust = \"pinned\"");
    world.run(&["adapter", "approve", "minimal", "--yes"]).expect(0);
    fs::copy(world.path(MINIMAL), world.path("adapters/a_newer_file.so")).unwrap();
    touch_up(&world.path("adapters/a_newer_file.so"));
    let drop_ins = rows(&world).into_iter().filter(|row| row["id"] == "minimal");
    let states: Vec<Value> = drop_ins.map(|row| row["state"].clone()).collect();
    assert_eq!(states, ["ready", "pending"]);
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn folders_are_trusted_each_in_its_own_way() {
    let world = World::new();
    fs::create_dir(world.path("pinned")).unwrap();
    world.config("[adapters]\npath = [{ folder = \"pinned\", trust = \"pinned\" }]\n");
    world.drop_in("usher_example_minimal");
    fs::copy(plugins::library("usher_example_folder"), world.path("pinned/a.so")).unwrap();
    assert_eq!(row(&world, "minimal")["state"], "ready");
    assert_eq!(row(&world, "folder")["state"], "pending");
    // The flag names it once more, and opens nothing by that.
    let mut command = world.usher();
    command.arg("--adapter-path").arg(world.path("pinned")).args(["adapter", "list"]);
    let run = usher_tests::world::finish(command, "").expect(0);
    assert!(run.stderr.contains("a.so is not approved yet"), "{run:#?}");
}

#[test]
fn what_is_approved_in_an_open_folder_is_granted_what_it_asks_for() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    assert_eq!(
        row(&world, "folder")["grants"]["filesystem"],
        serde_json::json!([format!("{}:rw", world.path("tickets").display())])
    );
    world.config(&config.replace("[adapters.folder.grants]\nfilesystem = [\"tickets:rw\"]\n", ""));
    assert_eq!(row(&world, "folder")["grants"]["filesystem"], serde_json::json!([]));
    world.run(&["adapter", "approve", "folder", "--yes"]).expect(0);
    assert_eq!(row(&world, "folder")["grants"]["filesystem"], serde_json::json!(["{config.path}:rw"]));
    touch_up(&world.path(FOLDER));
    let changed = row(&world, "folder");
    assert_eq!((&changed["state"], &changed["grants"]["filesystem"]), (&"ready".into(), &serde_json::json!([])));
}

/// Signs a file, as `minisign -S` does.
fn sign(keys: &KeyPair, file: &Path) {
    let data = Cursor::new(fs::read(file).unwrap());
    let signature = minisign::sign(Some(&keys.pk), &keys.sk, data, Some("tests"), Some("tests")).unwrap();
    fs::write(signature_of(file), signature.to_string()).unwrap();
}

fn signature_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}.minisig", file.display()))
}

fn keys() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().unwrap()
}

fn signed_world(keys: &KeyPair) -> World {
    world(&format!("trust = \"signed\"\nkeys = [\"{}\"]", keys.pk.to_base64()))
}

#[test]
fn in_a_signed_folder_a_signature_by_one_of_the_keys_is_enough() {
    let keys = keys();
    let world = signed_world(&keys);
    sign(&keys, &world.path(MINIMAL));
    world.run(&["get", "MINIMAL-1"]).expect(0);
    let signed = row(&world, "minimal");
    assert_eq!((&signed["state"], &signed["trust"]), (&"ready".into(), &"signed".into()));
    assert_eq!(signed["signer"].as_str().unwrap().len(), 16);
    let run = world.run(&["adapter", "show", "minimal"]).expect(0);
    assert!(run.stdout.contains(signed["signer"].as_str().unwrap()), "{run:#?}");
}

#[test]
fn a_signature_that_does_not_count_is_refused_with_the_reason() {
    let keys = keys();
    let world = signed_world(&keys);
    let file = world.path(MINIMAL);
    let refused = |expected: &str| {
        let row = row(&world, "minimal");
        assert_eq!(row["state"], "refused");
        assert!(row["reason"].as_str().unwrap().contains(expected), "{expected}: {row}");
        world.run(&["get", "MINIMAL-1"]).expect(2);
    };
    refused("libusher_example_minimal.so.minisig is not beside it");
    fs::write(signature_of(&file), "trust me").unwrap();
    refused("none of minisign's");
    sign(&self::keys(), &file);
    refused("none of those that count");
    sign(&keys, &file);
    world.run(&["get", "MINIMAL-1"]).expect(0);
    touch_up(&file);
    refused("the file or the signature has been changed");
    let run = world.run(&["adapter", "approve", "minimal", "--yes"]).expect(2);
    assert!(run.stderr.contains("the file or the signature has been changed"), "{run:#?}");
    let run = world.run(&["adapter", "approve", MINIMAL, "--yes"]).expect(9);
    assert!(run.stderr.contains("Approving does not help"), "{run:#?}");
}

#[test]
fn a_signed_update_keeps_what_was_approved_and_waits_only_if_it_asks_for_more() {
    let keys = keys();
    let world = World::with_samples();
    let signed = format!("path = \"adapters\"\ntrust = \"signed\"\nkeys = [\"{}\"]", keys.pk.to_base64());
    let config = fs::read_to_string(world.path("usher.toml")).unwrap().replace("path = \"adapters\"", &signed);
    world.config(&config.replace("[adapters.folder.grants]\nfilesystem = [\"tickets:rw\"]\n", ""));
    let file = world.path(FOLDER);
    ask_for_less(&file);
    sign(&keys, &file);
    assert_eq!(row(&world, "folder")["state"], "ready", "nothing was approved yet that it could be more than");
    world.run(&["get", "work:SHOP-1"]).expect(3);
    world.run(&["adapter", "approve", "folder", "--yes"]).expect(0);
    assert!(fs::read_to_string(world.path("adapters.lock")).unwrap().contains("signer = "));
    touch_up(&file);
    sign(&keys, &file);
    let update = row(&world, "folder");
    assert_eq!(update["state"], "ready", "an update that asks for nothing more");
    assert!(update["approved_at"].is_null(), "this very file was not approved: {update}");
    assert_eq!(update["grants"]["filesystem"], serde_json::json!(["{config.path}:ro"]), "what was approved stays");
    world.run(&["get", "work:SHOP-1"]).expect(0);
    world.drop_in("usher_example_folder");
    sign(&keys, &file);
    let waiting = row(&world, "folder");
    assert_eq!(waiting["state"], "pending");
    assert!(waiting["reason"].as_str().unwrap().contains("asks for more: files {config.path}:rw"), "{waiting}");
}

#[test]
fn what_everybody_can_write_is_refused_with_the_command_that_helps() {
    let world = world("");
    let refused = |expected: &str| {
        let run: Run = world.run(&["adapter", "list"]).expect(0);
        let is_ready = run.stdout.lines().any(|line| line.starts_with("minimal") && line.contains("ready"));
        assert!(run.stderr.contains(expected) && !is_ready, "{expected}: {run:#?}");
        world.run(&["get", "MINIMAL-1"]).expect(2);
    };
    let (file, folder) = (world.path(MINIMAL), world.path("adapters"));
    chmod(&file, 0o666);
    refused(&format!("can be written by everybody on this machine: `chmod o-w {}`", file.display()));
    chmod(&file, 0o644);
    chmod(&folder, 0o1777);
    refused(&format!("`chmod o-w {}`", folder.display()));
    chmod(&folder, 0o755);
    world.run(&["get", "MINIMAL-1"]).expect(0);
    // A link is judged by what it leads to.
    let elsewhere = world.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::rename(&file, elsewhere.join("a.so")).unwrap();
    std::os::unix::fs::symlink(elsewhere.join("a.so"), &file).unwrap();
    world.run(&["get", "MINIMAL-1"]).expect(0);
    chmod(&elsewhere, 0o777);
    refused(&format!("`chmod o-w {}`", elsewhere.display()));
    chmod(&elsewhere, 0o755);
    chmod(&elsewhere.join("a.so"), 0o777);
    refused(&format!("`chmod o-w {}`", elsewhere.join("a.so").display()));
    // A folder without files is said as well.
    fs::remove_file(&file).unwrap();
    chmod(&folder, 0o777);
    refused(&format!("`chmod o-w {}`", folder.display()));
}

fn ledger(world: &World) -> Ledger {
    Ledger::new(Some(&world.path(".local/state/usher")))
}

#[test]
fn a_quarantined_file_is_not_opened_until_it_is_let_go() {
    let world = world("");
    let sha256 = row(&world, "minimal")["sha256"].as_str().unwrap().to_owned();
    for target in ["minimal", MINIMAL, &sha256[..12], &sha256] {
        for _ in 0..5 {
            ledger(&world).failed(&sha256, "it crashed (SIGSEGV)");
        }
        let held = row(&world, "minimal");
        assert_eq!(held["state"], "quarantined");
        assert!(held["reason"].as_str().unwrap().contains("it failed 5 times within 10 minutes"), "{held}");
        let run = world.run(&["get", "MINIMAL-1"]).expect(9);
        assert!(run.stderr.contains("SIGSEGV") && run.stderr.contains("adapter unquarantine minimal"), "{run:#?}");
        let cleared = world.run(&["adapter", "unquarantine", target, "--json"]).expect(0).json();
        assert_eq!((&cleared[0]["sha256"], &cleared[0]["cleared"]), (&sha256.as_str().into(), &true.into()));
        world.run(&["get", "MINIMAL-1"]).expect(0);
    }
    let run = world.run(&["adapter", "unquarantine", "minimal"]).expect(0);
    assert!(run.stderr.contains("was not held back"), "{run:#?}");
    for (command, target) in [("unquarantine", "nobody"), ("unquarantine", "./nobody.so"), ("approve", "./nobody.so")] {
        let run = world.run(&["adapter", command, target]).expect(2);
        assert!(run.stderr.contains("hint: Name an adapter by its id"), "{run:#?}");
    }
}

#[test]
fn a_new_file_is_not_held_back_by_what_the_old_one_did() {
    let world = world("");
    let sha256 = row(&world, "minimal")["sha256"].as_str().unwrap().to_owned();
    ledger(&world).probing(&sha256, Isolation::InProcess);
    ledger(&world).quarantine(&sha256, "it crashed");
    world.run(&["get", "MINIMAL-1"]).expect(9);
    touch_up(&world.path(MINIMAL));
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn what_does_not_fit_is_listed_as_refused_without_being_opened_again() {
    let world = world("");
    let sha256 = row(&world, "minimal")["sha256"].as_str().unwrap().to_owned();
    ledger(&world).refused(&sha256, "was built with an SDK whose types are laid out differently");
    let refused = row(&world, "minimal");
    assert_eq!(refused["state"], "refused");
    assert!(refused["reason"].as_str().unwrap().contains("laid out differently"), "{refused}");
    world.run(&["get", "MINIMAL-1"]).expect(9);
}

#[test]
fn a_broken_ledger_is_as_good_as_none_and_a_broken_lock_file_stops_everything() {
    let world = world("");
    let sha256 = row(&world, "minimal")["sha256"].as_str().unwrap().to_owned();
    ledger(&world).quarantine(&sha256, "it crashed");
    fs::write(world.path(format!(".local/state/usher/adapters/{sha256}.json")), "{ broken").unwrap();
    assert_eq!(row(&world, "minimal")["state"], "ready");
    assert_eq!(ledger(&world).standing(&sha256), Standing::Unknown);

    for broken in ["version = 1\n[[adapter]]\nid = 3\n", "version = 9\n", "nonsense"] {
        fs::write(world.path("adapters.lock"), broken).unwrap();
        for arguments in [&["get", "MINIMAL-1"][..], &["adapter", "list"], &["adapter", "approve", "minimal", "--yes"]]
        {
            let run = world.run(arguments).expect(3);
            assert!(run.stderr.contains("adapters.lock") && run.stderr.contains("Repair it"), "{run:#?}");
        }
        assert_eq!(fs::read_to_string(world.path("adapters.lock")).unwrap(), broken);
    }
}

#[test]
fn approvals_at_once_are_all_kept() {
    let world = world("trust = \"pinned\"");
    world.drop_in("usher_example_folder");
    thread::scope(|scope| {
        for id in ["folder", "minimal"] {
            let world = &world;
            scope.spawn(move || world.run(&["adapter", "approve", id, "--yes"]).expect(0));
        }
    });
    for id in ["folder", "minimal"] {
        assert_eq!(row(&world, id)["state"], "ready");
    }
}

#[test]
fn the_lock_file_is_the_users_own_where_no_configuration_is_named() {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    world.run(&["adapter", "approve", "minimal", "--yes"]).expect(0);
    assert!(world.path(".config/usher/adapters.lock").exists());
    fs::write(world.path(".config/usher/config.toml"), "[adapters]\ntrust = \"pinned\"\n").unwrap();
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn listing_reads_no_settled_file_again() {
    let world = world("trust = \"pinned\"");
    world.run(&["adapter", "list"]).expect(0);
    thread::sleep(std::time::Duration::from_millis(2_500));
    world.run(&["adapter", "list"]).expect(0);
    let notes = fs::read_dir(world.path(".cache/usher/adapters")).unwrap();
    let notes: Vec<PathBuf> = notes.map(|note| note.unwrap().path()).collect();
    let [note] = &notes[..] else { panic!("{notes:?}") };
    // Whoever reads the note instead of the file believes it.
    fs::write(note, "0".repeat(64)).unwrap();
    assert_eq!(row(&world, "minimal")["sha256"], "0".repeat(64));
}
