//! What stands in a line of a document.

use serde::Deserialize;
use usher_adapter_sdk::{decode::Text, model::Time};

use super::Reader;
use crate::text::{
    adf::{
        attributes,
        node::{self, Node},
    },
    links,
    tree::{Inline, Link, Mark, Run, Style, flat},
};

/// Marks that are one of the tree's.
const MARKS: &[(&str, Mark)] = &[
    ("code", Mark::Code),
    ("em", Mark::Emphasis),
    ("strike", Mark::Strike),
    ("strong", Mark::Strong),
    ("underline", Mark::Underline),
];

/// What a card knows of its target where it has no URL of its own.
#[derive(Deserialize, Default)]
#[serde(default)]
struct CardData<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

impl Reader {
    /// Returns the line that a node holds; blocks in it are lines of it.
    pub(super) fn inlines<'a>(&mut self, node: Node<'a>) -> Vec<Inline<'a>> {
        if let Some(beyond) = node.beyond {
            self.lose("depth");
            return node::texts(beyond).into_iter().map(Inline::text).collect();
        }
        let mut line = Vec::with_capacity(node.content.len());
        for child in node.content {
            if super::INLINE.binary_search(&&*child.kind).is_ok() || child.content.is_empty() {
                self.inline(child, &mut line);
            } else {
                self.lose(&child.kind);
                line.extend(flat(self.blocks(vec![child])));
            }
        }
        line
    }

    pub(super) fn inline<'a>(&mut self, node: Node<'a>, into: &mut Vec<Inline<'a>>) {
        match &*node.kind {
            "text" => self.text(node, into),
            "hardBreak" => {
                self.lose_rest(&node);
                into.push(Inline::Break);
            }
            "mention" => self.mention(&node, into),
            "emoji" => self.emoji(&node, into),
            "inlineCard" => {
                self.lose_rest(&node);
                self.card(&node, into);
            }
            "date" => {
                self.lose("date");
                into.push(Inline::text(date(&node.attributes.text("timestamp").unwrap_or_default())));
            }
            "mediaInline" => self.file(&node, into),
            _ => {
                self.lose(&node.kind);
                let text = node.attributes.text("text").or(node.text);
                into.extend(text.map(|text| Inline::text(String::from(text))));
            }
        }
    }

    fn text<'a>(&mut self, node: Node<'a>, into: &mut Vec<Inline<'a>>) {
        self.lose_unknown(&node);
        let style = self.style(&node);
        let Some(text) = node.text else { return };
        into.push(Inline::Text(Run { text: cow(text), style }));
    }

    fn style<'a>(&mut self, node: &Node<'a>) -> Style<'a> {
        let mut style = Style::default();
        for mark in &node.marks {
            for name in attributes::lost(&mark.kind, &mark.attributes) {
                self.lose(&format!("{}.{name}", mark.kind));
            }
            if let Some((_, known)) = MARKS.iter().find(|(name, _)| *name == &*mark.kind) {
                style.marks = style.marks.with(*known);
                continue;
            }
            match (&*mark.kind, mark.attributes.text("href"), mark.attributes.text("type").as_deref()) {
                ("link", Some(target), _) => {
                    let title = mark.attributes.text("title").unwrap_or_default();
                    style.link = Some(Link { target: cow(target), title: cow(title) });
                }
                ("subsup", _, Some("sub")) => style.marks = style.marks.with(Mark::Subscript),
                ("subsup", _, Some("sup")) => style.marks = style.marks.with(Mark::Superscript),
                _ => self.lose(&mark.kind),
            }
        }
        style
    }

    fn mention<'a>(&mut self, node: &Node<'a>, into: &mut Vec<Inline<'a>>) {
        self.lose_rest(node);
        let id = node.attributes.text("id").unwrap_or_default();
        let text = node.attributes.text("text").filter(|text| !text.is_empty());
        let text = text.map_or_else(|| format!("@{id}"), String::from);
        if id.is_empty() {
            self.lose("mention");
            return into.push(Inline::text(text));
        }
        into.push(Inline::Mention { id: cow(id), text: text.into() });
    }

    fn emoji<'a>(&mut self, node: &Node<'a>, into: &mut Vec<Inline<'a>>) {
        self.lose_rest(node);
        let name = node.attributes.text("shortName");
        let text = node.attributes.text("text").filter(|text| !text.is_empty());
        // One that was uploaded has no character, only its name.
        if text.as_ref().is_none_or(|text| text.starts_with(':')) {
            self.lose("emoji");
        }
        into.extend(text.or(name).map(|text| Inline::text(cow(text))));
    }

    pub(super) fn card<'a>(&mut self, node: &Node<'a>, into: &mut Vec<Inline<'a>>) {
        let data: Option<CardData<'a>> =
            node.attributes.get("data").and_then(|data| serde_json::from_str(data.get()).ok());
        let data = data.unwrap_or_default();
        match node.attributes.text("url").or(data.url) {
            Some(url) if links::is_autolink(&url) => into.push(Inline::Card(cow(url))),
            Some(url) => {
                self.lose(&node.kind);
                let link = Some(Link { target: cow(url.clone()), title: "".into() });
                into.push(Inline::Text(Run { text: cow(url), style: Style { link, ..Style::default() } }));
            }
            None => {
                self.lose(&node.kind);
                into.extend(data.name.map(|name| Inline::text(cow(name))));
            }
        }
    }
}

/// Returns a day, which is sent as milliseconds; what is no such number stays as it is.
fn date(timestamp: &str) -> String {
    let time = timestamp.parse().ok().and_then(Time::from_unix_millis);
    time.map_or_else(|| timestamp.to_owned(), |time| time.to_string().chars().take_while(|part| *part != 'T').collect())
}

pub(super) fn cow(text: Text<'_>) -> std::borrow::Cow<'_, str> {
    text.into()
}
