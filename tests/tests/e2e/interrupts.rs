//! Readers that go away, disks that are full, and Ctrl-C.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
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
        command.args(["--timeout", "60s"]).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert!(line.contains("waiting"), "{line}");

        let start = Instant::now();
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}: {rest}");
        assert!(rest.contains(said), "{arguments:?}: {rest}");
        assert!(start.elapsed() < Duration::from_secs(10), "{arguments:?}");
    }
}
