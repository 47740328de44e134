//! The forms of output: rows for spreadsheets and documents, and which forms exclude each other.

use std::fs;

use usher_tests::World;

use super::commands::check;

#[test]
fn lists_are_rows_for_spreadsheets_and_documents() {
    let world = World::with_samples();
    for (name, arguments) in [
        ("csv_list", &["list", "--in", "work:OPS", "--csv"][..]),
        ("csv_list_fields", &["list", "--label", "checkout", "--csv", "--fields", "key,labels,assignees.handle"]),
        ("csv_list_empty", &["list", "--text", "no such words", "--csv"]),
        ("csv_get", &["get", "SHOP-3", "SHOP-404", "--csv", "--fields", "key,body"]),
        ("csv_options", &["options", "SHOP-3", "--csv"]),
        ("csv_attachment_list", &["attachment", "list", "SHOP-3", "--csv"]),
        ("csv_connection_list", &["connection", "list", "--csv"]),
        ("markdown_search", &["search", "card", "--markdown"]),
        ("markdown_options", &["options", "--in", "work:SHOP", "--markdown"]),
        ("markdown_list_limit", &["list", "--limit", "2", "--sort", "key", "--markdown", "--fields", "key,title"]),
        ("usage_csv_and_markdown", &["--csv", "list", "--markdown"]),
        ("usage_csv_without_a_list", &["resolve", "SHOP-3", "--csv"]),
    ] {
        check(&world, name, arguments);
    }
}

#[test]
fn what_is_missing_of_rows_is_said_as_with_every_other_form() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    world.config(&format!("{config}\n[connections.gone]\nadapter = \"folder\"\noptions.path = \"no-such-folder\"\n"));
    for form in ["--csv", "--markdown"] {
        let run = world.run(&["list", "--all", form]).expect(8);
        assert!(run.stdout.contains("work:SHOP-3") && run.stderr.contains("gone"), "{run:#?}");
    }
}

#[test]
fn a_cell_that_a_spreadsheet_may_run_is_left_alone_and_told() {
    let world = World::with_samples();
    fs::write(world.path("tickets/SHOP-90.md"), "---\ntitle: '=1+1, \"x\"'\nstatus: to do\n---\n").unwrap();
    let run = world.run(&["list", "--text", "=1+1", "--csv", "--fields", "key,title"]).expect(0);
    assert_eq!(run.stdout, "key,title\r\nSHOP-90,\"=1+1, \"\"x\"\"\"\r\n");
    assert!(run.stderr.starts_with("note: 1 cell begins like a formula"), "{run:#?}");
}

#[test]
fn an_expression_decides_what_is_printed_of_json() {
    let world = World::with_samples();
    for (name, arguments) in [
        ("jq_list", &["list", "--in", "work:OPS", "--jq", ".tickets[] | .key, .labels"][..]),
        ("jq_list_jsonl", &["list", "--limit", "2", "--sort", "key", "--jsonl", "--jq", ".title"]),
        ("jq_list_empty", &["list", "--text", "no such words", "--jq", ".completeness[0].loaded"]),
        ("jq_options", &["options", "--in", "work:SHOP", "--jq", ".states[].name"]),
        ("jq_wrong_expression", &["get", "SHOP-3", "--jq", ".title | nosuch"]),
        ("jq_wrong_run", &["list", "--sort", "key", "--jsonl", "--jq", ".title.x"]),
        ("jq_wrong_run_of_one", &["get", "SHOP-3", "--jq", ".title[0]"]),
        ("usage_jq_and_csv", &["list", "--jq", ".", "--csv"]),
        ("usage_jq_without_json", &["completions", "bash", "--jq", "."]),
    ] {
        check(&world, name, arguments);
    }
}

#[test]
fn an_envelope_holds_what_belongs_to_the_answer_only() {
    let world = World::with_samples();
    let list = world.run(&["list", "--limit", "2", "--json", "--envelope", "--fields", "key"]).expect(0).json();
    let one = world.run(&["get", "SHOP-3", "--json", "--envelope"]).expect(0).json();
    assert_eq!(one["ticket"]["key"], "SHOP-3");
    for enveloped in list["tickets"].as_array().unwrap().iter().chain([&one]) {
        assert!(enveloped["ticket"]["key"].is_string(), "{enveloped}");
        assert_eq!(
            (&enveloped["answer"]["connection"], &enveloped["answer"]["route"]),
            (&"work".into(), &"direct".into())
        );
        assert!(enveloped["answer"]["duration_ms"].as_f64().is_some_and(|duration| duration > 0.0), "{enveloped}");
    }
    let lines = world.run(&["list", "--limit", "1", "--jsonl", "--envelope"]).expect(0);
    let line: serde_json::Value = serde_json::from_str(&lines.stdout).unwrap();
    assert!(line["ticket"]["title"].is_string() && line["answer"]["route"].is_string(), "{lines:#?}");
    for (name, arguments) in [
        ("usage_envelope_without_json", &["list", "--envelope"][..]),
        ("usage_envelope_without_tickets", &["resolve", "SHOP-3", "--json", "--envelope"]),
    ] {
        check(&world, name, arguments);
    }
}
