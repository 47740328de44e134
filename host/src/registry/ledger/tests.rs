use std::{
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use tempfile::TempDir;

use super::*;

/// A state folder and a clock that stands still until it is set.
struct World {
    state: TempDir,
    seconds: Arc<AtomicU64>,
}

const START: u64 = 1_800_000_000;

impl World {
    fn new() -> Self {
        Self { state: tempfile::tempdir().unwrap(), seconds: Arc::new(AtomicU64::new(START)) }
    }

    fn ledger(&self) -> Ledger {
        let seconds = self.seconds.clone();
        Ledger::new(Some(self.state.path()))
            .with_clock(move || UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst)))
    }

    fn wait(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    fn file(&self, sha256: &str) -> PathBuf {
        self.state.path().join("adapters").join(format!("{sha256}.json"))
    }

    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.state.path().join("adapters")).unwrap();
        let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn sha(letter: char) -> String {
    letter.to_string().repeat(64)
}

#[test]
fn what_one_process_says_another_knows() {
    let world = World::new();
    let (good, bad) = (sha('a'), sha('b'));
    let ledger = world.ledger();
    assert_eq!(ledger.standing(&good), Standing::Unknown);
    ledger.ready(&good, "full");
    ledger.refused(&bad, "was built with another SDK");
    let other = world.ledger();
    assert_eq!(other.standing(&good), Standing::Ready { sandbox: Some("full".to_owned()) });
    assert_eq!(other.standing(&bad), Standing::Refused { reason: "was built with another SDK".to_owned() });
    assert_eq!(other.known(), [good, bad]);
    assert_eq!(other.trouble(), None);
}

#[test]
fn five_failures_within_ten_minutes_quarantine_and_the_reason_comes_back() {
    let world = World::new();
    let file = sha('a');
    for _ in 0..4 {
        assert_eq!(world.ledger().failed(&file, "it crashed"), None);
        world.wait(60);
    }
    let reason = world.ledger().failed(&file, "it hung").unwrap();
    assert_eq!(reason, "it failed 5 times within 10 minutes, the last time so: it hung");
    let since = Time::from_unix_seconds(START as i64 + 240).unwrap();
    assert_eq!(world.ledger().standing(&file), Standing::Quarantined { reason, since });
    assert!(world.ledger().clear(&file));
    assert_eq!(world.ledger().standing(&file), Standing::Unknown);
    assert!(!world.ledger().clear(&file));
    assert_eq!(world.ledger().failed(&file, "it crashed"), None, "what was cleared counts no more");
}

#[test]
fn failures_that_lie_far_apart_do_not_add_up() {
    let world = World::new();
    for _ in 0..20 {
        assert_eq!(world.ledger().failed(&sha('a'), "it crashed"), None);
        world.wait(151);
    }
}

#[test]
fn the_policy_can_be_lifted() {
    let world = World::new();
    let policy = FailurePolicy { count: usize::MAX, ..FailurePolicy::default() };
    let ledger = world.ledger().with_policy(policy);
    for _ in 0..20 {
        assert_eq!(ledger.failed(&sha('a'), "it crashed"), None);
    }
}

#[test]
fn a_mark_that_an_ended_process_left_behind_quarantines_or_counts_by_where_the_code_ran() {
    let world = World::new();
    for (file, isolation) in [(sha('a'), Isolation::InProcess), (sha('b'), Isolation::Worker)] {
        let ledger = world.ledger();
        ledger.probing(&file, isolation);
        assert_eq!(world.ledger().standing(&file), Standing::Unknown, "its process still lives");
        // What a process that is killed leaves: the entry and the mark's file, and no lock on it.
        std::mem::take(&mut ledger.memory().held).into_values().for_each(Held::abandon);
    }
    let since = Time::from_unix_seconds(START as i64).unwrap();
    let reason = "the host ended while it was opened in-process".to_owned();
    assert_eq!(world.ledger().standing(&sha('a')), Standing::Quarantined { reason, since });
    assert_eq!(world.ledger().standing(&sha('b')), Standing::Unknown);
    for _ in 0..3 {
        assert_eq!(world.ledger().failed(&sha('b'), "it crashed"), None);
    }
    assert!(world.ledger().failed(&sha('b'), "it crashed").is_some(), "the mark was one failure, and only one");
    assert!(!world.files().iter().any(|name| name.ends_with(".probing")), "{:?}", world.files());
}

#[test]
fn a_mark_is_gone_after_every_outcome() {
    let outcomes: [fn(&Ledger, &str); 5] = [
        |ledger, file| ledger.unmark(file),
        |ledger, file| ledger.ready(file, "full"),
        |ledger, file| ledger.refused(file, "it does not fit"),
        |ledger, file| drop(ledger.failed(file, "it crashed")),
        |ledger, file| ledger.quarantine(file, "it swapped its file"),
    ];
    for outcome in outcomes {
        let world = World::new();
        let ledger = world.ledger();
        ledger.probing(&sha('a'), Isolation::InProcess);
        assert!(world.files().iter().any(|name| name.ends_with(".probing")));
        outcome(&ledger, &sha('a'));
        let before = ledger.standing(&sha('a'));
        drop(ledger);
        assert_eq!(world.ledger().standing(&sha('a')), before);
        assert_eq!(world.files(), [format!("{}.json", sha('a')), "ledger.lock".to_owned()]);
    }
}

#[test]
fn a_broken_or_foreign_file_is_as_good_as_none_and_is_written_anew() {
    let world = World::new();
    let file = sha('a');
    world.ledger().quarantine(&file, "it crashed");
    let text = fs::read_to_string(world.file(&file)).unwrap();
    let foreign = text.replace("\"abi\": \"1/", "\"abi\": \"0/");
    assert_ne!(text, foreign);
    let escapes = text.replace("\"failures\"", "\"marks\"");
    let deep = "[".repeat(100_000);
    for broken in ["", "{", "[]", &foreign, &escapes[..escapes.len() / 2], "{\"version\":2}", &deep] {
        fs::write(world.file(&file), broken).unwrap();
        assert_eq!(world.ledger().standing(&file), Standing::Unknown);
        world.ledger().ready(&file, "full");
        assert_eq!(world.ledger().standing(&file), Standing::Ready { sandbox: Some("full".to_owned()) });
    }
}

#[test]
fn failures_of_several_processes_at_once_are_not_lost() {
    let world = World::new();
    let policy = FailurePolicy { count: 40, ..FailurePolicy::default() };
    let quarantined: usize = thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|_| {
                let ledger = world.ledger().with_policy(policy);
                scope.spawn(move || (0..10).filter(|_| ledger.failed(&sha('a'), "it crashed").is_some()).count())
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(quarantined, 1);
    assert!(matches!(world.ledger().standing(&sha('a')), Standing::Quarantined { .. }));
}

#[test]
fn without_a_state_folder_this_process_still_remembers() {
    let ledger = Ledger::new(None);
    for _ in 0..4 {
        assert_eq!(ledger.failed(&sha('a'), "it crashed"), None);
    }
    assert!(ledger.failed(&sha('a'), "it crashed").is_some());
    assert!(matches!(ledger.standing(&sha('a')), Standing::Quarantined { .. }));
    assert_eq!(ledger.trouble(), None, "nobody wanted it written");
}

#[test]
fn a_state_folder_that_cannot_be_written_is_said_and_nothing_is_forgotten_meanwhile() {
    let world = World::new();
    fs::write(world.state.path().join("adapters"), "not a folder").unwrap();
    let ledger = world.ledger();
    ledger.probing(&sha('a'), Isolation::Worker);
    ledger.quarantine(&sha('a'), "it crashed");
    assert!(matches!(ledger.standing(&sha('a')), Standing::Quarantined { .. }));
    assert!(ledger.trouble().unwrap().contains("adapters"), "{:?}", ledger.trouble());
}
