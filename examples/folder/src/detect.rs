//! Tests of the tables in `adapter.toml`.

use usher_adapter_sdk::testkit::manifest::{Access, Manifest, MarkerPlace, Needs, Operation, detect::Detector};

fn manifest() -> Manifest {
    Manifest::parse(include_str!("../adapter.toml")).unwrap()
}

fn keys(text: &str) -> Vec<(String, Option<String>, Needs)> {
    let found = Detector::new(&manifest().detect).id(text, None);
    found.into_iter().map(|found| (found.key, found.project, found.needs)).collect()
}

#[test]
fn a_key_in_any_case_is_a_ticket_of_a_known_project() {
    let expected = [("SHOP-12".to_owned(), Some("SHOP".to_owned()), Needs::Project)];
    for text in ["SHOP-12", "shop-12", "Shop-12"] {
        assert_eq!(keys(text), expected, "{text}");
    }
}

#[test]
fn whatever_is_detected_is_a_key_and_nothing_else_is_detected() {
    for text in ["A-1", "x9-1", "ABCDEFGHIJ-999999999"] {
        let [(key, ..)] = &keys(text)[..] else { panic!("{text}") };
        assert!(crate::key::Key::parse(key).is_some(), "{key}");
    }
    for text in ["SHOP-0", "SHOP-01", "SHOP", "12", "9A-1", "ABCDEFGHIJK-1", "A-1000000000", "../A-1", "A-1.md"] {
        assert_eq!(keys(text), [], "{text}");
    }
}

#[test]
fn the_manifest_offers_everything_and_asks_for_its_folder_alone() {
    let manifest = manifest();
    assert!(Operation::ALL.iter().all(|operation| manifest.supports(*operation)));
    assert!(manifest.notes.internal && manifest.notes.public);
    assert_eq!(manifest.markers.ticket, MarkerPlace::Field);
    assert!(manifest.grants.hosts.is_empty());
    let [folder] = &manifest.grants.filesystem[..] else { panic!("one folder") };
    assert_eq!((folder.config.as_str(), folder.access), ("path", Access::ReadWrite));
}
