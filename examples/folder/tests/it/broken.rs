//! Files and folders that are not as they should be.

use std::{fs, path::Path};

use usher_adapter_sdk::{
    Error, ErrorKind,
    message::{Change, Criteria, Draft, Include, Sort, SortField},
};

use crate::shelf::{Shelf, kit};

/// Makes a file broken, lists the folder in every way, and returns what is said of the one file.
fn said_of(break_it: impl FnOnce(&Shelf, &Path)) -> Error {
    let shelf = Shelf::with_titles(&["good", "broken", "good as well"]);
    break_it(&shelf, &shelf.file("SHOP-2"));
    for criteria in [Criteria::default(), Criteria::default().with_sort(Sort::by(SortField::Updated).descending())] {
        let page = shelf.kit().fetch(&criteria, Include::EVERYTHING, None).unwrap();
        assert_eq!((page.len(), page.head().errors.len()), (2, 1), "{:?}", page.head().errors);
        assert!(page.head().errors[0].message().contains("SHOP-2"), "{:?}", page.head().errors);
    }
    shelf.kit().options(&usher_adapter_sdk::message::OptionsScope::default()).unwrap();
    let error = shelf.kit().get("SHOP-2", Include::EVERYTHING).unwrap_err();
    assert_eq!(
        shelf.kit().update("SHOP-2", &Change::new().with_title("x".to_owned())).unwrap_err().kind(),
        error.kind()
    );
    error
}

#[test]
fn a_broken_text_is_reported_with_its_line_and_hides_no_other() {
    for (text, message) in [
        (&b"no front matter"[..], "SHOP-2.md, line 1: the first line is not `---`"),
        (b"", "SHOP-2.md, line 1"),
        (b"---\ntitle: a\n", "line 1: the front matter has no end"),
        (b"---\nstatus: a\n---\n", "title"),
        (b"---\ntitle: a\nlabels: [a\n---\n", "SHOP-2.md, line"),
        (b"---\ntitle: a\n\ndue: soon\n---\n", "SHOP-2.md, line 4: `soon`"),
        (b"---\ntitle: a\nestimate: a lot\n---\n", "SHOP-2.md, line 3: `a lot`"),
        (b"---\ntitle: a\n---\n\n<!-- note id=1 at=x -->\n", "SHOP-2.md, line 5"),
        (b"---\ntitle: a\n---\n\xff\xfe", "SHOP-2.md, line 4: the text is not UTF-8"),
        (b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntitle: *c\n---\n", "SHOP-2.md"),
    ] {
        let error = said_of(|_, file| fs::write(file, text).unwrap());
        assert_eq!(error.kind(), ErrorKind::ResponseParse, "{error}");
        assert!(error.message().contains(message), "{error}");
    }
}

#[test]
fn a_file_that_is_too_large_is_reported_and_not_read() {
    let error = said_of(|_, file| fs::File::create(file).unwrap().set_len(1 << 40).unwrap());
    assert!(error.message().contains("larger than 4 MiB"), "{error}");
}

#[test]
fn a_folder_with_the_name_of_a_ticket_is_reported() {
    let error = said_of(|_, file| {
        fs::remove_file(file).unwrap();
        fs::create_dir(file).unwrap();
    });
    assert!(error.message().contains("folder"), "{error}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_in_a_circle_or_out_of_the_folder_are_reported() {
    use std::os::unix::fs::symlink;

    let outside = Shelf::with_titles(&["secret"]);
    let link = |target: &Path| {
        let target = target.to_owned();
        said_of(move |_, file| {
            fs::remove_file(file).unwrap();
            symlink(target, file).unwrap();
        })
    };
    assert_eq!(link(Path::new("nowhere.md")).kind(), ErrorKind::NotFound);
    assert_eq!(link(Path::new("SHOP-2.md")).kind(), ErrorKind::Platform);
    let error = link(&outside.file("SHOP-1"));
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.hint().is_some() && !error.message().contains("secret"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_that_stays_in_the_folder_is_read_and_never_written() {
    let shelf = Shelf::with_titles(&["a"]);
    std::os::unix::fs::symlink("SHOP-1.md", shelf.file("SHOP-2")).unwrap();
    assert_eq!(shelf.kit().get("SHOP-2", Include::default()).unwrap().title, "a");
    let error = shelf.kit().update("SHOP-2", &Change::new().with_title("b".to_owned())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[cfg(unix)]
#[test]
fn a_pipe_with_the_name_of_a_ticket_stops_nobody() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};

    let error = said_of(|_, file| {
        fs::remove_file(file).unwrap();
        mknodat(CWD, file, FileType::Fifo, Mode::RWXU, 0).unwrap();
    });
    assert!(error.message().contains("pipe"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_reported() {
    use std::os::unix::fs::PermissionsExt;

    let probe = Shelf::with_titles(&["a"]);
    fs::set_permissions(probe.file("SHOP-1"), PermissionsExt::from_mode(0o000)).unwrap();
    if fs::read(probe.file("SHOP-1")).is_ok() {
        return; // An administrator may read everything.
    }
    let error = said_of(|_, file| fs::set_permissions(file, PermissionsExt::from_mode(0o000)).unwrap());
    assert_eq!(error.kind(), ErrorKind::Permission);
}

#[test]
fn a_folder_that_is_not_there_is_a_matter_of_configuration() {
    let shelf = Shelf::new();
    let kit = kit(&shelf.path().join("gone"), "");
    for error in [
        kit.check().unwrap_err(),
        kit.get("SHOP-1", Include::default()).unwrap_err(),
        kit.fetch(&Criteria::default(), Include::default(), None).unwrap_err(),
        kit.create(&Draft::new("a")).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.hint().unwrap().contains("[connections.test.options]"), "{error:?}");
    }
}

#[test]
fn a_check_tells_who_one_is_and_what_an_operator_should_know() {
    let shelf = Shelf::with_titles(&["a"]);
    let identity = shelf.kit().check().unwrap();
    assert_eq!((identity.product.as_deref(), &identity.warnings[..]), (Some("Folder"), &[][..]));
    assert_eq!(identity.user.unwrap().id, "mara");

    fs::write(shelf.path().join("shop-7.md"), "").unwrap();
    fs::write(shelf.path().join("README.md"), "").unwrap();
    let warnings = kit(shelf.path(), "").check().unwrap().warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[1].contains("`shop-7.md`") && !warnings[1].contains("README"), "{warnings:?}");
    assert!(!shelf.everything().keys().any(|path| path.to_string_lossy().contains(".usher-")));
}
