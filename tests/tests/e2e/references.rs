//! References: what fits nothing, two things, or is hostile.

use usher_tests::World;

#[test]
fn a_reference_needs_no_network_and_no_connection() {
    let world = World::new();
    world.drop_in("usher_example_folder");
    world.drop_in("usher_example_minimal");
    let run = world.run(&["resolve", "MINIMAL-7", "--json"]).expect(0);
    assert_eq!((&run.json()["adapter"], &run.json()["key"]), (&"minimal".into(), &"MINIMAL-7".into()));
}

#[test]
fn hostile_references_are_refused_and_repeat_no_password() {
    let world = World::with_samples();
    for reference in [
        "https://user:hunter2@github.com/o/r/issues/1",
        "https://github.com@evil.example/o/r/issues/1",
        "https://evil.example/?u=https://github.com/o/r/issues/1",
        "SHOP-0",
        "SHOP-007",
        "SHOP-999999999999999999999999999999",
        "SHOP-7-fix",
        "SHOP-7 SHOP-8",
        "SHOP%2F7",
        "../SHOP-7",
        "",
        "   ",
        "a\u{1b}[2Jb",
    ] {
        let run = world.run(&["get", "--", reference]);
        assert_eq!(run.code, Some(2), "{reference:?}: {run:#?}");
        assert!(run.stdout.is_empty() && !run.stderr.contains("hunter2"), "{run:#?}");
        assert!(!run.stderr.contains('\u{1b}'), "{run:#?}");
    }
}

#[test]
fn prose_around_a_reference_is_taken_off() {
    let world = World::with_samples();
    let key = |reference: &str| world.run(&["resolve", reference, "--json"]).expect(0).json()["key"].clone();
    for reference in ["SHOP-1", " SHOP-1 ", "(SHOP-1)", "<SHOP-1>", "SHOP-1.", "work:SHOP-1", "folder:SHOP-1"] {
        assert_eq!(key(reference), "SHOP-1", "{reference}");
    }
}

#[test]
fn an_id_that_fits_two_connections_is_ambiguous_until_one_is_named() {
    let world = World::with_samples();
    world.config(
        "[adapters]\npath = \"adapters\"\nfolder.grants.filesystem = [\"tickets:rw\"]\n\
         [connections.one]\nadapter = \"folder\"\noptions.path = \"tickets\"\n\
         [connections.two]\nadapter = \"folder\"\noptions.path = \"tickets\"\n",
    );
    let run = world.run(&["get", "SHOP-1", "--json"]).expect(2);
    let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(error["error"]["kind"], "ambiguous_reference");
    assert!(error["error"]["message"].as_str().unwrap().contains("one, two"), "{error}");
    world.run(&["get", "two:SHOP-1"]).expect(0);
    world.run(&["get", "SHOP-1", "--in", "one"]).expect(0);
}

#[test]
fn known_projects_and_the_default_decide() {
    let world = World::with_samples();
    let connections = "[connections.one]\nadapter = \"folder\"\nprojects = [\"OPS\"]\noptions.path = \"tickets\"\n\
         [connections.two]\nadapter = \"folder\"\nprojects = [\"SHOP\"]\noptions.path = \"tickets\"\n\
         [connections.three]\nadapter = \"folder\"\noptions.path = \"tickets\"\n";
    world.config(connections);
    let connection =
        |reference: &str| world.run(&["resolve", reference, "--json"]).expect(0).json()["connection"].clone();
    assert_eq!(connection("SHOP-1"), "two");
    assert_eq!(connection("OPS-1"), "one");
    assert_eq!(connection("OTHER-1"), "three");
    world.config(&format!("default_connection = \"three\"\n{connections}"));
    assert_eq!(connection("OTHER-1"), "three");
}
