//! Pages, cursors and orders.

use std::fs;

use usher_adapter_sdk::{
    ErrorKind,
    message::{Criteria, Criterion, Cursor, Include, Sort, SortField},
};

use crate::shelf::{Shelf, all_pages, keys, tickets};

fn twelve() -> Shelf {
    let shelf = Shelf::new();
    for number in 1..=12 {
        let day = (number * 7) % 12 + 10;
        shelf.put(&format!("SHOP-{number}"), &format!("title: t\ncreated: 2026-03-{day}T00:00:00Z"), "");
    }
    shelf
}

#[test]
fn pages_follow_one_another_in_the_order_of_numbers() {
    let shelf = twelve();
    let pages = all_pages(&shelf.kit_with_pages_of(5), &Criteria::default(), Include::SUMMARY).unwrap();
    assert_eq!(pages.iter().map(|page| page.len()).collect::<Vec<_>>(), [5, 5, 2]);
    assert_eq!(tickets(&pages)[9].key.as_str(), "SHOP-10");
}

#[test]
fn a_list_can_be_sorted_both_ways_across_pages() {
    let shelf = twelve();
    for by in [SortField::Created, SortField::Key, SortField::Updated, SortField::Priority] {
        let sorted = |sort: Sort| keys(&shelf.kit_with_pages_of(5), &Criteria::default().with_sort(sort));
        let mut backwards = sorted(Sort::by(by.clone()).descending());
        assert_eq!(backwards.len(), 12);
        backwards.reverse();
        assert_eq!(sorted(Sort::by(by)), backwards);
    }
    let by_time = keys(&shelf.kit(), &Criteria::default().with_sort(Sort::by(SortField::Created)));
    assert_eq!(by_time[..3], ["SHOP-12", "SHOP-7", "SHOP-2"]);
}

#[test]
fn tickets_without_a_value_come_last_whichever_way_the_order_goes() {
    let shelf = Shelf::new();
    shelf.put("SHOP-1", "title: t", "");
    shelf.put("SHOP-2", "title: t\ncreated: 2026-03-01T00:00:00Z\npriority: low", "");
    shelf.put("SHOP-3", "title: t\ncreated: 2026-03-02T00:00:00Z\npriority: urgent", "");
    let sorted = |sort: Sort| keys(&shelf.kit(), &Criteria::default().with_sort(sort));
    assert_eq!(sorted(Sort::by(SortField::Created)), ["SHOP-2", "SHOP-3", "SHOP-1"]);
    assert_eq!(sorted(Sort::by(SortField::Created).descending()), ["SHOP-3", "SHOP-2", "SHOP-1"]);
    assert_eq!(sorted(Sort::by(SortField::Priority)), ["SHOP-3", "SHOP-2", "SHOP-1"]);
    assert_eq!(sorted(Sort::by(SortField::Priority).descending()), ["SHOP-2", "SHOP-3", "SHOP-1"]);
}

#[test]
fn a_page_names_everything_that_was_asked_as_done() {
    let criteria = Criteria::default()
        .with_is_open(true)
        .with_project(vec!["SHOP".to_owned()])
        .with_sort(Sort::by(SortField::Key));
    let page = twelve().kit().fetch(&criteria, Include::SUMMARY, None).unwrap();
    assert_eq!(page.head().pushed_down, [Criterion::IsOpen, Criterion::Project, Criterion::Sort]);
    assert_eq!(page.head().total, None);
}

#[test]
fn files_that_come_and_go_meanwhile_move_nothing() {
    let (shelf, criteria) = (twelve(), Criteria::default());
    for forgotten in [false, true] {
        let kit = shelf.kit_with_pages_of(4);
        let first = kit.fetch(&criteria, Include::SUMMARY, None).unwrap();
        let cursor = first.head().next.first().cloned();
        shelf.put("AAA-1", "title: new and before the cursor", "");
        // Another adapter, as after a new start of the host, remembers nothing.
        let kit = if forgotten { shelf.kit_with_pages_of(4) } else { kit };
        let second = kit.fetch(&criteria, Include::SUMMARY, cursor.as_ref()).unwrap();
        let keys: Vec<_> = second.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()).collect();
        assert_eq!(keys, ["SHOP-5", "SHOP-6", "SHOP-7", "SHOP-8"], "forgotten: {forgotten}");
        fs::remove_file(shelf.file("AAA-1")).unwrap();
    }
}

#[test]
fn a_forgotten_sorted_list_goes_on_behind_its_last_ticket() {
    let shelf = twelve();
    for sort in [Sort::by(SortField::Created), Sort::by(SortField::Created).descending()] {
        let criteria = Criteria::default().with_sort(sort);
        let (mut found, mut cursor): (Vec<String>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let page = shelf.kit_with_pages_of(5).fetch(&criteria, Include::SUMMARY, cursor.as_ref()).unwrap();
            found.extend(page.tickets().unwrap().into_iter().map(|ticket| ticket.key.to_string()));
            cursor = page.head().next.first().cloned();
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, keys(&shelf.kit(), &criteria));
    }
}

#[test]
fn a_file_that_vanishes_between_two_pages_is_reported_and_hides_no_other() {
    let shelf = twelve();
    let kit = shelf.kit_with_pages_of(4);
    let first = kit.fetch(&Criteria::default(), Include::SUMMARY, None).unwrap();
    fs::remove_file(shelf.file("SHOP-6")).unwrap();
    let second = kit.fetch(&Criteria::default(), Include::SUMMARY, first.head().next.first()).unwrap();
    assert_eq!(second.len(), 4);
    assert_eq!(second.head().errors[0].kind(), ErrorKind::NotFound);
    assert!(second.head().errors[0].message().contains("SHOP-6"), "{:?}", second.head().errors);
}

#[test]
fn a_limit_makes_the_page_small() {
    let page = twelve().kit().fetch(&Criteria::default().with_limit(3), Include::SUMMARY, None).unwrap();
    assert_eq!(page.len(), 3);
}

#[test]
fn a_strange_cursor_and_a_strange_page_size_are_refused() {
    let shelf = twelve();
    let error = shelf.kit().fetch(&Criteria::default(), Include::SUMMARY, Some(&Cursor::new("../x"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    let options = format!(r#"{{"path":{:?},"page_size":501}}"#, shelf.path());
    let made = usher_adapter_sdk::testkit::Kit::new::<usher_example_folder::Folder>(
        &options,
        &usher_adapter_sdk::testkit::TestHost::new(),
    );
    assert_eq!(made.err().unwrap().kind(), ErrorKind::Configuration);
}

#[test]
fn body_notes_fields_and_attachments_come_only_where_they_are_asked() {
    let shelf = Shelf::new();
    shelf.put("SHOP-1", "title: t\nfields: {a: 1}", "\nBody\n\n<!-- note id=1 -->\nNote\n");
    let fetch = |include| shelf.kit().fetch(&Criteria::default(), include, None).unwrap().tickets().unwrap().remove(0);
    let summary = fetch(Include::SUMMARY);
    assert!(summary.body.is_none() && summary.notes.is_none());
    assert!(summary.custom_fields.is_none() && summary.attachments.is_none());
    let everything = fetch(Include::EVERYTHING);
    assert_eq!(everything, shelf.kit().get("SHOP-1", Include::EVERYTHING).unwrap());
    assert_eq!(everything.body.unwrap().markdown, "Body");
}
