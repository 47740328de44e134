//! What holds for every text: properties, and examples for reading.

mod adf;
mod markdown;
mod sample;
mod skeleton;
mod wiki;
mod written;

/// Parts that mean something in Markdown or wiki markup, and parts that mean nothing.
const PARTS: &[&str] = &[
    "a",
    " ",
    "b c",
    "*",
    "_",
    "**",
    "~~",
    "`",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "&",
    "&amp;",
    "#",
    "# ",
    "- ",
    "+ ",
    "1. ",
    "2) ",
    "!",
    "|",
    "\\",
    "\n",
    "\n\n",
    "é",
    "🙂",
    "\"",
    "'",
    "=",
    "---",
    ":",
    "{",
    "}",
    "{code}",
    "{quote}",
    "h1. ",
    "bq. ",
    "||",
    "^",
    "??",
    "{{",
    "}}",
    "-",
    "--",
    "https://x.test/a?b=c&d",
    "<br>",
    "<u>",
    "</u>",
    "<sub>",
    "</sub>",
    "    ",
    "\t",
    "> ",
    "- [ ] ",
    "- [x] ",
    "```",
    "~~~",
    "| a | b |\n| --- | --- |\n",
    "[x](y)",
    "![i](j)",
    "<https://x.test>",
    "[@M](mention:1)",
    "[&#10;\0](<&#10;\0> \"&#10;\0\")",
    "![p](media:1?collection=c)",
    "\u{a0}",
    "\0",
    "[!NOTE]",
    "{noformat}",
    "{color:red}",
    "[a|b]",
    "[~u]",
    "!p.png!",
    "\r\n",
    "(/)",
    "x",
    "1",
    ".",
    "\u{301}",
    "語",
    "…",
];

#[test]
fn a_long_text_of_any_one_part_is_converted_and_stays_what_it_is() {
    for part in PARTS {
        let long = part.repeat(20_000 / part.len());
        let markdown = super::markdown::write(&super::markdown::read(&long));
        assert_eq!(super::markdown::write(&super::markdown::read(&markdown)), markdown, "{part}");
        let wiki = super::wiki::to_markdown(&long).unwrap().markdown;
        assert_eq!(super::markdown::write(&super::markdown::read(&wiki)), wiki, "{part}");
    }
}
