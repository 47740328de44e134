//! The layout of everything that crosses the boundary is a promise: it is written down, and may only be appended to.
//!
//! `layout-1.0.txt` is what 1.0 promises. `UPDATE_LAYOUT=1` writes down what a later version appends.
#![cfg(target_pointer_width = "64")]

use std::path::Path;

#[path = "golden/compare.rs"]
mod compare;
#[path = "golden/dump.rs"]
mod dump;

const PROMISED: &str = include_str!("layout-1.0.txt");

#[test]
fn the_layout_only_appends_to_what_is_promised() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    compare::keep(&folder, "layout", env!("CARGO_PKG_VERSION"), &dump::dump());
}

#[test]
fn everything_that_crosses_is_written_down() {
    for head in [
        "constants",
        "type AdapterModule, usher-adapter-abi 1, may grow",
        "type Reply, usher-adapter-abi 1",
        "type usher_adapter_abi::Adapter_trait::VTable, usher-adapter-abi 1, may grow",
        "type usher_adapter_abi::Host_trait::VTable, usher-adapter-abi 1, may grow",
        "type BorrowingFfiFuture<'a, FfiPoll<Reply>>, async-ffi 0.5.1",
        "type FfiWakerVTable, async-ffi 0.5.1",
        "type RVec<u8>, abi_stable 0.11.3",
    ] {
        assert!(PROMISED.lines().any(|line| line == head), "{head}");
    }
}

const EXTENSION: &str = "  field extension: ";
const SUPPORTS: &str = "  field supports: ";

/// Returns what is wrong with the promised text once it is doctored; the doctor must change something.
fn faults_of(doctor: impl FnOnce(&mut Vec<String>)) -> Vec<String> {
    let mut lines: Vec<String> = PROMISED.lines().map(str::to_owned).collect();
    doctor(&mut lines);
    let doctored = lines.join("\n");
    assert_ne!(doctored.trim_end(), PROMISED.trim_end());
    compare::faults(PROMISED, &doctored)
}

fn place(lines: &[String], beginning: &str) -> usize {
    lines.iter().position(|line| line.starts_with(beginning)).unwrap_or_else(|| panic!("there is no `{beginning}`"))
}

#[track_caller]
fn assert_one(faults: &[String], words: &str) {
    assert!(matches!(faults, [fault] if fault.contains(words)), "{words}: {faults:#?}");
}

#[test]
fn an_appended_field_passes() {
    let faults = faults_of(|lines| {
        for last in [EXTENSION, SUPPORTS] {
            let place = place(lines, last);
            lines.insert(place + 1, "  field another: fn() -> ()".to_owned());
        }
        lines.push("type Another, usher-adapter-abi 1\n  kind: struct".to_owned());
    });
    assert_eq!(faults, [""; 0]);
}

#[test]
fn an_inserted_field_fails() {
    let faults = faults_of(|lines| {
        let place = place(lines, EXTENSION);
        lines.insert(place, "  field another: fn() -> ()".to_owned());
    });
    assert_one(&faults, "has moved: `field another: fn() -> ()` stands in its place");
}

#[test]
fn a_field_that_is_appended_to_a_struct_fails() {
    let faults = faults_of(|lines| {
        let place = place(lines, "  field body: RVec<u8>");
        lines.insert(place + 1, "  field trailer: RVec<u8>".to_owned());
    });
    assert_one(
        &faults,
        "`field trailer: RVec<u8>` was appended to `type Reply, usher-adapter-abi 1`, which cannot grow",
    );
}

#[test]
fn a_removed_field_fails() {
    let faults = faults_of(|lines| drop(lines.remove(place(lines, SUPPORTS))));
    assert_one(&faults, "is gone or was changed: nothing stands in its place");
    let faults = faults_of(|lines| drop(lines.remove(place(lines, "  field status: u32"))));
    assert_one(&faults, "`field status: u32` of `type Reply, usher-adapter-abi 1` is gone or was changed");
}

#[test]
fn swapped_fields_fail() {
    let faults = faults_of(|lines| {
        let (header, body) = (place(lines, "  field header: RVec<u8>"), place(lines, "  field body: RVec<u8>"));
        lines.swap(header, body);
    });
    assert_one(&faults, "`field header: RVec<u8>` of `type Reply, usher-adapter-abi 1` has moved");
}

#[test]
fn a_changed_type_fails() {
    let faults = faults_of(|lines| {
        let place = place(lines, "  field status: u32");
        lines[place] = "  field status: u64".to_owned();
    });
    assert_one(&faults, "gone or was changed: `field status: u64` stands in its place");
}

#[test]
fn a_renamed_field_fails() {
    let faults = faults_of(|lines| {
        let place = place(lines, SUPPORTS);
        lines[place] = lines[place].replace("supports", "knows");
    });
    assert_one(&faults, "gone or was changed: `field knows:");
}

#[test]
fn a_changed_alignment_fails() {
    let faults = faults_of(|lines| {
        let place = place(lines, "type Reply,") + 4;
        assert_eq!(lines[place], "  alignment: 8");
        lines[place] = "  alignment: 16".to_owned();
    });
    assert_one(&faults, "`alignment: 8` of `type Reply, usher-adapter-abi 1` is gone or was changed");
}

#[test]
fn a_prefix_that_grows_into_its_suffix_fails() {
    let faults = faults_of(|lines| {
        let place = place(lines, "  always there: up to extension");
        lines[place] = "  always there: up to another".to_owned();
    });
    assert_one(&faults, "`always there: up to extension`");
}

#[test]
fn a_changed_constant_and_a_type_that_is_gone_fail() {
    let faults = faults_of(|lines| {
        let place = place(lines, "  STATUS_OK = 0");
        lines[place] = "  STATUS_OK = 1".to_owned();
    });
    assert_one(&faults, "`STATUS_OK = 0` of `constants`");
    let faults = faults_of(|lines| {
        let place = place(lines, "type FfiWakerVTable,");
        lines.truncate(place);
    });
    assert_one(&faults, "`type FfiWakerVTable, async-ffi 0.5.1` is gone");
}
