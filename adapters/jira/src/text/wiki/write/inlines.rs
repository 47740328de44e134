//! A line of a tree as wiki markup.

use std::borrow::Cow;

use crate::text::{
    links,
    tree::{Image, Inline, Mark, Step, What, spans},
    wiki::{
        read,
        signs::{self, SIGNS},
    },
};

/// What a line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A paragraph, of which each line could begin a block.
    Paragraph,
    /// One line, as an item or a cell is.
    Line,
}

/// Returns a line, or the lines of a paragraph.
pub(super) fn line(content: &[Inline<'_>], place: Place) -> String {
    let steps = spans(content);
    let braced = braced(&steps);
    let mut writer = Writer { text: String::new(), place, starts_line: place == Place::Paragraph };
    for (at, step) in steps.iter().enumerate() {
        writer.step(step, braced[at], steps.get(at + 1));
    }
    writer.text
}

struct Writer {
    text: String,
    place: Place,
    starts_line: bool,
}

impl Writer {
    fn step(&mut self, step: &Step<'_>, is_braced: bool, next: Option<&Step<'_>>) {
        match step {
            Step::Open(What::Link(_)) => self.text.push('['),
            Step::Close(What::Link(link)) => {
                self.text.push('|');
                self.text.push_str(&target(&link.target));
                self.text.push(']');
            }
            Step::Open(What::Mark(mark)) | Step::Close(What::Mark(mark)) => self.sign(*mark, is_braced),
            Step::Text(text) => self.plain(text, next),
            Step::Code(text) => {
                self.text.push_str("{{");
                escape(text, true, &mut self.text);
                self.text.push_str("}}");
            }
            Step::Other(inline) => return self.other(inline, next),
        }
        self.starts_line = false;
    }

    fn sign(&mut self, mark: Mark, is_braced: bool) {
        let Some((sign, _)) = SIGNS.iter().find(|(_, known)| *known == mark) else { return };
        if is_braced {
            self.text.extend(['{', *sign, '}']);
        } else {
            self.text.push(*sign);
        }
    }

    fn plain(&mut self, text: &str, next: Option<&Step<'_>>) {
        let mut text = text;
        if self.starts_line
            && let Some(first) = opener(text, next.is_some())
        {
            self.text.push_str(&format!("&#{};", u32::from(first)));
            text = &text[first.len_utf8()..];
        }
        escape(text, false, &mut self.text);
    }

    fn other(&mut self, inline: &Inline<'_>, next: Option<&Step<'_>>) {
        match inline {
            Inline::Break => {
                let ends_line = self.place == Place::Paragraph && can_break(next);
                // A line end without a line before it is none, and one after a break belongs to it.
                let follows_text = !self.text.is_empty() && !self.text.ends_with(['\n', '\\']);
                self.text.push_str(if ends_line && follows_text { "\n" } else { "\\\\" });
                self.starts_line = self.text.ends_with('\n');
                return;
            }
            Inline::Card(url) => self.card(url, next),
            Inline::Mention { id, .. } => self.text.extend(["[~", &target(id), "]"]),
            Inline::File { name, target: link } => match links::attached(link) {
                Some(file) => self.text.extend(["[^", &target(&file), "]"]),
                None => self.labelled(name, link),
            },
            Inline::Image(image) => self.image(image),
            Inline::Text(_) => {}
        }
        self.starts_line = false;
    }

    fn card(&mut self, url: &str, next: Option<&Step<'_>>) {
        let is_alone = self.text.chars().next_back().is_none_or(char::is_whitespace)
            && next.is_none_or(|next| matches!(next, Step::Text(text) if text.starts_with(' ')));
        if is_alone && signs::url(url) == Some(url) {
            self.text.push_str(url);
        } else {
            self.text.extend(["[", &target(url), "]"]);
        }
    }

    fn labelled(&mut self, name: &str, link: &str) {
        self.text.push('[');
        escape(&links::one_line(name), false, &mut self.text);
        self.text.extend(["|", &target(link), "]"]);
    }

    /// Writes a picture; its name is lost where the picture has one of these signs in it.
    fn image(&mut self, image: &Image<'_>) {
        let name = links::one_line(&image.name);
        let file = target(&image.target);
        if !signs::is_picture(&file) {
            let name = if name.is_empty() { links::one_line(&image.target) } else { name };
            return self.labelled(&name, image.link.as_ref().unwrap_or(&image.target));
        }
        let mut picture = format!("!{file}");
        if !name.is_empty() {
            picture.push_str("|alt=");
            picture.push_str(
                &name.replace([',', '"'], " ").replace('!', "&#33;").replace('|', "&#124;").replace(']', "&#93;"),
            );
        }
        picture.push('!');
        match &image.link {
            Some(link) => self.text.extend(["[", &picture, "|", &target(link), "]"]),
            None => self.text.push_str(&picture),
        }
    }
}

/// Says whether what follows may begin a line.
fn can_break(next: Option<&Step<'_>>) -> bool {
    matches!(next, Some(Step::Text(text)) if !text.trim().is_empty())
        || matches!(next, Some(Step::Code(_) | Step::Other(Inline::Card(_) | Inline::Mention { .. })))
}

/// Says of each step whether its sign needs braces: beside a letter, plain signs are text.
fn braced(steps: &[Step<'_>]) -> Vec<bool> {
    let mut braced = vec![false; steps.len()];
    let mut open = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Open(_) => open.push(at),
            Step::Close(_) => {
                let Some(from) = open.pop() else { continue };
                let before = from.checked_sub(1).and_then(|before| steps.get(before));
                let inside = (steps.get(from + 1), steps.get(at - 1));
                let needs = !is_clear(before, true)
                    || !is_clear(steps.get(at + 1), false)
                    || !is_word(inside.0, false)
                    || !is_word(inside.1, true);
                braced[from] = needs;
                braced[at] = needs;
            }
            _ => {}
        }
    }
    braced
}

/// Says whether a sign may stand there, outside.
fn is_clear(step: Option<&Step<'_>>, at_end: bool) -> bool {
    match step {
        None | Some(Step::Other(Inline::Break)) => true,
        Some(Step::Text(text)) => {
            edge(text, at_end).is_none_or(|beside| matches!(beside, ' ' | ',' | '.' | ';' | ':' | '(' | ')'))
        }
        _ => false,
    }
}

/// Says whether there is a letter or a digit there, inside.
fn is_word(step: Option<&Step<'_>>, at_end: bool) -> bool {
    matches!(step, Some(Step::Text(text)) if edge(text, at_end).is_some_and(char::is_alphanumeric))
}

fn edge(text: &str, at_end: bool) -> Option<char> {
    if at_end { text.chars().next_back() } else { text.chars().next() }
}

/// Writes a text so that it reads as itself.
fn escape(text: &str, is_code: bool, into: &mut String) {
    let mut previous = None;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let next = text[at + character.len_utf8()..].chars().next();
        match character {
            '\\' => into.push_str("&#92;"),
            '&' if signs::reference(&text[at..]).is_some() || next.is_none() => into.push_str("&#38;"),
            '{' | '}' | '[' | ']' | '|' => into.extend(['\\', character]),
            '!' if next.is_none_or(|next| !next.is_whitespace()) => into.push_str("\\!"),
            '?' if next.is_none_or(|next| next == '?') || previous == Some('?') => into.push_str("\\?"),
            ':' | ';' | '(' if signs::emoticon(&text[at..]).is_some() || (next.is_none() && !is_code) => {
                into.extend(['\\', character])
            }
            '\n' | '\r' => into.push(' '),
            sign if SIGNS.iter().any(|(known, _)| *known == sign) && is_sign(sign, previous, next) => {
                into.extend(['\\', sign])
            }
            other => into.push(other),
        }
        previous = Some(character);
        at += character.len_utf8();
    }
}

/// Says whether a sign could open or close something, between these; the edge of a text may be beside anything.
fn is_sign(sign: char, previous: Option<char>, next: Option<char>) -> bool {
    let is_letter = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
    let is_space = |beside: Option<char>| beside == Some(' ');
    let is_within_word = is_letter(previous) && is_letter(next);
    let is_alone = is_space(previous) && is_space(next);
    !(is_within_word || is_alone || sign == '-' && (previous == Some('-') && next == Some('-')))
}

/// Returns the first character of a line that would begin a block.
fn opener(line: &str, goes_on: bool) -> Option<char> {
    let trimmed = line.trim_start();
    let begins = read::begins_block(trimmed) || goes_on && read::begins_block(&format!("{trimmed} "));
    let first = line.chars().next()?;
    (begins || trimmed.len() < line.len()).then_some(first)
}

/// Returns where a link leads, with the signs that would end it by their numbers.
fn target(link: &str) -> Cow<'_, str> {
    let ends =
        |character: char| matches!(character, '|' | ']' | '[' | '{' | '}' | '\\' | '!') || character.is_control();
    if !link.contains(ends) && !link.contains('&') && !link.starts_with([' ', '~', '^']) && !link.ends_with(' ') {
        return Cow::Borrowed(link);
    }
    let mut escaped = String::with_capacity(link.len() + 8);
    for (at, character) in link.char_indices() {
        let is_edge =
            character == ' ' && (at == 0 || at + 1 == link.len()) || at == 0 && matches!(character, '~' | '^');
        if ends(character) || is_edge || character == '&' && signs::reference(&link[at..]).is_some() {
            escaped.push_str(&format!("&#{};", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}
