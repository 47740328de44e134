//! Writes: what is asked is written or refused by name, and nothing else changes.

use std::{fs, path::Path};

use usher_tests::{World, world};

fn ticket(world: &World, key: &str) -> serde_json::Value {
    world.run(&["get", key, "--json"]).expect(0).json()
}

#[test]
fn a_ticket_is_made_changed_noted_and_given_a_file() {
    let world = World::with_samples();
    let run = world.run_with(
        &[
            "create",
            "The lamp flickers",
            "--in",
            "work:OPS",
            "--body",
            "-",
            "--type",
            "bug",
            "--priority",
            "high",
            "--label",
            "lamp",
            "--assignee",
            "@me",
            "--due",
            "2026-12-24",
            "--field",
            "watts=40",
            "--json",
        ],
        "It *flickers*.\n",
    );
    let key = run.expect(0).json()["key"].as_str().unwrap().to_owned();
    let made = ticket(&world, &key);
    assert_eq!(made["title"], "The lamp flickers");
    assert_eq!(made["body"]["markdown"].as_str().unwrap().trim(), "It *flickers*.");
    assert_eq!(made["assignees"][0]["id"], "mara");
    assert_eq!((&made["due"], &made["labels"][0]), (&"2026-12-24".into(), &"lamp".into()));

    world
        .run(&["update", &key, "--status", "done", "--add-label", "fixed", "--remove-label", "lamp", "--clear", "due"])
        .expect(0);
    let changed = ticket(&world, &key);
    assert_eq!(changed["status"]["category"], "done");
    assert_eq!(changed["labels"], serde_json::json!(["fixed"]));
    assert!(changed.get("due").is_none() && changed["title"] == made["title"]);

    world.run(&["note", &key, "New bulb."]).expect(0);
    world.run_with(&["note", &key, "-", "--public"], "It works.\n").expect(0);
    fs::write(world.path("bulb.txt"), "60 W").unwrap();
    world.run(&["attachment", "add", &key, "bulb.txt"]).expect(0);
    let noted = ticket(&world, &key);
    let visibilities: Vec<_> = noted["notes"].as_array().unwrap().iter().map(|note| &note["visibility"]).collect();
    assert_eq!(visibilities, ["internal", "public"]);
    assert_eq!(noted["attachments"][0]["name"], "bulb.txt");
}

#[test]
fn whoever_cannot_be_shown_what_was_written_is_told_that_it_was() {
    let world = World::with_samples();
    fs::write(world.path("bulb.txt"), "60 W").unwrap();
    for (arguments, told) in [
        (&["create", "A title", "--in", "work:OPS"][..], "was created, but the answer cannot be shown"),
        (&["update", "SHOP-3", "--title", "x"], "work:SHOP-3 was updated (title), but"),
        (&["note", "SHOP-3", "x"], "work:SHOP-3 has the note "),
        (&["attachment", "add", "SHOP-3", "bulb.txt"], "work:SHOP-3 has the file "),
    ] {
        let run = world.run(&[arguments, &["--jq", "error(\"boom\")"]].concat()).expect(11);
        assert!(run.stderr.contains(told) && run.stderr.contains("Do not repeat it."), "{run:#?}");
        assert!(run.stderr.contains("boom"), "{run:#?}");
    }
    let lost = world.path("nowhere/metrics");
    let run = world.run(&["note", "SHOP-3", "y", "--metrics", lost.to_str().unwrap()]).expect(0);
    assert!(run.stderr.contains("the metrics cannot be written"), "{run:#?}");
    world.run(&["get", "SHOP-3", "--metrics", lost.to_str().unwrap()]).expect(3);
}

#[test]
fn a_change_against_an_old_revision_changes_nothing() {
    let world = World::with_samples();
    let revision = ticket(&world, "SHOP-3")["revision"].as_str().unwrap().to_owned();
    world.run(&["update", "SHOP-3", "--title", "First", "--if-revision", &revision]).expect(0);
    let run = world.run(&["update", "SHOP-3", "--title", "Second", "--if-revision", &revision]).expect(10);
    assert!(run.stderr.contains("error:"), "{run:#?}");
    assert_eq!(ticket(&world, "SHOP-3")["title"], "First");
}

#[test]
fn a_read_only_connection_refuses_every_write() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&config.replace("adapter = \"folder\"", "adapter = \"folder\"\nread_only = true"));
    fs::write(world.path("file.txt"), "x").unwrap();
    let before = contents(&world.path("tickets"));
    for arguments in [
        &["create", "A title", "--in", "work:OPS"][..],
        &["update", "SHOP-3", "--title", "x"],
        &["note", "SHOP-3", "x"],
        &["attachment", "add", "SHOP-3", "file.txt"],
    ] {
        let run = world.run(arguments).expect(4);
        assert!(run.stderr.contains("read-only"), "{run:#?}");
    }
    assert_eq!(contents(&world.path("tickets")), before);
}

#[test]
fn nothing_to_change_and_nothing_to_say_are_errors() {
    let world = World::with_samples();
    world.run(&["update", "SHOP-3"]).expect(10);
    world.run(&["note", "SHOP-3", "  "]).expect(2);
    world.run(&["create", "  ", "--in", "work:OPS"]).expect(10);
    world.run(&["note", "SHOP-3", "@no-such-file"]).expect(2);
    world.run(&["attachment", "add", "SHOP-3", "no-such-file"]).expect(2);
    world.run(&["attachment", "add", "SHOP-3", "."]).expect(2);
}

#[test]
fn notes_of_many_processes_at_once_are_all_kept() {
    let world = World::with_samples();
    let before = ticket(&world, "SHOP-7")["notes"].as_array().map_or(0, Vec::len);
    let children: Vec<_> = (0..12)
        .map(|number| {
            let mut command = world.usher();
            command.args(["note", "SHOP-7", &format!("note {number}")]);
            std::thread::spawn(move || world::finish(command, ""))
        })
        .collect();
    for child in children {
        child.join().unwrap().expect(0);
    }
    assert_eq!(ticket(&world, "SHOP-7")["notes"].as_array().unwrap().len(), before + 12);
}

#[test]
fn a_write_that_finds_no_room_changes_nothing() {
    let world = World::with_samples();
    let before = contents(&world.path("tickets"));
    // A limit on the size of files stands for a full disk: the write fails half way.
    let body = world.path("body.md");
    fs::write(&body, "long ".repeat(200_000)).unwrap();
    // The library has been copied into the store before the limit holds.
    ticket(&world, "SHOP-3");
    let body = format!("@{}", body.display());
    let run = world.run_below("trap '' XFSZ; ulimit -f 8", &["update", "SHOP-3", "--body", &body]);
    assert!(run.code != Some(0) && run.code.is_some(), "{run:#?}");
    assert!(!run.stderr.is_empty(), "{run:#?}");
    assert_eq!(contents(&world.path("tickets")), before);
}

/// Returns every file of a folder with its bytes; the adapter's lock is not one of them.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else if !path.ends_with(".usher.lock") {
            files.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}
