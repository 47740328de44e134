//! A document into the tree: blocks. Lines are in `read/inlines`, tables in `read/table`, files in `read/media`.

mod inlines;
mod media;
mod table;

use std::collections::BTreeSet;

use serde_json::value::RawValue;
use usher_adapter_sdk::{Error, Result};

use super::{
    attributes,
    node::{self, Node},
};
use crate::text::tree::{Alert, Block, Inline, Item, List, Mark, is_blank, language, settled, with_mark};

/// Kinds of nodes that stand in a line; sorted.
const INLINE: &[&str] = &[
    "date",
    "emoji",
    "hardBreak",
    "inlineCard",
    "inlineExtension",
    "mediaInline",
    "mention",
    "placeholder",
    "status",
    "text",
];

/// Returns the blocks of a document, and what they lost.
pub(crate) fn read(document: &RawValue) -> Result<(Vec<Block<'_>>, Vec<String>)> {
    let node = node::parse(document).map_err(|error| Error::response_parse(&error).context("reading a document"))?;
    let mut reader = Reader::default();
    if &*node.kind != "doc" {
        return Ok((reader.blocks(vec![node]), reader.lossy()));
    }
    let unknown = node.unknown.iter().filter(|name| &***name != "version");
    reader.lost.extend(unknown.map(|name| format!("doc.{name}")));
    let blocks = reader.content(node);
    Ok((blocks, reader.lossy()))
}

#[derive(Default)]
pub(super) struct Reader {
    lost: BTreeSet<String>,
}

impl Reader {
    fn lossy(self) -> Vec<String> {
        self.lost.into_iter().collect()
    }

    fn lose(&mut self, kind: &str) {
        if !self.lost.contains(kind) {
            self.lost.insert(kind.to_owned());
        }
    }

    /// Names what of a node itself, apart from what it holds, has no place in a tree.
    fn lose_rest(&mut self, node: &Node<'_>) {
        for name in attributes::lost(&node.kind, &node.attributes) {
            self.lose(&format!("{}.{name}", node.kind));
        }
        self.lose_unknown(node);
        for mark in &node.marks {
            self.lose(&mark.kind);
        }
    }

    fn lose_unknown(&mut self, node: &Node<'_>) {
        for name in &node.unknown {
            self.lose(&format!("{}.{name}", node.kind));
        }
    }

    /// Returns the blocks that a node holds.
    fn content<'a>(&mut self, node: Node<'a>) -> Vec<Block<'a>> {
        if let Some(beyond) = node.beyond {
            self.lose("depth");
            let lines = node::texts(beyond).into_iter().map(|text| Block::Paragraph(settled(vec![Inline::text(text)])));
            return lines.filter(|line| !matches!(line, Block::Paragraph(content) if is_blank(content))).collect();
        }
        self.blocks(node.content)
    }

    fn blocks<'a>(&mut self, nodes: Vec<Node<'a>>) -> Vec<Block<'a>> {
        let mut blocks = Vec::with_capacity(nodes.len());
        let mut line = Vec::new();
        for node in nodes {
            if INLINE.binary_search(&&*node.kind).is_ok() {
                self.inline(node, &mut line);
                continue;
            }
            paragraph(std::mem::take(&mut line), &mut blocks);
            self.block(node, &mut blocks);
        }
        paragraph(line, &mut blocks);
        blocks
    }

    fn block<'a>(&mut self, mut node: Node<'a>, into: &mut Vec<Block<'a>>) {
        let kind = std::mem::take(&mut node.kind);
        node.kind = kind.clone();
        match &*kind {
            "paragraph" => {
                self.lose_rest(&node);
                paragraph(self.inlines(node), into);
            }
            "heading" => {
                self.lose_rest(&node);
                let level = node.attributes.number("level").unwrap_or(1).clamp(1, 6) as u8;
                let content = settled(self.inlines(node));
                if !is_blank(&content) {
                    into.push(Block::Heading { level, content });
                }
            }
            "bulletList" => self.list(node, None, into),
            "orderedList" => {
                let start = node.attributes.number("order").unwrap_or(1).min(MAX_NUMBER);
                self.list(node, Some(start), into);
            }
            "taskList" => self.tasks(node, into),
            "decisionList" => {
                self.lose(&kind);
                let items = node.content.into_iter().map(|item| Item::from(self.block_of_item(item))).collect();
                into.push(Block::List(List { start: None, items }));
            }
            "codeBlock" => self.code(node, into),
            "blockquote" => {
                self.lose_rest(&node);
                into.push(Block::Quote { alert: None, content: self.content(node) });
            }
            "panel" => self.panel(node, into),
            "rule" => {
                self.lose_rest(&node);
                into.push(Block::Rule);
            }
            "table" => self.table(node, into),
            "media" | "mediaGroup" | "mediaSingle" => self.media(node, into),
            "blockCard" | "embedCard" => {
                self.lose(&kind);
                let mut line = Vec::new();
                self.card(&node, &mut line);
                paragraph(line, into);
            }
            _ => self.foreign(node, into),
        }
    }

    fn list<'a>(&mut self, mut node: Node<'a>, start: Option<u64>, into: &mut Vec<Block<'a>>) {
        self.lose_rest(&node);
        if node.beyond.is_some() {
            return into.extend(self.content(node));
        }
        let items = std::mem::take(&mut node.content).into_iter().map(|item| Item::from(self.item(item))).collect();
        into.push(Block::List(List { start, items }));
    }

    fn item<'a>(&mut self, item: Node<'a>) -> Vec<Block<'a>> {
        if &*item.kind != "listItem" {
            return self.block_of_item(item);
        }
        self.lose_rest(&item);
        self.content(item)
    }

    /// Returns what stands in an item that is none of a plain list.
    fn block_of_item<'a>(&mut self, item: Node<'a>) -> Vec<Block<'a>> {
        match &*item.kind {
            "decisionItem" => self.content(item),
            _ => self.blocks(vec![item]),
        }
    }

    /// Lists of tasks within a list of tasks are those of the task above them.
    fn tasks<'a>(&mut self, node: Node<'a>, into: &mut Vec<Block<'a>>) {
        self.lose_rest(&node);
        if node.beyond.is_some() {
            return into.extend(self.content(node));
        }
        let mut items: Vec<Item<'a>> = Vec::new();
        for child in node.content {
            let checked = child.attributes.text("state").map(|state| &*state == "DONE");
            match &*child.kind {
                "taskItem" => {
                    self.lose_rest(&child);
                    items.push(Item { checked: Some(checked.unwrap_or_default()), content: self.content(child) });
                }
                "taskList" => self.nested_tasks(child, &mut items),
                "blockTaskItem" => {
                    self.lose(&child.kind);
                    items.push(Item { checked: Some(checked.unwrap_or_default()), content: self.content(child) });
                }
                _ => {
                    self.lose(&child.kind);
                    items.push(Item::from(self.blocks(vec![child])));
                }
            }
        }
        if !items.is_empty() {
            into.push(Block::List(List { start: None, items }));
        }
    }

    fn nested_tasks<'a>(&mut self, node: Node<'a>, items: &mut Vec<Item<'a>>) {
        let mut nested = Vec::new();
        self.tasks(node, &mut nested);
        match items.last_mut() {
            Some(item) => item.content.extend(nested),
            None => {
                // There is no task above: these move up.
                self.lose("taskList");
                items.extend(nested.into_iter().flat_map(|block| match block {
                    Block::List(list) => list.items,
                    other => vec![Item::from(vec![other])],
                }));
            }
        }
    }

    fn code<'a>(&mut self, node: Node<'a>, into: &mut Vec<Block<'a>>) {
        self.lose_rest(&node);
        let language = language(&node.attributes.text("language").unwrap_or_default());
        let mut text = String::new();
        for child in &node.content {
            for mark in &child.marks {
                self.lose(&mark.kind);
            }
            match (&*child.kind, &child.text) {
                ("text", Some(piece)) => text.push_str(piece),
                ("hardBreak", _) => text.push('\n'),
                _ => self.lose(&child.kind),
            }
        }
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
        into.push(Block::Code { language: language.into(), text: text.into() });
    }

    fn panel<'a>(&mut self, node: Node<'a>, into: &mut Vec<Block<'a>>) {
        self.lose_rest(&node);
        let kind = node.attributes.text("panelType").unwrap_or_default();
        let alert = PANELS.iter().find(|(panel, _)| *panel == &*kind).map(|(_, alert)| *alert);
        if alert.is_none() {
            self.lose("panel.panelType");
        }
        into.push(Block::Quote { alert: Some(alert.unwrap_or(Alert::Note)), content: self.content(node) });
    }

    /// A node that Markdown has nothing for, or that we do not know: its text stays.
    fn foreign<'a>(&mut self, node: Node<'a>, into: &mut Vec<Block<'a>>) {
        self.lose(&node.kind);
        let title =
            node.attributes.text("title").or_else(|| node.attributes.text("text")).or_else(|| node.text.clone());
        if let Some(title) = title {
            let title = Inline::text(String::from(title));
            paragraph(vec![with_mark(title, Mark::Strong)], into);
        }
        into.extend(self.content(node));
    }
}

/// The highest number that a list of Markdown's may begin with.
const MAX_NUMBER: u64 = 999_999_999;

/// Kinds of panels, and what says the same on GitHub.
pub(super) const PANELS: &[(&str, Alert)] = &[
    ("error", Alert::Caution),
    ("info", Alert::Note),
    ("note", Alert::Important),
    ("success", Alert::Tip),
    ("warning", Alert::Warning),
];

fn paragraph<'a>(line: Vec<Inline<'a>>, into: &mut Vec<Block<'a>>) {
    let line = settled(line);
    if !is_blank(&line) {
        into.push(Block::Paragraph(line));
    }
}
