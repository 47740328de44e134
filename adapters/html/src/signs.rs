//! Signs of a text that Markdown could take for its own: hidden while HTML is converted, and shown again, escaped where they
//! need it, once it is known what stands around them.

/// The signs, each hidden as a character that Unicode keeps for use inside of programs. The order does not matter.
const SIGNS: &[char] =
    &['\\', '*', '_', '`', '[', ']', '~', '<', '>', '&', '|', '#', '+', '-', '=', '.', ')', '!', ':'];
/// What the first sign is hidden as.
const FIRST: u32 = 0xFDD0;
/// The last of these characters, which hides a bar in code: there it is escaped in tables alone.
const BAR_IN_CODE: char = '\u{FDEF}';

/// Hides the signs of a text; of code only those that a table would take for its own.
pub(crate) fn hidden(text: &str, is_code: bool) -> String {
    text.chars()
        .map(|c| match SIGNS.iter().position(|sign| *sign == c) {
            Some(_) if is_code => {
                if c == '|' {
                    BAR_IN_CODE
                } else {
                    c
                }
            }
            Some(place) => u32::try_from(place).ok().and_then(|place| char::from_u32(FIRST + place)).unwrap_or(c),
            None if is_hidden(c) => char::REPLACEMENT_CHARACTER,
            None => c,
        })
        .collect()
}

/// Shows the signs of a text in Markdown again, escaped where they would mean something.
pub(crate) fn shown(markdown: String) -> String {
    if !markdown.contains(is_hidden) {
        return markdown;
    }
    let mut shown = String::with_capacity(markdown.len());
    for (place, text) in markdown.split('\n').enumerate() {
        if place > 0 {
            shown.push('\n');
        }
        line(text, &mut shown);
    }
    shown
}

fn line(text: &str, shown: &mut String) {
    let from = text.len() - behind_marks(text).len();
    let is_row = text[from..].starts_with('|');
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        match sign(c) {
            None => shown.push(c),
            Some(sign) => {
                let needs_escape = match c {
                    BAR_IN_CODE => is_row,
                    // Marks of lists and quotes are none of the text's, and hold no sign of it.
                    _ => is_syntax(sign, &text[from..at], after, is_row),
                };
                if needs_escape {
                    shown.push('\\');
                }
                shown.push(sign);
            }
        }
    }
}

/// Says whether Markdown would take a sign for its own, by what stands in its line before and after it.
fn is_syntax(sign: char, before: &str, after: &str, is_row: bool) -> bool {
    let next = after.chars().next();
    let next_sign = next.map(|next| self::sign(next).unwrap_or(next));
    let is_first = before.is_empty();
    let is_alone = next.is_none_or(char::is_whitespace);
    match sign {
        '\\' | '*' | '_' | '`' | '[' | ']' | '~' => true,
        '<' => next_sign.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
        '&' => is_entity(after),
        '|' => is_row || is_first,
        '>' | '=' => is_first,
        '+' => is_first && is_alone,
        '-' => is_first && (is_alone || matches!(next_sign, Some('-' | '|' | ':'))),
        ':' => is_first && next_sign == Some('-'),
        '#' if is_first || before.ends_with(' ') => {
            let rest = after.trim_start_matches(|c| self::sign(c) == Some('#'));
            rest.trim().is_empty() || is_first && rest.starts_with(char::is_whitespace)
        }
        '.' | ')' => matches!(before.len(), 1..=9) && before.bytes().all(|byte| byte.is_ascii_digit()) && is_alone,
        // A sign of ours is hidden: this one begins a link.
        '!' => next == Some('['),
        _ => false,
    }
}

/// Says whether what follows a `&` makes it a character that is named; the longest name has 31 letters.
fn is_entity(after: &str) -> bool {
    let is_name = |c: &char| c.is_ascii_alphanumeric() || sign(*c) == Some('#');
    let length = after.chars().take(32).take_while(is_name).count();
    length > 0 && after.chars().nth(length) == Some(';')
}

/// Returns what stands behind the marks of quotes and lists in a line; they are the converter's, so that no sign in them is hidden.
fn behind_marks(line: &str) -> &str {
    let mut rest = line;
    loop {
        rest = rest.trim_start_matches(' ');
        let numbered = || {
            rest.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(". ").filter(|_| !rest.starts_with('.'))
        };
        match rest.strip_prefix('>').or_else(|| rest.strip_prefix("- ")).or_else(numbered) {
            Some(inside) => rest = inside,
            None => return rest,
        }
    }
}

fn is_hidden(c: char) -> bool {
    (FIRST..=u32::from(BAR_IN_CODE)).contains(&u32::from(c))
}

/// Returns the sign that a character hides.
fn sign(c: char) -> Option<char> {
    if c == BAR_IN_CODE {
        return Some('|');
    }
    let place = u32::from(c).checked_sub(FIRST)?;
    SIGNS.get(usize::try_from(place).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_escaped_where_it_would_mean_something_and_nowhere_else() {
        for (text, expected) in [
            ("a - b + c = d. #42 (x) | y: z!", "a - b + c = d. #42 (x) | y: z!"),
            ("- a", "\\- a"),
            ("---", "\\---"),
            ("-1", "-1"),
            ("+", "\\+"),
            ("# a", "\\# a"),
            ("#a", "#a"),
            ("a #", "a \\#"),
            ("1. a", "1\\. a"),
            ("1.5 a", "1.5 a"),
            ("12) a", "12\\) a"),
            ("> a", "\\> a"),
            ("==", "\\=="),
            (":-", "\\:-"),
            ("~~a~~", "\\~\\~a\\~\\~"),
            ("&amp; & b;", "\\&amp; & b;"),
            ("&#35;", "\\&#35;"),
            ("a < b <c", "a < b \\<c"),
            ("\u{FDD3}", "\u{FFFD}"),
        ] {
            assert_eq!(shown(hidden(text, false)), expected, "{text}");
        }
        assert_eq!(shown(format!("> - 1. {}", hidden("- a", false))), "> - 1. \\- a");
        assert_eq!(shown(format!("| {} | `{}` |", hidden("a|b", false), hidden("c|*", true))), "| a\\|b | `c\\|*` |");
        assert_eq!(shown(format!("`{}`", hidden("|", true))), "`|`");
        assert_eq!(shown(format!("{}[x](y)", hidden("!", false))), "\\![x](y)");
    }
}
