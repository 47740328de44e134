//! Rows as a Markdown table, to be pasted into a ticket, a chat or a document.
//!
//! It reads as the values do: what Markdown or HTML would take for markup is escaped.

use super::sanitize;
use super::table::Cell;

/// Writes the line of headings and the one below it.
pub(super) fn headings<'a>(names: impl Iterator<Item = &'a str>, out: &mut String) {
    let mut rule = String::from("|");
    out.push('|');
    for name in names {
        cell(name, out);
        rule.push_str(" --- |");
    }
    out.push('\n');
    out.push_str(&rule);
    out.push('\n');
}

/// Writes a line for each row.
pub(super) fn lines(rows: &[Vec<Cell>], out: &mut String) {
    for row in rows {
        out.push('|');
        row.iter().for_each(|value| cell(value.value(), out));
        out.push('\n');
    }
}

fn cell(value: &str, out: &mut String) {
    // Breaks are made one sign first; a cell is one line.
    let value = sanitize::text(value.trim());
    out.push(' ');
    let mut before = None;
    for (at, sign) in value.char_indices() {
        let rest = &value[at + sign.len_utf8()..];
        match sign {
            '\n' => out.push_str("<br>"),
            '\t' => out.push(' '),
            _ if is_markup(sign, before, rest) => out.extend(['\\', sign]),
            _ => out.push(sign),
        }
        before = Some(sign);
    }
    out.push_str(if value.is_empty() { "|" } else { " |" });
}

/// Says whether a sign would be taken for markup where it stands.
fn is_markup(sign: char, before: Option<char>, rest: &str) -> bool {
    match sign {
        '|' | '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '~' => true,
        // Between letters it is a part of a name.
        '_' => !(before.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric)),
        '&' => is_entity(rest),
        _ => false,
    }
}

/// Says whether what follows `&` makes it an HTML entity.
fn is_entity(rest: &str) -> bool {
    let name = rest.split(';').next().unwrap_or_default();
    name.len() < rest.len() && !name.is_empty() && name.chars().all(|sign| sign == '#' || sign.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cells: &[&str]) -> String {
        let mut out = String::new();
        lines(&[cells.iter().map(Cell::new).collect()], &mut out);
        out
    }

    #[test]
    fn a_cell_stays_in_its_place() {
        assert_eq!(
            shown(&["a|b", "two\r\nlines\u{2028}more", "tab\there", ""]),
            "| a\\|b | two<br>lines<br>more | tab here | |\n"
        );
    }

    #[test]
    fn markup_is_shown_and_not_done() {
        assert_eq!(
            shown(&["<b>x</b> *y* `z`", "[a](javascript:b)"]),
            "| \\<b\\>x\\</b\\> \\*y\\* \\`z\\` | \\[a\\](javascript:b) |\n"
        );
        assert_eq!(shown(&["snake_case _em_", "R&D &lt; &#60;"]), "| snake_case \\_em\\_ | R&D \\&lt; \\&#60; |\n");
        assert_eq!(shown(&["\x1b[2J"]), "| ␛\\[2J |\n");
    }

    #[test]
    fn headings_have_a_rule_below_them() {
        let mut out = String::new();
        headings(["KEY", "TITLE"].into_iter(), &mut out);
        assert_eq!(out, "| KEY | TITLE |\n| --- | --- |\n");
    }
}
