//! The adapter as a drop-in with a higher version: it takes the built-in's place, and nothing that is printed changes.

use serde_json::Value;
use usher_tests::servers::github::{FakeGithub, Seed};

use super::Site;

fn rows(site: &Site) -> Vec<Value> {
    let rows = site.run(&["adapter", "list", "--json"]).expect(0).json();
    rows.as_array().unwrap().iter().filter(|row| row["id"] == "github").cloned().collect()
}

/// Takes out what differs between any two runs and between two versions.
fn without_times(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut ticket: Value = serde_json::from_str(line).unwrap();
        let provenance = ticket["provenance"].as_object_mut().unwrap();
        assert!(provenance.remove("fetched_at").is_some() && provenance.remove("version").is_some());
        out += &format!("{ticket}\n");
    }
    out
}

#[test]
fn a_newer_drop_in_takes_the_place_of_the_built_in_and_prints_the_same() {
    let site = Site::of(FakeGithub::start(Seed::small()), "octocat", "");
    let commands = [
        &["get", "#1", "--json", "--include", "all,raw"][..],
        &["get", "#7", "--json"],
        &["list", "--all", "--jsonl", "--include", "all,raw"],
        &["list", "--open", "--sort", "updated", "--jsonl"],
        &["search", "rows", "--jsonl"],
    ];
    let run = |arguments: &&[&str]| site.run(arguments).expect(0).stdout;
    let built_in: Vec<String> = commands.iter().map(run).collect();
    let asked = site.asked();
    assert_eq!(rows(&site)[0]["origin"], "built-in");

    site.world.drop_in_newer("usher-adapter-github");
    let rows = rows(&site);
    assert_eq!((&rows[0]["origin"], &rows[0]["isolation"]), (&"drop-in".into(), &"worker".into()), "{rows:#?}");
    let dropped: Vec<String> = commands.iter().map(run).collect();
    for (built_in, dropped) in built_in.iter().zip(&dropped) {
        assert_eq!(without_times(built_in), without_times(dropped));
    }
    let mut sorted = [asked, site.asked()];
    sorted.iter_mut().for_each(|asked| asked.sort());
    assert_eq!(sorted[0], sorted[1]);
}

#[test]
fn a_drop_in_writes_and_is_refused_where_the_connection_is_read_only() {
    let site = Site::small();
    site.world.drop_in_newer("usher-adapter-github");
    site.run(&["note", "#4", "From a worker."]).expect(0);
    assert_eq!(site.github.issue("acme/app", 4).comments.len(), 1);
    let site = Site::of(FakeGithub::start(Seed::small()), "octocat", "read_only = true");
    site.world.drop_in_newer("usher-adapter-github");
    site.run(&["note", "#4", "Never."]).expect(4);
    assert_eq!(site.asked(), [""; 0]);
}

#[test]
fn the_same_version_stays_in_the_shadow_of_the_built_in() {
    let site = Site::small();
    site.world.drop_in("usher_adapter_github");
    let rows = rows(&site);
    assert_eq!((&rows[0]["origin"], &rows[1]["state"]), (&"built-in".into(), &"shadowed".into()), "{rows:#?}");
}
