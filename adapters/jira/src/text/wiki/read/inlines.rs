//! A line of wiki markup into parts. Links and pictures are in `inlines/links`, matching signs in `inlines/marks`.

mod links;
mod marks;

use std::collections::BTreeSet;

use self::marks::{Token, marked};
use crate::text::{
    links::is_autolink,
    tree::{Inline, Mark, Marks, Run, Style},
    wiki::signs::{self, SIGNS},
};

/// Macros within lines whose text stays without them.
const DROPPED: &[&str] = &["anchor", "color"];

/// Returns a line.
pub(super) fn line(text: &str, lost: &mut BTreeSet<String>) -> Vec<Inline<'static>> {
    let mut scanner =
        Scanner { text, at: 0, tokens: Vec::new(), lost, missing: Vec::new(), line_end: 0, may_link: true };
    scanner.scan();
    marked(scanner.tokens)
}

struct Scanner<'a, 'l> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    lost: &'l mut BTreeSet<String>,
    /// Ends that do not come any more on this line.
    missing: Vec<&'static str>,
    /// Where the line ends that was looked at last.
    line_end: usize,
    may_link: bool,
}

impl<'a> Scanner<'a, '_> {
    fn scan(&mut self) {
        while let Some(character) = self.rest().chars().next() {
            let taken = match character {
                '\n' => {
                    self.missing.clear();
                    self.whole(Inline::Break, 1)
                }
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
        match signs::url(self.rest()).filter(|url| is_autolink(url)) {
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
        if self.line_end < from {
            self.line_end = self.text[from..].find('\n').map_or(self.text.len(), |length| from + length);
        }
        let line = &self.text[..self.line_end];
        let mut at = from;
        while let Some(found) = line.get(at..)?.find(end).map(|found| found + at) {
            if !is_escaped(&line[from..found]) {
                return Some(found);
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
