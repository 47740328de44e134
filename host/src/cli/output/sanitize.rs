//! Text from outside, made harmless for a terminal.
//!
//! Whoever can write a ticket's title must not be able to move the cursor, change a colour, make a link or
//! turn the order of letters around. What would do so is shown as a visible sign instead of being dropped,
//! so that nothing is hidden either. Piped output gets the same treatment: it may end on a terminal later.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns the text as one line: breaks and tabs become spaces, everything dangerous a visible sign.
pub fn line(text: &str) -> Cow<'_, str> {
    replace(
        text,
        |c| is_break(c) || c == '\t' || is_unsafe(c),
        |out, c| {
            if is_break(c) || c == '\t' {
                out.push(' ');
            } else {
                push_visible(out, c);
            }
        },
    )
}

/// Returns the text with its lines and tabs kept, every line break as `\n`, and everything dangerous as a
/// visible sign.
pub fn text(text: &str) -> Cow<'_, str> {
    let unix = match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n")),
        false => Cow::Borrowed(text),
    };
    let dangerous = |c| c != '\n' && c != '\t' && (is_break(c) || is_unsafe(c));
    let visible = |out: &mut String, c| match is_break(c) {
        true => out.push('\n'),
        false => push_visible(out, c),
    };
    match unix {
        Cow::Borrowed(text) => replace(text, dangerous, visible),
        Cow::Owned(text) => Cow::Owned(replace(&text, dangerous, visible).into_owned()),
    }
}

/// Returns JSON that a terminal shows as it is: dangerous characters become JSON's own escapes, so that the
/// document means the same.
///
/// Valid JSON holds such characters only inside strings, and of them only those from U+007F on.
pub(super) fn json(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = String::from_utf8_lossy(bytes);
    let escaped = replace(
        &text,
        |c| c != '\n' && c != '\t' && is_unsafe(c),
        |out, c| {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        },
    );
    match (&text, &escaped) {
        (Cow::Borrowed(_), Cow::Borrowed(_)) => Cow::Borrowed(bytes),
        _ => Cow::Owned(escaped.into_owned().into_bytes()),
    }
}

fn replace(text: &str, wanted: impl Fn(char) -> bool, put: impl Fn(&mut String, char)) -> Cow<'_, str> {
    let Some(first) = text.find(&wanted) else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        match wanted(c) {
            true => put(&mut out, c),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Says whether the character ends a line somewhere.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Says whether the character gives orders instead of being seen: control characters of both sets (ESC, and
/// CSI and OSC in one character), overrides and isolates of the writing direction, annotations.
fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

/// Writes a control character as its picture (`␛`), everything else as its number (`<U+202E>`).
fn push_visible(out: &mut String, c: char) {
    let picture = match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code),
        0x7f => Some('\u{2421}'),
        _ => None,
    };
    match picture {
        Some(picture) => out.push(picture),
        None => {
            // Writing to a string cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_borrowed() {
        for ordinary in ["Fix the till", "日本語 👩‍👩‍👧 e\u{301}", "שלום\u{200f} عربى", ""] {
            assert!(matches!(line(ordinary), Cow::Borrowed(_)), "{ordinary}");
            assert!(matches!(text(ordinary), Cow::Borrowed(_)), "{ordinary}");
        }
        assert!(matches!(json(br#"{"title":"Fix"}"#), Cow::Borrowed(_)));
    }

    #[test]
    fn escapes_become_visible() {
        assert_eq!(line("\x1b[2J\x1b[31mred\x07\x08\x7f"), "␛[2J␛[31mred␇␈␡");
        assert_eq!(
            line("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\"),
            "␛]8;;https://evil.example␛\\click␛]8;;␛\\"
        );
        assert_eq!(line("\u{9b}31m \u{9d}0;title\u{9c}"), "<U+009B>31m <U+009D>0;title<U+009C>");
    }

    #[test]
    fn direction_overrides_become_visible() {
        assert_eq!(line("invoice\u{202e}fdp.exe\u{2069}"), "invoice<U+202E>fdp.exe<U+2069>");
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(line("a\r\nb\tc\u{2028}d\u{85}e\u{b}f"), "a  b c d e f");
    }

    #[test]
    fn lines_and_tabs_of_a_text_are_kept_and_every_break_is_one() {
        assert_eq!(text("a\r\nb\rc\u{2028}d\te\x1b[A"), "a\nb\nc\nd\te␛[A");
    }

    #[test]
    fn json_means_the_same_afterwards() {
        let hostile = "{\"title\":\"\u{9b}2J\u{202e}\u{7f}\"}";
        let shown = json(hostile.as_bytes());
        assert_eq!(shown.as_ref(), br#"{"title":"\u009b2J\u202e\u007f"}"#);
        let before: serde_json::Value = serde_json::from_str(hostile).unwrap();
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&shown).unwrap(), before);
    }
}
