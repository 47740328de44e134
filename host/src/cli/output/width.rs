//! How many columns of a terminal a text takes, and cutting it to fit.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Returns how many columns the text takes; it is sanitised already.
pub(super) fn of(text: &str) -> usize {
    match text.is_ascii() {
        true => text.len(),
        false => text.width(),
    }
}

/// Returns the text, or as much of it as leaves room for an ellipsis; whole characters as people see them
/// (an emoji of several parts, a letter with its accents) stay or go.
pub(super) fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if of(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(1);
    let mut used = 0;
    let mut end = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        used += of(grapheme);
        if used > room {
            break;
        }
        end = start + grapheme.len();
    }
    match columns {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}…", text[..end].trim_end())),
    }
}

/// Writes so many spaces.
pub(super) fn pad(out: &mut String, columns: usize) {
    out.extend(std::iter::repeat_n(' ', columns));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combined_characters_are_counted_as_they_are_shown() {
        for (text, columns) in
            [("till", 4), ("日本語", 6), ("👩‍👩‍👧", 2), ("e\u{301}", 1), ("🇩🇪", 2), ("한국어", 6), ("", 0)]
        {
            assert_eq!(of(text), columns, "{text}");
        }
    }

    #[test]
    fn a_cut_text_fits_and_breaks_no_character() {
        for (text, columns, expected) in [
            ("Fix the till", 12, "Fix the till"),
            ("Fix the till", 8, "Fix the…"),
            ("日本語のタイトル", 6, "日本…"),
            ("日本語のタイトル", 7, "日本語…"),
            ("ab👩‍👩‍👧cd", 4, "ab…"),
            ("ab👩‍👩‍👧cd", 5, "ab👩‍👩‍👧…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ] {
            let shown = cut(text, columns);
            assert_eq!(shown, expected, "{text} in {columns}");
            assert!(of(&shown) <= columns);
        }
    }
}
