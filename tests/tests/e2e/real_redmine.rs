//! Against a real Redmine, with the adapter dropped in and in its worker. `tests/servers/redmine.sh start` starts one and prints the
//! variables that tell where it is; `.ci/run` does so, and runs these tests, where it can be installed.

use std::{collections::BTreeSet, env, fs};

use serde_json::Value;
use usher_tests::{Run, World, world};

use crate::operations::{Words, every_operation_works};

/// Returns what a variable says that `redmine.sh` prints.
fn told(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set: export what `tests/servers/redmine.sh start` prints"))
}

/// A connection of one of the server's people.
struct Redmine {
    world: World,
    key: String,
}

impl Redmine {
    /// Makes a connection with the key that a variable holds.
    fn of(variable: &str) -> Self {
        let world = World::new();
        world.drop_in("usher_adapter_redmine");
        world.config(&format!(
            "default_connection = \"work\"\n\n[connections.work]\nadapter = \"redmine\"\nbase_url = \"{}\"\ndefault_project = \"{}\"\nauth.key = \"${{KEY}}\"\n",
            told("REDMINE_SERVER"),
            told("REDMINE_PROJECT")
        ));
        Self { world, key: told(variable) }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.world.usher();
        command.env("KEY", &self.key).args(arguments);
        world::finish(command, "")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).expect(0).json()
    }

    /// Makes an issue and returns its key.
    fn issue(&self, title: &str, more: &[&str]) -> String {
        let created = self.json(&[&["create", title, "--in", "work"], more].concat());
        created["key"].as_str().unwrap_or_else(|| panic!("{created:#}")).to_owned()
    }

    fn keys(&self, more: &[&str]) -> Vec<String> {
        let run = self.run(&[&["list", "--in", "work", "--all", "--jsonl", "--jq", ".key"], more].concat()).expect(0);
        run.stdout.lines().map(str::to_owned).collect()
    }
}

fn notes(ticket: &Value) -> Vec<(&str, &str)> {
    let text = |value: &'_ Value| value.as_str().map(str::trim).unwrap_or_default().len();
    let notes = ticket["notes"].as_array().map_or(&[][..], Vec::as_slice).iter();
    let shown = notes.map(|note| {
        (note["body"]["markdown"].as_str().unwrap_or_default(), note["visibility"].as_str().unwrap_or_default())
    });
    shown.filter(|(body, _)| text(&Value::from(*body)) > 0).collect()
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_does_every_operation() {
    let alice = Redmine::of("REDMINE_AGENT_KEY");
    every_operation_works(
        |arguments| alice.run(arguments),
        &Words { done: "Closed", label: None, internal_notes: true, create: &["--type", "Bug"], end: &[] },
    );
    let adapters = alice.json(&["adapter", "list"]);
    let text = adapters.to_string();
    assert!(text.contains("redmine") && text.contains("worker"), "{adapters:#}");
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_shows_what_was_seeded() {
    let alice = Redmine::of("REDMINE_AGENT_KEY").json(&["get", "work:1"]);
    assert_eq!(alice["custom_fields"].as_array().unwrap().len(), 18, "{:#}", alice["custom_fields"]);
    assert_eq!(alice["links"].as_array().unwrap().len(), 2, "{:#}", alice["links"]);
    assert_eq!(alice["attachments"][0]["name"], "trace.txt");
    assert!(
        alice["body"]["markdown"].as_str().unwrap().contains("**Expected**: the dashboard, é ✓"),
        "{:#}",
        alice["body"]
    );
    assert_eq!(notes(&alice).iter().filter(|(_, visibility)| *visibility == "internal").count(), 1);
    // Whoever is outside sees no private note.
    let bob = Redmine::of("REDMINE_OUTSIDE_KEY").json(&["get", "work:1"]);
    assert!(
        notes(&bob).iter().all(|(_, visibility)| *visibility == "public") && notes(&bob).len() == 2,
        "{:#}",
        bob["notes"]
    );
    let hidden = serde_json::json!({"loaded": 2, "reason": "permission"});
    assert_eq!((&bob["completeness"]["notes"], alice["completeness"].get("notes")), (&hidden, None));
    // An administrator knows what custom fields are made for.
    let admin = Redmine::of("REDMINE_ADMIN_KEY").json(&["get", "work:1"]);
    let fields = admin["custom_fields"].as_array().unwrap();
    let value =
        |name: &str| fields.iter().find(|field| field["name"] == name).map(|field| field["value"].clone()).unwrap();
    assert_eq!((value("Story points"), value("Regression")), (Value::from(5), Value::from(true)));
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_publishes_no_note_that_was_to_be_internal() {
    let (bob, alice) = (Redmine::of("REDMINE_OUTSIDE_KEY"), Redmine::of("REDMINE_AGENT_KEY"));
    let key = bob.issue("A question from outside", &["--type", "Support"]);
    let refused = bob.run(&["note", &key, "Nobody else may read this.", "--internal"]);
    refused.expect(4);
    let ticket = alice.json(&["get", &key]);
    assert_eq!(notes(&ticket).len(), 0, "{:#}", ticket["notes"]);
    alice.run(&["note", &key, "Not for bob.", "--internal"]).expect(0);
    alice.run(&["note", &key, "For bob.", "--public"]).expect(0);
    assert_eq!(notes(&alice.json(&["get", &key])), [("Not for bob.", "internal"), ("For bob.", "public")]);
    assert_eq!(notes(&bob.json(&["get", &key])), [("For bob.", "public")]);
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_is_not_changed_by_a_refused_write() {
    let (bob, alice) = (Redmine::of("REDMINE_OUTSIDE_KEY"), Redmine::of("REDMINE_AGENT_KEY"));
    let key = bob.issue("What bob may not do", &["--type", "Bug"]);
    let before = alice.json(&["get", &key]);
    for status in ["Rejected", "Asleep"] {
        let refused = bob.run(&["update", &key, "--title", "Changed", "--status", status]);
        assert!(matches!(refused.code, Some(4 | 10)), "{refused:#?}");
    }
    alice.run(&["update", &key, "--title", "Changed", "--assignee", "Nobody Of That Name"]).expect(10);
    alice.run(&["update", &key, "--title", "Changed", "--if-revision", "2001-01-01T00:00:00Z"]).expect(10);
    assert_eq!(alice.json(&["get", &key])["title"], before["title"]);
    assert_eq!(alice.json(&["get", &key])["updated_at"], before["updated_at"]);
    alice
        .run(&[
            "update",
            &key,
            "--priority",
            "High",
            "--assignee",
            "Alice Ångström",
            "--add-container",
            "1.1",
            "--field",
            "Risk=0.5",
        ])
        .expect(0);
    let after = alice.json(&["get", &key]);
    assert_eq!(
        (&after["priority"]["level"], &after["containers"][0]["name"]),
        (&"high".into(), &"1.1".into()),
        "{after:#}"
    );
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_keeps_long_and_strange_texts_and_files() {
    let alice = Redmine::of("REDMINE_AGENT_KEY");
    let text = "Größe, 漢字, 👩‍🚀 and e\u{301}\n".repeat(20_000);
    fs::write(alice.world.path("text.md"), &text).unwrap();
    let from = format!("@{}", alice.world.path("text.md").display());
    let key = alice.issue("👩‍🚀 漢字 <b>&amp;</b>", &["--type", "Bug", "--body", &from]);
    let ticket = alice.json(&["get", &key]);
    assert_eq!(ticket["title"], "👩‍🚀 漢字 <b>&amp;</b>");
    assert_eq!(ticket["body"]["markdown"].as_str().unwrap().trim(), text.trim());
    let bytes: Vec<u8> = (0..1_000_000u32).map(|number| (number % 251) as u8).collect();
    fs::write(alice.world.path("größe 1.bin"), &bytes).unwrap();
    let file = alice.world.path("größe 1.bin");
    alice.run(&["attachment", "add", &key, file.to_str().unwrap()]).expect(0);
    let listed = alice.json(&["get", &key]);
    let id = listed["attachments"][0]["id"].as_str().unwrap_or_else(|| panic!("{listed:#}")).to_owned();
    let back = alice.world.path("back.bin");
    alice.run(&["attachment", "get", &key, &id, "--output", back.to_str().unwrap()]).expect(0);
    assert!(fs::read(back).unwrap() == bytes, "the file came back as another");
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_s_list_is_complete_and_a_wrong_key_is_no_empty_list() {
    let alice = Redmine::of("REDMINE_AGENT_KEY");
    let keys = alice.keys(&[]);
    let once: BTreeSet<&String> = keys.iter().collect();
    assert_eq!(once.len(), keys.len(), "none twice");
    for number in (1..=257).map(|number| number.to_string()) {
        assert!(once.contains(&number), "{number} is missing");
    }
    let (open, all) = (alice.keys(&["--open"]), alice.keys(&["--project", "alpha"]));
    assert!(open.len() < keys.len() && all.len() < keys.len());
    let nobody = Redmine { key: "0".repeat(40), world: alice.world };
    nobody.run(&["list", "--in", "work"]).expect(4);
    nobody.run(&["get", "work:7"]).expect(4);
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn a_real_redmine_clears_what_is_to_be_cleared() {
    let alice = Redmine::of("REDMINE_AGENT_KEY");
    let whole =
        ["--assignee", "Alice Ångström", "--due", "2026-12-24", "--estimate", "6.5", "--parent", "2", "--body", "Text"];
    let fields = ["--field", "done_ratio=50", "--field", "start_date=2026-12-01", "--container", "1.1"];
    let key = alice.issue("To be emptied", &[&["--type", "Bug"], &whole[..], &fields[..]].concat());
    let before = alice.json(&["get", &key]);
    for part in ["due", "estimate", "parent", "body"] {
        assert!(!before[part].is_null(), "{part}: {before:#}");
    }
    let cleared = ["assignees", "due", "estimate", "parent", "body", "done_ratio", "start_date"];
    let clear: Vec<&str> = cleared.iter().flat_map(|field| ["--clear", field]).collect();
    let updated = alice.json(&[&["update", &key, "--remove-container", "1.1"], &clear[..]].concat());
    assert_eq!(updated["refused"].as_array().map_or(0, Vec::len), 0, "{updated:#}");
    let after = alice.json(&["get", &key]);
    let own = |name: &str| {
        let fields = after["custom_fields"].as_array().unwrap();
        fields.iter().find(|field| field["id"] == name).map(|field| field["value"].clone())
    };
    for part in ["due", "estimate", "parent", "body"] {
        assert!(after[part].is_null(), "{part}: {after:#}");
    }
    assert_eq!(
        (after["assignees"].as_array().map_or(0, Vec::len), after["containers"].as_array().map_or(0, Vec::len)),
        (0, 0)
    );
    assert_eq!((own("done_ratio"), own("start_date")), (Some(Value::from(0)), None), "{after:#}");
}

#[test]
#[ignore = "needs Debian's package `redmine`: tests/servers/redmine.sh"]
fn the_key_of_somebody_else_that_a_real_redmine_tells_is_seen_by_nobody() {
    let admin = Redmine::of("REDMINE_ADMIN_KEY");
    let path = admin.world.path("usher.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}options.act_as = \"bob\"\n")).unwrap();
    let run = admin.run(&["--trace-http", "--record", "tape", "connection", "check", "work"]).expect(0);
    assert!(run.stderr.contains(r#""api_key":"***""#), "it was told: {run:#?}");
    let recorded: String = fs::read_dir(admin.world.path("tape"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert!(recorded.contains(r#""login": "bob""#), "{recorded}");
    for (place, text) in [("stderr", &run.stderr), ("stdout", &run.stdout), ("the recording", &recorded)] {
        assert!(!text.contains(&told("REDMINE_OUTSIDE_KEY")), "{place} holds it");
    }
}
