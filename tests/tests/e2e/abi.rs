//! "An adapter built with SDK 1.x loads in every host 1.y, in both directions": adapters and hosts of other times.
//!
//! What was built against 1.0 is frozen in `tests/abi/v1.0`, a later version is simulated in `tests/abi/v1.1`, and
//! `tests/abi/v1.0.1` is a patch release that is none.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use usher_adapter_sdk::model::Ticket;
use usher_tests::{Run, World, plugins, world};

#[allow(dead_code, reason = "the golden files are kept by the packages that they belong to")]
#[path = "../../../adapter-sdk/abi/tests/golden/compare.rs"]
mod compare;

const LAYOUT_1_0: &str = include_str!("../../../adapter-sdk/abi/tests/layout-1.0.txt");
const REFUSED: &str = "was built with an SDK whose types are laid out differently: build it with a released \
    usher-adapter-sdk 1.x";

fn library(name: &str) -> PathBuf {
    plugins::other_abis().join(format!("{}{name}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX))
}

/// A world with a plugin of another time, and one of today beside it.
fn with_plugin(name: &str) -> World {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    let library = library(name);
    fs::copy(&library, world.path("adapters").join(library.file_name().unwrap())).unwrap();
    world
}

/// Lets the host of a later time open a library.
fn new_host(library: &Path, id: &str, key: &str) -> Run {
    let mut command = Command::new(plugins::other_abis().join(format!("new-host{}", env::consts::EXE_SUFFIX)));
    command.env_clear().arg(library).args([id, key]);
    world::finish(command, "")
}

/// Returns the layout of the ABI that is built in one of the workspaces.
fn layout_of(version: &str) -> String {
    let program = plugins::other_abis().join(format!("dump-{version}{}", env::consts::EXE_SUFFIX));
    world::finish(Command::new(program), "").expect(0).stdout
}

#[test]
fn an_old_plugin_answers_in_the_present_host() {
    let world = with_plugin("old_plugin");
    let run = world.run(&["get", "OLD-7"]).expect(0);
    assert!(run.stdout.contains("OLD-7  A ticket as of 1.0") && run.stdout.contains("Doing (in progress)"), "{run:#?}");
    let run = world.run(&["get", "OLD-7", "--json"]).expect(0);
    assert_eq!(run.json()["provenance"]["etag"], "of-1.0");
    let run = world.run(&["list", "--in", "old-plugin"]).expect(0);
    assert!(run.stdout.contains("OLD-1") && run.stdout.contains("OLD-2"), "{run:#?}");
}

#[test]
fn a_new_plugin_answers_in_the_present_host_and_does_without_what_that_has_not() {
    let run = with_plugin("new_plugin").run(&["get", "NEW-7", "--json"]).expect(0);
    let ticket = run.json();
    assert_eq!(ticket["title"], "A ticket of 1.1 from a host that does not tell where it is");
    assert_eq!(ticket["provenance"]["etag"], "of-1.1", "what is known of a header is read: {run:#?}");
}

#[test]
fn what_a_new_plugin_writes_comes_through_unchanged() {
    let run = with_plugin("new_plugin").run(&["get", "NEW-7", "--json"]).expect(0);
    for member in [
        r#""sentiment":{"mood":"grim","votes":[1,2,3]}"#,
        r#""status":{"category":"marinating","is_open":true,"native":{"name":"Marinating","since":"noon"}}"#,
        r#""type":{"level":"saga","native":{"name":"Saga"}}"#,
        r##""priority":{"level":"cosmic","native":{"colour":"#000","name":"Cosmic"}}"##,
    ] {
        assert!(run.stdout.contains(member), "{member}: {run:#?}");
    }
}

#[test]
fn a_word_of_a_new_plugin_reads_as_unknown_and_breaks_no_table() {
    let world = with_plugin("new_plugin");
    let run = world.run(&["list", "--in", "new-plugin"]).expect(0);
    let rows: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert!(matches!(rows.as_slice(), [one, two] if one.starts_with("NEW-1") && two.starts_with("NEW-2")), "{run:#?}");
    assert!(rows.iter().all(|row| row.contains("Saga  Marinating  Cosmic")), "{run:#?}");
    let run = world.run(&["list", "--in", "new-plugin", "--category", "backlog", "--json"]).expect(0);
    assert_eq!(run.json()["tickets"], serde_json::json!([]), "it is none of the steps that are known");
    let run = world.run(&["get", "NEW-7", "--json"]).expect(0);
    let ticket: Ticket = serde_json::from_str(&run.stdout).unwrap();
    let words = [
        (ticket.status.category.is_unknown(), ticket.status.category.as_str()),
        (ticket.ticket_type.level.is_unknown(), ticket.ticket_type.level.as_str()),
        (ticket.priority.level.is_unknown(), ticket.priority.level.as_str()),
    ];
    assert_eq!(words, [(true, "marinating"), (true, "saga"), (true, "cosmic")]);
}

#[test]
fn an_old_plugin_answers_in_a_new_host() {
    let run = new_host(&library("old_plugin"), "old-plugin", "OLD-7").expect(0);
    for line in [
        "describe: not offered",
        "health: not told",
        r#"get: 0 {"etag":"of-1.0"} {"#,
        r#""key":"OLD-7""#,
        r#"summarize: 16 {"kind":"unsupported""#,
        "shutdown: 0 {}",
    ] {
        assert!(run.stdout.contains(line), "{line}: {run:#?}");
    }
}

#[test]
fn a_new_plugin_answers_in_a_new_host_with_all_that_is_new() {
    let run = new_host(&library("new_plugin"), "new-plugin", "NEW-7").expect(0);
    for line in [
        "describe: An adapter of a later time",
        "health: well",
        r#""title":"A ticket of 1.1 from the north""#,
        "summarize: 0 {} What 1.0 cannot ask for",
        "shutdown: 0 {}",
    ] {
        assert!(run.stdout.contains(line), "{line}: {run:#?}");
    }
}

#[test]
fn a_plugin_of_today_answers_in_a_new_host() {
    let run = new_host(&plugins::library("usher_example_minimal"), "minimal", "MINIMAL-1").expect(0);
    assert!(run.stdout.contains("health: not told") && run.stdout.contains(r#""title":"Say hello""#), "{run:#?}");
}

#[test]
fn a_fork_is_refused_with_one_sentence_in_both_hosts() {
    for (library, reference) in
        [(library("backported_plugin"), "BACKPORTED-1"), (plugins::forked_library(), "DIVERGING-LAYOUT-1")]
    {
        let run = new_host(&library, "any", reference).expect(9);
        assert_eq!(run.stderr, format!("adapter_refused: {REFUSED}\n"), "{reference}");
        assert_eq!(run.stdout, "", "nothing was asked of it");

        let world = World::new();
        world.drop_in("usher_example_minimal");
        fs::copy(&library, world.path("adapters").join(library.file_name().unwrap())).unwrap();
        let run = world.run(&["get", reference, "MINIMAL-1", "--json"]).expect(9);
        let errors = run.json()["errors"].clone();
        assert_eq!(errors[0]["kind"], "adapter_refused", "{run:#?}");
        assert!(errors[0]["message"].as_str().unwrap().ends_with(REFUSED), "{run:#?}");
        assert_eq!(run.json()["tickets"][0]["key"], "MINIMAL-1");
    }
}

#[test]
fn the_frozen_copy_has_the_layout_that_is_promised() {
    assert!(layout_of("1-0") == LAYOUT_1_0, "tests/abi/v1.0 and layout-1.0.txt are both never edited, and differ");
}

#[test]
fn the_simulated_version_appends_and_the_fork_does_not() {
    assert_eq!(compare::faults(LAYOUT_1_0, &layout_of("1-1")), [""; 0]);
    let faults = compare::faults(LAYOUT_1_0, &layout_of("1-0-1"));
    assert!(
        matches!(faults.as_slice(), [fault] if fault.contains("`field extension:") && fault.contains("has moved: `field describe:")),
        "{faults:#?}"
    );
}
