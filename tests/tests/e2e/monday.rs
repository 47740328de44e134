//! What only monday.com has: places in a list that expire, items that move from board to board, labels of one text, limits
//! that are told with HTTP 200, files in columns.

use std::{fs, time::Duration};

use usher_tests::{
    Run,
    servers::monday::{Dialect, FakeMonday, Limit, Resource, Seed},
};

use crate::platforms::Site;

/// More than a page of 500 on each of four boards.
const MANY: u64 = 4 * 650;

fn nothing_left_for_a_second(limit: u64) -> Limit {
    Limit { limit, remaining: 0, resets_in: Duration::from_secs(1) }
}

/// Returns the key of an item by its name.
fn key(fake: &FakeMonday, name: &str) -> String {
    let (item, board) = fake.with_state(|state| {
        let item = state.named(name).clone();
        (item.id, state.boards[item.board].id.clone())
    });
    format!("acme:{board}:{item}")
}

fn titles(run: Run) -> Vec<String> {
    let list = run.expect(0).json();
    let tickets = list["tickets"].as_array().unwrap().iter();
    tickets.map(|ticket| ticket["title"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn places_that_expire_in_the_middle_of_a_list_lose_and_double_nothing() {
    let fake = FakeMonday::start(Seed::issues(MANY));
    fake.expire_next_places(2);
    let site = Site::monday(fake);
    site.lists_everything(MANY);
    let requests = site.fake.server().ledger().len();
    assert!(requests > 8, "two pages of each of four boards, and more where a board was begun anew: {requests}");
}

#[test]
fn items_that_are_moved_while_they_are_listed_are_listed_once_and_as_they_are() {
    let fake = FakeMonday::start(Seed::issues(MANY));
    // The first page is that of the first board. Of these items some are on it, and the others would have followed.
    let moved: Vec<usize> = (0..40).map(|number| 4 * number).collect();
    let places = moved.clone();
    fake.after_next_page(move |state| places.iter().for_each(|place| state.move_item(*place, 1)));
    let site = Site::monday(fake);
    site.lists_everything(MANY);
    let list = site.run(&["list", "--in", "work:2222222222", "--all", "--json", "--fields", "key,status"]).expect(0);
    let list = list.json();
    let tickets = list["tickets"].as_array().unwrap();
    assert_eq!(tickets.len() as u64, MANY / 4 + moved.len() as u64);
    assert!(tickets.iter().all(|ticket| ticket["status"]["category"] != "unknown"), "{list:#}");
}

#[test]
fn labels_of_one_text_are_found_together_and_the_first_is_written() {
    let fake = FakeMonday::start(Seed::small());
    let nobodys = key(&fake, "Nobody's");
    let site = Site::monday(fake);
    let done = ["list", "--in", "work:1111111111", "--status", "done", "--all", "--json"];
    assert_eq!(titles(site.run(&done)), ["Done twice"]);
    site.run(&["update", &nobodys, "--status", "Done"]).expect(0);
    let mut found = titles(site.run(&done));
    found.sort_unstable();
    assert_eq!(found, ["Done twice", "Nobody's"]);
    let open = titles(site.run(&["list", "--in", "work:1111111111", "--open", "--all", "--json"]));
    assert!(open.iter().any(|title| title == "Write the format"), "an item without a label is open: {open:?}");
    assert!(!open.iter().any(|title| found.contains(title)), "{open:?}");
    let ticket = site.run(&["get", &nobodys, "--json"]).expect(0).json();
    assert_eq!(ticket["status"]["native"]["id"], "1", "{ticket:#}");
}

#[test]
fn board_without_a_status_has_tickets_of_which_nobody_knows_whether_they_are_open() {
    let site = Site::monday(FakeMonday::start(Seed::small()));
    let list = site.run(&["list", "--in", "work:3333333333", "--all", "--json"]).expect(0).json();
    let ticket = &list["tickets"][0];
    assert_eq!((&ticket["title"], &ticket["status"]["category"]), (&"Call the printer".into(), &"unknown".into()));
    assert_eq!(ticket["status"].get("is_open"), None, "{ticket:#}");
    let refused = site.run(&["create", "New", "--in", "work:3333333333", "--status", "Done", "--json"]);
    assert!(refused.stdout.contains("status") || refused.stderr.contains("status"), "{refused:#?}");
}

#[test]
fn budget_that_is_full_again_shortly_is_waited_for_in_whichever_words_it_is_told() {
    for dialect in [Dialect::Now, Dialect::InWords, Dialect::Older] {
        let fake = FakeMonday::start(Seed::small());
        let nobodys = key(&fake, "Nobody's");
        fake.speak(dialect);
        fake.set_limit(Resource::Complexity, nothing_left_for_a_second(10_000_000));
        let site = Site::monday(fake);
        let run = site.run(&["get", &nobodys, "--include", "none"]).expect(0);
        assert!(
            run.time < Duration::from_secs(20),
            "{dialect:?} took {:?}: the time that is told is not the time that is waited",
            run.time
        );
    }
}

#[test]
fn write_that_meets_the_limit_of_a_minute_is_done_once() {
    let fake = FakeMonday::start(Seed::small());
    let nobodys = key(&fake, "Nobody's");
    fake.set_limit(Resource::Minute, nothing_left_for_a_second(1_000));
    let site = Site::monday(fake);
    site.run(&["note", &nobodys, "Once."]).expect(0);
    let ticket = site.run(&["get", &nobodys, "--json"]).expect(0).json();
    assert_eq!(ticket["notes"].as_array().map_or(0, Vec::len), 1, "{ticket:#}");
}

#[test]
fn every_note_of_a_long_discussion_is_read_the_oldest_first() {
    let fake = FakeMonday::start(Seed::small());
    let long = key(&fake, "A long discussion");
    let ticket = Site::monday(fake).run(&["get", &long, "--json"]).expect(0).json();
    let notes = ticket["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 120);
    assert_eq!(
        (&notes[0]["body"]["markdown"], &notes[119]["body"]["markdown"]),
        (&"Thought 1".into(), &"Thought 120".into())
    );
}

#[test]
fn file_goes_into_a_column_and_comes_back_as_it_was() {
    let fake = FakeMonday::start(Seed::small());
    let nobodys = key(&fake, "Nobody's");
    let site = Site::monday(fake);
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    fs::write(site.world.path("rows.bin"), &bytes).unwrap();
    let sent = site.world.path("rows.bin");
    let added = site.run(&["attachment", "add", &nobodys, sent.to_str().unwrap(), "--json"]).expect(0).json();
    let listed = site.run(&["attachment", "list", &nobodys, "--json"]).expect(0).json();
    let id = listed[0]["id"].as_str().unwrap_or_else(|| panic!("{added:#} {listed:#}"));
    let target = site.world.path("back.bin");
    site.run(&["attachment", "get", &nobodys, id, "--output", target.to_str().unwrap()]).expect(0);
    assert_eq!(fs::read(target).unwrap(), bytes);
}
