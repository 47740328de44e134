//! Lists say what is missing.

use std::fs;

use usher_tests::World;

#[test]
fn one_failing_connection_never_hides_the_others() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&format!(
        "{config}\n[connections.gone]\nadapter = \"folder\"\noptions.path = \"no-such-folder\"\n\
         [connections.wrong]\nadapter = \"folder\"\noptions.pfad = \"tickets\"\n\
         [connections.unset]\nadapter = \"folder\"\noptions.path = \"${{USHER_NO_SUCH_VARIABLE}}\"\n"
    ));
    let run = world.run(&["list", "--all", "--json"]).expect(8);
    let answer = run.json();
    assert_eq!(answer["tickets"].as_array().unwrap().len(), 25, "{run:#?}");
    let failed: Vec<_> = answer["errors"].as_array().unwrap().iter().map(|error| &error["connection"]).collect();
    assert_eq!(failed, ["gone", "unset", "wrong"]);
    let whole = answer["completeness"].as_array().unwrap().iter().find(|part| part["connection"] == "work").unwrap();
    assert_eq!((&whole["loaded"], &whole["total"], &whole["reason"]), (&25.into(), &25.into(), &().into()));
}

#[test]
fn broken_files_are_reported_one_by_one_beside_the_tickets() {
    let world = World::with_samples();
    fs::write(world.path("tickets/SHOP-90.md"), "no front matter").unwrap();
    fs::write(world.path("tickets/SHOP-91.md"), b"---\ntitle: \xff\n---\n").unwrap();
    fs::create_dir(world.path("tickets/SHOP-92.md")).unwrap();
    std::os::unix::fs::symlink("SHOP-93.md", world.path("tickets/SHOP-93.md")).unwrap();
    let run = world.run(&["list", "--all", "--json"]).expect(8);
    assert_eq!(run.json()["tickets"].as_array().unwrap().len(), 25);
    let messages: Vec<String> =
        run.json()["errors"].as_array().unwrap().iter().map(|error| error["message"].to_string()).collect();
    for file in ["SHOP-90.md", "SHOP-91.md", "SHOP-92.md", "SHOP-93.md"] {
        assert_eq!(messages.iter().filter(|message| message.contains(file)).count(), 1, "{file}: {messages:#?}");
    }
}

#[test]
fn a_limit_that_was_asked_for_is_no_loss() {
    let world = World::with_samples();
    let run = world.run(&["list", "--limit", "24", "--json"]).expect(0);
    assert_eq!(run.json()["completeness"][0]["reason"], "limit");
    let run = world.run(&["list", "--limit", "25", "--json"]).expect(0);
    assert_eq!(run.json()["completeness"][0]["reason"], serde_json::Value::Null);
}

#[test]
fn what_an_operator_says_of_native_names_decides_filters_too() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&format!("{config}\n[connections.work.status_map]\nmarinating = \"in_review\"\n"));
    let ticket = world.run(&["get", "SHOP-9", "--json"]).expect(0).json();
    assert_eq!(ticket["status"]["category"], "in_review");
    assert_eq!(ticket["status"]["is_open"], true);
    let run = world.run(&["list", "--category", "in_review", "--json"]).expect(0);
    let keys: Vec<String> =
        run.json()["tickets"].as_array().unwrap().iter().map(|own| own["key"].to_string()).collect();
    assert!(keys.contains(&"\"SHOP-9\"".to_owned()), "{keys:?}");
}

#[test]
fn without_a_connection_there_is_nobody_to_ask() {
    let run = World::new().run(&["list"]).expect(3);
    assert!(run.stderr.contains("there is no connection to ask"), "{run:#?}");
}
