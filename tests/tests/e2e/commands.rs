//! Every command in every form, on the sample tickets.

use usher_tests::{Run, World};

/// Shows a run in full: exit code, stdout, stderr.
fn shown(run: &Run) -> String {
    let Run { code, stdout, stderr, .. } = run;
    format!(
        "exit {}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
        code.map_or("signal".to_owned(), |code| code.to_string())
    )
}

/// Compares a run with its snapshot; what differs between machines and days is taken out.
pub(crate) fn check(world: &World, name: &str, arguments: &[&str]) {
    let run = world.run(arguments);
    let home = world.path("").display().to_string();
    insta::with_settings!({
        snapshot_path => "snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
        description => arguments.join(" "),
        filters => vec![
            (home.trim_end_matches('/'), "~"),
            (r#""fetched_at":"[^"]*""#, r#""fetched_at":"…""#),
            (r#""server_time":"[^"]*""#, r#""server_time":"…""#),
            (r"clock( +)\S+", "clock$1…"),
            (r"\b[0-9a-f]{64}\b", "SHA256"),
        ],
    }, {
        insta::assert_snapshot!(name, shown(&run));
    });
}

#[test]
fn reading_commands_on_the_samples() {
    let world = World::with_samples();
    for (name, arguments) in [
        ("resolve", &["resolve", "SHOP-3"][..]),
        ("resolve_json", &["resolve", "SHOP-3", "--json"]),
        ("get", &["get", "SHOP-3"]),
        ("get_json", &["get", "SHOP-3", "--json"]),
        ("get_fields", &["get", "SHOP-3", "--fields", "key,status.category,assignees.handle", "--json"]),
        ("get_raw_field", &["get", "SHOP-14", "--fields", "key,raw.main", "--json"]),
        (
            "list_notes_field",
            &["list", "--in", "work:SHOP", "--fields", "key,notes.visibility", "--jsonl", "--limit", "3"],
        ),
        ("get_summary", &["get", "SHOP-3", "--include", "none"]),
        ("get_several", &["get", "SHOP-3", "SHOP-404", "OPS-1", "--include", "none"]),
        ("get_several_json", &["get", "SHOP-3", "SHOP-404", "--include", "none", "--json"]),
        ("get_not_found", &["get", "SHOP-404"]),
        ("get_not_found_json", &["get", "SHOP-404", "--json"]),
        ("list", &["list"]),
        ("list_limit", &["list", "--limit", "3", "--sort", "key"]),
        ("list_json", &["list", "--limit", "2", "--sort", "key", "--json", "--include", "none"]),
        ("list_jsonl", &["list", "--limit", "2", "--sort", "key", "--jsonl", "--include", "none"]),
        ("list_fields", &["list", "--open", "--priority", "urgent", "--fields", "key,priority.native.name,title"]),
        ("list_mine", &["list", "--assignee", "@me", "--open"]),
        ("list_nobodys", &["list", "--assignee", "@none", "--type", "bug"]),
        ("list_project", &["list", "--in", "work:OPS", "--category", "in_progress,blocked"]),
        ("list_labels", &["list", "--label", "checkout", "--label", "safari"]),
        ("list_empty", &["list", "--text", "no such words"]),
        ("list_sorted", &["list", "--in", "work:SHOP", "--sort", "updated", "--reverse", "--limit", "4"]),
        ("search", &["search", "checkout safari"]),
        ("search_jsonl", &["search", "checkout", "--jsonl", "--fields", "key,title"]),
        ("options", &["options", "--in", "work:SHOP"]),
        ("options_of_ticket", &["options", "SHOP-3", "--json"]),
        ("attachment_list", &["attachment", "list", "SHOP-3"]),
        ("attachment_list_json", &["attachment", "list", "SHOP-3", "--json"]),
        ("adapter_show", &["adapter", "show", "folder"]),
        ("connection_list", &["connection", "list"]),
        ("connection_list_json", &["connection", "list", "--json"]),
        ("connection_check", &["connection", "check"]),
        ("connection_check_json", &["connection", "check", "--json"]),
        ("config_show", &["config", "show"]),
        ("config_validate", &["config", "validate"]),
    ] {
        check(&world, name, arguments);
    }
}

#[test]
fn help_and_usage() {
    let world = World::with_samples();
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_list", &["help", "list"]),
        ("help_update", &["help", "update"]),
        ("usage_empty_search", &["search", " "]),
        ("usage_unknown_flag", &["list", "--opne"]),
        ("usage_unknown_field", &["list", "--fields", "key,stauts"]),
        ("usage_unknown_category", &["list", "--category", "finished"]),
        ("usage_unknown_connection", &["list", "--in", "wrok"]),
        ("usage_json_and_jsonl", &["list", "--json", "--jsonl"]),
    ] {
        check(&world, name, arguments);
    }
}

#[test]
fn completions_are_printed_for_every_shell() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = world.run(&["completions", shell]).expect(0);
        assert!(run.stdout.contains("attachment"), "{shell}");
    }
}

#[test]
fn the_bytes_of_an_attachment_are_saved_and_never_over_another_file() {
    let world = World::with_samples();
    let run = world.run(&["attachment", "get", "SHOP-3", "console.txt"]).expect(0);
    assert!(run.stdout.contains("saved"), "{run:#?}");
    let saved = std::fs::read(world.path("console.txt")).unwrap();
    assert_eq!(saved, std::fs::read(world.path("tickets/attachments/SHOP-3/console.txt")).unwrap());
    let run = world.run(&["attachment", "get", "SHOP-3", "console.txt"]).expect(1);
    assert!(run.stderr.contains("already there") && run.stderr.contains("--force"), "{run:#?}");
    world.run(&["attachment", "get", "SHOP-3", "console.txt", "--force"]).expect(0);
    let run = world.run(&["attachment", "get", "SHOP-3", "console.txt", "--output", "-"]).expect(0);
    assert_eq!(run.stdout.as_bytes(), saved);
    world.run(&["attachment", "get", "SHOP-3", "no-such-file"]).expect(5);
    assert!(!std::fs::exists(world.path("no-such-file")).unwrap());
}
