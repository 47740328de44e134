//! Prose broken into lines that fit a terminal.

use textwrap::{Options, WordSplitter, WrapAlgorithm};

/// The widest line that is still pleasant to read.
const PLEASANT: usize = 100;
/// The narrowest that is worth wrapping for.
const NARROWEST: usize = 20;

/// Returns the lines of one line of prose; those after the first begin with `hanging`.
pub(super) fn prose(line: &str, columns: usize, hanging: &str) -> Vec<String> {
    let options = Options::new(columns.clamp(NARROWEST, PLEASANT))
        .subsequent_indent(hanging)
        // Addresses stay whole, so that they can be clicked; and nothing is invented inside a word.
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    textwrap::wrap(line, options).into_iter().map(|line| line.into_owned()).collect()
}

/// Returns Markdown, sanitised, as the lines of a terminal: paragraphs, lists and quotes are wrapped with
/// their indentation kept; code and tables are left as they are.
pub(super) fn markdown(text: &str, columns: Option<usize>) -> Vec<String> {
    let Some(columns) = columns else {
        return text.lines().map(str::to_owned).collect();
    };
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = line.replace('\t', "    ");
        let mark = fence_mark(&line);
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) if !is_laid_out(&line) => {
                lines.extend(prose(&line, columns, &hanging(&line)));
                continue;
            }
            _ => {}
        }
        lines.push(line);
    }
    lines
}

/// Returns the mark that opens or closes a block of code.
fn fence_mark(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark))
}

/// Says whether the line's spaces mean something: code, or a row of a table.
fn is_laid_out(line: &str) -> bool {
    line.trim_start().starts_with('|') || (line.starts_with("    ") && marker(line.trim_start()) == 0)
}

/// Returns what further lines of a paragraph, list item or quote begin with.
fn hanging(line: &str) -> String {
    let body = line.trim_start();
    let indent = line.len() - body.len();
    if body.starts_with('>') {
        return format!("{}> ", " ".repeat(indent));
    }
    " ".repeat(indent + marker(body))
}

/// Returns the length of a list item's mark with the space behind it: `- `, `* `, `12. `.
fn marker(body: &str) -> usize {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &body[digits..];
    let marks: &[&str] = if digits > 0 { &[". ", ") "] } else { &["- ", "* ", "+ "] };
    match marks.iter().any(|mark| rest.starts_with(mark)) {
        true => digits + 2,
        false => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_lists_and_quotes_are_wrapped_and_keep_their_shape() {
        let text = "The till at the door does not open any more.\n\n- one thing that is longer than the line\n  12. two things that are longer too\n> quoted words that go on and on";
        let expected = [
            "The till at the door",
            "does not open any more.",
            "",
            "- one thing that is",
            "  longer than the line",
            "  12. two things that",
            "      are longer too",
            "> quoted words that go",
            "> on and on",
        ];
        assert_eq!(markdown(text, Some(24)), expected);
    }

    #[test]
    fn code_tables_and_addresses_stay_whole() {
        let text = "```\nlet till = open(\"a long line of code\");\n```\n    indented code that is long enough\n| a | table of several | columns |\nsee https://shop.example/a/very/long/address";
        let expected = [
            "```",
            "let till = open(\"a long line of code\");",
            "```",
            "    indented code that is long enough",
            "| a | table of several | columns |",
            "see",
            "https://shop.example/a/very/long/address",
        ];
        assert_eq!(markdown(text, Some(24)), expected);
    }

    #[test]
    fn a_pipe_gets_the_lines_as_they_are() {
        assert_eq!(markdown("a\tb\nc", None), ["a\tb", "c"]);
    }

    #[test]
    fn wide_characters_count_twice() {
        let lines = prose("日本語だ 日本語だ 日本語だ", 20, "");
        assert_eq!(lines, ["日本語だ 日本語だ", "日本語だ"]);
    }
}
