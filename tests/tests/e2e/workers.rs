//! Drop-ins that end, fill or leave their process, or try to: each in a worker, with an honest adapter beside it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufReader, Read},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use usher_tests::{
    Run, World,
    world::{left_behind_by, workers_of},
};

/// A world with a villain and an honest adapter beside it.
fn world(villain: &str) -> World {
    let world = World::new();
    world.drop_in("usher_example_minimal");
    world.drop_in(villain);
    world
}

/// Asks for a ticket of the villain's and then for one of the honest adapter, and looks at what is left of it.
#[track_caller]
fn beside_an_honest_one(world: &World, villain: &str, number: u32) -> Run {
    let reference = format!("{}-{number}", villain.to_uppercase().replace('_', "-"));
    let run = world.run(&["--timeout", "20s", "get", &reference, "minimal:MINIMAL-1", "--json"]);
    let tickets = run.json()["tickets"].clone();
    let keys: Vec<&str> = tickets.as_array().unwrap().iter().filter_map(|ticket| ticket["key"].as_str()).collect();
    assert!(keys.contains(&"MINIMAL-1"), "the honest adapter was not heard: {run:#?}");
    assert!(left_behind_by(run.id).is_empty(), "{run:#?}");
    run
}

/// Checks that asking for the villain's ticket ends its process, and that this is an error with that text.
#[track_caller]
fn is_crash(villain: &str, number: u32, text: &str) {
    is_error(villain, number, "adapter_crashed", text);
}

#[track_caller]
fn is_error(villain: &str, number: u32, kind: &str, text: &str) {
    let run = beside_an_honest_one(&world(villain), villain, number);
    let error = &run.json()["errors"][0];
    assert_eq!(error["kind"], kind, "{run:#?}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(text), "`{text}` is not in `{message}`");
}

/// Returns the villain's ticket.
#[track_caller]
fn ticket(villain: &str, number: u32) -> (serde_json::Value, Run) {
    let run = beside_an_honest_one(&world(villain), villain, number);
    let tickets = run.json()["tickets"].clone();
    let ticket = tickets.as_array().unwrap().iter().find(|ticket| ticket["key"] != "MINIMAL-1");
    (ticket.unwrap_or_else(|| panic!("{run:#?}")).clone(), run)
}

/// Checks that the villain was refused whatever it tried.
#[track_caller]
fn is_refused_everything(villain: &str) {
    let (ticket, _) = ticket(villain, 1);
    assert_eq!(ticket["title"], "all refused", "{}", ticket["body"]["markdown"].as_str().unwrap_or_default());
}

#[test]
fn a_segmentation_fault_is_an_error_with_its_signal() {
    is_crash("segfaults", 1, "SIGSEGV");
}

#[test]
fn a_crash_of_one_call_leaves_the_adapter_usable() {
    let world = world("segfaults");
    let run = world.run(&["list", "--in", "villain-segfaults", "--json"]).expect(0);
    assert_eq!(run.json()["tickets"].as_array().unwrap().len(), 2);
    world.run(&["get", "SEGFAULTS-1"]).expect(9);
    world.run(&["list", "--in", "villain-segfaults"]).expect(0);
}

#[test]
fn giving_up_is_an_error_with_its_signal() {
    is_crash("aborts", 1, "SIGABRT");
    is_crash("panics_twice", 1, "SIGABRT");
}

#[test]
fn leaving_as_if_all_were_well_is_an_error() {
    is_crash("exits", 1, "ended by itself with exit code 0");
}

#[test]
fn a_full_stack_is_an_error_with_the_last_words_of_the_process() {
    let run = beside_an_honest_one(&world("overflows_stack"), "overflows_stack", 1);
    let error = &run.json()["errors"][0];
    assert_eq!(error["kind"], "adapter_crashed", "{run:#?}");
    assert!(error["hint"].as_str().unwrap().contains("overflowed its stack"), "{run:#?}");
}

#[test]
fn memory_that_is_not_granted_is_an_error_that_says_so() {
    is_crash("hogs_memory", 2, "ran out of the memory");
    let (ticket, _) = ticket("hogs_memory", 1);
    let title = ticket["title"].as_str().unwrap();
    let taken: u64 = title.trim_start_matches("took ").split(' ').next().unwrap().parse().unwrap();
    assert!(taken <= 2048, "{title}");
}

#[test]
fn descriptors_are_few_and_its_own() {
    let (ticket, _) = ticket("hogs_descriptors", 1);
    let title = ticket["title"].as_str().unwrap();
    let number = title.split(|c: char| !c.is_ascii_digit()).find(|word| !word.is_empty()).unwrap();
    assert!(number.parse::<u32>().unwrap() <= 256, "{title}");
}

#[test]
fn an_adapter_in_process_that_uses_up_every_descriptor_keeps_no_answer_from_stdout() {
    let world = world("hogs_descriptors");
    world.config("[adapters.villain-hogs-descriptors]\nisolation = \"in-process\"\n");
    let get = |form: &[&str]| world.run_below("ulimit -n 256", &[&["get", "HOGS-DESCRIPTORS-1"], form].concat());
    let run = get(&["--json"]).expect(0);
    assert!(run.json()["title"].as_str().unwrap().starts_with("took "), "{run:#?}");
    assert!(!run.stderr.contains("took "), "{run:#?}");
    let run = get(&[]).expect(0);
    assert!(run.stdout.contains("HOGS-DESCRIPTORS-1") && !run.stderr.contains("took "), "{run:#?}");
    assert!(left_behind_by(run.id).is_empty(), "{run:#?}");
}

#[test]
fn a_crash_before_anything_was_shown_quarantines_the_file() {
    let world = world("crashes_in_entry");
    let run = beside_an_honest_one(&world, "crashes_in_entry", 1);
    assert_eq!(run.json()["errors"][0]["kind"], "adapter_crashed", "{run:#?}");
    let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == "villain-crashes-in-entry").unwrap();
    assert_eq!(row["state"], "quarantined", "{row}");
    assert!(row["reason"].as_str().unwrap().contains("SIGSEGV"), "{row}");
    world.run(&["get", "CRASHES-IN-ENTRY-1"]).expect(9);
    world.run(&["adapter", "unquarantine", "villain-crashes-in-entry"]).expect(0);
}

#[test]
fn a_crash_while_it_is_made_is_an_error() {
    is_crash("crashes_in_create", 1, "SIGSEGV");
}

#[test]
fn a_crash_at_the_end_does_not_hide_the_answer() {
    let (ticket, run) = ticket("crashes_in_drop", 1);
    assert_eq!(ticket["key"], "CRASHES-IN-DROP-1");
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("SIGSEGV"), "{run:#?}");
}

#[test]
fn a_crash_after_a_write_is_an_unknown_outcome_and_is_not_repeated() {
    let world = world("crashes_after_write");
    let run = world.run(&["create", "A title", "--in", "villain-crashes-after-write", "--json"]).expect(11);
    assert!(run.stderr.contains("whether it was written is not known"), "{run:#?}");
    assert!(left_behind_by(run.id).is_empty());
    world.run(&["update", "CRASHES-AFTER-WRITE-1", "--title", "Another"]).expect(11);
}

#[test]
fn five_crashes_quarantine_the_file_until_somebody_says_otherwise() {
    let world = world("aborts");
    // Each run asks twice: a read is tried once more.
    for _ in 0..3 {
        world.run(&["get", "ABORTS-1"]).expect(9);
    }
    let run = world.run(&["get", "ABORTS-1", "--json"]).expect(9);
    assert!(run.stderr.contains("quarantined"), "{run:#?}");
    let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == "villain-aborts").unwrap();
    assert_eq!(row["state"], "quarantined", "{row}");
    world.run(&["adapter", "unquarantine", "villain-aborts"]).expect(0);
    let run = world.run(&["get", "ABORTS-1"]).expect(9);
    assert!(run.stderr.contains("SIGABRT"), "{run:#?}");
}

#[test]
fn processes_and_programs_cannot_be_started() {
    is_refused_everything("forks");
    is_refused_everything("execs");
}

#[test]
fn sockets_cannot_be_opened() {
    is_refused_everything("opens_sockets");
}

#[test]
fn the_host_cannot_be_looked_into() {
    is_refused_everything("traces_parent");
}

#[test]
fn files_and_secrets_cannot_be_read() {
    let world = world("reads_secrets");
    world.config("[connections.other]\nadapter = \"minimal\"\n");
    let mut command = world.usher();
    command.env("USHER_SECRET", "canary").args(["get", "READS-SECRETS-1", "--json"]);
    let run = usher_tests::world::finish(command, "").expect(0);
    assert_eq!(run.json()["title"], "all refused", "{run:#?}");
    assert!(!run.stdout.contains("canary") && !run.stderr.contains("canary"));
}

#[test]
fn system_calls_that_are_no_business_of_an_adapter_are_refused() {
    is_refused_everything("calls_forbidden");
}

#[test]
fn garbage_on_every_descriptor_ends_the_worker_and_reaches_nobody() {
    is_crash("writes_garbage_everywhere", 1, "broke the rules");
}

#[test]
fn a_worker_that_closes_its_descriptors_is_given_up() {
    is_crash("closes_everything", 1, "");
}

#[test]
fn an_answer_that_nobody_waits_for_ends_the_worker() {
    is_crash("answers_anothers_id", 1, "which nobody waits for");
    // Of two answers to one call the first is passed on, and the second ends the worker.
    let (ticket, _) = ticket("answers_twice", 1);
    assert_eq!(ticket["key"], "ANSWERS-TWICE-1");
}

#[test]
fn a_length_that_is_too_great_ends_the_worker_before_anything_is_allocated() {
    is_crash("announces_1_gb", 1, "announced a frame");
}

#[test]
fn a_reply_of_1_gb_is_an_error() {
    let run = beside_an_honest_one(&world("reply_1_gb"), "reply_1_gb", 1);
    let kind = run.json()["errors"][0]["kind"].clone();
    assert!(kind == "response_parse" || kind == "adapter_crashed", "{run:#?}");
}

#[test]
fn threads_that_are_left_running_end_with_the_process() {
    for villain in ["leaves_thread_running", "hogs_cpu"] {
        let (ticket, run) = ticket(villain, 1);
        assert!(ticket["key"].is_string());
        assert!(run.time < Duration::from_secs(15), "{run:#?}");
    }
}

#[test]
fn floods_are_thinned_out() {
    for villain in ["floods_stderr", "floods_log"] {
        let (_, run) = ticket(villain, 1);
        assert!(run.stderr.lines().count() < 5000, "{villain}: {}", run.stderr.lines().count());
        assert!(run.stderr.contains("came too fast and are not shown"), "{villain}");
        assert!(run.stderr.lines().all(|line| line.len() < 20_000), "{villain}");
    }
}

#[test]
fn a_host_that_is_killed_leaves_no_worker() {
    for villain in ["spins_forever_pending", "blocks_in_poll"] {
        let world = world(villain);
        let mut command = world.usher();
        let key = format!("{}-1", villain.to_uppercase().replace('_', "-"));
        command.args(["--timeout", "60s", "get", &key]).stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut workers = Vec::new();
        until("a worker is there", || {
            workers = workers_of(child.id());
            !workers.is_empty()
        });
        // Long enough for the adapter to be inside its call.
        thread::sleep(Duration::from_millis(300));
        child.kill().unwrap();
        child.wait().unwrap();
        until("no worker is left", || workers.iter().all(|worker| !fs::exists(format!("/proc/{worker}")).unwrap()));
    }
}

/// Starts a write of the folder's adapter, stops its process when the new file is half way there, and kills the host.
fn kill_in_the_middle_of(world: &World, arguments: &[&str]) {
    let unfinished = || {
        let names = fs::read_dir(world.path("tickets")).unwrap().map(|entry| entry.unwrap().file_name());
        names
            .filter_map(|name| name.into_string().ok())
            .any(|name| name.starts_with(".usher-") && name.ends_with(".tmp"))
    };
    for _ in 0..200 {
        let before = tickets(world);
        let mut command = world.usher();
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut worker = None;
        until("a worker is there", || {
            worker = workers_of(child.id()).first().copied();
            worker.is_some()
        });
        let worker = worker.unwrap();
        while !unfinished() && child.try_wait().unwrap().is_none() {}
        signal("STOP", worker);
        until("it has stopped", || matches!(state(worker), None | Some('T' | 'Z')));
        if state(worker) == Some('T') && unfinished() && tickets(world) == before {
            child.kill().unwrap();
            child.wait().unwrap();
            until("no worker is left", || state(worker).is_none());
            assert_eq!(tickets(world), before);
            return;
        }
        // It was quicker than this test, and did what it was asked to.
        signal("CONT", worker);
        assert!(child.wait().unwrap().success());
    }
    panic!("it was never met half way");
}

/// Returns the files of the tickets with their bytes.
fn tickets(world: &World) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(world.path("tickets")).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    files.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

/// Returns the letter for what a process does; nothing if it is gone.
fn state(process: u32) -> Option<char> {
    let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    line.rsplit_once(") ")?.1.chars().next()
}

#[test]
fn a_host_that_is_killed_in_the_middle_of_a_write_leaves_the_ticket_whole_or_not_there() {
    let world = World::with_samples();
    world.run(&["get", "SHOP-3"]).expect(0);
    // As long as a ticket may be, so that writing it takes a while.
    let body = "A line that is long enough.\n".repeat(140_000);
    fs::write(world.path("body.md"), &body).unwrap();
    let file = format!("@{}", world.path("body.md").display());
    for write in [&["create", "A title", "--in", "work:OPS"][..], &["update", "SHOP-3"]] {
        let write = [write, &["--body", &file]].concat();
        kill_in_the_middle_of(&world, &write);
        let count = tickets(&world).len();
        let listed = world.run(&["list", "--all", "--json", "--fields", "key"]).expect(0).json();
        assert_eq!(listed["tickets"].as_array().unwrap().len(), count, "what is unfinished is no ticket");
        // The lock that the killed one held is free, and the same write works.
        let run = world.run(&[&write[..], &["--json"]].concat()).expect(0);
        let key = run.json()["key"].as_str().unwrap().to_owned();
        let ticket = world.run(&["get", &key, "--json"]).expect(0).json();
        assert_eq!(ticket["body"]["markdown"].as_str().unwrap().trim(), body.trim(), "{key}");
    }
    world.run(&["create", "Another title", "--in", "work:OPS"]).expect(0);
    let left = fs::read_dir(world.path("tickets")).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().ends_with(".tmp")).collect();
    assert!(left.is_empty(), "what a killed one has left is cleared away by the next that makes a ticket: {left:?}");
}

#[test]
fn a_worker_that_is_killed_is_replaced_and_the_read_is_asked_once_more() {
    let world = world("honest_sleeper");
    let mut command = world.usher();
    command.args(["-v", "get", "HONEST-SLEEPER-1", "--json"]).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let host = child.id();
    let mut killed = None;
    until("the worker sleeps", || {
        killed = workers_of(host).first().copied();
        killed.is_some()
    });
    thread::sleep(Duration::from_millis(100));
    signal("KILL", killed.unwrap());
    let mut stderr = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_to_string(&mut stderr).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("is asked once more"), "{stderr}");
    assert!(left_behind_by(host).is_empty());
}

fn signal(name: &str, process: u32) {
    // One that has just ended by itself needs none.
    let _ = std::process::Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).output().unwrap();
}

#[test]
fn a_copy_that_was_changed_in_the_store_is_not_opened_but_made_again() {
    for isolation in ["worker", "in-process"] {
        let world = world("honest_sleeper");
        world.config(&format!("[adapters.minimal]\nisolation = \"{isolation}\"\n"));
        world.run(&["get", "MINIMAL-1"]).expect(0);
        let store = world.path(".cache/usher/adapters");
        let copies = fs::read_dir(&store).unwrap().map(|entry| entry.unwrap().path());
        let copy = copies.into_iter().find(|copy| copy.extension().is_some_and(|ending| ending == "so")).unwrap();
        let mut bytes = fs::read(&copy).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::remove_file(&copy).unwrap();
        fs::write(&copy, &bytes).unwrap();
        world.run(&["get", "MINIMAL-1"]).expect(0);
        assert_ne!(fs::read(&copy).unwrap(), bytes, "{isolation}: it was copied anew");
    }
}

#[test]
fn what_survives_in_process_gives_the_same_errors_there() {
    for (villain, kind) in [
        ("panics_in_create", "adapter_panicked"),
        ("panics_in_poll", "adapter_panicked"),
        ("panics_without_sdk", "adapter_panicked"),
        ("panics_in_drop_of_future", "timeout"),
        ("blocks_in_poll", "adapter_hung"),
        ("blocks_in_create", "adapter_hung"),
        ("blocks_in_entry", "adapter_hung"),
        ("spins_forever_pending", "timeout"),
        ("wakes_itself_forever", "timeout"),
        ("sleeping_waker", "adapter_hung"),
        ("reply_100_mb", "response_parse"),
        ("reply_two_lines", "response_parse"),
        ("reply_spoofs_error", "platform"),
        // A worker opens the file before the host does: what crashes there is never opened here.
        ("crashes_in_entry", "adapter_crashed"),
        ("crashes_in_create", "adapter_crashed"),
    ] {
        let world = world(villain);
        let id = format!("villain-{}", villain.replace('_', "-"));
        world.config(&format!("[adapters.{id}]\nisolation = \"in-process\"\n"));
        let key = format!("{}-1", villain.to_uppercase().replace('_', "-"));
        let run = world.run(&["--timeout", "1500ms", "get", &key, "minimal:MINIMAL-1", "--json"]);
        assert_eq!(run.json()["errors"][0]["kind"], kind, "{villain}: {run:#?}");
        assert_eq!(run.json()["tickets"][0]["key"], "MINIMAL-1", "{villain}: {run:#?}");
        assert!(left_behind_by(run.id).is_empty(), "{villain}");
    }
}

#[test]
fn an_adapter_in_process_is_tried_in_a_worker_first_and_then_shown_as_such() {
    let world = world("honest_sleeper");
    world.config("[adapters.minimal]\nisolation = \"in-process\"\n");
    world.run(&["get", "MINIMAL-1"]).expect(0);
    let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let rows = rows.as_array().unwrap();
    let row = |id: &str| rows.iter().find(|row| row["id"] == id).unwrap();
    assert_eq!(row("minimal")["isolation"], "in-process");
    assert_eq!(row("villain-honest-sleeper")["isolation"], "worker");
    assert_eq!(row("villain-honest-sleeper")["sandbox"], "full");
    assert_eq!(row("minimal")["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn what_is_not_granted_is_said_with_the_lines_to_write() {
    let world = World::with_samples();
    let config = fs::read_to_string(world.path("usher.toml")).unwrap();
    let without: String =
        config.lines().filter(|line| !line.contains("filesystem")).map(|line| format!("{line}\n")).collect();
    world.config(&without);
    let run = world.run(&["get", "SHOP-3"]).expect(3);
    assert!(run.stderr.contains("[adapters.folder.grants]"), "{run:#?}");
    world.config(&config.replace(":rw", ":ro"));
    world.run(&["get", "SHOP-3"]).expect(0);
    let run = world.run(&["note", "SHOP-3", "a note"]);
    assert_ne!(run.code, Some(0), "{run:#?}");
}

#[test]
fn a_folder_that_is_granted_and_not_there_is_an_error_of_the_configuration() {
    let world = World::with_samples();
    fs::remove_dir_all(world.path("tickets")).unwrap();
    let run = world.run(&["list"]).expect(3);
    assert!(run.stderr.contains("is not there"), "{run:#?}");
}

/// Waits until something holds.
#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
