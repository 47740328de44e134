//! Against a real Request Tracker, with the adapter dropped in: built outside of the workspace, confined in its worker.
//! `tests/servers/request-tracker.sh start` starts it and prints the variables that tell where it is; `.ci/run` does so, and runs
//! these tests, where it can be installed.

use std::{
    env, fs,
    process::{self, Command},
};

use serde_json::{Value, json};
use usher_tests::{Run, World, plugins, world};

use crate::operations::{Words, every_operation_works};

/// Returns what a variable says that `request-tracker.sh` prints.
fn told(name: &str) -> String {
    env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: export what `tests/servers/request-tracker.sh start` prints"))
}

/// A world with the adapter dropped in, and one account.
struct Account {
    world: World,
    token: String,
}

impl Account {
    /// Returns somebody by the name of the variable with the token.
    fn new(variable: &str) -> Self {
        let world = World::new();
        let library = plugins::outside("examples/request-tracker", "request_tracker_adapter");
        fs::copy(&library, world.path("adapters").join(library.file_name().unwrap())).unwrap();
        world.config(&format!(
            "default_connection = \"work\"\n\n[connections.work]\nadapter = \"request-tracker\"\nbase_url = \"{}\"\ndefault_project = \"{}\"\n\
             auth.token = \"${{REQUEST_TRACKER_ACCOUNT}}\"\n",
            told("REQUEST_TRACKER_URL"),
            told("REQUEST_TRACKER_QUEUE"),
        ));
        Self { world, token: told(variable) }
    }

    fn agent() -> Self {
        Self::new("REQUEST_TRACKER_TOKEN")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.usher();
        command.env("REQUEST_TRACKER_ACCOUNT", &self.token).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        world::finish(self.command(arguments), "")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).expect(0).json()
    }

    fn create(&self, title: &str, more: &[&str]) -> String {
        let created = self.json(&[&["create", title, "--in", "work"], more].concat());
        created["key"].as_str().unwrap_or_else(|| panic!("{created:#}")).to_owned()
    }
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn a_real_request_tracker_does_every_operation() {
    let agent = Account::agent();
    let words = Words { done: "resolved", label: None, internal_notes: true, create: &[], end: &[] };
    every_operation_works(|arguments| agent.run(arguments), &words);
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn a_real_request_tracker_tells_internal_notes_from_public_ones() {
    let agent = Account::agent();
    let key = agent.create("Notes", &[]);
    agent.run(&["note", &key, "For all.", "--public"]).expect(0);
    agent.run(&["note", &key, "For us.", "--internal"]).expect(0);
    let visible = |account: &Account| -> Vec<String> {
        let ticket = account.json(&["get", &format!("work:{key}")]);
        let notes = ticket["notes"].as_array().cloned().unwrap_or_default();
        notes.iter().map(|note| note["visibility"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(visible(&agent), ["public", "internal"]);
    // Who may not comment sends nothing, and above all no public note in its place.
    let reader = Account::new("REQUEST_TRACKER_READER_TOKEN");
    let refused = reader.run(&["note", &format!("work:{key}"), "Not to be told.", "--internal"]).expect(4);
    assert!(refused.stderr.contains("CommentOnTicket"), "{refused:#?}");
    assert_eq!(visible(&agent).len(), 2, "nothing was sent");
    // Who asked sees no comment at all.
    let requestor = Account::new("REQUEST_TRACKER_REQUESTOR_TOKEN");
    let key = agent.create("From outside", &["--reporter", "tom"]);
    agent.run(&["note", &format!("work:{key}"), "For us.", "--internal"]).expect(0);
    let ticket = requestor.json(&["get", &format!("work:{key}")]);
    assert_eq!(ticket["notes"].as_array().map_or(0, Vec::len), 0, "{ticket:#}");
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn a_real_request_tracker_keeps_unicode_and_a_body_of_1_mb_whole() {
    let agent = Account::agent();
    for text in ["«Größe» 佐藤 🎫 it's \"so\" \\ done".to_owned(), "Zeile ✓ mit Text.\n".repeat(50_000)] {
        let file = agent.world.path("body.txt");
        fs::write(&file, &text).unwrap();
        let key = agent.create("«Größe» 🎫 it's", &["--body", &format!("@{}", file.display())]);
        let ticket = agent.json(&["get", &format!("work:{key}")]);
        assert_eq!(ticket["title"], "«Größe» 🎫 it's");
        let body = ticket["body"]["markdown"].as_str().unwrap_or_default();
        assert_eq!((body.len(), body.trim() == text.trim()), (text.len(), true));
    }
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn a_real_request_tracker_says_what_it_refused_and_keeps_what_was_valid() {
    let agent = Account::agent();
    let key = agent.create("Before", &["--priority", "low"]);
    let reference = format!("work:{key}");
    let before = agent.json(&["get", &reference]);
    // The state does not exist: Request Tracker answers 200 and changes the title.
    let run = agent.run(&["update", &reference, "--title", "After", "--status", "bogus", "--json"]);
    let updated = run.json();
    assert_eq!(updated["applied"], json!(["title"]), "{updated:#}");
    assert_eq!(updated["refused"][0]["field"], "status", "{updated:#}");
    let after = agent.json(&["get", &reference]);
    assert_eq!((&after["title"], &after["status"]), (&json!("After"), &before["status"]));
    // What is wrong as a whole changes nothing.
    agent.run(&["update", &reference, "--title", "Elsewhere", "--project", "nowhere"]).expect(5);
    assert_eq!(agent.json(&["get", &reference])["title"], "After");
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn a_list_of_a_real_request_tracker_is_complete() {
    let agent = Account::agent();
    let keys = |arguments: &[&str]| -> Vec<u64> {
        let run = agent.run(&[arguments, &["--in", "work", "--all", "--jsonl", "--jq", ".key"]].concat()).expect(0);
        run.stdout.lines().map(|line| line.trim_matches('"').parse().unwrap()).collect()
    };
    let mut listed = keys(&["list"]);
    let count = listed.len();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(listed.len(), count, "none comes twice");
    // What was filled in is there: each but the one that was merged, the deleted one and the hidden one.
    let missing: Vec<u64> = (1..=239).filter(|number| !listed.contains(number)).collect();
    assert_eq!(missing, [5, 6, 9]);
    let (open, project) = (keys(&["list", "--open"]), keys(&["list", "--project", "Größe & \"Maß\""]));
    assert!(!open.is_empty() && open.len() < count && !project.is_empty() && project.len() < count);
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn files_go_to_a_real_request_tracker_and_come_back_as_they_were() {
    let agent = Account::agent();
    let reference = format!("work:{}", agent.create("Files", &[]));
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let file = agent.world.path("bild grün.bin");
    fs::write(&file, &bytes).unwrap();
    agent.run(&["attachment", "add", &reference, file.to_str().unwrap()]).expect(0);
    let ticket = agent.json(&["get", &reference]);
    let attached = &ticket["attachments"][0];
    assert_eq!((&attached["name"], &attached["size"]), (&json!("bild grün.bin"), &json!(100_000)), "{ticket:#}");
    let target = agent.world.path("back.bin");
    let id = attached["id"].as_str().unwrap();
    agent.run(&["attachment", "get", &reference, id, "--output", target.to_str().unwrap()]).expect(0);
    assert!(fs::read(&target).unwrap() == bytes, "the bytes are the same");
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn every_note_of_a_real_request_tracker_is_read_where_there_are_more_than_a_page() {
    let ticket = Account::agent().json(&["get", "work:3"]);
    let notes = ticket["notes"].as_array().unwrap();
    let texts: Vec<&str> = notes.iter().map(|note| note["body"]["markdown"].as_str().unwrap().trim()).collect();
    assert_eq!(texts, (1..=120).map(|number| format!("Note number {number}")).collect::<Vec<_>>());
    assert_eq!(notes.iter().filter(|note| note["visibility"] == "public").count(), 40);
}

#[test]
#[ignore = "needs Debian's Request Tracker: tests/servers/request-tracker.sh"]
fn words_that_are_searched_in_a_real_request_tracker_stay_words() {
    let agent = Account::agent();
    // The server keeps what earlier runs have made.
    let run = process::id();
    let key = agent.create(&format!(r"Quoted: it's x\'y{run}"), &[]);
    let found = |words: &str| -> Vec<String> {
        let run = agent.run(&["search", words, "--in", "work", "--jsonl", "--jq", ".key"]).expect(0);
        run.stdout.lines().map(|line| line.trim_matches('"').to_owned()).collect()
    };
    for words in [format!(r"x\'y{run}"), format!(r"it's x\'y{run} Quoted:")] {
        assert_eq!(found(&words), [key.as_str()], "{words}");
    }
    // Taken for TicketSQL it would be true of every ticket.
    for words in ["zzz' OR id > 0 OR Subject = 'y", r"zzz\' OR id > 0 OR Subject = \'y"] {
        assert_eq!(found(words), [""; 0], "{words}");
    }
}
