//! `network = "direct"`: sockets of an adapter's own, for those that ask for them and are granted them.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use usher_tests::{Run, World};

const ID: &str = "villain-connects-directly";

fn world() -> World {
    let world = World::new();
    world.drop_in("connects_directly");
    world
}

fn grant(world: &World, id: &str) {
    world.config(&format!("[adapters.{id}.grants]\nnetwork = \"direct\"\n"));
}

/// Asks for the ticket that connects to a listener, and returns what that heard.
fn call_a_listener(world: &World) -> (Run, Option<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answering = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut word = String::new();
        reader.read_line(&mut word).unwrap();
        // Whoever only knocks is gone already.
        let _ = reader.get_mut().write_all(b"a word from outside\n");
        word.trim().to_owned()
    });
    let run = world.run(&["get", &format!("CONNECTS-DIRECTLY-{port}"), "--json"]);
    // Nobody has connected: a knock of the test's own lets the listener go.
    drop(std::net::TcpStream::connect(("127.0.0.1", port)));
    let heard = answering.join().unwrap();
    (run, (!heard.is_empty()).then_some(heard))
}

#[test]
fn an_adapter_that_asks_for_sockets_and_is_granted_them_connects_outwards_and_no_more() {
    let world = world();
    grant(&world, ID);
    let (run, heard) = call_a_listener(&world);
    let ticket = run.expect(0).json();
    assert_eq!(ticket["title"], "a word from outside", "{ticket}");
    assert!(heard.unwrap().starts_with("CONNECTS-DIRECTLY-"));
    let body = ticket["body"]["markdown"].as_str().unwrap();
    assert!(body.starts_with("all refused\n"), "waiting for others and local sockets are refused: {body}");
    assert!(body.contains("listen=") && body.contains("unix="), "{body}");
}

#[test]
fn an_adapter_that_asks_for_sockets_is_not_made_without_the_grant() {
    let world = world();
    let (run, heard) = call_a_listener(&world);
    let run = run.expect(3);
    assert_eq!(heard, None, "{run:#?}");
    assert!(run.stderr.contains(&format!("[adapters.{ID}.grants]")), "{run:#?}");
    assert!(run.stderr.contains("network = \\\"direct\\\""), "{run:#?}");
}

#[test]
fn an_adapter_that_does_not_ask_for_sockets_has_none_whatever_is_granted() {
    let world = World::new();
    world.drop_in("opens_sockets");
    grant(&world, "villain-opens-sockets");
    let ticket = world.run(&["get", "OPENS-SOCKETS-1", "--json"]).expect(0).json();
    assert_eq!(ticket["title"], "all refused", "{}", ticket["body"]["markdown"]);
    let rows = world.run(&["adapter", "list", "--json"]).expect(0).json();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == "villain-opens-sockets").unwrap();
    assert_eq!(row["grants"]["network"], false, "{row:#}");
}

/// What is printed for red, and back.
const RED: &str = "\u{1b}[31m";

#[test]
fn sockets_of_an_adapters_own_are_shown_in_red_and_named_wherever_somebody_decides() {
    let world = world();
    world.config("");
    // Asked for and not granted: named where it is decided, and no grant in the list.
    let run = world.run(&["adapter", "list", "--color", "always"]).expect(0);
    assert!(!run.stdout.contains("network direct"), "{run:#?}");
    let run = world.run(&["adapter", "show", ID]).expect(0);
    assert!(
        run.stdout.lines().any(|line| line.starts_with("asks for") && line.ends_with("network direct")),
        "{run:#?}"
    );
    assert!(!run.stdout.contains("granted"), "{run:#?}");
    let run = world.run(&["adapter", "approve", ID, "--color", "always"]).expect(2);
    let line = run.stdout.lines().find(|line| line.contains("network")).unwrap();
    assert!(line.contains(&format!("{RED}direct")), "{line:?}");
    // Approving exactly this file grants it, as the configuration does.
    world.run(&["adapter", "approve", ID, "--yes"]).expect(0);
    let (run, heard) = call_a_listener(&world);
    run.expect(0);
    assert!(heard.is_some());
    for arguments in [&["adapter", "list"][..], &["adapter", "show", ID]] {
        let run = world.run(&[arguments, &["--color", "always"]].concat()).expect(0);
        assert!(run.stdout.contains(&format!("{RED}network direct")), "{run:#?}");
        let run = world.run(arguments).expect(0);
        assert!(run.stdout.contains("network direct") && !run.stdout.contains('\u{1b}'), "{run:#?}");
    }
}
