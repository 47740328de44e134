//! The same adapter linked in and dlopened gives the same bytes.

use std::path::PathBuf;

use usher_tests::World;

fn linked() -> World {
    World::with_program(PathBuf::from(env!("CARGO_BIN_EXE_usher-linked")))
}

/// Takes out what differs between any two runs: the second in which it was asked.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\"fetched_at\":\"") {
        out.push_str(before);
        rest = after.split_once('"').map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[test]
fn every_answer_is_the_same_linked_in_and_dlopened() {
    let dropped = World::with_samples();
    let linked = linked();
    linked.samples();
    for arguments in [
        &["list", "--all", "--jsonl", "--include", "all,raw"][..],
        &["list", "--open", "--sort", "priority", "--json"],
        &["search", "checkout", "--jsonl"],
        &["get", "SHOP-1", "--json", "--include", "all,raw"],
        &["get", "SHOP-1", "OPS-1", "--json"],
        &["options", "--in", "work", "--json"],
        &["get", "NONE-1", "--json"],
    ] {
        let (one, other) = (dropped.run(arguments), linked.run(arguments));
        assert_eq!(one.code, other.code, "{arguments:?}: {one:#?} {other:#?}");
        assert_eq!(without_times(&one.stdout), without_times(&other.stdout), "{arguments:?}");
    }
}

#[test]
fn a_built_in_is_replaced_by_a_newer_drop_in_only() {
    let world = linked();
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    assert_eq!(run.json()[0]["origin"], "built-in");
    // The drop-in has the same version: the built-in stays, and the file is shown as shadowed.
    world.drop_in("usher_example_minimal");
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    let rows = run.json();
    let minimal: Vec<_> = rows.as_array().unwrap().iter().filter(|row| row["id"] == "minimal").collect();
    assert_eq!((&minimal[0]["origin"], &minimal[1]["state"]), (&"built-in".into(), &"shadowed".into()));
}

#[test]
fn an_adapter_that_needs_no_settings_needs_no_configuration() {
    linked().run(&["get", "MINIMAL-1"]).expect(0);
}
