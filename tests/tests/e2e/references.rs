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

/// A Jira and a Linear, whose keys look alike; nothing is asked of either.
const JIRA: &str = "[connections.tracker]\nadapter = \"jira\"\nbase_url = \"https://acme.atlassian.net\"\n";
const LINEAR: &str = "[connections.lin]\nadapter = \"linear\"\n";
const AZURE: &str = "[connections.az]\nadapter = \"azure-devops\"\noptions.organization = \"acme\"\n";

/// Returns the connection that a reference is resolved to, with a configuration of these parts.
fn connection_of(parts: &[&str], reference: &str) -> serde_json::Value {
    let world = World::new();
    world.config(&parts.concat());
    world.run(&["resolve", reference, "--json"]).expect(0).json()["connection"].clone()
}

#[test]
fn a_key_of_jiras_and_of_linears_form_goes_where_its_project_is_listed() {
    let parts = [JIRA, "projects = [\"OPS\"]\n", LINEAR, "projects = [\"ENG\"]\n"];
    assert_eq!(connection_of(&parts, "OPS-123"), "tracker");
    assert_eq!(connection_of(&parts, "ENG-123"), "lin");
    // Who lists its projects has no others: one list is enough.
    let one = [JIRA, "projects = [\"OPS\"]\n", LINEAR];
    assert_eq!(connection_of(&one, "OPS-123"), "tracker");
    assert_eq!(connection_of(&one, "PROJ-123"), "lin");
    // With one of them alone there is nobody else to ask.
    assert_eq!(connection_of(&[JIRA], "PROJ-123"), "tracker");
    assert_eq!(connection_of(&[LINEAR], "PROJ-123"), "lin");
}

#[test]
fn a_key_of_jiras_and_of_linears_form_without_projects_is_ambiguous_and_names_both() {
    let world = World::new();
    world.config(&[JIRA, LINEAR].concat());
    let run = world.run(&["get", "PROJ-123", "--json"]).expect(2);
    assert_eq!(run.stdout, "");
    let error: serde_json::Value = serde_json::from_str(&run.stderr).unwrap();
    let said = |member: &str| error["error"][member].as_str().unwrap_or_default().to_owned();
    assert_eq!(said("kind"), "ambiguous_reference");
    assert!(said("message").contains("tracker, lin"), "{error:#}");
    assert!(said("hint").contains("tracker:PROJ-123") && said("hint").contains("`projects`"), "{error:#}");
    assert_eq!(world.run(&["resolve", "lin:PROJ-123", "--json"]).expect(0).json()["connection"], "lin");
}

#[test]
fn owner_and_name_and_number_are_githubs_unless_only_that_organisation_is_configured() {
    const GITHUB: &str = "[connections.gh]\nadapter = \"github\"\n";
    assert_eq!(connection_of(&[GITHUB], "acme/app#5"), "gh");
    // Nobody has asked for the public GitHub that is there for everybody.
    assert_eq!(connection_of(&[AZURE], "acme/app#5"), "az");
    assert_eq!(connection_of(&[AZURE], "other/app#5"), "github");
    assert_eq!(connection_of(&[GITHUB, AZURE], "acme/app#5"), "gh");
    // Who lists the project knows better than a form.
    assert_eq!(connection_of(&[GITHUB, AZURE, "projects = [\"acme/app\"]\n"], "acme/app#5"), "az");
}
