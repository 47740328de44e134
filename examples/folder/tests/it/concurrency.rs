//! Several writers at once, in one process and in two.

use std::{
    collections::BTreeSet,
    env, fs,
    process::{Command, Stdio},
    thread,
};

use usher_adapter_sdk::{
    message::{Change, Criteria, Draft, Include, ListChange, NoteDraft},
    model::{RichText, Visibility},
};

use crate::shelf::{Shelf, kit};

/// The folder to which a second process of this test writes.
const SECOND_PROCESS: &str = "FOLDER_TEST_SECOND_PROCESS";

fn note(text: String) -> NoteDraft {
    NoteDraft::new(text, Visibility::Internal)
}

#[test]
fn a_thousand_notes_of_eight_writers_are_all_kept() {
    let shelf = Shelf::with_titles(&["busy"]);
    thread::scope(|scope| {
        for writer in 0..8 {
            let kit = shelf.kit();
            scope.spawn(move || {
                for number in 0..125 {
                    kit.add_note("SHOP-1", &note(format!("{writer}:{number}"))).unwrap();
                }
            });
        }
    });
    let notes = shelf.kit().get("SHOP-1", Include::EVERYTHING).unwrap().notes.unwrap();
    let ids: BTreeSet<_> = notes.iter().map(|note| note.id.clone()).collect();
    let bodies: BTreeSet<_> = notes.iter().map(|note| note.body.markdown.clone()).collect();
    assert_eq!((notes.len(), ids.len(), bodies.len()), (1_000, 1_000, 1_000));
}

#[test]
fn two_writers_at_once_get_numbers_of_their_own_and_lose_no_label() {
    let shelf = Shelf::with_titles(&["shared"]);
    thread::scope(|scope| {
        for writer in 0..4 {
            let kit = shelf.kit();
            scope.spawn(move || {
                for number in 0..25 {
                    kit.create(&Draft::new(format!("{writer}:{number}"))).unwrap();
                    let label = format!("l{writer}-{number}");
                    let change = Change::new().with_labels(ListChange::delta([label], []));
                    kit.update("SHOP-1", &change).unwrap();
                }
            });
        }
    });
    let page = shelf.kit_with_pages_of(500).fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    let tickets = page.tickets().unwrap();
    assert_eq!((tickets.len(), page.head().errors.len()), (101, 0));
    assert_eq!(tickets[0].labels.len(), 100);
    let titles: BTreeSet<_> = tickets.iter().map(|ticket| ticket.title.clone()).collect();
    assert_eq!(titles.len(), 101);
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let shelf = Shelf::with_titles(&["shared"]);
    let body = |letter: &str| letter.repeat(100_000);
    thread::scope(|scope| {
        let writer = shelf.kit();
        let writing = scope.spawn(move || {
            for round in 0..100 {
                let letter = if round % 2 == 0 { "a" } else { "b" };
                writer.update("SHOP-1", &Change::new().with_body(RichText::markdown(body(letter)))).unwrap();
            }
        });
        let reader = shelf.kit();
        while !writing.is_finished() {
            let ticket = reader.get("SHOP-1", Include::default()).unwrap();
            let text = ticket.body.map_or(String::new(), |body| body.markdown);
            assert!(text.is_empty() || text == body("a") || text == body("b"));
        }
    });
}

#[test]
fn two_processes_at_once_lose_nothing() {
    if let Ok(path) = env::var(SECOND_PROCESS) {
        let kit = kit(path.as_ref(), "");
        for number in 0..100 {
            kit.add_note("SHOP-1", &note(format!("second {number}"))).unwrap();
            kit.create(&Draft::new(format!("second {number}"))).unwrap();
        }
        return;
    }
    let shelf = Shelf::with_titles(&["shared"]);
    let mut second = Command::new(env::current_exe().unwrap())
        .args(["--exact", "concurrency::two_processes_at_once_lose_nothing"])
        .env(SECOND_PROCESS, shelf.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let kit = shelf.kit();
    for number in 0..100 {
        kit.add_note("SHOP-1", &note(format!("first {number}"))).unwrap();
        kit.create(&Draft::new(format!("first {number}"))).unwrap();
    }
    assert!(second.wait().unwrap().success());
    let ticket = kit.get("SHOP-1", Include::EVERYTHING).unwrap();
    let ids: BTreeSet<_> = ticket.notes.unwrap().into_iter().map(|note| note.id).collect();
    let page = shelf.kit_with_pages_of(500).fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    assert_eq!((ids.len(), page.len()), (200, 201));
}

/// The system refuses to write files beyond a limit, much as a full disk does.
#[cfg(unix)]
#[test]
fn a_write_that_fails_half_way_changes_nothing_and_leaves_nothing() {
    if let Ok(path) = env::var(SECOND_PROCESS) {
        let kit = kit(path.as_ref(), "");
        let long = || RichText::markdown("x".repeat(1_000_000));
        let failures = [
            kit.update("SHOP-1", &Change::new().with_body(long())).unwrap_err(),
            kit.create(&Draft::new("new").with_body(long())).unwrap_err(),
            kit.attach("SHOP-1", &usher_adapter_sdk::message::NewAttachment::new("x"), &[0; 1_000_000]).unwrap_err(),
        ];
        assert!(failures.iter().all(|error| error.hint().unwrap().contains("Nothing was changed")), "{failures:?}");
        return;
    }
    let shelf = Shelf::with_titles(&["as it was"]);
    let before = shelf.everything();
    let second = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" \"$@\""])
        .arg(env::current_exe().unwrap())
        .args(["--exact", "concurrency::a_write_that_fails_half_way_changes_nothing_and_leaves_nothing"])
        .env(SECOND_PROCESS, shelf.path())
        .output()
        .unwrap();
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stdout));
    assert_eq!(shelf.everything(), before);
    assert!(fs::read_dir(shelf.path()).unwrap().count() <= 3);
}
