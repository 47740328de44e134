//! A line of wiki markup: signs around text, links, pictures.

use std::collections::BTreeSet;

use crate::text::{
    links,
    tree::{Image, Inline, Link, Mark, Marks, Run, Style},
    wiki::signs::{self, SIGNS},
};

/// Macros within lines whose text stays without them.
const DROPPED: &[&str] = &["anchor", "color"];

/// Returns a line.
pub(super) fn line(text: &str, lost: &mut BTreeSet<String>) -> Vec<Inline<'static>> {
    let mut scanner = Scanner { text, at: 0, tokens: Vec::new(), lost, missing: Vec::new(), may_link: true };
    scanner.scan();
    marked(scanner.tokens)
}

/// A part of a line before its signs are matched.
enum Token {
    Text(String),
    /// A sign that may open or close, the text it is if it does neither, and which it may.
    Sign {
        mark: Mark,
        text: String,
        opens: bool,
        closes: bool,
    },
    Whole(Inline<'static>),
}

struct Scanner<'a, 'l> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    lost: &'l mut BTreeSet<String>,
    /// Ends that do not come any more.
    missing: Vec<&'static str>,
    may_link: bool,
}

impl<'a> Scanner<'a, '_> {
    fn scan(&mut self) {
        while let Some(character) = self.rest().chars().next() {
            let taken = match character {
                '\n' => self.whole(Inline::Break, 1),
                '\\' => self.backslash(),
                '&' => self.reference(),
                '{' => self.brace(),
                '[' if self.may_link => self.link(),
                '!' => self.picture(),
                '?' => self.cite(),
                ':' | ';' | '(' => self.emoticon(),
                'f' | 'h' | 'm' if self.may_link && !self.follows_letter() => self.url(),
                _ => self.sign(character),
            };
            if !taken {
                self.push(character);
                self.at += character.len_utf8();
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn push(&mut self, character: char) {
        match self.tokens.last_mut() {
            Some(Token::Text(text)) => text.push(character),
            _ => self.tokens.push(Token::Text(character.to_string())),
        }
    }

    fn whole(&mut self, inline: Inline<'static>, length: usize) -> bool {
        self.tokens.push(Token::Whole(inline));
        self.at += length;
        true
    }

    /// Two are a line break; one takes the meaning of the sign behind it.
    fn backslash(&mut self) -> bool {
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix("\\\\") {
            let space = usize::from(after.starts_with('\n'));
            return self.whole(Inline::Break, 2 + space);
        }
        let Some(next) = rest.chars().nth(1).filter(char::is_ascii_punctuation) else { return false };
        self.push(next);
        self.at += 2;
        true
    }

    fn reference(&mut self) -> bool {
        let Some((character, length)) = signs::reference(self.rest()) else { return false };
        self.push(character);
        self.at += length;
        true
    }

    fn brace(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with("{{") {
            return self.monospaced();
        }
        for (sign, mark) in SIGNS {
            if rest[1..].starts_with(*sign) && rest[2..].starts_with('}') {
                self.tokens.push(Token::Sign { mark: *mark, text: rest[..3].to_owned(), opens: true, closes: true });
                self.at += 3;
                return true;
            }
        }
        let Some(end) = rest.bytes().take(100).position(|byte| matches!(byte, b'}' | b'\n')) else { return false };
        let name = rest[1..end].split(':').next().unwrap_or_default();
        if !DROPPED.contains(&name) || !rest[end..].starts_with('}') {
            return false;
        }
        self.lost.insert(name.to_owned());
        self.at += end + 1;
        true
    }

    fn monospaced(&mut self) -> bool {
        let from = self.at + 2;
        let Some(end) = self.end(from, "}}") else { return false };
        // The last of many braces end it.
        let end = end + self.text[end + 2..].bytes().take_while(|byte| *byte == b'}').count();
        let text = unescaped(&self.text[from..end]);
        if text.is_empty() {
            return false;
        }
        let style = Style { marks: Marks::default().with(Mark::Code), link: None };
        self.whole(Inline::Text(Run { text: text.into(), style }), end + 2 - self.at)
    }

    fn link(&mut self) -> bool {
        let from = self.at + 1;
        let Some(end) = self.end(from, "]") else { return false };
        let inner = &self.text[from..end];
        let length = end + 1 - self.at;
        let (label, target) = match split(inner) {
            Some((label, target)) => (Some(label), target),
            None => (None, inner),
        };
        let target = unescaped(target.trim());
        if target.is_empty() || target.starts_with(' ') {
            return false;
        }
        let name = |label: Option<&str>| label.map(unescaped);
        if let Some(id) = target.strip_prefix('~').filter(|id| !id.is_empty()) {
            let text = name(label).unwrap_or_else(|| format!("@{id}"));
            return self.whole(Inline::Mention { id: id.to_owned().into(), text: text.into() }, length);
        }
        if let Some(file) = target.strip_prefix('^').filter(|file| !file.is_empty()) {
            let text = name(label).unwrap_or_else(|| file.to_owned());
            return self.whole(Inline::File { name: text.into(), target: links::attachment(file).into() }, length);
        }
        let Some(label) = label else { return self.bare_link(target, length) };
        self.labelled(label, target, length)
    }

    /// Writes `[url]`; any other word in brackets is only that.
    fn bare_link(&mut self, target: String, length: usize) -> bool {
        if !links::is_autolink(&target) {
            return false;
        }
        self.whole(Inline::Card(target.into()), length)
    }

    fn labelled(&mut self, label: &str, target: String, length: usize) -> bool {
        if let Some(mut image) = picture(label.trim(), self.lost) {
            image.link = Some(target.into());
            return self.whole(Inline::Image(image), length);
        }
        let mut scanner =
            Scanner { text: label, at: 0, tokens: Vec::new(), lost: self.lost, missing: Vec::new(), may_link: false };
        scanner.scan();
        let link = Link { target: target.into(), title: "".into() };
        for inline in marked(scanner.tokens) {
            let inline = match inline {
                Inline::Text(run) => {
                    Inline::Text(Run { style: Style { link: Some(link.clone()), ..run.style }, ..run })
                }
                other => other,
            };
            self.tokens.push(Token::Whole(inline));
        }
        self.at += length;
        true
    }

    fn picture(&mut self) -> bool {
        let from = self.at + 1;
        if self.text[from..].starts_with(|next: char| next.is_whitespace() || next == '!') {
            return false;
        }
        let Some(end) = self.end(from, "!") else { return false };
        let Some(image) = picture(&self.text[self.at..=end], self.lost) else { return false };
        self.whole(Inline::Image(image), end + 1 - self.at)
    }

    /// A citation is only its text: Markdown has no such mark.
    fn cite(&mut self) -> bool {
        if !self.rest().starts_with("??") {
            return false;
        }
        let from = self.at + 2;
        let Some(end) = self.end(from, "??").filter(|end| *end > from) else { return false };
        self.lost.insert("cite".to_owned());
        let text = unescaped(&self.text[from..end]);
        self.whole(Inline::text(text), end + 2 - self.at)
    }

    fn emoticon(&mut self) -> bool {
        let Some(emoticon) = signs::emoticon(self.rest()) else { return false };
        self.lost.insert("emoticon".to_owned());
        emoticon.chars().for_each(|character| self.push(character));
        self.at += emoticon.len();
        true
    }

    fn url(&mut self) -> bool {
        match signs::url(self.rest()).filter(|url| links::is_autolink(url)) {
            Some(url) => self.whole(Inline::Card(url.to_owned().into()), url.len()),
            None => false,
        }
    }

    fn sign(&mut self, character: char) -> bool {
        let Some((_, mark)) = SIGNS.iter().find(|(sign, _)| *sign == character) else { return false };
        let before = self.text[..self.at].chars().next_back();
        let after = self.rest().chars().nth(1);
        let is_word = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
        let is_space = |beside: Option<char>| beside.is_none_or(char::is_whitespace);
        let is_doubled = before == Some(character) || after == Some(character);
        let opens = !is_word(before) && !is_space(after) && !is_doubled;
        let closes = !is_space(before) && !is_word(after) && !is_doubled;
        if !opens && !closes {
            return false;
        }
        self.tokens.push(Token::Sign { mark: *mark, text: character.to_string(), opens, closes });
        self.at += 1;
        true
    }

    fn follows_letter(&self) -> bool {
        self.text[..self.at].chars().next_back().is_some_and(char::is_alphanumeric)
    }

    /// Returns where the next such end is on the same line; that there is none is looked up once.
    fn end(&mut self, from: usize, end: &'static str) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let mut at = from;
        while let Some(found) = self.text[at..].find(end).map(|found| found + at) {
            if !is_escaped(&self.text[from..found]) {
                return Some(found).filter(|found| !self.text[from..*found].contains('\n'));
            }
            at = found + end.len();
        }
        self.missing.push(end);
        None
    }
}

/// Says whether a text ends with a backslash that means something.
fn is_escaped(before: &str) -> bool {
    let count = before.bytes().rev().take_while(|byte| *byte == b'\\').count();
    count % 2 == 1
}

/// Splits a link at its last bar.
fn split(inner: &str) -> Option<(&str, &str)> {
    let at = inner.rmatch_indices('|').find(|(at, _)| !is_escaped(&inner[..*at]))?.0;
    Some((&inner[..at], &inner[at + 1..]))
}

/// Returns the picture that `!target|name=value!` is.
fn picture(text: &str, lost: &mut BTreeSet<String>) -> Option<Image<'static>> {
    let inner = text.strip_prefix('!')?.strip_suffix('!')?;
    let (target, parameters) = inner.split_once('|').unwrap_or((inner, ""));
    let is_target = !target.is_empty()
        && !target.contains(['{', '}', '[', ']'])
        && target.trim() == target
        && (target.contains(['.', ':', '/']));
    if !is_target {
        return None;
    }
    let mut name = String::new();
    for parameter in parameters.split(',').map(str::trim).filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("alt", alt)) => name = unescaped(alt.trim_matches('"')),
            _ => {
                lost.insert(format!("image.{}", parameter.split('=').next().unwrap_or_default()));
            }
        }
    }
    Some(Image { name: name.into(), target: unescaped(target).into(), link: None })
}

/// Returns text without the backslashes that took a sign's meaning.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let next = text[at + character.len_utf8()..].chars().next();
        match (character, next, signs::reference(&text[at..])) {
            ('\\', Some(next), _) if next.is_ascii_punctuation() => {
                plain.push(next);
                at += 2;
            }
            (_, _, Some((character, length))) => {
                plain.push(character);
                at += length;
            }
            _ => {
                plain.push(character);
                at += character.len_utf8();
            }
        }
    }
    plain
}

/// Matches signs, each closing one with the last open one of its kind; those between them are text.
fn marked(tokens: Vec<Token>) -> Vec<Inline<'static>> {
    let matched = matched(&tokens);
    let mut line = Vec::with_capacity(tokens.len());
    let mut marks = Marks::default();
    for (token, matched) in tokens.into_iter().zip(matched) {
        match (token, matched) {
            (Token::Sign { mark, .. }, true) => {
                marks = if marks.has(mark) { marks.without(mark) } else { marks.with(mark) }
            }
            (Token::Sign { text, .. }, false) | (Token::Text(text), _) => {
                line.push(Inline::Text(Run { text: text.into(), style: Style { marks, link: None } }));
            }
            (Token::Whole(Inline::Text(mut run)), _) => {
                for mark in Mark::ALL.into_iter().filter(|mark| marks.has(*mark)) {
                    run.style.marks = run.style.marks.with(mark);
                }
                line.push(Inline::Text(run));
            }
            (Token::Whole(inline), _) => line.push(inline),
        }
    }
    line
}

fn matched(tokens: &[Token]) -> Vec<bool> {
    let mut matched = vec![false; tokens.len()];
    let mut open: Vec<(usize, Mark)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign { mark, opens, closes, .. } => {
                let partner = open.iter().rposition(|(_, known)| known == mark).filter(|_| *closes);
                if let Some(partner) = partner {
                    matched[open[partner].0] = true;
                    matched[at] = true;
                    open.truncate(partner);
                } else if *opens && open.iter().all(|(_, known)| known != mark) {
                    open.push((at, *mark));
                }
            }
            // No sign reaches over the end of a line.
            Token::Whole(Inline::Break) => open.clear(),
            _ => {}
        }
    }
    matched
}
