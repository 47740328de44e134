//! `usher open`, and the man pages.

use std::{fs, os::unix::fs::PermissionsExt};

use usher_tests::{Run, World, world::finish};

/// A world in which SHOP-90 is on the web, and a browser that writes down what it is to show.
fn world() -> World {
    let world = World::with_samples();
    fs::write(
        world.path("tickets/SHOP-90.md"),
        "---\ntitle: A\nstatus: to do\nurl: https://shop.example/90?a=b&c\n---\n",
    )
    .unwrap();
    fs::write(world.path("tickets/SHOP-91.md"), "---\ntitle: A\nstatus: to do\nurl: file:///etc/passwd\n---\n")
        .unwrap();
    let browser = world.path("browser");
    fs::write(&browser, "#!/bin/sh\nprintf '%s' \"$1\" > shown.part && mv shown.part shown\necho noise\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    world
}

fn open(world: &World, arguments: &[&str], browser: bool) -> Run {
    let mut command = world.usher();
    command.arg("open").args(arguments);
    if browser {
        command.env("BROWSER", world.path("browser"));
    }
    finish(command, "")
}

#[test]
fn a_ticket_is_opened_in_the_browser_that_the_user_names() {
    let world = world();
    let run = open(&world, &["SHOP-90"], true).expect(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "opened https://shop.example/90?a=b&c\n"));
    // A browser is not waited for.
    while !world.path("shown").exists() {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_to_string(world.path("shown")).unwrap(), "https://shop.example/90?a=b&c");
}

#[test]
fn an_address_can_be_printed_and_nothing_is_opened() {
    let world = world();
    assert_eq!(open(&world, &["SHOP-90", "--print"], true).expect(0).stdout, "https://shop.example/90?a=b&c\n");
    let run = open(&world, &["SHOP-90", "--print", "--jq", ".url"], true).expect(0);
    assert_eq!(run.stdout, "https://shop.example/90?a=b&c\n");
    assert!(!world.path("shown").exists());
}

#[test]
fn what_cannot_be_opened_says_why_and_names_the_address() {
    let world = world();
    let run = open(&world, &["SHOP-90"], false).expect(1);
    assert!(run.stderr.contains("no display") && run.stderr.contains("https://shop.example/90?a=b&c"), "{run:#?}");
    let run = open(&world, &["SHOP-91"], true).expect(1);
    assert!(run.stderr.contains("not one for a browser: file:///etc/passwd"), "{run:#?}");
    let run = open(&world, &["SHOP-3"], true).expect(1);
    assert!(run.stderr.contains("work:SHOP-3 has no address on the web"), "{run:#?}");
    assert!(!world.path("shown").exists());
}

#[test]
fn man_pages_are_printed_and_written_for_every_command() {
    let world = World::new();
    let run = world.run(&["man"]).expect(0);
    assert!(run.stdout.contains(".TH usher 1") && run.stdout.contains("usher\\-attachment(1)"), "{run:#?}");
    let run = world.run(&["man", "attachment", "get"]).expect(0);
    assert!(run.stdout.contains("usher\\-attachment\\-get"), "{run:#?}");
    let run = world.run(&["man", "atachment"]).expect(2);
    assert!(run.stderr.contains("It has: resolve, get,"), "{run:#?}");
    let folder = world.path("man/man1");
    world.run(&["man", "--folder", folder.to_str().unwrap()]).expect(0);
    for page in ["usher.1", "usher-list.1", "usher-attachment-get.1"] {
        assert!(folder.join(page).is_file(), "{page}");
    }
    assert!(!folder.join("usher-help.1").exists());
}
