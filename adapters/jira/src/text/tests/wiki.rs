//! Wiki markup to Markdown and back.

use proptest::{collection::vec, prelude::*};

use super::{PARTS, sample::Choices};
use crate::text::{
    markdown,
    tree::{Block, Inline, is_blank, settled},
    wiki,
};

fn rendered(wiki: &str) -> (String, Vec<String>) {
    let there = wiki::to_markdown(wiki).unwrap();
    (there.markdown, there.lossy)
}

/// Parts of Markdown that wiki markup has as well, and text with its signs.
const SHARED: &[&str] = &[
    "a",
    "b c",
    " ",
    "d.",
    "\n\n",
    "\n\n# ",
    "\n\n- ",
    "\n- ",
    "\n  - ",
    "\n\n1. ",
    "\n1. ",
    "\n\n> ",
    "**e**",
    "*f*",
    "~~g~~",
    "`h`",
    "<u>i</u>",
    "x<sup>2</sup>",
    "[j](https://x.test/k)",
    "<https://x.test/l>",
    "\n\n```java\nm(); // {n}\n```\n\n",
    "\n\n| o | p |\n| --- | --- |\n| q | r |\n\n",
    "\\*",
    "{s}",
    "\\[t\\]",
    "u|v",
    "!",
    "w_x",
    "y-z",
    "(/)",
    "\\\\",
    "{code}",
    "h1. ",
    "&amp;amp;",
    "\n\n---\n\n",
    "**é**k",
    "[@m](mention:m)",
    "![n](o.png)",
    "[p.txt](attachment:p.txt)",
    "bq. ",
    "?",
    "??",
    "||",
    "#",
    "^",
    "+",
    "{*}",
    "http",
    ":",
    ")",
    "\n\n> [!NOTE]\n> ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_wiki_markup(row in vec(any::<u8>(), 0..60), other in "\\PC{0,40}") {
        let written = Choices::new(&row).text(PARTS, 30) + &other;
        let there = rendered(&written).0;
        // What it became is in the normal form.
        prop_assert_eq!(markdown::write(&markdown::read(&there)), there);
    }

    #[test]
    fn any_markdown_is_wiki_markup_which_is_stable(row in vec(any::<u8>(), 0..60)) {
        let written = Choices::new(&row).text(PARTS, 30);
        let first = wiki::from_markdown(&written).text;
        let second = wiki::from_markdown(&rendered(&first).0).text;
        let third = wiki::from_markdown(&rendered(&second).0).text;
        prop_assert_eq!(&second, &third, "{}", rendered(&second).0);
    }

    #[test]
    fn what_both_languages_have_comes_back(row in vec(any::<u8>(), 0..24)) {
        let written = Choices::new(&row).text(SHARED, 10);
        let meant = markdown::write(&markdown::read(&written));
        // Items hold no headings and no rules, numbers begin at 1.
        let signs = |sign: char| sign.is_ascii_digit() || " -*.)".contains(sign);
        let has_other = |line: &str| line.trim_start_matches(signs).starts_with(['#', '_']) && !line.starts_with('#');
        prop_assume!(!meant.lines().any(has_other));
        // Neighbouring lists of one item are one there.
        let is_inner_list = |line: &str| line.starts_with(' ') && line.trim_start().starts_with(['-', '*', '1']);
        let lines: Vec<&str> = meant.lines().collect();
        prop_assume!(!lines.windows(2).any(|pair| pair[0].is_empty() && is_inner_list(pair[1])));
        let wiki = wiki::from_markdown(&meant).text;
        prop_assert_eq!(rendered(&wiki), (meant, vec![]), "{}", wiki);
    }

    #[test]
    fn text_in_markdown_is_only_text_in_wiki_markup(row in vec(any::<u8>(), 0..24)) {
        let text = Choices::new(&row).text(PARTS, 10).replace("https://", "").replace(['\0', '\r'], "");
        let tree = settled(vec![Inline::text(text.replace('\n', " "))]);
        prop_assume!(!is_blank(&tree));
        let markdown = markdown::write(&[Block::Paragraph(tree)]);
        let wiki = wiki::from_markdown(&markdown).text;
        prop_assert_eq!(rendered(&wiki), (markdown, vec![]), "{}", wiki);
    }
}

#[test]
fn every_word_of_wiki_markup_has_its_markdown() {
    let pairs = [
        ("h2. Title", "## Title"),
        (
            "*bold* _italic_ -gone- +under+ x{^}2{^} H{~}2{~}O {{code}}",
            "**bold** *italic* ~~gone~~ <u>under</u> x<sup>2</sup> H<sub>2</sub>O `code`",
        ),
        ("in{*}si{*}de", "in**si**de"),
        ("* a\n** b\n*# c\n* d", "- a\n  - b\n\n  1. c\n\n- d"),
        ("- a\n- b", "- a\n- b"),
        ("# a\n# b", "1. a\n2. b"),
        ("{code:java}\nint a = b * c * d;\n{code}", "```java\nint a = b * c * d;\n```"),
        ("{noformat}\n*no*\n{noformat}", "```\n*no*\n```"),
        ("{quote}\na\n\nb\n{quote}", "> a\n>\n> b"),
        ("bq. a", "> a"),
        ("{panel:bgColor=#deebff}\na\n{panel}", "> [!NOTE]\n> a"),
        ("||a||b||\n|c|[d|https://x.test/]|", "| a | b |\n| --- | --- |\n| c | [d](https://x.test/) |"),
        (
            "[text|https://x.test/] [https://y.test/] https://z.test/.",
            "[text](https://x.test/) <https://y.test/> <https://z.test/>.",
        ),
        ("[~jdoe] [^a b.txt] !c.png|alt=d!", "[@jdoe](mention:jdoe) [a b.txt](attachment:a+b.txt) ![d](c.png)"),
        ("a\nb\\\\c", "a\\\nb\\\nc"),
        ("----", "---"),
        ("\\*a\\* \\{b\\} &#42;", "\\*a\\* {b} \\*"),
        ("* [ ] a\n* [x] b", "- [ ] a\n- [x] b"),
        ("* a {code}\nb\n{code}", "- a\n\n  ```\n  b\n  ```"),
    ];
    for (wiki, markdown) in pairs {
        assert_eq!(rendered(wiki), (markdown.to_owned(), vec![]), "{wiki}");
    }
}

#[test]
fn what_markdown_has_no_words_for_is_named_and_its_text_stays() {
    let pairs: [(&str, &str, &[&str]); 6] = [
        ("{color:red}a{color} {anchor:b}c", "a c", &["anchor", "color"]),
        ("??a??", "a", &["cite"]),
        ("(/) a", "(/) a", &["emoticon"]),
        (
            "{panel:title=T|borderColor=red}a{panel}",
            "> [!NOTE]\n> **T**\n>\n> a",
            &["panel", "panel.borderColor", "panel.title"],
        ),
        ("|a|\n||b||", "|  |\n| --- |\n| a |\n| b |", &["tableHeader"]),
        ("!a.png|width=300!", "![](a.png)", &["image.width"]),
    ];
    for (wiki, markdown, lossy) in pairs {
        let (there, lost) = rendered(wiki);
        assert_eq!((&*there, Vec::from_iter(lost.iter().map(String::as_str))), (markdown, lossy.to_vec()), "{wiki}");
    }
}
