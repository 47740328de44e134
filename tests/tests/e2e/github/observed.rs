//! What may be watched of a run: recordings that answer again without a network, and metrics.

use std::{fs, path::Path};

use usher_adapter_sdk::testkit::Recording;

use super::Site;

/// Leaves out when it was fetched.
fn without_times(ticket: &str) -> serde_json::Value {
    let mut ticket: serde_json::Value = serde_json::from_str(ticket).unwrap();
    assert!(ticket["provenance"].as_object_mut().unwrap().remove("fetched_at").is_some());
    ticket
}

fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| fs::read_to_string(file.unwrap().path()).unwrap().contains(text))
}

#[test]
fn a_recording_answers_again_when_the_platform_is_gone() {
    let site = Site::small();
    let folder = site.world.path("recording");
    let folder = folder.to_str().unwrap();
    let recorded = site.run(&["get", "#1", "--json", "--record", folder]).expect(0).stdout;
    let asked = site.asked().len();
    let token = site.github.token("octocat");
    let Site { github, world } = site;
    drop(github);

    let replayed = world.run(&["get", "#1", "--json", "--replay", folder]).expect(0).stdout;
    assert_eq!(without_times(&replayed), without_times(&recorded));
    assert!(!holds(Path::new(folder), &token), "a recording holds no token");
    let missing = world.run(&["get", "#2", "--json", "--replay", folder]).expect(3);
    assert!(missing.stderr.contains("Closest is"), "{missing:#?}");

    let recording = Recording::open(folder).unwrap();
    assert_eq!(recording.exchanges().len(), asked, "the kit for adapters reads the same folder");
    assert!(recording.exchanges().iter().all(|exchange| !exchange.body().is_empty()));
}

#[test]
fn what_the_kit_for_adapters_answers_is_what_was_recorded() {
    let site = Site::small();
    let folder = site.world.path("recording");
    let recorded = site.run(&["get", "#1", "--json", "--record", folder.to_str().unwrap()]).expect(0).stdout;
    let recording = Recording::open(&folder).unwrap();
    let issue = recording.exchanges().iter().find(|exchange| exchange.url().ends_with("/issues/1")).unwrap();
    let body: serde_json::Value = serde_json::from_slice(&issue.body()).unwrap();
    assert_eq!(body["title"], without_times(&recorded)["title"]);
}

#[test]
fn a_recording_goes_into_no_folder_that_holds_something() {
    let site = Site::small();
    fs::create_dir(site.world.path("full")).unwrap();
    fs::write(site.world.path("full/notes.txt"), "mine").unwrap();
    let folder = site.world.path("full");
    let run = site.run(&["get", "#1", "--record", folder.to_str().unwrap()]).expect(3);
    assert!(run.stderr.contains("is not empty"), "{run:#?}");
    assert_eq!(site.asked(), [""; 0]);
}

#[test]
fn an_envelope_tells_what_an_answer_took_of_http() {
    let site = Site::small();
    let http = || {
        let envelope = site.run(&["get", "#1", "--json", "--envelope"]).expect(0).json();
        (envelope["answer"]["http"].clone(), site.asked().len())
    };
    let (first, asked) = http();
    let told = |cache_hits: usize| serde_json::json!({ "requests": asked, "attempts": asked, "cache_hits": cache_hits, "waited_ms": 0 });
    assert_eq!(first, told(0));
    assert_eq!(http().0, told(asked), "nothing has changed");
    let list = site.run(&["list", "--all", "--json", "--envelope"]).expect(0).json();
    assert_eq!(list["tickets"][0]["answer"]["http"]["requests"], 1, "{list:#}");
}

#[test]
fn metrics_tell_what_a_run_has_asked() {
    let site = Site::small();
    let file = site.world.path("metrics.prom");
    let run = |arguments: &[&str]| {
        site.run(&[arguments, &["--metrics", file.to_str().unwrap()]].concat());
        fs::read_to_string(&file).unwrap()
    };
    let labels = r#"platform="github",connection="work""#;
    let metrics = run(&["get", "#1", "--json"]);
    let asked = site.asked().len();
    for line in [
        format!("usher_operations_total{{{labels},operation=\"get\",outcome=\"ok\"}} 1"),
        format!(
            "usher_http_requests_total{{{labels},operation=\"get\",method=\"GET\",status=\"200\",outcome=\"ok\"}} {asked}"
        ),
        format!("usher_http_attempts_total{{{labels},operation=\"get\"}} {asked}"),
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}\n{metrics}");
    }
    let again = run(&["get", "#1", "--json"]);
    let hits = format!("usher_http_cache_requests_total{{{labels},outcome=\"hit\"}} {asked}");
    assert!(again.lines().any(|found| found == hits), "{hits}\n{again}");
    let missing = run(&["get", "#99", "--json"]);
    let failed = format!("usher_operations_total{{{labels},operation=\"get\",outcome=\"not_found\"}} 1");
    assert!(missing.lines().any(|found| found == failed), "{failed}\n{missing}");
}
