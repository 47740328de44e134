//! Files beside tickets.

use std::fs;

use usher_adapter_sdk::{
    ErrorKind,
    message::{Draft, Include, NewAttachment},
};

use crate::shelf::Shelf;

#[test]
fn a_file_of_several_parts_goes_in_and_comes_out_unchanged() {
    let shelf = Shelf::with_titles(&["a"]);
    let bytes: Vec<u8> = (0..1_000_000u32).map(|number| (number % 251) as u8).collect();
    let attached = shelf.kit().attach("SHOP-1", &NewAttachment::new("trace.csv"), &bytes).unwrap();
    assert_eq!((attached.size, attached.media_type.as_deref()), (Some(1_000_000), Some("text/csv")));
    let (told, found) = shelf.kit().download("SHOP-1", &attached.id).unwrap();
    assert!(told == attached && found == bytes);
    let all = [attached];
    assert_eq!(shelf.kit().attachments("SHOP-1").unwrap(), all);
    assert_eq!(shelf.kit().get("SHOP-1", Include::EVERYTHING).unwrap().attachments.unwrap(), all);
}

#[test]
fn a_second_file_of_a_name_overwrites_nothing() {
    let shelf = Shelf::with_titles(&["a"]);
    for (bytes, expected) in [(b"one", "log.txt"), (b"two", "log-2.txt"), (b"six", "log-3.txt")] {
        assert_eq!(shelf.kit().attach("SHOP-1", &NewAttachment::new("log.txt"), bytes).unwrap().name, expected);
    }
    assert_eq!(shelf.kit().download("SHOP-1", "log.txt").unwrap().1, b"one");
    assert_eq!(shelf.kit().attachments("SHOP-1").unwrap().len(), 3);
}

#[test]
fn an_empty_file_is_a_file() {
    let shelf = Shelf::with_titles(&["a"]);
    shelf.kit().attach("SHOP-1", &NewAttachment::new("empty"), b"").unwrap();
    assert_eq!(shelf.kit().download("SHOP-1", "empty").unwrap().1, b"");
}

#[test]
fn names_that_lead_elsewhere_are_refused_and_leave_nothing() {
    let shelf = Shelf::with_titles(&["a"]);
    let before = shelf.everything();
    for name in ["../SHOP-1.md", "a/b", "..", "", "x\0", "NUL", ".usher.lock", "a\\b", "C:x"] {
        let refused = shelf.kit().attach("SHOP-1", &NewAttachment::new(name), b"x").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Validation, "{name:?}");
        let missing = shelf.kit().download("SHOP-1", name).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound, "{name:?}");
    }
    assert_eq!(shelf.everything(), before);
}

#[test]
fn a_ticket_that_is_not_there_has_no_files_and_takes_none() {
    let shelf = Shelf::with_titles(&["a"]);
    assert_eq!(shelf.kit().attachments("SHOP-2").unwrap_err().kind(), ErrorKind::NotFound);
    let error = shelf.kit().attach("SHOP-2", &NewAttachment::new("x"), b"x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(shelf.kit().attachments("SHOP-1").unwrap(), []);
    assert_eq!(shelf.kit().download("SHOP-1", "x").unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_new_ticket_does_not_inherit_the_files_of_one_that_was_removed() {
    let shelf = Shelf::with_titles(&["a", "b"]);
    shelf.kit().attach("SHOP-2", &NewAttachment::new("x"), b"x").unwrap();
    fs::remove_file(shelf.file("SHOP-2")).unwrap();
    assert_eq!(shelf.kit().create(&Draft::new("new")).unwrap().key.as_str(), "SHOP-3");
}

#[cfg(unix)]
#[test]
fn links_among_the_attachments_are_not_followed() {
    use std::os::unix::fs::symlink;

    let (shelf, outside) = (Shelf::with_titles(&["a"]), Shelf::with_titles(&["secret"]));
    fs::create_dir_all(shelf.path().join("attachments/SHOP-1")).unwrap();
    symlink(outside.file("SHOP-1"), shelf.path().join("attachments/SHOP-1/link.txt")).unwrap();
    assert_eq!(shelf.kit().attachments("SHOP-1").unwrap(), []);
    assert_eq!(shelf.kit().download("SHOP-1", "link.txt").unwrap_err().kind(), ErrorKind::NotFound);

    shelf.put("SHOP-2", "title: b", "");
    symlink(outside.path(), shelf.path().join("attachments/SHOP-2")).unwrap();
    assert_eq!(shelf.kit().attachments("SHOP-2").unwrap_err().kind(), ErrorKind::Permission);
    let error = shelf.kit().attach("SHOP-2", &NewAttachment::new("x"), b"x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(outside.everything().len(), 1);
}
