//! Textile into Markdown, as far as Redmine reads it: line by line, then what stands in the lines.
//!
//! What Markdown has no word for keeps its text, and is named.

/// Returns the Markdown of a Textile, and the kinds of what was lost; sorted.
pub(super) fn read(textile: &str) -> (String, Vec<String>) {
    let mut reader = Reader::default();
    let mut lines = textile.split('\n');
    while let Some(line) = lines.next() {
        match line.trim_start().strip_prefix("<pre") {
            Some(rest) => reader.code(rest, &mut lines),
            None => reader.line(line),
        }
    }
    reader.lossy.sort_unstable();
    reader.lossy.dedup();
    (reader.out.join("\n"), reader.lossy.into_iter().map(str::to_owned).collect())
}

#[derive(Default)]
struct Reader {
    out: Vec<String>,
    lossy: Vec<&'static str>,
    /// The numbers of the lists that are open, by depth.
    numbers: Vec<u32>,
    in_table: bool,
}

impl Reader {
    /// Reads from `<pre` to `</pre>`: nothing in it is markup.
    fn code<'a>(&mut self, opening: &str, lines: &mut impl Iterator<Item = &'a str>) {
        let (attributes, mut first) = opening.split_once('>').unwrap_or((opening, ""));
        if !attributes.trim().is_empty() {
            self.lossy.push("attributes");
        }
        let mut language = "";
        if let Some(rest) = first.strip_prefix("<code") {
            let (class, code) = rest.split_once('>').unwrap_or(("", rest));
            language = class.trim().strip_prefix("class=").map_or("", |class| class.trim_matches(['"', '\'']));
            first = code;
        }
        let mut code = Vec::new();
        let mut behind = "";
        let mut line = Some(first);
        while let Some(text) = line {
            if let Some((last, rest)) = text.split_once("</pre>") {
                code.push(last);
                behind = rest;
                break;
            }
            code.push(text);
            line = lines.next();
        }
        let code = code.join("\n");
        let code = code.strip_suffix("</code>").unwrap_or(&code);
        let code = code.strip_prefix('\n').unwrap_or(code);
        let code = code.strip_suffix('\n').unwrap_or(code);
        let fence = if code.contains("```") { "````" } else { "```" };
        self.out.extend([format!("{fence}{language}"), code.to_owned(), fence.to_owned()]);
        if !behind.trim().is_empty() {
            self.line(behind);
        }
    }

    fn line(&mut self, line: &str) {
        let text = line.trim_end();
        if let Some((depth, is_numbered, rest)) = item(text) {
            return self.item(depth, is_numbered, rest);
        }
        self.numbers.clear();
        if let Some(row) = text.strip_prefix('|').and_then(|row| row.strip_suffix('|')) {
            return self.row(row);
        }
        self.in_table = false;
        if let Some((name, rest)) = block(text) {
            let level = name.strip_prefix('h').and_then(|level| level.parse::<usize>().ok());
            let start = match (level, name) {
                (Some(level), _) => "#".repeat(level) + " ",
                (None, "bq") => "> ".to_owned(),
                _ => String::new(),
            };
            let rest = self.inline(rest);
            return self.out.push(start + &rest);
        }
        if let Some(rest) = text.strip_prefix('>') {
            let rest = self.inline(rest.trim_start());
            return self.out.push(format!("> {rest}").trim_end().to_owned());
        }
        let text = self.inline(text);
        self.out.push(if is_block_of_markdown(&text) { format!("\\{text}") } else { text });
    }

    fn item(&mut self, depth: usize, is_numbered: bool, rest: &str) {
        self.in_table = false;
        self.numbers.resize(depth, 0);
        // A list of the other kind is another list.
        let number = if is_numbered { self.numbers[depth - 1] + 1 } else { 0 };
        self.numbers[depth - 1] = number;
        let rest = self.inline(rest);
        let sign = if is_numbered { format!("{number}.") } else { "-".to_owned() };
        let indent = if is_numbered { 3 } else { 2 };
        self.out.push(format!("{}{sign} {rest}", " ".repeat(indent * (depth - 1))));
    }

    fn row(&mut self, row: &str) {
        let cells: Vec<&str> = row.split('|').collect();
        let is_head = cells.iter().all(|cell| cell.starts_with("_."));
        let texts: Vec<String> =
            cells.iter().map(|cell| self.inline(cell.strip_prefix("_.").unwrap_or(cell).trim())).collect();
        if !self.in_table && !is_head {
            // A table of Markdown has a head.
            self.out.push(format!("|{}", "  |".repeat(cells.len())));
            self.out.push(format!("|{}", " --- |".repeat(cells.len())));
        }
        self.out.push(format!("| {} |", texts.join(" | ")));
        if !self.in_table && is_head {
            self.out.push(format!("|{}", " --- |".repeat(cells.len())));
        }
        self.in_table = true;
    }

    /// Reads what stands in a line.
    fn inline(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let before = out.chars().next_back();
            let is_start = before.is_none_or(|before| !before.is_alphanumeric());
            if let Some((found, behind)) = is_start.then(|| self.phrase(rest)).flatten() {
                out.push_str(&found);
                rest = behind;
                continue;
            }
            if let Some((character, behind)) = entity(rest) {
                push(&mut out, character, behind, true);
                rest = behind;
                continue;
            }
            if rest.starts_with("{{") || rest.starts_with("[[") {
                self.lossy.push(if first == '{' { "macro" } else { "wiki link" });
            }
            rest = &rest[first.len_utf8()..];
            push(&mut out, first, rest, false);
        }
        out
    }

    /// Reads a phrase at the beginning of a text: what it is in Markdown, and the rest.
    fn phrase<'a>(&mut self, text: &'a str) -> Option<(String, &'a str)> {
        if let Some((code, behind)) = text.strip_prefix("<code>").and_then(|rest| rest.split_once("</code>")) {
            return Some((span_of_code(code), behind));
        }
        if let Some((words, target, behind)) = link(text) {
            let words = self.inline(words);
            return Some((format!("[{words}]({target})"), behind));
        }
        for (sign, open, close, lost) in PHRASES {
            let Some((inside, behind)) = between(text, sign) else { continue };
            self.lossy.extend(*lost);
            if *sign == "@" {
                return Some((span_of_code(inside), behind));
            }
            if *sign == "!" {
                let is_picture = !inside.contains(char::is_whitespace) && inside.contains(['.', '/']);
                if is_picture {
                    return Some((format!("![]({inside})"), behind));
                }
                continue;
            }
            let inside = self.inline(inside);
            return Some((format!("{open}{inside}{close}"), behind));
        }
        None
    }
}

/// The signs around a phrase, what stands around it in Markdown, and what is lost.
const PHRASES: &[(&str, &str, &str, Option<&str>)] = &[
    ("??", "*", "*", Some("citation")),
    ("*", "**", "**", None),
    ("_", "*", "*", None),
    ("-", "~~", "~~", None),
    ("+", "", "", Some("underline")),
    ("^", "", "", Some("superscript")),
    ("~", "", "", Some("subscript")),
    ("%", "", "", Some("span")),
    ("@", "`", "`", None),
    ("!", "", "", None),
];

/// Returns what stands between two signs, and what comes behind; the signs touch the words and nothing else does.
fn between<'a>(text: &'a str, sign: &str) -> Option<(&'a str, &'a str)> {
    let rest =
        text.strip_prefix(sign).filter(|rest| !rest.starts_with(char::is_whitespace) && !rest.starts_with(sign))?;
    let mut from = 0;
    while let Some(place) = rest[from..].find(sign).map(|place| place + from) {
        let (inside, behind) = (&rest[..place], &rest[place + sign.len()..]);
        let is_end =
            !inside.is_empty() && !inside.ends_with(char::is_whitespace) && !behind.starts_with(char::is_alphanumeric);
        if is_end && !behind.starts_with(sign) {
            return Some((inside, behind));
        }
        from = place + sign.len();
    }
    None
}

/// Reads `"words":https://…`.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('"')?.split_once("\":")?;
    let is_target = ["http://", "https://", "mailto:", "ftp://", "/"].iter().any(|start| rest.starts_with(start));
    if words.is_empty() || words.contains('"') || !is_target {
        return None;
    }
    let end = rest.find(|sign: char| sign.is_whitespace() || "<>\"|".contains(sign)).unwrap_or(rest.len());
    let target = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
    Some((words, target, &rest[target.len()..]))
}

/// Reads `h2. `, `bq. ` or `p. `.
fn block(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(". ")?;
    let is_heading = name.strip_prefix('h').is_some_and(|level| matches!(level, "1" | "2" | "3" | "4" | "5" | "6"));
    (is_heading || matches!(name, "bq" | "p")).then_some((name, rest))
}

/// Reads `** ` or `# `: how deep it is, and whether it is numbered.
fn item(text: &str) -> Option<(usize, bool, &str)> {
    let (signs, rest) = text.split_once(' ')?;
    let last = signs.chars().next_back()?;
    let is_list = signs.chars().all(|sign| matches!(sign, '*' | '#')) && signs.len() <= 9;
    is_list.then_some((signs.len(), last == '#', rest.trim_start()))
}

/// Says whether a line would begin a block in Markdown that it does not begin in Textile.
fn is_block_of_markdown(text: &str) -> bool {
    ["- ", "+ ", "* ", "# ", "## ", "> ", "```", "~~~"].iter().any(|start| text.starts_with(start))
}

/// Writes a character of a text, so that Markdown takes it for nothing else.
fn push(out: &mut String, character: char, behind: &str, was_escaped: bool) {
    let before = out.chars().next_back();
    let in_word = before.is_some_and(char::is_alphanumeric) && behind.starts_with(char::is_alphanumeric);
    let alone = before.is_none_or(char::is_whitespace) && behind.chars().next().is_none_or(char::is_whitespace);
    let is_sign = match character {
        '*' => !alone,
        '_' => !alone && !in_word,
        '`' => true,
        '\\' => behind.starts_with(|next: char| next.is_ascii_punctuation()),
        '[' => behind.contains("]("),
        '<' => behind.starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!')),
        '~' => behind.starts_with('~'),
        '&' => was_escaped && behind.contains(';'),
        _ => false,
    };
    if is_sign {
        out.push('\\');
    }
    out.push(character);
}

/// Reads `&#42;` and the few names.
fn entity(text: &str) -> Option<(char, &str)> {
    let (name, behind) = text.strip_prefix('&')?.split_once(';')?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        name => char::from_u32(name.strip_prefix('#')?.parse().ok()?).filter(|it| !it.is_control())?,
    };
    Some((character, behind))
}

fn span_of_code(code: &str) -> String {
    if code.contains('`') { format!("`` {code} ``") } else { format!("`{code}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textile_becomes_markdown() {
        for (textile, markdown) in [
            ("h2. Head *strong*", "## Head **strong**"),
            ("* a\n** b\n# c\n# d", "- a\n  - b\n1. c\n2. d"),
            ("bq. said", "> said"),
            ("> said\n> more", "> said\n> more"),
            ("*Expected*: _the_ -old- @a*b@", "**Expected**: *the* ~~old~~ `a*b`"),
            ("see \"the page\":https://example.com/x_y.", "see [the page](https://example.com/x_y)."),
            ("!a/b.png! wow!", "![](a/b.png) wow!"),
            ("<pre>a *b*\n# c</pre>", "```\na *b*\n# c\n```"),
            ("<pre><code class=\"ruby\">\nx = 1\n</code></pre>", "```ruby\nx = 1\n```"),
            ("|_.a|_.b|\n|1|2|", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
            ("- not a list", "\\- not a list"),
            ("a_b_c and 2*3*4", "a_b_c and 2\\*3\\*4"),
            ("&#42;x&#42;", "\\*x\\*"),
        ] {
            assert_eq!(read(textile).0, markdown, "{textile}");
        }
    }

    #[test]
    fn what_markdown_has_no_word_for_is_named_and_keeps_its_text() {
        for (textile, markdown, lost) in [
            ("+under+", "under", "underline"),
            ("x ^2^", "x 2", "superscript"),
            ("{{toc}}", "{{toc}}", "macro"),
            ("[[Page]]", "[[Page]]", "wiki link"),
            ("%{color:red}hot%", "{color:red}hot", "span"),
        ] {
            assert_eq!(read(textile), (markdown.to_owned(), vec![lost.to_owned()]), "{textile}");
        }
    }
}
