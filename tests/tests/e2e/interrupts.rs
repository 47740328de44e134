//! Readers that go away, disks that are full, and Ctrl-C.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    process::Stdio,
    time::{Duration, Instant},
};

use usher_tests::World;

/// A world with so many tickets that a list does not fit into a pipe.
fn world_with_many() -> World {
    let world = World::with_samples();
    for number in 1000..4000 {
        let text = format!("---\ntitle: Ticket {number}\nstatus: to do\n---\n\n{}\n", "word ".repeat(100));
        fs::write(world.path(format!("tickets/MANY-{number}.md")), text).unwrap();
    }
    world
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let world = world_with_many();
    let mut command = world.usher();
    command.args(["list", "--all", "--jsonl"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"schema_version\""), "{first}");
    let status = child.wait().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""));
}

#[test]
fn a_full_disk_is_said() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let world = World::with_samples();
    let mut command = world.usher();
    command.args(["list", "--jsonl"]).stdin(Stdio::null()).stdout(full).stderr(Stdio::piped());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("No space left on device"), "{output:?}");
}

#[test]
fn a_log_that_nobody_can_read_takes_nothing_down() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let world = World::new();
    world.drop_in("logs_nonsense");
    let mut command = world.usher();
    command.args(["get", "LOGS-NONSENSE-1", "-vvv"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(full);
    assert_eq!(command.status().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_during_a_read_is_a_partial_read_and_during_a_write_an_unknown_outcome() {
    for (arguments, code, said) in [
        (&["get", "SPINS-FOREVER-PENDING-1"][..], 8, "interrupted"),
        (&["list", "--in", "villain-spins-forever-pending"], 8, "interrupted"),
        (&["create", "A title", "--in", "villain-spins-forever-pending"], 11, "whether it was written is not known"),
    ] {
        let world = World::new();
        world.drop_in("spins_forever_pending");
        let mut command = world.usher();
        command.args(["--timeout", "20s"]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        wait_for_the_copy(&world);
        // The copy is made just before the call: a short while later the call is under way.
        std::thread::sleep(Duration::from_millis(400));
        let pid = i32::try_from(child.id()).unwrap();
        std::process::Command::new("kill").args(["-INT", &pid.to_string()]).status().unwrap();
        let start = Instant::now();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if arguments[0] == "create" && output.status.code() == Some(9) {
            // This villain does not offer writes: there is nothing to interrupt.
            continue;
        }
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(said), "{arguments:?}: {stderr}");
        assert!(start.elapsed() < Duration::from_secs(2), "{arguments:?}");
    }
}

fn wait_for_the_copy(world: &World) {
    let start = Instant::now();
    let copies = world.path(".cache/usher/adapters");
    while fs::read_dir(&copies).map_or(0, Iterator::count) == 0 && start.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(10));
    }
}
