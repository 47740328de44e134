//! Blocks with an end of their own: they are taken out of the text, and a sign that no text has keeps their place.

use std::collections::{BTreeSet, HashSet};

/// Stands where a block was taken out; no character, by Unicode's promise.
pub(super) const PLACE: char = '\u{fdd0}';

/// A text without its blocks, and these in their order.
#[derive(Debug, Default)]
pub(super) struct Extracted {
    pub text: String,
    pub macros: Vec<Macro>,
}

/// A block with an end of its own.
#[derive(Debug)]
pub(super) enum Macro {
    Code { language: String, text: String },
    Quote(Extracted),
    Panel { title: String, color: String, text: Extracted },
}

/// Takes out code, in which nothing else means anything.
pub(super) fn verbatim(wiki: &str, lost: &mut BTreeSet<String>) -> Extracted {
    let mut out = Extracted::default();
    let mut rest = wiki;
    // Macros whose end was looked for in vain.
    let mut endless = HashSet::new();
    while let Some(tag) = next_tag(&mut rest, &["code", "noformat"], &mut out.text) {
        let end = if endless.contains(tag.name) { None } else { rest.find(&format!("{{{}}}", tag.name)) };
        let Some(end) = end else {
            endless.insert(tag.name);
            out.text.push_str(tag.whole);
            continue;
        };
        let text = rest[..end].strip_prefix('\n').unwrap_or(&rest[..end]);
        let text = text.strip_suffix('\n').unwrap_or(text);
        rest = &rest[end + tag.name.len() + 2..];
        let language = language(&tag, lost);
        out.text.push(PLACE);
        out.macros.push(Macro::Code { language, text: text.to_owned() });
    }
    out.text.push_str(rest);
    out
}

/// Takes out quotes and panels, with the code that is in them.
pub(super) fn containers(text: Extracted, lost: &mut BTreeSet<String>) -> Extracted {
    let mut out = Extracted::default();
    let mut macros = text.macros.into_iter();
    let mut rest = &*text.text;
    let mut endless = HashSet::new();
    loop {
        let written = out.text.len();
        let tag = next_tag(&mut rest, &["panel", "quote"], &mut out.text);
        let passed = out.text[written..].matches(PLACE).count();
        out.macros.extend(macros.by_ref().take(passed));
        let Some(tag) = tag else { break };
        let end = if endless.contains(tag.name) { None } else { rest.find(&format!("{{{}}}", tag.name)) };
        let Some(end) = end else {
            endless.insert(tag.name);
            out.text.push_str(tag.whole);
            continue;
        };
        let inner = &rest[..end];
        let text =
            Extracted { text: inner.to_owned(), macros: macros.by_ref().take(inner.matches(PLACE).count()).collect() };
        rest = &rest[end + tag.name.len() + 2..];
        out.text.push(PLACE);
        out.macros.push(if tag.name == "quote" { Macro::Quote(text) } else { panel(&tag, text, lost) });
    }
    out.text.push_str(rest);
    out.macros.extend(macros);
    out
}

/// A tag such as `{code:java|title=Main}`.
struct Tag<'a> {
    name: &'a str,
    parameters: &'a str,
    whole: &'a str,
}

impl<'a> Tag<'a> {
    fn parameters(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let parts = self.parameters.split('|').filter(|part| !part.is_empty());
        parts.map(|part| part.split_once('=').unwrap_or(("", part)))
    }
}

/// Writes what stands before the next of these tags, and returns the tag; the rest begins behind it.
fn next_tag<'a>(rest: &mut &'a str, names: &[&str], before: &mut String) -> Option<Tag<'a>> {
    let mut from = 0;
    while let Some(at) = rest[from..].find(['{', '\\']).map(|at| at + from) {
        if rest[at..].starts_with('\\') {
            from = at + 1 + rest[at + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        }
        if let Some(tag) = tag(&rest[at..], names) {
            before.push_str(&rest[..at]);
            *rest = &rest[at + tag.whole.len()..];
            return Some(tag);
        }
        from = at + 1;
    }
    // Nothing more to find: the rest is written here, so that it is gone through once.
    before.push_str(rest);
    *rest = "";
    None
}

fn tag<'a>(text: &'a str, names: &[&str]) -> Option<Tag<'a>> {
    let inner = text.strip_prefix('{')?;
    let name = names.iter().find(|name| inner.starts_with(**name))?;
    let after = &inner[name.len()..];
    if after.starts_with('}') {
        return Some(Tag { name: &inner[..name.len()], parameters: "", whole: &text[..name.len() + 2] });
    }
    let parameters = after.strip_prefix(':')?;
    let end = parameters
        .bytes()
        .take(300)
        .position(|byte| matches!(byte, b'}' | b'\n'))
        .filter(|end| parameters.as_bytes()[*end] == b'}')?;
    Some(Tag { name: &inner[..name.len()], parameters: &parameters[..end], whole: &text[..name.len() + end + 3] })
}

fn language(tag: &Tag<'_>, lost: &mut BTreeSet<String>) -> String {
    let mut language = String::new();
    for (name, value) in tag.parameters() {
        match name {
            "" | "language" if language.is_empty() => language = crate::text::tree::language(value),
            _ => {
                lost.insert(format!("{}.{name}", tag.name));
            }
        }
    }
    language
}

fn panel(tag: &Tag<'_>, text: Extracted, lost: &mut BTreeSet<String>) -> Macro {
    let (mut title, mut color) = (String::new(), String::new());
    for (name, value) in tag.parameters() {
        match name {
            "title" => title = value.to_owned(),
            "bgColor" => color = value.to_owned(),
            _ => {
                lost.insert(format!("panel.{name}"));
            }
        }
    }
    Macro::Panel { title, color, text }
}
