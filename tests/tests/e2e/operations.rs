//! Every operation, one after the other, on a ticket of its own: the same for all platforms and for all ways of loading an
//! adapter.

use serde_json::{Value, json};
use usher_tests::Run;

/// What differs between platforms.
pub(crate) struct Words<'a> {
    /// A status that ends a ticket.
    pub(crate) done: &'a str,
    /// A label that a ticket may be given, where the platform has labels.
    pub(crate) label: Option<&'a str>,
    /// Whether notes may be internal.
    pub(crate) internal_notes: bool,
    /// More arguments of `create`, such as a type that must be named.
    pub(crate) create: &'a [&'a str],
    /// More arguments with which a ticket is ended.
    pub(crate) end: &'a [&'a str],
}

/// Does every operation at the connection `work`, whose default project takes new tickets.
pub(crate) fn every_operation_works(run: impl Fn(&[&str]) -> Run, words: &Words<'_>) {
    let json = |arguments: &[&str]| run(&[arguments, &["--json"]].concat()).expect(0).json();
    let listed = |arguments: &[&str]| -> Vec<String> {
        let run = run(&[arguments, &["--in", "work", "--all", "--jsonl", "--jq", ".key"]].concat()).expect(0);
        run.stdout.lines().map(str::to_owned).collect()
    };
    let checked = json(&["connection", "check"]);
    assert_eq!(checked[0]["connection"], "work", "{checked:#}");

    // Another run may have left tickets behind: this one has a title of its own.
    let title = format!("Stand-in {}", std::process::id());
    let label = words.label.map(|label| ["--label", label]);
    let created = [&["create", &title, "--in", "work", "--body", "A *body*: é ✓"], words.create].concat();
    let created = json(&[&created[..], label.as_ref().map_or(&[], |label| &label[..])].concat());
    let key = created["key"].as_str().unwrap_or_else(|| panic!("{created:#}")).to_owned();
    let key = key.as_str();

    let changed = format!("{title}, changed");
    run(&["note", key, "First note.", "--public"]).expect(0);
    let updated = json(&[&["update", key, "--title", &changed, "--status", words.done], words.end].concat());
    assert_eq!(updated["refused"].as_array().map_or(0, Vec::len), 0, "{updated:#}");

    let ticket = json(&["get", key]);
    assert_eq!(ticket["title"], changed, "{ticket:#}");
    assert_eq!(ticket["body"]["markdown"].as_str().map(str::trim), Some("A *body*: é ✓"), "{ticket:#}");
    assert_eq!(ticket["labels"], json!(words.label.iter().collect::<Vec<_>>()), "{ticket:#}");
    assert_eq!(ticket["status"]["is_open"], false, "{ticket:#}");
    assert_eq!(notes(&ticket), [("First note.", "public")], "{ticket:#}");

    let internal = run(&["note", key, "Second note.", "--internal"]);
    if words.internal_notes {
        internal.expect(0);
        let ticket = json(&["get", key]);
        assert_eq!(notes(&ticket), [("First note.", "public"), ("Second note.", "internal")], "{ticket:#}");
    } else {
        assert_ne!(internal.code, Some(0), "{internal:#?}");
        assert_eq!(notes(&json(&["get", key])).len(), 1, "nothing was published in its place");
    }

    assert!(listed(&["list"]).iter().any(|listed| listed == key));
    assert!(!listed(&["list", "--open"]).iter().any(|listed| listed == key));
    assert!(listed(&["search", &title]).iter().any(|found| found == key));
    assert!(json(&["options", "--in", "work"]).is_object());
    let missing = run(&["get", &format!("{}99999", key.trim_end_matches(char::is_numeric))]).expect(5);
    assert!(!missing.stderr.is_empty(), "{missing:#?}");
}

fn notes(ticket: &Value) -> Vec<(&str, &str)> {
    let notes = ticket["notes"].as_array().map_or(&[][..], Vec::as_slice);
    notes
        .iter()
        .map(|note| {
            let body = note["body"]["markdown"].as_str().unwrap_or_default().trim();
            (body, note["visibility"].as_str().unwrap_or_default())
        })
        .collect()
}
