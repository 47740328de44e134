//! Links and pictures of wiki markup: `[text|target]`, `[~person]`, `[^file]`, `!picture!`.

use std::collections::BTreeSet;

use super::{
    Scanner, is_escaped,
    marks::{Token, marked},
    unescaped,
};
use crate::text::{
    links,
    tree::{Image, Inline, Link, Run, Style},
    wiki::signs,
};

impl Scanner<'_, '_> {
    pub(super) fn link(&mut self) -> bool {
        let from = self.at + 1;
        let Some(end) = self.closing_bracket(from) else { return false };
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
        let mut scanner = Scanner {
            text: label,
            at: 0,
            tokens: Vec::new(),
            lost: self.lost,
            missing: Vec::new(),
            line_end: 0,
            may_link: false,
        };
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

    pub(super) fn picture(&mut self) -> bool {
        let from = self.at + 1;
        if self.text[from..].starts_with(|next: char| next.is_whitespace() || next == '!') {
            return false;
        }
        let Some(end) = self.end(from, "!") else { return false };
        let Some(image) = picture(&self.text[self.at..=end], self.lost) else { return false };
        self.whole(Inline::Image(image), end + 1 - self.at)
    }

    /// Returns where the bracket ends that begins before; one within it means that it is none.
    fn closing_bracket(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(found) = self.text[at..].find(['[', ']', '\n']).map(|found| found + at) {
            if self.text[found..].starts_with('\n') {
                return None;
            }
            if !is_escaped(&self.text[from..found]) {
                return self.text[found..].starts_with(']').then_some(found);
            }
            at = found + 1;
        }
        None
    }
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
    if !signs::is_picture(target) {
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
