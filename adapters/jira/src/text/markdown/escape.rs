//! Text that must not be taken for Markdown.

use std::borrow::Cow;

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// At the start of a line.
    pub starts_line: bool,
    /// Also at the start of a line of its own, which may be more than text.
    pub starts_block: bool,
    /// Not in the paragraph's first line, so that it may be a line below something.
    pub is_below: bool,
    /// Right after bold or italic text that can only end before a sign.
    pub needs_sign: bool,
}

/// Writes a text so that it reads as itself.
pub(super) fn text(text: &str, spot: Spot, into: &mut String) {
    let mut rest = text;
    if let Some(first) = rest.chars().next() {
        let blank = spot.starts_line && matches!(first, ' ' | '\t');
        let touching = spot.needs_sign && !first.is_ascii_punctuation() && !matches!(first, ' ' | '\t');
        if blank || touching {
            reference(first, into);
            rest = &rest[first.len_utf8()..];
        } else if spot.starts_block
            && let Some(at) = opener(rest, spot.is_below)
        {
            into.push_str(&rest[..at]);
            into.push('\\');
            into.push_str(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
    }
    let mut previous = None;
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        if is_sign(character, previous, characters.peek().copied(), spot.is_below) {
            into.push('\\');
        }
        into.push(character);
        previous = Some(character);
    }
}

/// Writes a character by its number, so that it is neither a space nor a letter to what stands beside it.
pub(super) fn reference(character: char, into: &mut String) {
    into.push_str(&format!("&#{};", u32::from(character)));
}

/// Says whether a character would be more than itself, between these; the edge of a text may be beside anything.
fn is_sign(character: char, previous: Option<char>, next: Option<char>, is_below: bool) -> bool {
    let letter = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
    match character {
        '*' | '`' | '~' | '[' | ']' => true,
        '_' => !(letter(previous) && letter(next)),
        '<' => next.is_none_or(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
        '&' => next.is_none_or(|next| next == '#' || next.is_ascii_alphanumeric()),
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
        '!' => next.is_none(),
        // The line below a table's head.
        '|' => is_below,
        _ => false,
    }
}

/// Returns where to escape a line that would begin a list, a heading, a quote, or underline the line above.
fn opener(line: &str, is_below: bool) -> Option<usize> {
    let next = line.chars().nth(1);
    let ends = |next: Option<char>| next.is_none_or(|next| matches!(next, ' ' | '\t'));
    match line.as_bytes().first()? {
        b'>' => Some(0),
        b'#' => {
            let rest = line.trim_start_matches('#');
            ends(rest.chars().next()).then_some(0)
        }
        b'-' => (ends(next) || next == Some('-') || is_below).then_some(0),
        b'+' => ends(next).then_some(0),
        b'=' | b':' => is_below.then_some(0),
        b'0'..=b'9' => {
            let digits = line.bytes().take_while(u8::is_ascii_digit).count();
            let after = line.as_bytes().get(digits);
            let ends = ends(line.get(digits + 1..).and_then(|rest| rest.chars().next()));
            (digits <= 9 && matches!(after, Some(b'.' | b')')) && ends).then_some(digits)
        }
        _ => None,
    }
}

/// Returns a code block's language as the fence's line says it.
pub(super) fn info_string(language: &str) -> Cow<'_, str> {
    if language
        .chars()
        .all(|character| character.is_alphanumeric() || matches!(character, '+' | '-' | '.' | '_' | '#' | ' '))
    {
        return Cow::Borrowed(language);
    }
    let mut escaped = String::with_capacity(language.len() + 4);
    for character in language.chars() {
        if matches!(character, '\\' | '&' | '~' | '`') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    Cow::Owned(escaped)
}

/// Writes where a link leads; what ends a line or a text is written as a URL writes it.
pub(super) fn destination(target: &str, into: &mut String) {
    let target = if target.contains(['\n', '\r', '\0']) {
        Cow::Owned(target.replace('\n', "%0A").replace('\r', "%0D").replace('\0', "%00"))
    } else {
        Cow::Borrowed(target)
    };
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'\\') || byte >= 0x80;
    let may_be_reference = target.contains('&') && target.contains(';');
    if !target.is_empty() && target.bytes().all(plain) && !target.contains(char::is_whitespace) && !may_be_reference {
        into.push_str(&target);
        return;
    }
    into.push('<');
    for character in target.chars() {
        match character {
            '<' | '>' | '\\' => into.extend(['\\', character]),
            '&' => into.push_str("&amp;"),
            other => into.push(other),
        }
    }
    into.push('>');
}

/// Writes what a link says when it is pointed at.
pub(super) fn title(title: &str, into: &mut String) {
    into.push_str(" \"");
    for character in title.chars() {
        match character {
            '"' | '\\' => into.extend(['\\', character]),
            '&' => into.push_str("&amp;"),
            // A blank line would end the paragraph.
            '\n' | '\r' => reference('\n', into),
            '\0' => into.push('\u{fffd}'),
            other => into.push(other),
        }
    }
    into.push('"');
}
