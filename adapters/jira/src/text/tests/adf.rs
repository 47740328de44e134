//! Documents to Markdown and back.

use std::{collections::BTreeSet, sync::LazyLock};

use jsonschema::{Draft, Validator};
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json, value::RawValue};

use super::{
    PARTS,
    sample::{self, Choices},
    skeleton,
};
use crate::text::{MAX_DEPTH, Rendered, adf, markdown};

pub(super) static SCHEMA: LazyLock<Value> = LazyLock::new(sample::schema);
static LOSSLESS: LazyLock<Value> = LazyLock::new(|| sample::lossless(&SCHEMA));
static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::options().with_draft(Draft::Draft4).build(&SCHEMA).unwrap());

/// Fails unless the document is one by the schema.
pub(super) fn assert_valid(document: &Value) {
    let faults: Vec<String> =
        VALIDATOR.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path().as_str())).collect();
    assert!(faults.is_empty(), "{faults:#?}\n{document:#}");
}

pub(super) fn rendered(document: &Value) -> Rendered {
    let raw = RawValue::from_string(document.to_string()).unwrap();
    adf::to_markdown(&raw).unwrap()
}

pub(super) fn document(markdown: &str) -> Value {
    adf::from_markdown(markdown).unwrap().text.decode().unwrap()
}

fn doc(content: Value) -> Value {
    json!({"type": "doc", "version": 1, "content": content})
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

fn marked(text: &str, marks: &[&str]) -> Value {
    let marks: Vec<Value> = marks.iter().map(|mark| json!({"type": mark})).collect();
    json!({"type": "text", "text": text, "marks": marks})
}

fn paragraph(content: &[Value]) -> Value {
    json!({"type": "paragraph", "content": content})
}

#[test]
fn every_kind_of_node_and_mark_of_the_schema_is_drawn() {
    let mut runner = TestRunner::deterministic();
    let mut drawn = BTreeSet::new();
    for _ in 0..6000 {
        let row = vec(any::<u8>(), 0..400).new_tree(&mut runner).unwrap().current();
        collect(&sample::document(&SCHEMA, &row), &mut drawn);
    }
    let missing: Vec<String> = sample::kinds(&SCHEMA).into_iter().filter(|kind| !drawn.contains(kind)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

fn collect(value: &Value, kinds: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            kinds.extend(members.get("type").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, kinds));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, kinds)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_drawn_is_a_document(row in vec(any::<u8>(), 0..300)) {
        assert_valid(&sample::document(&SCHEMA, &row));
    }

    #[test]
    fn a_document_comes_back_or_what_it_lost_is_named(row in vec(any::<u8>(), 0..300)) {
        let before = sample::document(&SCHEMA, &row);
        let there = rendered(&before);
        let after = document(&there.markdown);
        assert_valid(&after);
        if there.lossy.is_empty() {
            prop_assert_eq!(skeleton::of(&before), skeleton::of(&after), "{}\n{}", before, there.markdown);
        }
    }

    #[test]
    fn a_document_of_what_markdown_has_words_for_comes_back(row in vec(any::<u8>(), 0..300)) {
        let before = sample::document(&LOSSLESS, &row);
        assert_valid(&before);
        let there = rendered(&before);
        prop_assert_eq!(&there.lossy, &Vec::<String>::new(), "{}", before);
        let after = document(&there.markdown);
        prop_assert_eq!(skeleton::of(&before), skeleton::of(&after), "{}\n{}", before, there.markdown);
    }

    #[test]
    fn the_markdown_of_a_document_reads_as_the_same_blocks(row in vec(any::<u8>(), 0..300)) {
        let there = rendered(&sample::document(&SCHEMA, &row)).markdown;
        prop_assert_eq!(markdown::write(&markdown::read(&there)), there);
    }

    #[test]
    fn text_in_a_document_is_only_text(row in vec(any::<u8>(), 0..40)) {
        let written = Choices::new(&row).text(PARTS, 12);
        prop_assume!(!written.is_empty());
        let before = doc(json!([paragraph(&[text(&written)])]));
        let there = rendered(&before);
        prop_assert_eq!(&there.lossy, &Vec::<String>::new());
        prop_assert_eq!(skeleton::of(&before), skeleton::of(&document(&there.markdown)), "{}", there.markdown);
    }

    #[test]
    fn marks_that_overlap_come_back(runs in vec((0_usize..PARTS.len(), 0_u8..32), 1..8)) {
        const MARKS: [&str; 5] = ["strong", "em", "strike", "underline", "link"];
        let runs: Vec<Value> = runs.iter().map(|(part, marks)| {
            let marks = (0..5).filter(|at| marks & (1 << at) != 0).map(|at| match MARKS[at] {
                "link" => json!({"type": "link", "attrs": {"href": "https://x.test/"}}),
                mark => json!({"type": mark}),
            });
            json!({"type": "text", "text": PARTS[*part], "marks": marks.collect::<Vec<_>>()})
        }).collect();
        let before = doc(json!([paragraph(&runs)]));
        let there = rendered(&before);
        prop_assert_eq!(skeleton::of(&before), skeleton::of(&document(&there.markdown)), "{}", there.markdown);
    }

    #[test]
    fn no_json_makes_the_conversion_panic(
        row in vec(any::<u8>(), 0..200),
        damage in vec((any::<u16>(), 0_u8..6), 1..6)
    ) {
        let mut broken = sample::document(&SCHEMA, &row);
        for (at, how) in damage {
            let count = count(&broken);
            damage_at(&mut broken, usize::from(at) % count, how);
        }
        let raw = RawValue::from_string(broken.to_string()).unwrap();
        if let Ok(there) = adf::to_markdown(&raw) {
            assert_valid(&document(&there.markdown));
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(members) => members.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Puts something else where the value with that number stands.
fn damage_at(value: &mut Value, at: usize, how: u8) -> usize {
    if at == 0 {
        *value = match how {
            0 => Value::Null,
            1 => json!("text"),
            2 => json!(-1.5),
            3 => json!([value.take()]),
            4 => json!({"type": "futureNode", "content": [value.take()]}),
            _ => json!({}),
        };
        return usize::MAX;
    }
    let mut left = at - 1;
    let mut visit = |child: &mut Value| {
        if left != usize::MAX {
            let size = count(child);
            left = if left < size { damage_at(child, left, how) } else { left - size };
        }
    };
    match value {
        Value::Object(members) => members.values_mut().for_each(&mut visit),
        Value::Array(items) => items.iter_mut().for_each(&mut visit),
        _ => {}
    }
    left
}

#[test]
fn a_node_that_we_do_not_know_is_its_text_and_is_named() {
    let before = doc(json!([{"type": "hologram", "attrs": {"text": "Look"}, "content": [paragraph(&[text("around "), {
        json!({"type": "sparkle", "attrs": {"text": "here"}})
    }])]}]));
    let there = rendered(&before);
    assert_eq!(there.markdown, "**Look**\n\naround here");
    assert_eq!(there.lossy, ["hologram", "sparkle"]);
}

#[test]
fn attributes_and_marks_that_we_do_not_know_are_named() {
    let before = doc(json!([
        {"type": "paragraph", "attrs": {"localId": "1", "mood": "good"}, "content": [marked("a", &["glow"])]},
        {"type": "rule", "sound": "ping"},
    ]));
    let there = rendered(&before);
    assert_eq!(
        (&*there.markdown, there.lossy),
        ("a\n\n---", vec!["glow".to_owned(), "paragraph.mood".into(), "rule.sound".into()])
    );
}

#[test]
fn nodes_that_are_nested_without_end_are_their_text() {
    let levels = 100_000;
    let mut json = r#"{"type":"doc","version":1,"content":["#.to_owned();
    for _ in 0..levels {
        json.push_str(r#"{"type":"blockquote","content":["#);
    }
    json.push_str(r#"{"type":"paragraph","content":[{"type":"text","text":"deep \"down\""}]}"#);
    json.push_str(&"]}".repeat(levels + 1));
    let there = adf::to_markdown(&RawValue::from_string(json).unwrap()).unwrap();
    assert_eq!(there.markdown, format!("{}deep \"down\"", "> ".repeat(MAX_DEPTH)));
    assert_eq!(there.lossy, ["depth"]);
}

#[test]
fn what_is_no_document_is_an_error_that_says_so() {
    for json in ["null", "5", "\"text\"", "[]", "{}", r#"{"type":"doc","content":{}}"#] {
        let error = adf::to_markdown(&RawValue::from_string(json.to_owned()).unwrap()).unwrap_err();
        assert_eq!(error.kind(), usher_adapter_sdk::ErrorKind::ResponseParse, "{json}");
    }
}

fn cell(kind: &str, content: Value) -> Value {
    json!({"type": kind, "content": content})
}

#[test]
fn a_table_with_a_head_comes_back_and_one_without_has_an_empty_head_in_markdown() {
    let head = json!([
        cell("tableHeader", json!([paragraph(&[text("a|b")])])),
        cell("tableHeader", json!([paragraph(&[marked("c", &["strong"])])]))
    ]);
    let row = json!([
        cell("tableCell", json!([paragraph(&[text("d"), json!({"type": "hardBreak"}), marked("e|", &["code"])])])),
        cell("tableCell", json!([paragraph(&[])]))
    ]);
    let rows = |rows: &[&Value]| {
        doc(
            json!([{"type": "table", "content": rows.iter().map(|cells| json!({"type": "tableRow", "content": cells})).collect::<Vec<_>>()}]),
        )
    };
    let pairs = [
        (rows(&[&head, &row]), "| a\\|b | **c** |\n| --- | --- |\n| d<br>`e\\|` |  |"),
        (rows(&[&row, &row]), "|  |  |\n| --- | --- |\n| d<br>`e\\|` |  |\n| d<br>`e\\|` |  |"),
    ];
    for (before, markdown) in pairs {
        assert_eq!(rendered(&before), Rendered { markdown: markdown.to_owned(), lossy: Vec::new() });
        assert_eq!(skeleton::of(&document(markdown)), skeleton::of(&before));
    }
}

#[test]
fn cells_that_span_or_hold_blocks_keep_their_text_and_their_places() {
    let wide =
        json!({"type": "tableCell", "attrs": {"colspan": 2, "rowspan": 1}, "content": [paragraph(&[text("wide")])]});
    let tall = json!({"type": "tableCell", "attrs": {"rowspan": 2}, "content": [paragraph(&[text("tall")])]});
    let list = json!({"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph(&[text("one")])]}]});
    let full = cell("tableCell", json!([paragraph(&[text("two")]), list]));
    let row = |cells: Value| json!({"type": "tableRow", "content": cells});
    let before = doc(
        json!([{"type": "table", "content": [row(json!([wide, tall])), row(json!([full, cell("tableHeader", json!([paragraph(&[text("h")])]))]))]}]),
    );
    let there = rendered(&before);
    assert_eq!(there.markdown, "|  |  |  |\n| --- | --- | --- |\n| wide |  | tall |\n| two<br>• one | h |  |");
    assert_eq!(there.lossy, ["tableCell", "tableCell.colspan", "tableCell.rowspan", "tableHeader"]);
}

#[test]
fn pictures_files_and_people_are_links_that_carry_what_the_document_says() {
    let media = json!({"type": "media", "attrs": {"type": "file", "id": "6e7c", "collection": "", "alt": "shot.png", "width": 640, "height": 480}});
    let before = doc(json!([
        {"type": "mediaSingle", "attrs": {"layout": "align-start", "width": 50, "widthType": "percentage"}, "content": [media]},
        paragraph(&[
            json!({"type": "mention", "attrs": {"id": "5fb8:23", "text": "@Person A", "accessLevel": "CONTAINER"}}),
            text(" see "),
            json!({"type": "mediaInline", "attrs": {"id": "1f", "collection": "", "type": "file"}}),
        ]),
    ]));
    let there = rendered(&before);
    assert_eq!(
        there.markdown,
        "![shot.png](media:6e7c?collection=&height=480&width=640&blockWidth=50&layout=align-start&widthType=percentage)\n\n\
         [@Person A](mention:5fb8%3A23) see [](media:1f?collection=&type=file)"
    );
    assert_eq!(there.lossy, Vec::<String>::new());
    let after = document(&there.markdown);
    assert_valid(&after);
    assert_eq!(after["content"][0], before["content"][0]);
}

#[test]
fn what_the_schema_lets_stand_in_no_such_place_keeps_its_text() {
    let markdown = "- # title\n  > quote\n\n> # title\n>\n> | a | b |\n> | --- | --- |\n> | c | d |\n>\n> - [x] done";
    let after = document(markdown);
    assert_valid(&after);
    assert_eq!(
        rendered(&after).markdown,
        "- **title**\n\n  quote\n\n> **title**\n>\n> a | b\n>\n> c | d\n>\n> - ☑\n>\n>   done"
    );
}
