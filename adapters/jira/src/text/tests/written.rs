//! What of a Markdown becomes something else in Jira's languages.

use proptest::{collection::vec, prelude::*};

use super::{PARTS, sample::Choices};
use crate::text::{adf, markdown, wiki};

/// Returns what a document loses of a text, and the text that reads back.
fn by_document(markdown: &str) -> (Vec<&'static str>, String) {
    let written = adf::from_markdown(markdown).unwrap();
    (written.lost, adf::to_markdown(written.text.decode().unwrap()).unwrap().markdown)
}

/// Returns what wiki markup loses of a text, and the text that reads back.
fn by_wiki(markdown: &str) -> (Vec<&'static str>, String) {
    let written = wiki::from_markdown(markdown);
    (written.lost, wiki::to_markdown(&written.text).unwrap().markdown)
}

/// A text in its normal form.
fn normal(markdown: &str) -> String {
    markdown::write(&markdown::read(markdown))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_comes_back_from_a_document_as_it_was_or_what_was_altered_is_named(row in vec(any::<u8>(), 0..60)) {
        let meant = Choices::new(&row).text(PARTS, 30);
        let (lost, became) = by_document(&meant);
        prop_assert!(!lost.is_empty() || became == normal(&meant), "{:?}\n{:?}", normal(&meant), became);
    }

    #[test]
    fn a_text_comes_back_from_wiki_markup_as_it_was_or_what_was_altered_is_named(row in vec(any::<u8>(), 0..60)) {
        // An address is a link there without signs around it, and a person has no other name than the own.
        let meant = Choices::new(&row).text(PARTS, 30).replace("https://", "").replace("(mention:1)", "");
        let (lost, became) = by_wiki(&meant);
        prop_assert!(!lost.is_empty() || became == normal(&meant), "{:?}\n{:?}", normal(&meant), became);
    }
}

#[test]
fn nothing_is_said_of_what_both_languages_have() {
    for text in [
        "",
        "One\n\nTwo, https://acme.example/x?y=z and <https://acme.example>",
        "# Title\n\nA **bold** and an *italic* word, ~~gone~~, `code`, x<sup>2</sup> and <u>under</u>",
        "- one\n- two\n  - three\n\nText\n\n1. first\n2. second",
        "```rust\nfn main() {}\n```",
        "> quoted\n>\n> more",
        "| a | b |\n| --- | --- |\n| 1 | **2** |",
        "[here](https://acme.example/x) and [@Mara](mention:5b10)",
        "One\\\nTwo",
        "- [ ] open\n- [x] done",
        "> [!NOTE]\n> Look\n\n---\n\n![shot](https://acme.example/s.png)",
    ] {
        assert_eq!((by_document(text).0, by_wiki(text).0), (vec![], vec![]), "{text}");
    }
}

#[test]
fn what_has_no_form_is_named_in_the_words_of_markdown() {
    for (text, by_document_, by_wiki_) in [
        ("- # title", &["heading"][..], &["heading"][..]),
        ("- > quote", &["quote"], &[]),
        ("> | a |\n> | --- |\n> | b |", &["table"], &[]),
        ("| a |\n| :-: |\n| b |", &["alignment of a table"], &["alignment of a table"]),
        ("[a](https://acme.example \"b\")", &[], &["title of a link"]),
        ("![a](https://acme.example/a.png \"b\")", &["title of an image"], &["title of an image"]),
        ("a ![b](https://acme.example/b.png) c", &["image within a line"], &[]),
        ("3. a\n4. b", &[], &["first number of a list"]),
        ("<details>a</details>", &["HTML"], &["HTML"]),
        ("a <kbd>b</kbd> <u>c", &["HTML"], &["HTML"]),
        ("- [ ] a\n- b", &["list"], &[]),
        ("- a\n  - b\n\n  c", &[], &["list item"]),
        ("- *\n\n  c", &[], &["list item"]),
        ("[a.txt](attachment:a.txt)", &["file"], &[]),
    ] {
        assert_eq!((by_document(text).0, by_wiki(text).0), (by_document_.to_vec(), by_wiki_.to_vec()), "{text}");
    }
}
