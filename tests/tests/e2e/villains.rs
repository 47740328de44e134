//! Bad adapters, each a real library. After each the program still answers through another adapter.

use std::time::Duration;

use usher_tests::{Run, World, plugins};

/// A world with a villain and an honest adapter beside it.
fn world(villains: &[&str]) -> World {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    for villain in villains {
        world.drop_in(villain);
    }
    world
}

/// Far less than a call may take by default: whoever waits for a villain would wait longer.
const SOON: Duration = Duration::from_secs(15);

/// Asks for the villain's ticket and for one of the honest adapter in one run: one process, two adapters.
fn beside_an_honest_one(villain: &str, reference: &str, timeout: &str) -> Run {
    let run = world(&[villain]).run(&["--timeout", timeout, "get", reference, "minimal:MINIMAL-1", "--json"]);
    assert!(run.time < SOON, "{run:#?}");
    let tickets = run.json()["tickets"].clone();
    let keys: Vec<&str> = tickets.as_array().unwrap().iter().filter_map(|ticket| ticket["key"].as_str()).collect();
    assert!(keys.contains(&"MINIMAL-1"), "the honest adapter was not heard: {run:#?}");
    run
}

/// Checks that the villain's own ticket is an error of that kind, whose message holds the text.
#[track_caller]
fn is_survived(villain: &str, kind: &str, text: &str) {
    is_survived_within("10s", villain, kind, text);
}

/// The same for a villain that has to be waited for.
#[track_caller]
fn is_given_up(villain: &str, kind: &str, text: &str) {
    is_survived_within("2s", villain, kind, text);
}

/// The same where it matters what was given up: a busy machine takes its time to get there.
#[track_caller]
fn is_given_up_while(villain: &str, doing: &str) {
    is_survived_within("4s", villain, "adapter_hung", &format!("`{doing}` was given up"));
}

#[track_caller]
fn is_survived_within(timeout: &str, villain: &str, kind: &str, text: &str) {
    let run = beside_an_honest_one(villain, &key_of(villain), timeout);
    is_error(&run, kind, text);
}

/// Checks that a run has an error of that kind, whose message holds the text.
#[track_caller]
fn is_error(run: &Run, kind: &str, text: &str) {
    let error = &run.json()["errors"][0];
    assert_eq!(error["kind"], kind, "{run:#?}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(text), "`{text}` is not in `{message}`");
}

/// Returns the key of a villain's ticket.
fn key_of(villain: &str) -> String {
    format!("{}-1", villain.to_uppercase().replace('_', "-"))
}

/// Checks that the file is refused when it is looked at, without running it.
#[track_caller]
fn is_refused(villain: &str, reason: &str) {
    let world = world(&[villain]);
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    let rows = run.json();
    let rows = rows.as_array().unwrap();
    let refused = rows.iter().find(|row| row["state"] == "refused").unwrap_or_else(|| panic!("{run:#?}"));
    assert!(refused["reason"].as_str().unwrap().contains(reason), "{refused}");
    assert!(rows.iter().any(|row| row["id"] == "minimal" && row["state"] == "ready"), "{run:#?}");
    world.run(&["get", "MINIMAL-1"]).expect(0);
}

#[test]
fn panic_in_create_is_an_error_with_its_place() {
    is_survived("panics_in_create", "adapter_panicked", "panics_in_create/lib.rs:");
}

#[test]
fn panic_in_call_is_an_error_with_its_place() {
    is_survived("panics_in_call", "adapter_panicked", "panics_in_call/lib.rs:");
}

#[test]
fn panic_in_poll_is_an_error_with_its_place() {
    is_survived("panics_in_poll", "adapter_panicked", "panics_in_poll/lib.rs:");
}

#[test]
fn panic_in_normalize_is_an_error_with_its_place() {
    is_survived("panics_in_normalize", "adapter_panicked", "panics_in_normalize/lib.rs:");
}

#[test]
fn panic_whose_payload_panics_when_dropped_is_an_error() {
    is_survived("panics_with_strange_payload", "adapter_panicked", "not text");
}

#[test]
fn panic_outside_the_sdks_guards_is_an_error() {
    is_survived("panics_without_sdk", "adapter_panicked", "panicked in a poll");
}

#[test]
fn panic_in_drop_does_not_hide_the_answer_and_is_reported() {
    let run = world(&["panics_in_drop"]).run(&["get", "PANICS-IN-DROP-1", "MINIMAL-1", "--jsonl"]).expect(0);
    assert_eq!(run.stdout.lines().count(), 2, "{run:#?}");
    assert!(run.stderr.contains("panicked in drop at"), "{run:#?}");
}

#[test]
fn panic_in_the_end_of_a_cancelled_call_is_survived() {
    // Host and worker look at the same deadline: either the host comes first, or the panic of what the worker ends.
    let run = beside_an_honest_one("panics_in_drop_of_future", &key_of("panics_in_drop_of_future"), "2s");
    if run.json()["errors"][0]["kind"] == "timeout" {
        is_error(&run, "timeout", "deadline");
    } else {
        is_error(&run, "adapter_panicked", "panics_in_drop_of_future/lib.rs:");
    }
}

#[test]
fn blocking_for_ever_in_a_poll_is_given_up_at_the_deadline() {
    is_given_up("blocks_in_poll", "adapter_hung", "did not give control back");
}

#[test]
fn blocking_for_ever_in_create_is_given_up_at_the_deadline() {
    is_given_up_while("blocks_in_create", "create");
}

#[test]
fn blocking_for_ever_in_the_entry_is_given_up_at_the_deadline() {
    is_given_up_while("blocks_in_entry", "loading");
}

#[test]
fn blocking_for_ever_in_drop_does_not_keep_the_program() {
    let run = world(&["blocks_in_drop"]).run(&["get", "BLOCKS-IN-DROP-1"]).expect(0);
    assert!(run.time < SOON, "{run:#?}");
    assert!(run.stdout.contains("BLOCKS-IN-DROP-1"), "{run:#?}");
}

#[test]
fn a_blocked_adapter_fails_every_later_call_at_once() {
    let world = world(&["blocks_in_fetch_only"]);
    let references: Vec<String> = (1..=8).map(|number| format!("BLOCKS-IN-FETCH-ONLY-{number}")).collect();
    let mut arguments = vec!["--timeout", "400ms", "get"];
    arguments.extend(references.iter().map(String::as_str));
    world.run(&arguments).expect(0);
    let run = world.run(&["--timeout", "400ms", "list", "--in", "villain-blocks-in-fetch-only"]).expect(9);
    assert!(run.time < SOON, "{run:#?}");
}

#[test]
fn a_waker_that_sleeps_delays_nobody_else() {
    // It sleeps for three seconds; the honest ticket and the error come long before.
    is_given_up("sleeping_waker", "adapter_hung", "did not give control back");
}

#[test]
fn a_call_that_is_never_woken_ends_at_its_deadline() {
    is_given_up("spins_forever_pending", "timeout", "deadline");
}

#[test]
fn a_call_that_wakes_itself_for_ever_ends_at_its_deadline() {
    is_given_up("wakes_itself_forever", "timeout", "deadline");
}

#[test]
fn what_an_adapter_prints_never_mixes_with_the_data() {
    let run = world(&["prints_to_stdout"]).run(&["get", "PRINTS-TO-STDOUT-1", "--json"]).expect(0);
    assert_eq!(run.json()["key"], "PRINTS-TO-STDOUT-1");
    assert!(run.stderr.contains("printed to stdout in get"), "{run:#?}");
}

#[test]
fn a_reply_that_is_not_json_is_an_error() {
    is_survived("reply_not_json", "response_parse", "could not be read");
    is_survived("reply_not_json_header", "response_parse", "could not be read");
    is_survived("reply_wrong_key_type", "response_parse", "`key`");
    is_survived("reply_unknown_status", "response_parse", "9999");
}

#[test]
fn a_reply_of_100_mb_is_an_error_with_its_size() {
    is_survived("reply_100_mb", "response_parse", "bytes");
}

#[test]
fn a_reply_of_two_lines_is_an_error() {
    is_survived("reply_two_lines", "response_parse", "not on one line");
}

#[test]
fn a_reply_that_claims_to_come_from_elsewhere_is_an_error() {
    is_survived("reply_spoofs_host_fields", "response_parse", "the host's to say");
    is_survived("reply_spoofs_error", "platform", "the adapter failed");
}

#[test]
fn pages_that_go_in_a_circle_are_cut_and_said_to_be() {
    let run = world(&["endless_pages"]).run(&["list", "--all", "--in", "villain-endless-pages", "--json"]).expect(8);
    assert!(run.json()["errors"][0]["message"].as_str().unwrap().contains("circle"), "{run:#?}");
    assert_eq!(run.json()["completeness"][0]["reason"], "error");
}

#[test]
fn a_page_that_lost_tickets_on_the_way_is_noticed() {
    let run = world(&["page_count_lies"]).run(&["list", "--in", "villain-page-count-lies", "--json"]).expect(7);
    assert!(run.json()["errors"][0]["message"].as_str().unwrap().contains("holds"), "{run:#?}");
}

#[test]
fn a_ticket_on_two_pages_is_listed_once() {
    let run = world(&["page_same_tickets"]).run(&["list", "--in", "villain-page-same-tickets", "--json"]).expect(0);
    let tickets = run.json()["tickets"].clone();
    let mut keys: Vec<&str> = tickets.as_array().unwrap().iter().filter_map(|ticket| ticket["key"].as_str()).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count, "{run:#?}");
}

#[test]
fn several_chains_of_pages_are_each_followed_to_their_end() {
    let run = world(&["honest_chains"]).run(&["list", "--in", "villain-honest-chains", "--all", "--json"]).expect(0);
    let tickets = run.json()["tickets"].clone();
    let keys: Vec<&str> = tickets.as_array().unwrap().iter().filter_map(|ticket| ticket["key"].as_str()).collect();
    assert_eq!(keys, ["CHAIN-1", "CHAIN-2", "CHAIN-3", "CHAIN-4"], "{run:#?}");
}

#[test]
fn a_cut_of_one_chain_of_pages_drops_no_other_and_is_told_with_its_place() {
    let run = world(&["honest_cut"]).run(&["list", "--in", "villain-honest-cut", "--all", "--json"]).expect(8);
    let tickets = run.json()["tickets"].clone();
    let keys: Vec<&str> = tickets.as_array().unwrap().iter().filter_map(|ticket| ticket["key"].as_str()).collect();
    assert_eq!(keys, ["CUT-1", "CUT-2", "CUT-3", "CUT-4", "CUT-5"], "{run:#?}");
    let completeness = &run.json()["completeness"][0];
    assert_eq!((&completeness["reason"], &completeness["next"]), (&"cap".into(), &"cut".into()), "{run:#?}");
}

#[test]
fn a_write_that_does_not_account_for_a_field_is_of_unknown_outcome() {
    let run = world(&["forgets_a_field"]).run(&[
        "create",
        "A title",
        "--in",
        "villain-forgets-a-field",
        "--label",
        "red",
        "--due",
        "2026-12-24",
    ]);
    let run = run.expect(11);
    assert!(run.stderr.contains("does not say what became of"), "{run:#?}");
}

#[test]
fn a_write_after_which_the_adapter_panics_is_of_unknown_outcome() {
    let run = world(&["panics_after_write"]).run(&["create", "A title", "--in", "villain-panics-after-write"]);
    let run = run.expect(11);
    assert!(run.stderr.contains("whether it was written is not known"), "{run:#?}");
}

#[test]
fn a_manifest_that_lies_is_refused_before_anything_is_asked() {
    is_survived("lies_in_manifest", "adapter_refused", "its manifest says something else than its code");
}

#[test]
fn a_library_without_layout_is_refused() {
    is_survived("no_layout", "adapter_refused", "does not say how its types are laid out");
}

#[test]
fn a_library_of_a_fork_of_the_abi_is_refused() {
    let world = world(&[]);
    std::fs::copy(plugins::forked_library(), world.path("adapters/forked.so")).unwrap();
    let run = world.run(&["get", "DIVERGING-LAYOUT-1", "MINIMAL-1", "--json"]).expect(9);
    let message = run.json()["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("types are laid out differently"), "{message}");
    assert_eq!(run.json()["tickets"][0]["key"], "MINIMAL-1");
}

#[test]
fn files_that_are_no_adapters_are_refused_in_one_sentence() {
    is_refused("no_manifest", "has no adapter manifest");
    is_refused("no_entry", "and not its entry symbol");
    is_refused("garbage_manifest", "broken adapter manifest");
    is_refused("bad_toml_manifest", "line ");
    is_refused("future_manifest", "manifest schema 2");
    is_refused("odd_crate_name", "wrong crate name");
    is_refused("abi_major_2", "ABI 2");
}

#[test]
fn two_files_of_one_id_and_version_are_both_refused_and_named() {
    let run = world(&["twin_a", "twin_b"]).run(&["adapter", "list"]).expect(0);
    assert_eq!(run.stderr.matches("and differ").count(), 2, "{run:#?}");
    assert!(run.stderr.contains("libtwin_a") && run.stderr.contains("libtwin_b"), "{run:#?}");
}

#[test]
fn a_newer_file_of_one_id_shadows_the_older() {
    let world = world(&["older_a", "newer_a"]);
    let run = world.run(&["adapter", "list", "--json"]).expect(0);
    let rows = run.json();
    let aged: Vec<_> = rows.as_array().unwrap().iter().filter(|row| row["id"] == "villain-aged").collect();
    assert_eq!((&aged[0]["version"], &aged[0]["state"]), (&"2.0.0".into(), &"ready".into()));
    assert_eq!((&aged[1]["version"], &aged[1]["state"]), (&"1.0.0".into(), &"shadowed".into()));
}

#[test]
fn escapes_in_what_an_adapter_says_never_reach_the_terminal() {
    let run = world(&["logs_nonsense", "escapes_in_manifest"]).run(&["get", "LOGS-NONSENSE-1"]);
    let list = world(&["escapes_in_manifest"]).run(&["adapter", "list"]);
    for text in [&run.stdout, &run.stderr, &list.stdout, &list.stderr] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text:?}");
    }
}

#[test]
fn every_other_villain_leaves_the_program_standing() {
    for villain in [
        "answers_no_records",
        "asks_after_the_end",
        "asks_nonsense",
        "blocks_in_drop_of_future",
        "blocks_in_records",
        "blocks_in_shutdown",
        "blocks_in_thread_local",
        "changes_directory",
        "claims_every_id",
        "empty_pages",
        "forges_call_header",
        "forgets_host_futures",
        "hands_back_host_future",
        "page_count_is_huge",
        "pages_multiply",
        "polls_after_completion",
        "polls_on_own_thread",
        "refuses_with_status_ok",
        "same_id_twice",
        "wakes_after_the_end",
    ] {
        beside_an_honest_one(villain, &key_of(villain), "500ms");
        let run = world(&[villain]).run(&["--timeout", "500ms", "list", "--limit", "5", "--jsonl"]);
        assert!(run.code.is_some() && run.time < SOON, "{villain}: {run:#?}");
    }
}
